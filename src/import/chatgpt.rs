//! ChatGPT: an object for each conversation, its messages in a `mapping` from id to node.

use std::collections::HashMap;

use serde_json::Value;

use crate::domain::stream::{Citation, FinishNorm};
use crate::import::json::{is_true, joined, list, moment_ms, text};
use crate::import::tree::{Node, Role, exchanges};
use crate::import::{Answer, Conversation, End, Program};

/// Stand around references in the text of newer exports: private-use characters of the program's own.
const REFERENCE: [char; 2] = ['\u{e200}', '\u{e201}'];
/// Stand around references in the text of older exports.
const OLD_REFERENCE: [char; 2] = ['【', '】'];

/// Returns a conversation; an error says what is missing.
pub(super) fn conversation(value: &Value) -> Result<Conversation, String> {
    let mapping = value.get("mapping").and_then(Value::as_object).ok_or("its `mapping` is no object")?;
    let id = text(value, "conversation_id").or_else(|| text(value, "id"));
    let tip = text(value, "current_node");
    let made_at_ms = moment_ms(value, "create_time");
    // Old exports have no id: the root's, which never changes, stands in.
    let root = || mapping.iter().find(|(_, node)| text(node, "parent").is_none()).map(|(id, _)| id.as_str());
    let id = id.or_else(root).ok_or("it has neither an id nor a message")?;
    let usual_model = text(value, "default_model_slug");
    let orders: HashMap<&str, usize> = mapping
        .values()
        .flat_map(|node| list(node, "children").iter().enumerate())
        .filter_map(|(order, child)| Some((child.as_str()?, order)))
        .collect();
    let nodes: Vec<Node> = mapping
        .iter()
        .map(|(id, node)| {
            let message = node.get("message").unwrap_or(&Value::Null);
            Node {
                id: id.clone(),
                parent: text(node, "parent").map(str::to_owned),
                order: orders.get(id.as_str()).copied().unwrap_or_default(),
                at_ms: moment_ms(message, "create_time"),
                role: role(message, usual_model),
            }
        })
        .collect();
    let (exchanges, left_out) = exchanges(&nodes, tip);
    Ok(Conversation {
        origin: id.to_owned(),
        name: text(value, "title").unwrap_or_default().to_owned(),
        made_at_ms,
        used_at_ms: moment_ms(value, "update_time"),
        exchanges,
        left_out,
        program: Program::ChatGpt,
    })
}

/// Returns what a message is: what the person never saw, and what goes to tools and comes from them, is aside.
fn role(message: &Value, usual_model: Option<&str>) -> Role {
    let metadata = message.get("metadata").unwrap_or(&Value::Null);
    let is_hidden = is_true(metadata, "is_visually_hidden_from_conversation");
    let is_to_tool = text(message, "recipient").is_some_and(|recipient| recipient != "all");
    let content = message.get("content").unwrap_or(&Value::Null);
    let kind = text(content, "content_type").unwrap_or("text");
    if is_hidden || is_to_tool || matches!(kind, "user_editable_context" | "model_editable_context") {
        return Role::Aside;
    }
    match message.get("author").and_then(|author| text(author, "role")) {
        Some("user") => {
            let asked = said(content, kind);
            if asked.trim().is_empty() { Role::Aside } else { Role::Question(asked, Vec::new()) }
        }
        Some("assistant") if is_aside(kind) => Role::Aside,
        Some("assistant") => Role::Answer(Box::new(answer(message, metadata, content, kind, usual_model))),
        // Pictures come from a tool, and are what the person was given.
        Some("tool") if kind == "multimodal_text" => {
            Role::Answer(Box::new(answer(message, metadata, content, kind, usual_model)))
        }
        Some(_) | None => Role::Aside,
    }
}

/// Returns whether a kind of content is no part of what is said.
fn is_aside(kind: &str) -> bool {
    matches!(
        kind,
        "reasoning_recap" | "execution_output" | "tether_browsing_display" | "tether_quote" | "sonic_webpage"
    )
}

fn answer(message: &Value, metadata: &Value, content: &Value, kind: &str, usual_model: Option<&str>) -> Answer {
    let model = text(metadata, "model_slug").or(usual_model).map(str::to_owned);
    if kind == "thoughts" {
        return Answer { model, reasoning: thoughts(content), finish: finish(message, metadata), ..Answer::default() };
    }
    if kind == "system_error" {
        let finish = End::Failed(said(content, kind));
        return Answer { model, finish, ..Answer::default() };
    }
    Answer {
        model,
        text: without(&without(&said(content, kind), REFERENCE, |_| true), OLD_REFERENCE, |inside| {
            inside.contains('†')
        }),
        finish: finish(message, metadata),
        citations: citations(metadata),
        ..Answer::default()
    }
}

/// Returns how a message ended.
fn finish(message: &Value, metadata: &Value) -> End {
    let details = metadata.get("finish_details").and_then(|details| text(details, "type"));
    let norm = match details {
        Some("stop") => FinishNorm::Stop,
        Some("max_tokens") => FinishNorm::Length,
        Some(_) => FinishNorm::Other,
        None => match text(message, "status") {
            Some("finished_successfully") => FinishNorm::Stop,
            Some("finished_partial_completion") => FinishNorm::Length,
            Some(_) => FinishNorm::Other,
            None => return End::Unsaid,
        },
    };
    End::Word(details.or_else(|| text(message, "status")).unwrap_or_default().to_owned(), norm)
}

/// Returns the text of a message.
fn said(content: &Value, kind: &str) -> String {
    if kind == "code" {
        let language = text(content, "language").filter(|language| *language != "unknown").unwrap_or_default();
        let code = text(content, "text").unwrap_or_default();
        return if code.is_empty() { String::new() } else { format!("```{language}\n{code}\n```") };
    }
    let parts = list(content, "parts");
    let plain = || text(content, "text").or_else(|| text(content, "content")).unwrap_or_default().to_owned();
    if parts.is_empty() { plain() } else { parts_of(parts) }
}

/// Returns parts as one text: pieces of text follow each other, anything else stands on a line of its own.
fn parts_of(parts: &[Value]) -> String {
    let mut all = String::new();
    let mut was_text = true;
    for part in parts {
        let (piece, is_text) = match part.as_str() {
            Some(text) => (text.to_owned(), true),
            None => (pointer(part), false),
        };
        let goes_on = is_text && was_text;
        if !(goes_on || all.is_empty() || all.ends_with('\n')) {
            all.push('\n');
        }
        all.push_str(&piece);
        was_text = is_text;
    }
    all
}

/// Returns what stands for a part that is no text: what was spoken, or which picture it is.
fn pointer(part: &Value) -> String {
    let kind = text(part, "content_type").unwrap_or_default();
    if let Some(spoken) = text(part, "text") {
        return spoken.to_owned();
    }
    let what = match kind {
        "image_asset_pointer" => "image",
        "audio_asset_pointer" | "real_time_user_audio_video_asset_pointer" => "audio",
        "video_container_asset_pointer" => "video",
        _ => return String::new(),
    };
    match text(part, "asset_pointer") {
        Some(place) => format!("[{what}: {place}]"),
        None => format!("[{what}]"),
    }
}

fn thoughts(content: &Value) -> String {
    let thoughts = list(content, "thoughts").iter();
    let thoughts = thoughts.map(|thought| {
        joined([text(thought, "summary").unwrap_or_default(), text(thought, "content").unwrap_or_default()], "\n")
    });
    let thoughts: Vec<String> = thoughts.collect();
    if thoughts.is_empty() { parts_of(list(content, "parts")) } else { thoughts.join("\n\n") }
}

/// Returns the text without what stands between two marks, where `is_meant` says so of it.
fn without(text: &str, [open, close]: [char; 2], is_meant: impl Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        match after.split_once(close) {
            Some((inside, behind)) if is_meant(inside) => rest = behind,
            Some(_) | None => {
                kept.push(open);
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// Returns the pages that a message names, each once.
fn citations(metadata: &Value) -> Vec<Citation> {
    let old = list(metadata, "citations").iter().filter_map(|it| it.get("metadata"));
    let new = list(metadata, "content_references").iter();
    let new = new.flat_map(|it| std::iter::once(it).chain(list(it, "items")));
    let mut found: Vec<Citation> = Vec::new();
    for source in old.chain(new) {
        let Some(url) = text(source, "url") else { continue };
        if !found.iter().any(|known| known.url == url) {
            found.push(Citation { url: url.to_owned(), title: text(source, "title").map(str::to_owned) });
        }
    }
    found
}
