//! What lies over a model's text when it is painted: marks, places found, what is selected. It restyles, it never moves.

use std::ops::Range;

use ratatui::style::{Modifier, Style};

use crate::ui::line::Slot;
use crate::ui::marks::Marks;
use crate::ui::theme::Theme;

/// What lies over one text; offsets are bytes of the provider's own text.
#[derive(Clone, Debug)]
pub struct Overlay<'a> {
    marks: &'a Marks,
    /// The number of the conflict whose words lead.
    lead: Option<u32>,
    /// What all of the text looks like, where it is not its own.
    ground: Option<Slot>,
    layers: Vec<(Range<usize>, Slot)>,
}

impl<'a> Overlay<'a> {
    /// Returns the marks alone.
    pub fn new(marks: &'a Marks) -> Self {
        Self { marks, lead: None, ground: None, layers: Vec::new() }
    }

    /// Returns the overlay with the words of one conflict leading.
    pub fn leading(mut self, conflict: Option<u32>) -> Self {
        self.lead = conflict;
        self
    }

    /// Returns the overlay for a text that looks like `ground` throughout.
    pub fn on(mut self, ground: Slot) -> Self {
        self.ground = Some(ground);
        self
    }

    /// Returns the overlay with some ranges on top; later ones lie over earlier ones.
    pub fn with(mut self, layers: impl IntoIterator<Item = (Range<usize>, Slot)>) -> Self {
        self.layers.extend(layers);
        self
    }

    /// Returns whether anything lies over these bytes.
    pub(crate) fn touches(&self, bytes: &Range<usize>) -> bool {
        self.marks.values(bytes).next().is_some() || self.layers.iter().any(|(range, _)| touch(range, bytes))
    }

    /// Returns how text looks that nothing lies over.
    pub(crate) fn ground(&self, style: Style, theme: &Theme) -> Style {
        self.ground.map_or(style, |ground| style.patch(theme.style(ground)))
    }

    /// Returns how the text at these bytes looks.
    pub(crate) fn style(&self, style: Style, bytes: &Range<usize>, theme: &Theme) -> Style {
        let mut style = self.ground(style, theme);
        let (dimmed, on_top): (Vec<_>, Vec<_>) =
            self.layers.iter().filter(|(range, _)| touch(range, bytes)).partition(|(_, slot)| *slot == Slot::Dim);
        for (_, slot) in dimmed {
            style = style.patch(theme.style(*slot));
        }
        // Of several conflicts over one word the leading one shows.
        let mut values: Vec<_> = self.marks.values(bytes).collect();
        values.sort_by_key(|value| Some(value.number) != self.lead);
        if let Some(value) = values.first() {
            style = style.patch(theme.conflict_text(value.status));
            if Some(value.number) == self.lead {
                style = style.add_modifier(Modifier::BOLD);
            }
        }
        for (_, slot) in on_top {
            style = style.patch(theme.style(*slot));
        }
        style
    }
}

fn touch(range: &Range<usize>, bytes: &Range<usize>) -> bool {
    range.start < bytes.end && bytes.start < range.end
}
