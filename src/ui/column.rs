//! One column of one turn: the answer, laid out, its reasoning folded above it, and the place that is being read.
//!
//! Rows count from the first row of the reasoning on. A column that is not following holds on to what its top row
//! shows, not to that row's number: new widths, new text and unfolded reasoning do not move it.

use crate::domain::response::Response;
use crate::ui::coloring::Given;
use crate::ui::line::Line;
use crate::ui::marks::Marks;
use crate::ui::scroll::{Extent, Scroll};
use crate::ui::sources;
use crate::ui::text::document::Document;
use crate::ui::text::row::Row;
use crate::ui::thought::{self, Thought};

/// One column of one turn.
#[derive(Debug, Default)]
pub struct ColumnView {
    /// The answer, laid out.
    pub document: Document,
    /// The reasoning before it.
    pub thought: Thought,
    /// Where the column stands.
    pub scroll: Scroll,
    /// What the consensus says of it.
    pub marks: Marks,
    /// The lines of code that have been given away to be coloured.
    pub given: Given,
    /// Which answer this is: counts up when the model is asked anew.
    pub generation: u32,
    /// What the top row shows while the column does not follow.
    anchor: Option<Anchor>,
    /// Rows before the answer.
    n_lead: usize,
    /// The pages that the answer rests on, in rows under it.
    sources: Vec<Line>,
    /// What is said under the answer, in rows below those.
    tail: Vec<Line>,
    /// Bytes of the answer that had come in when its end was last in sight.
    n_seen: usize,
}

/// What a row shows, told in a way that survives a new layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    /// The row of the reasoning.
    Lead(usize),
    /// The provider's byte that the row begins with, and how many rows below the one that shows it the row stands, or
    /// above where it is negative: blank rows show no byte of their own, and cells side by side show one twice.
    Answer { source: usize, n_below: isize },
    /// The row of what stands under the answer: the pages that it rests on, and what is said of it.
    Tail(usize),
}

/// Where a column stands, to come back to.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    scroll: Scroll,
    anchor: Option<Anchor>,
}

/// One row of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BodyRow<'a> {
    /// The line that stands for the reasoning.
    Summary,
    /// A row of the reasoning.
    Thought(&'a Row),
    /// Nothing.
    Blank,
    /// A row of the answer.
    Answer(&'a Row),
    /// A row of the pages that it rests on.
    Source(&'a Line),
    /// A row of what is said under it.
    Tail(&'a Line),
}

impl ColumnView {
    /// Returns the view of an answer that begins anew in place of this one.
    pub fn anew(&self) -> Self {
        let mut next = Self { generation: self.generation + 1, ..Self::default() };
        next.thought.is_unfolded = self.thought.is_unfolded;
        next
    }

    /// Lays out what is new for rows of `cells`, and finds the top row again. `height` rows are in sight; `tail` is what
    /// is said under the answer.
    pub fn reflow(&mut self, response: &Response, cells: u16, height: usize, tail: Vec<Line>) {
        self.document.set_width(cells);
        self.document.reflow();
        if self.thought.is_unfolded {
            self.thought.document.set_width(cells);
            self.thought.document.reflow();
        }
        self.sources = sources::lines(response, cells);
        self.tail = tail;
        self.n_lead = match (thought::is_known(response), self.document.n_rows()) {
            (false, _) => 0,
            (true, 0) => 1 + self.thought.n_rows(),
            (true, _) => 2 + self.thought.n_rows(),
        };
        if let (false, Some(anchor)) = (self.scroll.is_following, self.anchor) {
            self.scroll.top = match anchor {
                Anchor::Lead(row) => row.min(self.n_lead),
                Anchor::Tail(row) => self.n_lead + self.document.n_rows() + row,
                Anchor::Answer { source, n_below } => {
                    self.row_at_source(source).unwrap_or(0).saturating_add_signed(n_below).max(self.n_lead)
                }
            };
        }
        if self.scroll.rows_below(Extent::new(self.n_rows(), height)) == 0 {
            self.n_seen = self.document.text().len();
        }
    }

    /// Changes where the column stands.
    pub fn scroll_with(&mut self, how: impl FnOnce(&mut Scroll)) {
        how(&mut self.scroll);
        self.hold();
    }

    /// Returns where the column stands.
    pub fn place(&self) -> Place {
        Place { scroll: self.scroll, anchor: self.anchor }
    }

    /// Stands where the column stood before.
    pub fn return_to(&mut self, place: Place) {
        (self.scroll, self.anchor) = (place.scroll, place.anchor);
    }

    /// Returns the provider's byte that the top row begins with while the column does not follow; else 0.
    pub fn top_source(&self) -> usize {
        match self.anchor {
            Some(Anchor::Answer { source, .. }) => source,
            Some(Anchor::Tail(_)) => self.document.source_at_row(self.document.n_rows()),
            Some(Anchor::Lead(_)) | None => 0,
        }
    }

    /// Returns how many rows stand before the answer's.
    pub fn n_lead(&self) -> usize {
        self.n_lead
    }

    /// Remembers what the top row shows.
    fn hold(&mut self) {
        self.anchor = match (self.scroll.is_following, self.scroll.top.checked_sub(self.n_lead)) {
            (true, _) => None,
            (false, None) => Some(Anchor::Lead(self.scroll.top)),
            (false, Some(row)) if row >= self.document.n_rows() => Some(Anchor::Tail(row - self.document.n_rows())),
            (false, Some(row)) => {
                let source = self.document.source_at_row(row);
                let found = self.document.row_at_source(source).unwrap_or(row);
                Some(Anchor::Answer { source, n_below: row.wrapping_sub(found).cast_signed() })
            }
        };
    }

    /// Returns how many rows there are.
    pub fn n_rows(&self) -> usize {
        self.n_lead + self.document.n_rows() + self.sources.len() + self.tail.len()
    }

    /// Returns a row, counted from 0.
    pub fn row(&self, idx: usize) -> Option<BodyRow<'_>> {
        let n_thought = self.thought.n_rows();
        match idx.checked_sub(self.n_lead) {
            Some(row) => self.document.row(row).map(BodyRow::Answer).or_else(|| {
                let below = row.checked_sub(self.document.n_rows())?;
                let tail = || self.tail.get(below.checked_sub(self.sources.len())?).map(BodyRow::Tail);
                self.sources.get(below).map(BodyRow::Source).or_else(tail)
            }),
            None if idx == 0 => Some(BodyRow::Summary),
            None if idx <= n_thought => self.thought.document.row(idx - 1).map(BodyRow::Thought),
            None => Some(BodyRow::Blank),
        }
    }

    /// Returns the row that shows the provider's byte at `source` of the answer; see [`Document::row_at_source`].
    pub fn row_at_source(&self, source: usize) -> Option<usize> {
        self.document.row_at_source(source).map(|row| row + self.n_lead)
    }

    /// Returns how many rows came in below since the end was last in sight, while the column does not follow.
    pub fn n_new(&self) -> usize {
        if self.scroll.is_following || self.n_seen >= self.document.text().len() {
            return 0;
        }
        let seen = self.document.offsets().to_source(self.n_seen.saturating_sub(1));
        let last_seen = self.row_at_source(seen).map_or(0, |row| row + 1);
        self.n_rows().saturating_sub(last_seen).max(1)
    }
}
