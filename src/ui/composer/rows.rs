//! Soft wrap: a text in rows of a width, and the way from an offset to a cell and back.

use std::ops::Range;

use crate::ui::composer::folds::Folds;
use crate::ui::text::width::{Grapheme, graphemes, width};

/// A text in rows; kept until it is edited.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    width: u16,
    /// Byte ranges of the text, without the line feeds; never empty once wrapped.
    ranges: Vec<Range<usize>>,
}

impl Rows {
    pub(super) fn of_width(width: u16) -> Self {
        Self { width, ranges: Vec::new() }
    }

    pub(super) fn width(&self) -> u16 {
        self.width
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len().max(1)
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.ranges.iter().cloned()
    }

    /// Has the text wrapped anew when rows are wanted next.
    pub(super) fn forget(&mut self) {
        self.ranges.clear();
    }

    /// Wraps the text, unless that has been done already. One cell at the right stays free for the cursor.
    pub(super) fn wrap(&mut self, text: &str, folds: &Folds) {
        if !self.ranges.is_empty() {
            return;
        }
        let room = self.room();
        let mut start = 0;
        for line in text.split('\n') {
            self.wrap_line(line, start, room, folds);
            start += line.len() + 1;
        }
    }

    /// Returns the cells for text in a row: all but the cursor's; without end before the first layout.
    fn room(&self) -> u16 {
        if self.width == 0 { u16::MAX } else { (self.width - 1).max(1) }
    }

    fn wrap_line(&mut self, line: &str, start: usize, room: u16, folds: &Folds) {
        let mut row_start = 0;
        let mut filled = 0;
        // Where the row may end: after blanks, and on either side of wide letters, which have none between words.
        let mut last_break = None;
        let mut before: Option<Grapheme<'_>> = None;
        for grapheme in graphemes(line) {
            let cells = cells_of(grapheme.text, folds, room);
            let is_blank = grapheme.text.chars().all(char::is_whitespace);
            let after_blank = before.is_some_and(|before| before.text.chars().all(char::is_whitespace));
            let beside_wide = before.is_some_and(|before| before.width > 1) || grapheme.width > 1;
            if before.is_some() && (after_blank && !is_blank || beside_wide) {
                last_break = Some(grapheme.at);
            }
            // Blanks at the end of a row hang over: a row never begins with the blank that ended the one before.
            if filled + cells > room && !is_blank && grapheme.at > row_start {
                let end = last_break.filter(|at| *at > row_start).unwrap_or(grapheme.at);
                self.ranges.push(start + row_start..start + end);
                filled = line.get(end..grapheme.at).map_or(0, |rest| cells_in(rest, folds, room));
                row_start = end;
                last_break = None;
            }
            filled = filled.saturating_add(cells);
            before = Some(grapheme);
        }
        self.ranges.push(start + row_start..start + line.len());
    }

    /// Returns the row and the cell of a byte offset. Between two rows of one line, that is the beginning of the second.
    pub(super) fn place(&self, offset: usize, text: &str, folds: &Folds) -> (usize, u16) {
        let row = self.ranges.iter().rposition(|range| range.start <= offset).unwrap_or(0);
        let start = self.ranges.get(row).map_or(0, |range| range.start);
        let x = text.get(start..offset).map_or(0, |before| cells_in(before, folds, self.room()));
        (row, x.min(self.room()))
    }

    /// Returns the byte offset in a row that is nearest to a cell, not past it.
    pub(super) fn at(&self, row: usize, x: u16, text: &str, folds: &Folds) -> usize {
        let Some(range) = self.ranges.get(row) else { return text.len() };
        let is_last_of_line = self.ranges.get(row + 1).is_none_or(|next| next.start > range.end);
        let mut filled = 0;
        let mut last = range.start;
        for grapheme in graphemes(text.get(range.clone()).unwrap_or_default()) {
            last = range.start + grapheme.at;
            let cells = cells_of(grapheme.text, folds, self.room());
            if filled + cells > x {
                return last;
            }
            filled += cells;
        }
        // Behind the last letter of a row that goes on, the cursor would stand in the next one.
        if is_last_of_line { range.end } else { last }
    }
}

/// Returns the cells that a grapheme takes; the label for one that stands for a fold.
pub(super) fn cells_of(grapheme: &str, folds: &Folds, room: u16) -> u16 {
    folds.label(grapheme).map_or_else(|| width(grapheme), |label| width(&label)).min(room)
}

fn cells_in(text: &str, folds: &Folds, room: u16) -> u16 {
    graphemes(text).map(|grapheme| cells_of(grapheme.text, folds, room)).fold(0, u16::saturating_add)
}
