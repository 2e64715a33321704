//! What a person thinks of a turn: whether its answer is right, and which response is the best.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Column;

/// What a person thinks of the answer of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// A part of it is right.
    Partly,
}

/// What a person thinks of one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What they think of the answer.
    pub judgement: Option<Judgement>,
    /// The response that they took for the best without knowing whose it was.
    pub vote: Option<Column>,
}

impl Judgement {
    /// Returns the words that a person reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Partly => "partly right",
        }
    }

    /// Returns the word that programs read: `right`, `wrong`, `partly`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right | Self::Wrong => self.as_str(),
            Self::Partly => "partly",
        }
    }

    /// Returns the judgement that a letter or word stands for: `r`, `w`, `p` and the words that begin with them.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "r" | "right" => Some(Self::Right),
            "w" | "wrong" => Some(Self::Wrong),
            "p" | "partly" => Some(Self::Partly),
            _ => None,
        }
    }
}

impl Opinion {
    /// Returns whether the person has thought nothing of the turn yet.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
