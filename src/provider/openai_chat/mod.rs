//! The chat-completions dialect, spoken by most: what is sent and how the answer is read.

mod chunk;
mod message;

use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::domain::attachment::Image;
use crate::domain::prompt::Prompt;
use crate::domain::stream::{Citation, Delta};
use crate::provider::answer::Ending;
use crate::provider::echo::Echo;
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::lenient::{Few, Object, Text, telling};
use crate::provider::openai_chat::chunk::{Chunk, Page};
use crate::provider::openai_chat::message::{Content, Message, Part};
use crate::provider::quirk::{Quirk, Quirks};

/// Returns the body of a request.
pub(crate) fn body(model: &Model, prompt: &Prompt, quirks: &Quirks) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(&*model.member.api_model));
    body.insert("messages".to_owned(), messages(model.system_for(prompt), prompt, image_part));
    body.insert("stream".to_owned(), json!(true));
    if !quirks.has(Quirk::NoStreamOptions) {
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    let limit = if quirks.has(Quirk::MaxCompletionTokens) { "max_completion_tokens" } else { "max_tokens" };
    quirks.tune(&model.options, limit, &mut body);
    if let Some(effort) = quirks.reasoning_effort(&model.options) {
        body.insert("reasoning_effort".to_owned(), json!(effort));
    }
    body
}

/// Returns an image as this dialect spells it.
fn image_part(image: &Image) -> Value {
    json!({"type": "image_url", "image_url": {"url": image.data_url()}})
}

/// Returns the conversation as most dialects spell it, instructions first; images become parts before the text.
pub(crate) fn messages(system: Option<&str>, prompt: &Prompt, image_part: fn(&Image) -> Value) -> Value {
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let said = prompt.messages.iter().map(|message| {
        let role = message.role.as_str();
        if message.images.is_empty() {
            return json!({"role": role, "content": &*message.text});
        }
        let text = json!({"type": "text", "text": &*message.text});
        let parts: Vec<Value> = message.images.iter().map(image_part).chain([text]).collect();
        json!({"role": role, "content": parts})
    });
    system.into_iter().chain(said).collect()
}

/// The lists of sources last read: some servers repeat them in every event, and reading 40 kB once is enough.
#[derive(Debug, Default)]
struct Sources {
    /// As they came: pages that were found, and addresses.
    raw: [String; 2],
    found: Vec<Citation>,
    listed: Vec<Citation>,
}

/// What one answer needs to remember between events.
#[derive(Debug, Default)]
pub(crate) struct State {
    echo: Echo,
    /// Text has come: what repeats it as a whole is passed over.
    has_text: bool,
    sources: Sources,
    /// Bytes of such lists that were read, once more than with their event.
    n_list_bytes: u64,
}

impl State {
    /// Reads one event.
    pub(crate) fn event(
        &mut self,
        name: &str,
        data: &str,
        ending: &mut Ending,
        delta: &mut Delta,
    ) -> serde_json::Result<()> {
        if name.is_empty()
            && let Some(text) = self.echo.read(data)
        {
            delta.text.push_str(&text);
            return Ok(());
        }
        self.echo.forget();
        let chunk: Chunk<'_> = serde_json::from_str(data)?;
        if name == "error" || chunk.object.as_str() == "error" || telling(chunk.error).is_some() {
            ending.fail(ServerError::of_event(data));
        }
        self.top(&chunk, ending);
        if let Some(choice) = chunk.choices.0 {
            choice.read_end(ending);
            if name.is_empty()
                && let Some(text) = choice.only_text()
            {
                self.echo.learn(data, text);
            }
            let is_silent = choice.delta.0.as_ref().is_none_or(Message::is_silent);
            // A gateway that does not stream sends the whole answer as one event.
            let whole = if is_silent && !self.has_text { choice.whole_message() } else { None };
            self.message(whole.or(choice.delta.0), ending, delta);
        }
        Ok(())
    }

    /// Reads an answer in one piece.
    pub(crate) fn whole(&mut self, body: &str, ending: &mut Ending, delta: &mut Delta) -> serde_json::Result<()> {
        let chunk: Chunk<'_> = serde_json::from_str(body)?;
        self.top(&chunk, ending);
        if let Some(choice) = chunk.choices.0 {
            choice.read_end(ending);
            self.message(choice.whole_message().or(choice.delta.0), ending, delta);
        }
        Ok(())
    }

    /// Returns how many bytes were read beyond each event once.
    pub(crate) fn n_read_again(&self) -> u64 {
        self.n_list_bytes
    }

    fn top(&mut self, chunk: &Chunk<'_>, ending: &mut Ending) {
        ending.model(chunk.model.as_str());
        if let Some(tokens) = chunk.tokens() {
            ending.finish.usage = Some(tokens.normalised());
            if let Some(dollars) = tokens.dollars() {
                ending.charged(dollars);
            }
        }
        self.sources(chunk, ending);
    }

    /// Reads the lists of sources where they are new. Marks in the text count the addresses, or where there are none the
    /// pages that were found, so that an entry without an address keeps its number too.
    fn sources(&mut self, chunk: &Chunk<'_>, ending: &mut Ending) {
        let Sources { raw: [raw_found, raw_listed], found, listed } = &mut self.sources;
        let mut is_new = false;
        if let Some(list) = renewed(raw_found, chunk.search_results) {
            (self.n_list_bytes, is_new) = (self.n_list_bytes + list.len() as u64, true);
            let pages = serde_json::from_str::<Few<Object<Page<'_>>>>(list).unwrap_or_default();
            *found = pages.items.into_iter().map(|page| page.0.unwrap_or_default().citation()).collect();
            ending.leave_out(pages.n_more);
        }
        if let Some(list) = renewed(raw_listed, chunk.citations) {
            (self.n_list_bytes, is_new) = (self.n_list_bytes + list.len() as u64, true);
            let Few { items: urls, n_more } = serde_json::from_str::<Few<Text<'_>>>(list).unwrap_or_default();
            ending.leave_out(n_more);
            let is_list = urls.iter().any(|url| !url.as_str().is_empty());
            let pages = urls.into_iter().filter(|_| is_list).map(|url| Page { url, title: Text::default() });
            *listed = pages.map(|page| page.citation()).collect();
        }
        if is_new {
            ending.number(numbered(listed, found));
        }
    }

    fn message(&mut self, message: Option<Message<'_>>, ending: &mut Ending, delta: &mut Delta) {
        let Some(message) = message else { return };
        for thought in message.thoughts() {
            let n_known = delta.reasoning.len();
            thought.read_all(&mut delta.reasoning);
            ending.thinks(!matches!(thought, Content::None));
            if delta.reasoning.len() > n_known {
                break;
            }
        }
        match &message.content {
            Content::Text(text) => delta.text.push_str(text),
            Content::Parts(parts) => parts.items.iter().for_each(|part| read(part, ending, delta)),
            Content::None => {}
        }
        self.has_text |= !delta.text.is_empty();
        ending.decline(message.refusal.as_str());
        let Few { items, n_more } = message.annotations();
        for note in items.into_iter().filter_map(|note| note.0) {
            let page = note.url_citation.0.unwrap_or(Page { url: note.url, title: note.title });
            ending.cite(page.url.as_str(), page.title.as_str());
        }
        ending.leave_out(n_more);
    }
}

/// Reads one part of a message that has several.
fn read(part: &Part<'_>, ending: &mut Ending, delta: &mut Delta) {
    if part.is_thought() {
        ending.thinks(true);
        part.read_all(&mut delta.reasoning);
    } else if part.0.kind.as_str() == "refusal" {
        ending.decline(part.0.refusal.as_str());
    } else {
        part.read_all(&mut delta.text);
    }
}

/// Returns the addresses with the titles of the pages that were found, then the pages that no address stands for.
fn numbered(listed: &[Citation], found: &[Citation]) -> Vec<Citation> {
    // Backwards, so that of two pages with one address the first stays.
    let pages: HashMap<&str, &Citation> = found.iter().rev().map(|page| (page.url.as_str(), page)).collect();
    let addresses: HashSet<&str> = listed.iter().map(|page| page.url.as_str()).collect();
    let titled = listed.iter().map(|page| pages.get(page.url.as_str()).copied().unwrap_or(page).clone());
    titled.chain(found.iter().filter(|page| !addresses.contains(page.url.as_str())).cloned()).collect()
}

/// Returns the list unless it says nothing or was read before, and remembers it.
fn renewed<'a>(known: &mut String, list: Option<&'a RawValue>) -> Option<&'a str> {
    let list = telling(list)?;
    if known == list {
        return None;
    }
    list.clone_into(known);
    Some(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::decode::Decoder;
    use crate::provider::dialect::Dialect;

    /// Returns address and title of each source of an answer whose only event is `event`.
    fn sources(event: &Value) -> Vec<(String, Option<String>)> {
        let mut decoder = Decoder::new(Dialect::OpenaiChat);
        decoder.event("", &event.to_string(), &mut Delta::default());
        let citations = decoder.end(&mut Delta::default()).finish.citations;
        citations.into_iter().map(|page| (page.url, page.title)).collect()
    }

    #[test]
    fn an_address_that_is_listed_twice_keeps_both_of_its_numbers() {
        let event = json!({
            "citations": ["https://a", "https://b", "https://a", "https://c"],
            "search_results": [
                {"url": "https://c", "title": "C"},
                {"url": "https://a", "title": "A"},
                {"url": "https://d", "title": "D"},
            ],
        });
        let page = |url: &str, title: Option<&str>| (url.to_owned(), title.map(str::to_owned));
        let expected = [
            page("https://a", Some("A")),
            page("https://b", None),
            page("https://a", Some("A")),
            page("https://c", Some("C")),
            page("https://d", Some("D")),
        ];
        assert_eq!(sources(&event), expected, "a mark `[4]` means the fourth address of the list");
    }

    #[test]
    fn pages_that_were_found_are_numbered_where_no_addresses_are_listed() {
        let event = json!({"search_results": [{"url": "https://a"}, {"title": "gone"}, {"url": "https://a"}]});
        let urls: Vec<String> = sources(&event).into_iter().map(|(url, _)| url).collect();
        assert_eq!(urls, ["https://a", "", "https://a"]);
        let event = json!({"citations": [{"id": 1}], "search_results": [{"url": "https://a"}]});
        assert_eq!(sources(&event).len(), 1, "a list of something else counts nothing");
    }
}
