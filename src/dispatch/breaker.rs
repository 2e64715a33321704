//! Spares a provider that keeps failing, and the person the wait for it. Pure: time is an argument.

use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row after which no more requests are sent: two questions with all their attempts.
const MAX_FAILURES: u32 = 6;

/// How long none is sent; then a single one is let through as a probe.
const PAUSE: Duration = Duration::from_secs(15);

/// What is known of one provider's health.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    n_failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Lets a request through, or returns how long none will pass. The first one after the pause is the probe: others
    /// wait for another pause, or for its success.
    pub(crate) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.open_until {
            None => Ok(()),
            Some(until) if until > now => Err(until - now),
            Some(_) => {
                // A probe that is dropped by the person tells nothing; the pause makes room for the next.
                self.open_until = Some(now + PAUSE);
                Ok(())
            }
        }
    }

    /// Notes that the provider answered, be it with a refusal.
    pub(crate) fn worked(&mut self) {
        *self = Self::default();
    }

    /// Notes that the provider failed.
    pub(crate) fn failed(&mut self, now: Instant) {
        self.n_failures = self.n_failures.saturating_add(1);
        if self.n_failures >= MAX_FAILURES {
            self.open_until = Some(now + PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_failures_in_a_row_stop_requests_until_a_probe_works() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let mut breaker = Breaker::default();
        for second in 0..6 {
            assert_eq!(breaker.admit(at(second)), Ok(()));
            breaker.failed(at(second));
        }
        assert_eq!(breaker.admit(at(6)), Err(Duration::from_secs(14)));
        assert_eq!(breaker.admit(at(20)), Ok(()), "the probe");
        assert_eq!(breaker.admit(at(20)), Err(PAUSE), "another one beside the probe");
        breaker.failed(at(21));
        assert_eq!(breaker.admit(at(22)), Err(Duration::from_secs(14)));
        assert_eq!(breaker.admit(at(40)), Ok(()), "the next probe");
        breaker.worked();
        assert_eq!(breaker.admit(at(40)), Ok(()));
    }

    #[test]
    fn a_success_in_between_starts_the_count_anew() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        (0..5).for_each(|_| breaker.failed(now));
        breaker.worked();
        (0..5).for_each(|_| breaker.failed(now));
        assert_eq!(breaker.admit(now), Ok(()));
    }
}
