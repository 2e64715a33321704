//! A server's words as they may be shown: no key, no control, one line.

use std::collections::HashSet;

use crate::domain::unsafe_text::is_unsafe;
use crate::provider::endpoint::Provider;

/// The longest part of a server's words that is shown, in characters.
const MAX_WORDS: usize = 240;

/// The shortest key that is looked for in a server's words; a shorter one would be found in ordinary words.
const MIN_KEY: usize = 6;

/// The shortest part of a key that is not shown, in characters: whoever has less of it has nothing.
const MIN_PART: usize = 8;

/// What keys begin with, where vendors have a habit: a server may quote part of one.
const KEY_BEGINNINGS: [&str; 8] = ["sk-", "sk_", "xai-", "pplx-", "gsk_", "AIza", "hf_", "Bearer"];

/// Returns a server's words as they may be shown: one line of ordinary characters, at most 240, without anything that
/// is or looks like a key.
pub fn plain(words: &str, provider: &Provider) -> String {
    let secrets = provider.headers.iter().map(|(_, value)| value).chain(&provider.key);
    let mut text = without_sequences(words);
    // White space ends a word, all else that is not seen is not there: a key that was split by it is whole again.
    text.retain(|c| c.is_whitespace() || !(is_unsafe(c) || matches!(c, '\u{200c}' | '\u{200d}')));
    for secret in secrets.filter(|secret| secret.reveal().len() >= MIN_KEY) {
        text = without_parts(&text.replace(secret.reveal(), "…"), secret.reveal());
    }
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(if looks_like_key(word) { "…" } else { word });
    }
    match line.char_indices().nth(MAX_WORDS) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default().trim_end()),
        None => line.trim_end_matches('.').to_owned(),
    }
}

/// Returns the text with every run of `MIN_PART` and more characters that `key` holds replaced, whatever their case.
fn without_parts(text: &str, key: &str) -> String {
    let key: Vec<char> = key.chars().map(|c| c.to_ascii_lowercase()).collect();
    let parts: HashSet<&[char]> = key.windows(MIN_PART).collect();
    let letters: Vec<char> = text.chars().collect();
    let lower: Vec<char> = letters.iter().map(char::to_ascii_lowercase).collect();
    let mut kept = String::with_capacity(text.len());
    let mut hidden_until = 0;
    for (at, letter) in letters.iter().enumerate() {
        if lower.get(at..at + MIN_PART).is_some_and(|part| parts.contains(part)) {
            if hidden_until <= at {
                kept.push('…');
            }
            hidden_until = at + MIN_PART;
        }
        if at >= hidden_until {
            kept.push(*letter);
        }
    }
    kept
}

/// Returns the words without what a terminal would obey: whole sequences, so that no `[31m` is left behind.
fn without_sequences(words: &str) -> String {
    let mut kept = String::with_capacity(words.len());
    let mut letters = words.chars();
    while let Some(letter) = letters.next() {
        let introducer = match letter {
            '\u{1b}' => letters.next(),
            '\u{9b}' => Some('['),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => Some(']'),
            other => {
                kept.push(other);
                continue;
            }
        };
        let is_last: fn(char) -> bool = match introducer {
            Some('[') => |letter| ('@'..='~').contains(&letter),
            Some(']' | 'P' | 'X' | '^' | '_') => |letter| matches!(letter, '\u{7}' | '\\' | '\u{9c}'),
            Some(_) | None => continue,
        };
        letters.by_ref().find(|letter| is_last(*letter));
    }
    kept
}

fn looks_like_key(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    bare.len() >= 12 && KEY_BEGINNINGS.iter().any(|beginning| bare.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::dialect::Dialect;
    use crate::provider::endpoint::Secret;
    use crate::provider::request::tests::provider;

    #[test]
    fn escape_sequences_go_as_a_whole() {
        let provider = provider(Dialect::OpenaiChat);
        for (words, expected) in [
            ("\u{1b}[31mLogin\u{1b}[0m please \u{1b}]0;pwn\u{7}", "Login please"),
            ("a\u{9b}1mb", "ab"),
            ("half \u{1b}[3", "half"),
        ] {
            assert_eq!(plain(words, &provider), expected, "{words:?}");
        }
    }

    #[test]
    fn keys_and_controls_never_reach_a_person() {
        let house =
            Provider { headers: vec![("x".to_owned(), Secret::new("other-secret"))], ..provider(Dialect::OpenaiChat) };
        let check = |words: &str, expected: &str| assert_eq!(plain(words, &house), expected);
        check("bad key planted-key-1234!", "bad key …!");
        check("bad header other-secret", "bad header …");
        check("Incorrect API key provided: sk-proj-abc***********xyz.", "Incorrect API key provided: …");
        check("\u{1b}[31mred\u{7}\r\n\tend\u{202e}", "red end");
        check("", "");
        check("cut: planted-key-", "cut: …");
        check("cut: ted-key-1234 and on", "cut: … and on");
        check("PLANTED-KEY-1234", "…");
        check("planted\u{200b}-key-\u{200d}1234", "…");
        check("pla\u{e0041}nted-k", "…");
        check("planted only", "planted only");
        assert_eq!(plain(&"é".repeat(1000), &house).chars().count(), MAX_WORDS + 1);
    }
}
