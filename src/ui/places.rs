//! Which rows of a pane are in sight: worked out here and nowhere else, for scrolling, painting, the mouse and colouring.

use crate::ui::app::App;
use crate::ui::column::ColumnView;
use crate::ui::geometry::Pane;
use crate::ui::scroll::Extent;

/// Where the turns stand in the rows of the conversation; laid down with its layout.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The first row of each turn, and one past the last row.
    starts: Vec<usize>,
}

impl Places {
    /// Takes the rows that each turn has, from turn `first` on.
    pub(crate) fn stack(&mut self, first: usize, n_rows: impl Iterator<Item = usize>) {
        self.starts.truncate(first + 1);
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        for n_rows in n_rows {
            self.starts.push(self.n_rows() + n_rows);
        }
    }

    /// Returns the rows of the whole conversation.
    pub fn n_rows(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Returns the row of the conversation that a turn begins with.
    pub fn start(&self, turn: usize) -> usize {
        self.starts.get(turn).copied().unwrap_or_else(|| self.n_rows())
    }

    /// Returns the turn that has a row of the conversation, and which of its rows that is.
    pub fn turn_at(&self, row: usize) -> Option<(usize, usize)> {
        let turn = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
        (row < self.n_rows()).then(|| (turn, row - self.start(turn)))
    }
}

impl App {
    /// Returns whether the conversation stands below the columns, with room for a few rows only. There it follows the
    /// head of the selected turn, which has the verdict, rather than the end of the answer.
    pub fn is_chat_low(&self) -> bool {
        self.layout.chat_head.is_some_and(|head| head.height == 1)
    }

    /// Returns the rows of a pane. A column that is out of sight is as high as those in sight.
    pub fn extent(&self, pane: Pane) -> Extent {
        match pane {
            Pane::Chat => {
                let height = self.layout.chat.map_or(0, |area| usize::from(area.height));
                let end = Extent::new(self.places.n_rows(), height);
                if self.is_chat_low() { Extent { home: self.places.start(self.selected), ..end } } else { end }
            }
            Pane::Column(column) => {
                let shown = self.shown().and_then(|view| view.columns.get(column.index()));
                Extent::new(shown.map_or(0, ColumnView::n_rows), self.body_height(column))
            }
        }
    }

    /// Returns the first row of a pane that is in sight.
    pub fn first_row(&self, pane: Pane) -> usize {
        let extent = self.extent(pane);
        match pane {
            Pane::Chat => self.chat_scroll.first_row(extent),
            Pane::Column(column) => {
                let shown = self.shown().and_then(|view| view.columns.get(column.index()));
                shown.map_or(0, |shown| shown.scroll.first_row(extent))
            }
        }
    }

    /// Returns how many rows of a pane lie below those in sight.
    pub fn rows_below(&self, pane: Pane) -> usize {
        let extent = self.extent(pane);
        extent.n_rows.saturating_sub(self.first_row(pane) + extent.height)
    }
}
