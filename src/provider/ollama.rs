//! Ollama's own dialect: what is sent and how the answer is read.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::prompt::Prompt;
use crate::domain::stream::Delta;
use crate::domain::usage::Usage;
use crate::provider::answer::{Ending, Progress};
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Maybe, Text, telling};
use crate::provider::openai_chat::messages;
use crate::provider::quirk::Quirks;
use crate::provider::think::ThinkSplit;

/// The smallest context that is asked for, in tokens. The server's own default is less, and longer prompts are cut
/// there without a word.
const MIN_CONTEXT: usize = 8192;

/// Bytes to a token, on the safe side: other scripts than Latin take more tokens.
const BYTES_PER_TOKEN: usize = 3;

/// Room for the answer where no limit is set, in tokens.
const ANSWER_ROOM: usize = 2048;

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
    if let Some(temperature) = quirks.temperature(&model.options) {
        options.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(limit) = limit {
        options.insert("num_predict".to_owned(), json!(limit));
    }
    body.insert("options".to_owned(), Value::Object(options));
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        body.insert("think".to_owned(), if effort == "none" { json!(false) } else { json!(effort) });
    }
    body
}

/// Returns a context that holds the prompt and the answer, in doublings: each new size makes the server load the
/// model anew.
fn context_size(system: Option<&str>, prompt: &Prompt, limit: Option<u32>) -> usize {
    let n_bytes: usize = prompt.messages.iter().map(|message| message.text.len()).sum();
    let n_read = (n_bytes + system.map_or(0, str::len)) / BYTES_PER_TOKEN;
    let n_written = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(ANSWER_ROOM);
    (n_read + n_written).next_power_of_two().max(MIN_CONTEXT)
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    think: ThinkSplit,
}

impl State {
    /// Reads one line.
    pub(crate) fn event(&mut self, data: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let line: Line<'_> = serde_json::from_str(data)?;
        if telling(line.error).is_some() {
            ending.fail(ServerError::of_body(data));
            return Ok(());
        }
        ending.model(line.model.as_str());
        if let Some(message) = &line.message {
            delta.reasoning.push_str(message.thinking.as_str());
            self.think.push(message.content.as_str(), delta);
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

    /// Hands on text that was held back.
    pub(crate) fn end(&mut self, delta: &mut Delta) {
        self.think.end(delta);
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow, default)]
    message: Option<Message<'a>>,
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
