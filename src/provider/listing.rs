//! What a provider says it serves: the names in its own listing, whatever the dialect.

use serde_json::Value;

/// Returns the names of the models in the body of a listing, in its order, each once; `None` for what is no listing.
///
/// OpenAI's and Anthropic's lists are under `data`, Gemini's and Ollama's under `models`; some servers send the bare list.
pub fn listed(body: &str) -> Option<Vec<String>> {
    let body: Value = serde_json::from_str(body).ok()?;
    let list = ["data", "models"].iter().find_map(|key| body.get(key)?.as_array()).or_else(|| body.as_array())?;
    let name = |entry: &Value| {
        let name = ["id", "model", "name"].iter().find_map(|key| entry.get(key)?.as_str())?;
        Some(name.strip_prefix("models/").unwrap_or(name).to_owned())
    };
    let mut names: Vec<String> = Vec::new();
    for name in list.iter().filter_map(name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

/// Returns whether `names` has `api_model`: as it is, as the newest of a local server's tags, or as a dated snapshot.
pub fn is_listed(names: &[String], api_model: &str) -> bool {
    let is_it = |name: &String| {
        name.strip_prefix(api_model).is_some_and(|rest| {
            let is_date = rest.len() > 8 && rest.chars().all(|it| it == '-' || it.is_ascii_digit());
            rest.is_empty() || rest == ":latest" || is_date
        })
    };
    names.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Option<&[&str]>) {
        assert_eq!(listed(body), expected.map(|names| names.iter().map(|it| (*it).to_owned()).collect()), "{body}");
    }

    #[test]
    fn every_dialects_listing_is_read() {
        check(r#"{"object":"list","data":[{"id":"gpt-5.4"},{"id":"gpt-5.4"},{"id":"o9"}]}"#, Some(&["gpt-5.4", "o9"]));
        check(r#"{"models":[{"name":"models/gemini-3","displayName":"Gemini"}]}"#, Some(&["gemini-3"]));
        check(r#"{"models":[{"name":"qwen3:8b","model":"qwen3:8b"}]}"#, Some(&["qwen3:8b"]));
        check(r#"[{"id":"bare"}]"#, Some(&["bare"]));
        check(r#"{"data":[]}"#, Some(&[]));
        check(r#"{"error":"no"}"#, None);
        check("<html>", None);
    }

    #[test]
    fn a_snapshot_or_a_tag_is_the_same_model() {
        let names = ["claude-haiku-4-5-20251001", "llama3.2:latest", "gpt-5.4-mini"].map(str::to_owned);
        assert!(is_listed(&names, "claude-haiku-4-5"));
        assert!(is_listed(&names, "llama3.2"));
        assert!(is_listed(&names, "gpt-5.4-mini"));
        assert!(!is_listed(&names, "gpt-5.4"));
        assert!(!is_listed(&[], "gpt-5.4"));
    }
}
