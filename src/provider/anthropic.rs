//! The messages dialect of Anthropic and those who speak it too: what is sent and how the answer is read.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::attachment::Image;
use crate::domain::prompt::Prompt;
use crate::domain::stream::Delta;
use crate::domain::usage::Usage;
use crate::provider::answer::{Ending, Progress};
use crate::provider::echo::Echo;
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Few, Maybe, Object, Text};
use crate::provider::openai_chat::messages;
use crate::provider::quirk::Quirks;

/// The longest answer that is asked for where the config sets no limit: the protocol requires one, and every model
/// still served takes this much.
const DEFAULT_MAX_TOKENS: u32 = 8192;

/// The same for a model that is told to think: thinking counts as answer, and every model that takes an effort writes
/// this much.
const THINKING_MAX_TOKENS: u32 = 32_000;

/// Returns the body of a request.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(&*model.member.api_model));
    body.insert("messages".to_owned(), messages(None, prompt, image_part));
    body.insert("stream".to_owned(), json!(true));
    let effort = quirks.reasoning_effort(&model.options).filter(|effort| *effort != "none");
    let usual = if effort.is_some() { THINKING_MAX_TOKENS } else { DEFAULT_MAX_TOKENS };
    body.insert("max_tokens".to_owned(), json!(quirks.required_limit(&model.options, usual)));
    if let Some(system) = model.system_for(prompt) {
        body.insert("system".to_owned(), json!(system));
    }
    if let Some(temperature) = quirks.temperature(&model.options) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(effort) = effort {
        body.insert("thinking".to_owned(), json!({"type": "adaptive"}));
        body.insert("output_config".to_owned(), json!({"effort": effort}));
    }
    body
}

/// Returns an image as this dialect spells it.
fn image_part(image: &Image) -> Value {
    let source = json!({"type": "base64", "media_type": image.format.media_type(), "data": &*image.base64});
    json!({"type": "image", "source": source})
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    tokens: Tokens,
    echo: Echo,
}

impl State {
    /// Reads one event.
    pub(crate) fn event(&mut self, data: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        if let Some(text) = self.echo.read(data) {
            delta.text.push_str(&text);
            return Ok(());
        }
        self.echo.forget();
        let event: Event<'_> = match serde_json::from_str(data) {
            Ok(event) => event,
            // New kinds of events are promised, in whatever shape.
            Err(error) => return if is_of_another_kind(data) { Ok(()) } else { Err(error) },
        };
        let part = event.delta.0.unwrap_or_default();
        match event.kind.as_str() {
            "content_block_delta" => {
                if part.kind.as_str() == "text_delta" {
                    self.echo.learn(data, part.text.as_str());
                }
                block_delta(&part, ending, delta);
            }
            "content_block_start" => block(&event.content_block.0.unwrap_or_default(), ending, delta),
            // A gateway that does not stream sends the whole answer as one event.
            "message" => self.whole(data, ending, delta)?,
            "message_start" => {
                if let Some(message) = event.message.0 {
                    ending.model(&message.model);
                    self.count(&message.usage, ending);
                }
            }
            "message_delta" => {
                self.count(&event.usage, ending);
                stop(&part, ending);
            }
            "message_stop" => ending.progress = Progress::Over,
            "error" => ending.fail(ServerError::of_event(data)),
            _ => {}
        }
        Ok(())
    }

    /// Reads an answer in one piece.
    pub(crate) fn whole(&mut self, body: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let whole: Whole<'_> = serde_json::from_str(body)?;
        ending.model(whole.model.as_str());
        for part in whole.content.items.iter().filter_map(|part| part.0.as_ref()) {
            block(part, ending, delta);
        }
        if whole.content.n_more > 0 {
            ending.finish.n_malformed += 1;
        }
        self.count(&whole.usage, ending);
        if let Some(reason) = whole.stop_reason.0.as_deref() {
            ending.reason(reason);
            ending.finish.refusal = reason == "refusal";
        }
        Ok(())
    }

    /// Takes counts, field by field: a later event corrects an earlier one, and may know less.
    fn count(&mut self, newer: &Maybe<Tokens>, ending: &mut Ending) {
        let Some(newer) = &newer.0 else { return };
        let known = &mut self.tokens;
        known.input.0 = newer.input.0.or(known.input.0);
        known.output.0 = newer.output.0.or(known.output.0);
        known.cache_read_input.0 = newer.cache_read_input.0.or(known.cache_read_input.0);
        known.cache_creation_input.0 = newer.cache_creation_input.0.or(known.cache_creation_input.0);
        let thinking = newer.details.0.as_ref().and_then(|details| details.thinking.0);
        let usage = ending.usage();
        usage.reasoning_tokens = thinking.or(usage.reasoning_tokens);
        *usage = known.normalised(usage.reasoning_tokens);
    }
}

fn is_of_another_kind(data: &str) -> bool {
    let kind = serde_json::from_str::<Kind<'_>>(data).map(|kind| kind.kind);
    kind.is_ok_and(|kind| !kind.as_str().starts_with("content_block") && !kind.as_str().starts_with("message"))
}

fn block_delta(part: &Part<'_>, ending: &mut Ending, delta: &mut Delta) {
    match part.kind.as_str() {
        "text_delta" => delta.text.push_str(part.text.as_str()),
        "thinking_delta" | "signature_delta" => {
            ending.thinks(true);
            delta.reasoning.push_str(part.thinking.as_str());
        }
        "citations_delta" => {
            if let Some(page) = &part.citation.0 {
                ending.cite(&page.url, &page.title);
            }
        }
        _ => {}
    }
}

fn block(part: &Part<'_>, ending: &mut Ending, delta: &mut Delta) {
    match part.kind.as_str() {
        "text" => {
            delta.text.push_str(part.text.as_str());
            for page in part.citations.0.iter().flatten() {
                ending.cite(&page.url, &page.title);
            }
        }
        "thinking" | "redacted_thinking" => {
            ending.thinks(true);
            delta.reasoning.push_str(part.thinking.as_str());
        }
        _ => {}
    }
}

fn stop(part: &Part<'_>, ending: &mut Ending) {
    let Some(reason) = part.stop_reason.0.as_deref() else { return };
    // The end marker is `message_stop`: a stream that is cut between the two has not ended.
    let progress = ending.progress;
    ending.reason(reason);
    ending.progress = progress;
    if reason == "refusal" {
        ending.finish.refusal = true;
        ending.decline(part.stop_details.0.as_ref().map_or("", |details| &details.explanation));
    }
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    delta: Object<Part<'a>>,
    #[serde(borrow, default)]
    content_block: Object<Part<'a>>,
    #[serde(default)]
    message: Maybe<Start>,
    #[serde(default)]
    usage: Maybe<Tokens>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

#[derive(Default, Deserialize)]
struct Part<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default)]
    thinking: Text<'a>,
    #[serde(borrow, default)]
    stop_reason: Text<'a>,
    #[serde(default)]
    stop_details: Maybe<StopDetails>,
    #[serde(default)]
    citation: Maybe<Page>,
    #[serde(default)]
    citations: Maybe<Vec<Page>>,
}

#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow, default)]
    content: Few<Object<Part<'a>>>,
    #[serde(borrow, default)]
    stop_reason: Text<'a>,
    #[serde(default)]
    usage: Maybe<Tokens>,
}

#[derive(Deserialize)]
struct Start {
    #[serde(default)]
    model: String,
    #[serde(default)]
    usage: Maybe<Tokens>,
}

#[derive(Deserialize)]
struct StopDetails {
    #[serde(default)]
    explanation: String,
}

/// A source; those that are no web page have no address.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
}

#[derive(Debug, Default, Deserialize)]
struct Tokens {
    #[serde(default, rename = "input_tokens")]
    input: Maybe<u64>,
    #[serde(default, rename = "output_tokens")]
    output: Maybe<u64>,
    #[serde(default, rename = "cache_read_input_tokens")]
    cache_read_input: Maybe<u64>,
    #[serde(default, rename = "cache_creation_input_tokens")]
    cache_creation_input: Maybe<u64>,
    #[serde(default, rename = "output_tokens_details")]
    details: Maybe<OutputDetails>,
}

#[derive(Debug, Default, Deserialize)]
struct OutputDetails {
    #[serde(default, rename = "thinking_tokens")]
    thinking: Maybe<u64>,
}

impl Tokens {
    /// Returns the counts as everyone here reads them: this protocol's input leaves out what was read from or written
    /// to the cache.
    fn normalised(&self, reasoning: Option<u64>) -> Usage {
        let cached = self.cache_read_input.0;
        let written = self.cache_creation_input.0;
        Usage {
            input_tokens: self.input.0.map(|fresh| fresh + cached.unwrap_or(0) + written.unwrap_or(0)),
            output_tokens: self.output.0,
            cached_input_tokens: cached,
            cache_write_tokens: written,
            reasoning_tokens: reasoning,
        }
    }
}
