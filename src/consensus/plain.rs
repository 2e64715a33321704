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
    clean_lines(raw).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns `raw` with its lines and the space in them, but without characters that a terminal obeys or that turn the
/// direction of text, and without the letters that belong to them: of a sequence of control characters nothing stays.
pub fn clean_lines(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut from = 0;
    for sequence in sequences(raw) {
        text.push_str(raw.get(from..sequence.start).unwrap_or_default());
        from = sequence.end;
    }
    text.push_str(raw.get(from..).unwrap_or_default());
    text.retain(|character| !is_unsafe(character));
    text
}

/// Returns where the sequences of control characters stand in `raw` (ECMA-48): those that set colours and move the
/// cursor, and those that send a string to the terminal, up to the end of the string. Without its end only the start
/// of such a string is one.
pub(crate) fn sequences(raw: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut is_endless = false;
    for (start, control) in raw.match_indices(['\u{1b}', '\u{9b}', '\u{9d}']) {
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let behind = start + control.len();
        let rest = raw.get(behind..).unwrap_or_default();
        let (kind, opening) = match (control, rest.chars().next()) {
            ("\u{9b}", _) => ('[', 0),
            ("\u{9d}", _) => (']', 0),
            (_, Some(kind @ ('[' | ']' | 'P' | '^' | '_' | 'X'))) => (kind, 1),
            (_, Some(_) | None) => continue,
        };
        let body = rest.get(opening..).unwrap_or_default();
        let length = if kind == '[' {
            let n_parameters = body.bytes().take_while(|byte| (0x20..=0x3f).contains(byte)).count();
            let is_closed = body.as_bytes().get(n_parameters).is_some_and(|byte| (0x40..=0x7e).contains(byte));
            n_parameters + usize::from(is_closed)
        } else if is_endless {
            0
        } else {
            let end = body.find(['\u{7}', '\u{1b}', '\u{9c}']);
            is_endless = end.is_none();
            end.map_or(0, |end| {
                let tail = body.get(end..).unwrap_or_default();
                let closing =
                    if tail.starts_with("\u{1b}\\") { 2 } else { tail.chars().next().map_or(0, char::len_utf8) };
                end + if tail.starts_with('\u{1b}') && closing != 2 { 0 } else { closing }
            })
        };
        found.push(start..behind + opening + length);
    }
    found
}

/// Returns `raw` on one line without markdown, links reduced to their words, and control characters left out.
///
/// A sign is markup only where it can be: nothing inside code is, `*` and `_` are around words, brackets around the words
/// of a link. `12*7`, `x[0]` and `__init__` stay as they are.
pub fn plain(raw: &str) -> String {
    let raw = &clean_lines(raw);
    let mut text = String::with_capacity(raw.len());
    let mut link_ends: Vec<Range<usize>> = Vec::new();
    let mut no_closer = None;
    let mut at = 0;
    while let Some(character) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = raw.get(at..).unwrap_or_default();
        let before = raw.get(..at).and_then(|head| head.chars().next_back());
        let run = rest.len() - rest.trim_start_matches(character).len();
        let after = rest.get(run..).and_then(|tail| tail.chars().next());
        if let Some(end) = link_ends.pop_if(|end| end.start == at) {
            at = end.end;
            continue;
        }
        at += match character {
            '`' => {
                let marks = rest.get(..run).unwrap_or_default();
                let body = rest.get(run..).unwrap_or_default();
                let closing = if no_closer == Some(run) { None } else { closing_run(body, marks) };
                if closing.is_none() {
                    no_closer = Some(run);
                }
                text.push_str(closing.and_then(|end| body.get(..end)).unwrap_or_default().trim());
                closing.map_or(run, |end| run + end + run)
            }
            '*' if is_sign(before, after, run) => push(&mut text, rest, run),
            '_' if is_part_of_name(rest, before, after, run) => push(&mut text, rest, run),
            '*' | '_' => run,
            '!' if after == Some('[') && run == 1 && link(rest.get(1..).unwrap_or_default()).is_some() => 1,
            '[' => match link(rest) {
                Some(end) => {
                    link_ends.push(at + end.start..at + end.end);
                    1
                }
                None => push(&mut text, rest, 1),
            },
            '|' => {
                let is_edge = text.trim_end().is_empty() || rest.len() == 1;
                text.push_str(if is_edge { "" } else { "·" });
                1
            }
            other => {
                text.push(other);
                other.len_utf8()
            }
        };
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push(text: &mut String, rest: &str, n_bytes: usize) -> usize {
    text.push_str(rest.get(..n_bytes).unwrap_or_default());
    n_bytes
}

/// The place in `body` of a run of backticks as long as `marks`.
fn closing_run(body: &str, marks: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(|rest| rest.find('`')).map(|at| from + at) {
        let rest = body.get(at..).unwrap_or_default();
        let run = rest.len() - rest.trim_start_matches('`').len();
        if run == marks.len() {
            return Some(at);
        }
        from = at + run;
    }
    None
}

/// Whether stars multiply, raise or stand free rather than mark words.
fn is_sign(before: Option<char>, after: Option<char>, run: usize) -> bool {
    let is_free = |side: Option<char>| side.is_none_or(char::is_whitespace);
    let is_inside = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    let is_digit = |side: Option<char>| side.is_some_and(|c| c.is_ascii_digit());
    match run {
        1 => (is_free(before) && is_free(after) && before.is_some()) || (is_inside(before) && is_inside(after)),
        2 => is_digit(before) && is_digit(after),
        _ => false,
    }
}

/// Longest name between two pairs of underscores.
const LONGEST_NAME: usize = 32;

/// Whether underscores belong to a name: `snake_case`, `_private`, `__init__`.
fn is_part_of_name(rest: &str, before: Option<char>, after: Option<char>, run: usize) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let is_inside = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    if is_inside(before) {
        // Behind a word: inside it, or the end of what two underscores opened.
        return is_inside(after) || run == 2;
    }
    let Some(word) = rest.get(run..).filter(|_| is_inside(after)) else { return false };
    let end = word.find(|c: char| !is_letter(c)).unwrap_or(word.len());
    let name = word.get(..end).unwrap_or_default();
    match run {
        // `__init__` is a name, `__a few words__` are words.
        2 => name.ends_with("__") && name.len() <= LONGEST_NAME,
        1 => !name.ends_with('_') && !word.get(end..).unwrap_or_default().contains('_'),
        _ => false,
    }
}

/// Longest words and longest address of a link, in bytes each.
const LONGEST_LINK: usize = 600;

/// Returns the bytes of `rest`, which starts with a bracket, from the end of the words of the link that it opens to the
/// end of its address.
fn link(rest: &str) -> Option<Range<usize>> {
    let within =
        |from: usize| rest.get(from..).unwrap_or_default().char_indices().take_while(|(at, _)| *at < LONGEST_LINK);
    let words = within(1).find(|(_, c)| *c == ']').map(|(at, _)| 1 + at)?;
    let has_address = rest.get(words + 1..)?.starts_with('(');
    let end = within(words + 2).find(|(_, c)| matches!(c, ')' | '\n')).filter(|(_, c)| has_address && *c == ')')?.0;
    Some(words..words + 2 + end + 1)
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
            ("a\u{1b}[31m\nb", "a b"),
            ("a\u{1b}]52;c;aGk=\u{7}b\u{9b}0m", "ab"),
            ("a\u{1b}]8;;https://a.b\u{1b}\\link", "alink"),
            ("never ended \u{1b}]52;c stays", "never ended 52;c stays"),
            ("12*7=84", "12*7=84"),
            ("2 * 3 and 2**10", "2 * 3 and 2**10"),
            ("*5* km, **bold**, ***both***", "5 km, bold, both"),
            ("`x[0]` and x[1]", "x[0] and x[1]"),
            ("`__init__` and __init__", "__init__ and __init__"),
            ("`a*b*c` and ``a ` b``", "a*b*c and a ` b"),
            ("_private and a `b", "_private and a b"),
            ("an end ](http://a.b stays", "an end ](http://a.b stays"),
            ("[a](b) [c] ![d](e)", "a [c] d"),
            ("[0, 1)", "[0, 1)"),
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
