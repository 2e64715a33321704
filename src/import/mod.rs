//! Conversations that other programs have kept, read one at a time: ChatGPT, Claude, Open WebUI, `llm`, and our own export.
//!
//! What an export does not say is not made up: a model without a name is `unknown`, and a time that nobody wrote down is
//! none. Nothing here writes: who reads decides what becomes of it.

mod chatgpt;
mod claude;
mod json;
mod llm;
mod open_webui;
pub mod read;
mod record;
mod shape;
mod split;
#[cfg(test)]
mod tests;
mod tree;

use crate::domain::attachment::Attachment;
use crate::domain::opinion::Opinion;
use crate::domain::record::TurnRecord;
use crate::domain::stream::{Citation, FinishNorm};
use crate::domain::usage::Usage;
use crate::domain::verdict::Verdict;

/// The most answers that a turn takes: the most members that an ensemble has.
pub const MOST_ANSWERS: usize = 8;

/// What one entry of an export turned out to be.
#[derive(Debug)]
pub enum Entry {
    /// A conversation.
    Session(Box<Session>),
    /// One in which there is nothing to keep, and why.
    Empty(&'static str),
    /// One that could not be read, and why.
    Bad(String),
    /// Something else than a conversation, such as the account's data.
    Other,
}

/// A conversation in our words.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id, the same each time that it is read.
    pub id: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// The folder in which it was begun; empty where that is unknown.
    pub folder: String,
    /// Whether the demo models answered.
    pub is_demo: bool,
    /// When it was begun, in milliseconds since 1970 (UTC); `None` where that is unknown.
    pub made_at_ms: Option<i64>,
    /// When it was used last.
    pub used_at_ms: Option<i64>,
    /// Its turns, oldest first.
    pub turns: Vec<Turn>,
    /// What of it is left out.
    pub left_out: LeftOut,
}

/// A turn of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Its id, of 32 hexadecimal letters.
    pub id: String,
    /// Whether the first half of the id says where the turn is from, and the other what is in it; the turns of our own
    /// exports keep the ids that they had.
    pub is_id_of_origin: bool,
    /// What was asked and answered.
    pub record: TurnRecord,
    /// The verdict that it had; `None` where it is to be found.
    pub verdict: Option<Verdict>,
    /// What the person thought of it.
    pub opinion: Opinion,
}

/// What is in an export, and has no place in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Questions on branches that the person has left, by editing an earlier question.
    pub n_questions: usize,
    /// Answers past the eight that a turn takes.
    pub n_answers: usize,
}

/// A conversation as its program had it.
#[derive(Clone, Debug, Default)]
struct Conversation {
    /// Program and id: what it is recognised by.
    origin: String,
    name: String,
    made_at_ms: Option<i64>,
    used_at_ms: Option<i64>,
    exchanges: Vec<Exchange>,
    left_out: LeftOut,
    program: Program,
}

/// The program that a conversation is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Program {
    #[default]
    ChatGpt,
    Claude,
    OpenWebUi,
    Llm,
}

impl Program {
    /// Returns its name as a provider of answers.
    fn as_str(self) -> &'static str {
        match self {
            Self::ChatGpt => "chatgpt",
            Self::Claude => "claude.ai",
            Self::OpenWebUi => "open-webui",
            Self::Llm => "llm",
        }
    }

    /// Returns who made its models, where only one vendor's are in it.
    fn vendor(self) -> Option<&'static str> {
        match self {
            Self::ChatGpt => Some("openai"),
            Self::Claude => Some("anthropic"),
            Self::OpenWebUi | Self::Llm => None,
        }
    }
}

/// A question and its answers.
#[derive(Clone, Debug, Default)]
struct Exchange {
    /// What it is recognised by within the conversation.
    origin: String,
    question: String,
    files: Vec<Attachment>,
    asked_at_ms: Option<i64>,
    answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
struct Answer {
    model: Option<String>,
    text: String,
    reasoning: String,
    finish: End,
    usage: Option<Usage>,
    citations: Vec<Citation>,
}

/// How an answer ended, as far as the export says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum End {
    /// It is there as a whole, without a word on why it ended.
    #[default]
    Unsaid,
    /// It ended with this word, which means this.
    Word(String, FinishNorm),
    /// It failed, with these words.
    Failed(String),
}
