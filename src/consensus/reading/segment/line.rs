//! Tells what a line of markdown is from its first characters, as soon as no further character can change that.

use crate::domain::markdown::Fence;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// Nothing but space.
    Blank,
    /// Opens a code block.
    Fence(Fence),
    /// A heading.
    Heading,
    /// A line across, or the underline of a heading.
    Rule,
    /// A list item.
    Item,
    /// A quote.
    Quote,
    /// A row of a table.
    Row,
    /// The tag that opens reasoning written into the answer.
    Reasoning,
    /// Anything else.
    Paragraph,
}

/// The tags around reasoning that some models write into the answer.
pub(crate) const REASONING_OPENS: &str = "<think>";
/// See [`REASONING_OPENS`].
pub(crate) const REASONING_CLOSES: &str = "</think>";

/// The longest opening line of a code block, in bytes, that is waited for: whether it is one shows at its end.
const LONGEST_FENCE: usize = 240;

/// Longest run of `#`, digits or rule marks that is looked at.
const LONGEST_MARKER: usize = 8;

/// Returns the kind of a line and the length of its marker, or `None` while more characters could change it.
/// `line` starts at its first character that is no space; its line feed counts as a character.
pub(crate) fn classify(line: &str) -> Option<(LineKind, usize)> {
    let first = line.chars().next()?;
    match first {
        '\n' => Some((LineKind::Blank, 0)),
        '`' | '~' => fence(line, first),
        '#' => heading(line),
        '-' | '*' | '+' | '_' | '=' => item_or_rule(line, first),
        '•' | '◦' | '▪' | '‣' => Some((LineKind::Item, first.len_utf8())),
        '0'..='9' => numbered(line),
        '>' => Some((LineKind::Quote, 1)),
        '|' => Some((LineKind::Row, 0)),
        '<' if line.starts_with(REASONING_OPENS) => Some((LineKind::Reasoning, REASONING_OPENS.len())),
        '<' if REASONING_OPENS.starts_with(line) => None,
        _ => Some((LineKind::Paragraph, 0)),
    }
}

/// Backticks behind the marks make the line text, so that only its end tells; see [`Fence::open`].
fn fence(line: &str, mark: char) -> Option<(LineKind, usize)> {
    let behind = line.trim_start_matches(mark);
    let n_marks = line.len() - behind.len();
    match Fence::open(line) {
        Some(fence) if line.ends_with('\n') || line.len() >= LONGEST_FENCE => Some((LineKind::Fence(fence), n_marks)),
        Some(_) => None,
        None if behind.is_empty() && line.len() < LONGEST_FENCE => None,
        None => Some((LineKind::Paragraph, 0)),
    }
}

/// The length of the run of `mark`, once it has ended or is long enough.
fn run_of(line: &str, mark: char) -> Option<usize> {
    let run = line.chars().take_while(|c| *c == mark).count();
    (run >= LONGEST_MARKER || run * mark.len_utf8() < line.len()).then_some(run)
}

fn heading(line: &str) -> Option<(LineKind, usize)> {
    let run = run_of(line, '#')?;
    let after = line.chars().nth(run);
    let is_heading = run <= 6 && after.is_some_and(char::is_whitespace);
    Some(if is_heading { (LineKind::Heading, run) } else { (LineKind::Paragraph, 0) })
}

fn item_or_rule(line: &str, mark: char) -> Option<(LineKind, usize)> {
    let run = run_of(line, mark)?;
    let after = line.chars().nth(run);
    let is_bullet = matches!(mark, '-' | '*' | '+');
    Some(match after {
        _ if run >= LONGEST_MARKER => (LineKind::Rule, run),
        Some(' ' | '\t') if run == 1 && is_bullet => (LineKind::Item, 1),
        Some(' ' | '\t' | '\n' | '\r') if run >= 3 => (LineKind::Rule, run),
        _ => (LineKind::Paragraph, 0),
    })
}

/// `1. ` and `2) `: a number of up to three digits; four are a year.
fn numbered(line: &str) -> Option<(LineKind, usize)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 3 {
        return Some((LineKind::Paragraph, 0));
    }
    let mut after = line.chars().skip(digits);
    let (mark, space) = (after.next()?, after.next());
    Some(match (mark, space) {
        ('.' | ')', None) => return None,
        ('.' | ')', Some(' ' | '\t')) => (LineKind::Item, digits + 1),
        _ => (LineKind::Paragraph, 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_first_characters() {
        use LineKind::{Blank, Heading, Item, Paragraph, Quote, Reasoning, Row, Rule};
        let fence = |marks| LineKind::Fence(Fence::open(marks).unwrap());
        for (line, expected) in [
            ("\n", Some((Blank, 0))),
            ("``", None),
            ("```rust", None),
            ("```rust\n", Some((fence("```"), 3))),
            ("~~~~ a `b`\n", Some((fence("~~~~"), 4))),
            ("```x``", Some((Paragraph, 0))),
            ("``x", Some((Paragraph, 0))),
            ("`x` is", Some((Paragraph, 0))),
            ("##", None),
            ("## Why", Some((Heading, 2))),
            ("#tag", Some((Paragraph, 0))),
            ("-", None),
            ("- a", Some((Item, 1))),
            ("-5 degrees", Some((Paragraph, 0))),
            ("---\n", Some((Rule, 3))),
            ("**Bold**", Some((Paragraph, 0))),
            ("1", None),
            ("12.", None),
            ("12. x", Some((Item, 3))),
            ("3.5 km", Some((Paragraph, 0))),
            ("1969", Some((Paragraph, 0))),
            ("> so", Some((Quote, 1))),
            ("| a |", Some((Row, 0))),
            ("<thi", None),
            ("<think>", Some((Reasoning, 7))),
            ("<b>", Some((Paragraph, 0))),
            ("", None),
        ] {
            assert_eq!(classify(line), expected, "{line:?}");
        }
    }
}
