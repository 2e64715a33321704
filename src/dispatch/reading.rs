//! From the bytes of one answer to its text: finds out how it is framed, cuts it into events, has them decoded.

use thiserror::Error;

use crate::domain::stream::Delta;
use crate::net::error::TooLarge;
use crate::net::lines::MAX_LINE;
use crate::net::ndjson::NdjsonDecoder;
use crate::net::sse::SseDecoder;
use crate::provider::answer::{Ending, Progress};
use crate::provider::decode::{Decoder, TooMuch};
use crate::provider::dialect::Dialect;

/// How much of a body is kept to be quoted when it holds no answer, in bytes.
const MAX_QUOTE: usize = 2048;

/// Bytes of a stream to a byte of text, roughly: events carry much besides a word.
const TEXT_SHARE: usize = 16;

/// Reads one answer.
///
/// What a body is shows in its first character, not in its content type: servers were recorded that send errors as
/// event streams, and whole answers where a stream was asked for.
#[derive(Debug)]
pub struct Reading {
    dialect: Dialect,
    frames: Frames,
    decoder: Decoder,
    /// The beginning of a body that is not JSON, to be quoted.
    quote: Vec<u8>,
}

#[derive(Debug)]
enum Frames {
    /// Nothing but white space so far.
    Unknown,
    Events(SseDecoder),
    Lines(NdjsonDecoder),
    /// One JSON text.
    Whole(Vec<u8>),
    /// A page for people.
    Page,
}

/// More than is accepted from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Excess {
    /// In bytes.
    #[error("{0}")]
    Body(#[from] TooLarge),
    /// In what they say.
    #[error("{0}")]
    Answer(#[from] TooMuch),
}

/// How an answer was read, all in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// What the provider said besides the text.
    pub ending: Ending,
    /// What came instead of an answer, when it was something else.
    pub instead: Option<Instead>,
}

/// Something that is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// No byte, or white space.
    Nothing,
    /// A page for people; holds its beginning.
    Page(String),
    /// Anything else that could not be read; holds its beginning.
    Unreadable(String),
}

impl Reading {
    /// Returns a reading of an answer in `dialect`.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, frames: Frames::Unknown, decoder: Decoder::new(dialect), quote: Vec::new() }
    }

    /// Takes the next piece; text that it completes is added to `delta`.
    ///
    /// # Errors
    /// When more comes than is accepted; text that came before is kept.
    pub fn push(&mut self, piece: &[u8], delta: &mut Delta) -> Result<(), Excess> {
        if let Frames::Unknown = self.frames {
            self.frames = self.framing(piece);
        }
        let n_wanted = MAX_QUOTE.saturating_sub(self.quote.len()).min(piece.len());
        self.quote.extend_from_slice(piece.get(..n_wanted).unwrap_or_default());
        // Of most streams less than a tenth is text; room for that at once spares growing word by word.
        delta.text.reserve(piece.len() / TEXT_SHARE);
        let decoder = &mut self.decoder;
        match &mut self.frames {
            Frames::Unknown | Frames::Page => {}
            Frames::Events(events) => events.push(piece, |event| decoder.event(event.name, event.data, delta))?,
            Frames::Lines(lines) => lines.push(piece, |line| decoder.event("", line, delta))?,
            Frames::Whole(body) => {
                if body.len() + piece.len() > MAX_LINE {
                    *body = Vec::new();
                    return Err(TooLarge::Line.into());
                }
                body.extend_from_slice(piece);
            }
        }
        decoder.too_much().map_or(Ok(()), |excess| Err(excess.into()))
    }

    /// Returns how often reasoning was seen so far, be it empty or kept secret: each time is a sign of life.
    pub fn n_thoughts(&self) -> u32 {
        self.decoder.n_thoughts()
    }

    /// Returns how far the answer is.
    pub fn progress(&self) -> Progress {
        self.decoder.progress()
    }

    /// Returns how many bytes of events were read so far, each as often as it was: a measure of work.
    pub fn n_bytes_read(&self) -> u64 {
        self.decoder.n_bytes_read()
    }

    /// Ends the reading, whether or not the answer had ended; text that was held back is added to `delta`.
    pub fn end(self, delta: &mut Delta) -> Read {
        let Self { frames, mut decoder, quote, .. } = self;
        let quote = String::from_utf8_lossy(&quote).into_owned();
        let mut is_whole = false;
        match frames {
            Frames::Unknown => return Read { ending: decoder.end(delta), instead: Some(Instead::Nothing) },
            Frames::Page => return Read { ending: decoder.end(delta), instead: Some(Instead::Page(quote)) },
            Frames::Events(mut events) => events.end(|event| decoder.event(event.name, event.data, delta)),
            Frames::Lines(mut lines) => lines.end(|line| decoder.event("", line, delta)),
            Frames::Whole(body) => {
                is_whole = true;
                decoder.whole(&String::from_utf8_lossy(&body), delta);
            }
        }
        let ending = decoder.end(delta);
        let is_answer = ending.progress != Progress::Open || ending.error.is_some();
        // A JSON text without an end is no cut answer but something else; a stream without one was cut.
        let is_unread = !is_answer && (ending.n_events == 0 || is_whole);
        Read { ending, instead: is_unread.then_some(Instead::Unreadable(quote)) }
    }

    fn framing(&self, piece: &[u8]) -> Frames {
        let piece = piece.strip_prefix(b"\xef\xbb\xbf").unwrap_or(piece);
        match (piece.trim_ascii_start().first(), self.dialect) {
            (None, _) => Frames::Unknown,
            (Some(b'{'), Dialect::Ollama) => Frames::Lines(NdjsonDecoder::default()),
            (Some(b'{' | b'['), _) => Frames::Whole(Vec::new()),
            (Some(b'<'), _) => Frames::Page,
            (Some(_), _) => Frames::Events(SseDecoder::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a stream whose events each repeat 20 search results and all text so far, as one provider sends them.
    fn with_results(n_events: usize) -> String {
        let page = |n: usize| {
            let snippet = "what the page says ".repeat(60);
            format!("{{\"url\":\"https://p{n}.example/\",\"title\":\"Page {n}\",\"snippet\":\"{snippet}\"}}")
        };
        let results = (0..20).map(page).collect::<Vec<_>>().join(",");
        let event = |n: usize| {
            let so_far = "word ".repeat(n);
            format!(
                "data: {{\"choices\":[{{\"delta\":{{\"content\":\"word \"}},\"message\":{{\"content\":\"{so_far}\"}}}}],\
                 \"citations\":[\"https://p1.example/\"],\"search_results\":[{results}]}}\r\n\r\n"
            )
        };
        (0..n_events).map(event).collect()
    }

    #[test]
    fn results_that_every_event_repeats_are_read_in_linear_time() {
        for n_events in [8, 29, 58] {
            let body = with_results(n_events);
            let (mut reading, mut delta) = (Reading::new(Dialect::OpenaiChat), Delta::default());
            for piece in body.as_bytes().chunks(1_400) {
                reading.push(piece, &mut delta).unwrap();
            }
            let (n_read, n_bytes) = (reading.n_bytes_read() as f64, body.len() as f64);
            assert!(n_read > n_bytes * 0.9, "all of it is read");
            // Each byte once, and the list itself once more, however often it comes.
            assert!(n_read < n_bytes + n_bytes / n_events as f64 * 1.1, "{n_read} bytes read of {n_bytes}");
            assert_eq!(delta.text, "word ".repeat(n_events));
            assert_eq!(reading.end(&mut Delta::default()).ending.finish.citations.len(), 20);
        }
    }
}
