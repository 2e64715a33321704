//! The box in which questions are written: soft wrap, undo by word, paste as one edit, nothing typed is lost.

use std::borrow::Cow;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, CursorRenderMode, TextArea, WrapMode};

use crate::ui::action::Action;
use crate::ui::text::clean::clean;

/// The box in which questions are written.
#[derive(Debug)]
pub struct Composer {
    area: TextArea<'static>,
}

impl Default for Composer {
    fn default() -> Self {
        let mut area = TextArea::default();
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(Style::default());
        // The terminal's own cursor is put there instead: input methods follow it.
        area.set_cursor_render_mode(CursorRenderMode::Hidden);
        area.set_undo_coalescing(true);
        Self { area }
    }
}

impl Composer {
    /// Returns what is written, lines joined by line feeds.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Returns whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Returns what is written and empties the box.
    pub fn take(&mut self) -> String {
        let text = self.text();
        self.set(String::new());
        text
    }

    /// Replaces what is written; the cursor goes to the end.
    pub fn set(&mut self, text: impl Into<Cow<'static, str>>) {
        let lines: Vec<String> = text.into().split('\n').map(str::to_owned).collect();
        let row = lines.len().saturating_sub(1);
        let col = lines.last().map_or(0, |line| line.chars().count());
        self.area.set_lines(lines, (row, col));
    }

    /// Inserts pasted text at the cursor: cleaned, and a newline in it never sends.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(clean(text));
    }

    /// Types a key that means nothing else; keys that are not text change nothing.
    pub fn key(&mut self, key: KeyEvent) {
        self.area.input_without_shortcuts(key);
    }

    /// Edits; returns whether `action` is an edit at all.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of all that a person can do, only the edits are done here")]
    pub fn act(&mut self, action: &Action) -> bool {
        match action {
            Action::NewLine => self.area.insert_newline(),
            Action::DeleteToStart => drop(self.area.delete_line_by_head()),
            Action::DeleteToEnd => drop(self.area.delete_line_by_end()),
            Action::DeleteOrQuit => drop(self.area.delete_next_char()),
            Action::DeleteWord => drop(self.area.delete_word()),
            Action::LineStart => self.area.move_cursor(CursorMove::Head),
            Action::LineEnd => self.area.move_cursor(CursorMove::End),
            Action::WordLeft => self.area.move_cursor(CursorMove::WordBack),
            Action::WordRight => self.area.move_cursor(CursorMove::WordForward),
            Action::ScrollUp => self.area.move_cursor(CursorMove::Up),
            Action::ScrollDown => self.area.move_cursor(CursorMove::Down),
            Action::Undo => drop(self.area.undo()),
            _ => return false,
        }
        true
    }

    /// Returns whether the line before the cursor ends in a backslash, and takes it away if so: the way to a new line
    /// on terminals that report nothing but plain Enter.
    pub fn take_backslash(&mut self) -> bool {
        let (row, col) = self.area.cursor();
        let ends_in_backslash = self
            .area
            .lines()
            .get(row)
            .is_some_and(|line| col == line.chars().count() && line.ends_with('\\') && !line.ends_with("\\\\"));
        ends_in_backslash && self.area.delete_char()
    }

    /// Returns how many rows the text takes at `width` cells, at least 1.
    pub fn n_rows(&mut self, width: u16) -> u16 {
        self.area.measure(width).content_rows.max(1)
    }

    /// Paints the text; returns where the cursor stands.
    pub fn paint(&self, area: Rect, style: Style, buf: &mut Buffer) -> Option<Position> {
        buf.set_style(area, style);
        (&self.area).render(area, buf);
        self.area.rendered_cursor_position()
    }
}
