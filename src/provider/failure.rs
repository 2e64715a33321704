//! From a server's report to a fault: which sort it is, and what a person is told.

use std::time::Duration;

use crate::domain::fault::{Fault, FaultKind};
use crate::provider::endpoint::{Model, Provider};
use crate::provider::error::ServerError;
use crate::provider::quirk::{Quirk, complained_of};
use crate::provider::wait::{LONGEST, asked_for};
use crate::provider::wall::{Wall, wall};
use crate::provider::words::plain;

/// A wait beyond which nobody comes back to the same question.
const LONG: Duration = Duration::from_secs(3600);

/// A failed attempt: the fault, and what its reader needs to decide about another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What is told.
    pub fault: Fault,
    /// Whether the server itself said that another attempt makes sense; `None` when it said nothing.
    pub is_worth_retrying: Option<bool>,
    /// The parameter that another attempt should leave out, if the server complained of one.
    pub quirk: Option<Quirk>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault, is_worth_retrying: None, quirk: None }
    }
}

/// Returns the failure that a server reported: as an answer with `status`, or within an answer that had begun well,
/// when it is `None`. Headers are looked up by lower-case name.
pub fn reported<'h>(
    error: &ServerError,
    status: Option<u16>,
    header: impl Fn(&str) -> Option<&'h str>,
    model: &Model,
) -> Failure {
    let kind = kind(error, status);
    let retry_after = error.retry_after.into_iter().chain(asked_for(&header, &error.message)).max();
    // No wait is no wish, and nothing to be told.
    let retry_after = retry_after.filter(|wait| !wait.is_zero());
    let is_worth_retrying = match header("x-should-retry") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) | None => None,
    };
    let message = told(kind, error, status, retry_after, model);
    let advice = Some(advice(kind, wall(error, status), status, retry_after, &model.provider));
    let is_about_request = matches!(kind, FaultKind::BadRequest | FaultKind::Unsupported);
    let quirk = if is_about_request { complained_of(error) } else { None };
    Failure { fault: Fault { kind, message, advice, http_status: status, retry_after }, is_worth_retrying, quirk }
}

/// What services say of an account that may spend no more. A limit for a minute is none of these.
const QUOTA_WORDS: [&str; 15] = [
    "credit balance",
    "insufficient balance",
    "insufficient credit",
    "insufficient fund",
    "out of credit",
    "no credits",
    "more credits",
    "usage limit",
    "spend limit",
    "spending limit",
    "spending cap",
    "monthly limit",
    "budget has been exceeded",
    "exceeded your budget",
    "hard limit",
];

/// What services say of a model that they do not have. Some say it with the status of an overload.
const UNKNOWN_MODEL_WORDS: [&str; 12] = [
    "not found",
    "does not exist",
    "doesn't exist",
    "no such model",
    "unknown model",
    "invalid model",
    "not a valid model",
    "no available channel",
    "no endpoints found",
    "decommissioned",
    "not have access to",
    "try pulling it",
];

/// Returns the sort of a failure: by the server's words where they are plain, else by the status.
fn kind(error: &ServerError, status: Option<u16>) -> FaultKind {
    match wall(error, status) {
        Some(Wall::Bots) => return FaultKind::Malformed,
        Some(Wall::Proxy) => return FaultKind::Auth,
        Some(Wall::Region) => return FaultKind::BadRequest,
        None => {}
    }
    let message = error.message.to_ascii_lowercase();
    let is_labelled = |words: &[&str]| error.labels.iter().any(|label| words.iter().any(|word| label.contains(word)));
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let status = status.or(error.status);
    if is_labelled(&["insufficient_quota", "billing", "perday", "payment"]) || status == Some(402) || says(&QUOTA_WORDS)
    {
        return FaultKind::Quota;
    }
    if is_labelled(&["context_length", "exceed_context", "too_many_prompt_tokens"])
        || says(&["prompt is too long", "maximum context length", "context window", "context size"])
    {
        return FaultKind::ContextLength;
    }
    if is_labelled(&["content_filter", "moderation", "responsibleai", "content_policy"]) {
        return FaultKind::Filtered;
    }
    if is_labelled(&["invalid_api_key", "authentication", "api_key_invalid", "permission", "unauthenticated"])
        || says(&["incorrect api key", "invalid api key", "api key not valid"])
    {
        return FaultKind::Auth;
    }
    let is_of_model = message.contains("model") && says(&UNKNOWN_MODEL_WORDS);
    if is_labelled(&["model_not_found", "not_found", "decommissioned"])
        || is_of_model
        || says(&["supported api model names", "no endpoints found"])
    {
        return FaultKind::NotFound;
    }
    if is_labelled(&["unsupported_parameter", "unsupported_value", "not_supported"]) || says(&["unsupported parameter"])
    {
        return FaultKind::Unsupported;
    }
    if is_labelled(&["rate_limit", "resource_exhausted", "throttl", "too_many_requests"]) {
        return FaultKind::RateLimited;
    }
    if is_labelled(&["overloaded", "unavailable", "capacity"]) || says(&["overloaded"]) {
        return FaultKind::Overloaded;
    }
    by_status(status)
}

fn by_status(status: Option<u16>) -> FaultKind {
    match status {
        Some(401 | 403) => FaultKind::Auth,
        Some(404 | 405 | 410 | 300..=399) => FaultKind::NotFound,
        Some(408 | 504 | 524) => FaultKind::Timeout,
        Some(413) => FaultKind::TooLarge,
        Some(429) => FaultKind::RateLimited,
        Some(503 | 529) => FaultKind::Overloaded,
        Some(409) => FaultKind::Server,
        Some(400..=499) => FaultKind::BadRequest,
        Some(_) | None => FaultKind::Server,
    }
}

fn told(
    kind: FaultKind,
    error: &ServerError,
    status: Option<u16>,
    retry_after: Option<Duration>,
    model: &Model,
) -> String {
    let provider = &model.provider;
    let id = &provider.id;
    let name = &model.member.api_model;
    let what = match kind {
        _ if wall(error, status) == Some(Wall::Bots) => format!("a page came in place of {id}, which was not asked"),
        _ if wall(error, status) == Some(Wall::Proxy) => format!("the proxy before {id} wants to know who asks"),
        _ if wall(error, status) == Some(Wall::Region) => format!("{id} is closed to where the question comes from"),
        FaultKind::Auth => match (&provider.key, &provider.key_source) {
            (Some(_), Some(source)) => format!("{id} refused the key in {source}"),
            (Some(_), None) => format!("{id} refused the key"),
            (None, _) => format!("{id} wants a key"),
        },
        FaultKind::Quota => format!("{id} says that the account has no credit or quota left"),
        FaultKind::NotFound if is_moved(status) => format!("{id} has moved"),
        FaultKind::NotFound => format!("{id} does not know the model `{name}` or the path"),
        FaultKind::ContextLength => format!("the conversation is longer than `{name}` reads"),
        FaultKind::RateLimited => match retry_after {
            Some(wait) => format!("{id} is over its limit and asks to wait {}", seconds(wait)),
            None => format!("{id} is over its limit"),
        },
        FaultKind::Overloaded => format!("{id} has no capacity for now"),
        FaultKind::Server => format!("{id} failed"),
        FaultKind::Timeout => format!("{id} gave up waiting for the model"),
        FaultKind::Filtered => format!("{id} withheld the answer"),
        FaultKind::TooLarge => format!("the question is larger than {id} accepts"),
        FaultKind::Unsupported => format!("`{name}` cannot do what was asked"),
        FaultKind::BadRequest
        | FaultKind::Network
        | FaultKind::Tls
        | FaultKind::Cut
        | FaultKind::Malformed
        | FaultKind::Empty => format!("{id} did not accept the request"),
    };
    let words = plain(&error.message, provider);
    let status = status.map(|status| format!(" ({status})")).unwrap_or_default();
    if words.is_empty() { format!("{what}{status}") } else { format!("{what}{status}: {words}") }
}

/// Returns what a person can do about a failure that a server reported.
fn advice(
    kind: FaultKind,
    wall: Option<Wall>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    provider: &Provider,
) -> String {
    let advice = match kind {
        _ if wall == Some(Wall::Bots) => "check base_url and proxy, or ask from another network",
        _ if wall == Some(Wall::Proxy) => "put user and password into the proxy's address",
        _ if wall == Some(Wall::Region) => "ask by way of a proxy or a service that it is open to",
        FaultKind::Auth => match (&provider.key, &provider.key_source) {
            (Some(_), Some(source)) => return format!("put a valid key into {source}"),
            (Some(_), None) => "use a valid key",
            (None, Some(source)) => return format!("set {source}"),
            (None, None) => "set api_key_env in the config",
        },
        FaultKind::Quota => "top it up or raise its limit there, or switch the model off",
        FaultKind::NotFound if is_moved(status) => "correct its base_url",
        FaultKind::NotFound => "check model and base_url",
        FaultKind::ContextLength => "begin a new conversation, or ask a model that reads more",
        FaultKind::RateLimited if retry_after.is_some_and(|wait| wait > LONG) => "ask another model until then",
        FaultKind::RateLimited if retry_after.is_some() => "ask again then",
        FaultKind::RateLimited | FaultKind::Overloaded => "ask again in a minute",
        FaultKind::Server | FaultKind::Timeout => "ask again later: the fault is on their side",
        FaultKind::Filtered => "ask in other words",
        FaultKind::TooLarge => "shorten it",
        FaultKind::Unsupported => "change the model's options",
        FaultKind::BadRequest
        | FaultKind::Network
        | FaultKind::Tls
        | FaultKind::Cut
        | FaultKind::Malformed
        | FaultKind::Empty => "check the model's options and its dialect",
    };
    advice.to_owned()
}

fn is_moved(status: Option<u16>) -> bool {
    status.is_some_and(|status| status < 400)
}

/// Returns a wait as a person reads it: tenths below ten seconds, then seconds, minutes, hours and days.
pub fn seconds(wait: Duration) -> String {
    let seconds = wait.as_secs_f64();
    let (hour, day) = (3600.0, 24.0 * 3600.0);
    if seconds < 10.0 && wait.subsec_millis() != 0 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else if seconds < 2.0 * hour {
        format!("{:.0} min", seconds / 60.0)
    } else if seconds < 2.0 * day {
        format!("{:.0} h", seconds / hour)
    } else if wait < LONGEST {
        format!("{:.0} days", seconds / day)
    } else {
        "a year or more".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::dialect::Dialect;
    use crate::provider::request::tests::model;

    fn failure(status: Option<u16>, body: &str) -> Failure {
        reported(&ServerError::of_body(body), status, |_| None, &model(Dialect::OpenaiChat))
    }

    fn check(status: Option<u16>, body: &str, kind: FaultKind) {
        let found = failure(status, body).fault;
        assert_eq!((found.kind, found.http_status), (kind, status), "{body}");
    }

    #[test]
    fn words_decide_before_the_status() {
        let error = |inner: &str| format!(r#"{{"error":{{{inner}}}}}"#);
        check(Some(429), &error(r#""message":"m","code":"insufficient_quota""#), FaultKind::Quota);
        check(Some(429), &error(r#""message":"m","code":"rate_limit_exceeded""#), FaultKind::RateLimited);
        check(Some(400), &error(r#""message":"Your credit balance is too low""#), FaultKind::Quota);
        check(Some(400), &error(r#""message":"prompt is too long: 9 tokens > 8 maximum""#), FaultKind::ContextLength);
        check(Some(400), &error(r#""message":"m","type":"exceed_context_size_error""#), FaultKind::ContextLength);
        check(Some(400), &error(r#""message":"m","code":"content_filter""#), FaultKind::Filtered);
        check(Some(403), &error(r#""message":"m","metadata":{"reasons":["violence"]}"#), FaultKind::Filtered);
        check(Some(400), &error(r#""message":"m","details":[{"reason":"API_KEY_INVALID"}]"#), FaultKind::Auth);
        check(Some(400), r#"{"code":"x","error":"Model not found: m"}"#, FaultKind::NotFound);
        check(Some(400), r#"{"code":"x","error":"Incorrect API key provided"}"#, FaultKind::Auth);
        check(Some(400), &error(r#""message":"m","code":"unsupported_parameter""#), FaultKind::Unsupported);
        check(None, &error(r#""message":"Overloaded","type":"overloaded_error""#), FaultKind::Overloaded);
        check(None, &error(r#""message":"m","code":503"#), FaultKind::Overloaded);
        check(None, &error(r#""message":"m""#), FaultKind::Server);
        let daily = r#""message":"m","details":[{"violations":[{"quotaId":"RequestsPerDayPerModel"}]}]"#;
        check(Some(429), &error(daily), FaultKind::Quota);
        let minute = r#""message":"m","details":[{"violations":[{"quotaId":"TokensPerMinute"}]}]"#;
        check(Some(429), &error(minute), FaultKind::RateLimited);
    }

    #[test]
    fn the_status_decides_where_words_say_nothing() {
        for (status, kind) in [
            (301, FaultKind::NotFound),
            (400, FaultKind::BadRequest),
            (401, FaultKind::Auth),
            (402, FaultKind::Quota),
            (403, FaultKind::Auth),
            (404, FaultKind::NotFound),
            (408, FaultKind::Timeout),
            (413, FaultKind::TooLarge),
            (422, FaultKind::BadRequest),
            (429, FaultKind::RateLimited),
            (500, FaultKind::Server),
            (502, FaultKind::Server),
            (503, FaultKind::Overloaded),
            (504, FaultKind::Timeout),
            (529, FaultKind::Overloaded),
        ] {
            check(Some(status), "", kind);
            let page = if status == 403 { FaultKind::Malformed } else { kind };
            check(Some(status), "<html><title>words</title></html>", page);
        }
    }

    #[test]
    fn a_person_is_told_what_happened_and_what_to_do() {
        let told = |status, body| failure(Some(status), body).fault.told();
        assert_eq!(
            told(401, r#"{"detail":"Invalid"}"#),
            "house refused the key in HOUSE_KEY (401): Invalid; put a valid key into HOUSE_KEY"
        );
        assert_eq!(
            told(502, "<title>502 Bad Gateway</title>"),
            "house failed (502): 502 Bad Gateway; ask again later: the fault is on their side"
        );
        let wait = r#"{"error":{"message":"Try again in 12s."}}"#;
        assert_eq!(
            told(429, wait),
            "house is over its limit and asks to wait 12 s (429): Try again in 12s; ask again then"
        );
        assert_eq!(told(500, ""), "house failed (500); ask again later: the fault is on their side");
    }

    #[test]
    fn advice_fits_what_stands_before_a_service() {
        let page = |title: &str| format!("<!DOCTYPE html><html><head><title>{title}</title></head></html>");
        let error = |inner: &str| format!(r#"{{"error":{{{inner}}}}}"#);
        let (key, network) = ("put a valid key", "another network");
        for (status, body, kind, said) in [
            (403, page("Just a moment..."), FaultKind::Malformed, network),
            (503, page("Attention Required! | Cloudflare"), FaultKind::Malformed, network),
            (429, page("Access Denied"), FaultKind::Malformed, network),
            (403, page("403 Forbidden"), FaultKind::Malformed, network),
            (401, error(r#""message":"bad key""#), FaultKind::Auth, key),
            (403, error(r#""message":"no""#), FaultKind::Auth, key),
            (407, page("Proxy Authentication Required"), FaultKind::Auth, "user and password"),
            (
                403,
                error(r#""message":"m","code":"unsupported_country_region_territory""#),
                FaultKind::BadRequest,
                "proxy",
            ),
            (
                400,
                error(r#""message":"User location is not supported for the API use.""#),
                FaultKind::BadRequest,
                "proxy",
            ),
            (451, String::new(), FaultKind::BadRequest, "proxy"),
            (400, error(r#""message":"You have reached your specified API usage limits.""#), FaultKind::Quota, "raise"),
            (400, error(r#""message":"Budget has been exceeded! Current cost: 5""#), FaultKind::Quota, "raise"),
            (403, error(r#""message":"monthly spending limit reached""#), FaultKind::Quota, "raise"),
            (429, error(r#""message":"You have insufficient credits""#), FaultKind::Quota, "raise"),
            (403, error(r#""message":"Key's hard limit exceeded""#), FaultKind::Quota, "raise"),
            (400, error(r#""message":"x is not a valid model ID""#), FaultKind::NotFound, "check model"),
            (503, error(r#""message":"No available channel for model x""#), FaultKind::NotFound, "check model"),
            (
                500,
                error(r#""message":"model 'x' not found, try pulling it first""#),
                FaultKind::NotFound,
                "check model",
            ),
            (400, error(r#""message":"The model `x` has been decommissioned""#), FaultKind::NotFound, "check model"),
            (404, error(r#""message":"No endpoints found for x""#), FaultKind::NotFound, "check model"),
        ] {
            let fault = failure(Some(status), &body).fault;
            assert_eq!(fault.kind, kind, "{body}");
            assert!(fault.told().contains(said), "{}", fault.told());
            assert_eq!(fault.told().contains(key), said == key, "{}", fault.told());
        }
    }

    #[test]
    fn a_server_that_asks_for_no_retry_is_heard() {
        let header = |name: &str| (name == "x-should-retry").then_some("false");
        let failure = reported(&ServerError::default(), Some(500), header, &model(Dialect::Anthropic));
        assert_eq!(failure.is_worth_retrying, Some(false));
    }

    #[test]
    fn waits_read_well() {
        assert_eq!(seconds(Duration::from_millis(2_346)), "2.3 s");
        assert_eq!(seconds(Duration::from_secs(12)), "12 s");
        assert_eq!(seconds(Duration::from_secs(432)), "7 min");
        assert_eq!(seconds(Duration::from_secs(7_200)), "2 h");
        assert_eq!(seconds(Duration::from_secs(604_800)), "7 days");
        assert_eq!(seconds(LONGEST), "a year or more");
    }
}
