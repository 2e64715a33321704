//! The generateContent dialect of Google: what is sent and how the answer is read.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::attachment::Image;
use crate::domain::prompt::{Prompt, Role};
use crate::domain::stream::{Delta, FinishNorm, FinishReason};
use crate::domain::usage::Usage;
use crate::provider::answer::{Ending, norm};
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Few, Maybe, Object, Text, telling};
use crate::provider::quirk::Quirks;

/// Thinking tokens for each effort on models that take a budget instead of a level, as the vendor's own compatible
/// endpoint maps them (ai.google.dev/gemini-api/docs/openai).
const BUDGETS: [(&str, u32); 5] = [("none", 0), ("minimal", 1024), ("low", 1024), ("medium", 8192), ("high", 24_576)];

/// Returns the body of a request.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let said = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::User => "user",
            Role::Assistant => "model",
        };
        let image = |it: &Image| json!({"inlineData": {"mimeType": it.format.media_type(), "data": &*it.base64}});
        let text = json!({"text": &*message.text});
        let parts: Vec<Value> = message.images.iter().map(image).chain([text]).collect();
        json!({"role": role, "parts": parts})
    });
    let mut body = Map::new();
    body.insert("contents".to_owned(), said.collect());
    if let Some(system) = model.system_for(prompt) {
        body.insert("systemInstruction".to_owned(), json!({"parts": [{"text": system}]}));
    }
    let mut config = Map::new();
    quirks.tune(&model.options, "maxOutputTokens", &mut config);
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        config.insert("thinkingConfig".to_owned(), thinking(&model.member.api_model, effort));
    }
    if !config.is_empty() {
        body.insert("generationConfig".to_owned(), Value::Object(config));
    }
    body
}

/// Returns how hard to think: a budget for the 2.5 generation, a level for those after it, never both.
fn thinking(api_model: &str, effort: &str) -> Value {
    let budget = BUDGETS.iter().find(|(name, _)| *name == effort).map(|(_, budget)| *budget);
    match budget.filter(|_| api_model.contains("-2.5-")) {
        Some(0) => json!({"thinkingBudget": 0}),
        Some(budget) => json!({"thinkingBudget": budget, "includeThoughts": true}),
        None => json!({"thinkingLevel": effort, "includeThoughts": true}),
    }
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    tokens: Tokens,
}

impl State {
    /// Reads one event. A finish reason is not the end: with the server's tools, text was recorded after one.
    pub(crate) fn event(&mut self, data: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let chunk: Chunk<'_> = serde_json::from_str(data)?;
        if telling(chunk.error).is_some() {
            ending.fail(ServerError::of_body(data));
            return Ok(());
        }
        ending.model(chunk.model_version.as_str());
        if let Some(newer) = chunk.usage.0 {
            self.tokens.renew(&newer);
            ending.finish.usage = Some(self.tokens.normalised());
        }
        if let Some(feedback) = &chunk.prompt_feedback.0 {
            blocked(feedback, ending);
        }
        if let Some(candidate) = chunk.candidates.items.first().and_then(|candidate| candidate.0.as_ref()) {
            candidate.read(ending, delta);
        }
        Ok(())
    }

    /// Reads an answer in one piece: one chunk, or a list of them.
    pub(crate) fn whole(&mut self, body: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        if !body.trim_start().starts_with('[') {
            return self.event(body, ending, delta);
        }
        let chunks: Vec<&RawValue> = serde_json::from_str(body)?;
        chunks.iter().try_for_each(|chunk| self.event(chunk.get(), ending, delta))
    }
}

/// Notes that the question itself was blocked: no candidate will come, and that is no empty success.
fn blocked(feedback: &Feedback, ending: &mut Ending) {
    let Some(reason) = feedback.block_reason.0.as_deref() else { return };
    let known = norm(reason);
    let norm = if known == FinishNorm::Other { FinishNorm::ContentFilter } else { known };
    ending.finish.reason = Some(FinishReason { raw: Some(reason.to_owned()), norm });
    ending.finish.refusal = true;
    ending.complete();
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    candidates: Few<Object<Candidate<'a>>>,
    #[serde(default, rename = "promptFeedback")]
    prompt_feedback: Maybe<Feedback>,
    #[serde(default, rename = "usageMetadata")]
    usage: Maybe<Tokens>,
    #[serde(borrow, default, rename = "modelVersion")]
    model_version: Text<'a>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feedback {
    #[serde(default, rename = "blockReason")]
    block_reason: Maybe<String>,
}

#[derive(Deserialize)]
struct Candidate<'a> {
    #[serde(borrow, default)]
    content: Object<Content<'a>>,
    #[serde(borrow, default, rename = "finishReason")]
    finish_reason: Text<'a>,
    #[serde(default, rename = "groundingMetadata")]
    grounding: Maybe<Grounding>,
}

impl Candidate<'_> {
    fn read(&self, ending: &mut Ending, delta: &mut Delta) {
        let content = self.content.0.as_ref();
        for part in content.iter().flat_map(|content| &content.parts.items).filter_map(|part| part.0.as_ref()) {
            let is_thought = part.thought.0 == Some(true);
            ending.thinks(is_thought);
            let place = if is_thought { &mut delta.reasoning } else { &mut delta.text };
            place.push_str(part.text.as_str());
        }
        if content.is_some_and(|content| content.parts.n_more > 0) {
            ending.finish.n_malformed += 1;
        }
        if let Some(reason) = self.finish_reason.0.as_deref().filter(|reason| !reason.is_empty()) {
            ending.reason(reason);
        }
        if let Some(Grounding { chunks }) = &self.grounding.0 {
            for page in chunks.items.iter().filter_map(|chunk| chunk.0.as_ref()?.web.0.as_ref()) {
                ending.cite(&page.uri, page.title.0.as_deref().unwrap_or_default());
            }
            ending.leave_out(chunks.n_more);
        }
    }
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    parts: Few<Object<Part<'a>>>,
}

/// A part with text; parts that hold code, calls or data have none.
#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(default)]
    thought: Maybe<bool>,
}

#[derive(Deserialize)]
struct Grounding {
    #[serde(default, rename = "groundingChunks")]
    chunks: Few<Object<GroundingChunk>>,
}

#[derive(Deserialize)]
struct GroundingChunk {
    #[serde(default)]
    web: Maybe<Page>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    uri: String,
    #[serde(default)]
    title: Maybe<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Tokens {
    #[serde(default, rename = "promptTokenCount")]
    prompt: Maybe<u64>,
    #[serde(default, rename = "candidatesTokenCount")]
    candidates: Maybe<u64>,
    #[serde(default, rename = "thoughtsTokenCount")]
    thoughts: Maybe<u64>,
    #[serde(default, rename = "cachedContentTokenCount")]
    cached: Maybe<u64>,
}

impl Tokens {
    /// Takes newer counts, field by field: not every chunk carries all of them.
    fn renew(&mut self, newer: &Self) {
        self.prompt.0 = newer.prompt.0.or(self.prompt.0);
        self.candidates.0 = newer.candidates.0.or(self.candidates.0);
        self.thoughts.0 = newer.thoughts.0.or(self.thoughts.0);
        self.cached.0 = newer.cached.0.or(self.cached.0);
    }

    /// Returns the counts as everyone here reads them: thoughts are counted apart but billed as output. What the
    /// server's own search reads is counted apart too and left out, as it is not billed as input.
    fn normalised(&self) -> Usage {
        Usage {
            input_tokens: self.prompt.0,
            output_tokens: self.prompt.0.map(|_| self.candidates.0.unwrap_or(0) + self.thoughts.0.unwrap_or(0)),
            cached_input_tokens: self.cached.0,
            cache_write_tokens: None,
            reasoning_tokens: self.thoughts.0,
        }
    }
}
