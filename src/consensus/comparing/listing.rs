//! Answers that are a list and nothing else: a tuple, whose order counts, and a set, whose members do.

use crate::consensus::reading::question::Question;
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::words;

/// Most words of one member of a bare list.
const MEMBER_WORDS: usize = 3;

/// Longest bare list that is compared, in bytes: by judgement, a longer one is a table.
const LONGEST: usize = 240;

/// What asks for all there are, so that a member left out is another answer.
const WANTS_ALL: [&str; 14] = [
    "find all",
    "list all",
    "name all",
    "what are the",
    "which are the",
    "what were the",
    "which were the",
    "solve",
    "all the",
    "welche sind",
    "quels sont",
    "quelles sont",
    "cuáles son",
    "find the solutions",
];

/// A list as it was written.
#[derive(Debug, PartialEq, Eq)]
struct List {
    /// Its members in order, folded.
    members: Vec<String>,
    /// Whether their order counts: a point, a pair.
    is_ordered: bool,
}

/// Returns whether two statements that are bare lists say the same; `None` where one is no such list, or where a list may
/// be a part of the other.
pub(crate) fn are_same(left: &Statement, right: &Statement, question: &Question) -> Option<bool> {
    let (ours, theirs) = (list(left.sequence.text())?, list(right.sequence.text())?);
    if ours.is_ordered && theirs.is_ordered && ours.members.len() == theirs.members.len() {
        return Some(ours.members == theirs.members);
    }
    let lacks = |these: &List, those: &List| these.members.iter().any(|member| !those.members.contains(member));
    let asked = question.text.to_lowercase();
    let wants_all = WANTS_ALL.iter().any(|phrase| asked.contains(phrase));
    match (lacks(&ours, &theirs), lacks(&theirs, &ours)) {
        (false, false) => Some(true),
        _ if wants_all => Some(false),
        _ => None,
    }
}

/// Reads `2, 3 and 5`, `(2, 3)`, `$n = 2, 3$`, `Red, green, blue.`; `None` for anything else.
fn list(text: &str) -> Option<List> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '*' | '`' | '.'));
    let bare = bare.strip_prefix("\\(").and_then(|it| it.strip_suffix("\\)")).unwrap_or(bare).trim();
    if bare.len() > LONGEST {
        return None;
    }
    // "n = 2, 3": what they are members of.
    let bare = bare.split_once('=').filter(|(name, _)| name.trim().len() <= 2).map_or(bare, |(_, rest)| rest.trim());
    let inner = bare.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let is_ordered = inner.is_some();
    let inner = inner.unwrap_or(bare);
    if inner.contains(['(', ')', '[', ']', ':', '\n', '|']) {
        return None;
    }
    let joined =
        inner.replace(" and ", ", ").replace(" und ", ", ").replace(" et ", ", ").replace(['、', '，', ';'], ",");
    let members: Vec<String> = joined.split(',').map(str::trim).filter(|it| !it.is_empty()).map(folded).collect();
    let is_member = |it: &String| (1..=MEMBER_WORDS).contains(&it.split_whitespace().count());
    // "1,000" is one number.
    let is_grouped = !inner.contains(", ") && joined.split(',').skip(1).all(|it| it.trim().len() == 3) && !is_ordered;
    (members.len() >= 2 && members.iter().all(is_member) && !is_grouped).then_some(List { members, is_ordered })
}

fn folded(member: &str) -> String {
    let mut folded = String::new();
    for word in member.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        words::fold(word, &mut folded);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_list_is_read_with_its_order() {
        for (text, expected) in [
            ("(2, 3)", Some((vec!["2", "3"], true))),
            ("$n = 2, 3, 4$", Some((vec!["2", "3", "4"], false))),
            ("Red, green and blue.", Some((vec!["red", "green", "blue"], false))),
            ("1,000", None),
            ("Born in Oslo, he moved to the capital of Sweden as a child, and stayed.", None),
            ("[0, 1)", None),
            ("42", None),
            ("", None),
        ] {
            let found = list(text);
            let found = found.as_ref().map(|it| (it.members.iter().map(String::as_str).collect(), it.is_ordered));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
