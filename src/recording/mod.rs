//! A run as a file: one line of JSON for each thing that happened, so that it can be played again, read by a person, and
//! cut with the tools for lines. A bug report, a demo and a test in one.
//!
//! The first line names the schema. `asked` opens a turn; its moments follow, with the readings that were shown between
//! them, and the verdict. A field may be added; a reader ignores those that it does not know.

pub mod document;
mod line;
pub mod read;
pub mod write;

pub use crate::recording::line::{Header, SCHEMA, Source};

use crate::domain::record::TurnRecord;
use crate::domain::verdict::Verdict;

/// A run that was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// What it is a recording of.
    pub header: Header,
    /// Its turns, in order.
    pub turns: Vec<Recorded>,
    /// What is not as it should be, but keeps nobody from playing it.
    pub warnings: Vec<String>,
}

/// A turn of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What was asked, and what happened.
    pub record: TurnRecord,
    /// The last verdict on it; `None` where it never settled.
    pub verdict: Option<Verdict>,
}
