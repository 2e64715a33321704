//! What the words around a number make of it: about, at least, or no value at all.

use crate::consensus::reading::values::calendar;
use crate::consensus::reading::values::dates::Open;
use crate::consensus::reading::values::lex;
use crate::consensus::reading::values::number::{Amount, Style};
use crate::consensus::reading::values::numerals;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// How a sentence softens a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hedge {
    /// "about".
    About,
    /// "at least".
    AtLeast,
    /// "more than".
    Above,
    /// "at most".
    AtMost,
    /// "less than".
    Below,
}

/// Returns how the words around the value in `from..to` soften it, if they do.
pub(super) fn hedge(reader: Reader<'_>, from: usize, to: usize) -> Option<Hedge> {
    hedge_before(reader, from).or_else(|| hedge_behind(reader, to))
}

fn hedge_before(reader: Reader<'_>, at: usize) -> Option<Hedge> {
    let word = |n| at.checked_sub(n).map_or("", |at| reader.text(at));
    let meaning = |n| at.checked_sub(n).and_then(|at| reader.meaning(at));
    let symbol = |n| at.checked_sub(n).and_then(|at| reader.symbol(at));
    match reader.symbol_before(at) {
        Some('~' | '≈' | '∼' | '≃') => return Some(Hedge::About),
        Some('≥' | '⩾') => return Some(Hedge::AtLeast),
        Some('≤' | '⩽') => return Some(Hedge::AtMost),
        Some('>') => return Some(Hedge::Above),
        Some('<') => return Some(Hedge::Below),
        Some('=') if symbol(2) == Some('>') => return Some(Hedge::AtLeast),
        Some('=') if symbol(2) == Some('<') => return Some(Hedge::AtMost),
        // "approx. 5", "ca. 5"
        Some('.') if meaning(2) == Some(Meaning::About) && word(2).len() <= 6 => return Some(Hedge::About),
        Some(_) | None => {}
    }
    let is_negated = matches!(word(3), "no" | "not" | "No" | "Not");
    match (word(2), word(1)) {
        (_, "than" | "als" | "que" | "de" | "di" | "d") if meaning(2) == Some(Meaning::More) => {
            Some(if is_negated { Hedge::AtMost } else { Hedge::Above })
        }
        (_, "than" | "als" | "que" | "de" | "di" | "d") if meaning(2) == Some(Meaning::Less) => {
            Some(if is_negated { Hedge::AtLeast } else { Hedge::Below })
        }
        ("at" | "At", "least") | ("au" | "Au" | "du" | "Du", "moins") | ("al" | "Al", "menos") => Some(Hedge::AtLeast),
        ("equal", "to") if word(3) == "or" => match meaning(5).filter(|_| word(4) == "than") {
            Some(Meaning::More) => Some(Hedge::AtLeast),
            Some(Meaning::Less) => Some(Hedge::AtMost),
            _ => None,
        },
        ("at" | "At", "most") | ("up" | "Up", "to") | ("au" | "Au", "plus" | "maximum") => Some(Hedge::AtMost),
        ("minimum", "of") => Some(Hedge::AtLeast),
        ("maximum", "of") => Some(Hedge::AtMost),
        ("close" | "Close", "to") | ("cerca", "de") => Some(Hedge::About),
        _ => match meaning(1) {
            // A lone "c" or "ca" is a hedge only with its point.
            Some(Meaning::About) if word(1).len() > 2 || !word(1).is_ascii() => Some(Hedge::About),
            Some(Meaning::AtLeast) => Some(Hedge::AtLeast),
            Some(Meaning::Above) => Some(Hedge::Above),
            Some(Meaning::AtMost) => Some(Hedge::AtMost),
            Some(Meaning::Below) => Some(Hedge::Below),
            _ => None,
        },
    }
}

/// Returns on which side of the date at `at` something is said to lie: "before 1900".
pub(super) fn side_of_date(reader: Reader<'_>, at: usize) -> Option<Open> {
    let word = |n| at.checked_sub(n).map_or("", |at| reader.text(at));
    match (word(2), word(1)) {
        (_, "before" | "Before" | "pre" | "vor" | "Vor" | "avant" | "Avant")
        | ("prior" | "Prior", "to")
        | ("earlier", "than")
        | ("antes" | "Antes", "de") => Some(Open::Before),
        (_, "after" | "After" | "nach" | "Nach" | "après" | "Après")
        | ("later", "than")
        | ("después" | "Después", "de") => Some(Open::After),
        _ => None,
    }
}

fn hedge_behind(reader: Reader<'_>, at: usize) -> Option<Hedge> {
    if reader.is_glued_symbol(at, '+') && reader.numeral(at + 1).is_none() {
        return Some(Hedge::AtLeast);
    }
    // 100人以上: a counter may stand between.
    let is_counter = reader.text(at + 1) == "以" && reader.text(at).starts_with(lex::is_separate);
    let at = at + usize::from(is_counter);
    match (reader.text(at), reader.text(at + 1)) {
        ("or", "so") => Some(Hedge::About),
        ("or" | "and", "more" | "greater" | "higher" | "above" | "over" | "older" | "later" | "longer") => {
            Some(Hedge::AtLeast)
        }
        ("or" | "and", "less" | "fewer" | "lower" | "below" | "under" | "younger" | "shorter") => Some(Hedge::AtMost),
        ("oder", "mehr") | ("ou", "plus") | ("o", "más") | ("以", "上") => Some(Hedge::AtLeast),
        ("oder", "weniger") | ("ou", "moins") | ("o", "menos") | ("以", "下") => Some(Hedge::AtMost),
        ("未", "満" | "满") => Some(Hedge::Below),
        _ => None,
    }
}

/// Returns the position behind a number at `at` that is no value: a list marker, a citation mark, an index, part of
/// a name, a label. `None` where the number may be a value.
pub(super) fn skip(reader: Reader<'_>, at: usize) -> Option<usize> {
    match reader.symbol(at) {
        Some('[' | '【') => return citation(reader, at),
        Some('(') => return list_letter(reader, at),
        Some(_) => return None,
        None => {}
    }
    let numeral = reader.numeral(at)?;
    let is_marker = numeral.is_bare
        && numeral.n_whole <= 3
        && is_at_list_start(reader, at)
        && matches!(reader.symbol(at + 1), Some('.' | ')'))
        && reader.is_glued(at + 1)
        && !reader.is_glued(at + 2)
        && !reader.is_line_end(at + 2)
        && !calendar::is_month(reader, at + 2);
    let is_index = reader.is_glued(at)
        && match reader.symbol_before(at) {
            Some('_' | '^' | '#' | '@') => true,
            Some('{') => at
                .checked_sub(2)
                .is_some_and(|at| matches!(reader.symbol(at), Some('_' | '^')) || reader.text(at).ends_with('_')),
            // `T20:17` and `file:12`.
            Some(':' | '.') => is_glued_to_word(reader, at),
            Some('-' | '‑' | '/') => is_glued_to_word(reader, at) && !is_after_period(reader, at),
            Some(_) | None => false,
        };
    let is_address = numeral.is_dotted && reader.meaning_before(at) != Some(Meaning::Software);
    (is_marker || is_index || is_address).then_some(at + 1)
}

/// Whether the sign before `at` is glued to a word before it, so that the number is part of that word.
fn is_glued_to_word(reader: Reader<'_>, at: usize) -> bool {
    at.checked_sub(2).is_some_and(|word| reader.is_word(word) && reader.is_glued(word + 1))
}

/// "mid-1960", "pre-1945" and "July-20" name no thing.
fn is_after_period(reader: Reader<'_>, at: usize) -> bool {
    let meaning = at.checked_sub(2).and_then(|at| reader.meaning(at));
    meaning.is_some_and(|meaning| !matches!(meaning, Meaning::Label | Meaning::Software))
}

/// Whether only signs stand between `at` and the start of its line; looks back a few tokens, as markers are short.
fn is_at_list_start(reader: Reader<'_>, at: usize) -> bool {
    const MAX_SIGNS: usize = 6;
    (0..=MAX_SIGNS).map_while(|n| at.checked_sub(n)).find(|&at| reader.is_line_start(at)).is_some_and(|start| {
        (start..at).all(|at| matches!(reader.symbol(at), Some('#' | '-' | '•' | '(' | '>' | '+' | '|')))
    })
}

/// Reads `[1]`, `[^2]`, `[1, 3]`: citation marks, which follow a text and are small.
fn citation(reader: Reader<'_>, at: usize) -> Option<usize> {
    const MAX_MARKS: usize = 8;
    if reader.token(at)?.is_math || matches!(reader.symbol_before(at), Some('=')) {
        return None;
    }
    let mut next = at + 1 + usize::from(reader.symbol(at + 1) == Some('^'));
    for _ in 0..MAX_MARKS {
        reader.whole(next).filter(|&mark| mark < 1000)?;
        next += 1;
        match reader.symbol(next)? {
            // `【3†source】`
            ']' | '】' | '†' => return Some(next + 1),
            ',' | '-' | '–' => next += 1,
            _ => return None,
        }
    }
    None
}

/// Reads `(1)` at the start of a line or sentence.
fn list_letter(reader: Reader<'_>, at: usize) -> Option<usize> {
    let is_marker = reader.whole(at + 1).is_some_and(|mark| mark < 100)
        && reader.symbol(at + 2) == Some(')')
        && is_at_list_start(reader, at)
        && !reader.is_line_end(at + 3);
    is_marker.then_some(at + 3)
}

/// Returns whether the amount at `from`, which has no unit, belongs to a name or labels something: Apollo 11,
/// step 3, No. 14, Ocean's Eleven.
pub(super) fn is_name(reader: Reader<'_>, from: usize, amount: &Amount) -> bool {
    let Some(before) = from.checked_sub(1) else { return false };
    let is_short = amount.value.abs() < 10_000.0;
    match amount.style {
        Style::Bare => {
            if reader.meaning(before) == Some(Meaning::Label) {
                return true;
            }
            // "No. 14", "Op. 27", "Fig. 2"
            let is_abbreviation = reader.is_glued_symbol(before, '.')
                && from.checked_sub(2).is_some_and(|at| reader.meaning(at) == Some(Meaning::Label));
            let is_name = reader.is_capitalised(before)
                && reader.meaning(before).is_none_or(|meaning| meaning == Meaning::Software);
            is_short && (is_abbreviation || is_name)
        }
        Style::Words => reader.is_capitalised(from) && !is_sentence_start(reader, from),
        Style::Digits | Style::Ordinal => false,
    }
}

fn is_sentence_start(reader: Reader<'_>, at: usize) -> bool {
    reader.is_line_start(at) || matches!(reader.symbol_before(at), Some('.' | '!' | '?' | ':' | '-' | '•'))
}

/// Returns whether a word is glued to the number before `at`, as in 3D or 5G, so that both are one word.
pub(super) fn is_part_of_word(reader: Reader<'_>, at: usize) -> bool {
    reader.is_glued(at) && reader.is_word(at) && !reader.text(at).starts_with(lex::is_separate)
}

/// Returns whether a spelled number counts anything: "one" seldom does, "first" and "second" only behind "the".
pub(super) fn is_plain_word(reader: Reader<'_>, from: usize, to: usize, amount: &Amount) -> bool {
    let is_word = to == from + 1 && reader.is_word(from);
    let before = reader.meaning_before(from);
    match amount.style {
        Style::Words if is_word && amount.value == 1.0 => {
            let is_whole = reader.is_line_start(from) && (reader.is_line_end(to) || reader.symbol(to).is_some());
            let is_said =
                matches!(from.checked_sub(1).map(|at| reader.text(at)), Some("is" | "exactly" | "only" | "just"))
                    && (reader.is_line_end(to) || reader.symbol(to) == Some('.'));
            !is_whole && !is_said
        }
        // The numeral of a king is no word that means something else.
        Style::Ordinal if is_word && numerals::of_name(reader, from).is_none() => {
            let is_early = amount.value <= 2.0 || reader.is_capitalised(from);
            (is_early && before != Some(Meaning::Definite))
                || reader.is_glued_symbol(to, '-')
                || reader.symbol(to) == Some(',')
        }
        Style::Bare | Style::Digits | Style::Words | Style::Ordinal => false,
    }
}
