//! The events of the chat-completions dialect as data: only the fields that are used, none of which can fail an event.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::stream::Citation;
use crate::domain::usage::Usage;
use crate::provider::answer::Ending;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Maybe, Nullable, Text, telling};

#[derive(Deserialize)]
pub(crate) struct Chunk<'a> {
    #[serde(borrow, default)]
    pub(crate) object: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) model: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) choices: FirstChoice<'a>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    x_groq: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) search_results: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) citations: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) error: Option<&'a RawValue>,
}

impl Chunk<'_> {
    /// Returns the token counts, wherever they are. They are absent from most events, so that reading them apart is
    /// cheaper than making room for them in each.
    pub(crate) fn tokens(&self) -> Option<Tokens> {
        let usage = telling(self.usage).and_then(|json| serde_json::from_str(json).ok());
        usage.or_else(|| serde_json::from_str::<Groq>(telling(self.x_groq)?).ok()?.usage.0)
    }
}

/// The one choice that is ever asked for; others would be other answers.
#[derive(Default)]
pub(crate) struct FirstChoice<'a>(pub(crate) Option<Box<Choice<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for FirstChoice<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstChoiceVisitor)
    }
}

struct FirstChoiceVisitor;

impl<'de> Visitor<'de> for FirstChoiceVisitor {
    type Value = FirstChoice<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of choices")
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(FirstChoice(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut first = None;
        while let Some(choice) = seq.next_element::<Choice<'de>>()? {
            if choice.index.unwrap_or(0) == 0 {
                // Boxed because it is large and handed on several times; that costs more than the box.
                first = Some(Box::new(choice));
            }
        }
        Ok(FirstChoice(first))
    }
}

#[derive(Deserialize)]
pub(crate) struct Choice<'a> {
    #[serde(default)]
    index: Option<u32>,
    #[serde(borrow, default)]
    pub(crate) delta: Nullable<Message<'a>>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) error: Option<&'a RawValue>,
}

impl<'a> Choice<'a> {
    pub(crate) fn read_end(&self, ending: &mut Ending) {
        if let Some(raw) = self.finish_reason.0.as_deref() {
            ending.reason(raw);
        }
        if let Some(error) = telling(self.error) {
            ending.fail(ServerError::of_body(&format!("{{\"error\":{error}}}")));
        }
    }

    /// Returns the text of the event where that is all that it says of this choice.
    pub(crate) fn only_text(&self) -> Option<&str> {
        let Message { content, reasoning_content, reasoning, refusal, annotations } = self.delta.0.as_ref()?;
        let is_silent = self.finish_reason.0.is_none()
            && self.error.is_none()
            && reasoning_content.0.is_none()
            && reasoning.0.is_none()
            && refusal.0.is_none()
            && annotations.is_none();
        match content {
            Content::Text(text) if is_silent => Some(text),
            Content::Text(_) | Content::Parts(_) | Content::None => None,
        }
    }

    /// The message of an answer in one piece. In streams the field repeats all text so far and is passed over.
    pub(crate) fn whole_message(&self) -> Option<Message<'a>> {
        self.message.and_then(|raw| serde_json::from_str(raw.get()).ok())
    }
}

#[derive(Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow, default)]
    pub(crate) content: Content<'a>,
    #[serde(borrow, default)]
    pub(crate) reasoning_content: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) reasoning: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) refusal: Text<'a>,
    #[serde(borrow, default)]
    annotations: Option<&'a RawValue>,
}

impl<'a> Message<'a> {
    /// Returns the sources that are named, if any are.
    pub(crate) fn annotations(&self) -> Vec<Annotation<'a>> {
        telling(self.annotations).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(crate) struct Annotation<'a> {
    #[serde(borrow, default)]
    pub(crate) url: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) title: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) url_citation: Nullable<Page<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Page<'a> {
    #[serde(borrow, default)]
    pub(crate) url: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) title: Text<'a>,
}

impl Page<'_> {
    /// Returns the page as a source; without an address it still keeps its number.
    pub(crate) fn citation(&self) -> Citation {
        let title = Some(self.title.as_str()).filter(|title| !title.is_empty()).map(str::to_owned);
        Citation { url: self.url.as_str().to_owned(), title }
    }
}

/// The content of a message: a string, or a list of parts where reasoning and answer are mixed.
#[derive(Default)]
pub(crate) enum Content<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

#[derive(Deserialize)]
pub(crate) struct Part<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) text: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) thinking: Content<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of parts")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Content::None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Content::Parts)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny::deserialize(MapAccessDeserializer::new(map)).map(|_| Content::None)
    }
}

#[derive(Deserialize)]
pub(crate) struct Groq {
    #[serde(default)]
    pub(crate) usage: Maybe<Tokens>,
}

#[derive(Deserialize)]
pub(crate) struct Tokens {
    #[serde(default, rename = "prompt_tokens")]
    prompt: Maybe<u64>,
    #[serde(default, rename = "completion_tokens")]
    completion: Maybe<u64>,
    #[serde(default, rename = "total_tokens")]
    total: Maybe<u64>,
    #[serde(default, rename = "reasoning_tokens")]
    pub(crate) reasoning: Maybe<u64>,
    #[serde(default, rename = "prompt_cache_hit_tokens")]
    prompt_cache_hit: Maybe<u64>,
    #[serde(default, rename = "num_cached_tokens")]
    num_cached: Maybe<u64>,
    #[serde(default, rename = "prompt_tokens_details")]
    prompt_details: Maybe<PromptDetails>,
    #[serde(default, rename = "completion_tokens_details")]
    completion_details: Maybe<CompletionDetails>,
    #[serde(default)]
    cost: Maybe<Value>,
    #[serde(default)]
    cost_in_usd_ticks: Maybe<f64>,
}

#[derive(Default, Deserialize)]
struct PromptDetails {
    #[serde(default, rename = "cached_tokens")]
    cached: Maybe<u64>,
    #[serde(default, rename = "cache_write_tokens")]
    cache_write: Maybe<u64>,
}

#[derive(Default, Deserialize)]
struct CompletionDetails {
    #[serde(default, rename = "reasoning_tokens")]
    pub(crate) reasoning: Maybe<u64>,
}

impl Tokens {
    /// Returns the counts as everyone here reads them.
    ///
    /// Most include reasoning in the completion; one vendor does not, another hides its thinking altogether. Both give
    /// a total that is larger than the sum of the two, and the difference is billed as output.
    pub(crate) fn normalised(&self) -> Usage {
        let prompt = self.prompt.0;
        let hidden = self.total.0.zip(prompt).map(|(total, prompt)| total.saturating_sub(prompt));
        let details = self.prompt_details.0.as_ref();
        let reasoning = self.completion_details.0.as_ref().and_then(|details| details.reasoning.0);
        Usage {
            input_tokens: prompt,
            output_tokens: self.completion.0.map(|written| written.max(hidden.unwrap_or(0))),
            cached_input_tokens: details
                .and_then(|details| details.cached.0)
                .or(self.prompt_cache_hit.0)
                .or(self.num_cached.0),
            cache_write_tokens: details.and_then(|details| details.cache_write.0),
            reasoning_tokens: reasoning.or(self.reasoning.0),
        }
    }

    /// Returns what the provider says that it charged, in US dollars: a number, an object with a total, or ticks of
    /// 1e-10 dollars.
    pub(crate) fn dollars(&self) -> Option<f64> {
        let cost = self.cost.0.as_ref();
        cost.and_then(|cost| cost.as_f64().or_else(|| cost.get("total_cost")?.as_f64()))
            .or_else(|| Some(self.cost_in_usd_ticks.0? * 1e-10))
    }
}
