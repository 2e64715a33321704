//! The life of one call as events: the spine that every reader of a turn hangs on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::domain::conversation::Shortened;
use crate::domain::fault::Fault;
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::money::Usd;
use crate::domain::usage::Usage;

/// Something that happened to one call.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEvent {
    /// The turn that the call belongs to.
    pub turn: TurnId,
    /// The member that was asked.
    pub column: Column,
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub kind: StreamEventKind,
}

/// What happened to a call. A call opens with `Waiting` and ends with exactly one of `Finished`, `Failed`, `Cancelled`,
/// `Withdrawn`;
/// `LeftOut` stands alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamEventKind {
    /// A request is on its way; attempts count from 1.
    Waiting {
        /// Which attempt this is.
        attempt: u32,
    },
    /// The member cannot be asked this question, and why; nothing is sent.
    LeftOut(Fault),
    /// The conversation is too long for the model: so much of it is not told.
    Shortened(Shortened),
    /// The server accepted the request.
    Started {
        /// Tokens that were sent, guessed: for providers that do not count.
        n_tokens: u64,
    },
    /// New text.
    Delta(Delta),
    /// The attempt failed before any text came; another follows by itself.
    Retrying {
        /// The attempt that follows.
        attempt: u32,
        /// How long from now.
        after: Duration,
        /// Why the last one failed.
        fault: Fault,
    },
    /// The model failed and a stand-in named in the config is asked instead.
    Switched {
        /// Who is asked now.
        to: Arc<Member>,
        /// Why.
        fault: Fault,
    },
    /// The others are done and this one has not begun: the turn goes on without it. It may still answer.
    Late,
    /// The call is about to fail, but the provider had said this much of the answer: what it costs counts all the same.
    Counted(Box<Finish>),
    /// The end marker of the answer was seen.
    Finished(Box<Finish>),
    /// The answer, whole, reads as a refusal: after `Finished`, by whoever reads it.
    Declined,
    /// The call is over without an end marker; text that came before is kept.
    Failed(Fault),
    /// The person stopped it; text that came before is kept.
    Cancelled,
    /// The person switched the model off: what it said is taken back.
    Withdrawn,
}

/// New text of an answer, as one read of the socket brought it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Text of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Text of the reasoning that precedes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// Whether all text of the answer before this was reasoning: its closing mark came without an opening one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recasts: bool,
}

impl Delta {
    /// Returns new text of the answer alone.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Empties it, and keeps its room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.reasoning.clear();
        self.recasts = false;
    }

    /// Makes all text of the answer so far, here and before, reasoning.
    pub fn recast(&mut self) {
        self.reasoning.push_str(&std::mem::take(&mut self.text));
        self.recasts = true;
    }

    /// Adds what came next.
    pub fn append(&mut self, next: &Self) {
        if next.recasts {
            self.recast();
        }
        self.reasoning.push_str(&next.reasoning);
        self.text.push_str(&next.text);
    }
}

/// How an answer ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Finish {
    /// The provider's word for the end and what it means; `None` when it gave none.
    pub reason: Option<FinishReason>,
    /// Whether the model declined to answer.
    pub refusal: bool,
    /// Words beside the answer on why there is none, or not all of it: the model's where it declined, else the
    /// provider's.
    pub explanation: Option<String>,
    /// Token counts, where the provider gave any.
    pub usage: Option<Usage>,
    /// What the provider says that it charged.
    pub charged: Option<Usd>,
    /// The model that says it answered, which may differ from the one that was asked.
    pub api_model: Option<Arc<str>>,
    /// Web pages that the answer rests on.
    pub citations: Vec<Citation>,
    /// Events of the stream that could not be read and were passed over.
    pub n_malformed: u32,
    /// Sources beyond those that are kept.
    pub n_sources_left_out: u32,
}

/// Why an answer ended: the provider's word beside ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishReason {
    /// The provider's word; `None` where it marked the end without one.
    pub raw: Option<String>,
    /// What it means.
    pub norm: FinishNorm,
}

/// Why an answer ended, across providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishNorm {
    /// The model had said all.
    Stop,
    /// The token limit was reached.
    Length,
    /// The provider withheld the rest.
    ContentFilter,
    /// The model declined.
    Refusal,
    /// The model wants a tool.
    ToolCalls,
    /// The provider paused a long turn.
    Pause,
    /// The provider failed in the middle.
    Error,
    /// A reason that is not known here.
    Other,
}

/// A web page named as a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Its address.
    pub url: String,
    /// Its title, where one was given.
    pub title: Option<String>,
}
