//! When a turn is settled, and who is left out: a pure policy over the turn and the time.
//!
//! Symptom and knob: a turn hangs on one silent model: lower `straggler`; a slow but good model is drawn as late too
//! often: raise it; high reasoning effort is always late: raise it for that (`Straggler::high_effort`).

use std::time::{Duration, Instant};

use crate::domain::ids::Column;
use crate::domain::response::State;
use crate::domain::turn::Turn;

/// What to do about a turn now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Members are writing, or too few have answered to leave anyone out.
    Wait,
    /// Nothing to do before this moment.
    WaitUntil(Instant),
    /// These have not begun in time: draw them as late.
    LeaveOut(Vec<Column>),
    /// Everyone is over or left out.
    Settled,
}

/// The rule for settling.
#[derive(Clone, Debug)]
pub struct Settle {
    /// Responses needed before anyone can be left out.
    pub quorum: usize,
    /// How much longer each member may stay silent once the quorum is there, in the order of the columns.
    pub stragglers: Vec<Duration>,
    quorum_at: Option<Instant>,
}

impl Settle {
    /// Returns the rule for a turn whose members get `stragglers`.
    pub fn new(quorum: usize, stragglers: Vec<Duration>) -> Self {
        Self { quorum: quorum.max(1), stragglers, quorum_at: None }
    }

    /// Returns what to do about `turn` at `now`. Members that are writing are waited for.
    pub fn decide(&mut self, turn: &Turn, now: Instant) -> Decision {
        let n_done = turn.responses.iter().filter(|response| response.state == State::Done).count();
        if n_done < self.quorum {
            self.quorum_at = None;
        } else {
            self.quorum_at.get_or_insert(now);
        }
        let mut is_writing = false;
        let mut late = Vec::new();
        let mut next: Option<Instant> = None;
        for (idx, response) in turn.responses.iter().enumerate() {
            match response.state {
                State::Skipped | State::Done | State::Failed(_) | State::Cancelled | State::Late => {}
                State::Streaming => is_writing = true,
                State::Waiting | State::Retrying { .. } => {
                    let Some(quorum_at) = self.quorum_at else {
                        is_writing = true;
                        continue;
                    };
                    // A member that is asked after the quorum was there gets the same time from its own start.
                    let since = response.asked_at.map_or(quorum_at, |asked_at| asked_at.max(quorum_at));
                    let deadline = since + self.stragglers.get(idx).copied().unwrap_or_default();
                    // One that will not even ask again before that is not waited for at all.
                    let asks_at = if let State::Retrying { until, .. } = response.state { until } else { now };
                    if deadline <= now.max(asks_at) {
                        late.push(Column::at(idx));
                    } else {
                        next = Some(next.map_or(deadline, |next| next.min(deadline)));
                    }
                }
            }
        }
        match (late.is_empty(), next, is_writing) {
            (false, ..) => Decision::LeaveOut(late),
            (true, Some(deadline), _) => Decision::WaitUntil(deadline),
            (true, None, true) => Decision::Wait,
            (true, None, false) => Decision::Settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::fault::{Fault, FaultKind};
    use crate::domain::ids::TurnId;
    use crate::domain::member::Member;

    const STRAGGLER: Duration = Duration::from_secs(10);

    fn failed() -> State {
        State::Failed(Fault::new(FaultKind::Server, "broke"))
    }

    /// Settles a turn whose members are in `states` and were asked at the start, `seconds` after a first look.
    fn check(states: &[State], seconds: u64, expected: impl Fn(Instant) -> Decision) {
        let start = tokio::time::Instant::now().into_std();
        let members = ["a", "b", "c"].map(|id| Arc::new(Member::named(id)));
        let mut turn = Turn::new(TurnId(1), "why?", members, start);
        for (response, state) in turn.responses.iter_mut().zip(states) {
            response.asked_at = Some(start);
            response.state = state.clone();
        }
        let mut settle = Settle::new(2, vec![STRAGGLER; 3]);
        settle.decide(&turn, start);
        assert_eq!(settle.decide(&turn, start + Duration::from_secs(seconds)), expected(start), "{states:?}");
    }

    #[test]
    fn members_that_write_are_waited_for() {
        check(&[State::Done, State::Done, State::Streaming], 1_000, |_| Decision::Wait);
    }

    #[test]
    fn a_silent_member_is_left_out_once_the_quorum_has_waited() {
        let states = [State::Done, State::Done, State::Waiting];
        check(&states, 9, |start| Decision::WaitUntil(start + STRAGGLER));
        check(&states, 10, |_| Decision::LeaveOut(vec![Column(2)]));
    }

    #[test]
    fn one_whose_wait_is_longer_than_what_is_left_is_left_out_at_once() {
        let now = tokio::time::Instant::now().into_std();
        let waits = |seconds| State::Retrying {
            until: now + Duration::from_secs(seconds),
            fault: Fault::new(FaultKind::RateLimited, "30 requests an hour"),
        };
        let long = [State::Done, State::Done, waits(600)];
        check(&long, 0, |_| Decision::LeaveOut(vec![Column(2)]));
        check(&[State::Done, State::Waiting, waits(600)], 0, |_| Decision::Wait);
        check(&[State::Done, State::Done, waits(5)], 0, |start| Decision::WaitUntil(start + STRAGGLER));
    }

    #[test]
    fn without_a_quorum_nobody_is_left_out() {
        check(&[State::Done, State::Waiting, State::Waiting], 1_000, |_| Decision::Wait);
        check(&[State::Done, failed(), State::Waiting], 1_000, |_| Decision::Wait);
    }

    #[test]
    fn a_turn_is_settled_when_all_are_over_or_left_out() {
        check(&[State::Done, State::Done, State::Late], 0, |_| Decision::Settled);
        check(&[State::Done, failed(), State::Cancelled], 0, |_| Decision::Settled);
        check(&[State::Skipped, State::Done, State::Done], 0, |_| Decision::Settled);
    }
}
