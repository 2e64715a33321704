//! Cuts a stream of JSON into its outermost values, one at a time: the elements of a list, or values one after the other.
//!
//! Only brackets and strings are looked at, so that a value that cannot be read costs nothing but itself. Half of a
//! megabyte and the longest value are all that is ever in memory.

use std::io::{self, BufRead, BufReader, Read};

/// The longest value that is read: a conversation of 64 MB has some ten million words.
const MOST_BYTES: usize = 64 << 20;
const BUFFER_BYTES: usize = 512 << 10;

/// One outermost value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The whole of it.
    Whole(Vec<u8>),
    /// It is longer than what is read.
    TooLong,
    /// The file ends in its middle.
    Cut,
}

/// Reads outermost values.
pub(super) struct Splitter<R> {
    input: BufReader<R>,
    /// Whether the outermost value is a list, whose elements are given; `None` before its first byte.
    is_list: Option<bool>,
    is_over: bool,
}

/// Where in a value a byte stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    has_begun: bool,
}

/// What a byte is to the value.
#[derive(PartialEq, Eq)]
enum Place {
    Before,
    Inside,
    Last,
    /// The value ended before it.
    After,
}

impl Scan {
    fn next(&mut self, byte: u8) -> Place {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return if self.in_string || self.depth > 0 { Place::Inside } else { Place::Last };
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 0 => return if self.has_begun { Place::After } else { Place::Before },
            b'}' | b']' => self.depth -= 1,
            b',' if self.depth == 0 => return if self.has_begun { Place::After } else { Place::Before },
            _ if byte.is_ascii_whitespace() && self.depth == 0 => {
                return if self.has_begun { Place::After } else { Place::Before };
            }
            _ => {}
        }
        let is_last = matches!(byte, b'}' | b']') && self.depth == 0;
        self.has_begun = true;
        if is_last { Place::Last } else { Place::Inside }
    }
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(BUFFER_BYTES, input), is_list: None, is_over: false }
    }

    /// Returns the next value; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.is_list.is_none() {
            self.open()?;
        }
        let mut scan = Scan::default();
        let mut bytes = Vec::new();
        let mut is_too_long = false;
        while !self.is_over {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                self.is_over = true;
                let is_plain = scan.depth == 0 && !scan.in_string && self.is_list == Some(false);
                return Ok(match scan.has_begun {
                    false => None,
                    true if is_plain => Some(Piece::Whole(bytes)),
                    true => Some(Piece::Cut),
                });
            }
            let mut n_used = 0;
            let mut is_whole = false;
            for byte in buffer.iter().copied() {
                let place = scan.next(byte);
                // The bracket that closes the list stands where a value would begin, or right behind one.
                let is_close = byte == b']' && matches!(place, Place::Before | Place::After);
                n_used += 1;
                if place == Place::Inside || place == Place::Last {
                    is_too_long |= bytes.len() >= MOST_BYTES;
                    if is_too_long {
                        bytes = Vec::new();
                    } else {
                        bytes.push(byte);
                    }
                }
                self.is_over |= is_close && self.is_list == Some(true);
                is_whole = matches!(place, Place::Last | Place::After);
                if is_whole || self.is_over {
                    break;
                }
            }
            self.input.consume(n_used);
            if is_whole {
                return Ok(Some(if is_too_long { Piece::TooLong } else { Piece::Whole(bytes) }));
            }
        }
        Ok(None)
    }

    /// Finds out whether it is a list, and steps into it.
    fn open(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let Some(first) = buffer.first().copied() else {
                self.is_list = Some(false);
                return Ok(());
            };
            // A byte order mark is no part of what follows it.
            let is_before = first.is_ascii_whitespace() || matches!(first, 0xef | 0xbb | 0xbf);
            if is_before || first == b'[' {
                self.input.consume(1);
            }
            if !is_before {
                self.is_list = Some(first == b'[');
                return Ok(());
            }
        }
    }
}

/// Returns bytes as text that a reader of JSON takes: halves of a character that stand alone, and bytes that are no text,
/// become U+FFFD.
pub(super) fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut mended = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let n_bytes = match (half(escape), escape.get(6..).and_then(half)) {
            (Some(Half::First), Some(Half::Second)) => 12,
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (kept, after) = escape.split_at(n_bytes);
        mended.push_str(kept);
        rest = after;
    }
    mended.push_str(rest);
    mended
}

/// Half of a character outside of the basic plane.
enum Half {
    First,
    Second,
}

/// Returns which half a text begins with, if with one.
fn half(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes a few at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buf.len());
            let (now, later) = self.0.split_at(n);
            buf[..n].copy_from_slice(now);
            self.0 = later;
            Ok(n)
        }
    }

    fn pieces(json: &str) -> Vec<String> {
        let read = |n_bytes| {
            let mut splitter = Splitter::new(Slow(json.as_bytes(), n_bytes));
            let mut found = Vec::new();
            while let Some(piece) = splitter.next().unwrap() {
                found.push(match piece {
                    Piece::Whole(bytes) => String::from_utf8(bytes).unwrap(),
                    Piece::TooLong => "too long".to_owned(),
                    Piece::Cut => "cut".to_owned(),
                });
            }
            found
        };
        let found = read(1);
        assert_eq!(read(1 << 20), found, "{json}");
        found
    }

    #[test]
    fn outermost_values_are_told_apart_by_brackets_and_strings_alone() {
        assert_eq!(pieces(""), [""; 0]);
        assert_eq!(pieces("[]"), [""; 0]);
        assert_eq!(
            pieces(" \u{feff}[ {\"a\": [1]} , 2,\"x]\\\"\",null ] "),
            ["{\"a\": [1]}", "2", "\"x]\\\"\"", "null"]
        );
        assert_eq!(pieces("{\"a\":1}\n{\"b\":{}}\n"), ["{\"a\":1}", "{\"b\":{}}"]);
        assert_eq!(pieces("{\"a\":1}"), ["{\"a\":1}"]);
        assert_eq!(pieces("[{\"a\":tru},{\"b\":1}]"), ["{\"a\":tru}", "{\"b\":1}"], "what cannot be read costs itself");
        assert_eq!(pieces("[{\"a\":1},{\"b\":"), ["{\"a\":1}", "cut"]);
        assert_eq!(pieces("[{\"a\":1}"), ["{\"a\":1}"]);
        assert_eq!(pieces("[1]]] {}"), ["1"]);
    }

    #[test]
    fn half_a_character_is_mended_and_all_else_stays() {
        for (json, expected) in [
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00""#, "\u{fffd}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\\ud83d é \n""#, "\\ud83d é \n"),
        ] {
            assert_eq!(serde_json::from_str::<String>(&text(json.as_bytes())).unwrap(), expected, "{json}");
        }
        assert_eq!(text(b"\"a\xff\""), "\"a\u{fffd}\"");
        assert_eq!(text(br#""\"#), r#""\"#);
    }
}
