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

/// The rows of a pane, how many of them there is room for, and where a pane that follows stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// All rows.
    pub n_rows: usize,
    /// Rows in sight.
    pub height: usize,
    /// The first row in sight while following: the one that has the end in sight, or the head of what is shown.
    pub home: usize,
}

impl Extent {
    /// Returns the extent of a pane that follows its end.
    pub fn new(n_rows: usize, height: usize) -> Self {
        Self { n_rows, height, home: n_rows.saturating_sub(height) }
    }

    /// Returns the last row that can be the first in sight.
    pub fn last_top(self) -> usize {
        self.n_rows.saturating_sub(self.height).max(self.home)
    }
}

impl Scroll {
    /// Returns the first row in sight.
    pub fn first_row(self, extent: Extent) -> usize {
        if self.is_following { extent.home } else { self.top.min(extent.last_top()) }
    }

    /// Moves by some rows; arriving where a following pane stands follows again.
    pub fn by(&mut self, rows: isize, extent: Extent) {
        self.top = self.first_row(extent).saturating_add_signed(rows).min(extent.last_top());
        // Where everything is in sight there is nothing to hold on to.
        self.is_following = self.top == extent.home && (rows > 0 || extent.last_top() == 0);
    }

    /// Moves so that `row` is in sight, a third from the top, and holds there.
    pub fn to(&mut self, row: usize, extent: Extent) {
        self.to_row(row.saturating_sub(extent.height / 3), extent);
    }

    /// Moves so that `row` is the top one, as far as there are rows below it, and holds there.
    pub fn to_row(&mut self, row: usize, extent: Extent) {
        *self = Self { is_following: false, top: row.min(extent.last_top()) };
    }

    /// Moves to the beginning and holds there.
    pub fn to_top(&mut self) {
        *self = Self { is_following: false, top: 0 };
    }

    /// Moves to the end; stays with it where that is what following is.
    pub fn to_end(&mut self, extent: Extent) {
        let top = extent.last_top();
        *self = Self { is_following: top == extent.home, top };
    }

    /// Follows from now on.
    pub fn follow(&mut self) {
        self.is_following = true;
    }

    /// Stops following, at the place that is in sight.
    pub fn hold(&mut self, extent: Extent) {
        *self = Self { is_following: false, top: self.first_row(extent) };
    }

    /// Returns how many rows lie below the pane.
    pub fn rows_below(self, extent: Extent) -> usize {
        extent.n_rows.saturating_sub(self.first_row(extent) + extent.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_rows_do_not_move_a_pane_that_was_scrolled_up() {
        let mut scroll = Scroll::default();
        scroll.by(-5, Extent::new(100, 20));
        assert_eq!(scroll.first_row(Extent::new(100, 20)), 75);
        assert_eq!(scroll.first_row(Extent::new(140, 20)), 75);
        assert_eq!(scroll.rows_below(Extent::new(140, 20)), 45);
    }

    #[test]
    fn reaching_the_end_follows_again() {
        let mut scroll = Scroll::default();
        scroll.by(-5, Extent::new(100, 20));
        scroll.by(5, Extent::new(100, 20));
        assert!(scroll.is_following);
        assert_eq!(scroll.first_row(Extent::new(140, 20)), 120);
    }

    #[test]
    fn a_short_text_always_follows() {
        let mut scroll = Scroll::default();
        scroll.by(-1, Extent::new(5, 20));
        assert_eq!(scroll, Scroll { is_following: true, top: 0 });
    }

    #[test]
    fn a_pane_that_follows_a_head_is_left_by_one_row_either_way() {
        for home in [0, 12, 30] {
            let extent = Extent { n_rows: 32, height: 8, home };
            let moved = |rows: &[isize]| {
                let mut scroll = Scroll::default();
                for rows in rows {
                    scroll.by(*rows, extent);
                }
                (scroll.first_row(extent), scroll.is_following)
            };
            assert_eq!(moved(&[-1]).0, home.saturating_sub(1));
            assert_eq!(moved(&[1]).0, (home + 1).min(extent.last_top()));
            assert_eq!(moved(&[-1, 1]).0, home.max(1));
        }
    }
}
