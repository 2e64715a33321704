//! Server-sent events out of bytes, without a socket: the framing that four of the five dialects share.
//!
//! Follows the WHATWG rules with one difference: an event that the stream ends in is handed on even without the blank
//! line after it, as servers were recorded that close right after their last `data:` line.

use std::borrow::Cow;

use crate::net::error::TooLarge;
use crate::net::lines::{self, Lines, MAX_LINE};

/// One event, borrowed from the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SseEvent<'a> {
    /// The value of its `event:` line; empty without one.
    pub name: &'a str,
    /// Its `data:` lines, joined by LF; never from an event without one.
    pub data: &'a str,
}

/// A decoder that is fed pieces of any size.
#[derive(Debug, Default)]
pub struct SseDecoder {
    lines: Lines,
    frame: Frame,
}

impl SseDecoder {
    /// Takes the next piece and hands every event that it completes to `each`. Comments, ids and retry times are
    /// passed over; bytes that are not UTF-8 are replaced within their line.
    ///
    /// # Errors
    /// When a line or the whole is longer than accepted; events that were complete before have been handed on.
    pub fn push(&mut self, piece: &[u8], mut each: impl FnMut(SseEvent<'_>)) -> Result<(), TooLarge> {
        let Self { lines, frame } = self;
        lines.push(piece, |line, is_last| frame.line(line, is_last, &mut each))?;
        if frame.is_too_large { Err(TooLarge::Line) } else { Ok(()) }
    }

    /// Hands on the event that the stream ended in, if any, and starts anew.
    pub fn end(&mut self, mut each: impl FnMut(SseEvent<'_>)) {
        let Self { mut lines, mut frame } = std::mem::take(self);
        lines.end(|line| frame.line(line, true, &mut each));
        frame.line(b"", true, &mut each);
    }
}

#[derive(Debug, Default)]
struct Frame {
    name: String,
    data: String,
    has_data: bool,
    /// Its lines together are longer than one may be.
    is_too_large: bool,
}

impl Frame {
    /// Reads a line; `is_last` when the event ends with it.
    fn line(&mut self, line: &[u8], is_last: bool, each: &mut impl FnMut(SseEvent<'_>)) {
        if let Some(value) = line.strip_prefix(b"data:") {
            if is_last && !self.has_data {
                // The usual case: nothing is to be joined, so nothing is copied. The empty line then ends nothing more.
                each(SseEvent { name: &self.name, data: &text(value) });
            } else {
                self.data(value);
            }
        } else if line.is_empty() {
            if self.has_data {
                each(SseEvent { name: &self.name, data: &self.data });
            }
            self.name.clear();
            self.data.clear();
            self.has_data = false;
        } else if let Some(value) = line.strip_prefix(b"event:") {
            self.name.clear();
            self.name.push_str(&text(value));
        } else if line == b"data" {
            self.data(b"");
        }
    }

    fn data(&mut self, value: &[u8]) {
        if self.data.len() + value.len() > MAX_LINE {
            self.is_too_large = true;
            return;
        }
        if self.has_data {
            self.data.push('\n');
        }
        self.has_data = true;
        self.data.push_str(&text(value));
    }
}

/// Returns the value of a field: one space after the colon is not part of it.
fn text(value: &[u8]) -> Cow<'_, str> {
    lines::text(value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut decoder = SseDecoder::default();
        let mut out = Vec::new();
        let mut each = |event: SseEvent<'_>| out.push((event.name.to_owned(), event.data.to_owned()));
        for piece in pieces {
            decoder.push(piece, &mut each).unwrap();
        }
        decoder.end(&mut each);
        out
    }

    fn check(body: impl AsRef<[u8]>, expected: &[(&str, &str)]) {
        let body = body.as_ref();
        for cut in 0..=body.len() {
            let (left, right) = body.split_at(cut);
            let found = events(&[left, right]);
            let found: Vec<_> = found.iter().map(|(name, data)| (name.as_str(), data.as_str())).collect();
            assert_eq!(found, expected, "cut at {cut} of {:?}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn events_are_the_same_at_every_cut() {
        check("data: a\n\ndata:b\n\n", &[("", "a"), ("", "b")]);
        check("data: a\r\n\r\ndata: b\r\n\r\n", &[("", "a"), ("", "b")]);
        check("data: a\r\rdata: b\r\r", &[("", "a"), ("", "b")]);
        check("\u{feff}data: a\n\n", &[("", "a")]);
        check("event: x\ndata: a\n\ndata: b\n\n", &[("x", "a"), ("", "b")]);
        check("data: a\ndata\ndata:  b\n\n", &[("", "a\n\n b")]);
        check("data: Привет 🌍\n\n", &[("", "Привет 🌍")]);
    }

    #[test]
    fn what_is_no_data_gives_no_event() {
        check("", &[]);
        check(": keep-alive\n\n: again\n\n", &[]);
        check("event: ping\n\nretry: 10\n\nid: 3\n\n", &[]);
        check("HTTP is not this\n\n", &[]);
        check(": c\ndata: a\n: c\nid: 1\nretry: 5\n\n\n\n", &[("", "a")]);
    }

    #[test]
    fn the_last_event_counts_without_its_blank_line() {
        check("data: a\n\ndata: [DONE]\n", &[("", "a"), ("", "[DONE]")]);
        check("data: a\n\ndata: [DONE]", &[("", "a"), ("", "[DONE]")]);
    }

    #[test]
    fn bytes_that_are_not_utf8_cost_only_their_line() {
        check(b"data: a\xff\n\ndata: b\n\n", &[("", "a\u{fffd}"), ("", "b")]);
    }

    #[test]
    fn an_event_of_many_lines_is_bounded_as_one_line_is() {
        let line = format!("data: {}\n", "x".repeat(1 << 16));
        let mut decoder = SseDecoder::default();
        let n_taken = (0..200).take_while(|_| decoder.push(line.as_bytes(), |_| ()).is_ok()).count();
        // The line feeds between them count.
        assert_eq!(n_taken, (MAX_LINE >> 16) - 1);
    }

    #[test]
    fn a_line_of_ten_megabytes_is_refused() {
        let body = [b"data: ".to_vec(), vec![b'x'; 10 << 20]].concat();
        assert_eq!(SseDecoder::default().push(&body, |_| ()), Err(TooLarge::Line));
    }
}
