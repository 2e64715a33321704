//! Tells a refusal or "I don't know" from an answer, by how the text starts.

/// How refusals start, with straight apostrophes. Case counts but for the first letter: "I Can't Help Myself" is a song.
const OPENINGS: &[&str] = &[
    "I'm sorry, but I",
    "I'm sorry but I",
    "I am sorry, but I",
    "I am sorry but I",
    "I'm sorry, but there",
    "I'm sorry, but it",
    "I'm sorry. I",
    "I'm sorry, I ",
    "I am sorry, I ",
    "sorry, but I",
    "sorry, I ",
    "I apologize, but",
    "I apologize but",
    "I apologise, but",
    "my apologies, but",
    "I'm afraid I",
    "I can't ",
    "I cannot ",
    "I can not ",
    "I couldn't ",
    "I could not ",
    "I won't ",
    "I will not ",
    "I'm unable",
    "I am unable",
    "I was unable",
    "I'm not able",
    "I am not able",
    "I was not able",
    "I wasn't able",
    "I don't know",
    "I do not know",
    "I don't have",
    "I do not have",
    "I have no information",
    "I have no knowledge",
    "I did not find",
    "I didn't find",
    "I don't understand",
    "I do not understand",
    "I must decline",
    "I prefer not to",
    "I'd prefer not to",
    "I would prefer not to",
    "I'm not aware of any",
    "I am not aware of any",
    "I'm not sure",
    "I am not sure",
    "I'm not certain",
    "unfortunately, I ",
    "unfortunately I ",
    "as an AI",
    "as a language model",
    "as a large language model",
    "I'm sorry, as an AI",
    "I am sorry, as an AI",
    "I'm sorry, but as an AI",
    "I'm an AI",
    "there is no information available",
    "there is not enough information",
    "there is no specific information",
    "it is not possible to determine",
    "it is not clear what",
    "it is unclear what",
    "it's not clear what",
    "it is difficult to say",
    "es tut mir leid",
    "ich kann ",
    "je suis désolé",
    "lo siento",
];

/// Words behind which such an opening turns into an answer: "As an AI, I have no opinions, but ...".
const TURNS: &[&str] =
    &["however", ", but ", " i think", " i believe", "probably", "most likely", "to answer your question"];

/// How far into the text an opening may turn, in characters: about two sentences.
const HEAD: usize = 300;

/// See `finals::is_refusal`.
pub(super) fn is_refusal(text: &str) -> bool {
    let head: String = text
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .chars()
        .take(HEAD)
        .map(|c| if matches!(c, '\u{2019}' | '\u{2018}') { '\'' } else { c })
        .collect();
    let Some(rest) = OPENINGS.iter().find_map(|opening| behind(&head, opening)) else { return false };
    let rest = rest.to_lowercase();
    !TURNS.iter().any(|turn| rest.contains(turn))
}

/// Returns what follows `opening` at the start of `head`, whatever the case of the first letter.
fn behind<'a>(head: &'a str, opening: &str) -> Option<&'a str> {
    let (mut said, mut expected) = (head.chars(), opening.chars());
    let is_start = said.next()?.eq_ignore_ascii_case(&expected.next()?);
    if is_start { said.as_str().strip_prefix(expected.as_str()) } else { None }
}
