//! The reasoning before an answer: folded to a line, laid out when a person wants to see it, never counted.

use std::time::{Duration, Instant};

use crate::domain::response::{Response, State};
use crate::domain::tokens;
use crate::ui::line::{Line, Slot};
use crate::ui::text::document::Document;

/// The reasoning of one answer.
#[derive(Debug, Default)]
pub struct Thought {
    /// All of it, laid out while it is unfolded.
    pub document: Document,
    /// Whether it is shown.
    pub is_unfolded: bool,
    /// When the first word of the answer came.
    answer_at: Option<Instant>,
}

impl Thought {
    /// Takes reasoning in.
    pub fn push(&mut self, text: &str) {
        self.document.push(text);
    }

    /// Notes that the answer has begun.
    pub fn answer_begins(&mut self, at: Instant) {
        if self.answer_at.is_none() {
            self.answer_at = Some(at);
            self.document.close();
        }
    }

    /// Returns how many rows the unfolded reasoning takes; none while it is folded.
    pub fn n_rows(&self) -> usize {
        if self.is_unfolded { self.document.n_rows() } else { 0 }
    }
}

/// Returns whether anything is known of the reasoning before an answer: its text, or what it cost.
pub fn is_known(response: &Response) -> bool {
    !response.reasoning.is_empty() || reasoning_tokens(response).is_some()
}

/// Returns the line that stands for the reasoning: how long it took, how much it was, and how to see it.
///
/// The time goes from the question to the first word of the answer, or to now while there is none.
pub fn summary(thought: &Thought, response: &Response, now: Instant) -> Line {
    let is_thinking = response.state == State::Streaming && response.text.is_empty();
    let until = thought.answer_at.or(response.ended_at).unwrap_or(now);
    let took = response.asked_at.map_or(Duration::ZERO, |asked| until.saturating_duration_since(asked));
    let word = if is_thinking { "thinking for" } else { "thought for" };
    let sign = if thought.is_unfolded { "▾" } else { "▸" };
    let tokens = match reasoning_tokens(response) {
        Some(tokens) => format!("{tokens} tokens"),
        None => format!("about {} tokens", tokens::likely(response.reasoning.len())),
    };
    let text = format!("{sign} {word} {} s · {tokens}", took.as_secs());
    let hint = match (response.reasoning.is_empty(), thought.is_unfolded) {
        (true, _) => " · kept by its provider",
        (false, false) => " · e unfolds",
        (false, true) => " · e folds",
    };
    Line::new().with(Slot::Dim, text).with(Slot::Dim, hint)
}

fn reasoning_tokens(response: &Response) -> Option<u64> {
    response.finish.as_ref()?.usage?.reasoning_tokens.filter(|tokens| *tokens > 0)
}
