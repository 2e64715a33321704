//! Where a sentence ends, and where one splits into clauses that claim different things.

use std::ops::Range;

/// Words before a dot that ends no sentence. Sorted, lower case.
const ABBREVIATIONS: [&str; 52] = [
    "approx", "art", "aug", "ave", "ca", "capt", "cf", "ch", "co", "col", "corp", "dec", "dept", "dr", "ed", "eq",
    "est", "etc", "feb", "fig", "figs", "gen", "gov", "inc", "jan", "jr", "lt", "ltd", "max", "messrs", "min", "mr",
    "mrs", "ms", "mt", "nos", "nov", "oct", "op", "pp", "prof", "ref", "rev", "sec", "sen", "sept", "sr", "st", "vol",
    "vols", "vs", "z.b",
];

/// The longest abbreviation looked for, in bytes.
const LONGEST_ABBREVIATION: usize = 12;

/// Where a sentence is cut: before these words after a comma the second half is a claim of its own.
const CONTRASTS: [&str; 4] = [", but ", ", while ", ", whereas ", "; "];

/// The shortest clause in bytes: shorter ones claim nothing by themselves.
const SHORTEST_CLAUSE: usize = 15;

/// Returns whether `character` ends a sentence; the full-width ones do so without a space after them.
pub(crate) fn is_terminator(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '।' | '؟') || is_wide_terminator(character)
}

/// Returns whether `character` ends a sentence with nothing after it.
pub(crate) fn is_wide_terminator(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '｡')
}

/// Returns whether `character` may follow a terminator and still belongs to the sentence.
pub(crate) fn is_closer(character: char) -> bool {
    matches!(character, '"' | '\'' | '”' | '’' | ')' | ']' | '*' | '_' | '`' | '」' | '』' | '）' | '»')
}

/// Returns whether a sentence may start with `character`: anything but a small letter or what only goes on.
pub(crate) fn starts_sentence(character: char) -> bool {
    !character.is_lowercase() && !matches!(character, ',' | ';' | ':' | '.' | ')' | ']' | '%' | '=' | '+')
}

/// Returns whether the dot after `before` is part of an abbreviation, an initial or an item's number.
/// `before` is the sentence so far, without the dot.
pub(crate) fn is_guarded(before: &str) -> bool {
    let word_start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '*' | '"' | '“'));
    let word_start =
        word_start.map_or(0, |at| at + before.get(at..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
    let word = before.get(word_start..).unwrap_or("");
    if word.len() > LONGEST_ABBREVIATION {
        return false;
    }
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    let is_dotted = word.contains('.')
        && word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    let is_number = word_start == 0 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) && word.len() <= 3;
    is_initial || is_dotted || is_number || ABBREVIATIONS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Returns whether the dot that ends `sentence` belongs to the abbreviation of number, as `next` tells: "the No. 1 hit".
pub(crate) fn counts_on(sentence: &str, next: char) -> bool {
    next.is_ascii_digit() && sentence.strip_suffix("No.").is_some_and(|before| before.ends_with(char::is_whitespace))
}

/// Returns whether the mark that ends `sentence` is a factorial in a calculation that `next` goes on with: `10! / 8!`.
pub(crate) fn is_factorial(sentence: &str, next: char) -> bool {
    let is_after_number = |before: &str| before.ends_with(|c: char| c.is_ascii_digit() || c == ')');
    !next.is_alphabetic() && sentence.strip_suffix('!').is_some_and(is_after_number)
}

/// Returns the clauses of a sentence as ranges of `sentence`: cut at `; ` and before a contrast.
pub(crate) fn clauses(sentence: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, mark) in contrasts(sentence) {
        let after = at + mark.find(' ').map_or(1, |space| space + 1);
        let is_worth_it = at - start >= SHORTEST_CLAUSE && sentence.len() - after >= SHORTEST_CLAUSE;
        if is_worth_it && sentence.get(start..at).is_some_and(is_balanced) {
            clauses.push(start..at);
            start = after;
        }
    }
    clauses.push(start..sentence.len());
    clauses
}

/// The contrasts of `sentence` and where they are; each starts with a comma or a semicolon.
fn contrasts(sentence: &str) -> impl Iterator<Item = (usize, &'static str)> {
    sentence.match_indices([',', ';']).filter_map(|(at, _)| {
        let tail = sentence.get(at..)?;
        CONTRASTS.iter().find(|mark| tail.starts_with(**mark)).map(|mark| (at, *mark))
    })
}

/// Whether `clause` opens no bracket that it does not close: a clause in brackets is not cut out of them.
fn is_balanced(clause: &str) -> bool {
    clause.matches('(').count() == clause.matches(')').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_binary_search() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn dots_of_abbreviations_initials_and_numbers_end_nothing() {
        for (before, expected) in [
            ("It was Dr", true),
            ("It was J", true),
            ("in the U.S", true),
            ("e.g", true),
            ("1", true),
            ("He left in 1969", false),
            ("This is so", false),
            ("", false),
            ("and so did I", false),
        ] {
            assert_eq!(is_guarded(before), expected, "{before:?}");
        }
    }

    #[test]
    fn contrasts_split_a_sentence() {
        let check = |sentence: &str, expected: &[&str]| {
            let found: Vec<&str> = clauses(sentence).into_iter().map(|range| &sentence[range]).collect();
            assert_eq!(found, expected);
        };
        check("Mars has two moons, but Venus has no moons.", &["Mars has two moons", "but Venus has no moons."]);
        check("Mars has two moons; Venus has none at all.", &["Mars has two moons", "Venus has none at all."]);
        check("No, but yes", &["No, but yes"]);
        check("", &[""]);
    }
}
