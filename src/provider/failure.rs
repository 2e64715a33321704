//! From a server's report to a fault: which sort it is, and what a person is told.

use std::time::Duration;

use crate::domain::fault::{Fault, FaultKind};
use crate::provider::endpoint::{Model, Provider};
use crate::provider::error::ServerError;
use crate::provider::quirk::{Quirk, complained_of};
use crate::provider::wait::asked_for;

/// The longest part of a server's words that is shown, in characters.
const MAX_WORDS: usize = 240;

/// The shortest key that is looked for in a server's words; a shorter one would be found in ordinary words.
const MIN_KEY: usize = 6;

/// What keys begin with, where vendors have a habit: a server may quote part of one.
const KEY_BEGINNINGS: [&str; 8] = ["sk-", "sk_", "xai-", "pplx-", "gsk_", "AIza", "hf_", "Bearer"];

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
    let is_worth_retrying = match header("x-should-retry") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) | None => None,
    };
    let message = told(kind, error, status, retry_after, model);
    let advice = Some(advice(kind, status, retry_after, &model.provider));
    let is_about_request = matches!(kind, FaultKind::BadRequest | FaultKind::Unsupported);
    let quirk = if is_about_request { complained_of(error) } else { None };
    Failure { fault: Fault { kind, message, advice, http_status: status, retry_after }, is_worth_retrying, quirk }
}

/// Returns the sort of a failure: by the server's words where they are plain, else by the status.
fn kind(error: &ServerError, status: Option<u16>) -> FaultKind {
    let message = error.message.to_ascii_lowercase();
    let is_labelled = |words: &[&str]| error.labels.iter().any(|label| words.iter().any(|word| label.contains(word)));
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let status = status.or(error.status);
    if is_labelled(&["insufficient_quota", "billing", "perday", "payment"])
        || status == Some(402)
        || says(&["credit balance is too low", "insufficient balance"])
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
    if is_labelled(&["model_not_found", "not_found"]) || says(&["model not found", "supported api model names"]) {
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
fn advice(kind: FaultKind, status: Option<u16>, retry_after: Option<Duration>, provider: &Provider) -> String {
    let advice = match kind {
        FaultKind::Auth => match (&provider.key, &provider.key_source) {
            (Some(_), Some(source)) => return format!("put a valid key into {source}"),
            (Some(_), None) => "use a valid key",
            (None, Some(source)) => return format!("set {source}"),
            (None, None) => "set api_key_env in the config",
        },
        FaultKind::Quota => "top it up, or switch the model off",
        FaultKind::NotFound if is_moved(status) => "correct its base_url",
        FaultKind::NotFound => "check model and base_url",
        FaultKind::ContextLength => "begin a new conversation, or ask a model that reads more",
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

/// Returns a wait as a person reads it: tenths below ten seconds, then seconds, then minutes.
pub fn seconds(wait: Duration) -> String {
    let seconds = wait.as_secs_f64();
    if seconds < 10.0 && wait.subsec_millis() != 0 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{:.0} min", seconds / 60.0)
    }
}

/// Returns a server's words as they may be shown: one line of ordinary characters, at most 240, without anything that
/// is or looks like a key.
pub fn plain(words: &str, provider: &Provider) -> String {
    let secrets = provider.headers.iter().map(|(_, value)| value).chain(&provider.key);
    let mut text = without_sequences(words);
    for secret in secrets.filter(|secret| secret.reveal().len() >= MIN_KEY) {
        text = text.replace(secret.reveal(), "…");
    }
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(if looks_like_key(word) { "…" } else { word });
    }
    match line.char_indices().nth(MAX_WORDS) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default().trim_end()),
        None => line.trim_end_matches('.').to_owned(),
    }
}

/// Returns the words without what a terminal would obey: whole sequences, so that no `[31m` is left behind.
fn without_sequences(words: &str) -> String {
    let mut kept = String::with_capacity(words.len());
    let mut letters = words.chars();
    while let Some(letter) = letters.next() {
        let introducer = match letter {
            '\u{1b}' => letters.next(),
            '\u{9b}' => Some('['),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => Some(']'),
            other => {
                kept.push(other);
                continue;
            }
        };
        let is_last: fn(char) -> bool = match introducer {
            Some('[') => |letter| ('@'..='~').contains(&letter),
            Some(']' | 'P' | 'X' | '^' | '_') => |letter| matches!(letter, '\u{7}' | '\\' | '\u{9c}'),
            Some(_) | None => continue,
        };
        letters.by_ref().find(|letter| is_last(*letter));
    }
    kept
}

fn looks_like_key(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    bare.len() >= 12 && KEY_BEGINNINGS.iter().any(|beginning| bare.starts_with(beginning))
}

/// Returns whether a character changes how others are drawn without being seen itself.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::dialect::Dialect;
    use crate::provider::endpoint::Secret;
    use crate::provider::request::tests::{model, provider};

    fn failure(status: Option<u16>, body: &str) -> Failure {
        reported(&ServerError::of_body(body), status, |_| None, &model(Dialect::OpenaiChat))
    }

    fn check(status: Option<u16>, body: &str, kind: FaultKind) {
        let found = failure(status, body).fault;
        assert_eq!((found.kind, found.http_status), (kind, status), "{body}");
    }

    #[test]
    fn escape_sequences_go_as_a_whole() {
        let provider = provider(Dialect::OpenaiChat);
        for (words, expected) in [
            ("\u{1b}[31mLogin\u{1b}[0m please \u{1b}]0;pwn\u{7}", "Login please"),
            ("a\u{9b}1mb", "ab"),
            ("half \u{1b}[3", "half"),
        ] {
            assert_eq!(plain(words, &provider), expected, "{words:?}");
        }
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
            check(Some(status), "<html><title>words</title></html>", kind);
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
    fn a_server_that_asks_for_no_retry_is_heard() {
        let header = |name: &str| (name == "x-should-retry").then_some("false");
        let failure = reported(&ServerError::default(), Some(500), header, &model(Dialect::Anthropic));
        assert_eq!(failure.is_worth_retrying, Some(false));
    }

    #[test]
    fn keys_and_controls_never_reach_a_person() {
        let house =
            Provider { headers: vec![("x".to_owned(), Secret::new("other-secret"))], ..provider(Dialect::OpenaiChat) };
        let check = |words: &str, expected: &str| assert_eq!(plain(words, &house), expected);
        check("bad key planted-key-1234!", "bad key …!");
        check("bad header other-secret", "bad header …");
        check("Incorrect API key provided: sk-proj-abc***********xyz.", "Incorrect API key provided: …");
        check("\u{1b}[31mred\u{7}\r\n\tend\u{202e}", "red end");
        check("", "");
        assert_eq!(plain(&"é".repeat(1000), &house).chars().count(), MAX_WORDS + 1);
    }

    #[test]
    fn waits_read_well() {
        assert_eq!(seconds(Duration::from_millis(2_346)), "2.3 s");
        assert_eq!(seconds(Duration::from_secs(12)), "12 s");
        assert_eq!(seconds(Duration::from_secs(432)), "7 min");
    }
}
