//! What a provider said is left, counted on from there until it says so again. Pure: time is an argument.
//!
//! symptom -> what to change: 429s although the headers told -> `LONGEST`; calls wait although the provider would take
//! them -> the refill in `Left::at`.

use std::time::Duration;

use tokio::time::Instant;

use crate::provider::allowance::{Allowance, Resource};

/// The longest wait for what was used up; a longer one is left to the refusal that follows, which says more.
const LONGEST: Duration = Duration::from_secs(60);

/// About what one request takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Need {
    /// Tokens read.
    pub(crate) n_read: u32,
    /// Tokens written.
    pub(crate) n_written: u32,
}

impl Need {
    /// Returns all tokens together.
    pub(crate) fn n_tokens(self) -> u32 {
        self.n_read.saturating_add(self.n_written)
    }

    fn of(self, resource: Resource) -> f64 {
        match resource {
            Resource::Requests => 1.0,
            Resource::Tokens => f64::from(self.n_tokens()),
            Resource::Input => f64::from(self.n_read),
            // It is used up as the answer is written, so that a long one may begin with little left.
            Resource::Output => 1.0,
        }
    }
}

/// What is left of everything that the provider spoke of.
#[derive(Debug, Default)]
pub(crate) struct Learned(Vec<Left>);

#[derive(Clone, Copy, Debug)]
struct Left {
    said: Allowance,
    /// How much that is by our own count at `at`.
    amount: f64,
    at: Instant,
    /// When all of it is back.
    full_at: Instant,
}

impl Left {
    /// Returns what is left at `now`. It comes back evenly, as both large vendors document of their buckets; without a
    /// known limit it comes back all at once.
    fn at(&self, now: Instant) -> f64 {
        let span = self.full_at.saturating_duration_since(self.at).as_secs_f64();
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        match self.said.limit {
            _ if passed >= span => self.said.limit.map_or(f64::INFINITY, |limit| limit as f64),
            Some(limit) => self.amount + (limit as f64 - self.amount).max(0.0) * passed / span,
            None => self.amount,
        }
    }

    /// Returns how long until `needed` is there; `None` when it is.
    fn wait(&self, needed: f64, now: Instant) -> Option<Duration> {
        let left = self.at(now);
        let limit = self.said.limit.map(|limit| limit as f64);
        // More than there can ever be is for the provider to judge.
        let missing = needed.min(limit.unwrap_or(needed)) - left;
        let until_full = self.full_at.saturating_duration_since(now);
        (missing > 0.0).then(|| match limit {
            Some(limit) => until_full.mul_f64((missing / (limit - left)).clamp(0.0, 1.0)),
            None => until_full,
        })
    }
}

impl Learned {
    /// Takes what an answer's headers said.
    pub(crate) fn note(&mut self, said: &[Allowance], now: Instant) {
        for said in said {
            self.0.retain(|known| known.said.resource != said.resource);
            self.0.push(Left { said: *said, amount: said.left as f64, at: now, full_at: now + said.full_in });
        }
    }

    /// Returns how long a request must wait for what was used up; `None` when it need not, or when it would be too long.
    pub(crate) fn wait(&mut self, need: Need, now: Instant) -> Option<Duration> {
        self.0.retain(|left| left.full_at > now);
        let waits = self.0.iter().filter_map(|left| left.wait(need.of(left.said.resource), now));
        // A request that must wait long for one thing is sent at once: what else is short does not matter then.
        waits.max().filter(|wait| *wait <= LONGEST)
    }

    /// Counts a request that is let through.
    pub(crate) fn count(&mut self, need: Need, now: Instant) {
        for left in &mut self.0 {
            left.amount = (left.at(now) - need.of(left.said.resource)).max(0.0);
            left.at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(resource: Resource, limit: Option<u64>, left: u64, seconds: u64) -> Allowance {
        Allowance { resource, limit, left, full_in: Duration::from_secs(seconds) }
    }

    fn check(said: &[Allowance], need: (u32, u32), at_second: u64, expected_ms: Option<u64>) {
        let start = Instant::now();
        let mut learned = Learned::default();
        learned.note(said, start);
        let need = Need { n_read: need.0, n_written: need.1 };
        let wait = learned.wait(need, start + Duration::from_secs(at_second));
        assert_eq!(wait, expected_ms.map(Duration::from_millis), "{said:?} {need:?} at {at_second} s");
    }

    #[test]
    fn what_is_used_up_comes_back_evenly() {
        let tokens = [said(Resource::Tokens, Some(6_000), 0, 60)];
        check(&tokens, (500, 500), 0, Some(10_000));
        check(&tokens, (500, 500), 4, Some(6_000));
        check(&tokens, (500, 500), 10, None);
        check(&tokens, (9_000, 0), 0, Some(60_000));
        check(&[said(Resource::Requests, Some(60), 0, 60)], (1, 1), 0, Some(1_000));
        check(&[said(Resource::Requests, Some(60), 1, 59)], (1, 1), 0, None);
    }

    #[test]
    fn without_a_limit_it_comes_back_all_at_once() {
        let tokens = [said(Resource::Tokens, None, 100, 12)];
        check(&tokens, (50, 50), 0, None);
        check(&tokens, (50, 51), 0, Some(12_000));
        check(&tokens, (50, 51), 12, None);
    }

    #[test]
    fn reading_and_writing_are_counted_apart() {
        check(&[said(Resource::Input, Some(1_000), 10, 60)], (10, 900), 0, None);
        check(&[said(Resource::Input, Some(1_010), 10, 60)], (20, 0), 0, Some(600));
        check(&[said(Resource::Output, Some(1_000), 1, 60)], (900, 900), 0, None);
        check(&[said(Resource::Output, Some(1_000), 0, 60)], (9, 9), 0, Some(60));
    }

    #[test]
    fn a_long_wait_is_left_to_the_refusal() {
        check(&[said(Resource::Requests, None, 0, 3_600)], (1, 1), 0, None);
    }

    #[test]
    fn requests_are_counted_on_until_the_provider_speaks_again() {
        let start = Instant::now();
        let mut learned = Learned::default();
        let need = Need { n_read: 1, n_written: 1 };
        learned.note(&[said(Resource::Requests, None, 2, 30)], start);
        for _ in 0..2 {
            assert_eq!(learned.wait(need, start), None);
            learned.count(need, start);
        }
        assert_eq!(learned.wait(need, start), Some(Duration::from_secs(30)));
        learned.note(&[said(Resource::Requests, None, 1, 30)], start);
        assert_eq!(learned.wait(need, start), None);
    }
}
