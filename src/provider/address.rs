//! From a base URL to the address of a request, by the rules of each dialect.

use crate::domain::address::host_of;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::Provider;

/// Hosts whose documented base has no version, so that none is added to it.
const WITHOUT_VERSION: [&str; 2] = ["api.deepseek.com", "api.perplexity.ai"];

/// Returns where `api_model` is asked for a streamed answer.
pub fn asking(provider: &Provider, api_model: &str) -> String {
    let path = match provider.dialect {
        Dialect::OpenaiChat => "/chat/completions".to_owned(),
        Dialect::OpenaiResponses => "/responses".to_owned(),
        Dialect::Anthropic => "/messages".to_owned(),
        Dialect::Gemini => format!("/models/{}:streamGenerateContent?alt=sse", path_segment(api_model)),
        Dialect::Ollama => "/api/chat".to_owned(),
    };
    join(provider, &path)
}

/// Returns where the models of a provider are listed.
pub fn listing(provider: &Provider) -> String {
    match provider.dialect {
        Dialect::OpenaiChat | Dialect::OpenaiResponses => join(provider, "/models"),
        Dialect::Anthropic => join(provider, "/models?limit=1000"),
        Dialect::Gemini => join(provider, "/models?pageSize=1000"),
        Dialect::Ollama => join(provider, "/api/tags"),
    }
}

fn join(provider: &Provider, path: &str) -> String {
    // Some gateways want a query on every request (an API version); it belongs after the path.
    let (base, query) = provider.base_url.split_once('?').unwrap_or((&provider.base_url, ""));
    let base = base.trim_end_matches('/');
    let version = version(provider.dialect, base);
    let base = if provider.dialect == Dialect::Ollama { base.strip_suffix("/api").unwrap_or(base) } else { base };
    let mark = match (query.is_empty(), path.contains('?')) {
        (true, _) => "",
        (false, false) => "?",
        (false, true) => "&",
    };
    format!("{base}{version}{path}{mark}{query}")
}

fn version(dialect: Dialect, base: &str) -> &'static str {
    let last = base.rsplit('/').next().unwrap_or_default();
    match dialect {
        Dialect::OpenaiChat | Dialect::OpenaiResponses => {
            let has_path = base.split_once("://").map_or(base, |(_, after)| after).contains('/');
            if has_path || WITHOUT_VERSION.contains(&host_of(base).as_str()) { "" } else { "/v1" }
        }
        Dialect::Anthropic => {
            if is_version(last) {
                ""
            } else {
                "/v1"
            }
        }
        Dialect::Gemini => {
            if is_version(last) {
                ""
            } else {
                "/v1beta"
            }
        }
        Dialect::Ollama => "",
    }
}

/// Returns whether a part of a path is a version such as `v1` or `v1beta`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns a model's name as part of a path: a listing's `models/` is dropped, unusual characters are escaped.
fn path_segment(name: &str) -> String {
    let name = name.strip_prefix("models/").unwrap_or(name);
    let mut segment = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || "-._~@".contains(c) {
            segment.push(c);
        } else {
            segment.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::request::tests::provider;

    fn check(dialect: Dialect, base_url: &str, expected: &str) {
        for slashes in ["", "/", "//"] {
            let provider = Provider { base_url: format!("{base_url}{slashes}"), ..provider(dialect) };
            assert_eq!(asking(&provider, "m"), expected);
        }
    }

    #[test]
    fn an_openai_base_is_taken_literally() {
        let chat = Dialect::OpenaiChat;
        check(chat, "https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions");
        check(chat, "https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1/chat/completions");
        check(chat, "https://a.example/proxy", "https://a.example/proxy/chat/completions");
        check(Dialect::OpenaiResponses, "https://api.x.ai/v1", "https://api.x.ai/v1/responses");
    }

    #[test]
    fn a_bare_openai_host_gains_the_version() {
        check(Dialect::OpenaiChat, "http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions");
        check(Dialect::OpenaiResponses, "http://localhost:1234", "http://localhost:1234/v1/responses");
        check(Dialect::OpenaiChat, "https://api.deepseek.com", "https://api.deepseek.com/chat/completions");
        check(Dialect::OpenaiChat, "https://api.perplexity.ai", "https://api.perplexity.ai/chat/completions");
    }

    #[test]
    fn the_other_dialects_add_their_version_if_absent() {
        check(Dialect::Anthropic, "https://api.anthropic.com", "https://api.anthropic.com/v1/messages");
        check(Dialect::Anthropic, "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages");
        check(Dialect::Anthropic, "https://a.example/anthropic", "https://a.example/anthropic/v1/messages");
        let path = "/models/m:streamGenerateContent?alt=sse";
        check(Dialect::Gemini, "https://g.example", &format!("https://g.example/v1beta{path}"));
        check(Dialect::Gemini, "https://g.example/v1", &format!("https://g.example/v1{path}"));
        check(Dialect::Gemini, "https://g.example/v1beta", &format!("https://g.example/v1beta{path}"));
        check(Dialect::Ollama, "http://127.0.0.1:11434", "http://127.0.0.1:11434/api/chat");
        check(Dialect::Ollama, "http://127.0.0.1:11434/api", "http://127.0.0.1:11434/api/chat");
    }

    #[test]
    fn a_query_stays_behind_the_path() {
        let azure = Provider { base_url: "https://a/models?api-version=1".to_owned(), ..provider(Dialect::OpenaiChat) };
        assert_eq!(asking(&azure, "m"), "https://a/models/chat/completions?api-version=1");
        let gemini = Provider { base_url: "https://g/v1?k=1".to_owned(), ..provider(Dialect::Gemini) };
        assert_eq!(asking(&gemini, "models/m/1"), "https://g/v1/models/m%2F1:streamGenerateContent?alt=sse&k=1");
    }

    #[test]
    fn listings_are_where_the_dialect_keeps_them() {
        let url = |dialect| listing(&Provider { base_url: "http://h".to_owned(), ..provider(dialect) });
        assert_eq!(url(Dialect::OpenaiChat), "http://h/v1/models");
        assert_eq!(url(Dialect::Anthropic), "http://h/v1/models?limit=1000");
        assert_eq!(url(Dialect::Gemini), "http://h/v1beta/models?pageSize=1000");
        assert_eq!(url(Dialect::Ollama), "http://h/api/tags");
    }

    #[test]
    fn hosts_are_found() {
        assert_eq!(host_of("https://user:pass@a.example:80/x"), "a.example");
        assert_eq!(host_of("http://[::1]:8080/v1"), "::1");
        assert_eq!(host_of(""), "");
    }
}
