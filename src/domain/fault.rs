//! What can go wrong with one call, in the words of the outer face.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The sort of failure: decides whether asking again can help and what a person should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The key is missing or refused.
    Auth,
    /// The account has no credit left, or its plan ends here.
    Quota,
    /// The provider does not accept the request.
    BadRequest,
    /// The model or the path does not exist.
    NotFound,
    /// The conversation is longer than the model can read.
    ContextLength,
    /// Too many requests or tokens for now.
    RateLimited,
    /// The provider has no capacity for now.
    Overloaded,
    /// The provider broke.
    Server,
    /// Nothing came for too long.
    Timeout,
    /// The connection could not be made, or broke.
    Network,
    /// The connection could not be made safe.
    Tls,
    /// The answer ended in the middle.
    Cut,
    /// What came could not be read.
    Malformed,
    /// Nothing came, though the provider said that all is well.
    Empty,
    /// The provider withheld the answer.
    Filtered,
    /// More came than is accepted.
    TooLarge,
    /// The model cannot do what was asked of it.
    Unsupported,
}

impl FaultKind {
    /// Returns the word used in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Quota => "quota",
            Self::BadRequest => "bad_request",
            Self::NotFound => "not_found",
            Self::ContextLength => "context_length",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::Cut => "cut",
            Self::Malformed => "malformed",
            Self::Empty => "empty",
            Self::Filtered => "filtered",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported",
        }
    }
}

/// One failure: what happened, to be read by a person, and what the server said about it.
///
/// `message` never holds a key or a prompt; it may hold the server's words and is cleaned before it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The sort of failure.
    pub kind: FaultKind,
    /// What happened, and to what, in lower case without a full stop.
    pub message: String,
    /// What a person can do about it, where anything can be done, in the same way.
    pub advice: Option<String>,
    /// The HTTP status, where the server answered.
    pub http_status: Option<u16>,
    /// How long the server asked us to wait, if it did.
    pub retry_after: Option<Duration>,
}

impl Fault {
    /// Returns a fault without advice, a status or a wish of the server.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), advice: None, http_status: None, retry_after: None }
    }

    /// Returns the fault with what a person can do about it.
    pub fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    /// Returns what happened and what to do, for a fault that is not mended by itself.
    pub fn told(&self) -> String {
        match &self.advice {
            Some(advice) => format!("{}; {advice}", self.message),
            None => self.message.clone(),
        }
    }
}
