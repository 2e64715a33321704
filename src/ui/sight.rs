//! How a person wants to look at what is there: names hidden, columns in step, which claims the panel lists.

use crate::ui::text::document::Shape;

/// How a person wants to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Whether names are hidden until they have voted.
    pub is_blind: bool,
    /// Whether all columns scroll in step with the focused one.
    pub is_locked: bool,
    /// Whether one column alone is shown without its gutter, for the terminal's own mouse.
    pub is_bare: bool,
    /// How columns are laid out.
    pub arrangement: Arrangement,
    /// How the text of columns is drawn.
    pub text: Shape,
    /// Which claims the panel lists.
    pub claims: Claims,
    /// What the end of a drag does.
    pub after_drag: AfterDrag,
}

/// How columns are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// Side by side where they fit, else as tabs.
    #[default]
    Auto,
    /// Side by side; those that do not fit are paged.
    Columns,
    /// One at a time.
    Tabs,
}

/// What the end of a drag does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterDrag {
    /// The selection stays until it is copied or dropped.
    #[default]
    Keep,
    /// It is copied at once.
    Copy,
}

/// Which claims the panel lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claims {
    /// All; those that only one model makes are folded to a count.
    #[default]
    Usual,
    /// All, those that only one model makes too.
    All,
    /// Conflicts alone.
    OnlyConflicts,
}

impl Claims {
    /// Switches to `wanted`, and back when it is in force already.
    pub fn toggle(&mut self, wanted: Self) {
        *self = if *self == wanted { Self::Usual } else { wanted };
    }
}
