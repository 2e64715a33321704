//! Open WebUI: an object for each chat, its messages in `chat.history.messages`, several models' answers side by side.

use serde_json::{Map, Value};

use crate::domain::stream::{Citation, FinishNorm};
use crate::domain::usage::Usage;
use crate::import::json::{joined, list, moment_ms, text};
use crate::import::tree::{Node, Role, exchanges};
use crate::import::{Answer, Conversation, End, Program};

/// Returns a conversation; an error says what is missing.
pub(super) fn conversation(value: &Value) -> Result<Conversation, String> {
    let chat = value.get("chat").filter(|chat| chat.is_object()).ok_or("its `chat` is no object")?;
    let id = text(value, "id").or_else(|| text(chat, "id")).ok_or("it has no `id`")?;
    let history = chat.get("history").unwrap_or(&Value::Null);
    let nodes = match history.get("messages").and_then(Value::as_object) {
        Some(messages) => tree(messages),
        // Chats of the first versions are lists, in order.
        None => listed(list(chat, "messages")),
    };
    let (exchanges, left_out) = exchanges(&nodes, text(history, "currentId"));
    Ok(Conversation {
        origin: id.to_owned(),
        name: text(value, "title").or_else(|| text(chat, "title")).unwrap_or_default().to_owned(),
        made_at_ms: moment_ms(value, "created_at").or_else(|| moment_ms(chat, "timestamp")),
        used_at_ms: moment_ms(value, "updated_at"),
        exchanges,
        left_out,
        program: Program::OpenWebUi,
    })
}

fn tree(messages: &Map<String, Value>) -> Vec<Node> {
    let place = |id: &str, message: &Value| {
        let model = message.get("modelIdx").and_then(Value::as_u64).and_then(|idx| usize::try_from(idx).ok());
        let parent = messages.get(text(message, "parentId")?)?;
        let child = list(parent, "childrenIds").iter().position(|child| child.as_str() == Some(id));
        // Several rounds of several models: by model within a round, and by round.
        Some(child.unwrap_or_default().max(model.unwrap_or_default()))
    };
    let node = |(id, message): (&String, &Value)| Node {
        id: id.clone(),
        parent: text(message, "parentId").map(str::to_owned),
        order: place(id, message).unwrap_or_default(),
        at_ms: moment_ms(message, "timestamp"),
        role: role(message),
    };
    messages.iter().map(node).collect()
}

fn listed(messages: &[Value]) -> Vec<Node> {
    let name = |at: usize| format!("message {at}");
    let node = |(at, message): (usize, &Value)| Node {
        id: name(at),
        parent: at.checked_sub(1).map(name),
        order: 0,
        at_ms: moment_ms(message, "timestamp"),
        role: role(message),
    };
    messages.iter().enumerate().map(node).collect()
}

fn role(message: &Value) -> Role {
    let said = content(message);
    match text(message, "role") {
        Some("user") => {
            let names = list(message, "files").iter().filter_map(|file| text(file, "name"));
            let names: Vec<String> = names.map(|name| format!("[file: {name}]")).collect();
            let question = joined([said.as_str(), &names.join("\n")], "\n\n");
            if question.is_empty() { Role::Aside } else { Role::Question(question, Vec::new()) }
        }
        Some("assistant") => Role::Answer(Box::new(answer(message, &said))),
        Some(_) | None => Role::Aside,
    }
}

/// Returns the text of a message: a text, or a list of parts; where it is empty, what the model put out piece by piece.
fn content(message: &Value) -> String {
    if let Some(text) = text(message, "content") {
        return text.to_owned();
    }
    let parts = |value| joined(list(value, "content").iter().filter_map(|part| text(part, "text")), "\n\n");
    let said = parts(message);
    if !said.is_empty() {
        return said;
    }
    let output = list(message, "output").iter().filter(|item| text(item, "type").is_none_or(|kind| kind == "message"));
    let output: Vec<String> = output.map(parts).collect();
    joined(output.iter().map(String::as_str), "\n\n")
}

fn answer(message: &Value, said: &str) -> Answer {
    let (text_of, reasoning) = folded(said);
    let error = message.get("error").filter(|error| error.is_object() || error.is_string());
    let is_done = message.get("done").and_then(Value::as_bool);
    let finish = match (error, is_done) {
        (Some(error), _) => {
            let words = text(error, "content").or_else(|| text(error, "message")).or(error.as_str());
            End::Failed(words.unwrap_or("it failed, without words").to_owned())
        }
        (None, Some(false)) => End::Word("not done".to_owned(), FinishNorm::Other),
        (None, Some(true)) => End::Word("done".to_owned(), FinishNorm::Stop),
        (None, None) => End::Unsaid,
    };
    Answer {
        model: text(message, "model").map(str::to_owned),
        text: text_of,
        reasoning,
        finish,
        usage: message.get("usage").or_else(|| message.get("info")).and_then(usage),
        citations: citations(message),
    }
}

fn usage(usage: &Value) -> Option<Usage> {
    let count = |names: &[&str]| names.iter().find_map(|name| usage.get(*name)?.as_u64());
    let found = Usage {
        input_tokens: count(&["prompt_tokens", "input_tokens", "prompt_eval_count"]),
        output_tokens: count(&["completion_tokens", "output_tokens", "eval_count"]),
        ..Usage::default()
    };
    (found != Usage::default()).then_some(found)
}

fn citations(message: &Value) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    for source in list(message, "sources").iter().filter_map(|source| source.get("source")) {
        let Some(url) = text(source, "url").filter(|url| url.starts_with("http")) else { continue };
        if !found.iter().any(|known| known.url == url) {
            found.push(Citation { url: url.to_owned(), title: text(source, "name").map(str::to_owned) });
        }
    }
    found
}

/// Returns the text without what is folded away in it, and the reasoning among that.
fn folded(said: &str) -> (String, String) {
    let (mut kept, mut reasoning) = (String::new(), Vec::new());
    let mut rest = said;
    while let Some(at) = rest.find("<details type=\"") {
        let (before, fold) = rest.split_at(at);
        kept.push_str(before);
        // One that is never closed goes to the end: the model was still at it.
        let (inside, behind) = fold.split_once("</details>").unwrap_or((fold, ""));
        let (head, body) = inside.split_once('>').unwrap_or((inside, ""));
        if head.contains("type=\"reasoning\"") {
            let body = body.split_once("</summary>").map_or(body, |(_, body)| body);
            reasoning.push(body.trim().to_owned());
        }
        rest = behind;
    }
    kept.push_str(rest);
    (kept.trim().to_owned(), reasoning.join("\n\n"))
}
