//! Cuts bytes into lines as they arrive, in whatever pieces: LF, CRLF and CR all end a line.

use std::borrow::Cow;

use memchr::memchr2;

use crate::net::error::TooLarge;

/// Longest line that is accepted, in bytes.
///
/// One search provider repeats all its results in every event (single lines of 40 kB were recorded) and one protocol
/// echoes the whole request; 4 MiB leaves both room and still bounds the memory of a call.
pub const MAX_LINE: usize = 4 << 20;

/// Longest body that is accepted, in bytes: a hundred times the longest answer recorded (675 kB).
pub const MAX_TOTAL: usize = 64 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A splitter that holds at most one unfinished line.
#[derive(Debug, Default)]
pub struct Lines {
    partial: Vec<u8>,
    n_bytes: usize,
    /// The last piece ended in CR, so that an LF at the start of the next one belongs to the same line end.
    is_after_cr: bool,
    is_past_first: bool,
}

impl Lines {
    /// Takes the next piece and hands every line that it completes to `each`, without its end, and whether an empty
    /// line is already known to follow. A byte order mark at the very start is dropped.
    ///
    /// # Errors
    /// When a line or the whole is longer than accepted; lines that were complete before have been handed on.
    pub fn push(&mut self, piece: &[u8], mut each: impl FnMut(&[u8], bool)) -> Result<(), TooLarge> {
        self.n_bytes = self.n_bytes.saturating_add(piece.len());
        let mut rest = piece;
        if self.is_after_cr && !piece.is_empty() {
            self.is_after_cr = false;
            rest = piece.strip_prefix(b"\n").unwrap_or(piece);
        }
        while let Some((line, after)) = memchr2(b'\n', b'\r', rest).and_then(|end| rest.split_at_checked(end)) {
            rest = self.after_line_end(after);
            let is_last = matches!(rest.first(), Some(b'\n' | b'\r'));
            if self.partial.is_empty() {
                self.emit(line, is_last, &mut each)?;
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                whole.extend_from_slice(line);
                self.emit(&whole, is_last, &mut each)?;
                // The buffer is kept: most lines of a stream are of one length.
                whole.clear();
                self.partial = whole;
            }
        }
        self.partial.extend_from_slice(rest);
        if self.partial.len() > MAX_LINE {
            self.partial = Vec::new();
            return Err(TooLarge::Line);
        }
        if self.n_bytes > MAX_TOTAL { Err(TooLarge::Total) } else { Ok(()) }
    }

    /// Hands on the last line, if it was not ended, and starts anew.
    pub fn end(&mut self, mut each: impl FnMut(&[u8])) {
        let last = std::mem::take(self);
        if !last.partial.is_empty() {
            each(last.without_mark(&last.partial));
        }
    }

    fn after_line_end<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        if let Some(after_cr) = after.strip_prefix(b"\r") {
            self.is_after_cr = after_cr.is_empty();
            after_cr.strip_prefix(b"\n").unwrap_or(after_cr)
        } else {
            after.strip_prefix(b"\n").unwrap_or(after)
        }
    }

    fn emit(&mut self, line: &[u8], is_last: bool, each: &mut impl FnMut(&[u8], bool)) -> Result<(), TooLarge> {
        if line.len() > MAX_LINE {
            return Err(TooLarge::Line);
        }
        each(self.without_mark(line), is_last);
        self.is_past_first = true;
        Ok(())
    }

    fn without_mark<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        if self.is_past_first { line } else { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) }
    }
}

/// Returns a line as text; bytes that are not UTF-8 are replaced.
pub(crate) fn text(line: &[u8]) -> Cow<'_, str> {
    // Asked first because the replacing one goes byte by byte even where there is nothing to replace: a tenth of the
    // whole cost of decoding.
    std::str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut out = Vec::new();
        for piece in pieces {
            lines.push(piece, |line, _| out.push(String::from_utf8_lossy(line).into_owned())).unwrap();
        }
        lines.end(|line| out.push(String::from_utf8_lossy(line).into_owned()));
        out
    }

    #[test]
    fn every_line_end_is_known_at_every_cut() {
        let body = b"\xef\xbb\xbfone\ntwo\r\nthree\rfour\r\r\n\nfive";
        let expected = ["one", "two", "three", "four", "", "", "five"];
        for cut in 0..=body.len() {
            let (left, right) = body.split_at(cut);
            assert_eq!(lines(&[left, right]), expected, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(lines(&bytes), expected);
    }

    #[test]
    fn nothing_gives_no_line() {
        assert!(lines(&[]).is_empty());
        assert!(lines(&[b"", b""]).is_empty());
    }

    #[test]
    fn a_byte_order_mark_later_on_is_text() {
        assert_eq!(lines(&[b"a\n\xef\xbb\xbfb\n"]), ["a", "\u{feff}b"]);
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 1 << 20];
        let refused = (0..10).find_map(|_| lines.push(&piece, |_, _| ()).err());
        assert_eq!(refused, Some(TooLarge::Line));
        assert_eq!(
            Lines::default().push(&[vec![b'x'; MAX_LINE + 1], vec![b'\n']].concat(), |_, _| ()),
            Err(TooLarge::Line)
        );
    }

    #[test]
    fn a_body_without_end_is_refused() {
        let mut lines = Lines::default();
        let piece = [vec![b'x'; (1 << 20) - 1], vec![b'\n']].concat();
        let n_taken = (0..100).take_while(|_| lines.push(&piece, |_, _| ()).is_ok()).count();
        assert_eq!(n_taken, MAX_TOTAL >> 20);
    }
}
