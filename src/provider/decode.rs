//! The one door to the five decoders: events in, text out, and at the end what else is known.

use crate::domain::stream::Delta;
use crate::provider::answer::{Ending, Progress};
use crate::provider::dialect::Dialect;
use crate::provider::error::ServerError;
use crate::provider::{anthropic, gemini, ollama, openai_chat, openai_responses};

/// Decodes one answer. Knows neither sockets nor framing: the caller cuts the bytes into events.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    ending: Ending,
    n_bytes: u64,
}

#[derive(Debug)]
enum State {
    OpenaiChat(openai_chat::State),
    OpenaiResponses(openai_responses::State),
    Anthropic(anthropic::State),
    Gemini(gemini::State),
    Ollama(ollama::State),
}

impl Decoder {
    /// Returns a decoder for one answer in `dialect`.
    pub fn new(dialect: Dialect) -> Self {
        let state = match dialect {
            Dialect::OpenaiChat => State::OpenaiChat(openai_chat::State::default()),
            Dialect::OpenaiResponses => State::OpenaiResponses(openai_responses::State::default()),
            Dialect::Anthropic => State::Anthropic(anthropic::State::default()),
            Dialect::Gemini => State::Gemini(gemini::State::default()),
            Dialect::Ollama => State::Ollama(ollama::State::default()),
        };
        Self { state, ending: Ending::default(), n_bytes: 0 }
    }

    /// Takes one event of a stream: `name` is empty where it had none. New text is added to `delta`. An event that
    /// can't be read is counted and passed over; one of an unknown kind is ignored.
    pub fn event(&mut self, name: &str, data: &str, delta: &mut Delta) {
        if data.trim_ascii().is_empty() {
            return;
        }
        if data.trim_ascii() == "[DONE]" {
            self.ending.progress = Progress::Over;
            return;
        }
        self.n_bytes += data.len() as u64;
        let ending = &mut self.ending;
        let read = match &mut self.state {
            State::OpenaiChat(state) => state.event(name, data, ending, delta),
            State::OpenaiResponses(state) => state.event(name, data, ending, delta),
            State::Anthropic(state) => state.event(data, ending, delta),
            State::Gemini(state) => state.event(data, ending, delta),
            State::Ollama(state) => state.event(data, ending, delta),
        };
        self.count(read.is_ok());
    }

    /// Takes an answer that came as one JSON text although a stream was asked for.
    pub fn whole(&mut self, body: &str, delta: &mut Delta) {
        let ending = &mut self.ending;
        let read = match &mut self.state {
            State::OpenaiChat(state) => state.whole(body, ending, delta),
            State::OpenaiResponses(_) => openai_responses::whole(body, ending, delta),
            State::Anthropic(state) => state.whole(body, ending, delta),
            State::Gemini(state) => state.whole(body, ending, delta),
            State::Ollama(state) => state.event(body, ending, delta),
        };
        self.count(read.is_ok());
        if self.ending.progress == Progress::Open && self.ending.error.is_none() {
            self.ending.error = ServerError::read(body);
        }
    }

    /// Returns how many bytes of events were read so far, each as often as it was: a measure of work.
    pub fn n_bytes_read(&self) -> u64 {
        let again = match &self.state {
            State::OpenaiChat(state) => state.n_read_again(),
            State::OpenaiResponses(_) | State::Anthropic(_) | State::Gemini(_) | State::Ollama(_) => 0,
        };
        self.n_bytes + again
    }

    /// Returns how far the answer is. After an error no text is expected, but counts may still follow.
    pub fn progress(&self) -> Progress {
        let is_failing = self.ending.progress == Progress::Open && self.ending.error.is_some();
        if is_failing { Progress::Complete } else { self.ending.progress }
    }

    /// Ends the answer: text that was held back is added to `delta`.
    pub fn end(mut self, delta: &mut Delta) -> Ending {
        match &mut self.state {
            State::OpenaiChat(state) => state.end(delta),
            State::Ollama(state) => state.end(delta),
            State::OpenaiResponses(_) | State::Anthropic(_) | State::Gemini(_) => {}
        }
        self.ending.settle();
        self.ending
    }

    fn count(&mut self, is_read: bool) {
        if is_read {
            self.ending.n_events += 1;
        } else {
            self.ending.finish.n_malformed += 1;
        }
    }
}
