//! A statement as a sequence of typed items, so that two can be laid side by side: names whole, codes exact, values once.

pub(crate) mod senses;

use std::ops::Range;
use std::sync::OnceLock;

use crate::consensus::reading::sequence::senses::Sense;
use crate::consensus::reading::statement::ValueAt;
use crate::consensus::reading::terms::script::{is_invisible, is_mark, is_unspaced};
use crate::consensus::reading::terms::{stem, stop, words};

/// Most items of one statement: a wall of words is not laid beside another.
const MOST_ITEMS: usize = 160;

/// What sort of thing an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A word with content.
    Word,
    /// A word that only holds others together.
    Light,
    /// A word that denies what follows.
    Negator,
    /// Capitalised words that belong together.
    Name,
    /// The capitalised first word, which may be a name.
    Opening,
    /// Letters and signs that are compared exactly: an address, a path, an identifier.
    Code,
    /// A value, by its place among those of the statement.
    Value(usize),
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// What sort of thing it is.
    pub(crate) sort: Sort,
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// Its words in lower case without accents; a code as it is written.
    pub(crate) folded: String,
    /// What its word stands for, where the table knows it.
    pub(crate) senses: &'static [Sense],
    /// How it is written, where that tells two of them apart: `Co`, `CO`.
    pub(crate) written: String,
    /// Whether it stands right after `and`, `or` or a comma: one of a list.
    pub(crate) is_listed: bool,
}

impl Item {
    /// Returns whether it holds something that can be said otherwise.
    pub(crate) fn is_content(&self) -> bool {
        !matches!(self.sort, Sort::Light)
    }
}

/// A statement's words as they were written, and its items once someone asks for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    text: Box<str>,
    start: usize,
    items: OnceLock<Vec<Item>>,
}

impl Sequence {
    /// Returns the sequence of `text`, which starts at `start` of the answer.
    pub(crate) fn of(text: &str, start: usize) -> Self {
        Self { text: Box::from(text), start, items: OnceLock::new() }
    }

    /// Returns the words as they were written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the items in order; `values` are those of the statement.
    pub(crate) fn items(&self, values: &[ValueAt]) -> &[Item] {
        self.items.get_or_init(|| Reader::new(&self.text, self.start, values).read())
    }
}

/// Walks a text once from left to right.
#[derive(Debug)]
struct Reader<'a> {
    text: &'a str,
    start: usize,
    values: &'a [ValueAt],
    at: usize,
    items: Vec<Item>,
    is_listed: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, start: usize, values: &'a [ValueAt]) -> Self {
        Self { text, start, values, at: 0, items: Vec::new(), is_listed: false }
    }

    fn read(mut self) -> Vec<Item> {
        while self.at < self.text.len() && self.items.len() < MOST_ITEMS {
            self.step();
        }
        join_phrases(self.items)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) {
        let here = self.start + self.at;
        let starts_chunk = self.text.get(..self.at).and_then(|head| head.chars().next_back()).is_none_or(opens_chunk);
        if let Some(code) = code_at(self.rest()).filter(|_| starts_chunk) {
            self.push(Sort::Code, code.len(), code.to_owned());
            return;
        }
        if let Some((index, value)) = self.values.iter().enumerate().find(|(_, it)| it.range.start == here) {
            self.push(Sort::Value(index), value.range.len().max(1), value.canonical.clone());
            return;
        }
        let Some(first) = self.rest().chars().next() else { return };
        if is_unspaced(first) {
            self.push(Sort::Word, first.len_utf8(), first.to_string());
        } else if first.is_alphanumeric() {
            self.word();
        } else if let Some(sign) = sign(self.rest(), self.text.get(..self.at).unwrap_or("")) {
            self.push(Sort::Word, first.len_utf8(), sign.to_owned());
        } else {
            self.is_listed |= matches!(first, ',' | '、' | '&' | '/');
            self.at += first.len_utf8();
        }
    }

    /// Takes a word, as far as the next value.
    fn word(&mut self) {
        let end = self.values.iter().map(|it| it.range.start).find(|start| *start > self.start + self.at);
        let limit = end.map_or(self.text.len(), |end| end - self.start);
        let head = self.text.get(self.at..limit).unwrap_or_else(|| self.rest());
        let n_bytes = word_length(head);
        let written = head.get(..n_bytes).unwrap_or(head);
        let mut folded = String::new();
        words::fold(written, &mut folded);
        let sort = self.sort(written, &folded);
        let is_and = matches!(folded.as_str(), "and" | "or" | "und" | "et" | "y");
        match (sort, self.items.last_mut()) {
            (Sort::Name, Some(last)) if self.at > 0 && joins_name(last, self.text, self.start, self.at) => {
                last.sort = Sort::Name;
                last.folded.push(' ');
                last.folded.push_str(&folded);
                last.written.push(' ');
                last.written.push_str(written);
                last.range.end = self.start + self.at + n_bytes;
                last.senses = &[];
                self.at += n_bytes;
                self.is_listed = false;
            }
            _ => self.push(sort, n_bytes.max(1), folded),
        }
        self.is_listed |= is_and;
    }

    fn sort(&self, written: &str, folded: &str) -> Sort {
        let is_capital = written.starts_with(char::is_uppercase);
        let follows_name = self.items.last().is_some_and(|it| matches!(it.sort, Sort::Name | Sort::Opening));
        if follows_name && (is_numeral(written) || is_generation(written) || self.is_initial(written)) {
            Sort::Name
        } else if stop::is_negator(folded) && !is_quality(folded) && !counts(self.rest(), written) {
            Sort::Negator
        } else if stop::is_stop(folded) || is_little(folded) && !is_capital || self.is_mark(written) {
            Sort::Light
        } else if !is_capital || (!senses::of(folded).is_empty() && !follows_name && !self.begins_name(written, folded))
        {
            Sort::Word
        } else if self.items.is_empty() {
            Sort::Opening
        } else {
            Sort::Name
        }
    }

    /// Whether a capitalised word of the table begins a name all the same: `World Economic Forum`, but not `North Korea`.
    fn begins_name(&self, written: &str, folded: &str) -> bool {
        let next = self.rest().get(written.len()..).and_then(|rest| rest.strip_prefix(' '));
        let is_before_name = next.is_some_and(|rest| rest.starts_with(char::is_uppercase));
        let is_first = self.items.is_empty() && !senses::is_date(folded) && !senses::is_title(folded);
        is_before_name && !is_first && !senses::is_compass(folded)
    }

    /// Whether a word is one capital letter with its point, as `S.` in a name; without a name it may be an article.
    fn is_initial(&self, written: &str) -> bool {
        let is_letter = written.len() == 1 && written.starts_with(|c: char| c.is_ascii_uppercase());
        is_letter && self.rest().get(1..).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Whether a number is glued to the word before it: the mark of a note.
    fn is_mark(&self, written: &str) -> bool {
        let is_glued = |head: &str| head.ends_with(char::is_alphabetic);
        written.starts_with(|c: char| c.is_ascii_digit()) && self.text.get(..self.at).is_some_and(is_glued)
    }

    fn push(&mut self, sort: Sort, n_bytes: usize, folded: String) {
        let range = self.start + self.at..self.start + self.at + n_bytes;
        let written = self.text.get(self.at..self.at + n_bytes).unwrap_or("").to_owned();
        let senses = match sort {
            Sort::Word | Sort::Light | Sort::Negator | Sort::Opening => senses::of(&folded),
            Sort::Name | Sort::Code | Sort::Value(_) => &[],
        };
        let is_listed = std::mem::take(&mut self.is_listed);
        self.items.push(Item { sort, range, folded, senses, written, is_listed });
        self.at += n_bytes;
    }
}

/// Whether a word is a single letter.
fn is_little(folded: &str) -> bool {
    folded.chars().count() < 2 && !folded.starts_with(|c: char| c.is_ascii_digit())
}

/// Letters of a word behind which a digit is the mark of a note.
const LEAST_BEFORE_MARK: usize = 3;

/// The halves of a day with their points, but for the last one.
const HALVES: [&str; 2] = ["a.m", "p.m"];

/// The bytes of the word that `text` starts with: letters and digits, apostrophes inside, and the dots of `U.S.`.
fn word_length(text: &str) -> usize {
    let begins = |half: &&&str| text.get(..half.len()).is_some_and(|head| head.eq_ignore_ascii_case(half));
    if let Some(half) = HALVES.iter().find(begins) {
        return half.len();
    }
    let mut end = 0;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        let after = || text.get(at + character.len_utf8()..).and_then(|rest| rest.chars().next());
        let is_mark_of_note = character.is_ascii_digit()
            && at >= LEAST_BEFORE_MARK
            && text.get(..at).is_some_and(|head| head.chars().all(char::is_alphabetic));
        let goes_on = if is_unspaced(character) || is_mark_of_note {
            false
        } else if character.is_alphanumeric() || is_mark(character) || is_invisible(character) {
            true
        } else {
            let is_inside = after().is_some_and(char::is_alphanumeric) && previous.is_alphanumeric();
            let is_initials = character == '.' && previous.is_uppercase() && after().is_some_and(char::is_uppercase);
            (matches!(character, '\'' | '’') && is_inside) || is_initials
        };
        if !goes_on {
            break;
        }
        previous = character;
        end = at + character.len_utf8();
    }
    end
}

/// Whether what stands before a word leaves it the first of its chunk.
fn opens_chunk(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | '"' | '\'' | '`' | '*' | '[' | '“' | '‘')
}

/// Whether a word right after `last` goes on with its name: nothing between them but space, a dot or a hyphen.
fn joins_name(last: &Item, text: &str, start: usize, at: usize) -> bool {
    let gap = last.range.end.checked_sub(start).and_then(|end| text.get(end..at)).unwrap_or(",");
    let is_name = |c: char| matches!(c, ' ' | '.' | '-' | '*' | '_' | '’' | '\'');
    // The son in "Brisco County, Jr.", the only part of a name behind a comma.
    let is_son = gap == ", " && text.get(at..at + 2).is_some_and(is_generation);
    let is_tight = is_son || gap.chars().all(is_name);
    let is_sentence_end = gap.contains(". ") && last.folded.rsplit(' ').next().is_some_and(|word| word.len() > 3);
    matches!(last.sort, Sort::Name | Sort::Opening) && is_tight && !is_sentence_end
}

/// Whether a word is a number in letters, as kings bear it.
pub(crate) fn is_numeral(written: &str) -> bool {
    let is_roman = |c: char| matches!(c, 'I' | 'V' | 'X' | 'L');
    !written.is_empty() && written.len() <= 6 && written.chars().all(is_roman)
}

/// Whether a word tells a son from his father.
pub(crate) fn is_generation(written: &str) -> bool {
    matches!(written, "Jr" | "Sr" | "Junior" | "Senior" | "jr" | "sr")
}

/// Whether a word denies only what it stands before as a quality: "false sharing".
fn is_quality(folded: &str) -> bool {
    matches!(folded, "false" | "incorrect")
}

/// Whether a `No` is the abbreviation of number, or a `not` goes on with `only`.
fn counts(rest: &str, written: &str) -> bool {
    let after = rest.get(written.len()..).unwrap_or("").trim_start_matches(['.', ' ']);
    after.starts_with(|c: char| c.is_ascii_digit()) || after.starts_with("only ") || after.starts_with("just ")
}

/// A sign that says something by itself: which way a comparison goes, or what a number is.
fn sign(rest: &str, before: &str) -> Option<&'static str> {
    let mut characters = rest.chars();
    let first = characters.next()?;
    let is_before_digit = characters.next().is_some_and(|c| c.is_ascii_digit() || c == ' ');
    let is_apart = before.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '=' | '$'));
    match first {
        '<' | '≤' if is_before_digit => Some("less than"),
        '>' | '≥' if is_before_digit => Some("more than"),
        '-' | '−' if is_before_digit && is_apart && !rest.starts_with("- ") => Some("minus"),
        '±' => Some("±"),
        '$' => Some("$"),
        '€' => Some("€"),
        '£' => Some("£"),
        '¥' => Some("¥"),
        '%' => Some("%"),
        '‰' => Some("‰"),
        _ => None,
    }
}

/// The code that `rest` starts with: an address, a path, an identifier, a number with many parts.
fn code_at(rest: &str) -> Option<&str> {
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '`' | '”')).unwrap_or(rest.len());
    let chunk = rest.get(..end)?;
    let chunk = chunk.trim_end_matches(['.', ':', '!', '?', ')', ']', '*', '\'']);
    if !chunk.is_ascii() || chunk.len() < 2 || chunk.len() > 80 {
        return None;
    }
    let has = |wanted: fn(&u8) -> bool| chunk.as_bytes().iter().any(wanted);
    let (has_letter, has_digit) = (has(u8::is_ascii_alphabetic), has(u8::is_ascii_digit));
    let parts = || chunk.split('-');
    let is_phone = !has_letter
        && parts().count() >= 3
        && parts().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && parts().next().is_some_and(|first| first.len() != 4)
        && chunk.len() >= 8;
    let is_address = chunk.contains('@') && chunk.contains('.') && has_letter;
    let inner = chunk.trim_matches('_');
    let is_identifier = has_letter
        && (inner.contains('_') || (chunk.starts_with("__") && chunk.ends_with("__")) || chunk.contains("::"))
        && chunk.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'.' | b'(' | b'-'));
    let is_path = has_letter && chunk.matches('/').count() >= 2;
    // A gene, a formula, a part number: letters first, then a digit among them.
    let is_number_of_part = has_letter
        && has_digit
        && chunk.starts_with(|c: char| c.is_ascii_uppercase())
        && chunk.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_phone || is_address || is_identifier || is_path || is_number_of_part).then_some(chunk)
}

/// Joins words that the table knows as one phrase: `at least`, `per day`.
fn join_phrases(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    let mut rest = items.into_iter().peekable();
    let mut waiting: Vec<Item> = Vec::new();
    loop {
        if waiting.is_empty() {
            let Some(next) = rest.next() else { break };
            waiting.push(next);
        }
        let longest = waiting.first().map_or(0, |first| senses::phrase_length(&first.folded));
        while waiting.len() < longest {
            let Some(next) = rest.next() else { break };
            waiting.push(next);
        }
        let phrase = (2..=waiting.len().min(longest)).rev().find_map(|n_words| {
            let words: Vec<&str> = waiting.iter().take(n_words).map(|it| it.folded.as_str()).collect();
            let phrase = words.join(" ");
            let senses = senses::of(&phrase);
            (!senses.is_empty()).then_some((n_words, phrase, senses))
        });
        match phrase {
            Some((n_words, folded, senses)) => {
                let taken: Vec<Item> = waiting.drain(..n_words).collect();
                if let (Some(first), Some(last)) = (taken.first(), taken.last()) {
                    let written = taken.iter().map(|it| it.written.as_str()).collect::<Vec<_>>().join(" ");
                    let range = first.range.start..last.range.end;
                    joined.push(Item { sort: Sort::Word, range, folded, senses, written, is_listed: first.is_listed });
                }
            }
            None => joined.push(waiting.remove(0)),
        }
    }
    joined
}

/// Returns the stem of an item's word.
pub(crate) fn stem_of(item: &Item) -> std::borrow::Cow<'_, str> {
    stem::stem(&item.folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Sort)]) {
        let sequence = Sequence::of(text, 0);
        let items: Vec<(&str, Sort)> = sequence.items(&[]).iter().map(|it| (it.folded.as_str(), it.sort)).collect();
        assert_eq!(items, expected, "{text:?}");
    }

    #[test]
    fn a_statement_is_read_as_items() {
        check(
            "The queen Elizabeth II met George W. Bush.",
            &[
                ("the", Sort::Light),
                ("queen", Sort::Word),
                ("elizabeth ii", Sort::Name),
                ("met", Sort::Word),
                ("george w bush", Sort::Name),
            ],
        );
        check(
            "It is at least wide.",
            &[("it", Sort::Light), ("is", Sort::Light), ("at least", Sort::Word), ("wide", Sort::Word)],
        );
        check("Use `__init__`.", &[("use", Sort::Opening), ("__init__", Sort::Code)]);
        check("Mail claims@example.org.", &[("mail", Sort::Opening), ("claims@example.org", Sort::Code)]);
        check("It isn't so", &[("it", Sort::Light), ("isn't", Sort::Negator), ("so", Sort::Light)]);
        check("x is <y", &[("x", Sort::Light), ("is", Sort::Light), ("y", Sort::Light)]);
    }
}
