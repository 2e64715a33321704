//! The prose in the strings of a JSON object: models that are told to answer in JSON explain themselves there.

use std::ops::Range;

/// Fewest words of a string that says something.
const LEAST_WORDS: usize = 4;

/// Most strings of one object that are read.
const MOST_STRINGS: usize = 64;

/// A string of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prose {
    /// Its bytes in the text that it was found in, without the quotation marks.
    pub(crate) range: Range<usize>,
    /// What it says, byte for byte as long as it is written: an escape is a blank and what it stands for.
    pub(crate) text: String,
}

/// Returns whether a text is an object or a list in JSON, as far as its first signs tell.
pub(crate) fn is_object(text: &str) -> bool {
    let behind = text.trim_start().strip_prefix(['{', '[']).map(str::trim_start);
    behind.is_some_and(|rest| rest.starts_with(['"', '{', '[']))
}

/// Returns the strings of an object that hold prose, in order; also of one that was cut.
pub(crate) fn prose(text: &str) -> Vec<Prose> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        if character != '"' || found.len() >= MOST_STRINGS {
            continue;
        }
        let start = at + 1;
        let mut said = String::new();
        let mut end = text.len();
        while let Some((at, character)) = rest.next() {
            match character {
                '"' => {
                    end = at;
                    break;
                }
                '\\' => {
                    let Some((_, escaped)) = rest.next() else {
                        said.push(' ');
                        break;
                    };
                    // `\nabla` in LaTeX that was not escaped is no new line.
                    let goes_on = rest.peek().is_some_and(|(_, next)| next.is_lowercase());
                    match escaped {
                        'n' | 'r' if !goes_on => said.push_str(" \n"),
                        't' if !goes_on => said.push_str("  "),
                        '"' | '/' => {
                            said.push(' ');
                            said.push(escaped);
                        }
                        _ => {
                            said.push('\\');
                            said.push(escaped);
                        }
                    }
                }
                _ => said.push(character),
            }
        }
        if said.split_whitespace().nth(LEAST_WORDS - 1).is_some() {
            found.push(Prose { range: start..end, text: said });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_with_prose_are_found_where_they_stand() {
        let text = r#"{"why": "It weighs 5 kg.\nIt says \"so\" itself.", "answer": "5"}"#;
        let found = prose(text);
        assert_eq!(found.len(), 1);
        let first = found.first().map(|it| (it.range.clone(), it.text.as_str()));
        assert_eq!(
            first,
            Some((
                9..48,
                r#"It weighs 5 kg. 
It says  "so " itself."#
            ))
        );
        for prose in &found {
            assert_eq!(prose.text.len(), prose.range.len());
        }
    }

    #[test]
    fn an_object_is_known_by_its_first_signs() {
        for (text, expected) in [
            ("{\n  \"a\": 1", true),
            ("[{\"a\"", true),
            ("{ x | x > 1 }", false),
            ("[1] says", false),
            ("let a = 1;", false),
            ("", false),
        ] {
            assert_eq!(is_object(text), expected, "{text}");
        }
    }

    #[test]
    fn an_object_that_was_cut_is_read_as_far_as_it_goes() {
        assert_eq!(prose(r#"{"why": "It was built in 1889\"#).len(), 1);
        assert_eq!(prose("").len(), 0);
    }
}
