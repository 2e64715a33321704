//! A text with a cursor in it: edits by grapheme, a killed text to yank, and undo.

use std::ops::Range;

use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation as _;

/// The most states that undo keeps; a person goes back a few.
const MOST_STATES: usize = 100;

/// A text with a cursor in it.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    /// Holds the lines, the cursor and what was killed; its own undo is off, as a step here may be several edits there.
    area: TextArea<'static>,
    /// The lines of the area as one text.
    text: String,
    states: Vec<(String, usize)>,
    last: Last,
}

impl Default for Buffer {
    fn default() -> Self {
        let mut area = TextArea::default();
        area.set_max_histories(0);
        Self { area, text: String::new(), states: Vec::new(), last: Last::default() }
    }
}

/// What the last edit was: alike ones are one step of undo, and of killing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    /// Anything that the next edit is no part of.
    #[default]
    Other,
    /// Typed a letter of a word.
    Word,
    /// Typed the blank after a word.
    Blank,
    /// Deleted with backspace or delete.
    Delete,
    /// Killed.
    Kill,
}

impl Buffer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the byte offset of the cursor, between two graphemes.
    pub(super) fn cursor(&self) -> usize {
        let (row, col) = self.area.cursor();
        let lines = self.area.lines();
        let above: usize = lines.iter().take(row).map(|line| line.len() + 1).sum();
        above + lines.get(row).map_or(0, |line| line.chars().take(col).map(char::len_utf8).sum())
    }

    /// Returns the text before and after the cursor.
    pub(super) fn around(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor()).unwrap_or((&self.text, ""))
    }

    /// Types a letter; letters of one word are one step of undo.
    pub(super) fn insert(&mut self, letter: &str) {
        let is_blank = letter.chars().all(char::is_whitespace);
        let next = if is_blank { Last::Blank } else { Last::Word };
        let is_same_step = matches!((self.last, next), (Last::Word, _) | (Last::Blank, Last::Blank));
        if !is_same_step {
            self.remember();
        }
        self.put(letter);
        self.last = next;
    }

    /// Inserts text as a step of its own.
    pub(super) fn insert_alone(&mut self, text: &str) {
        self.remember();
        self.put(text);
        self.last = Last::Other;
    }

    pub(super) fn replace(&mut self, text: &str) {
        self.replace_range(0..self.text.len(), text);
    }

    pub(super) fn replace_range(&mut self, range: Range<usize>, text: &str) {
        self.remember();
        self.remove(range);
        self.put(text);
        self.last = Last::Other;
    }

    pub(super) fn delete_back(&mut self) {
        self.delete(self.left()..self.cursor());
    }

    pub(super) fn delete_forward(&mut self) {
        self.delete(self.cursor()..self.right());
    }

    fn delete(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.last != Last::Delete {
            self.remember();
        }
        self.remove(range);
        self.last = Last::Delete;
    }

    /// Deletes from the cursor to `there`, to be yanked; kills in a row are yanked as one.
    pub(super) fn kill_to(&mut self, there: usize) {
        let cursor = self.cursor();
        let range = cursor.min(there)..cursor.max(there);
        if range.is_empty() {
            return;
        }
        let is_forward = there > cursor;
        self.remember();
        let cut = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let killed = self.area.yank_text();
        self.remove(range);
        self.area.set_yank_text(match (self.last, is_forward) {
            (Last::Kill, true) => format!("{killed}{cut}"),
            (Last::Kill, false) => format!("{cut}{killed}"),
            (Last::Other | Last::Word | Last::Blank | Last::Delete, _) => cut,
        });
        self.last = Last::Kill;
    }

    /// Inserts what was killed last.
    pub(super) fn yank(&mut self) {
        let killed = self.area.yank_text();
        if !killed.is_empty() {
            self.insert_alone(&killed);
        }
    }

    /// Takes the last step back.
    pub(super) fn undo(&mut self) {
        if let Some((text, cursor)) = self.states.pop() {
            let lines = text.split('\n').map(str::to_owned).collect();
            self.text = text;
            self.area.set_lines(lines, self.place(cursor));
        }
        self.last = Last::Other;
    }

    /// Moves the cursor, to a byte offset between two graphemes.
    pub(super) fn move_to(&mut self, there: usize) {
        self.jump(there);
        self.last = Last::Other;
    }

    fn jump(&mut self, there: usize) {
        let (row, col) = self.place(there);
        match (u16::try_from(row), u16::try_from(col)) {
            (Ok(row), Ok(col)) => self.area.move_cursor(CursorMove::Jump(row, col)),
            // A line longer than the move can say.
            (Ok(_) | Err(_), Ok(_) | Err(_)) => self.area.set_lines(self.area.lines().to_vec(), (row, col)),
        }
    }

    /// The line and the character in it at a byte offset of the text.
    fn place(&self, there: usize) -> (usize, usize) {
        let before = self.text.get(..there).unwrap_or(&self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count(), line.chars().count())
    }

    pub(super) fn left(&self) -> usize {
        let last = self.around().0.graphemes(true).next_back();
        self.cursor() - last.map_or(0, str::len)
    }

    pub(super) fn right(&self) -> usize {
        let next = self.around().1.graphemes(true).next();
        self.cursor() + next.map_or(0, str::len)
    }

    pub(super) fn line_start(&self) -> usize {
        self.around().0.rfind('\n').map_or(0, |feed| feed + 1)
    }

    pub(super) fn line_end(&self) -> usize {
        self.around().1.find('\n').map_or(self.text.len(), |feed| self.cursor() + feed)
    }

    /// Returns the end of the line, or behind its line feed where the cursor stands there already.
    pub(super) fn line_end_or_feed(&self) -> usize {
        match self.line_end() {
            end if end == self.cursor() => (end + 1).min(self.text.len()),
            end => end,
        }
    }

    pub(super) fn word_left(&self) -> usize {
        let before = self.around().0;
        let words = before.split_word_bound_indices().rev();
        words.into_iter().find(|(_, word)| is_word(word)).map_or(0, |(at, _)| at)
    }

    pub(super) fn word_right(&self) -> usize {
        let after = self.around().1;
        let found = after.split_word_bound_indices().find(|(_, word)| is_word(word));
        found.map_or(self.text.len(), |(at, word)| self.cursor() + at + word.len())
    }

    fn put(&mut self, text: &str) {
        self.area.insert_str(text);
        self.text = self.area.lines().join("\n");
    }

    /// Deletes a range; what was killed stays as it is.
    fn remove(&mut self, range: Range<usize>) {
        let n_chars = self.text.get(range.clone()).map_or(0, |text| text.chars().count());
        let killed = self.area.yank_text();
        self.jump(range.start);
        self.area.delete_str(n_chars);
        self.area.set_yank_text(killed);
        self.text = self.area.lines().join("\n");
    }

    fn remember(&mut self) {
        if self.states.len() >= MOST_STATES {
            self.states.remove(0);
        }
        self.states.push((self.text.clone(), self.cursor()));
    }
}

/// Returns whether a piece between two word bounds is more than blanks and punctuation.
fn is_word(piece: &str) -> bool {
    piece.chars().any(|character| !character.is_whitespace() && !character.is_ascii_punctuation())
}
