//! From a question to a request: address, headers and body, with nothing sent yet.

use std::fmt;

use serde_json::Value;

use crate::domain::address::host_of;
use crate::domain::prompt::Prompt;
use crate::provider::address;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::{Model, Provider, Secret};
use crate::provider::quirk::Quirks;
use crate::provider::{anthropic, gemini, ollama, openai_chat, openai_responses};

/// The version of the messages protocol that is spoken; the service requires the header.
const ANTHROPIC_VERSION: &str = "2023-06-01";

/// A request as a dialect wants it. `Debug` shows neither header values nor the body: they hold keys and prompts.
#[derive(Clone, PartialEq)]
pub struct WireRequest {
    /// Where it goes, in full.
    pub url: String,
    /// Names in lower case, with values.
    pub headers: Vec<(String, Secret)>,
    /// JSON, to be posted; empty for a request that reads.
    pub body: String,
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireRequest")
            .field("url", &self.url)
            .field("n_headers", &self.headers.len())
            .field("n_body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Returns the request that asks `model` the prompt and has the answer streamed, leaving out what it is known not to
/// accept.
pub fn ask(model: &Model, prompt: &Prompt, quirks: &Quirks) -> WireRequest {
    let body = match model.provider.dialect {
        Dialect::OpenaiChat => openai_chat::body(model, prompt, quirks),
        Dialect::OpenaiResponses => openai_responses::body(model, prompt, quirks),
        Dialect::Anthropic => anthropic::body(model, prompt, quirks),
        Dialect::Gemini => gemini::body(model, prompt, quirks),
        Dialect::Ollama => ollama::body(model, prompt, quirks),
    };
    let accept = match model.provider.dialect {
        Dialect::OpenaiChat | Dialect::OpenaiResponses | Dialect::Anthropic | Dialect::Gemini => "text/event-stream",
        Dialect::Ollama => "application/x-ndjson",
    };
    let mut headers = headers(&model.provider);
    set(&mut headers, "content-type", "application/json");
    set(&mut headers, "accept", accept);
    let url = address::asking(&model.provider, &model.member.api_model);
    WireRequest { url, headers, body: Value::Object(body).to_string() }
}

/// Returns the request that lists a provider's models.
pub fn list_models(provider: &Provider) -> WireRequest {
    WireRequest { url: address::listing(provider), headers: headers(provider), body: String::new() }
}

/// Returns the key in its header, and what else the provider wants; the config's own headers win.
fn headers(provider: &Provider) -> Vec<(String, Secret)> {
    let mut headers = Vec::new();
    if let Some(key) = &provider.key {
        let (name, value) = match provider.dialect {
            Dialect::Anthropic => ("x-api-key", key.clone()),
            Dialect::Gemini => ("x-goog-api-key", key.clone()),
            Dialect::OpenaiChat | Dialect::OpenaiResponses if is_azure(provider) => ("api-key", key.clone()),
            Dialect::OpenaiChat | Dialect::OpenaiResponses | Dialect::Ollama => {
                ("authorization", Secret::new(&format!("Bearer {}", key.reveal())))
            }
        };
        headers.push((name.to_owned(), value));
    }
    if provider.dialect == Dialect::Anthropic {
        set(&mut headers, "anthropic-version", ANTHROPIC_VERSION);
    }
    for (name, value) in &provider.headers {
        let name = name.to_ascii_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.clone()));
    }
    headers
}

fn set(headers: &mut Vec<(String, Secret)>, name: &str, value: &str) {
    if !headers.iter().any(|(known, _)| known == name) {
        headers.push((name.to_owned(), Secret::new(value)));
    }
}

fn is_azure(provider: &Provider) -> bool {
    &*provider.id == "azure" || host_of(&provider.base_url).ends_with(".azure.com")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::domain::attachment::Attachment;
    use crate::domain::member::Member;
    use crate::domain::prompt::{Message, Role};
    use crate::provider::endpoint::{Limits, Options, Timeouts};
    use crate::provider::quirk::Quirk;

    /// Returns a provider of no particular name, with a key.
    pub(crate) fn provider(dialect: Dialect) -> Provider {
        Provider {
            id: Arc::from("house"),
            dialect,
            base_url: "http://house.example".to_owned(),
            key: Some(Secret::new("planted-key-1234")),
            key_source: Some("HOUSE_KEY".to_owned()),
            headers: Vec::new(),
            ca_file: None,
            proxy: None,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
        }
    }

    /// Returns a model called `m` of that provider.
    pub(crate) fn model(dialect: Dialect) -> Model {
        Model {
            member: Arc::new(Member::named("m")),
            provider: Arc::new(provider(dialect)),
            options: Options::default(),
            system: None,
            strengths: Vec::new(),
            fallback: Vec::new(),
        }
    }

    fn prompt() -> Prompt {
        let said = [(Role::User, "a?"), (Role::Assistant, "b"), (Role::User, "c?")];
        let messages = said.into_iter().map(|(role, text)| Message::said(role, text)).collect();
        Prompt { system: Some(Arc::from("be brief")), messages }
    }

    fn options() -> Options {
        Options { temperature: Some(0.5), max_output_tokens: Some(99), reasoning_effort: Some("low".to_owned()) }
    }

    fn check(model: &Model, quirks: &Quirks, expected: &Value) {
        let request = ask(model, &prompt(), quirks);
        assert_eq!(&serde_json::from_str::<Value>(&request.body).unwrap(), expected);
    }

    fn check_plain(dialect: Dialect, expected: &Value) {
        check(&model(dialect), &Quirks::default(), expected);
    }

    fn check_options(dialect: Dialect, expected: &Value) {
        check(&Model { options: options(), ..model(dialect) }, &Quirks::default(), expected);
    }

    #[test]
    fn openai_chat_bodies() {
        let messages = json!([
            {"role": "system", "content": "be brief"}, {"role": "user", "content": "a?"},
            {"role": "assistant", "content": "b"}, {"role": "user", "content": "c?"}]);
        let usage = json!({"include_usage": true});
        check_plain(
            Dialect::OpenaiChat,
            &json!({"model": "m", "stream": true, "stream_options": usage, "messages": messages}),
        );
        check_options(
            Dialect::OpenaiChat,
            &json!({"model": "m", "stream": true, "stream_options": usage, "messages": messages,
                "temperature": 0.5, "max_tokens": 99, "reasoning_effort": "low"}),
        );
        let mut quirks = Quirks::default();
        for quirk in [Quirk::NoTemperature, Quirk::MaxCompletionTokens, Quirk::NoStreamOptions] {
            quirks.learn(quirk);
        }
        check(
            &Model { options: options(), ..model(Dialect::OpenaiChat) },
            &quirks,
            &json!({"model": "m", "stream": true, "messages": messages, "max_completion_tokens": 99,
                "reasoning_effort": "low"}),
        );
    }

    #[test]
    fn openai_responses_bodies() {
        let input = json!([
            {"role": "user", "content": [{"type": "input_text", "text": "a?"}]},
            {"role": "assistant", "content": [{"type": "output_text", "text": "b"}]},
            {"role": "user", "content": [{"type": "input_text", "text": "c?"}]}]);
        check_plain(
            Dialect::OpenaiResponses,
            &json!({"model": "m", "stream": true, "store": false, "instructions": "be brief", "input": input}),
        );
        check_options(
            Dialect::OpenaiResponses,
            &json!({"model": "m", "stream": true, "store": false, "instructions": "be brief", "input": input,
                "temperature": 0.5, "max_output_tokens": 99, "reasoning": {"effort": "low"}}),
        );
    }

    #[test]
    fn anthropic_bodies() {
        let messages = json!([{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"},
            {"role": "user", "content": "c?"}]);
        check_plain(
            Dialect::Anthropic,
            &json!({"model": "m", "stream": true, "max_tokens": 8192, "system": "be brief", "messages": messages}),
        );
        check_options(
            Dialect::Anthropic,
            &json!({"model": "m", "stream": true, "max_tokens": 99, "system": "be brief", "messages": messages,
                "temperature": 0.5, "thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}),
        );
    }

    #[test]
    fn gemini_bodies() {
        let contents = json!([{"role": "user", "parts": [{"text": "a?"}]}, {"role": "model", "parts": [{"text": "b"}]},
            {"role": "user", "parts": [{"text": "c?"}]}]);
        let system = json!({"parts": [{"text": "be brief"}]});
        check_plain(Dialect::Gemini, &json!({"contents": contents, "systemInstruction": system}));
        check_options(
            Dialect::Gemini,
            &json!({"contents": contents, "systemInstruction": system, "generationConfig": {"temperature": 0.5,
                "maxOutputTokens": 99, "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": true}}}),
        );
        let member = Arc::new(Member { api_model: Arc::from("gemini-2.5-flash"), ..Member::named("m") });
        let request = ask(
            &Model { options: options(), member, ..model(Dialect::Gemini) },
            &Prompt::question("a?"),
            &Quirks::default(),
        );
        assert!(request.body.contains(r#""thinkingBudget":1024"#), "{}", request.body);
    }

    #[test]
    fn ollama_bodies() {
        let messages = json!([{"role": "system", "content": "be brief"}, {"role": "user", "content": "a?"},
            {"role": "assistant", "content": "b"}, {"role": "user", "content": "c?"}]);
        let options = json!({"num_ctx": 8192});
        check_plain(Dialect::Ollama, &json!({"model": "m", "stream": true, "messages": messages, "options": options}));
        let options = json!({"num_ctx": 8192, "temperature": 0.5, "num_predict": 99});
        check_options(
            Dialect::Ollama,
            &json!({"model": "m", "stream": true, "messages": messages, "options": options, "think": "low"}),
        );
    }

    #[test]
    fn images_go_as_each_dialect_spells_them() {
        let png = Attachment::read("a.png", b"\x89PNG\r\n\x1a\n").unwrap();
        let jpeg = Attachment::read("b.jpg", b"\xff\xd8\xff\xe0").unwrap();
        let notes = Attachment::read("c.txt", b"hi").unwrap();
        let message = Message::question(&Arc::from("why?"), &[png, notes, jpeg]);
        let text = "File `c.txt`:\n\n```\nhi\n```\n\nwhy?";
        let (png, jpeg) = ("iVBORw0KGgo=", "/9j/4A==");
        let asked = |dialect, path: &str| {
            let prompt = Prompt { system: None, messages: vec![message.clone()] };
            let body = ask(&model(dialect), &prompt, &Quirks::default()).body;
            serde_json::from_str::<Value>(&body).unwrap().pointer(path).unwrap().clone()
        };
        let url = |kind: &str, base64: &str| format!("data:image/{kind};base64,{base64}");
        let part = |url: &str| json!({"type": "image_url", "image_url": {"url": url}});
        assert_eq!(
            asked(Dialect::OpenaiChat, "/messages/0/content"),
            json!([part(&url("png", png)), part(&url("jpeg", jpeg)), {"type": "text", "text": text}])
        );
        let part = |url: &str| json!({"type": "input_image", "image_url": url});
        assert_eq!(
            asked(Dialect::OpenaiResponses, "/input/0/content"),
            json!([part(&url("png", png)), part(&url("jpeg", jpeg)), {"type": "input_text", "text": text}])
        );
        let part = |media: &str, data: &str| json!({"type": "image", "source": {"type": "base64", "media_type": media, "data": data}});
        assert_eq!(
            asked(Dialect::Anthropic, "/messages/0/content"),
            json!([part("image/png", png), part("image/jpeg", jpeg), {"type": "text", "text": text}])
        );
        let part = |media: &str, data: &str| json!({"inlineData": {"mimeType": media, "data": data}});
        assert_eq!(
            asked(Dialect::Gemini, "/contents/0/parts"),
            json!([part("image/png", png), part("image/jpeg", jpeg), {"text": text}])
        );
        assert_eq!(
            asked(Dialect::Ollama, "/messages/0"),
            json!({"role": "user", "content": text, "images": [png, jpeg]})
        );
    }

    #[test]
    fn instructions_for_the_conversation_win() {
        let own = Model { system: Some(Arc::from("sing")), ..model(Dialect::OpenaiChat) };
        assert_eq!(own.system_for(&prompt()), Some("be brief"));
        assert_eq!(own.system_for(&Prompt::question("a?")), Some("sing"));
        assert_eq!(model(Dialect::OpenaiChat).system_for(&Prompt::question("a?")), None);
    }

    #[test]
    fn keys_go_where_the_dialect_wants_them() {
        let header = |provider: &Provider| {
            let found = headers(provider);
            found.iter().map(|(name, value)| format!("{name}: {}", value.reveal())).collect::<Vec<_>>()
        };
        let key = "planted-key-1234";
        assert_eq!(header(&provider(Dialect::OpenaiChat)), [format!("authorization: Bearer {key}")]);
        assert_eq!(header(&provider(Dialect::Gemini)), [format!("x-goog-api-key: {key}")]);
        let anthropic = [format!("x-api-key: {key}"), "anthropic-version: 2023-06-01".to_owned()];
        assert_eq!(header(&provider(Dialect::Anthropic)), anthropic);
        let azure = Provider { id: Arc::from("azure"), ..provider(Dialect::OpenaiResponses) };
        assert_eq!(header(&azure), [format!("api-key: {key}")]);
        let keyless = Provider { key: None, ..provider(Dialect::Ollama) };
        assert!(header(&keyless).is_empty());
        let own = vec![("Authorization".to_owned(), Secret::new("mine"))];
        assert_eq!(header(&Provider { headers: own, ..provider(Dialect::OpenaiChat) }), ["authorization: mine"]);
    }

    #[test]
    fn a_request_shows_no_key_and_no_prompt() {
        for dialect in Dialect::ALL {
            let shown =
                format!("{:?}", ask(&model(dialect), &Prompt::question("a secret question"), &Quirks::default()));
            assert!(!shown.contains("planted") && !shown.contains("secret question"), "{shown}");
        }
    }
}
