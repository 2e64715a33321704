//! Scrolling in step: where a column belongs when another one is at a certain row.
//!
//! Answers to one question are of different lengths. Between two headings that both have, the same share of the way is
//! gone; without shared headings, of the whole.

use crate::ui::text::document::Document;
use crate::ui::text::row::RowKind;

/// A heading, as far as it can be found in another answer, and its row.
type Heading = (String, usize);

/// Returns the row of `other` that belongs to row `top` of `leader`; rows count from the answers' first.
pub fn row_in_step(leader: &Document, other: &Document, top: usize) -> usize {
    let shared = shared_rows(&headings(leader), &headings(other));
    let ends = (leader.n_rows(), other.n_rows());
    let stops = std::iter::once((0, 0)).chain(shared).chain([ends]);
    let stops: Vec<(usize, usize)> = stops.collect();
    let section = stops.windows(2).rfind(|pair| pair.first().is_some_and(|(start, _)| *start <= top));
    let Some([(start, other_start), (end, other_end)]) = section else { return 0 };
    let (length, other_length) = (end.saturating_sub(*start), other_end.saturating_sub(*other_start));
    let gone = top.saturating_sub(*start).min(length);
    other_start + (gone * other_length).checked_div(length).unwrap_or(0)
}

/// Returns the headings of a document in order.
fn headings(document: &Document) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut is_in_heading = false;
    for (idx, row) in (0..document.n_rows()).filter_map(|idx| Some((idx, document.row(idx)?))) {
        let is_heading = matches!(row.kind, RowKind::Heading(_));
        if is_heading {
            let text = row.text();
            let words: String =
                text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            match headings.last_mut() {
                Some((heading, _)) if is_in_heading => heading.push_str(&words),
                Some(_) | None => headings.push((words, idx)),
            }
        }
        is_in_heading = is_heading;
    }
    headings
}

/// Returns the rows of headings that both have, in the order of both.
fn shared_rows(leader: &[Heading], other: &[Heading]) -> Vec<(usize, usize)> {
    let mut rest = other.iter();
    let shared = leader.iter().filter_map(|(text, row)| {
        let mut ahead = rest.clone();
        let (_, found) = ahead.find(|(candidate, _)| candidate == text)?;
        rest = ahead;
        Some((*row, *found))
    });
    shared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(text: &str) -> Document {
        let mut document = Document::new();
        document.push(text);
        document.close();
        document.reflow();
        document
    }

    /// A section with a heading and so many rows of items below it.
    fn section(heading: &str, n_items: usize) -> String {
        let items: Vec<String> = (0..n_items).map(|idx| format!("- item {idx}\n")).collect();
        format!("## {heading}\n{}\n", items.concat())
    }

    #[test]
    fn without_shared_headings_the_same_share_is_gone() {
        let (short, long) = (laid(&section("one", 10)), laid(&section("two", 40)));
        assert_eq!(row_in_step(&short, &long, 0), 0);
        assert_eq!(row_in_step(&short, &long, short.n_rows() / 2), long.n_rows() * 5 / 11);
        assert_eq!(row_in_step(&short, &long, short.n_rows()), long.n_rows());
    }

    #[test]
    fn shared_headings_stand_next_to_each_other() {
        let leader = laid(&[section("Why", 4), section("How", 20)].concat());
        let other = laid(&[section("Intro", 9), section("why", 30), section("**How**", 5)].concat());
        let row_of = |document: &Document, word: &str| {
            (0..document.n_rows()).find(|idx| document.row(*idx).unwrap().text() == word).unwrap()
        };
        assert_eq!(row_in_step(&leader, &other, row_of(&leader, "Why")), row_of(&other, "why"));
        assert_eq!(row_in_step(&leader, &other, row_of(&leader, "How")), row_of(&other, "How"));
        let between = row_of(&leader, "Why") + 3;
        let found = row_in_step(&leader, &other, between);
        assert!((row_of(&other, "why")..row_of(&other, "How")).contains(&found));
    }

    #[test]
    fn an_empty_answer_stays_at_its_start() {
        assert_eq!(row_in_step(&laid(&section("one", 10)), &laid(""), 5), 0);
        assert_eq!(row_in_step(&laid(""), &laid(&section("one", 10)), 0), 0);
    }
}
