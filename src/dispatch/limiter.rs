//! How much a provider is asked at most. Pure: time is an argument.
//!
//! symptom -> what to change: 429s although limits are set -> the limits in the config.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::provider::endpoint::Limits;

/// The time over which requests and tokens are counted.
const WINDOW: Duration = Duration::from_secs(60);

/// One request that was let through.
#[derive(Clone, Copy, Debug)]
struct Passed {
    at: Instant,
    n_tokens: u32,
    ticket: Ticket,
}

/// Names a request that was let through, so that its tokens can be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// The counts of one provider, for all of its models.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Limits,
    /// What was let through within the window, oldest first.
    passed: VecDeque<Passed>,
    n_passed: u64,
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, passed: VecDeque::new(), n_passed: 0 }
    }

    /// Returns how long a request of about `n_tokens` must wait before it asks again; `None` when it may pass. One that is
    /// larger than the limit may when nothing else is counted.
    pub(crate) fn wait(&mut self, n_tokens: u32, now: Instant) -> Option<Duration> {
        while self.passed.front().is_some_and(|passed| now.saturating_duration_since(passed.at) >= WINDOW) {
            self.passed.pop_front();
        }
        let opens_at = [self.requests_free_at(), self.tokens_free_at(n_tokens)];
        opens_at.into_iter().flatten().max().filter(|at| *at > now).map(|at| at - now)
    }

    /// Counts a request of about `n_tokens` that is let through.
    pub(crate) fn count(&mut self, n_tokens: u32, now: Instant) -> Ticket {
        let ticket = Ticket(self.n_passed);
        self.n_passed += 1;
        self.passed.push_back(Passed { at: now, n_tokens, ticket });
        ticket
    }

    /// Puts the tokens of a request right, once the provider has counted them.
    pub(crate) fn settle(&mut self, ticket: Ticket, n_tokens: u32) {
        if let Some(passed) = self.passed.iter_mut().find(|passed| passed.ticket == ticket) {
            passed.n_tokens = n_tokens;
        }
    }

    fn requests_free_at(&self) -> Option<Instant> {
        let limit = usize::try_from(self.limits.requests_per_minute?).ok()?.max(1);
        let n_over = self.passed.len().checked_sub(limit)?;
        self.passed.get(n_over).map(|passed| passed.at + WINDOW)
    }

    fn tokens_free_at(&self, n_tokens: u32) -> Option<Instant> {
        let limit = u64::from(self.limits.tokens_per_minute?);
        let mut n_counted: u64 = self.passed.iter().map(|passed| u64::from(passed.n_tokens)).sum();
        let mut free_at = None;
        for passed in &self.passed {
            if n_counted + u64::from(n_tokens) <= limit {
                break;
            }
            n_counted -= u64::from(passed.n_tokens);
            free_at = Some(passed.at + WINDOW);
        }
        free_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Check {
        limiter: Limiter,
        start: Instant,
    }

    impl Check {
        fn new(requests: Option<u32>, tokens: Option<u32>) -> Self {
            let limits = Limits { requests_per_minute: requests, tokens_per_minute: tokens, concurrent: None };
            Self { limiter: Limiter::new(limits), start: Instant::now() }
        }

        fn at(&self, second: u64) -> Instant {
            self.start + Duration::from_secs(second)
        }

        fn enter(&mut self, second: u64, n_tokens: u32, expected_wait: Option<u64>) {
            let wait = self.limiter.wait(n_tokens, self.at(second));
            assert_eq!(wait, expected_wait.map(Duration::from_secs), "at {second} s");
            if wait.is_none() {
                self.limiter.count(n_tokens, self.at(second));
            }
        }
    }

    #[test]
    fn without_limits_everything_passes() {
        let mut check = Check::new(None, None);
        (0..1000).for_each(|_| check.enter(0, u32::MAX, None));
    }

    #[test]
    fn requests_are_counted_over_a_minute() {
        let mut check = Check::new(Some(2), None);
        check.enter(0, 1, None);
        check.enter(10, 1, None);
        check.enter(20, 1, Some(40));
        check.enter(60, 1, None);
        check.enter(61, 1, Some(9));
        check.enter(70, 1, None);
    }

    #[test]
    fn tokens_are_counted_over_a_minute() {
        let mut check = Check::new(None, Some(100));
        check.enter(0, 60, None);
        check.enter(5, 30, None);
        check.enter(6, 10, None);
        check.enter(7, 20, Some(53));
        check.enter(60, 20, None);
    }

    #[test]
    fn what_the_provider_counted_replaces_the_estimate() {
        let mut check = Check::new(None, Some(100));
        let ticket = check.limiter.count(90, check.at(0));
        check.enter(1, 50, Some(59));
        check.limiter.settle(ticket, 10);
        check.enter(1, 50, None);
        let at = check.at(70);
        check.limiter.wait(1, at);
        check.limiter.settle(ticket, 100);
        check.enter(70, 100, None);
    }

    #[test]
    fn a_request_beyond_the_limit_passes_alone() {
        let mut check = Check::new(None, Some(100));
        check.enter(0, 500, None);
        check.enter(1, 500, Some(59));
        check.enter(60, 500, None);
    }
}
