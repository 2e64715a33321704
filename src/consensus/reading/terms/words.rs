//! Finds the words of raw text, markdown and all, with their byte offsets.

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;

use crate::consensus::reading::terms::script::{is_invisible, is_mark, is_unspaced};

/// The longest word in bytes; what is longer is cut, as a wall of letters is no word.
const LONGEST: usize = 64;

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// Byte offset in the text.
    pub(crate) start: usize,
    /// The word as it is written.
    pub(crate) text: &'a str,
}

/// Walks the words of a text: runs of letters and digits, with `1,000`, `3.5`, `don't` and `U.S.` in one piece,
/// `byAndrew` and `Russia1` in two, and scripts without spaces as overlapping pairs of characters.
#[derive(Clone, Debug)]
pub(crate) struct Words<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl<'a> Words<'a> {
    /// Returns the words of `text` from its start.
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, rest: text.char_indices().peekable() }
    }

    /// Takes a pair of characters and leaves the second one for the next pair.
    fn pair(&mut self, start: usize) -> Option<Word<'a>> {
        let (_, first) = self.rest.next()?;
        let first_end = start + first.len_utf8();
        let end = match self.rest.peek() {
            Some((at, second)) if is_unspaced(*second) => {
                let end = at + second.len_utf8();
                let is_last = !self.text.get(end..)?.starts_with(is_unspaced);
                if is_last {
                    self.rest.next();
                }
                end
            }
            _ => first_end,
        };
        Some(Word { start, text: self.text.get(start..end)? })
    }

    fn run(&mut self, start: usize) -> Option<Word<'a>> {
        let mut end = start;
        let mut previous = None;
        let mut n_letters = 0_usize;
        while let Some((at, character)) = self.rest.peek().copied() {
            let goes_on = if character.is_alphanumeric() {
                at - start < LONGEST && !is_unspaced(character) && !splits(previous, character, n_letters)
            } else if is_mark(character) || is_invisible(character) {
                previous.is_some()
            } else {
                self.joins(previous, character, at)
            };
            if !goes_on {
                break;
            }
            self.rest.next();
            end = at + character.len_utf8();
            if !is_mark(character) && !is_invisible(character) {
                n_letters = if character.is_alphabetic() { n_letters + 1 } else { 0 };
                previous = Some(character);
            }
        }
        Some(Word { start, text: self.text.get(start..end)? })
    }

    /// Whether `character` at `at` holds two halves of one word together.
    fn joins(&self, previous: Option<char>, character: char, at: usize) -> bool {
        let Some(previous) = previous else { return false };
        let mut after = self.text.get(at + character.len_utf8()..).unwrap_or("").chars();
        let next = after.next();
        match character {
            '\'' | '’' => previous.is_alphabetic() && next.is_some_and(char::is_alphabetic),
            ',' => {
                let digits = next.into_iter().chain(after).take(4).take_while(char::is_ascii_digit).count();
                previous.is_ascii_digit() && digits == 3
            }
            '.' if previous.is_ascii_digit() => next.is_some_and(|c| c.is_ascii_digit()),
            // `U.S.` and `D.I.V.O.R.C.E`: a dot between single capitals.
            '.' => {
                let before = self.text.get(..at).unwrap_or("").chars().rev().nth(1);
                previous.is_uppercase()
                    && before.is_none_or(|c| !c.is_alphanumeric())
                    && next.is_some_and(char::is_uppercase)
                    && after.next().is_none_or(|c| !c.is_alphanumeric())
            }
            _ => false,
        }
    }
}

/// Whether a new word starts with `character`, right after `previous`: `byAndrew`, `Russia1`, `10km`.
fn splits(previous: Option<char>, character: char, n_letters: usize) -> bool {
    let Some(previous) = previous else { return false };
    (previous.is_lowercase() && character.is_uppercase())
        || (n_letters >= 3 && character.is_ascii_digit())
        || (previous.is_ascii_digit() && character.is_uppercase())
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (start, character) = self.rest.peek().copied()?;
            if is_unspaced(character) {
                return self.pair(start);
            }
            if character.is_alphanumeric() {
                return self.run(start);
            }
            self.rest.next();
        }
    }
}

/// Appends `word` to `folded` as it is compared: compatibility forms and accents off, lower case, separators of
/// thousands and dots of initials off, and without a trailing `'s`.
pub(crate) fn fold(word: &str, folded: &mut String) {
    let start = folded.len();
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    let keeps = |c: char| c.is_alphanumeric() || c == '\'' || (is_number && c == '.') || (!c.is_ascii() && !is_mark(c));
    if word.is_ascii() {
        folded.extend(word.chars().filter(|c| keeps(*c)).map(|c| c.to_ascii_lowercase()));
    } else {
        let visible = word.chars().filter(|c| !is_invisible(*c)).map(|c| if c == '’' { '\'' } else { c });
        folded.extend(
            visible.nfkd().filter(|c| keeps(*c) && !is_mark(*c)).flat_map(char::to_lowercase).flat_map(plain_letters),
        );
    }
    if folded.get(start..).is_some_and(|own| own.ends_with("'s")) {
        folded.truncate(folded.len() - 2);
    }
}

/// Letters that have no accent to take off but are written without their own where a keyboard lacks them.
fn plain_letters(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        'ı' => "i",
        _ => "",
    };
    plain.chars().chain(plain.is_empty().then_some(letter))
}
