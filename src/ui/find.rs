//! Finding words in what is shown: where they stand, which place was gone to, where the search began.

use std::ops::Range;

use crate::ui::column::Place;
use crate::ui::geometry::Pane;
use crate::ui::line::Slot;
use crate::ui::scroll::Scroll;
use crate::ui::text::document::Document;
use crate::ui::text::row::Row;

/// Places that are counted; more say nothing that these do not.
pub const MOST_HITS: usize = 999;

/// A search.
#[derive(Clone, Debug)]
pub struct Find {
    /// What is looked for.
    pub query: String,
    /// Whether it is still being typed.
    pub is_typing: bool,
    /// Where it was found, from left to right and top to bottom.
    pub hits: Vec<Hit>,
    /// Which of them was gone to.
    pub at: usize,
    /// Where everything stood before.
    pub origin: Origin,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The position of the turn in the conversation.
    pub turn: usize,
    /// The column, or the conversation.
    pub pane: Pane,
    /// The bytes of the provider's text; `None` in a question.
    pub range: Option<Range<usize>>,
}

/// Where everything stood before a search.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What had the focus.
    pub pane: Pane,
    /// The shown turn.
    pub selected: usize,
    /// The columns of that turn.
    pub columns: Vec<Place>,
    /// The conversation.
    pub chat: Scroll,
}

impl Find {
    /// Returns what lies over a text: the places found in it, the one gone to on top.
    pub fn layers(&self, turn: usize, pane: Pane) -> impl Iterator<Item = (Range<usize>, Slot)> + '_ {
        let here = move |hit: &&Hit| hit.turn == turn && hit.pane == pane;
        let found = self.hits.iter().filter(here).filter_map(|hit| Some((hit.range.clone()?, Slot::Found)));
        let current = self.hits.get(self.at).filter(here).and_then(|hit| Some((hit.range.clone()?, Slot::FoundHere)));
        found.chain(current)
    }

    /// Returns whether the question of a turn is among the places.
    pub fn is_in_question(&self, turn: usize) -> bool {
        self.hits.iter().any(|hit| hit.turn == turn && hit.range.is_none())
    }

    /// Returns how far the search is: `3/12`, or that nothing was found.
    pub fn standing(&self) -> String {
        match self.hits.len() {
            _ if self.query.is_empty() => String::new(),
            0 => "not found".to_owned(),
            n_hits if n_hits >= MOST_HITS => format!("{}/{MOST_HITS}+", self.at + 1),
            n_hits => format!("{}/{n_hits}", self.at + 1),
        }
    }
}

/// Returns whether capitals count: they do once the query has one.
pub fn heeds_case(query: &str) -> bool {
    query.chars().any(char::is_uppercase)
}

/// Returns where `query` stands in a text, as bytes of the provider's; at most `most` places.
///
/// What is searched is what a reader sees: across line ends, without the marks of markdown. Runs of blanks are one.
pub fn places(document: &Document, query: &str, most: usize) -> Vec<Range<usize>> {
    let heeds_case = heeds_case(query);
    let needle = needle(query, heeds_case);
    if needle.is_empty() {
        return Vec::new();
    }
    let page = Page::of(document, heeds_case);
    page.text.match_indices(&needle).take(most).filter_map(|(at, found)| page.source(at..at + found.len())).collect()
}

/// Returns whether `query` stands in a plain text.
pub fn is_in(text: &str, query: &str) -> bool {
    let heeds_case = heeds_case(query);
    let needle = needle(query, heeds_case);
    !needle.is_empty() && self::needle(text, heeds_case).contains(&needle)
}

fn needle(query: &str, heeds_case: bool) -> String {
    let mut needle = String::with_capacity(query.len());
    query.chars().for_each(|letter| push(&mut needle, letter, heeds_case));
    needle
}

/// Appends a letter as it is compared.
fn push(text: &mut String, letter: char, heeds_case: bool) {
    if letter.is_whitespace() {
        if !text.ends_with(' ') {
            text.push(' ');
        }
    } else if heeds_case {
        text.push(letter);
    } else {
        text.extend(letter.to_lowercase());
    }
}

/// The text of a document as a reader sees it, in one line.
#[derive(Default)]
struct Page {
    text: String,
    /// Where each cell begins in the text, and the provider's bytes that it shows.
    cells: Vec<(usize, Range<usize>)>,
    /// Where the last row ends in the provider's text.
    end: usize,
}

impl Page {
    fn of(document: &Document, heeds_case: bool) -> Self {
        let mut page = Self::default();
        for row in (0..document.n_rows()).filter_map(|idx| document.row(idx)) {
            page.row(row, heeds_case);
        }
        page
    }

    fn row(&mut self, row: &Row, heeds_case: bool) {
        // What was cut within a word goes on where it was cut; elsewhere a blank or a line end hangs over the edge.
        if row.source.start != self.end {
            push(&mut self.text, ' ', heeds_case);
        }
        self.end = row.source.end;
        for span in &row.spans {
            if span.source.is_empty() {
                // The joint of two lines shows no byte, nor does the air between the cells of a table.
                if span.text.trim().is_empty() && !self.text.is_empty() {
                    push(&mut self.text, ' ', heeds_case);
                }
                continue;
            }
            for cell in span.cells() {
                self.cells.push((self.text.len(), cell.source));
                cell.text.chars().for_each(|letter| push(&mut self.text, letter, heeds_case));
            }
        }
    }

    fn source(&self, found: Range<usize>) -> Option<Range<usize>> {
        let cell_at = |at: usize| self.cells.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let (_, first) = self.cells.get(cell_at(found.start)?)?;
        let (_, last) = self.cells.get(cell_at(found.end - 1)?)?;
        Some(first.start..last.end.max(first.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, width: u16, query: &str, expected: &[&str]) {
        let mut document = Document::new();
        document.push(text);
        document.close();
        document.set_width(width);
        document.reflow();
        let found: Vec<&str> = places(&document, query, 99).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{query:?} in {text:?}");
    }

    #[test]
    fn words_are_found_across_marks_and_line_ends() {
        check("It was **July 20**, 1969.", 60, "july 20, 1969", &["July 20**, 1969"]);
        check("one two three four five", 9, "two three", &["two three"]);
        check("one\ntwo", 40, "one two", &["one\ntwo"]);
        check("- one\n- two", 40, "one", &["one"]);
        check("```\nlet some_long_name = 1;\n```", 12, "long_name", &["long_name"]);
    }

    #[test]
    fn capitals_count_once_the_query_has_one() {
        check("Apollo apollo", 40, "apollo", &["Apollo", "apollo"]);
        check("Apollo apollo", 40, "Apollo", &["Apollo"]);
        check("Ärger ärger", 40, "ärger", &["Ärger", "ärger"]);
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        check("text", 40, "", &[]);
        check("", 40, "text", &[]);
        check("text", 40, "texts", &[]);
    }

    #[test]
    fn wide_and_joined_characters_are_found_whole() {
        check("漢字とかな", 4, "字と", &["字と"]);
        check("a 👩\u{200d}👩\u{200d}👧 b", 40, "👩\u{200d}👩\u{200d}👧", &["👩\u{200d}👩\u{200d}👧"]);
    }
}
