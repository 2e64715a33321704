//! Writes down what happens in a turn, with a screen and without one.

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::record::Asked;
use crate::round::overhear::overheard;
use crate::round::plan::{Plan, RoundEvent};
use crate::store::sitting::Sitting;

/// Returns where the turn of `plan` may send its events, so that they are written down on their way to `events`.
pub fn kept(sitting: &Sitting, plan: &Plan, events: UnboundedSender<RoundEvent>) -> UnboundedSender<RoundEvent> {
    let mut log = sitting.asked(asked(plan));
    overheard(events, move |event| match event {
        RoundEvent::Stream(event) => log.event(event),
        RoundEvent::Verdict(_, verdict) => log.verdict(verdict),
        // The verdict has what the last one said.
        RoundEvent::Report(..) => {}
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
        is_demo: plan.settings.is_demo,
    }
}
