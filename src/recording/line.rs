//! The lines of a recording.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::record::{Asked, Moment, Reading};
use crate::domain::verdict::Verdict;

/// Name and number of the schema.
pub const SCHEMA: &str = "dissent.recording/1";

/// What every recording's schema begins with, whatever its number.
pub(super) const ANY_SCHEMA: &str = "dissent.recording/";

/// The first line: what it is a recording of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name and number of the schema.
    pub schema: String,
    /// The version of the program that made it.
    pub version: String,
    /// When it was begun, RFC 3339.
    pub recorded_at: String,
    /// Where the answers came from.
    pub source: Source,
}

/// Where the answers of a run came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Real providers.
    Providers,
    /// The embedded demo models.
    Demo,
    /// Recorded answers of a file of that name.
    Bank(String),
}

impl Header {
    /// Returns the header of a recording that is begun now.
    pub fn now(source: Source) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            recorded_at: jiff::Timestamp::now().to_string(),
            source,
        }
    }
}

/// A line to be written, of the turn with that number.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    pub(super) turn: u32,
    #[serde(flatten)]
    pub(super) what: What<'a>,
}

/// What a line says.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum What<'a> {
    Asked { asked_at_ms: i64, asked: &'a Asked },
    Moment(&'a Moment),
    Reading { reading: &'a Reading },
    Verdict { verdict: &'a Verdict },
}

/// A line that was read: which of the fields is there says what it is. One without any of the last three is a moment.
#[derive(Deserialize)]
pub(super) struct Found<'a> {
    pub(super) turn: u32,
    pub(super) asked_at_ms: Option<i64>,
    #[serde(borrow)]
    pub(super) asked: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) reading: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) verdict: Option<&'a RawValue>,
}
