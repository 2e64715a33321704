//! A line of the screen as words with meanings: what the chat pane, the panel and the footer are made of.

use std::borrow::Cow;

use crate::domain::ids::Column;
use crate::ui::text::clean::harmless;
use crate::ui::text::width::{truncate, width};

/// What a piece of text means; the theme decides how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Plain text.
    #[default]
    Text,
    /// Text that leads: titles, questions.
    Strong,
    /// Text that steps back.
    Dim,
    /// Hairlines.
    Rule,
    /// The one accent: the focused thing.
    Focus,
    /// All is well.
    Good,
    /// Look here.
    Warn,
    /// Something failed.
    Bad,
    /// Every model that counts says it.
    Agreed,
    /// Two or more say it.
    Partly,
    /// One model says it.
    OnlyOne,
    /// Models conflict.
    Conflict,
    /// Models may conflict; one still writes.
    Provisional,
    /// A key in a hint.
    Key,
    /// A model's letter in reverse video.
    Chip(Column),
    /// The letter of a model that is off.
    ChipOff,
    /// A model's colour, for its sign of life.
    Model(Column),
    /// A word that the other side of a comparison does not have.
    Differs,
    /// A place that was searched for.
    Found,
    /// The place that was searched for and gone to.
    FoundHere,
    /// Text that is selected to be copied.
    Selected,
}

/// Some text with one meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text, cleaned.
    pub text: String,
    /// What it means.
    pub slot: Slot,
}

/// One line of pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// Returns an empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the line with some text added at its end.
    pub fn with(mut self, slot: Slot, text: impl Into<String>) -> Self {
        self.push(slot, text);
        self
    }

    /// Adds some text at the end, cleaned: it may be a server's word, a file's or a config's.
    pub fn push(&mut self, slot: Slot, text: impl Into<String>) {
        let text = harmless(Cow::Owned(text.into())).into_owned();
        if !text.is_empty() {
            self.pieces.push(Piece { text, slot });
        }
    }

    /// Adds a model's letter in reverse video.
    pub fn push_chip(&mut self, column: Column) {
        self.push(Slot::Chip(column), format!(" {} ", column.letter()));
    }

    /// Returns the line with the letters of some models added.
    pub fn with_chips(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        for column in columns {
            self.push_chip(column);
        }
        self
    }

    /// Returns the width in cells.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| usize::from(width(&piece.text))).sum()
    }

    /// Returns as much of the line as fits into `cells`, with `…` at the end where it was cut.
    pub fn fitted(&self, cells: u16) -> Self {
        if self.width() <= usize::from(cells) {
            return self.clone();
        }
        let mut fitted = Self::new();
        let mut room = usize::from(cells).saturating_sub(1);
        for piece in &self.pieces {
            let taken = usize::from(width(&piece.text));
            if taken > room {
                let cut = truncate(&piece.text, u16::try_from(room + 1).unwrap_or(u16::MAX));
                fitted.push(piece.slot, cut);
                return fitted;
            }
            room -= taken;
            fitted.push(piece.slot, piece.text.clone());
        }
        fitted
    }

    /// Returns the first word of the line.
    pub fn first_word(&self) -> Self {
        let word = |piece: &Piece| Some((piece.slot, piece.text.split_whitespace().next()?.to_owned()));
        self.pieces.iter().find_map(word).map_or_else(Self::new, |(slot, word)| Self::new().with(slot, word))
    }

    /// Returns the text without its meanings.
    pub fn plain(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}
