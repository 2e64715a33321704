//! Makes JSON of what some servers take for it, where that is sure not to change what was said.
//!
//! Half a character (`\ud83d` alone), `NaN`, raw control characters, escapes that JSON lacks and keys given twice each cost
//! a strict reader the whole event, and the words in it.

use std::fmt::Write as _;

use serde_json::Value;

/// The longest event that is mended, in bytes: as a tree it takes many times as much memory.
const MAX_MENDED: usize = 256 << 10;

/// What a half character becomes.
const REPLACEMENT: &str = "\\ufffd";

/// Returns the same event as strict JSON; `None` where nothing helps.
pub(crate) fn mended(data: &str) -> Option<String> {
    if data.len() > MAX_MENDED {
        return None;
    }
    let text = spelt_right(data);
    // As a tree, of two keys with one name the last stays.
    serde_json::from_str::<Value>(&text).ok().map(|value| value.to_string())
}

/// Returns the text with what JSON lacks written in its own way.
fn spelt_right(data: &str) -> String {
    let mut text = String::with_capacity(data.len() + 16);
    let mut rest = data;
    let mut is_string = false;
    while let Some(letter) = rest.chars().next() {
        let mut n_read = letter.len_utf8();
        match (is_string, letter) {
            (true, '\\') => n_read = escape(rest, &mut text),
            (true, '\0'..='\u{1f}') => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            (false, 'N' | 'I' | '-') => {
                match ["-Infinity", "Infinity", "NaN"].iter().find(|name| rest.starts_with(**name)) {
                    Some(name) => {
                        n_read = name.len();
                        text.push_str("null");
                    }
                    None => text.push(letter),
                }
            }
            (_, '"') => {
                is_string = !is_string;
                text.push('"');
            }
            _ => text.push(letter),
        }
        rest = rest.get(n_read..).unwrap_or_default();
    }
    text
}

/// Writes the escape that `rest` begins with; returns how many bytes it takes.
fn escape(rest: &str, text: &mut String) -> usize {
    let Some(kind) = rest.chars().nth(1) else {
        return rest.len();
    };
    if "\"\\/bfnrt".contains(kind) {
        text.push('\\');
        text.push(kind);
        return 2;
    }
    let Some(unit) = unit(rest) else {
        // No escape of JSON: what was escaped stands for itself.
        text.push(if kind == 'u' { '\u{fffd}' } else { kind });
        return 1 + kind.len_utf8();
    };
    let is_low = |unit: u32| (0xdc00..0xe000).contains(&unit);
    let is_pair = (0xd800..0xdc00).contains(&unit) && rest.get(6..).and_then(self::unit).is_some_and(is_low);
    let length = if is_pair { 12 } else { 6 };
    let is_half = (0xd800..0xe000).contains(&unit) && !is_pair;
    text.push_str(if is_half { REPLACEMENT } else { rest.get(..length).unwrap_or_default() });
    length
}

/// Returns the code of the `\uXXXX` that `rest` begins with.
fn unit(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_lacks_is_spelt_its_way() {
        for (data, expected) in [
            (r#"{"a":"not \ud83d"}"#, Some("{\"a\":\"not \u{fffd}\"}")),
            (r#"{"a":"\ude00 safe"}"#, Some("{\"a\":\"\u{fffd} safe\"}")),
            (r#"{"a":"\ud83d\ude00"}"#, Some("{\"a\":\"😀\"}")),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, Some("{\"a\":\"\u{fffd}😀\"}")),
            (r#"{"a":NaN,"b":-Infinity,"c":"NaN"}"#, Some(r#"{"a":null,"b":null,"c":"NaN"}"#)),
            (r#"{"a":1,"a":2}"#, Some(r#"{"a":2}"#)),
            ("{\"a\":\"x\ty\"}", Some(r#"{"a":"x\ty"}"#)),
            (r#"{"a":"it\'s \x"}"#, Some(r#"{"a":"it's x"}"#)),
            (r#"{"a":"\u12"}"#, Some("{\"a\":\"\u{fffd}12\"}")),
            (r#"{"a":"b"#, None),
            (r#"{"a":"\"#, None),
            ("", None),
        ] {
            assert_eq!(mended(data).as_deref(), expected, "{data}");
        }
    }
}
