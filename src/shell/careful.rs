//! A backend that never asks the terminal anything, and leaves no half of a character behind.
//!
//! A letter with a spacing mark, as in Hindi or Tamil, counts as one wide character here. Many terminals draw it as two
//! narrow ones, and keep the second where only the first is written over.

use std::collections::HashMap;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth as _};
use ratatui::layout::{Position, Size};

static BLANK: Cell = Cell::EMPTY;

/// The most cells that are painted: those of a screen of 7,680 by 4,320 points in letters of 5 by 9. A cell costs about a
/// hundred bytes here, and a window can claim to have four thousand million.
const MOST_CELLS: u32 = 750_000;

/// The most columns and rows.
const MOST_ON_A_SIDE: u16 = 2_000;

/// Returns as much of a window as is painted: all of it, but for sizes that no screen has.
fn bounded(size: Size) -> Size {
    let width = size.width.min(MOST_ON_A_SIDE);
    let rows = MOST_CELLS / u32::from(width.max(1));
    Size { width, height: size.height.min(MOST_ON_A_SIDE).min(u16::try_from(rows).unwrap_or(u16::MAX)) }
}

/// A backend with a memory for such characters.
#[derive(Debug)]
pub struct Careful<B> {
    inner: B,
    /// Where they stand, with the cells that they fill.
    joined: HashMap<(u16, u16), u16>,
    cursor: Position,
}

impl<B> Careful<B> {
    /// Returns `inner` with a clean memory.
    pub fn new(inner: B) -> Self {
        Self { inner, joined: HashMap::new(), cursor: Position::ORIGIN }
    }
}

/// Returns the cells of a sign that is made of several, more than its first character fills; `None` for all others.
fn joined_cells(symbol: &str) -> Option<u16> {
    if symbol.len() <= 1 {
        return None;
    }
    let first = symbol.chars().next()?;
    let width = symbol.cell_width();
    (width > 1 && width > first.encode_utf8(&mut [0; 4]).cell_width()).then_some(width)
}

impl<B: Backend> Backend for Careful<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let joined = &mut self.joined;
        let careful = content.flat_map(|(x, y, cell)| {
            // What the character on each cell that is written over filled besides.
            let mut end = x + 1;
            if !joined.is_empty() {
                for covered in x..x.saturating_add(cell.cell_width().max(1)) {
                    end = end.max(joined.remove(&(covered, y)).map_or(end, |width| covered + width));
                }
            }
            if let Some(width) = joined_cells(cell.symbol()) {
                joined.insert((x, y), width);
            }
            let wiped = (x + cell.cell_width().max(1)..end).map(move |x| (x, y, &BLANK));
            std::iter::once((x, y, cell)).chain(wiped)
        });
        self.inner.draw(careful)
    }

    fn append_lines(&mut self, n: u16) -> Result<(), B::Error> {
        self.inner.append_lines(n)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.show_cursor()
    }

    /// Returns where the cursor was put last. The terminal is not asked: its answer would come among the keys, where
    /// another reader takes it, and whoever clears the screen would wait for two seconds and fail.
    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.cursor = position.into();
        self.inner.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.joined.clear();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), B::Error> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size().map(bounded)
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_is_larger_than_a_screen_can_be() {
        let check = |from: (u16, u16), to: (u16, u16)| assert_eq!(bounded(from.into()), to.into());
        check((0, 0), (0, 0));
        check((120, 40), (120, 40));
        check((1_500, 480), (1_500, 480));
        check((3_000, 3_000), (2_000, 375));
        check((u16::MAX, u16::MAX), (2_000, 375));
        check((1, u16::MAX), (1, 2_000));
    }

    #[test]
    fn only_what_is_made_of_several_cells_is_remembered() {
        for (symbol, expected) in
            [("न\u{93f}", Some(2)), ("漢", None), ("e\u{301}", None), ("🚀", None), ("a", None), ("", None)]
        {
            assert_eq!(joined_cells(symbol), expected, "{symbol}");
        }
    }
}
