//! One model's reply to one prompt, from the first wait to the last word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::domain::conversation::Shortened;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::member::Member;
use crate::domain::money::{CostBasis, Price, Usd};
use crate::domain::stream::{Finish, FinishNorm, StreamEventKind};
use crate::domain::tokens;
use crate::domain::usage::Usage;

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
    /// When the turn went on without it.
    pub late_at: Option<Instant>,
    /// Tokens of the request that the server accepted last, guessed; `None` while it has accepted none.
    pub sent_tokens: Option<u64>,
    /// Whether a server has accepted any of the requests.
    pub was_accepted: bool,
    /// What became of the last attempt, until the next one brings something: why it is waited for, or was left out.
    pub held_by: Option<Fault>,
    /// Whether what it said was taken back, as its model was switched off.
    pub is_withdrawn: bool,
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
            late_at: None,
            sent_tokens: None,
            was_accepted: false,
            held_by: None,
            is_withdrawn: false,
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
                self.sent_tokens = None;
                self.wait(State::Waiting);
            }
            StreamEventKind::LeftOut(fault) => {
                *self = Self { left_out: Some(fault.clone()), ..Self::skipped(Arc::clone(&self.member)) };
            }
            StreamEventKind::Shortened(shortened) => self.shortened = Some(*shortened),
            StreamEventKind::Started { n_tokens } => {
                self.sent_tokens = Some(*n_tokens);
                self.was_accepted = true;
                self.held_by = None;
            }
            StreamEventKind::Delta(delta) => {
                self.first_token_at.get_or_insert(at);
                self.held_by = None;
                self.state = State::Streaming;
                if delta.recasts {
                    self.reasoning.push_str(&std::mem::take(&mut self.text));
                }
                self.text.push_str(&delta.text);
                self.reasoning.push_str(&delta.reasoning);
            }
            StreamEventKind::Retrying { after, fault, .. } => {
                self.held_by = Some(fault.clone());
                self.wait(State::Retrying { until: at + *after, fault: fault.clone() });
            }
            StreamEventKind::Switched { to, fault } => {
                self.stand_in = Some(StandIn { member: Arc::clone(to), fault: fault.clone() });
                self.sent_tokens = None;
                self.wait(State::Waiting);
            }
            StreamEventKind::Late => {
                self.state = State::Late;
                self.late_at.get_or_insert(at);
            }
            StreamEventKind::Declined => {
                let finish = self.finish.get_or_insert_default();
                finish.refusal = true;
                finish.explanation.get_or_insert_with(|| self.text.trim().to_owned());
            }
            StreamEventKind::Counted(finish) => self.finish = Some(Finish::clone(finish)),
            StreamEventKind::Finished(finish) => {
                self.finish = Some(Finish::clone(finish));
                self.end(State::Done, at);
            }
            StreamEventKind::Failed(fault) => self.end(State::Failed(fault.clone()), at),
            StreamEventKind::Cancelled => self.end(State::Cancelled, at),
            StreamEventKind::Withdrawn => {
                self.is_withdrawn = true;
                self.end(State::Cancelled, at);
            }
        }
    }

    /// Waits for another attempt. One that the turn went on without stays late until it says something.
    fn wait(&mut self, state: State) {
        if self.state != State::Late {
            self.state = state;
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

    /// Returns whether a piece of the answer could not be read: what is missing may have been a "not".
    pub fn has_hole(&self) -> bool {
        self.finish.as_ref().is_some_and(|finish| finish.n_malformed > 0)
    }

    /// Returns what else a reader of the answer must know of how it came, each in words that follow its name.
    pub fn doubts(&self) -> impl Iterator<Item = String> {
        let finish = self.finish.as_ref();
        let is_unsaid = finish.and_then(|it| it.reason.as_ref()).is_some_and(|reason| reason.raw.is_none());
        let unsaid = is_unsaid.then(|| "its server marked the end without saying why it ended".to_owned());
        let n_left_out = finish.map_or(0, |it| it.n_sources_left_out);
        let left_out = (n_left_out > 0).then(|| format!("{n_left_out} more sources are named than are kept"));
        [unsaid, left_out].into_iter().flatten()
    }

    /// Returns whether the response casts a vote: its end marker was seen, it ended of itself, all of it could be read, it
    /// is no refusal and not empty.
    pub fn counts(&self) -> bool {
        self.state == State::Done
            && self.norm() == Some(FinishNorm::Stop)
            && !self.has_hole()
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
            State::Done if self.has_hole() => Status::Partial,
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
        if let State::Failed(fault) = &self.state { Some(fault) } else { None }
    }

    /// Returns what a reader is told went wrong: the failure, why it could not be asked, or for what it was waiting when
    /// the turn went on without it.
    pub fn trouble(&self) -> Option<&Fault> {
        self.fault().or(self.left_out.as_ref()).or(self.held_by.as_ref().filter(|_| self.status() == Status::Late))
    }

    /// Returns the time from the question to the first token, once there is one.
    pub fn first_token_after(&self) -> Option<Duration> {
        Some(self.first_token_at?.saturating_duration_since(self.asked_at?))
    }

    /// Returns how long the turn took with this response: to its end, or to the moment at which it was left out; `None`
    /// while it is waited for.
    pub fn held_up(&self) -> Option<Duration> {
        let left_out_at = self.late_at.filter(|_| self.state == State::Late);
        Some(self.ended_at.or(left_out_at)?.saturating_duration_since(self.asked_at?))
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
            None => (tokens::likely(self.text.len() + self.reasoning.len()), false),
        }
    }

    /// Returns what the response cost and how that is known; `None` where it can't be known.
    ///
    /// Where the provider did not count, tokens are guessed from what was sent and what came back once it is over: an
    /// answer that was stopped or cut is paid for as far as it came.
    pub fn cost(&self) -> Option<(Usd, CostBasis)> {
        if let Some(charged) = self.finish.as_ref().and_then(|finish| finish.charged) {
            return Some((charged, CostBasis::Provider));
        }
        if self.attempts > 0 && self.is_free_of_charge() {
            return Some((Usd(0.0), CostBasis::Catalog));
        }
        let price = self.answerer().price.as_ref()?;
        let counted = self.finish.as_ref().and_then(|finish| finish.usage).unwrap_or_default();
        if let Some(cost) = price.cost(&counted) {
            return Some((cost, CostBasis::Catalog));
        }
        let sent = self.sent_tokens.filter(|_| self.is_over())?;
        let usage = Usage {
            input_tokens: counted.input_tokens.or(Some(sent)),
            output_tokens: counted
                .output_tokens
                .or(Some(tokens::at_most(&self.text) + tokens::at_most(&self.reasoning))),
            ..counted
        };
        price.cost(&usage).map(|cost| (cost, CostBasis::Estimate))
    }

    /// Whether it costs nothing whatever was read and written: no token of the model costs anything, or no server has
    /// accepted a request. Of one that was stopped, or to which no reply came in time, nobody knows what was read.
    fn is_free_of_charge(&self) -> bool {
        let is_free = self.answerer().price.as_ref().is_some_and(Price::is_free);
        let was_refused = |fault: &Fault| match fault.kind {
            FaultKind::Timeout | FaultKind::Cut => false,
            FaultKind::Server | FaultKind::Malformed | FaultKind::Empty => fault.http_status.is_some(),
            FaultKind::Auth
            | FaultKind::Quota
            | FaultKind::BadRequest
            | FaultKind::NotFound
            | FaultKind::ContextLength
            | FaultKind::RateLimited
            | FaultKind::Overloaded
            | FaultKind::Network
            | FaultKind::Tls
            | FaultKind::Filtered
            | FaultKind::TooLarge
            | FaultKind::Unsupported => true,
        };
        is_free || (!self.was_accepted && self.trouble().is_some_and(was_refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stream::{Delta, FinishReason};

    const SAID: &str = "It landed in 1969, on the 20th of July."; // 39 bytes, 13 tokens at most

    /// Returns a response at $1 a token read and $10 a token written that goes through `kinds`.
    fn told(price: Price, kinds: &[StreamEventKind]) -> Response {
        let now = tokio::time::Instant::now().into_std();
        let mut response = Response::skipped(Arc::new(Member { price: Some(price), ..Member::named("a") }));
        response.apply(&StreamEventKind::Waiting { attempt: 1 }, now);
        for kind in kinds {
            response.apply(kind, now);
        }
        response
    }

    fn price(input: f64, output: f64) -> Price {
        Price { input: input * 1e6, output: output * 1e6, cached_input: None, date: None }
    }

    fn finished(usage: Option<Usage>) -> StreamEventKind {
        StreamEventKind::Finished(Box::new(Finish { usage, ..Finish::default() }))
    }

    #[test]
    fn where_the_provider_does_not_count_the_cost_is_a_guess() {
        let started = StreamEventKind::Started { n_tokens: 100 };
        let says = StreamEventKind::Delta(Delta { text: SAID.to_owned(), ..Delta::default() });
        let failed = |status| {
            let fault = Fault { http_status: status, ..Fault::new(FaultKind::Server, "no") };
            StreamEventKind::Failed(fault)
        };
        let partly = Usage { output_tokens: Some(7), ..Usage::default() };
        let counted = Usage { input_tokens: Some(90), ..partly };
        let guess = |dollars: f64| Some((Usd(dollars), CostBasis::Estimate));
        let rows = [
            ("no counts", vec![started.clone(), says.clone(), finished(None)], guess(230.0)),
            ("half of the counts", vec![started.clone(), says.clone(), finished(Some(partly))], guess(170.0)),
            (
                "all counts",
                vec![started.clone(), says.clone(), finished(Some(counted))],
                Some((Usd(160.0), CostBasis::Catalog)),
            ),
            ("still coming in", vec![started.clone(), says.clone()], None),
            ("stopped", vec![started.clone(), says.clone(), StreamEventKind::Cancelled], guess(230.0)),
            ("cut", vec![started.clone(), says, failed(None)], guess(230.0)),
            ("asked again, and no reply", vec![started, StreamEventKind::Waiting { attempt: 2 }, failed(None)], None),
            ("no reply", vec![failed(None)], None),
        ];
        for (what, kinds, expected) in rows {
            assert_eq!(told(price(1.0, 10.0), &kinds).cost(), expected, "{what}");
        }
    }

    #[test]
    fn what_no_server_accepted_costs_nothing() {
        let nothing = Some((Usd(0.0), CostBasis::Catalog));
        let failed = |kind, status| StreamEventKind::Failed(Fault { http_status: status, ..Fault::new(kind, "no") });
        let waits = StreamEventKind::Retrying {
            attempt: 2,
            after: Duration::from_secs(600),
            fault: Fault::new(FaultKind::RateLimited, "30 requests an hour"),
        };
        let started = StreamEventKind::Started { n_tokens: 100 };
        let again = StreamEventKind::Waiting { attempt: 2 };
        let down = failed(FaultKind::Network, None);
        let switched = StreamEventKind::Switched {
            to: Arc::new(Member::named("b")),
            fault: Fault::new(FaultKind::Auth, "the key was refused"),
        };
        for (what, kinds, expected) in [
            ("refused", vec![failed(FaultKind::Auth, Some(401))], nothing),
            ("broken, as the server says", vec![failed(FaultKind::Server, Some(500))], nothing),
            ("down", vec![down.clone()], nothing),
            ("never sent: over a limit", vec![failed(FaultKind::RateLimited, None)], nothing),
            ("left out while it waits", vec![waits, StreamEventKind::Late], nothing),
            ("a stand-in that is down too", vec![switched, again.clone(), down.clone()], nothing),
            ("no reply in time", vec![failed(FaultKind::Timeout, None)], None),
            ("stopped before a reply", vec![StreamEventKind::Cancelled], None),
            ("accepted once, then down", vec![started, again, down], None),
        ] {
            assert_eq!(told(price(1.0, 10.0), &kinds).cost(), expected, "{what}");
        }
    }

    #[test]
    fn who_is_left_out_keeps_the_moment_and_what_it_was_waiting_for() {
        let fault = Fault::new(FaultKind::RateLimited, "30 requests an hour");
        let retrying = StreamEventKind::Retrying { attempt: 3, after: Duration::from_secs(30), fault: fault.clone() };
        let mut response = told(price(1.0, 10.0), &[retrying.clone(), StreamEventKind::Late]);
        assert_eq!((response.status(), response.trouble()), (Status::Late, Some(&fault)));
        let left_out_at = response.late_at;
        let later = left_out_at.unwrap() + Duration::from_secs(60);
        for kind in [StreamEventKind::Waiting { attempt: 3 }, retrying, StreamEventKind::Late] {
            response.apply(&kind, later);
            assert_eq!((&response.state, response.late_at), (&State::Late, left_out_at));
        }
        response.apply(&StreamEventKind::Delta(Delta { text: SAID.to_owned(), ..Delta::default() }), later);
        assert_eq!((response.status(), response.trouble()), (Status::Partial, None));
    }

    #[test]
    fn an_answer_with_a_hole_is_partial_and_casts_no_vote() {
        let said = StreamEventKind::Delta(Delta { text: SAID.to_owned(), ..Delta::default() });
        let reason = Some(FinishReason { raw: Some("stop".to_owned()), norm: FinishNorm::Stop });
        for (n_malformed, expected) in [(0, (Status::Done, true)), (1, (Status::Partial, false))] {
            let finish = Finish { reason: reason.clone(), n_malformed, ..Finish::default() };
            let kinds = [said.clone(), StreamEventKind::Finished(Box::new(finish))];
            let response = told(price(1.0, 10.0), &kinds);
            assert_eq!((response.status(), response.counts()), expected);
        }
    }

    #[test]
    fn what_is_free_is_known_to_be() {
        let free = price(0.0, 0.0);
        let kinds = [StreamEventKind::Started { n_tokens: 100 }, finished(None)];
        assert_eq!(told(free, &kinds).cost(), Some((Usd(0.0), CostBasis::Catalog)));
    }
}
