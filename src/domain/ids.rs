//! Names and positions: which model, which turn, which column.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The id that the user gave a model in the registry, such as `claude`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(Arc<str>);

impl ModelId {
    /// Returns the id as it is written in the config and in every output.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ModelId {
    fn from(id: &str) -> Self {
        Self(Arc::from(id))
    }
}

impl From<String> for ModelId {
    fn from(id: String) -> Self {
        Self(Arc::from(id))
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One question and its answers, counted from 1 within a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TurnId(pub u32);

/// The position of a member in its turn, counted from 0: its column on the screen, its letter, its place in a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Column(pub u8);

impl Column {
    /// Returns the column at `index`; positions past 255 do not occur, as an ensemble has at most eight members.
    pub fn at(index: usize) -> Self {
        Self(u8::try_from(index).unwrap_or(u8::MAX))
    }

    /// Returns the position as an index into the turn's responses.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Returns the letter that stands for the column on the screen: `A` for the first, `?` past `Z`.
    pub fn letter(self) -> char {
        match self.0 {
            0..=25 => char::from(b'A' + self.0),
            _ => '?',
        }
    }
}
