//! A session as one document of JSON: all that is kept of it, to be imported again here or elsewhere.

use serde::{Deserialize, Serialize};

use crate::domain::opinion::Opinion;
use crate::domain::record::{Asked, Moment, Reading, TurnRecord};
use crate::domain::verdict::Verdict;

/// Name and number of the schema.
pub const SCHEMA: &str = "dissent.session/1";

/// Returns whether a text begins as such a document of this version does.
pub fn is_one(start: &[u8]) -> bool {
    let opening = start.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    opening.take(SCHEMA.len() + 12).eq(format!("{{\"schema\":\"{SCHEMA}\"").bytes())
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Name and number of the schema.
    pub schema: String,
    /// The version of the program that wrote it.
    pub version: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The folder in which it was begun.
    pub folder: String,
    /// Whether the demo models answered.
    pub demo: bool,
    /// When it was begun, in milliseconds since 1970 (UTC).
    pub made_at_ms: i64,
    /// When it was used last.
    pub used_at_ms: i64,
    /// Its turns, oldest first.
    pub turns: Vec<DocumentTurn>,
}

/// A turn of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTurn {
    /// Its id.
    pub id: String,
    /// When it was asked, in milliseconds since 1970 (UTC).
    pub asked_at_ms: i64,
    /// What was asked.
    pub asked: Asked,
    /// What happened.
    pub moments: Vec<Moment>,
    /// What was read meanwhile.
    #[serde(default)]
    pub readings: Vec<Reading>,
    /// The last verdict; null where it never settled.
    pub verdict: Option<Verdict>,
    /// What the person thinks of it.
    #[serde(default, skip_serializing_if = "Opinion::is_none")]
    pub opinion: Opinion,
}

impl DocumentTurn {
    /// Returns a turn as it is written.
    pub fn new(id: String, record: TurnRecord, verdict: Option<Verdict>) -> Self {
        let TurnRecord { asked_at_ms, asked, moments, readings } = record;
        Self { id, asked_at_ms, asked, moments, readings, verdict, opinion: Opinion::default() }
    }

    /// Returns the turn's id, what was written down of it, its verdict, and what the person thinks of it.
    pub fn parts(self) -> (String, TurnRecord, Option<Verdict>, Opinion) {
        let Self { id, asked_at_ms, asked, moments, readings, verdict, opinion } = self;
        (id, TurnRecord { asked_at_ms, asked, moments, readings }, verdict, opinion)
    }
}
