//! Sessions in the forms that others read: a page, a text, data for programs. What models have written is nobody's markup
//! but its own.

pub mod data;
pub mod html;
pub mod markdown;
mod words;

use crate::domain::opinion::Opinion;
use crate::domain::record::TurnRecord;
use crate::domain::verdict::Verdict;

/// A form in which a session leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, and for whatever else reads Markdown.
    Markdown,
    /// Everything, to be imported again.
    Json,
    /// One page that needs nothing else.
    Html,
    /// Cases, a line each: what `compare --jsonl` and `eval` read.
    Cases,
    /// A film of the terminal, for players of asciinema recordings.
    Cast,
    /// A list of messages as OpenAI's protocol has them, to go on elsewhere.
    Openai,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Markdown, Self::Json, Self::Html, Self::Cases, Self::Cast, Self::Openai];

    /// Returns the word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Html => "html",
            Self::Cases => "cases",
            Self::Cast => "cast",
            Self::Openai => "openai",
        }
    }

    /// Returns the form that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Returns the form that the ending of a file's name means, in whatever case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::Cases),
            "cast" => Some(Self::Cast),
            _ => None,
        }
    }
}

/// A session to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Its name; of a person, or of a first question.
    pub name: String,
    /// Whether the demo models answered.
    pub is_demo: bool,
    /// Its turns, oldest first.
    pub turns: Vec<Turn>,
}

/// A turn to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What was asked, and what happened.
    pub record: TurnRecord,
    /// The verdict that it had; where it never settled, the one on what there is.
    pub verdict: Verdict,
    /// What the person thinks of it.
    pub opinion: Opinion,
}

#[cfg(test)]
mod tests;
