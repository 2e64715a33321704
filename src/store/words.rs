//! What is told to the writer, and what it tells.

use std::sync::mpsc::Sender;

use crate::domain::cost::Cost;
use crate::domain::opinion::Opinion;
use crate::domain::record::{Asked, Moment, Reading};
use crate::domain::verdict::Verdict;

/// The name of a turn in the store.
pub(super) type TurnKey = uuid::Uuid;

/// One thing to be written.
#[derive(Debug)]
pub(super) enum Write {
    /// A question was asked.
    Begin { turn: TurnKey, asked_at_ms: i64, asked: Box<Asked> },
    /// Something happened to a call.
    Moment { turn: TurnKey, moment: Moment },
    /// The engine's reading was shown.
    Reading { turn: TurnKey, reading: Reading },
    /// A call is over, or begins anew: what it has cost so far.
    Cost(Spent),
    /// A turn has settled.
    Settled { turn: TurnKey, verdict: Box<Verdict> },
    /// The person thinks that of a turn, which the store calls so.
    Opinion { turn: String, opinion: Opinion, at_ms: i64 },
    /// What stands in the composer.
    Draft(String),
    /// All that came before is in the file once the sender is answered; `is_end` says that the sitting is over.
    Flush { done: Sender<Option<String>>, is_end: bool },
}

/// What one call has cost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spent {
    pub(super) turn: TurnKey,
    pub(super) place: u8,
    pub(super) call: u32,
    pub(super) at_ms: i64,
    pub(super) model: String,
    pub(super) cost: Cost,
}

/// What the store has to say to whoever sits in front of it.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// What a person should know: something is not kept, or was set aside.
    Notice(String),
    /// Why nothing is written for now; `None` once it is again.
    NotKept(Option<String>),
    /// What was spent today outside of this sitting.
    SpentElsewhere(Cost),
    /// What was asked in all sittings, oldest first, each once.
    Questions(Vec<String>),
    /// A sitting that was not ended, but broken off: its short name and its title.
    BrokenOff {
        /// The least of its id that tells it apart.
        id: String,
        /// Its title.
        name: String,
    },
}
