//! Tells greetings, closers and bare links from statements: they are said, but they claim nothing.

use crate::consensus::reading::finals::is_refusal;

/// How sentences that claim nothing begin, in lower case.
const OPENINGS: [&str; 40] = [
    "sure",
    "certainly",
    "of course",
    "absolutely",
    "great question",
    "good question",
    "hello",
    "hi",
    "hey",
    "thanks",
    "thank you",
    "no worries",
    "no problem",
    "happy to help",
    "i'd be happy",
    "i would be happy",
    "i'd be glad",
    "i hope",
    "hope this",
    "hope that",
    "let me know",
    "feel free",
    "please let me",
    "if you have any",
    "if you'd like",
    "if you need",
    "if you want",
    "would you like",
    "do you want me",
    "is there anything",
    "here is a",
    "here's a",
    "here is the",
    "here's the",
    "here are",
    "let's break",
    "let me explain",
    "let me break",
    "let's go through",
    "as an ai",
];

/// The longest sentence, in bytes, that a greeting may be: longer ones say something besides.
const LONGEST: usize = 160;

/// Returns whether `sentence` greets, offers help, only points somewhere, or says that it can't answer. An empty one
/// does.
pub(crate) fn is_chatter(sentence: &str) -> bool {
    let sentence = sentence.trim_matches(|c: char| !c.is_alphanumeric());
    sentence.is_empty()
        || is_link(sentence)
        || is_refusal(sentence)
        || (sentence.len() <= LONGEST && opens_idly(sentence))
}

fn opens_idly(sentence: &str) -> bool {
    let has_digit = sentence.bytes().any(|b| b.is_ascii_digit());
    let lower = sentence.to_lowercase().replace('’', "'");
    !has_digit
        && OPENINGS.iter().filter_map(|opening| lower.strip_prefix(opening)).any(|rest| !rest.starts_with(char::is_alphabetic))
        // "Sure, the capital is Paris": what follows the greeting counts.
        && !(lower.contains(" is ") && lower.contains(',') && !lower.starts_with("here"))
}

fn is_link(sentence: &str) -> bool {
    let mut words = sentence.split_whitespace();
    words.next().is_some_and(|word| word.contains("://") || word.starts_with("www.")) && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_and_closers_claim_nothing() {
        for (sentence, expected) in [
            ("Sure! I'd be happy to help.", true),
            ("I hope this helps!", true),
            ("Let me know if you have questions.", true),
            ("https://example.org/x", true),
            ("", true),
            ("🎉🎉", true),
            ("I'm sorry, but I couldn't find any information about it.", true),
            ("Sure, the capital of France is Paris.", false),
            ("Apollo 11 landed in 1969.", false),
            ("Surely it moved.", false),
        ] {
            assert_eq!(is_chatter(sentence), expected, "{sentence:?}");
        }
    }
}
