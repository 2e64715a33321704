//! The responses dialect of OpenAI and those who speak it too: what is sent and how the answer is read.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::attachment::Image;
use crate::domain::prompt::{Prompt, Role};
use crate::domain::stream::{Delta, FinishNorm, FinishReason};
use crate::domain::usage::Usage;
use crate::provider::answer::{Ending, Progress};
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Few, Maybe, Object, Text, telling};
use crate::provider::quirk::Quirks;

/// Returns the body of a request. Nothing is to be kept by the provider, whose default is 30 days.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let said = prompt.messages.iter().map(|message| {
        let role = message.role.as_str();
        let kind = match message.role {
            Role::User => "input_text",
            Role::Assistant => "output_text",
        };
        let image = |it: &Image| json!({"type": "input_image", "image_url": it.data_url()});
        let text = json!({"type": kind, "text": &*message.text});
        let parts: Vec<Value> = message.images.iter().map(image).chain([text]).collect();
        json!({"role": role, "content": parts})
    });
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(&*model.member.api_model));
    body.insert("input".to_owned(), said.collect());
    body.insert("stream".to_owned(), json!(true));
    body.insert("store".to_owned(), json!(false));
    if let Some(system) = model.system_for(prompt) {
        body.insert("instructions".to_owned(), json!(system));
    }
    quirks.tune(&model.options, "max_output_tokens", &mut body);
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        body.insert("reasoning".to_owned(), json!({"effort": effort}));
    }
    body
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    has_text: bool,
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
        let event: Event<'_> = serde_json::from_str(data)?;
        match event.kind.0.as_deref().unwrap_or(name) {
            "response.output_text.delta" => {
                self.has_text = true;
                delta.text.push_str(event.delta.as_str());
            }
            "response.refusal.delta" => ending.decline(event.delta.as_str()),
            kind if kind.contains("reasoning") => {
                ending.thinks(true);
                if kind.strip_suffix(".delta").is_some() {
                    delta.reasoning.push_str(event.delta.as_str());
                }
            }
            // Of a server that does not write word by word.
            "response.output_text.done" if !self.has_text => {
                self.has_text = true;
                delta.text.push_str(event.text.as_str());
            }
            "response.output_text.annotation.added" => {
                if let Some(note) = &event.annotation.0 {
                    note.cite(ending);
                }
            }
            "response.created" => {
                if let Some(response) = read(event.response)? {
                    ending.model(&response.model);
                }
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                if let Some(response) = read(event.response)? {
                    if !self.has_text {
                        response.text(ending, delta);
                    }
                    response.end(ending);
                }
                ending.progress = Progress::Over;
            }
            "error" => ending.fail(ServerError::of_event(data)),
            _ => {}
        }
        Ok(())
    }
}

/// Reads an answer in one piece.
pub(crate) fn whole(body: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
    let response: Response = serde_json::from_str(body)?;
    response.text(ending, delta);
    response.end(ending);
    Ok(())
}

fn read(response: Option<&RawValue>) -> serde_json::Result<Option<Response>> {
    response.map(|raw| serde_json::from_str(raw.get())).transpose()
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    delta: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(default)]
    annotation: Maybe<Annotation>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: Maybe<String>,
}

impl Annotation {
    fn cite(&self, ending: &mut Ending) {
        if self.kind == "url_citation" {
            ending.cite(&self.url, self.title.0.as_deref().unwrap_or_default());
        }
    }
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    model: String,
    #[serde(default)]
    status: Maybe<String>,
    #[serde(default)]
    incomplete_details: Maybe<Incomplete>,
    #[serde(default)]
    usage: Maybe<Tokens>,
    #[serde(default)]
    output: Few<Object<Item>>,
    #[serde(default)]
    error: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Incomplete {
    #[serde(default)]
    reason: Maybe<String>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    content: Few<Object<Part>>,
    #[serde(default)]
    summary: Few<Object<Part>>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    text: Maybe<String>,
    #[serde(default)]
    refusal: Maybe<String>,
    #[serde(default)]
    annotations: Few<Object<Annotation>>,
}

impl Response {
    /// Adds what the response says as a whole: for answers that were not streamed.
    fn text<'s>(&'s self, ending: &mut Ending, delta: &mut Delta) {
        for item in self.output.items.iter().filter_map(|item| item.0.as_ref()) {
            let is_cut = [&item.summary, &item.content].iter().any(|parts| parts.n_more > 0);
            ending.finish.n_malformed += u32::from(is_cut);
            let parts = |parts: &'s Few<Object<Part>>| parts.items.iter().filter_map(|part| part.0.as_ref());
            for part in parts(&item.summary).filter(|_| item.kind == "reasoning") {
                delta.reasoning.push_str(part.text.0.as_deref().unwrap_or_default());
            }
            for part in parts(&item.content).filter(|_| item.kind == "message") {
                match part.kind.as_str() {
                    "output_text" => delta.text.push_str(part.text.0.as_deref().unwrap_or_default()),
                    "refusal" if !ending.finish.refusal => {
                        ending.decline(part.refusal.0.as_deref().unwrap_or_default());
                    }
                    _ => {}
                }
                part.annotations.items.iter().filter_map(|note| note.0.as_ref()).for_each(|note| note.cite(ending));
                ending.leave_out(part.annotations.n_more);
            }
        }
    }

    fn end(&self, ending: &mut Ending) {
        ending.model(&self.model);
        if let Some(tokens) = &self.usage.0 {
            ending.finish.usage = Some(tokens.normalised());
            if let Some(ticks) = tokens.cost_in_usd_ticks.0 {
                ending.charged(ticks * 1e-10);
            }
        }
        let details = self.incomplete_details.0.as_ref();
        match (self.status.0.as_deref(), details.and_then(|details| details.reason.0.as_deref())) {
            (Some("incomplete"), Some(reason)) => ending.reason(reason),
            // It is incomplete for a reason that was not given: no vote.
            (Some("incomplete"), None) => {
                ending.finish.reason =
                    Some(FinishReason { raw: Some("incomplete".to_owned()), norm: FinishNorm::Other });
                ending.complete();
            }
            (Some(status @ ("completed" | "failed" | "cancelled")), _) => ending.reason(status),
            (Some(_) | None, _) => {}
        }
        if let Some(error) = telling(self.error.as_deref()) {
            ending.fail(ServerError::of_body(&format!("{{\"error\":{error}}}")));
        }
    }
}

#[derive(Deserialize)]
struct Tokens {
    #[serde(default, rename = "input_tokens")]
    input: Maybe<u64>,
    #[serde(default, rename = "output_tokens")]
    output: Maybe<u64>,
    #[serde(default, rename = "input_tokens_details")]
    input_details: Maybe<InputDetails>,
    #[serde(default, rename = "output_tokens_details")]
    output_details: Maybe<OutputDetails>,
    #[serde(default)]
    cost_in_usd_ticks: Maybe<f64>,
}

#[derive(Default, Deserialize)]
struct InputDetails {
    #[serde(default, rename = "cached_tokens")]
    cached: Maybe<u64>,
    #[serde(default, rename = "cache_write_tokens")]
    cache_write: Maybe<u64>,
}

#[derive(Default, Deserialize)]
struct OutputDetails {
    #[serde(default, rename = "reasoning_tokens")]
    reasoning: Maybe<u64>,
}

impl Tokens {
    /// Returns the counts: here input includes what was cached and output includes reasoning already.
    fn normalised(&self) -> Usage {
        let input = self.input_details.0.as_ref();
        Usage {
            input_tokens: self.input.0,
            output_tokens: self.output.0,
            cached_input_tokens: input.and_then(|details| details.cached.0),
            cache_write_tokens: input.and_then(|details| details.cache_write.0),
            reasoning_tokens: self.output_details.0.as_ref().and_then(|details| details.reasoning.0),
        }
    }
}
