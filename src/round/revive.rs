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
        engine.append(member, &response.text);
        engine.end(member, ending_of(response));
    }
    let report = engine.report();
    if let Some(verdict) = verdict {
        return Revived { turn, report, verdict };
    }
    let created_at = jiff::Timestamp::from_millisecond(record.asked_at_ms).ok();
    let settings = Settings {
        id: uuid::Uuid::now_v7().to_string(),
        created_at: created_at.map(|at| at.to_string()),
        demo: record.asked.is_demo,
        quorum: record.asked.quorum,
        flag_below: record.asked.flag_below,
        ..Settings::default()
    };
    let verdict = assemble(&turn, &report, &settings);
    Revived { turn, report, verdict }
}
