//! JSON for programs that a person may look at too: what a terminal could obey is escaped, and the value stays the same.

use std::fmt::Write as _;

use serde::Serialize;

use crate::domain::unsafe_text::is_unsafe;

/// Returns `value` as JSON on one line, without a line feed. C0 is escaped in every JSON; C1, marks that turn the direction
/// of text and others that a terminal does not show are here too.
///
/// # Errors
/// When the value can't be written as JSON.
pub(super) fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(escaped)
}

/// Such characters stand in strings alone, where an escape is as good.
fn escaped(json: String) -> String {
    if !json.chars().any(is_unsafe) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_could_obey_is_escaped_and_the_value_stays_the_same() {
        let hostile = "a\u{1b}[31m\u{9b}31m\u{9d}0;x\u{7}\u{202e}\u{2066}\u{7f}\u{e0041}\u{ad}é漢\u{200d}\n\"\\";
        let json = line(&[hostile]).unwrap();
        assert!(!json.chars().any(is_unsafe), "{json}");
        assert!(json.contains(r"\u009b31m\u009d0;x\u0007\u202e\u2066\u007f\udb40\udc41\u00adé漢"), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [hostile]);
    }
}
