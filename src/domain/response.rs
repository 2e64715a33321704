//! One model's reply to one prompt, from the first wait to the last word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::domain::conversation::Shortened;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::member::Member;
use crate::domain::money::{CostBasis, Usd};
use crate::domain::stream::{Finish, FinishNorm, StreamEventKind};

/// Characters to a token where the provider does not count: the usual rule of thumb for English text.
const CHARS_PER_TOKEN: u64 = 4;

/// Where a response stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The model was off when the question was asked, or could not be asked.
    Skipped,
    /// Asked; nothing has come yet.
    Waiting,
    /// Asked again at `until`, because of `fault`.
    Retrying {
        /// When the next attempt starts.
        until: Instant,
        /// Why the last one failed.
        fault: Fault,
    },
    /// Reasoning or text is coming in.
    Streaming,
    /// The turn went on without it; it may still answer.
    Late,
    /// The end marker was seen.
    Done,
    /// It ended without an answer, or in the middle of one.
    Failed(Fault),
    /// The person stopped it or switched the model off.
    Cancelled,
}

/// The word for a response that is over or left out, as outputs spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Ended of itself.
    Done,
    /// Some text is there, the end is not.
    Partial,
    /// No answer.
    Failed,
    /// Nothing came in time.
    Timeout,
    /// Nothing had come when the others were done.
    Late,
    /// Stopped by the person.
    Cancelled,
    /// Not asked.
    Skipped,
}

/// Who is asked in a member's place, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct StandIn {
    /// Who answers, at its own price and under its own id.
    pub member: Arc<Member>,
    /// What became of the one that was asked before.
    pub fault: Fault,
}

/// One model's reply to one prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Who was asked.
    pub member: Arc<Member>,
    /// Who is asked instead, when a stand-in is.
    pub stand_in: Option<StandIn>,
    /// Why the member could not be asked, where that is so; `state` is `Skipped` then.
    pub left_out: Option<Fault>,
    /// Earlier turns that the member was not told of.
    pub shortened: Option<Shortened>,
    /// Where it stands.
    pub state: State,
    /// The answer so far, exactly as the provider sent it.
    pub text: String,
    /// The reasoning so far, exactly as the provider sent it.
    pub reasoning: String,
    /// How it ended, once it did.
    pub finish: Option<Finish>,
    /// Requests sent so far.
    pub attempts: u32,
    /// When the first request left.
    pub asked_at: Option<Instant>,
    /// When the first text or reasoning came.
    pub first_token_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

impl Response {
    /// Returns the response of a member that has not been asked.
    pub fn skipped(member: Arc<Member>) -> Self {
        Self {
            member,
            stand_in: None,
            left_out: None,
            shortened: None,
            state: State::Skipped,
            text: String::new(),
            reasoning: String::new(),
            finish: None,
            attempts: 0,
            asked_at: None,
            first_token_at: None,
            ended_at: None,
        }
    }

    /// Applies what happened to the call at `at`.
    pub fn apply(&mut self, kind: &StreamEventKind, at: Instant) {
        match kind {
            StreamEventKind::Waiting { attempt } => {
                if *attempt == 1 {
                    *self = Self { asked_at: Some(at), ..Self::skipped(Arc::clone(&self.member)) };
                }
                self.attempts = *attempt;
                self.state = State::Waiting;
            }
            StreamEventKind::LeftOut(fault) => {
                *self = Self { left_out: Some(fault.clone()), ..Self::skipped(Arc::clone(&self.member)) };
            }
            StreamEventKind::Shortened(shortened) => self.shortened = Some(*shortened),
            StreamEventKind::Started => {}
            StreamEventKind::Delta(delta) => {
                self.first_token_at.get_or_insert(at);
                self.state = State::Streaming;
                self.text.push_str(&delta.text);
                self.reasoning.push_str(&delta.reasoning);
            }
            StreamEventKind::Retrying { after, fault, .. } => {
                self.state = State::Retrying { until: at + *after, fault: fault.clone() };
            }
            StreamEventKind::Switched { to, fault } => {
                self.stand_in = Some(StandIn { member: Arc::clone(to), fault: fault.clone() });
                self.state = State::Waiting;
            }
            StreamEventKind::Late => self.state = State::Late,
            StreamEventKind::Counted(finish) => self.finish = Some(Finish::clone(finish)),
            StreamEventKind::Finished(finish) => {
                self.finish = Some(Finish::clone(finish));
                self.end(State::Done, at);
            }
            StreamEventKind::Failed(fault) => self.end(State::Failed(fault.clone()), at),
            StreamEventKind::Cancelled => self.end(State::Cancelled, at),
        }
    }

    /// Returns who answers: the stand-in, where there is one.
    pub fn answerer(&self) -> &Arc<Member> {
        self.stand_in.as_ref().map_or(&self.member, |stand_in| &stand_in.member)
    }

    fn end(&mut self, state: State, at: Instant) {
        self.state = state;
        self.ended_at = Some(at);
    }

    /// Returns whether nothing more will come.
    pub fn is_over(&self) -> bool {
        match self.state {
            State::Skipped | State::Done | State::Failed(_) | State::Cancelled => true,
            State::Waiting | State::Retrying { .. } | State::Streaming | State::Late => false,
        }
    }

    /// Returns whether the member was asked in this turn and is still wanted.
    pub fn is_asked(&self) -> bool {
        match self.state {
            State::Skipped | State::Cancelled => false,
            State::Waiting
            | State::Retrying { .. }
            | State::Streaming
            | State::Late
            | State::Done
            | State::Failed(_) => true,
        }
    }

    /// Returns whether the model declined to answer.
    pub fn is_refusal(&self) -> bool {
        self.finish.as_ref().is_some_and(|finish| finish.refusal || self.norm() == Some(FinishNorm::Refusal))
    }

    /// Returns whether the token limit cut the answer.
    pub fn is_truncated(&self) -> bool {
        self.norm() == Some(FinishNorm::Length)
    }

    /// Returns why the answer ended, across providers.
    pub fn norm(&self) -> Option<FinishNorm> {
        Some(self.finish.as_ref()?.reason.as_ref()?.norm)
    }

    /// Returns whether the response casts a vote: its end marker was seen, it ended of itself, it is no refusal and
    /// not empty.
    pub fn counts(&self) -> bool {
        self.state == State::Done
            && self.norm() == Some(FinishNorm::Stop)
            && !self.is_refusal()
            && !self.text.trim().is_empty()
    }

    /// Returns the word for where the response stands. One that is still coming in is `Late` when it was left out
    /// and `Partial` otherwise.
    pub fn status(&self) -> Status {
        match &self.state {
            State::Skipped => Status::Skipped,
            State::Waiting | State::Retrying { .. } | State::Late => Status::Late,
            State::Streaming => Status::Partial,
            State::Cancelled => Status::Cancelled,
            State::Failed(_) if !self.text.is_empty() => Status::Partial,
            State::Failed(fault) if fault.kind == FaultKind::Timeout => Status::Timeout,
            State::Failed(_) => Status::Failed,
            State::Done => match self.norm() {
                Some(FinishNorm::Length | FinishNorm::Error | FinishNorm::ContentFilter) => Status::Partial,
                Some(
                    FinishNorm::Stop
                    | FinishNorm::Refusal
                    | FinishNorm::ToolCalls
                    | FinishNorm::Pause
                    | FinishNorm::Other,
                )
                | None => Status::Done,
            },
        }
    }

    /// Returns the failure, if the response is over because of one.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.state {
            State::Failed(fault) => Some(fault),
            State::Skipped
            | State::Waiting
            | State::Retrying { .. }
            | State::Streaming
            | State::Late
            | State::Done
            | State::Cancelled => None,
        }
    }

    /// Returns the time from the question to the first token, once there is one.
    pub fn first_token_after(&self) -> Option<Duration> {
        Some(self.first_token_at?.saturating_duration_since(self.asked_at?))
    }

    /// Returns the time from the question to the end, once it is over.
    pub fn total(&self) -> Option<Duration> {
        Some(self.ended_at?.saturating_duration_since(self.asked_at?))
    }

    /// Returns tokens written so far: as the provider counted them, else guessed from the text.
    pub fn output_tokens(&self) -> (u64, bool) {
        let counted = self.finish.as_ref().and_then(|finish| finish.usage).and_then(|usage| usage.output_tokens);
        match counted {
            Some(tokens) => (tokens, true),
            None => (Self::guessed_tokens(self.text.len() + self.reasoning.len()), false),
        }
    }

    /// Returns how many tokens a text of `n_bytes` may be, where the provider does not count.
    pub fn guessed_tokens(n_bytes: usize) -> u64 {
        n_bytes as u64 / CHARS_PER_TOKEN
    }

    /// Returns what the response cost and how that is known; `None` where it can't be known.
    pub fn cost(&self) -> Option<(Usd, CostBasis)> {
        let finish = self.finish.as_ref()?;
        if let Some(charged) = finish.charged {
            return Some((charged, CostBasis::Provider));
        }
        let price = self.answerer().price.as_ref()?;
        let cost = price.cost(finish.usage.as_ref()?)?;
        Some((cost, CostBasis::Catalog))
    }
}
