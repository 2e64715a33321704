//! Raw text as a person would say it: markdown and control characters off, and a few words on what is at issue.

use std::ops::Range;

use crate::domain::unsafe_text::is_unsafe;

/// Longest topic in characters.
const LONGEST_TOPIC: usize = 60;

/// A topic of fewer words than this says too little by itself: "It brought back".
const LEAST_TOPIC: usize = 4;

/// Words that can't stand at the end of a topic.
const DANGLING: [&str; 42] = [
    "a",
    "about",
    "an",
    "and",
    "approximately",
    "around",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "exactly",
    "for",
    "from",
    "had",
    "has",
    "have",
    "in",
    "is",
    "it",
    "of",
    "on",
    "or",
    "over",
    "roughly",
    "so",
    "some",
    "that",
    "the",
    "there",
    "they",
    "this",
    "to",
    "until",
    "was",
    "were",
    "which",
    "who",
    "will",
    "with",
    "would",
];

/// Returns `raw` on one line without characters that a terminal obeys or that turn the direction of text.
pub fn clean(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|it| !is_unsafe(*it)).collect()
}

/// Returns `raw` with its lines and the space in them, but without characters that a terminal obeys or that turn the
/// direction of text.
pub fn clean_lines(raw: &str) -> String {
    raw.chars().filter(|character| !is_unsafe(*character)).collect()
}

/// Returns `raw` on one line without markdown, links reduced to their words, and control characters left out.
pub fn plain(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw.chars().peekable();
    let mut previous = ' ';
    while let Some(character) = rest.next() {
        match character {
            '_' if !previous.is_alphanumeric() || !rest.peek().is_some_and(|next| next.is_alphanumeric()) => continue,
            // `](address)`: the words of a link stay, its address goes.
            ']' if rest.peek() == Some(&'(') => while rest.next().is_some_and(|c| c != ')') {},
            '*' | '`' | '[' | ']' => continue,
            '|' if text.trim_end().is_empty() => continue,
            '|' => text.push_str(if rest.peek().is_some() { "·" } else { "" }),
            c if c.is_whitespace() => {
                if !text.ends_with(' ') && !text.is_empty() {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
        previous = character;
    }
    clean(&text)
}

/// Returns what `statement` says without the words in `value`, shortened to a phrase; the question where too little is
/// left, and the statement itself where there is no question.
pub(crate) fn topic(statement: &str, value: Range<usize>, question: &str) -> String {
    let before = statement.get(..value.start).map(plain).unwrap_or_default();
    let after = statement.get(value.end..).map(plain).unwrap_or_default();
    let (before, after) = (phrase(&before), phrase(&after));
    let n_words = |phrase: &str| phrase.split_whitespace().count();
    let has_subject = |phrase: &str| n_words(phrase) >= 2;
    if n_words(&before) < LEAST_TOPIC && has_subject(&before) && has_subject(&after) {
        format!("{before} … {after}")
    } else if has_subject(&before) {
        before
    } else if !question.trim().is_empty() {
        phrase(&plain(question))
    } else if has_subject(&after) {
        after
    } else {
        phrase(&plain(statement))
    }
}

/// The start of `text` up to a length, ending with a word that can stand at the end.
fn phrase(text: &str) -> String {
    let text =
        text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '"' | '%' | '$' | '€' | '£'));
    let mut words: Vec<&str> = Vec::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        length += word.chars().count() + 1;
        if length > LONGEST_TOPIC {
            break;
        }
        words.push(word);
    }
    while let Some(last) = words.last() {
        if !DANGLING.contains(&last.to_lowercase().as_str()) {
            break;
        }
        words.pop();
    }
    words.join(" ").trim_end_matches([',', ';', ':', '-', '–', '—', '.', '(', ' ']).to_owned()
}

/// Whether `phrase` stands in `text` as whole words.
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    phrase_at(text, phrase).is_some()
}

/// Where `phrase` first stands in `text` as whole words.
pub(crate) fn phrase_at(text: &str, phrase: &str) -> Option<usize> {
    let mut places = text.match_indices(phrase).map(|(at, _)| at);
    places.find(|at| {
        let at = *at;
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|tail| tail.chars().next());
        before.is_none_or(|c| !c.is_alphanumeric())
            && (phrase.ends_with(' ') || after.is_none_or(|c| !c.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_control_characters_come_off() {
        for (raw, expected) in [
            ("**Apollo 11** landed in `1969`.", "Apollo 11 landed in 1969."),
            ("See [the page](https://example.org) for it", "See the page for it"),
            ("| Mars | 2 |", "Mars · 2"),
            ("snake_case _stays_", "snake_case stays"),
            ("a\u{1b}[31m\nb", "a31m b"),
            ("", ""),
        ] {
            assert_eq!(plain(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn a_topic_is_the_statement_without_the_value() {
        let check = |statement: &str, value: &str, question: &str, expected: &str| {
            let start = statement.find(value).unwrap();
            assert_eq!(topic(statement, start..start + value.len(), question), expected);
        };
        check("Apollo 11 landed on the Moon in 1969.", "1969", "", "Apollo 11 landed on the Moon");
        check("1969", "1969", "When did Apollo 11 land?", "When did Apollo 11 land");
        check("In 1969 Apollo 11 landed.", "1969", "", "Apollo 11 landed");
        check("1969", "1969", "", "1969");
        check("It brought back 21.5 kg of samples.", "21.5 kg", "", "It brought back … of samples");
    }
}
