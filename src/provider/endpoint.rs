//! Who is asked and how: providers and models with every setting resolved.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::ids::ModelId;
use crate::domain::member::Member;
use crate::domain::prompt::{Message, Prompt};
use crate::domain::tokens;
use crate::provider::dialect::Dialect;

/// A key that no output can show: neither `Debug` nor `Display` gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a key.
    pub fn new(key: &str) -> Self {
        Self(Arc::from(key))
    }

    /// Returns the key itself, for the one header that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Who is asked: one service with its key, limits and time-outs.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// The id in the config.
    pub id: Arc<str>,
    /// The protocol it speaks.
    pub dialect: Dialect,
    /// Where it is, without a trailing slash.
    pub base_url: String,
    /// The key, where one is needed and known.
    pub key: Option<Secret>,
    /// Where the key comes from, to be named in messages, such as `OPENAI_API_KEY`.
    pub key_source: Option<String>,
    /// Headers to send besides the dialect's own.
    pub headers: Vec<(String, Secret)>,
    /// A file with further root certificates, in PEM.
    pub ca_file: Option<std::path::PathBuf>,
    /// A proxy for this provider alone; its address may hold a password.
    pub proxy: Option<Secret>,
    /// What may be sent at most.
    pub limits: Limits,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// What may be sent to a provider at most; `None` means no limit of our own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a minute.
    pub requests_per_minute: Option<u32>,
    /// Tokens in a minute.
    pub tokens_per_minute: Option<u32>,
    /// Requests under way at once.
    pub concurrent: Option<u32>,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the request to the first token.
    pub first_token: Duration,
    /// Between two signs of life.
    pub idle: Duration,
    /// For the whole answer.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { first_token: Duration::from_secs(60), idle: Duration::from_secs(60), whole: Duration::from_secs(600) }
    }
}

/// How a model is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Randomness, 0 to 2 (0 to 1 for some); `None` leaves it to the provider.
    pub temperature: Option<f64>,
    /// The longest answer in tokens.
    pub max_output_tokens: Option<u32>,
    /// How hard to think, in the provider's words.
    pub reasoning_effort: Option<String>,
}

impl Options {
    /// Returns whether the model is told to think hard, which takes minutes before the first word.
    pub fn reasons_hard(&self) -> bool {
        self.reasoning_effort.as_deref().is_some_and(|effort| matches!(effort, "high" | "xhigh" | "max"))
    }
}

/// How long a member that has not begun is waited for once a quorum has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Straggler {
    /// For most.
    pub usual: Duration,
    /// For models that are told to think hard: they are silent for minutes as a rule.
    pub high_effort: Duration,
}

impl Straggler {
    /// Returns the same wait for every model.
    pub fn same(wait: Duration) -> Self {
        Self { usual: wait, high_effort: wait }
    }

    /// Returns how long `model` is waited for.
    pub fn wait_for(&self, model: &Model) -> Duration {
        if model.options.reasons_hard() { self.high_effort } else { self.usual }
    }
}

/// One entry of the registry: a member and how to reach it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What everyone may know of it.
    pub member: Arc<Member>,
    /// Who is asked.
    pub provider: Arc<Provider>,
    /// How it is asked.
    pub options: Options,
    /// Standing instructions of the config: for this model, or else for all.
    pub system: Option<Arc<str>>,
    /// What it is good at: kinds of question.
    pub strengths: Vec<String>,
    /// Stand-ins, in order.
    pub fallback: Vec<ModelId>,
}

impl Model {
    /// Returns the standing instructions for a call: those of the prompt, which are for this conversation, win over
    /// those of the config.
    pub fn system_for<'a>(&'a self, prompt: &'a Prompt) -> Option<&'a str> {
        prompt.system.as_deref().or(self.system.as_deref()).filter(|text| !text.trim().is_empty())
    }

    /// Returns how many tokens a call that asks `prompt` reads at most, standing instructions included; see
    /// [`tokens::at_most`].
    pub fn tokens_at_most(&self, prompt: &Prompt) -> u64 {
        let said: u64 = prompt.messages.iter().map(Message::tokens_at_most).sum();
        said + self.system_for(prompt).map_or(0, tokens::at_most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_key_nor_the_password_of_a_proxy_is_shown() {
        let planted = "planted-5f3a";
        let secrets = (Secret::new(planted), Some(Secret::new(&format!("http://me:{planted}@proxy.example:3128"))));
        assert!(!format!("{secrets:?}").contains(planted));
        let provider = Provider {
            id: Arc::from("house"),
            dialect: Dialect::OpenaiChat,
            base_url: "http://127.0.0.1:1/v1".to_owned(),
            key: Some(secrets.0.clone()),
            key_source: Some("HOUSE_KEY".to_owned()),
            headers: vec![("x-team".to_owned(), secrets.0)],
            ca_file: None,
            proxy: secrets.1,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
        };
        assert!(!format!("{provider:?}").contains(planted), "{provider:?}");
    }
}
