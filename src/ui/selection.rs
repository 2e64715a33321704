//! What the mouse has selected: a stretch of one text, in the provider's bytes, so that new text and other widths leave
//! it where it is.

use std::ops::Range;
use std::time::{Duration, Instant};

use ratatui::layout::Position;

use crate::ui::geometry::Pane;
use crate::ui::text::document::Document;
use crate::ui::text::row::Row;

/// How soon a second press on the same cell selects the word: what desktops use by default.
const DOUBLE_CLICK: Duration = Duration::from_millis(500);

/// What the mouse is at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointing {
    /// What is selected.
    pub selection: Option<Selection>,
    /// Whether the button is still down.
    pub is_dragging: bool,
    /// The last press: where and when.
    last_press: Option<(Position, Instant)>,
}

/// A stretch of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The position of the turn in the conversation.
    pub turn: usize,
    /// The column, or the conversation.
    pub pane: Pane,
    /// The character where it began.
    start: Range<usize>,
    /// The character where it ends, before or behind.
    end: Range<usize>,
}

impl Pointing {
    /// Notes a press; returns whether it is the second one of a double click.
    pub fn press(&mut self, at: Position, now: Instant) -> bool {
        let before = self.last_press.replace((at, now));
        let is_double =
            before.is_some_and(|(place, then)| place == at && now.saturating_duration_since(then) <= DOUBLE_CLICK);
        if is_double {
            self.last_press = None;
        }
        is_double
    }
}

impl Selection {
    /// Returns the selection of one character.
    pub fn new(turn: usize, pane: Pane, character: Range<usize>) -> Self {
        Self { turn, pane, end: character.clone(), start: character }
    }

    /// Returns the selection of the word around a character.
    pub fn word(turn: usize, pane: Pane, character: &Range<usize>, document: &Document) -> Self {
        let text = document.text();
        let at = document.offsets().to_clean(character.start);
        let is_part = |letter: char| letter.is_alphanumeric() || "_-'’".contains(letter);
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
        let n_before = before.len() - before.trim_end_matches(is_part).len();
        let n_after = after.len() - after.trim_start_matches(is_part).len();
        let range = document.offsets().range_to_source(at - n_before..at + n_after);
        let is_word = after.starts_with(is_part);
        let character = if is_word { range } else { character.clone() };
        Self::new(turn, pane, character)
    }

    /// Moves the end.
    pub fn reach(&mut self, character: Range<usize>) {
        self.end = character;
    }

    /// Returns whether it is more than where it began.
    pub fn is_stretched(&self) -> bool {
        self.start != self.end
    }

    /// Returns the provider's bytes that are selected.
    pub fn range(&self) -> Range<usize> {
        self.start.start.min(self.end.start)..self.start.end.max(self.end.end)
    }

    /// Returns the selected text as it may be copied: the source, cleaned, without wraps and gutters.
    pub fn text<'a>(&self, document: &'a Document) -> &'a str {
        document.text().get(document.offsets().range_to_clean(self.range())).unwrap_or_default()
    }
}

/// Returns the bytes of the character at a cell of a row, counted from its first; left and right of the text, those of
/// the nearest one. `None` for a row that shows no text.
pub fn character_at(row: &Row, cell: u16) -> Option<Range<usize>> {
    let mut x = 0;
    let mut nearest = None;
    for span in &row.spans {
        for shown in span.cells() {
            let is_text = !shown.source.is_empty();
            if is_text && (x <= cell || nearest.is_none()) {
                nearest = Some(shown.source);
            }
            x += if shown.text == "\t" { 4 } else { shown.width };
            if x > cell && nearest.is_some() {
                return nearest;
            }
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Column;

    fn laid(text: &str, width: u16) -> Document {
        let mut document = Document::new();
        document.push(text);
        document.close();
        document.set_width(width);
        document.reflow();
        document
    }

    #[test]
    fn a_cell_gives_the_character_that_it_shows() {
        let document = laid("- **ab**漢c", 40);
        let text = document.text();
        let at = |cell| character_at(document.row(0).unwrap(), cell).map(|range| &text[range]);
        let shown: Vec<_> = (0..8).map(at).collect();
        assert_eq!(shown, ["a", "a", "a", "b", "漢", "漢", "c", "c"].map(Some));
    }

    #[test]
    fn a_selection_is_source_text_whichever_way_it_was_drawn() {
        let document = laid("one **two** three four", 8);
        let start = document.text().find('w').unwrap();
        let end = document.text().find("hree").unwrap();
        for (from, to) in [(start, end), (end, start)] {
            let mut selection = Selection::new(0, Pane::Column(Column(0)), from..from + 1);
            assert!(!selection.is_stretched());
            selection.reach(to..to + 1);
            assert_eq!(selection.text(&document), "wo** th");
        }
    }

    #[test]
    fn a_word_is_selected_whole() {
        let document = laid("Use `--force-with-lease`, Zoë.", 40);
        let word = |part: &str| {
            let at = document.text().find(part).unwrap();
            Selection::word(0, Pane::Chat, &(at..at + 1), &document).text(&document).to_owned()
        };
        assert_eq!(word("with"), "--force-with-lease");
        assert_eq!(word("oë"), "Zoë");
        assert_eq!(word(","), ",");
    }
}
