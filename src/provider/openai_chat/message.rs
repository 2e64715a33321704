//! What is said in an event of the chat-completions dialect: answer and reasoning, in each of the places where they are sent.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::provider::lenient::{Few, Object, Text, telling};
use crate::provider::openai_chat::chunk::Annotation;

/// A message, be it only its text; anything else reads as absent.
#[derive(Default)]
pub(crate) struct Said<'a>(pub(crate) Option<Message<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SaidVisitor)
    }
}

struct SaidVisitor;

impl<'de> Visitor<'de> for SaidVisitor {
    type Value = Said<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Message::deserialize(MapAccessDeserializer::new(map)).map(|message| Said(Some(message)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Said(Some(Message::of_text(Cow::Owned(text.to_owned())))))
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Said(None))
    }
}

#[derive(Default, Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow, default)]
    pub(crate) content: Content<'a>,
    #[serde(borrow, default)]
    reasoning_content: Content<'a>,
    #[serde(borrow, default)]
    reasoning: Content<'a>,
    #[serde(borrow, default)]
    thinking: Content<'a>,
    #[serde(borrow, default)]
    reasoning_text: Content<'a>,
    #[serde(borrow, default)]
    reasoning_details: Content<'a>,
    #[serde(borrow, default)]
    pub(crate) refusal: Text<'a>,
    #[serde(borrow, default)]
    annotations: Option<&'a RawValue>,
}

impl<'a> Message<'a> {
    /// Returns a message that holds only text.
    pub(crate) fn of_text(text: Cow<'a, str>) -> Self {
        Self { content: Content::Text(text), ..Self::default() }
    }

    /// Returns whether it says nothing but its content.
    pub(crate) fn is_silent_beside_content(&self) -> bool {
        self.thoughts().iter().all(|thought| matches!(thought, Content::None))
            && self.refusal.0.is_none()
            && self.annotations.is_none()
    }

    /// Returns whether it says nothing at all.
    pub(crate) fn is_silent(&self) -> bool {
        let is_empty = match &self.content {
            Content::None => true,
            Content::Text(text) => text.is_empty(),
            Content::Parts(parts) => parts.items.is_empty(),
        };
        is_empty && self.is_silent_beside_content()
    }

    /// Returns the places where reasoning is sent. Some services use two at once for the same text, so that the first
    /// that holds any is the one to read.
    pub(crate) fn thoughts(&self) -> [&Content<'a>; 5] {
        [&self.reasoning_content, &self.reasoning, &self.thinking, &self.reasoning_text, &self.reasoning_details]
    }

    /// Returns the sources that are named, if any are, and how many more there were.
    pub(crate) fn annotations(&self) -> Few<Object<Annotation<'a>>> {
        telling(self.annotations).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}

/// The content of a message: a string, or a list of parts where reasoning and answer are mixed.
#[derive(Default)]
pub(crate) enum Content<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Parts(Few<Part<'a>>),
}

impl Content<'_> {
    /// Adds all text in it to `place`, whatever its parts are called.
    pub(crate) fn read_all(&self, place: &mut String) {
        match self {
            Self::None => {}
            Self::Text(text) => place.push_str(text),
            Self::Parts(parts) => parts.items.iter().for_each(|part| part.read_all(place)),
        }
    }
}

/// A part of a content; a bare string is one too.
#[derive(Default)]
pub(crate) struct Part<'a>(pub(crate) Box<Fields<'a>>);

#[derive(Default, Deserialize)]
pub(crate) struct Fields<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow, default)]
    pub(crate) text: Content<'a>,
    #[serde(borrow, default)]
    thinking: Content<'a>,
    #[serde(borrow, default)]
    reasoning: Content<'a>,
    #[serde(borrow, default)]
    summary: Content<'a>,
    #[serde(borrow, default)]
    content: Content<'a>,
    #[serde(borrow, default)]
    pub(crate) refusal: Text<'a>,
}

impl Part<'_> {
    /// Returns whether it is reasoning: by its name, or by where its text stands.
    pub(crate) fn is_thought(&self) -> bool {
        let kind = self.0.kind.as_str();
        let is_named = ["think", "thought", "reason", "summary"].iter().any(|word| kind.contains(word));
        let holds = |content: &Content<'_>| !matches!(content, Content::None);
        is_named || holds(&self.0.thinking) || holds(&self.0.reasoning)
    }

    /// Adds its text to `place`.
    pub(crate) fn read_all(&self, place: &mut String) {
        let Fields { text, thinking, reasoning, summary, content, .. } = &*self.0;
        for it in [text, thinking, reasoning, summary, content] {
            it.read_all(place);
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Part<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Content::deserialize(deserializer)? {
            Content::Parts(Few { mut items, n_more: 0 }) if items.len() == 1 => Ok(items.pop().unwrap_or_default()),
            text @ (Content::None | Content::Text(_) | Content::Parts(_)) => {
                Ok(Self(Box::new(Fields { text, ..Fields::default() })))
            }
        }
    }
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
    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Content::None)
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(number.to_string())))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(number.to_string())))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(number.to_string())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let parts = Few::deserialize(SeqAccessDeserializer::new(seq))?;
        // What is not kept would be lost without a word: the event counts as one that could not be read.
        if parts.n_more > 0 { Err(A::Error::custom("too many parts")) } else { Ok(Content::Parts(parts)) }
    }
    /// One part without its list.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Content::Parts(Few { items: vec![Part(Box::new(fields))], n_more: 0 }))
    }
}
