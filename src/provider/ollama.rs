//! Ollama's own dialect: what is sent and how the answer is read.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::prompt::{self, Prompt};
use crate::domain::stream::Delta;
use crate::domain::tokens;
use crate::domain::usage::Usage;
use crate::provider::answer::{Ending, Progress};
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Maybe, Object, Text, telling};
use crate::provider::quirk::Quirks;

/// The smallest context that is asked for, in tokens. The server's own default is less, and longer prompts are cut
/// there without a word.
const MIN_CONTEXT: u64 = 8192;

/// Room for the answer where no limit is set, in tokens.
const ANSWER_ROOM: u64 = 2048;

/// Returns the body of a request.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let system = model.system_for(prompt);
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(&*model.member.api_model));
    body.insert("messages".to_owned(), messages(system, prompt));
    body.insert("stream".to_owned(), json!(true));
    let limit = quirks.max_output_tokens(&model.options);
    let mut options = Map::new();
    options.insert("num_ctx".to_owned(), json!(context_size(system, prompt, limit)));
    quirks.tune(&model.options, "num_predict", &mut options);
    body.insert("options".to_owned(), Value::Object(options));
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        body.insert("think".to_owned(), if effort == "none" { json!(false) } else { json!(effort) });
    }
    body
}

/// Returns the conversation, instructions first; images go beside the text.
fn messages(system: Option<&str>, prompt: &Prompt) -> Value {
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let said = prompt.messages.iter().map(|message| {
        let role = message.role.as_str();
        if message.images.is_empty() {
            return json!({"role": role, "content": &*message.text});
        }
        let images: Vec<&str> = message.images.iter().map(|image| &*image.base64).collect();
        json!({"role": role, "content": &*message.text, "images": images})
    });
    system.into_iter().chain(said).collect()
}

/// Returns a context that holds the prompt and the answer, in doublings: each new size makes the server load the
/// model anew.
fn context_size(system: Option<&str>, prompt: &Prompt, limit: Option<u32>) -> u64 {
    let n_said: u64 = prompt.messages.iter().map(prompt::Message::tokens_at_most).sum();
    let n_read = n_said + system.map_or(0, tokens::at_most);
    let n_written = limit.map_or(ANSWER_ROOM, u64::from);
    (n_read + n_written).next_power_of_two().max(MIN_CONTEXT)
}

/// Nothing needs to be remembered between the events of an answer.
#[derive(Debug, Default)]
pub(crate) struct State;

impl State {
    /// Reads one line.
    #[expect(clippy::unused_self, reason = "as in the other dialects")]
    pub(crate) fn event(&mut self, data: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let line: Line<'_> = serde_json::from_str(data)?;
        if telling(line.error).is_some() {
            ending.fail(ServerError::of_body(data));
            return Ok(());
        }
        ending.model(line.model.as_str());
        if let Some(message) = &line.message.0 {
            delta.reasoning.push_str(message.thinking.as_str());
            delta.text.push_str(message.content.as_str());
        }
        if line.done.0 == Some(true) {
            if let Some(reason) = line.done_reason.0.as_deref() {
                ending.reason(reason);
            }
            if line.prompt_eval_count.0.is_some() || line.eval_count.0.is_some() {
                *ending.usage() = Usage {
                    input_tokens: line.prompt_eval_count.0,
                    output_tokens: line.eval_count.0,
                    ..Usage::default()
                };
            }
            ending.progress = Progress::Over;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow, default)]
    message: Object<Message<'a>>,
    #[serde(default)]
    done: Maybe<bool>,
    #[serde(borrow, default)]
    done_reason: Text<'a>,
    #[serde(default)]
    prompt_eval_count: Maybe<u64>,
    #[serde(default)]
    eval_count: Maybe<u64>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    content: Text<'a>,
    #[serde(borrow, default)]
    thinking: Text<'a>,
}
