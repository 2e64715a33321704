//! Which words of two sentences differ.

use std::ops::Range;

/// The most words of a sentence that are compared: the table has a cell for each pair.
const MOST_WORDS: usize = 300;
/// The share of all words that must have a counterpart: below it the sentences are worded differently all through, and
/// marking every word would say nothing.
const LEAST_SHARED: f64 = 0.6;

/// The bytes of the differing words, neighbours together.
pub type Differing = Vec<Range<usize>>;

/// Returns the words of each text that the other has no counterpart for in the same order, or `None` where the texts have
/// too little in common, or are too long, for that to say anything. Case, punctuation and markdown around a word do not
/// count.
pub fn differing_words(left: &str, right: &str) -> Option<(Differing, Differing)> {
    let (left, right) = (words(left), words(right));
    let n_words = left.len() + right.len();
    if left.is_empty() || right.is_empty() || left.len().max(right.len()) > MOST_WORDS {
        return None;
    }
    let lengths = lengths(&left, &right);
    let at = |row: usize, column: usize| lengths.get(row * (right.len() + 1) + column).copied().unwrap_or(0);
    if f64::from(2 * at(0, 0)) < LEAST_SHARED * n_words as f64 {
        return None;
    }
    let (mut row, mut column) = (0, 0);
    let (mut only_left, mut only_right) = (Vec::new(), Vec::new());
    while let (Some(one), Some(other)) = (left.get(row), right.get(column)) {
        if one.key == other.key {
            (row, column) = (row + 1, column + 1);
        } else if at(row + 1, column) >= at(row, column + 1) {
            add(&mut only_left, row, one);
            row += 1;
        } else {
            add(&mut only_right, column, other);
            column += 1;
        }
    }
    left.iter().enumerate().skip(row).for_each(|(idx, word)| add(&mut only_left, idx, word));
    right.iter().enumerate().skip(column).for_each(|(idx, word)| add(&mut only_right, idx, word));
    let ranges = |found: Vec<(usize, Range<usize>)>| found.into_iter().map(|(_, range)| range).collect();
    Some((ranges(only_left), ranges(only_right)))
}

/// A word, and what of it is compared.
struct Word {
    key: String,
    range: Range<usize>,
}

fn words(text: &str) -> Vec<Word> {
    let is_around = |letter: char| !letter.is_alphanumeric() && !"%°$€£".contains(letter);
    let mut end = 0;
    let words = text.split_inclusive(char::is_whitespace).filter_map(|piece| {
        let start = end + (piece.len() - piece.trim_start_matches(is_around).len());
        end += piece.len();
        let bare = piece.trim_matches(is_around);
        (!bare.is_empty()).then(|| Word { key: bare.to_lowercase(), range: start..start + bare.len() })
    });
    words.collect()
}

/// Returns, for each pair of positions, the length of the longest common subsequence of what follows them.
fn lengths(left: &[Word], right: &[Word]) -> Vec<u32> {
    let width = right.len() + 1;
    let mut table = vec![0u32; (left.len() + 1) * width];
    for (row, one) in left.iter().enumerate().rev() {
        for (column, other) in right.iter().enumerate().rev() {
            let at = |row: usize, column: usize| table.get(row * width + column).copied().unwrap_or(0);
            let best = if one.key == other.key {
                at(row + 1, column + 1) + 1
            } else {
                at(row + 1, column).max(at(row, column + 1))
            };
            if let Some(cell) = table.get_mut(row * width + column) {
                *cell = best;
            }
        }
    }
    table
}

/// Adds a word; one that follows the last goes into one range with it.
fn add(found: &mut Vec<(usize, Range<usize>)>, idx: usize, word: &Word) {
    match found.last_mut() {
        Some((last, range)) if *last + 1 == idx => (*last, range.end) = (idx, word.range.end),
        Some(_) | None => found.push((idx, word.range.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, expected: (&[&str], &[&str])) {
        let (only_left, only_right) = differing_words(left, right).unwrap();
        let of = |text: &'static str, ranges: Differing| -> Vec<String> {
            ranges.into_iter().map(|range| text[range].to_owned()).collect()
        };
        let (left, right): (&'static str, &'static str) = (left.to_owned().leak(), right.to_owned().leak());
        assert_eq!(of(left, only_left), expected.0, "{left:?} and {right:?}");
        assert_eq!(of(right, only_right), expected.1, "{left:?} and {right:?}");
    }

    #[test]
    fn what_differs_is_found_and_neighbours_stand_together() {
        check("It opened on 29 October 1969.", "it opened on **29 October 1968**", (&["1969"], &["1968"]));
        check("The pass is 2,469 m high", "The pass is about 2,475 m high", (&["2,469"], &["about 2,475"]));
        check("one two three", "one two three four five", (&[], &["four five"]));
        check("same words", "same words", (&[], &[]));
    }

    #[test]
    fn a_percent_sign_is_part_of_its_word() {
        check("it is 5% of it", "it is 5 of it", (&["5%"], &["5"]));
    }

    #[test]
    fn sentences_in_other_words_are_not_marked_word_by_word() {
        assert_eq!(differing_words("the landing took place in July", "Apollo 11 touched down that summer"), None);
        assert_eq!(differing_words("", "something"), None);
        assert_eq!(differing_words(&"a ".repeat(301), "a"), None);
    }
}
