//! What a model is asked.

use std::sync::Arc;

/// Who said a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub text: Arc<str>,
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
        Self { system: None, messages: vec![Message { role: Role::User, text: Arc::from(question) }] }
    }
}
