//! Finds the answer in a JSON object that a text starts or ends with, also where the object is not quite JSON.

use std::ops::Range;

/// Names under which an object holds its answer.
const KEYS: [&str; 4] = ["\"answer\"", "\"final_answer\"", "\"final answer\"", "\"result\""];

/// Returns the bytes of the answer in the object that starts or ends `text`, without its quotes; `None` where the text
/// does neither.
pub(super) fn answer(text: &str) -> Option<Range<usize>> {
    let body = text.trim_end().trim_end_matches('`').trim_end();
    let head = text.trim_start().trim_start_matches("```json").trim_start_matches('`').trim_start();
    if !body.ends_with('}') && !head.starts_with('{') {
        return None;
    }
    let (at, key) = KEYS.iter().filter_map(|key| Some((body.rfind(key)?, key))).max_by_key(|(at, _)| *at)?;
    let behind = body.get(at + key.len()..)?;
    let value = behind.trim_start().strip_prefix(':')?.trim_start();
    let start = body.len() - value.len();
    if let Some(string) = value.strip_prefix('"') {
        let end = string_end(string)?;
        return Some(start + 1..start + 1 + end);
    }
    let end = value.find([',', '}', '\n'])?;
    let literal = value.get(..end)?.trim_end();
    let is_literal =
        literal.starts_with(|c: char| c.is_ascii_digit() || c == '-') || matches!(literal, "true" | "false");
    is_literal.then(|| start..start + literal.len())
}

/// Returns where the string ends: at the first quotation mark that is not escaped.
fn string_end(string: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in string.bytes().enumerate() {
        match byte {
            b'\\' => is_escaped = !is_escaped,
            b'"' if !is_escaped => return Some(at),
            _ => is_escaped = false,
        }
    }
    None
}

/// Returns the text that a JSON string stands for. LaTeX with single backslashes, which JSON would read as control
/// characters, is left as it was meant.
pub(super) fn unescape(string: &str) -> String {
    let mut text = String::with_capacity(string.len());
    let mut chars = string.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next_if(|c| matches!(c, '\\' | '"' | '/')) {
            Some(escaped) => text.push(escaped),
            None => text.push('\\'),
        }
    }
    text
}
