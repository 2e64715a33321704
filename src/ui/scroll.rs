//! Where a pane stands in its rows. Following the newest row is a state, not a habit: any upward move drops it.

/// The position of one pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scroll {
    /// Whether the newest row is kept in sight.
    pub is_following: bool,
    /// The first row in sight, when not following.
    pub top: usize,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { is_following: true, top: 0 }
    }
}

impl Scroll {
    /// Returns the first row in sight of a pane of `height` rows over `n_rows` rows.
    pub fn first_row(self, n_rows: usize, height: usize) -> usize {
        let last_top = n_rows.saturating_sub(height);
        if self.is_following { last_top } else { self.top.min(last_top) }
    }

    /// Moves by some rows; arriving at the end follows again.
    pub fn by(&mut self, rows: isize, n_rows: usize, height: usize) {
        let last_top = n_rows.saturating_sub(height);
        self.top = self.first_row(n_rows, height).saturating_add_signed(rows).min(last_top);
        self.is_following = rows > 0 && self.top == last_top;
        if rows < 0 && last_top == 0 {
            // Everything is in sight: there is nothing to hold on to.
            self.is_following = true;
        }
    }

    /// Moves so that `row` is in sight, a third from the top, and holds there.
    pub fn to(&mut self, row: usize, n_rows: usize, height: usize) {
        self.is_following = false;
        self.top = row.saturating_sub(height / 3).min(n_rows.saturating_sub(height));
    }

    /// Moves so that `row` is the top one, as far as there are rows below it, and holds there.
    pub fn to_row(&mut self, row: usize, n_rows: usize, height: usize) {
        *self = Self { is_following: false, top: row.min(n_rows.saturating_sub(height)) };
    }

    /// Moves to the beginning and holds there.
    pub fn to_top(&mut self) {
        *self = Self { is_following: false, top: 0 };
    }

    /// Moves to the newest row and stays with it.
    pub fn follow(&mut self) {
        self.is_following = true;
    }

    /// Stops following, at the place that is in sight.
    pub fn hold(&mut self, n_rows: usize, height: usize) {
        *self = Self { is_following: false, top: self.first_row(n_rows, height) };
    }

    /// Returns how many rows lie below the pane.
    pub fn rows_below(self, n_rows: usize, height: usize) -> usize {
        n_rows.saturating_sub(self.first_row(n_rows, height) + height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_rows_do_not_move_a_pane_that_was_scrolled_up() {
        let mut scroll = Scroll::default();
        scroll.by(-5, 100, 20);
        assert_eq!(scroll.first_row(100, 20), 75);
        assert_eq!(scroll.first_row(140, 20), 75);
        assert_eq!(scroll.rows_below(140, 20), 45);
    }

    #[test]
    fn reaching_the_end_follows_again() {
        let mut scroll = Scroll::default();
        scroll.by(-5, 100, 20);
        scroll.by(5, 100, 20);
        assert!(scroll.is_following);
        assert_eq!(scroll.first_row(140, 20), 120);
    }

    #[test]
    fn a_short_text_always_follows() {
        let mut scroll = Scroll::default();
        scroll.by(-1, 5, 20);
        assert_eq!(scroll, Scroll { is_following: true, top: 0 });
    }
}
