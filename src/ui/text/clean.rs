//! The one door for text from outside: what a terminal would obey or could not show comes out, the rest stays.

use std::borrow::Cow;

use crate::domain::unsafe_text::is_unsafe;
use crate::ui::text::offsets::OffsetMap;

/// Longest escape string (OSC, DCS, APC, PM, SOS) that is waited for, in characters; what follows is text again.
///
/// A title or a link fits ten times over; a sequence that never ends must not swallow an answer.
const MAX_STRING: usize = 4096;

/// Takes control sequences and unsafe characters out of a stream; a sequence may be split anywhere between pieces.
#[derive(Clone, Debug, Default)]
pub struct Cleaner {
    state: State,
    /// A carriage return was the last character: a line feed right after it belongs to it.
    after_return: bool,
    n_source: usize,
    n_removed: usize,
}

/// Where the cleaner stands inside a control sequence (ECMA-48, the names of the VT500 parser).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    Intermediate,
    Csi,
    /// In a string; so many characters of it so far.
    Text(usize),
    /// In a string, right after an ESC that may begin its terminator.
    TextEscape,
}

/// What becomes of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    Drop,
    Newline,
}

impl Cleaner {
    /// Appends what is left of `raw` to `out` and notes in `map` where each part of it came from.
    ///
    /// `out` and `map` must be those of the earlier pieces. Kept are all visible characters, `\n`, tabs, joiners and
    /// variation selectors; CRLF, a lone CR and the Unicode line and paragraph separators become `\n`.
    pub fn push(&mut self, raw: &str, out: &mut String, map: &mut OffsetMap) {
        let base = self.n_source;
        let mut kept_from = 0;
        for (at, character) in raw.char_indices() {
            let fate = self.step(character);
            if fate == Fate::Keep {
                continue;
            }
            keep(raw, kept_from..at, base, out, map);
            kept_from = at + character.len_utf8();
            if fate == Fate::Newline {
                map.anchor(out.len(), base + at);
                out.push('\n');
            }
        }
        keep(raw, kept_from..raw.len(), base, out, map);
        self.n_source += raw.len();
    }

    /// Returns how many control sequences and single characters were taken out so far; line ends do not count.
    pub fn removed(&self) -> usize {
        self.n_removed
    }

    fn step(&mut self, character: char) -> Fate {
        match self.state {
            State::Ground => self.ground(character),
            State::Escape => self.escape(character),
            State::Intermediate => match character {
                '\u{20}'..='\u{2f}' => Fate::Drop,
                '\u{30}'..='\u{7e}' => self.end_sequence(),
                _ => self.abort(character),
            },
            State::Csi => match character {
                '\u{20}'..='\u{3f}' => Fate::Drop,
                '\u{40}'..='\u{7e}' => self.end_sequence(),
                _ => self.abort(character),
            },
            State::Text(so_far) => self.string(character, so_far),
            State::TextEscape if character == '\\' => self.end_sequence(),
            State::TextEscape => {
                self.state = State::Escape;
                self.escape(character)
            }
        }
    }

    fn ground(&mut self, character: char) -> Fate {
        let after_return = std::mem::take(&mut self.after_return);
        match character {
            '\n' if after_return => Fate::Drop,
            ' '..='~' | '\t' | '\n' => Fate::Keep,
            '\r' => {
                self.after_return = true;
                Fate::Newline
            }
            '\u{2028}' | '\u{2029}' => Fate::Newline,
            _ if is_unsafe(character) => {
                // One sequence counts once, at its first character.
                self.n_removed += 1;
                self.state = match character {
                    '\u{1b}' => State::Escape,
                    '\u{9b}' => State::Csi,
                    '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => State::Text(0),
                    _ => State::Ground,
                };
                Fate::Drop
            }
            _ => Fate::Keep,
        }
    }

    fn escape(&mut self, character: char) -> Fate {
        self.state = match character {
            '[' => State::Csi,
            ']' | 'P' | 'X' | '^' | '_' => State::Text(0),
            '\u{20}'..='\u{2f}' => State::Intermediate,
            '\u{30}'..='\u{7e}' => State::Ground,
            _ => return self.abort(character),
        };
        Fate::Drop
    }

    fn string(&mut self, character: char, so_far: usize) -> Fate {
        match character {
            '\u{1b}' => self.state = State::TextEscape,
            '\u{07}' | '\u{18}' | '\u{1a}' | '\u{9c}' => self.state = State::Ground,
            // No terminal string spans lines; an unfinished one costs its line, not the answer.
            '\n' | '\r' => return self.abort(character),
            _ if so_far + 1 >= MAX_STRING => self.state = State::Ground,
            _ => self.state = State::Text(so_far + 1),
        }
        Fate::Drop
    }

    fn end_sequence(&mut self) -> Fate {
        self.state = State::Ground;
        Fate::Drop
    }

    /// Gives up on the sequence; `character` is text, or begins another one.
    fn abort(&mut self, character: char) -> Fate {
        self.state = State::Ground;
        self.ground(character)
    }
}

fn keep(raw: &str, range: std::ops::Range<usize>, base: usize, out: &mut String, map: &mut OffsetMap) {
    let Some(kept) = raw.get(range.clone()).filter(|kept| !kept.is_empty()) else { return };
    map.anchor(out.len(), base + range.start);
    out.push_str(kept);
}

/// Returns `raw` as one piece with everything unsafe taken out; for error bodies, titles and names.
pub fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    Cleaner::default().push(raw, &mut out, &mut OffsetMap::default());
    out
}

/// Returns `text` as one line that may reach a cell; what is harmless already stays as it is.
pub fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) { Cow::Owned(clean(&text).replace('\n', " ")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(raw: &str, cut: usize) -> (String, usize, OffsetMap) {
        let (mut out, mut map, mut cleaner) = (String::new(), OffsetMap::default(), Cleaner::default());
        let (head, tail) = raw.split_at(cut);
        cleaner.push(head, &mut out, &mut map);
        cleaner.push(tail, &mut out, &mut map);
        (out, cleaner.removed(), map)
    }

    /// Whole, and cut at every character: the same text, the same count, and every offset finds its byte again.
    fn check(raw: &str, expected: &str, n_removed: usize) {
        for cut in (0..=raw.len()).filter(|cut| raw.is_char_boundary(*cut)) {
            let (out, removed, map) = stream(raw, cut);
            assert_eq!((out.as_str(), removed), (expected, n_removed), "{raw:?} cut at {cut}");
            for (at, character) in out.char_indices() {
                let source = map.to_source(at);
                assert_eq!(map.to_clean(source), at, "{raw:?} at {at}");
                if character != '\n' {
                    assert_eq!(raw[source..].chars().next(), Some(character), "{raw:?} at {at}");
                }
            }
        }
    }

    #[test]
    fn plain_text_passes_whole() {
        check("plain, ünïcode, 漢字\tand a tab\n", "plain, ünïcode, 漢字\tand a tab\n", 0);
        check("", "", 0);
        check("👩‍👩‍👧 नि ❤️", "👩‍👩‍👧 नि ❤️", 0);
    }

    #[test]
    fn control_sequences_go_and_count_once() {
        check("a\x1b[31mred\x1b[0m b", "ared b", 2);
        check("a\x1b]52;c;aGk=\x07b", "ab", 1);
        check("a\x1b]8;;http://x.example\x1b\\b\x1b]8;;\x1b\\c", "abc", 2);
        check("a\u{9b}31mb\u{9d}0;t\u{9c}c", "abc", 2);
        check("a\x1bP1;2|6b\x1b\\b", "ab", 1);
        check("a\x1b(Bb\x1bcc\x1b7d", "abcd", 3);
        check("\x1b[38;2;1;2;3mx", "x", 1);
    }

    #[test]
    fn a_broken_sequence_costs_no_text_behind_it() {
        check("a\x1b[31é", "aé", 1);
        check("a\x1b]0;title\nthe answer", "a\nthe answer", 1);
        check("a\x1bé", "aé", 1);
        check("a\x1b", "a", 1);
        check("a\x1b]0;\x1b[1mb", "ab", 1);
        check("a\x1b\x1b[1mb", "ab", 2);
    }

    #[test]
    fn an_endless_string_ends_at_its_limit() {
        let raw = format!("\x1b]0;{}tail", "x".repeat(MAX_STRING - 2));
        assert_eq!(clean(&raw), "tail");
    }

    #[test]
    fn line_ends_become_line_feeds() {
        check("a\r\nb\rc\n\r\nd\r\r\ne", "a\nb\nc\n\nd\n\ne", 0);
        check("a\u{2028}b\u{2029}c", "a\nb\nc", 0);
    }

    #[test]
    fn bidi_overrides_zero_width_and_tags_go() {
        check("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{e0041}f\u{200f}g", "abcdefg", 6);
        check("a\x07\x08b\x00\x7f", "ab", 4);
    }
}
