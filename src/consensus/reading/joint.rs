//! How two content words of a sentence are tied together, by the little words and marks between them.

/// What stands between a content word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Nothing but space, or what holds one name together: `Gulf of Naples`.
    Close,
    /// `and`: two things side by side.
    And,
    /// A link between what is asked and the answer: a form of be, `called`, `known as`.
    Link,
    /// `by`: who did it comes next.
    By,
    /// A colon: the answer after its label, or a part of a title.
    Colon,
    /// Another name for the same: `also known as`, `or`.
    Alias,
    /// A bracket that opens.
    Aside,
    /// Another phrase: a comma, a preposition, `who`.
    Apart,
}

/// Forms of be, and words that come before what something is called.
const LINKS: [&str; 9] = ["is", "was", "are", "were", "be", "being", "called", "named", "as"];

/// Words that hold one name together.
const WITHIN: [&str; 9] = ["of", "the", "a", "an", "s", "his", "her", "its", "their"];

/// What makes `known as` a second name.
const SECOND: [&str; 3] = ["also", "originally", "commonly"];

/// The longest gap, in bytes, that is looked at: more little words in a row are another phrase.
const LONGEST: usize = 48;

impl Joint {
    /// Returns what the text between two content words makes of them; [`Joint::Close`] for nothing or a space.
    pub(crate) fn of(gap: &str) -> Self {
        if gap.len() <= 1 && matches!(gap, "" | " " | "-" | "/" | "'") {
            return Self::Close;
        }
        if gap.len() > LONGEST {
            return Self::Apart;
        }
        let words = || gap.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let has = |list: &[&str]| words().any(|word| list.iter().any(|it| word.eq_ignore_ascii_case(it)));
        let names_again = has(&["known", "called", "named", "as"]) && has(&SECOND);
        if names_again || has(&["or"]) {
            Self::Alias
        } else if has(&["by"]) {
            Self::By
        } else if gap.trim_start().starts_with(['(', '[']) {
            // "(called X)" adds a name in passing.
            Self::Aside
        } else if has(&LINKS) {
            Self::Link
        } else if gap.contains(':') {
            Self::Colon
        } else if gap.contains(['(', '[']) {
            Self::Aside
        } else if gap.contains([',', ';', ')', ']', '—', '–', '?', '!']) {
            Self::Apart
        } else if words().all(|word| WITHIN.iter().any(|it| word.eq_ignore_ascii_case(it))) && !gap.contains('&') {
            Self::Close
        } else if words().all(|word| ["and", "the"].iter().any(|it| word.eq_ignore_ascii_case(it))) {
            Self::And
        } else {
            Self::Apart
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_words_say_how_two_words_belong_together() {
        for (gap, expected) in [
            ("", Joint::Close),
            (" ", Joint::Close),
            (" of the ", Joint::Close),
            (". ", Joint::Close),
            (" and ", Joint::And),
            (" & ", Joint::And),
            (" is the ", Joint::Link),
            (", is ", Joint::Link),
            (": ", Joint::Colon),
            (" by the ", Joint::By),
            (", also known as ", Joint::Alias),
            (" or ", Joint::Alias),
            (" (", Joint::Aside),
            (" (called ", Joint::Aside),
            (", ", Joint::Apart),
            (" in the ", Joint::Apart),
            (", who ", Joint::Apart),
        ] {
            assert_eq!(Joint::of(gap), expected, "{gap:?}");
        }
    }
}
