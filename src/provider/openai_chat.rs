//! The chat-completions dialect, spoken by most: what is sent and how the answer is read.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::prompt::{Prompt, Role};
use crate::domain::stream::Delta;
use crate::domain::usage::Usage;
use crate::provider::answer::Ending;
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Maybe, Text, telling};
use crate::provider::quirk::{Quirk, Quirks};
use crate::provider::think::ThinkSplit;

/// Returns the body of a request.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(&*model.member.api_model));
    body.insert("messages".to_owned(), messages(model.system_for(prompt), prompt));
    body.insert("stream".to_owned(), json!(true));
    if !quirks.has(Quirk::NoStreamOptions) {
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    if let Some(temperature) = quirks.temperature(&model.options) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(limit) = quirks.max_output_tokens(&model.options) {
        let name = if quirks.has(Quirk::MaxCompletionTokens) { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.to_owned(), json!(limit));
    }
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        body.insert("reasoning_effort".to_owned(), json!(effort));
    }
    body
}

/// Returns the conversation as most dialects spell it, instructions first.
pub(crate) fn messages(system: Option<&str>, prompt: &Prompt) -> Value {
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let said = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        json!({"role": role, "content": &*message.text})
    });
    system.into_iter().chain(said).collect()
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    think: ThinkSplit,
    /// The list of sources last read: some servers repeat it in every event, and reading 40 kB once is enough.
    sources: [String; 2],
}

impl State {
    /// Reads one event.
    pub(crate) fn event(
        &mut self,
        name: &str,
        data: &str,
        ending: &mut Ending,
        delta: &mut Delta,
    ) -> serde_json::Result<()> {
        let chunk: Chunk<'_> = serde_json::from_str(data)?;
        if name == "error" || chunk.object.as_str() == "error" || telling(chunk.error).is_some() {
            ending.fail(ServerError::read(data).unwrap_or_else(|| ServerError::message(data)));
        }
        self.top(&chunk, ending);
        for choice in chunk.choices.0.into_iter().flatten().filter(Choice::is_first) {
            choice.read_end(ending);
            self.message(choice.delta.0, ending, delta);
        }
        Ok(())
    }

    /// Reads an answer in one piece.
    pub(crate) fn whole(&mut self, body: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let chunk: Chunk<'_> = serde_json::from_str(body)?;
        self.top(&chunk, ending);
        for choice in chunk.choices.0.into_iter().flatten().filter(Choice::is_first) {
            choice.read_end(ending);
            self.message(choice.whole_message(), ending, delta);
        }
        Ok(())
    }

    /// Hands on text that was held back.
    pub(crate) fn end(&mut self, delta: &mut Delta) {
        self.think.end(delta);
    }

    fn top(&mut self, chunk: &Chunk<'_>, ending: &mut Ending) {
        ending.model(chunk.model.as_str());
        let usage = chunk.usage.0.as_ref().or_else(|| chunk.x_groq.0.as_ref()?.usage.0.as_ref());
        if let Some(tokens) = usage {
            ending.finish.usage = Some(tokens.normalised());
            if let Some(dollars) = tokens.dollars() {
                ending.charged(dollars);
            }
        }
        let [results, citations] = &mut self.sources;
        if let Some(list) = renewed(results, chunk.search_results) {
            for page in serde_json::from_str::<Vec<Page<'_>>>(list).into_iter().flatten() {
                ending.cite(page.url.as_str(), page.title.as_str());
            }
        }
        if let Some(list) = renewed(citations, chunk.citations) {
            for url in serde_json::from_str::<Vec<Text<'_>>>(list).into_iter().flatten() {
                ending.cite(url.as_str(), "");
            }
        }
    }

    fn message(&mut self, message: Option<Message<'_>>, ending: &mut Ending, delta: &mut Delta) {
        let Some(message) = message else { return };
        if let Some(reasoning) = message.reasoning_content.0.as_deref().or(message.reasoning.0.as_deref()) {
            delta.reasoning.push_str(reasoning);
        }
        match &message.content {
            Content::Text(text) => self.think.push(text, delta),
            Content::Parts(parts) => parts.iter().for_each(|part| self.part(part, delta)),
            Content::None => {}
        }
        ending.decline(message.refusal.as_str());
        for note in message.annotations.0.into_iter().flatten() {
            let page = note.url_citation.0.unwrap_or(Page { url: note.url, title: note.title });
            ending.cite(page.url.as_str(), page.title.as_str());
        }
    }

    fn part(&mut self, part: &Part<'_>, delta: &mut Delta) {
        if part.kind.as_str() == "thinking" {
            match &part.thinking {
                Content::Text(text) => delta.reasoning.push_str(text),
                Content::Parts(parts) => {
                    delta.reasoning.extend(parts.iter().filter_map(|part| part.text.0.as_deref()));
                }
                Content::None => {}
            }
        } else if part.kind.as_str() == "text" {
            self.think.push(part.text.as_str(), delta);
        }
    }
}

/// Returns the list unless it says nothing or was read before, and remembers it.
fn renewed<'a>(known: &mut String, list: Option<&'a RawValue>) -> Option<&'a str> {
    let list = telling(list)?;
    if known == list {
        return None;
    }
    list.clone_into(known);
    Some(list)
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    object: Text<'a>,
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow, default)]
    choices: Choices<'a>,
    #[serde(default)]
    usage: Maybe<Tokens>,
    #[serde(default)]
    x_groq: Maybe<Groq>,
    #[serde(borrow, default)]
    search_results: Option<&'a RawValue>,
    #[serde(borrow, default)]
    citations: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(transparent)]
struct Choices<'a>(#[serde(borrow)] Option<Vec<Choice<'a>>>);

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(default)]
    index: Option<u32>,
    #[serde(borrow, default)]
    delta: Nullable<Message<'a>>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// An object that may be null; unlike `Maybe` it is read in one pass.
#[derive(Deserialize)]
#[serde(transparent)]
struct Nullable<T>(Option<T>);

impl<T> Default for Nullable<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'a> Choice<'a> {
    /// Only one choice is ever asked for; others would be other answers.
    fn is_first(&self) -> bool {
        self.index.unwrap_or(0) == 0
    }

    fn read_end(&self, ending: &mut Ending) {
        if let Some(raw) = self.finish_reason.0.as_deref() {
            ending.reason(raw);
        }
        if let Some(error) = telling(self.error) {
            ending.fail(ServerError::of_body(&format!("{{\"error\":{error}}}")));
        }
    }

    /// The message of an answer in one piece. In streams the field repeats all text so far and is passed over.
    fn whole_message(&self) -> Option<Message<'a>> {
        self.message.and_then(|raw| serde_json::from_str(raw.get()).ok())
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    content: Content<'a>,
    #[serde(borrow, default)]
    reasoning_content: Text<'a>,
    #[serde(borrow, default)]
    reasoning: Text<'a>,
    #[serde(borrow, default)]
    refusal: Text<'a>,
    #[serde(borrow, default)]
    annotations: Nullable<Vec<Annotation<'a>>>,
}

#[derive(Deserialize)]
struct Annotation<'a> {
    #[serde(borrow, default)]
    url: Text<'a>,
    #[serde(borrow, default)]
    title: Text<'a>,
    #[serde(borrow, default)]
    url_citation: Nullable<Page<'a>>,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    url: Text<'a>,
    #[serde(borrow, default)]
    title: Text<'a>,
}

/// The content of a message: a string, or a list of parts where reasoning and answer are mixed.
#[derive(Default)]
enum Content<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default)]
    thinking: Content<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of parts")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Content::None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Content::Parts)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny::deserialize(MapAccessDeserializer::new(map)).map(|_| Content::None)
    }
}

#[derive(Deserialize)]
struct Groq {
    #[serde(default)]
    usage: Maybe<Tokens>,
}

#[derive(Deserialize)]
struct Tokens {
    #[serde(default, rename = "prompt_tokens")]
    prompt: Maybe<u64>,
    #[serde(default, rename = "completion_tokens")]
    completion: Maybe<u64>,
    #[serde(default, rename = "total_tokens")]
    total: Maybe<u64>,
    #[serde(default, rename = "reasoning_tokens")]
    reasoning: Maybe<u64>,
    #[serde(default, rename = "prompt_cache_hit_tokens")]
    prompt_cache_hit: Maybe<u64>,
    #[serde(default, rename = "num_cached_tokens")]
    num_cached: Maybe<u64>,
    #[serde(default, rename = "prompt_tokens_details")]
    prompt_details: Maybe<PromptDetails>,
    #[serde(default, rename = "completion_tokens_details")]
    completion_details: Maybe<CompletionDetails>,
    #[serde(default)]
    cost: Maybe<Value>,
    #[serde(default)]
    cost_in_usd_ticks: Maybe<f64>,
}

#[derive(Default, Deserialize)]
struct PromptDetails {
    #[serde(default, rename = "cached_tokens")]
    cached: Maybe<u64>,
    #[serde(default, rename = "cache_write_tokens")]
    cache_write: Maybe<u64>,
}

#[derive(Default, Deserialize)]
struct CompletionDetails {
    #[serde(default, rename = "reasoning_tokens")]
    reasoning: Maybe<u64>,
}

impl Tokens {
    /// Returns the counts as everyone here reads them.
    ///
    /// Most include reasoning in the completion; one vendor does not, another hides its thinking altogether. Both give
    /// a total that is larger than the sum of the two, and the difference is billed as output.
    fn normalised(&self) -> Usage {
        let prompt = self.prompt.0;
        let hidden = self.total.0.zip(prompt).map(|(total, prompt)| total.saturating_sub(prompt));
        let details = self.prompt_details.0.as_ref();
        let reasoning = self.completion_details.0.as_ref().and_then(|details| details.reasoning.0);
        Usage {
            input_tokens: prompt,
            output_tokens: self.completion.0.map(|written| written.max(hidden.unwrap_or(0))),
            cached_input_tokens: details
                .and_then(|details| details.cached.0)
                .or(self.prompt_cache_hit.0)
                .or(self.num_cached.0),
            cache_write_tokens: details.and_then(|details| details.cache_write.0),
            reasoning_tokens: reasoning.or(self.reasoning.0),
        }
    }

    /// Returns what the provider says that it charged, in US dollars: a number, an object with a total, or ticks of
    /// 1e-10 dollars.
    fn dollars(&self) -> Option<f64> {
        let cost = self.cost.0.as_ref();
        cost.and_then(|cost| cost.as_f64().or_else(|| cost.get("total_cost")?.as_f64()))
            .or_else(|| Some(self.cost_in_usd_ticks.0? * 1e-10))
    }
}
