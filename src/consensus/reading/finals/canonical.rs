//! Reads a candidate as a typed answer and writes it without its spelling.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::consensus::reading::finals::locate::{Candidate, Source};
use crate::consensus::reading::finals::{FinalAnswer, FinalKind, json, latex};
use crate::consensus::reading::values::{self, Found, Value};

/// What a question asks for, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// A yes or a no.
    pub(super) yes_no: bool,
    /// One of lettered options.
    pub(super) option: bool,
    /// A number, a date, a formula.
    pub(super) wants_value: bool,
}

/// Words that start a question for a yes or a no.
const YES_NO: [&str; 24] = [
    "is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "should", "has", "have", "had",
    "may", "might", "must", "am", "isn't", "aren't", "doesn't", "didn't", "don't",
];

/// Words of questions for a value, in lower case.
const VALUE: [&str; 16] = [
    "how many",
    "how much",
    "how long",
    "how far",
    "how old",
    "how tall",
    "how high",
    "what year",
    "when ",
    "calculate",
    "compute",
    "find ",
    "evaluate",
    "what is the value",
    "what number",
    "solve ",
];

impl Asked {
    pub(super) fn new(question: &str) -> Self {
        let lower = question.to_lowercase();
        // The question proper is the last sentence that asks.
        let asking = lower.trim_end().trim_end_matches('?');
        let last =
            asking.rsplit(['.', '!', '?', '\n']).map(str::trim).find(|part| !part.is_empty()).unwrap_or_default();
        let starts = |sentence: &str| {
            let first = sentence.split_whitespace().next().unwrap_or_default();
            YES_NO.contains(&first)
        };
        let yes_no = starts(last) || starts(&lower) || lower.contains("yes or no") || lower.contains("true or false");
        let option = ["(b)", "\nb.", "\nb)", "b. ", " b) "].iter().any(|mark| lower.contains(mark));
        let wants_value = VALUE.iter().any(|words| lower.contains(words));
        Self { yes_no, option, wants_value }
    }
}

/// Most words of a phrase that is an answer.
const PHRASE_WORDS: usize = 8;

/// Longest text that is still an answer rather than prose, in bytes; also bounds the work on one formula.
const LONGEST: usize = 400;

/// Most words behind a number that still only say what it counts: "366 downloads in total".
const NOUN_WORDS: usize = 4;

/// Returns the answer that `candidate` spells, if it spells one.
pub(super) fn read(text: &str, candidate: &Candidate, question: &str, asked: Asked) -> Option<FinalAnswer> {
    let raw = text.get(candidate.range.clone())?;
    let unescaped = if candidate.source == Source::Json { json::unescape(raw) } else { raw.to_owned() };
    let (kind, canonical, len) = match candidate.source {
        Source::Json | Source::Boxed | Source::Cue | Source::Bold => classify(&unescaped, asked)?,
        Source::Short => match novel(raw, question) {
            Some(novel) => {
                let start = candidate.range.start;
                let answer = Candidate { range: start + novel.start..start + novel.end, source: Source::Bold };
                return read(text, &answer, "", asked);
            }
            None => classify(&unescaped, asked)?,
        },
        Source::Lead => {
            let word = yes_or_no(&unescaped).filter(|_| asked.yes_no)?;
            (FinalKind::YesNo, word.to_owned(), raw.len())
        }
        Source::Conclusion => return conclusion(raw, &candidate.range),
    };
    let len = if candidate.source == Source::Json { raw.len() } else { len };
    let range = shrink(text, candidate.range.start..candidate.range.start + len);
    (!canonical.is_empty()).then_some(FinalAnswer { range, kind, canonical })
}

/// Returns the formula that `sentence` consists of, as values write it: the words of `O(n)` are words of `O(log n)` too.
fn expression(sentence: &str) -> Option<String> {
    let bare = sentence.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '$' | '`' | '.' | '"'));
    let found = values::find(bare).into_iter().next().filter(|found| found.range == (0..bare.len()))?;
    match found.value {
        Value::Expression(expression) if expression.starts_with("O(") => Some(expression),
        Value::Expression(_)
        | Value::Quantity(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Zone(_)
        | Value::Version(_) => None,
    }
}

/// Takes markup and white space off both ends of `range`.
fn shrink(text: &str, range: Range<usize>) -> Range<usize> {
    let spelled = text.get(range.clone()).unwrap_or_default();
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '*' | '"' | '“' | '”' | '`');
    let behind = spelled.trim_start_matches(is_edge);
    let start = range.end - behind.len();
    let end = start + behind.trim_end_matches(|c| is_edge(c) || matches!(c, '.' | ',' | ';')).len();
    start..end.max(start)
}

/// Returns kind, canonical form and length in bytes of the answer at the start of `raw`.
fn classify(raw: &str, asked: Asked) -> Option<(FinalKind, String, usize)> {
    let unmarked = raw.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"' | '“' | '\''));
    let skipped = raw.len() - unmarked.len();
    if let Some((letter, n_bytes)) = option(unmarked, asked) {
        return Some((FinalKind::Option, letter.to_string(), skipped + n_bytes));
    }
    let lead = unmarked.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if let Some(word) = yes_or_no(lead)
        && (asked.yes_no || is_short(unmarked, 2))
    {
        return Some((FinalKind::YesNo, word.to_owned(), skipped + lead.len()));
    }
    if let Some(code) = unmarked.strip_prefix('`').and_then(|code| code.split('`').next()) {
        let is_number = code.parse::<f64>().is_ok();
        let kind = if is_number { FinalKind::Number } else { FinalKind::Code };
        let len = (skipped + code.len() + "``".len()).min(raw.len());
        return Some((kind, code.trim().to_owned(), len));
    }
    let sentence = first_sentence(unmarked);
    if sentence.len() > LONGEST {
        return None;
    }
    let len = skipped + sentence.len();
    if let Some(expression) = expression(sentence) {
        return Some((FinalKind::Latex, expression, len));
    }
    let plain = plain(sentence);
    if plain.is_empty() {
        return None;
    }
    if let Some(number) = number(&plain) {
        return Some((FinalKind::Number, number, len));
    }
    if is_formula(&plain) {
        let formula = latex::normalise(&plain);
        let kind = if formula.contains(['\\', '^', '=', '+', '(', '[']) { FinalKind::Latex } else { FinalKind::Phrase };
        // A list has lost its spaces by now: "-2, 2" is no decimal.
        return match number(&formula).filter(|_| !plain.contains(", ")) {
            Some(number) => Some((FinalKind::Number, number, len)),
            None if kind == FinalKind::Phrase => Some((kind, words(&plain), len)),
            None => Some((kind, formula, len)),
        };
    }
    if asked.wants_value
        && let [only] = values::find(&plain).as_slice()
    {
        return Some((FinalKind::Number, only.value.canonical(), len));
    }
    if !is_short(&plain, PHRASE_WORDS) {
        return None;
    }
    let is_name = plain.split_whitespace().next_back().is_some_and(|word| word.starts_with(char::is_uppercase));
    Some((if is_name { FinalKind::Name } else { FinalKind::Phrase }, words(&plain), len))
}

/// Words between what a sentence repeats of the question and what it answers.
const LINKS: [&str; 24] = [
    "is", "was", "are", "were", "the", "a", "an", "of", "in", "by", "on", "to", "for", "it", "it's", "that", "called",
    "named", "known", "as", "and", "has", "name", "from",
];

/// Returns the bytes of `sentence` that the question does not hold already: "Ottawa" of "The capital of Canada is
/// Ottawa." `None` where the sentence repeats nothing, or where what is new stands in several places.
fn novel(sentence: &str, question: &str) -> Option<Range<usize>> {
    let asked: Vec<String> = tokens(question).map(|(_, word)| word.to_lowercase()).collect();
    let mut new = None::<Range<usize>>;
    let (mut n_repeated, mut is_apart) = (0, false);
    for (at, word) in tokens(sentence) {
        let lower = word.to_lowercase();
        let is_link = LINKS.contains(&lower.as_str());
        let is_repeated = asked.contains(&lower);
        n_repeated += usize::from(is_repeated && !is_link);
        if is_repeated || is_link {
            // A link within a name, as in "Vincent of Gaul", is taken in by the words behind it.
            is_apart |= new.is_some() && !is_link;
            continue;
        }
        if new.is_some() && is_apart {
            return None;
        }
        let start = new.map_or(at, |new| new.start);
        new = Some(start..at + word.len());
    }
    let new = new.filter(|_| n_repeated > 0)?;
    // "took place in San Antonio": the answer starts with its name or number.
    let spelled = sentence.get(new.clone())?;
    let name = tokens(spelled).find(|(_, word)| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()));
    Some(new.start + name.map_or(0, |(at, _)| at)..new.end)
}

/// Returns the words of `text` with the places where they start, without the signs around them.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_sign = |c: char| matches!(c, '−' | '±' | '<' | '>' | '≤' | '≥' | '€' | '£' | '¥' | '₹');
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '$' | '%' | '\\' | '{' | '}' | '/' | '(' | ')');
    let mut end = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = end;
        end += piece.len();
        // A sign before a number belongs to it: "x = −5", "<42".
        let word = piece.trim_start_matches(|c| !is_inside(c) && !is_sign(c));
        let word = if word.starts_with(is_sign) && !word.contains(|c: char| c.is_ascii_digit()) {
            word.trim_start_matches(is_sign)
        } else {
            word
        };
        let at = start + piece.len() - word.len();
        let word = word.trim_end_matches(|c| !is_inside(c));
        (!word.is_empty()).then_some((at, word))
    })
}

fn is_short(text: &str, n_words: usize) -> bool {
    text.split_whitespace().nth(n_words).is_none()
}

/// Reads the letter of an option at the start of `text`: "(B)", "B.", "B) Paris", "option B".
fn option(text: &str, asked: Asked) -> Option<(char, usize)> {
    let named = ["option ", "Option ", "choice ", "letter "].iter().find_map(|word| text.strip_prefix(word));
    let text_from = named.unwrap_or(text).trim_start_matches(['*', '$', '\\', '(', '[', ' ']);
    let text_from = text_from.strip_prefix("text{").unwrap_or(text_from).trim_start_matches('(');
    let opened = text.get(..text.len() - text_from.len()).unwrap_or_default();
    let mut chars = text_from.chars();
    let letter = chars.next().filter(|c| matches!(c, 'A'..='J' | 'a'..='j'))?;
    let after = chars.next();
    let is_bracketed = opened.contains(['(', '[']) && matches!(after, Some(')' | ']'));
    let is_upper = letter.is_ascii_uppercase();
    let ends = after.is_none_or(|c| matches!(c, '.' | ')' | ':' | ',' | '*' | '}' | '$' | '"' | ']'));
    // "C. elegans" and "A dog" are no options where none are on offer.
    let is_alone = text_from.chars().nth(2).is_none_or(|c| !c.is_alphanumeric()) && text_from.len() <= 3;
    let is_option = is_bracketed
        || (named.is_some() && !after.is_some_and(char::is_alphanumeric))
        || (ends && is_upper && (asked.option || is_alone))
        || (asked.option && is_upper && text_from.len() == 1);
    let n_bytes = opened.len() + 1 + usize::from(is_bracketed);
    is_option.then(|| (letter.to_ascii_uppercase(), n_bytes))
}

fn yes_or_no(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "yes" | "true" | "correct" | "ja" | "oui" | "sí" => Some("yes"),
        "no" | "false" | "incorrect" | "nein" | "non" => Some("no"),
        _ => None,
    }
}

/// Returns `text` up to its first full stop in front of a space, or its end.
fn first_sentence(text: &str) -> &str {
    const SHORTEST: usize = 4;
    let end = text
        .match_indices([' ', '\n'])
        .map(|(at, _)| at)
        .find(|&at| {
            let before = text.get(..at).unwrap_or_default();
            let word = before.rsplit([' ', '\n']).next().unwrap_or_default();
            before.ends_with(['.', ';']) && word.len() >= SHORTEST
                || text.get(at..).is_some_and(|it| it.starts_with('\n'))
        })
        .unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Takes markup, quotes and a closing full stop off `text`.
fn plain(text: &str) -> String {
    let unmarked = text.replace("**", "").replace("__", "").replace('`', "");
    let is_edge =
        |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’' | '*' | '.' | ',' | ';' | ':');
    let trimmed = unmarked.trim().trim_start_matches(|c| is_edge(c) && c != '.').trim_end_matches(is_edge);
    trimmed.to_owned()
}

/// Returns the number that `text` is, with what it counts at most: `366`, "$9,360", "366 downloads", "x = 7".
fn number(text: &str) -> Option<String> {
    let unwrapped = latex::unwrap(text);
    let text = unwrapped.as_str();
    let mut found = values::find(text);
    let value = found.pop().filter(|_| found.is_empty())?;
    let before = text.get(..value.range.start)?.trim();
    let behind = text.get(value.range.end..)?;
    let is_counted = behind.split_whitespace().count() <= NOUN_WORDS
        && !behind.contains(['\\', '^', '_', '(', '+', '*', '/', '=', '√', '{', '<', '>', ','])
        && !behind.trim_start().starts_with('-')
        && !behind.starts_with(char::is_alphabetic);
    // "<42" and "at least 5" are no number but a bound, which the value holds.
    let is_bounded = matches!(&value.value, Value::Quantity(it) if it.low.is_infinite() || it.high.is_infinite());
    let is_alone = before.is_empty()
        || is_bounded
        || matches!(before, "about" | "approximately" | "≈" | "~" | "\\approx" | "only");
    let is_value = !matches!(value.value, Value::Expression(_));
    (is_counted && is_alone && is_value).then(|| canonical_number(&value))
}

fn canonical_number(value: &Found) -> String {
    value.value.canonical()
}

fn is_formula(text: &str) -> bool {
    let n_words =
        text.split_whitespace().filter(|word| word.len() > 2 && word.chars().all(char::is_alphabetic)).count();
    if n_words > 1 && !text.contains('\\') {
        return false;
    }
    text.contains(['\\', '^', '=', '√', 'π', '∞', '$', '²', '³'])
        || (text.contains(|c: char| c.is_ascii_digit()) && text.contains(['+', '-', '/', '(', '[', '_', ',']))
            && text.split_whitespace().all(|word| !word.chars().all(char::is_alphabetic) || word.len() <= 2)
        || (text.len() <= 12 && !text.contains(' ') && text.contains(|c: char| c.is_ascii_digit()))
}

/// Writes words in lower case, without articles and signs.
fn words(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    let kept = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '+' | '#' | '%')))
        .filter(|word| !word.is_empty() && !matches!(word.to_ascii_lowercase().as_str(), "the" | "a" | "an"));
    for word in kept {
        if !canonical.is_empty() {
            canonical.push(' ');
        }
        // Compatibility forms and accents are spelling: H₂O and H2O, Brasília and Brasilia.
        let letters = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        canonical.extend(letters.map(|c| if c == '’' { '\'' } else { c }));
    }
    canonical
}

/// Returns the last value of a line that draws a conclusion: "Therefore, ... 42."
fn conclusion(line: &str, range: &Range<usize>) -> Option<FinalAnswer> {
    const WORDS: [&str; 9] =
        ["therefore", "thus", "so", "hence", "consequently", "in total", "overall", "finally", "this means"];
    let head = line.trim_start_matches(|c: char| !c.is_alphabetic()).to_ascii_lowercase();
    let is_conclusion = WORDS.iter().any(|word| head.starts_with(word)) || line.contains('=');
    let value = values::find(line).pop().filter(|_| is_conclusion)?;
    let start = range.start;
    Some(FinalAnswer {
        range: start + value.range.start..start + value.range.end,
        kind: FinalKind::Number,
        canonical: canonical_number(&value),
    })
}
