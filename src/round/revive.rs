//! Brings a turn back that was written down: what the engine finds in it, and the verdict on one that never settled.

use std::sync::Arc;
use std::time::Instant;

use crate::consensus::engine::Engine;
use crate::consensus::report::Report;
use crate::domain::ids::TurnId;
use crate::domain::record::TurnRecord;
use crate::domain::turn::Turn;
use crate::domain::verdict::Verdict;
use crate::round::ending::ending_of;
use crate::round::verdict::{Settings, assemble};

/// A turn that was brought back.
#[derive(Clone, Debug)]
pub struct Revived {
    /// The turn as it stood; calls that nothing had ended are cut.
    pub turn: Turn,
    /// What today's engine finds in it.
    pub report: Arc<Report>,
    /// The verdict that it had; one by that report, where it had none.
    pub verdict: Verdict,
}

/// Brings `record` back as the turn `id`, as if it had been asked at `asked_at`. `verdict` is the one it
/// had, if it had one.
pub fn revive(record: &TurnRecord, id: TurnId, asked_at: Instant, verdict: Option<Verdict>) -> Revived {
    let turn = record.turn(id, asked_at);
    let mut engine = Engine::new(&record.asked.question, None, record.asked.members.clone());
    for (member, response) in turn.responses.iter().enumerate() {
        if !response.is_withdrawn {
            engine.append(member, &response.text);
        }
        engine.end(member, ending_of(response));
    }
    let report = engine.report();
    if let Some(verdict) = verdict {
        return Revived { turn, report, verdict };
    }
    let verdict = assemble(&turn, &report, &settings(record, None));
    Revived { turn, report, verdict }
}

/// Returns the verdict of today's engine on `record`, under the name that `earlier`, the one it had, has.
pub fn judge_again(record: &TurnRecord, asked_at: Instant, earlier: Option<&Verdict>) -> Verdict {
    let revived = revive(record, TurnId(0), asked_at, None);
    let mut verdict = assemble(&revived.turn, &revived.report, &settings(record, earlier));
    // What is written down are times since the question; the clock's own were read a moment apart.
    for (response, earlier) in verdict.responses.iter_mut().zip(earlier.iter().flat_map(|earlier| &earlier.responses)) {
        response.started_at.clone_from(&earlier.started_at);
    }
    verdict
}

/// Returns what the verdict on `record` says besides what is found in it.
pub(super) fn settings(record: &TurnRecord, earlier: Option<&Verdict>) -> Settings {
    let created_at = jiff::Timestamp::from_millisecond(record.asked_at_ms).ok().map(|at| at.to_string());
    Settings {
        id: earlier.map_or_else(|| uuid::Uuid::now_v7().to_string(), |earlier| earlier.id.clone()),
        created_at: earlier.map_or(created_at, |earlier| earlier.created_at.clone()),
        demo: record.asked.is_demo,
        quorum: record.asked.quorum,
        flag_below: record.asked.flag_below,
        flag: record.asked.flag,
        ..Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Column;
    use crate::domain::member::Member;
    use crate::domain::record::{Asked, Moment};
    use crate::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEventKind};
    use crate::domain::verdict::Flagging;

    #[test]
    fn what_was_switched_off_says_nothing_when_it_is_brought_back() {
        let asked = Asked {
            question: Arc::from("When did it land?"),
            files: Vec::new(),
            members: ["a", "b"].map(|id| Arc::new(Member::named(id))).into(),
            quorum: 2,
            flag_below: 0.75,
            flag: Flagging::default(),
            is_demo: false,
            asks: vec![Column(0), Column(1)],
        };
        let reason = Some(FinishReason { raw: None, norm: FinishNorm::Stop });
        let end = || StreamEventKind::Finished(Box::new(Finish { reason: reason.clone(), ..Finish::default() }));
        let told = |withdrawn: Option<StreamEventKind>| {
            let said = [(0, "It landed in 1969."), (1, "It landed in 1968.")].into_iter();
            let told = said
                .flat_map(|(column, text)| [(column, StreamEventKind::Delta(Delta::of_text(text))), (column, end())]);
            let told = told.chain(withdrawn.map(|kind| (1, kind)));
            let moments = told.map(|(column, kind)| Moment { at_ns: 0, column: Column(column), kind }).collect();
            TurnRecord { asked_at_ms: 0, asked: asked.clone(), moments, readings: Vec::new() }
        };
        let now = tokio::time::Instant::now().into_std();
        let n_conflicts = |record: &TurnRecord| revive(record, TurnId(1), now, None).report.contradictions.len();
        assert_eq!(n_conflicts(&told(None)), 1);
        assert_eq!(n_conflicts(&told(Some(StreamEventKind::Withdrawn))), 0);
    }
}
