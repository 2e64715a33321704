//! Tells by what is in an entry whose it is, never by the name of its file: several programs write `conversations.json`.

use serde_json::Value;

use crate::import::record::{of_document, session};
use crate::import::split::{Piece, text as mended};
use crate::import::{Conversation, Entry, chatgpt, claude, open_webui};
use crate::recording::document::{Document, SCHEMA};

/// Returns what one value of a file is.
pub(super) fn entry(piece: Piece) -> Entry {
    let bytes = match piece {
        Piece::Whole(bytes) => bytes,
        Piece::TooLong => return Entry::Bad("it is longer than 64 MB".to_owned()),
        Piece::Cut => return Entry::Bad("the file ends in its middle".to_owned()),
    };
    let text = mended(&bytes);
    drop(bytes);
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => return Entry::Bad(format!("it is no JSON: {error}")),
    };
    if value.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.starts_with("dissent.session/")) {
        return document(&text);
    }
    let read: fn(&Value) -> Result<Conversation, String> = if value.get("mapping").is_some() {
        chatgpt::conversation
    } else if value.get("chat_messages").is_some() {
        claude::conversation
    } else if value.get("chat").is_some() {
        open_webui::conversation
    } else if is_of_chatgpt(&value) {
        return Entry::Empty("no messages");
    } else {
        return Entry::Other;
    };
    match read(&value) {
        Ok(conversation) if conversation.exchanges.is_empty() => Entry::Empty("no messages"),
        Ok(conversation) => Entry::Session(Box::new(session(conversation))),
        Err(why) => Entry::Bad(why),
    }
}

/// Returns whether an entry is a conversation of ChatGPT without its messages, which its exports hold now and then.
fn is_of_chatgpt(value: &Value) -> bool {
    value.get("title").is_some() && value.get("create_time").is_some()
}

fn document(text: &str) -> Entry {
    match serde_json::from_str::<Document>(text) {
        Ok(document) if document.schema != SCHEMA => {
            Entry::Bad(format!("it is a {}, and this dissent reads {SCHEMA}", document.schema))
        }
        Ok(document) if document.turns.is_empty() => Entry::Empty("no turns"),
        Ok(document) => of_document(document).map_or_else(Entry::Bad, |session| Entry::Session(Box::new(session))),
        Err(error) => Entry::Bad(format!("it is no session of ours: {error}")),
    }
}
