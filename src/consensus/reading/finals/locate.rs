//! Finds the places of a text where its final answer may stand, the surest first.

use std::ops::Range;

use crate::consensus::reading::finals::canonical::Asked;
use crate::consensus::reading::finals::json;
use crate::consensus::reading::finals::latex;
use crate::domain::markdown::Fence;

/// A stretch of text that may be the final answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// How it was found.
    pub(super) source: Source,
}

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The value of an object that ends the text.
    Json,
    /// `\boxed{..}`.
    Boxed,
    /// Behind "Answer:", "the answer is", `####`.
    Cue,
    /// A leading yes or no.
    Lead,
    /// Bold in the last line.
    Bold,
    /// A last line or whole text of a few words.
    Short,
    /// The last line of a calculation: only its last value.
    Conclusion,
}

/// A line of prose.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

/// Most words of a line that is an answer by itself.
const SHORT_WORDS: usize = 6;

/// Most words of a sentence that is the whole answer, or whose one bold part is.
const SENTENCE_WORDS: usize = 14;

/// Most words of a line whose bold part is the answer.
const BOLD_LINE_WORDS: usize = 25;

/// Returns the candidates of `text`, the surest first.
pub(super) fn candidates(text: &str, asked: Asked) -> Vec<Candidate> {
    let lines = prose(text);
    let mut candidates = Vec::new();
    let mut add = |range: Option<Range<usize>>, source| {
        candidates.extend(range.map(|range| Candidate { range, source }));
    };
    add(json::answer(text), Source::Json);
    let boxed = boxed(&lines);
    let mut cues = cues(&lines).into_iter();
    let cue = cues.next();
    // The later of the two is the final one; a box behind a cue is what the cue announces.
    if boxed.as_ref().map(|range| range.start) > cue.as_ref().map(|range| range.start) {
        add(boxed, Source::Boxed);
        add(cue, Source::Cue);
    } else {
        add(cue, Source::Cue);
        add(boxed, Source::Boxed);
    }
    for earlier in cues {
        add(Some(earlier), Source::Cue);
    }
    add(lead(&lines), Source::Lead);
    if let Some(last) = lines.iter().rev().find(|line| !line.text.trim().is_empty()) {
        let is_whole = lines.iter().filter(|line| !line.text.trim().is_empty()).count() == 1;
        let n_words = last.text.split_whitespace().count();
        let range = last.start..last.start + last.text.len();
        let longest = if asked.wants_value { BOLD_LINE_WORDS } else { SENTENCE_WORDS };
        add(bold(*last).filter(|_| n_words <= longest), Source::Bold);
        let longest = if is_whole { SENTENCE_WORDS } else { SHORT_WORDS };
        add((n_words <= longest && (is_whole || asked.wants_value)).then(|| range.clone()), Source::Short);
        add(asked.wants_value.then_some(range), Source::Conclusion);
    }
    candidates
}

/// Returns the lines of `text` that are its own words: not code, not quoted.
fn prose(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut code = None::<Fence>;
    for line in text.split_inclusive('\n') {
        // Which list item a line stands in is not known here, and so its indent says nothing.
        let trimmed = line.trim_start();
        match code {
            Some(fence) if fence.is_closed_by(trimmed) => code = None,
            Some(_) => {}
            None => code = Fence::open(trimmed),
        }
        let is_fence = code.is_some() || Fence::open(trimmed).is_some();
        if !is_fence && !trimmed.starts_with('>') {
            lines.push(Line { start, text: line.trim_end() });
        }
        start += line.len();
    }
    lines
}

/// Whether the byte at `at` of `line` stands in quotation marks or inline code.
fn is_quoted(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    let count = |mark: char| before.matches(mark).count();
    count('"') % 2 == 1 || count('`') % 2 == 1 || count('“') > count('”') || count('«') > count('»')
}

/// Returns what the last `\boxed{..}` holds.
fn boxed(lines: &[Line<'_>]) -> Option<Range<usize>> {
    lines.iter().rev().find_map(|line| {
        let (at, command) = ["\\boxed", "\\fbox"].iter().filter_map(|it| Some((line.text.rfind(it)?, it))).max()?;
        let behind = line.text.get(at + command.len()..)?;
        let end = latex::closing_brace(behind).filter(|_| behind.starts_with('{'))?;
        let start = line.start + at + command.len();
        (!is_quoted(line.text, at)).then_some(start + 1..start + end - 1)
    })
}

/// Phrases in front of an answer, in lower case. Those with a colon count only at the start of a line.
const CUES: &[&str] = &[
    "answer is",
    "answer (",
    "answer would be",
    "answer should be",
    "answer must be",
    "answer:",
    "answer**:",
    "answer =",
    "option is",
    "choice is",
    "statement is",
    "answer choice:",
    "result is:",
    "antwort:",
    "antwort ist",
    "réponse :",
    "réponse est",
    "respuesta:",
    "respuesta es",
];

/// Most cues that are tried: a last "The answer is ..." may hold nothing.
const MAX_CUES: usize = 3;

/// Returns what stands behind the last cues, the last first.
fn cues(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate().rev() {
        if let Some(range) = hashes(*line) {
            found.push(range);
            continue;
        }
        let lower = line.text.to_ascii_lowercase();
        let last = CUES
            .iter()
            .filter_map(|cue| Some((lower.rfind(cue)?, cue)))
            .filter(|(at, cue)| !is_quoted(line.text, *at) && (!cue.ends_with(':') || is_line_head(&lower, *at)))
            .max_by_key(|(at, cue)| (*at, cue.len()));
        let Some((at, cue)) = last else { continue };
        let bracket = usize::from(cue.ends_with('('));
        let tail = trimmed(line.start, line.text, at + cue.len() - bracket);
        if !tail.is_empty() {
            found.push(tail);
            if found.len() >= MAX_CUES {
                break;
            }
            continue;
        }
        let next = lines.iter().skip(index + 1).find(|line| !line.text.trim().is_empty());
        if let Some(next) = next {
            found.push(trimmed(next.start, next.text, 0));
        }
        if found.len() >= MAX_CUES {
            break;
        }
    }
    found
}

/// Returns the bytes of `line` from `at` on, without the signs between a cue and its answer.
fn trimmed(line_start: usize, line: &str, at: usize) -> Range<usize> {
    let tail = line.get(at..).unwrap_or_default();
    let tail = tail.trim_start().trim_start_matches("...").trim_start_matches('…');
    let behind = tail.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '*' | '_' | '—' | '='));
    let end = line_start + line.len();
    end - behind.len()..end
}

/// Whether only markup and words such as "final", "the", "correct" stand before `at`.
fn is_line_head(lower: &str, at: usize) -> bool {
    const HEAD: [&str; 7] = ["the", "final", "correct", "my", "short", "so", "is"];
    let before = lower.get(..at).unwrap_or_default();
    // "... so: Answer: 5" starts a sentence as well.
    let sentence = before.rsplit(['.', ':', '!', '?']).next().unwrap_or_default();
    sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| HEAD.contains(&word))
}

/// Returns what stands behind `####` in a line that holds nothing else, as GSM8K writes answers.
fn hashes(line: Line<'_>) -> Option<Range<usize>> {
    let behind = line.text.trim_start().strip_prefix("####")?;
    let is_value = behind.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '$' | '\\'))
        && behind.split_whitespace().count() <= 3;
    is_value.then(|| trimmed(line.start, line.text, line.text.len() - behind.len()))
}

/// Returns the first word of the text.
fn lead(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let first = lines.iter().find(|line| !line.text.trim().is_empty())?;
    let word = first.text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let n_bytes = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    let start = first.start + first.text.len() - word.len();
    Some(start..start + n_bytes)
}

/// Returns what the only bold part of `line` holds.
fn bold(line: Line<'_>) -> Option<Range<usize>> {
    if line.text.matches("**").count() != 2 {
        return None;
    }
    let end = line.text.rfind("**")?;
    let start = line.text.get(..end)?.rfind("**")? + 2;
    let inner = line.text.get(start..end)?;
    let is_answer = !inner.trim_end().ends_with(':') && !inner.trim().is_empty();
    is_answer.then(|| line.start + start..line.start + end)
}
