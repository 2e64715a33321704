//! The events of the chat-completions dialect as data: only the fields that are used, none of which can fail an event.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::domain::stream::Citation;
use crate::domain::usage::Usage;
use crate::provider::answer::Ending;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Maybe, Object, Text, telling};
use crate::provider::openai_chat::message::{Content, Message, Said};

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
    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(FirstChoice(None))
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(FirstChoice(None))
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(FirstChoice(None))
    }
    /// One choice without its list, or nothing in it.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let choice = Choice::deserialize(MapAccessDeserializer::new(map))?;
        Ok(FirstChoice(Some(Box::new(choice))))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut first = None;
        while let Some(choice) = seq.next_element::<Object<Choice<'de>>>()? {
            if let Some(choice) = choice.0.filter(|choice| choice.index.0 == 0) {
                // Boxed because it is large and handed on several times; that costs more than the box.
                first = Some(Box::new(choice));
            }
        }
        Ok(FirstChoice(first))
    }
}

/// Which choice it is: a number, or a text that holds one; anything else is the first.
#[derive(Default)]
struct Index(u64);

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IndexVisitor)
    }
}

struct IndexVisitor;

impl<'de> Visitor<'de> for IndexVisitor {
    type Value = Index;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
    fn visit_u64<E: Error>(self, index: u64) -> Result<Self::Value, E> {
        Ok(Index(index))
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Index(0))
    }
    fn visit_f64<E: Error>(self, index: f64) -> Result<Self::Value, E> {
        Ok(Index(index as u64))
    }
    fn visit_str<E: Error>(self, index: &str) -> Result<Self::Value, E> {
        Ok(Index(index.trim().parse().unwrap_or(0)))
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Index(0))
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Index(0))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Index(0))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Index(0))
    }
}

#[derive(Deserialize)]
pub(crate) struct Choice<'a> {
    #[serde(default)]
    index: Index,
    #[serde(borrow, default)]
    pub(crate) delta: Said<'a>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    /// What the oldest servers call the message.
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) error: Option<&'a RawValue>,
}

impl<'a> Choice<'a> {
    pub(crate) fn read_end(&self, ending: &mut Ending) {
        // Some servers write an empty one into every event.
        if let Some(raw) = self.finish_reason.0.as_deref().filter(|raw| !matches!(*raw, "" | "null")) {
            ending.reason(raw);
        }
        if let Some(error) = telling(self.error) {
            ending.fail(ServerError::of_body(&format!("{{\"error\":{error}}}")));
        }
    }

    /// Returns the text of the event where that is all that it says of this choice.
    pub(crate) fn only_text(&self) -> Option<&str> {
        let message = self.delta.0.as_ref()?;
        let is_silent = self.finish_reason.0.is_none() && self.error.is_none() && message.is_silent_beside_content();
        match &message.content {
            Content::Text(text) if is_silent => Some(text),
            Content::Text(_) | Content::Parts(_) | Content::None => None,
        }
    }

    /// The message of an answer in one piece. In streams the field repeats all text so far and is passed over.
    pub(crate) fn whole_message(&self) -> Option<Message<'a>> {
        let message = telling(self.message).and_then(|json| serde_json::from_str::<Said<'_>>(json).ok()?.0);
        message.or_else(|| self.text.0.clone().map(Message::of_text))
    }
}

#[derive(Deserialize)]
pub(crate) struct Annotation<'a> {
    #[serde(borrow, default)]
    pub(crate) url: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) title: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) url_citation: Object<Page<'a>>,
}

#[derive(Default, Deserialize)]
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
    cost: Maybe<Charge>,
    #[serde(default)]
    cost_in_usd_ticks: Maybe<f64>,
}

/// What was charged: a number, or an object with a total.
#[derive(Deserialize)]
#[serde(untagged)]
enum Charge {
    Dollars(f64),
    Total { total_cost: f64 },
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
        let charged = self.cost.0.as_ref().map(|charge| match charge {
            Charge::Dollars(dollars) | Charge::Total { total_cost: dollars } => *dollars,
        });
        charged.or_else(|| Some(self.cost_in_usd_ticks.0? * 1e-10))
    }
}
