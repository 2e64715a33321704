//! What an answer's headers say may still be asked, over all the names that services have for it.

use std::time::Duration;

use crate::provider::wait::until;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Requests.
    Requests,
    /// Tokens read and written together.
    Tokens,
    /// Tokens read.
    Input,
    /// Tokens written.
    Output,
}

/// How much of something is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Of what.
    pub resource: Resource,
    /// The most there can be; `None` where that was not said.
    pub limit: Option<u64>,
    /// What is left now.
    pub left: u64,
    /// How long until all of it is back, if nothing more is asked.
    pub full_in: Duration,
}

/// The names of the headers: what is left, the limit, when all is back. Services that count by the minute do not say
/// when.
const NAMES: [(Resource, &str, &str, Option<&str>); 8] = [
    (
        Resource::Requests,
        "x-ratelimit-remaining-requests",
        "x-ratelimit-limit-requests",
        Some("x-ratelimit-reset-requests"),
    ),
    (Resource::Tokens, "x-ratelimit-remaining-tokens", "x-ratelimit-limit-tokens", Some("x-ratelimit-reset-tokens")),
    (
        Resource::Requests,
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-limit",
        Some("anthropic-ratelimit-requests-reset"),
    ),
    (
        Resource::Tokens,
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-limit",
        Some("anthropic-ratelimit-tokens-reset"),
    ),
    (
        Resource::Input,
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-limit",
        Some("anthropic-ratelimit-input-tokens-reset"),
    ),
    (
        Resource::Output,
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-limit",
        Some("anthropic-ratelimit-output-tokens-reset"),
    ),
    (Resource::Requests, "x-ratelimit-remaining-req-minute", "x-ratelimit-limit-req-minute", None),
    (Resource::Tokens, "x-ratelimit-remaining-tokens-minute", "x-ratelimit-limit-tokens-minute", None),
];

/// Returns what the headers of an answer say, looked up by lower-case name; nothing where they say nothing, or what
/// cannot be: one service sends -1 for each of them.
pub fn allowances<'h>(header: impl Fn(&str) -> Option<&'h str>) -> Vec<Allowance> {
    let number = |name: &str| header(name)?.trim().parse::<f64>().ok();
    let row = |(resource, left, limit, reset): (Resource, &str, &str, Option<&str>)| {
        let left = number(left)?.max(0.0) as u64;
        let limit = number(limit);
        let full_in = match reset {
            Some(name) => until(header(name)?, header("date"))?,
            None => Duration::from_secs(60),
        };
        let is_sound = limit.is_none_or(|limit| limit > 0.0);
        is_sound.then(|| Allowance { resource, limit: limit.map(|limit| limit as u64), left, full_in })
    };
    NAMES.into_iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], expected: &[(Resource, Option<u64>, u64, u64)]) {
        let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let found = allowances(header);
        let found: Vec<_> = found.iter().map(|it| (it.resource, it.limit, it.left, it.full_in.as_millis())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(resource, limit, left, ms)| (*resource, *limit, *left, u128::from(*ms))).collect();
        assert_eq!(found, expected, "{headers:?}");
    }

    #[test]
    fn every_way_of_counting_is_understood() {
        check(&[], &[]);
        check(
            &[
                ("x-ratelimit-limit-requests", "5000"),
                ("x-ratelimit-remaining-requests", "4999"),
                ("x-ratelimit-reset-requests", "12ms"),
                ("x-ratelimit-limit-tokens", "160000"),
                ("x-ratelimit-remaining-tokens", "-27689"),
                ("x-ratelimit-reset-tokens", "6m0s"),
            ],
            &[(Resource::Requests, Some(5000), 4999, 12), (Resource::Tokens, Some(160_000), 0, 360_000)],
        );
        check(
            &[
                ("date", "Sun, 22 Nov 2026 10:00:00 GMT"),
                ("anthropic-ratelimit-input-tokens-limit", "2000000"),
                ("anthropic-ratelimit-input-tokens-remaining", "0"),
                ("anthropic-ratelimit-input-tokens-reset", "2026-11-22T10:00:07Z"),
                ("anthropic-ratelimit-output-tokens-remaining", "3"),
                ("anthropic-ratelimit-output-tokens-reset", "2026-11-22T12:00:30+02:00"),
            ],
            &[(Resource::Input, Some(2_000_000), 0, 7_000), (Resource::Output, None, 3, 30_000)],
        );
        check(
            &[("x-ratelimit-remaining-req-minute", "0"), ("x-ratelimit-limit-req-minute", "60")],
            &[(Resource::Requests, Some(60), 0, 60_000)],
        );
        check(
            &[("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "12")],
            &[(Resource::Tokens, None, 0, 12_000)],
        );
    }

    #[test]
    fn what_cannot_be_is_passed_over() {
        check(&[("x-ratelimit-remaining-requests", "5")], &[]);
        check(&[("x-ratelimit-remaining-requests", "few"), ("x-ratelimit-reset-requests", "1s")], &[]);
        check(&[("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "soon")], &[]);
        let disabled = [
            ("x-ratelimit-limit-tokens", "-1"),
            ("x-ratelimit-remaining-tokens", "-1"),
            ("x-ratelimit-reset-tokens", "0"),
        ];
        check(&disabled, &[]);
        // A day without the answer's own clock cannot be told from a wait.
        let undated = [
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-11-22T10:00:07Z"),
        ];
        check(&undated, &[]);
    }
}
