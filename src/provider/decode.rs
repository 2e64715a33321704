//! The one door to the five decoders: events in, text out, and at the end what else is known.

use thiserror::Error;

use crate::domain::stream::Delta;
use crate::provider::answer::{Ending, Progress};
use crate::provider::dialect::Dialect;
use crate::provider::error::ServerError;
use crate::provider::mend::mended;
use crate::provider::think::ThinkSplit;
use crate::provider::{anthropic, gemini, ollama, openai_chat, openai_responses};

/// The most text of one answer that is taken, in bytes: twice what the longest answers have that models write (128,000
/// tokens at four bytes). What reads an answer keeps many times as much.
pub const MAX_TEXT: usize = 1 << 20;

/// The most reasoning that is taken, in bytes. Nothing reads it but people.
pub const MAX_REASONING: usize = 4 << 20;

/// More of an answer than is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TooMuch {
    /// Text.
    #[error("its text is longer than {} MiB", MAX_TEXT >> 20)]
    Text,
    /// Reasoning.
    #[error("its reasoning is longer than {} MiB", MAX_REASONING >> 20)]
    Reasoning,
}

/// Decodes one answer. Knows neither sockets nor framing: the caller cuts the bytes into events.
#[derive(Debug)]
pub struct Decoder {
    dialect: Dialect,
    state: State,
    ending: Ending,
    think: ThinkSplit,
    /// What the event at hand says; kept for its room.
    news: Delta,
    n_text: usize,
    n_reasoning: usize,
    too_much: Option<TooMuch>,
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
            Dialect::Ollama => State::Ollama(ollama::State),
        };
        Self {
            dialect,
            state,
            ending: Ending::default(),
            think: ThinkSplit::default(),
            news: Delta::default(),
            n_text: 0,
            n_reasoning: 0,
            too_much: None,
            n_bytes: 0,
        }
    }

    /// Takes one event of a stream: `name` is empty where it had none. New text is added to `delta`. An event that
    /// can't be read is counted and passed over; one of an unknown kind is ignored, and so is all that follows the end.
    pub fn event(&mut self, name: &str, data: &str, delta: &mut Delta) {
        if self.is_over() || data.trim_ascii().is_empty() {
            return;
        }
        if data.trim_ascii() == "[DONE]" {
            if self.dialect == Dialect::OpenaiChat && self.n_text > 0 {
                self.ending.end_without_reason();
            }
            self.ending.progress = Progress::Over;
            return;
        }
        self.n_bytes += data.len() as u64;
        self.news.clear();
        let is_complete = self.ending.progress == Progress::Complete;
        let is_read = self.read(name, data) || mended(data).is_some_and(|mended| self.read(name, &mended));
        self.count(is_read);
        // One vendor writes on after the reason for the end; from all others, a second answer would be spliced in.
        if !is_complete || self.dialect == Dialect::Gemini {
            self.take(delta);
        }
    }

    /// Takes an answer that came as one JSON text although a stream was asked for.
    pub fn whole(&mut self, body: &str, delta: &mut Delta) {
        self.news.clear();
        let is_read = self.read_whole(body) || mended(body).is_some_and(|mended| self.read_whole(&mended));
        self.count(is_read);
        self.take(delta);
        if self.ending.progress == Progress::Open && self.ending.error.is_none() {
            self.ending.error = ServerError::read(body);
        }
    }

    fn read(&mut self, name: &str, data: &str) -> bool {
        let (ending, news) = (&mut self.ending, &mut self.news);
        let read = match &mut self.state {
            State::OpenaiChat(state) => state.event(name, data, ending, news),
            State::OpenaiResponses(state) => state.event(name, data, ending, news),
            State::Anthropic(state) => state.event(data, ending, news),
            State::Gemini(state) => state.event(data, ending, news),
            State::Ollama(state) => state.event(data, ending, news),
        };
        read.is_ok()
    }

    fn read_whole(&mut self, body: &str) -> bool {
        let (ending, news) = (&mut self.ending, &mut self.news);
        let read = match &mut self.state {
            State::OpenaiChat(state) => state.whole(body, ending, news),
            State::OpenaiResponses(_) => openai_responses::whole(body, ending, news),
            State::Anthropic(state) => state.whole(body, ending, news),
            State::Gemini(state) => state.whole(body, ending, news),
            State::Ollama(state) => state.event(body, ending, news),
        };
        read.is_ok()
    }

    /// Hands on what the event at hand says, as far as there is room for it.
    fn take(&mut self, delta: &mut Delta) {
        let Delta { text, reasoning, .. } = &mut self.news;
        if !reasoning.is_empty() {
            self.ending.thinks(true);
            if !fit(reasoning, &mut self.n_reasoning, MAX_REASONING) {
                self.too_much = Some(TooMuch::Reasoning);
            }
            delta.reasoning.push_str(reasoning);
        }
        if !text.is_empty() {
            if !fit(text, &mut self.n_text, MAX_TEXT) {
                self.too_much = Some(TooMuch::Text);
            }
            self.think.push(text, delta);
        }
    }

    /// Returns whether nothing more is read: the answer has ended, or there is no room for more of it.
    fn is_over(&self) -> bool {
        self.ending.progress == Progress::Over || self.too_much.is_some()
    }

    /// Returns of what too much has come, once it has.
    pub fn too_much(&self) -> Option<TooMuch> {
        self.too_much
    }

    /// Returns how often reasoning was seen so far, be it empty or kept secret: each time is a sign of life.
    pub fn n_thoughts(&self) -> u32 {
        self.ending.n_thoughts()
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
        self.think.end(delta);
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

/// Cuts `text` to what still fits; returns whether all of it did.
fn fit(text: &mut String, n_taken: &mut usize, most: usize) -> bool {
    let n_free = text.floor_char_boundary(most.saturating_sub(*n_taken));
    let fits = n_free == text.len();
    text.truncate(n_free);
    *n_taken += n_free;
    fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stream::FinishNorm;

    /// Reads events as they come; a line that begins with `!` is an event called `error`.
    fn read(dialect: Dialect, events: &[&str]) -> (Delta, Ending) {
        let (mut decoder, mut delta) = (Decoder::new(dialect), Delta::default());
        for event in events {
            match event.strip_prefix('!') {
                Some(event) => decoder.event("error", event, &mut delta),
                None => decoder.event("", event, &mut delta),
            }
        }
        let ending = decoder.end(&mut delta);
        (delta, ending)
    }

    /// Reads `said` before a usual end; nothing of it may be lost.
    fn check(dialect: Dialect, said: &[&str], reasoning: &str, text: &str) {
        let end = match dialect {
            Dialect::OpenaiChat => r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            Dialect::OpenaiResponses => r#"{"type":"response.completed","response":{"status":"completed"}}"#,
            Dialect::Anthropic => r#"{"type":"message_stop"}"#,
            Dialect::Gemini => r#"{"candidates":[{"finishReason":"STOP"}]}"#,
            Dialect::Ollama => r#"{"done":true,"done_reason":"stop"}"#,
        };
        let events: Vec<&str> = said.iter().copied().chain([end]).collect();
        let (delta, ending) = read(dialect, &events);
        assert_eq!((delta.reasoning.as_str(), delta.text.as_str()), (reasoning, text), "{said:?}");
        assert_eq!(ending.finish.n_malformed, 0, "{said:?}");
    }

    fn chat(said: &[&str], reasoning: &str, text: &str) {
        check(Dialect::OpenaiChat, said, reasoning, text);
    }

    #[test]
    fn reasoning_is_heard_wherever_it_is_sent() {
        for delta in [
            r#"{"reasoning_content":"hm"}"#,
            r#"{"reasoning":"hm"}"#,
            r#"{"reasoning_text":"hm"}"#,
            r#"{"thinking":"hm"}"#,
            r#"{"reasoning_content":"","reasoning":"hm"}"#,
            r#"{"reasoning":{"content":"hm"}}"#,
            r#"{"reasoning":["h","m"]}"#,
            r#"{"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}"#,
            r#"{"reasoning_details":[{"type":"reasoning.summary","summary":"hm"}]}"#,
            r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#,
            r#"{"content":[{"type":"thinking","thinking":"hm"}]}"#,
            r#"{"content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]}]}"#,
            r#"{"content":[{"type":"reasoning_text","text":"hm"}]}"#,
            r#"{"content":{"type":"thinking","thinking":"hm"}}"#,
        ] {
            let event = format!(r#"{{"choices":[{{"delta":{delta}}}]}}"#);
            chat(&[&event, r#"{"choices":[{"delta":{"content":"Yes."}}]}"#], "hm", "Yes.");
        }
        let said = r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"<think>hm</think>Yes."}}"#;
        check(Dialect::Anthropic, &[said], "hm", "Yes.");
        check(
            Dialect::Gemini,
            &[r#"{"candidates":[{"content":{"parts":[{"text":"<think>hm</think>Yes."}]}}]}"#],
            "hm",
            "Yes.",
        );
        check(
            Dialect::OpenaiResponses,
            &[
                r#"{"type":"response.reasoning.delta","delta":"hm"}"#,
                r#"{"type":"response.output_text.done","text":"Yes."}"#,
            ],
            "hm",
            "Yes.",
        );
        check(Dialect::Ollama, &[r#"{"message":{"thinking":"hm","content":"[THINK]?[/THINK]Yes."}}"#], "hm?", "Yes.");
    }

    #[test]
    fn reasoning_that_is_kept_secret_is_a_sign_of_life() {
        for (dialect, event) in [
            (
                Dialect::OpenaiChat,
                r#"{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"x"}]}}]}"#,
            ),
            (Dialect::OpenaiChat, r#"{"choices":[{"delta":{"content":[{"type":"reasoning"}]}}]}"#),
            (Dialect::Anthropic, r#"{"type":"content_block_start","content_block":{"type":"redacted_thinking"}}"#),
            (Dialect::OpenaiResponses, r#"{"type":"response.reasoning_summary_part.added"}"#),
            (Dialect::Gemini, r#"{"candidates":[{"content":{"parts":[{"thought":true,"thoughtSignature":"x"}]}}]}"#),
        ] {
            let mut decoder = Decoder::new(dialect);
            let mut delta = Delta::default();
            decoder.event("", event, &mut delta);
            assert_eq!((decoder.n_thoughts() > 0, delta), (true, Delta::default()), "{event}");
        }
    }

    #[test]
    fn no_word_is_lost_over_a_field_that_is_not_needed() {
        for event in [
            r#"{"choices":[{"index":"0","delta":{"content":"Yes."}}]}"#,
            r#"{"choices":[{"index":null,"delta":{"content":"Yes."}}]}"#,
            r#"{"choices":[{"index":0.0,"delta":{"content":"Yes.","role":7}}]}"#,
            r#"{"choices":[null,{"delta":{"content":"Yes."}}]}"#,
            r#"{"choices":{"delta":{"content":"Yes."}}}"#,
            r#"{"choices":[{"delta":{"content":[{"type":"output_text","text":"Yes."}]}}]}"#,
            r#"{"choices":[{"delta":{"content":["Yes","."]}}]}"#,
            r#"{"choices":[{"delta":{"content":{"type":"text","text":"Yes."}}}]}"#,
            r#"{"choices":[{"delta":"Yes."}]}"#,
            r#"{"choices":[{"delta":{"content":"No."},"delta":{"content":"Yes."}}]}"#,
            r#"{"id":1,"id":2,"choices":[{"delta":{"content":"Yes."}}]}"#,
            r#"{"choices":[{"delta":{"content":"Yes."},"logprobs":{"top":-Infinity,"p":NaN}}]}"#,
            r#"{"choices":[{"delta":{"content":"Yes."},"finish_reason":""}]}"#,
            r#"{"usage":[],"citations":{},"search_results":7,"choices":[{"delta":{"content":"Yes.","annotations":""}}]}"#,
            r#"{"object":"chat.completion","choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}]}"#,
            r#"{"choices":[{"delta":{},"message":{"content":"Yes."},"finish_reason":"stop"}]}"#,
            r#"{"choices":[{"text":"Yes.","index":0}]}"#,
        ] {
            chat(&[event], "", "Yes.");
        }
        chat(&[r#"{"choices":[{"delta":{"content":1969}}]}"#], "", "1969");
        chat(&[r#"{"choices":{}}"#, r#"{"choices":[{"delta":{"content":"Yes."}}]}"#], "", "Yes.");
        let halves = [
            r#"{"choices":[{"delta":{"content":"not \ud83d"}}]}"#,
            r#"{"choices":[{"delta":{"content":"\ude00 safe"}}]}"#,
        ];
        chat(&halves, "", "not \u{fffd}\u{fffd} safe");
        let repeated = r#"{"choices":[{"delta":{"content":" More."},"message":{"content":"Yes. More."}}]}"#;
        chat(&[r#"{"choices":[{"delta":{"content":"Yes."}}]}"#, repeated], "", "Yes. More.");
        check(Dialect::Ollama, &[r#"{"message":null}"#, r#"{"message":{"content":"Yes."},"done":"no"}"#], "", "Yes.");
        check(
            Dialect::Gemini,
            &[r#"{"candidates":[{"content":{"parts":[null,{"text":"Yes.","thought":0}]},"index":"x"}]}"#],
            "",
            "Yes.",
        );
        let whole = r#"{"type":"message","content":[{"type":"text","text":"Yes."}],"stop_reason":"end_turn"}"#;
        check(Dialect::Anthropic, &[whole], "", "Yes.");
    }

    #[test]
    fn what_follows_the_end_is_not_read() {
        let said = |text: &str| format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#);
        let stop = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
        let (first, second) = (said("In 1969."), said("In 1968."));
        for events in [
            vec![first.as_str(), stop, "[DONE]", &second, stop],
            vec![&first, stop, &second, "[DONE]"],
            vec![&first, "[DONE]", &second, "not JSON"],
        ] {
            let (delta, ending) = read(Dialect::OpenaiChat, &events);
            assert_eq!((delta.text.as_str(), ending.finish.n_malformed), ("In 1969.", 0), "{events:?}");
            assert_eq!(ending.finish.reason.map(|reason| reason.norm), Some(FinishNorm::Stop), "{events:?}");
        }
        let (delta, _) = read(
            Dialect::Anthropic,
            &[
                r#"{"type":"message_stop"}"#,
                r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"No."}}"#,
            ],
        );
        assert_eq!(delta.text, "");
    }

    #[test]
    fn an_end_without_a_reason_counts_after_text_alone() {
        let text = r#"{"choices":[{"delta":{"content":"Yes."}}]}"#;
        let reason = |events: &[&str]| read(Dialect::OpenaiChat, events).1.finish.reason;
        let unsaid = reason(&[text, "[DONE]"]).unwrap();
        assert_eq!((unsaid.raw, unsaid.norm), (None, FinishNorm::Stop));
        assert_eq!(reason(&["[DONE]"]), None);
        assert_eq!(reason(&[text]), None);
        assert_eq!(reason(&[text, r#"!{"error":{"message":"m"}}"#, "[DONE]"]), None);
        assert_eq!(read(Dialect::Ollama, &["[DONE]"]).1.finish.reason, None);
    }

    #[test]
    fn what_one_answer_may_hold_is_bounded() {
        let event = |key: &str| format!(r#"{{"choices":[{{"delta":{{"{key}":"{}"}}}}]}}"#, "x".repeat(20_000));
        for (key, most, too_much) in
            [("content", MAX_TEXT, TooMuch::Text), ("reasoning", MAX_REASONING, TooMuch::Reasoning)]
        {
            let (mut decoder, mut delta) = (Decoder::new(Dialect::OpenaiChat), Delta::default());
            let event = event(key);
            (0..2 * most / 20_000).for_each(|_| decoder.event("", &event, &mut delta));
            assert_eq!(decoder.too_much(), Some(too_much));
            assert_eq!(delta.text.len() + delta.reasoning.len(), most);
            assert!(decoder.n_bytes_read() < (most + 2 * event.len()) as u64 * 2, "what follows is not even read");
        }
    }
}
