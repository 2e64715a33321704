//! Tells a refusal or "I don't know" from an answer, by how the text starts.

/// How refusals start, in lower case, with straight apostrophes and without contractions of "am", "not" undone.
const OPENINGS: &[&str] = &[
    "i'm sorry, but",
    "i am sorry, but",
    "i'm sorry but",
    "i'm sorry. i",
    "i'm sorry, i ",
    "i am sorry, i ",
    "sorry, but i",
    "sorry, i ",
    "i apologize, but",
    "i apologize but",
    "i apologise, but",
    "my apologies, but",
    "i'm afraid i",
    "i can't ",
    "i cannot ",
    "i can not ",
    "i couldn't ",
    "i could not ",
    "i won't ",
    "i will not ",
    "i'm unable",
    "i am unable",
    "i was unable",
    "i'm not able",
    "i am not able",
    "i was not able",
    "i wasn't able",
    "i don't know",
    "i do not know",
    "i don't have",
    "i do not have",
    "i have no information",
    "i have no knowledge",
    "i did not find",
    "i didn't find",
    "i don't understand",
    "i do not understand",
    "i must decline",
    "i prefer not to",
    "i'd prefer not to",
    "i would prefer not to",
    "i'm not aware of any",
    "i am not aware of any",
    "i'm not sure what you",
    "i'm not sure which",
    "i'm not sure i understand",
    "i'm not certain",
    "as an ai ",
    "as a language model",
    "as a large language model",
    "unfortunately, i ",
    "unfortunately i ",
    "there is no information available",
    "there is not enough information",
    "there is no specific information",
    "it is not possible to determine",
    "it is not clear what",
    "it is unclear what",
    "it's not clear what",
    "hmm…let's try a different topic",
    "es tut mir leid",
    "ich kann ",
    "je suis désolé",
    "lo siento",
];

/// Openings that many answers have as well: they refuse only if the rest does not go on to answer.
const SOFT: &[&str] = &["i'm not sure", "i am not sure", "it is difficult to say", "it is unclear", "it's unclear"];

/// Words behind which a soft opening turns into an answer.
const TURNS: &[&str] = &["but ", "however", "i think", "i believe", "probably", "most likely"];

/// How much of a text is looked at, in bytes: an opening and the sentence that it is in.
const HEAD: usize = 240;

/// See `finals::is_refusal`.
pub(super) fn is_refusal(text: &str) -> bool {
    let head: String = text
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .chars()
        .take(HEAD)
        .map(|c| if matches!(c, '\u{2019}' | '\u{2018}') { '\'' } else { c.to_ascii_lowercase() })
        .collect();
    let is_soft = SOFT.iter().any(|opening| head.starts_with(opening));
    if is_soft {
        return !TURNS.iter().any(|turn| head.contains(turn));
    }
    OPENINGS.iter().any(|opening| head.starts_with(opening))
}
