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
    let lower = sentence.to_lowercase().replace('’', "'");
    let opening = OPENINGS
        .iter()
        .find(|opening| lower.strip_prefix(**opening).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)));
    let Some(opening) = opening else { return false };
    // "Of course, Neil Armstrong was": what follows the greeting is judged by itself.
    let rest = sentence.get(opening.len()..).unwrap_or_default();
    match rest.trim_start().strip_prefix([',', '!', ':', '—', '–', '-']) {
        Some(rest) => is_chatter(rest) || says_nothing(rest),
        None => says_nothing(rest),
    }
}

/// Whether `rest`, behind an idle opening, holds neither a number nor a name nor says what something is.
fn says_nothing(rest: &str) -> bool {
    let is_name = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let letters = word.split(['\'', '’']).next().unwrap_or_default();
        word.starts_with(char::is_uppercase) && !matches!(letters, "I" | "AI")
    };
    let claims = |word: &str| matches!(word, "is" | "are" | "was" | "were" | "=");
    let opens_offer = |word: &str| matches!(word, "if" | "whether" | "what" | "how");
    let mut words = rest.split_whitespace();
    let is_offer = words.clone().any(opens_offer);
    !rest.contains(|c: char| c.is_numeric()) && !words.any(|word| is_name(word) || (claims(word) && !is_offer))
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
            ("Of course, Neil Armstrong was the first person on the Moon.", false),
            ("Of course, happy to help!", true),
            ("Absolutely, Paris.", false),
            ("Certainly! Here's a short overview of it.", true),
            ("Thanks for asking — the port was closed.", false),
        ] {
            assert_eq!(is_chatter(sentence), expected, "{sentence:?}");
        }
    }
}
