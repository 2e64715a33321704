//! What a server says when it fails, read from whatever body it sends.

use std::time::Duration;

use serde_json::Value;

use crate::provider::wait::go_duration;

/// The longest report that is read, in bytes: as a tree it takes many times as much memory.
const MAX_READ: usize = 128 << 10;

/// How much is quoted of what cannot be read, in bytes.
const MAX_QUOTE: usize = 2048;

/// A server's own report of a failure, in one shape for all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerError {
    /// What it says; may be empty.
    pub message: String,
    /// Its words for the sort of failure (type, code, status, reason, quota), in lower case.
    pub labels: Vec<String>,
    /// The HTTP status that it names in the body, where it names one.
    pub status: Option<u16>,
    /// The request's parameter that it complains of.
    pub parameter: Option<String>,
    /// The wait that it asks for in the body.
    pub retry_after: Option<Duration>,
    /// Whether it is a page for people: not from the service itself as a rule.
    pub is_page: bool,
}

impl ServerError {
    /// Returns a report that consists of a message alone.
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// Returns the report that a JSON body holds in any of the known shapes; `None` for a body that holds none.
    ///
    /// Known are an `error` that is an object or a string, flat errors (`object: "error"`, or a type beside a
    /// message), a `detail`, a lone `message`, each also within a list or within the data line of an event.
    pub fn read(body: &str) -> Option<Self> {
        let body = body.trim_start();
        if body.len() > MAX_READ {
            return None;
        }
        let json = match body.strip_prefix("data:") {
            // A gateway was recorded that frames its error bodies as events.
            Some(framed) => framed.lines().next().unwrap_or_default(),
            None => body,
        };
        Self::from_value(&serde_json::from_str(json.trim()).ok()?)
    }

    /// Returns the report within an event that is called one; its beginning where it cannot be read.
    pub(crate) fn of_event(data: &str) -> Self {
        let begun = || data.get(..data.floor_char_boundary(MAX_QUOTE)).unwrap_or_default();
        Self::read(data).unwrap_or_else(|| Self::message(begun()))
    }

    /// Returns the report of a failed request whatever its body is: JSON, a page, plain text or nothing.
    pub fn of_body(body: &str) -> Self {
        let is_page = body.trim_start().starts_with('<');
        Self::read(body).unwrap_or_else(|| Self { is_page, ..Self::message(words_of_page(body)) })
    }

    /// Returns the report within a value, if it is one.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        if let Value::Array(items) = value {
            return items.first().and_then(Self::from_value);
        }
        let object = value.as_object()?;
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        match object.get("error") {
            Some(Value::Object(_)) => Some(Self::nested(value)),
            Some(Value::String(message)) if !message.is_empty() => {
                let mut error = Self::message(message.as_str());
                error.add_labels(value);
                Some(error)
            }
            _ => {
                let is_flat = text("object") == Some("error") || (text("type").is_some() && text("message").is_some());
                if is_flat || (object.contains_key("message") && !object.contains_key("choices")) {
                    let mut error = Self::message(text("message").unwrap_or_default());
                    error.add_labels(value);
                    return Some(error);
                }
                let detail = object.get("detail")?;
                Some(Self::message(detail.as_str().map_or_else(|| detail.to_string(), str::to_owned)))
            }
        }
    }

    fn nested(value: &Value) -> Self {
        let inner = value.get("error").unwrap_or(&Value::Null);
        let mut error = Self::message(inner.get("message").and_then(Value::as_str).unwrap_or_default());
        error.add_labels(inner);
        for detail in inner.get("details").and_then(Value::as_array).into_iter().flatten() {
            error.add_detail(detail);
        }
        // A router passes on what the service behind it said.
        if let Some(raw) = inner.pointer("/metadata/raw").and_then(Value::as_str) {
            let raw = Self::read(raw).map_or_else(|| raw.to_owned(), |behind| behind.message);
            error.message = format!("{}: {raw}", error.message);
        }
        for reason in inner.pointer("/metadata/reasons").and_then(Value::as_array).into_iter().flatten() {
            error.labels.push("moderation".to_owned());
            error.message = format!("{}: {}", error.message, reason.as_str().unwrap_or_default());
        }
        if let Some(code) = inner.pointer("/innererror/code").and_then(Value::as_str) {
            error.labels.push(code.to_ascii_lowercase());
        }
        error
    }

    fn add_labels(&mut self, value: &Value) {
        for key in ["type", "code", "status"] {
            match value.get(key) {
                Some(Value::String(word)) => {
                    self.status = self.status.or_else(|| word.parse().ok().filter(|code| is_status(*code)));
                    self.labels.push(word.to_ascii_lowercase());
                }
                Some(Value::Number(number)) => {
                    let code = number.as_u64().and_then(|code| u16::try_from(code).ok());
                    self.status = self.status.or(code.filter(|code| is_status(*code)));
                }
                _ => {}
            }
        }
        if let Some(code) = value.get("status_code").and_then(Value::as_u64) {
            self.status = self.status.or(u16::try_from(code).ok().filter(|code| is_status(*code)));
        }
        if let Some(parameter) = value.get("param").and_then(Value::as_str) {
            self.parameter = Some(parameter.to_owned());
        }
    }

    fn add_detail(&mut self, detail: &Value) {
        if let Some(delay) = detail.get("retryDelay").and_then(Value::as_str) {
            self.retry_after = go_duration(delay);
        }
        if let Some(reason) = detail.get("reason").and_then(Value::as_str) {
            self.labels.push(reason.to_ascii_lowercase());
        }
        for violation in detail.get("violations").and_then(Value::as_array).into_iter().flatten() {
            if let Some(quota) = violation.get("quotaId").and_then(Value::as_str) {
                self.labels.push(quota.to_ascii_lowercase());
            }
        }
    }
}

fn is_status(code: u16) -> bool {
    (400..600).contains(&code)
}

/// Returns what a body that is no JSON says to a person: the title of a page, else its text.
fn words_of_page(body: &str) -> String {
    let lower = body.to_ascii_lowercase();
    let title = lower.find("<title>").zip(lower.find("</title>"));
    if let Some(title) = title.and_then(|(open, close)| body.get(open + "<title>".len()..close)) {
        return title.trim().to_owned();
    }
    if !lower.trim_start().starts_with('<') {
        return body.trim().to_owned();
    }
    let mut words = String::new();
    let mut is_tag = false;
    for c in body.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                words.push(' ');
            }
            c if !is_tag => words.push(c),
            _ => {}
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, message: &str, labels: &[&str], status: Option<u16>) {
        let error = ServerError::of_body(body);
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        assert_eq!((error.message.as_str(), error.labels, error.status), (message, labels, status), "{body}");
    }

    #[test]
    fn every_shape_of_error_is_read() {
        check(
            r#"{"error":{"message":"no","type":"a_type","param":null,"code":"A_Code"}}"#,
            "no",
            &["a_type", "a_code"],
            None,
        );
        check(r#"{"error":{"code":503,"message":"full","status":"UNAVAILABLE"}}"#, "full", &["unavailable"], Some(503));
        check(r#"{"code":"bad-thing","error":"no such model"}"#, "no such model", &["bad-thing"], None);
        check(r#"{"error":"out of memory"}"#, "out of memory", &[], None);
        check(r#"{"object":"error","message":"bad","type":"t","code":"1500"}"#, "bad", &["t", "1500"], None);
        check(r#"{"detail":"Invalid key"}"#, "Invalid key", &[], None);
        check(r#"{"detail":[{"msg":"x"}]}"#, r#"[{"msg":"x"}]"#, &[], None);
        check(r#"[{"error":{"code":429,"message":"m"}}]"#, "m", &[], Some(429));
        check("data: {\"error\":{\"message\":\"m\",\"code\":\"500\"}}\n\ndata: [DONE]\n\n", "m", &["500"], Some(500));
        check(r#"{"message":"token is wrong"}"#, "token is wrong", &[], None);
    }

    #[test]
    fn what_is_no_json_is_read_for_its_words() {
        check("<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway", &[], None);
        check("<h1>No</h1><p>not now</p>", "No  not now", &[], None);
        check("upstream connect error\n", "upstream connect error", &[], None);
        check("", "", &[], None);
    }

    #[test]
    fn an_answer_is_no_error() {
        assert_eq!(ServerError::read(r#"{"choices":[{"message":{"content":"a"}}]}"#), None);
        assert_eq!(ServerError::read(r#"{"choices":[],"error":null}"#), None);
        assert_eq!(ServerError::read("{"), None);
    }

    #[test]
    fn waits_and_quotas_are_found_in_details() {
        let error = ServerError::of_body(
            r#"{"error":{"code":429,"message":"m","details":[{"retryDelay":"34.4s"},
                {"violations":[{"quotaId":"RequestsPerDay"}]},{"reason":"API_KEY_INVALID"}]}}"#,
        );
        assert_eq!(error.retry_after, Some(Duration::from_millis(34_400)));
        assert_eq!(error.labels, ["requestsperday", "api_key_invalid"]);
    }

    #[test]
    fn a_router_passes_on_what_was_said_behind_it() {
        let body = r#"{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down"}}}"#;
        assert_eq!(ServerError::of_body(body).message, "Provider returned error: slow down");
    }
}
