//! What a turn is asked to do, and what it tells: the words between a round and those who read it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::consensus::report::Report;
use crate::domain::conversation::Talk;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::stream::StreamEvent;
use crate::domain::verdict::{Band, Flagging, Verdict};
use crate::provider::endpoint::{Model, Straggler};

/// What a turn needs besides its question.
#[derive(Clone, Debug)]
pub struct RoundSettings {
    /// Responses needed for a consensus.
    pub quorum: usize,
    /// How much longer a silent member is waited for once the quorum is there.
    pub straggler: Straggler,
    /// The confidence under which an answer is flagged.
    pub flag_below: f64,
    /// Which conflicts in the answer flag it.
    pub flag: Flagging,
    /// Whether the embedded demo models answer.
    pub is_demo: bool,
}

/// One turn to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The turn that events will name.
    pub turn: TurnId,
    /// What is asked, with the conversation before it.
    pub talk: Arc<Talk>,
    /// Everyone who may be asked, in the order of the columns.
    pub models: Vec<Arc<Model>>,
    /// Everyone who can be reached: stand-ins come from here.
    pub registry: Arc<HashMap<ModelId, Arc<Model>>>,
    /// Who is asked at once.
    pub asks: Vec<Column>,
    /// The rest.
    pub settings: RoundSettings,
}

/// What a reader may ask of a running turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundCommand {
    /// Asks a member, anew if it was asked before.
    Ask(Column),
    /// Stops a member; what it said stays, without a vote.
    Stop(Column),
    /// Stops a member and takes back what it said and its vote.
    Withdraw(Column),
    /// Stops everyone who has not ended.
    StopAll,
}

/// A reading of the engine.
#[derive(Clone, Debug)]
pub struct Read {
    /// What it found.
    pub report: Arc<Report>,
    /// The band that may be shown.
    pub band: Option<Band>,
    /// How many of the turn's stream events it knows of: those that came last may have come since.
    pub n_moments: u32,
}

/// What happens in a turn, in order.
#[derive(Clone, Debug)]
pub enum RoundEvent {
    /// Something happened to a call.
    Stream(StreamEvent),
    /// A new reading of the engine.
    Report(TurnId, Read),
    /// The turn is settled; it may settle again when a late member answers or someone is asked again.
    Verdict(TurnId, Box<Verdict>),
}
