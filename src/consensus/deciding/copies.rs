//! Two answers that are one text but for one place: what stands there must be explained before they count as the same.

use std::ops::Range;

use crate::consensus::comparing::corpus::Corpus;
use crate::consensus::comparing::residue::Meets;
use crate::consensus::reading::sequence::senses;
use crate::consensus::reading::sequence::{Item, Sequence, Sort};
use crate::consensus::reading::terms::stop;

/// Share of the longer text that must be the same from both ends on: by judgement, less is two texts with a common start.
const COPIED: f64 = 0.7;

/// Most bytes of the place in which two copies differ: a longer one is a passage, and was compared by its statements.
const LONGEST: usize = 400;

/// Returns whether two answers are copies of each other but for one place that nothing explains: neither a statement
/// that says the same in other words, nor a conflict that is shown, nor a mere detail that one has more.
pub(crate) fn differ_unexplained(corpus: &Corpus, question: &str, left: (usize, &str), right: (usize, &str)) -> bool {
    let Some((ours, theirs)) = place(left.1, right.1) else { return false };
    let (own, other) = (left.1.get(ours.clone()).unwrap_or(""), right.1.get(theirs.clone()).unwrap_or(""));
    let (own_words, other_words) = (bare(own), bare(other));
    if own_words == other_words || content(own, question) == content(other, question) {
        return false;
    }
    // What only one has is a detail, unless it turns the rest round.
    if own_words.is_empty() || other_words.is_empty() {
        let added = if own_words.is_empty() { other } else { own };
        return turns(added) && !is_explained(corpus, (left.0, &ours), (right.0, &theirs));
    }
    !is_explained(corpus, (left.0, &ours), (right.0, &theirs))
}

/// The one place in which two texts differ, as whole words of each; `None` where they are the same or no copies.
fn place(left: &str, right: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (ours, theirs) = (left.as_bytes(), right.as_bytes());
    let least = ours.len().min(theirs.len());
    let n_head = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    if n_head == ours.len() && n_head == theirs.len() {
        return None;
    }
    let n_tail = ours.iter().rev().zip(theirs.iter().rev()).take(least - n_head).take_while(|(a, b)| a == b).count();
    if ((n_head + n_tail) as f64) < ours.len().max(theirs.len()) as f64 * COPIED {
        return None;
    }
    let place = |text: &str| {
        let is_space = |byte: &u8| byte.is_ascii_whitespace();
        let bytes = text.as_bytes();
        let end = text.len() - n_tail;
        let start = bytes.get(..n_head)?.iter().rposition(is_space).map_or(0, |at| at + 1);
        let end = bytes.get(end..)?.iter().position(is_space).map_or(text.len(), |at| end + at);
        (end.saturating_sub(start) <= LONGEST).then_some(start..end.max(start))
    };
    Some((place(left)?, place(right)?))
}

/// The words of a place that say something, without those of the question: "It was Ada", "Ada did".
fn content(text: &str, question: &str) -> Vec<String> {
    let asked = question.to_lowercase();
    let sequence = Sequence::of(text, 0);
    let says = |it: &&Item| it.sort != Sort::Light || !it.senses.is_empty();
    let words = sequence.items(&[]).iter().filter(says).flat_map(|it| it.folded.split(' ')).map(str::to_owned);
    words.filter(|word| !asked.contains(word.as_str())).collect()
}

/// The words of a place without markup, in lower case; a sign before a digit is part of its word.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_sign = matches!(character, '-' | '−') && characters.peek().is_some_and(char::is_ascii_digit);
        if character.is_alphanumeric() || matches!(character, '$' | '€' | '£' | '¥' | '%' | '°' | '<' | '>') {
            bare.extend(character.to_lowercase());
        } else if is_sign && !bare.ends_with(|c: char| c.is_alphanumeric()) {
            bare.push('-');
        }
    }
    bare
}

/// Whether words that only one has change what the others say: a no, a limit, an opposite.
fn turns(added: &str) -> bool {
    let sequence = Sequence::of(added, 0);
    let n_words = added.split_whitespace().count();
    let items = sequence.items(&[]);
    items.iter().any(|it| stop::is_negator(&it.folded) || it.folded == "only")
        || (n_words <= 3 && items.iter().any(|it| !senses::of(&it.folded).is_empty()))
}

/// Whether the statements that reach into the place are known to stand to each other: each to one that says the same, or
/// that is shown to clash.
fn is_explained(corpus: &Corpus, left: (usize, &Range<usize>), right: (usize, &Range<usize>)) -> bool {
    let is_known = |(member, place): (usize, &Range<usize>), other: usize| {
        let Some(answer) = corpus.answers.get(member) else { return false };
        let reach = answer.statements.iter().zip(&answer.links).filter(|(statement, _)| {
            statement.range.start < place.end.max(place.start + 1) && place.start < statement.range.end
        });
        let mut n_reaching = 0;
        let all = reach.fold(true, |all, (_, links)| {
            n_reaching += 1;
            let mut of_other = links.iter().filter(|link| link.member == other);
            all && of_other.any(|link| matches!(link.meets, Meets::Same | Meets::Different))
        });
        all && n_reaching > 0
    };
    is_known(left, right.0) && is_known(right, left.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_place_of_two_copies_is_whole_words() {
        let (left, right) = ("It was built in 1889 by the river Seine.", "It was built in 1887 by the river Seine.");
        assert_eq!(place(left, right), Some((16..20, 16..20)));
        assert_eq!(place(left, left), None);
        assert_eq!(place(left, "Nobody knows."), None);
        assert_eq!(place("", ""), None);
    }

    #[test]
    fn markup_and_case_make_no_other_words() {
        for (text, expected) in [("**Paris**,", "paris"), ("-5", "-5"), ("co-op", "coop"), ("", "")] {
            assert_eq!(bare(text), expected, "{text}");
        }
    }

    #[test]
    fn words_that_turn_the_rest_are_told_from_details() {
        for (text, expected) in [("not", true), ("at least", true), ("of the old town", false), ("", false)] {
            assert_eq!(turns(text), expected, "{text}");
        }
    }
}
