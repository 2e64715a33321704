//! What a model is asked.

use std::sync::Arc;

use crate::domain::attachment::{Attachment, Image, with_files};
use crate::domain::tokens;

/// Who said a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// Returns the word that nearly every protocol has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who said it.
    pub role: Role,
    /// What was said; text files are part of it.
    pub text: Arc<str>,
    /// Pictures that go along, before the text.
    pub images: Vec<Image>,
}

impl Message {
    /// Returns a message of words alone.
    pub fn said(role: Role, text: impl Into<Arc<str>>) -> Self {
        Self { role, text: text.into(), images: Vec::new() }
    }

    /// Returns a person's question with its files: texts within it, images beside it.
    pub fn question(question: &Arc<str>, files: &[Attachment]) -> Self {
        let images = files.iter().filter_map(Attachment::image).cloned().collect();
        Self { role: Role::User, text: with_files(question, files), images }
    }

    /// Returns how many tokens the message is at most; see [`tokens::at_most`].
    pub fn tokens_at_most(&self) -> u64 {
        let images = self.images.len() as u64 * tokens::TOKENS_PER_IMAGE;
        tokens::at_most(&self.text) + images + tokens::TOKENS_PER_MESSAGE
    }
}

/// All that one model is sent: the conversation so far, ending with the question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Standing instructions, if any.
    pub system: Option<Arc<str>>,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
}

impl Prompt {
    /// Returns a prompt that asks `question` with no history.
    pub fn question(question: &str) -> Self {
        Self { system: None, messages: vec![Message::said(Role::User, question)] }
    }

    /// Returns how many tokens the whole is at most; see [`tokens::at_most`].
    pub fn tokens_at_most(&self) -> u64 {
        let system = self.system.as_deref().map_or(0, tokens::at_most);
        system + self.messages.iter().map(Message::tokens_at_most).sum::<u64>()
    }
}
