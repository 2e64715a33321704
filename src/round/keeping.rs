//! Writes down what happens in a turn, with a screen and without one.

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::record::Asked;
use crate::recording::write::Recorder;
use crate::round::overhear::overheard;
use crate::round::plan::{Plan, RoundEvent};
use crate::store::sitting::Sitting;

/// Returns where the turn of `plan` may send its events, so that they are written down on their way to `events`: kept in
/// the store, recorded to a file, or both.
pub fn kept(
    sitting: Option<&Sitting>,
    recorder: Option<&Recorder>,
    plan: &Plan,
    events: UnboundedSender<RoundEvent>,
) -> UnboundedSender<RoundEvent> {
    if sitting.is_none() && recorder.is_none() {
        return events;
    }
    let asked = asked(plan);
    let mut record = recorder.map(|recorder| recorder.asked(&asked));
    let mut log = sitting.map(|sitting| sitting.asked(plan.turn, asked));
    overheard(events, move |event| {
        if let Some(log) = &mut log {
            match event {
                RoundEvent::Stream(event) => log.event(event),
                RoundEvent::Report(_, read) => log.reading(read.n_moments, read.band),
                RoundEvent::Verdict(_, verdict) => log.verdict(verdict),
            }
        }
        if let Some(record) = &mut record {
            match event {
                RoundEvent::Stream(event) => record.event(event),
                RoundEvent::Report(_, read) => record.reading(read.n_moments, read.band),
                RoundEvent::Verdict(_, verdict) => record.verdict(verdict),
            }
        }
    })
}

/// Returns what is written down of a question.
fn asked(plan: &Plan) -> Asked {
    Asked {
        question: plan.talk.question.clone(),
        files: plan.talk.files.clone(),
        members: plan.models.iter().map(|model| model.member.clone()).collect(),
        quorum: plan.settings.quorum,
        flag_below: plan.settings.flag_below,
        flag: plan.settings.flag,
        is_demo: plan.settings.is_demo,
        asks: plan.asks.clone(),
    }
}
