//! What a complaint of a provider closes, until it takes requests again. Pure: time is an argument.
//!
//! symptom -> what to change: after a 429 the models behind one gate start too slowly -> `SPACING`.

use std::time::Duration;

use tokio::time::Instant;

/// The time between two requests once a provider has complained, until one of them succeeds.
const SPACING: Duration = Duration::from_secs(1);

/// Lets requests through, one by one for a while after a complaint.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// No request passes before.
    closed_until: Option<Instant>,
    is_recovering: bool,
}

impl Gate {
    /// Returns how long a request must wait before it asks again; `None` when it may pass.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        self.closed_until.filter(|at| *at > now).map(|at| at - now)
    }

    /// Notes that a request is let through.
    pub(crate) fn count(&mut self, now: Instant) {
        if self.is_recovering {
            self.closed_until = Some(now + SPACING);
        }
    }

    /// Lets nothing through for a while, as the provider has complained.
    pub(crate) fn close(&mut self, wait: Duration, now: Instant) {
        self.closed_until = self.closed_until.max(Some(now + wait.max(SPACING)));
        self.is_recovering = true;
    }

    /// Notes that a request was accepted.
    pub(crate) fn accepted(&mut self) {
        self.is_recovering = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_complaint_requests_pass_one_by_one_until_one_is_accepted() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let mut gate = Gate::default();
        let enter = |gate: &mut Gate, second, expected_wait: Option<u64>| {
            let wait = gate.wait(at(second));
            assert_eq!(wait, expected_wait.map(Duration::from_secs), "at {second} s");
            if wait.is_none() {
                gate.count(at(second));
            }
        };
        gate.close(Duration::from_secs(5), at(0));
        enter(&mut gate, 1, Some(4));
        enter(&mut gate, 5, None);
        enter(&mut gate, 5, Some(1));
        enter(&mut gate, 6, None);
        gate.accepted();
        enter(&mut gate, 7, None);
        enter(&mut gate, 7, None);
    }
}
