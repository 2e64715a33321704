//! Whether a failed attempt is followed by another, and after which wait. Pure: chance and time are arguments.
//!
//! symptom -> what to change: a provider that recovers late is given up too early -> `MAX_RETRIES`; many clients come
//! back in the same moment -> `JITTER`; a person waits for minutes -> `LONGEST_WISH`.

use std::time::Duration;

use crate::domain::fault::FaultKind;
use crate::provider::failure::Failure;

/// Attempts after the first one. Each may be billed, as no provider takes an idempotency key for chats.
pub const MAX_RETRIES: u32 = 2;

/// The first wait; each further one is twice as long (the policy of both official clients).
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait that is chosen here.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// The longest wait that a server may ask for; beyond it the person is told instead (the clients' limit, too).
pub(crate) const LONGEST_WISH: Duration = Duration::from_secs(120);

/// The largest part by which a wait is lengthened at random, so that callers do not come back all at once.
const JITTER: f64 = 0.25;

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Another attempt, after a wait.
    Retry(Duration),
    /// Nothing: asking again cannot help, or would cost too much.
    GiveUp,
}

impl Decision {
    /// Returns the wait before the next attempt, if there is one.
    pub fn wait(self) -> Option<Duration> {
        match self {
            Self::Retry(wait) => Some(wait),
            Self::GiveUp => None,
        }
    }
}

/// Returns what follows a failure before any text was shown. `n_retries` have been made already; `chance` is between
/// 0 and 1; `left` is the time that the whole answer may still take.
pub fn decide(failure: &Failure, n_retries: u32, chance: f64, left: Duration) -> Decision {
    if n_retries >= MAX_RETRIES || !failure.is_worth_retrying.unwrap_or_else(|| can_help(failure)) {
        return Decision::GiveUp;
    }
    let lengthened = |wait: Duration| wait.mul_f64(1.0 + JITTER * chance.clamp(0.0, 1.0));
    let wait = match failure.fault.retry_after.filter(|wish| !wish.is_zero()) {
        Some(wish) if wish > LONGEST_WISH => return Decision::GiveUp,
        // Never earlier than the server asked for, but not all callers at that very moment either.
        Some(wish) => lengthened(wish).min(wish + Duration::from_secs(1)),
        None => lengthened(FIRST_WAIT * 2_u32.saturating_pow(n_retries)).min(LONGEST_WAIT),
    };
    if wait < left { Decision::Retry(wait) } else { Decision::GiveUp }
}

fn can_help(failure: &Failure) -> bool {
    match failure.fault.kind {
        FaultKind::RateLimited
        | FaultKind::Overloaded
        | FaultKind::Server
        | FaultKind::Network
        | FaultKind::Cut
        | FaultKind::Empty => true,
        // The server's own time-out passes; ours has already cost the person a minute.
        FaultKind::Timeout => failure.fault.http_status.is_some(),
        FaultKind::Auth
        | FaultKind::Quota
        | FaultKind::BadRequest
        | FaultKind::NotFound
        | FaultKind::ContextLength
        | FaultKind::Tls
        | FaultKind::Malformed
        | FaultKind::Filtered
        | FaultKind::TooLarge
        | FaultKind::Unsupported => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::Fault;

    const LONG: Duration = Duration::from_secs(600);

    fn failure(kind: FaultKind, wish_ms: Option<u64>) -> Failure {
        Failure::from(Fault { retry_after: wish_ms.map(Duration::from_millis), ..Fault::new(kind, "m") })
    }

    fn check(kind: FaultKind, wish_ms: Option<u64>, n_retries: u32, chance: f64, expected_ms: Option<u64>) {
        let decision = decide(&failure(kind, wish_ms), n_retries, chance, LONG);
        let expected = expected_ms.map_or(Decision::GiveUp, |ms| Decision::Retry(Duration::from_millis(ms)));
        assert_eq!(decision, expected, "{kind:?} {wish_ms:?} {n_retries} {chance}");
    }

    #[test]
    fn waits_double_and_are_lengthened_by_at_most_a_quarter() {
        check(FaultKind::Server, None, 0, 0.0, Some(500));
        check(FaultKind::Server, None, 0, 1.0, Some(625));
        check(FaultKind::Server, None, 1, 0.0, Some(1_000));
        check(FaultKind::Server, None, 1, 1.0, Some(1_250));
        check(FaultKind::Server, None, 2, 0.0, None);
    }

    #[test]
    fn the_servers_wish_comes_first() {
        check(FaultKind::RateLimited, Some(3_000), 0, 0.0, Some(3_000));
        check(FaultKind::RateLimited, Some(3_000), 0, 1.0, Some(3_750));
        check(FaultKind::RateLimited, Some(60_000), 1, 1.0, Some(61_000));
        check(FaultKind::RateLimited, Some(0), 0, 0.0, Some(500));
        check(FaultKind::RateLimited, Some(121_000), 0, 0.0, None);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for kind in [FaultKind::Overloaded, FaultKind::Network, FaultKind::Cut, FaultKind::Empty] {
            check(kind, None, 0, 0.0, Some(500));
        }
        for kind in [
            FaultKind::Auth,
            FaultKind::Quota,
            FaultKind::BadRequest,
            FaultKind::NotFound,
            FaultKind::ContextLength,
            FaultKind::Timeout,
            FaultKind::Tls,
            FaultKind::Malformed,
            FaultKind::Filtered,
            FaultKind::TooLarge,
            FaultKind::Unsupported,
        ] {
            check(kind, None, 0, 0.0, None);
        }
    }

    #[test]
    fn the_server_knows_best_whether_to_come_back() {
        let told = |kind, is_worth| Failure { is_worth_retrying: Some(is_worth), ..failure(kind, None) };
        assert_eq!(decide(&told(FaultKind::Server, false), 0, 0.0, LONG), Decision::GiveUp);
        let again = decide(&told(FaultKind::BadRequest, true), 0, 0.0, LONG);
        assert_eq!(again, Decision::Retry(Duration::from_millis(500)));
    }

    #[test]
    fn a_wait_that_outlasts_the_turn_is_not_begun() {
        let short = Duration::from_millis(400);
        assert_eq!(decide(&failure(FaultKind::Server, None), 0, 0.0, short), Decision::GiveUp);
    }
}
