//! Claude: an object for each conversation, its messages in `chat_messages`, each with the message before it.

use serde_json::Value;

use crate::domain::attachment::Attachment;
use crate::domain::stream::{Citation, FinishNorm};
use crate::import::json::{is_true, joined, list, moment_ms, text};
use crate::import::tree::{Node, Role, exchanges};
use crate::import::{Answer, Conversation, End, Program};

/// Returns a conversation; an error says what is missing.
pub(super) fn conversation(value: &Value) -> Result<Conversation, String> {
    let messages = value.get("chat_messages").and_then(Value::as_array).ok_or("its `chat_messages` is no list")?;
    let id = text(value, "uuid").ok_or("it has no `uuid`")?;
    let has_parents = messages.iter().any(|message| text(message, "parent_message_uuid").is_some());
    let mut nodes: Vec<Node> = Vec::new();
    for (order, message) in messages.iter().enumerate() {
        let id = text(message, "uuid").map_or_else(|| format!("message {order}"), str::to_owned);
        let before = nodes.last().map(|node| node.id.clone());
        let named = text(message, "parent_message_uuid").map(str::to_owned);
        // Old exports are lists, in order.
        let parent = if has_parents { named } else { before };
        nodes.push(Node { id, parent, order, at_ms: moment_ms(message, "created_at"), role: role(message) });
    }
    let (exchanges, left_out) = exchanges(&nodes, text(value, "current_leaf_message_uuid"));
    Ok(Conversation {
        origin: id.to_owned(),
        name: text(value, "name").or_else(|| text(value, "summary")).unwrap_or_default().to_owned(),
        made_at_ms: moment_ms(value, "created_at"),
        used_at_ms: moment_ms(value, "updated_at"),
        exchanges,
        left_out,
        program: Program::Claude,
    })
}

fn role(message: &Value) -> Role {
    match text(message, "sender").or_else(|| text(message, "role")) {
        Some("human" | "user") => {
            let (question, files) = question(message);
            if question.trim().is_empty() && files.is_empty() { Role::Aside } else { Role::Question(question, files) }
        }
        Some("assistant") => Role::Answer(Box::new(answer(message))),
        Some(_) | None => Role::Aside,
    }
}

/// Returns the blocks of a kind.
fn blocks<'a>(message: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    list(message, "content").iter().filter(move |block| text(block, "type") == Some(kind))
}

/// Returns what is said in a message: its blocks of text; the text beside them is empty in most exports.
fn said(message: &Value) -> String {
    let said = joined(blocks(message, "text").filter_map(|block| text(block, "text")), "\n\n");
    if said.is_empty() { text(message, "text").unwrap_or_default().to_owned() } else { said }
}

/// Returns a question with what was pasted beside it; a paste alone is the question.
fn question(message: &Value) -> (String, Vec<Attachment>) {
    let mut asked = said(message);
    let mut files = Vec::new();
    for (number, attachment) in (1..).zip(list(message, "attachments")) {
        let Some(pasted) = text(attachment, "extracted_content") else { continue };
        if asked.trim().is_empty() {
            pasted.clone_into(&mut asked);
            continue;
        }
        let name = text(attachment, "file_name").map_or_else(|| format!("paste {number}"), str::to_owned);
        let file = Attachment::read(&name, pasted.as_bytes());
        if file.and_then(|file| file.join(&mut files)).is_err() {
            asked = format!("{asked}\n\n{name}:\n{pasted}");
        }
    }
    let mut named: Vec<&str> = Vec::new();
    for file in list(message, "files").iter().chain(list(message, "files_v2")) {
        let name = text(file, "file_name").unwrap_or("a file without a name");
        if !named.contains(&name) {
            named.push(name);
        }
    }
    // Only their names are in the export.
    let named: Vec<String> = named.iter().map(|name| format!("[file: {name}]")).collect();
    (joined([asked.as_str(), &named.join("\n")], "\n\n"), files)
}

fn answer(message: &Value) -> Answer {
    let reason = text(message, "stop_reason");
    let finish = match (is_true(message, "truncated"), reason) {
        (true, _) | (_, Some("max_tokens")) => End::Word("truncated".to_owned(), FinishNorm::Length),
        (_, Some(word @ ("end_turn" | "stop_sequence"))) => End::Word(word.to_owned(), FinishNorm::Stop),
        (_, Some("refusal")) => End::Word("refusal".to_owned(), FinishNorm::Refusal),
        (_, Some(word)) => End::Word(word.to_owned(), FinishNorm::Other),
        (_, None) => End::Unsaid,
    };
    let artifacts: Vec<String> = blocks(message, "tool_use").filter_map(artifact).collect();
    let said = said(message);
    Answer {
        // The official export names none.
        model: text(message, "model").map(str::to_owned),
        text: joined(std::iter::once(said.as_str()).chain(artifacts.iter().map(String::as_str)), "\n\n"),
        reasoning: joined(blocks(message, "thinking").filter_map(|block| text(block, "thinking")), "\n\n"),
        finish,
        citations: citations(message),
        ..Answer::default()
    }
}

/// Returns what a tool was given to show to the person beside the answer.
fn artifact(block: &Value) -> Option<String> {
    let input = block.get("input")?;
    let content = text(input, "content").filter(|_| text(block, "name") == Some("artifacts"))?;
    let title = text(input, "title").unwrap_or("artifact");
    let fence = if content.contains("```") { "~~~~" } else { "```" };
    Some(format!("{title}:\n\n{fence}\n{content}\n{fence}"))
}

fn citations(message: &Value) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    for source in blocks(message, "text").flat_map(|block| list(block, "citations")) {
        let details = source.get("details").unwrap_or(source);
        let Some(url) = text(details, "url").or_else(|| text(source, "url")) else { continue };
        if !found.iter().any(|known| known.url == url) {
            found.push(Citation { url: url.to_owned(), title: text(source, "title").map(str::to_owned) });
        }
    }
    found
}
