//! The box in which questions are written: edits by what a person takes for one letter, wraps softly, folds long pastes,
//! and loses nothing that was typed.

mod buffer;
mod folds;
mod rows;

use ratatui::buffer::Buffer as Cells;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::ui::action::Action;
use crate::ui::composer::buffer::Buffer;
use crate::ui::composer::folds::{Folds, without_signs};
use crate::ui::composer::rows::Rows;
use crate::ui::text::clean::clean;
use crate::ui::text::width::graphemes;
use crate::ui::view::paint::put;

/// The box in which questions are written.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    /// What is written, a sign standing for each folded paste.
    buffer: Buffer,
    folds: Folds,
    rows: Rows,
    /// The cell that moves up and down keep to.
    goal: Option<u16>,
    /// The first row in sight.
    top: usize,
}

impl Composer {
    /// Returns what is written, lines joined by line feeds, folded pastes in full.
    pub fn text(&self) -> String {
        self.folds.unfolded(self.buffer.text())
    }

    /// Returns whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.buffer.text().is_empty()
    }

    /// Returns what is written, and forgets it with all of its earlier states.
    pub fn take(&mut self) -> String {
        let text = self.text();
        *self = Self { rows: Rows::of_width(self.rows.width()), ..Self::default() };
        text
    }

    /// Replaces what is written; the cursor goes to the end. An undo brings the text before back.
    pub fn set(&mut self, text: impl AsRef<str>) {
        self.buffer.replace(&without_signs(&clean(text.as_ref())));
        self.edited();
    }

    /// Inserts pasted text at the cursor, cleaned; a newline in it never sends. A long one is folded into one sign.
    pub fn paste(&mut self, text: &str) {
        let text = without_signs(&clean(text));
        match self.folds.fold(&text) {
            Some(sign) => self.buffer.insert_alone(sign.encode_utf8(&mut [0; 4])),
            None => self.buffer.insert_alone(&text),
        }
        self.edited();
    }

    /// Types a character.
    pub fn type_char(&mut self, character: char) {
        self.buffer.insert(&without_signs(&clean(character.encode_utf8(&mut [0; 4]))));
        self.edited();
    }

    /// Types several characters that came at once.
    pub fn type_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.buffer.insert(&without_signs(&clean(text)));
            self.edited();
        }
    }

    /// Edits; returns whether `action` is an edit at all.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of all that a person can do, only the edits are done here")]
    pub fn act(&mut self, action: &Action) -> bool {
        let buffer = &mut self.buffer;
        match action {
            Action::NewLine => buffer.insert_alone("\n"),
            Action::DeleteBack => buffer.delete_back(),
            Action::DeleteForward | Action::DeleteOrQuit => buffer.delete_forward(),
            Action::DeleteToStart => buffer.kill_to(buffer.line_start()),
            Action::DeleteToEnd => buffer.kill_to(buffer.line_end_or_feed()),
            Action::DeleteWord => buffer.kill_to(buffer.word_left()),
            Action::DeleteWordForward => buffer.kill_to(buffer.word_right()),
            Action::Yank => buffer.yank(),
            Action::Undo => buffer.undo(),
            Action::LineStart => buffer.move_to(buffer.line_start()),
            Action::LineEnd => buffer.move_to(buffer.line_end()),
            Action::CharLeft => buffer.move_to(buffer.left()),
            Action::CharRight => buffer.move_to(buffer.right()),
            Action::WordLeft => buffer.move_to(buffer.word_left()),
            Action::WordRight => buffer.move_to(buffer.word_right()),
            Action::UnfoldPaste => return self.unfold(),
            _ => return false,
        }
        self.edited();
        true
    }

    /// Moves by rows as they are wrapped; returns whether there was one to move to.
    pub fn move_rows(&mut self, step: isize) -> bool {
        self.rows.wrap(self.buffer.text(), &self.folds);
        let (row, x) = self.rows.place(self.buffer.cursor(), self.buffer.text(), &self.folds);
        let Some(there) = row.checked_add_signed(step).filter(|there| *there < self.rows.len()) else { return false };
        let goal = self.goal.unwrap_or(x);
        let cursor = self.rows.at(there, goal, self.buffer.text(), &self.folds);
        self.buffer.move_to(cursor);
        self.goal = Some(goal);
        true
    }

    /// Puts the cursor before the letter at a cell of the rows in sight; right of a row's text and below the last row, where
    /// the nearest text ends.
    pub fn place_cursor(&mut self, row: u16, x: u16) {
        self.rows.wrap(self.buffer.text(), &self.folds);
        let row = (self.top + usize::from(row)).min(self.rows.len().saturating_sub(1));
        self.buffer.move_to(self.rows.at(row, x, self.buffer.text(), &self.folds));
        self.goal = None;
    }

    /// Writes the folded paste nearest to the cursor out; returns whether there is one.
    fn unfold(&mut self) -> bool {
        let found = self.folds.nearest(self.buffer.text(), self.buffer.cursor());
        let Some((range, text)) = found else { return false };
        self.buffer.replace_range(range, &text);
        self.edited();
        true
    }

    /// Returns whether the character before the cursor is a lone backslash, and takes it away if so: the way to a new
    /// line on terminals that report nothing but plain Enter.
    pub fn take_backslash(&mut self) -> bool {
        let (before, after) = self.buffer.around();
        let ends_line = after.is_empty() || after.starts_with('\n');
        let is_lone = before.ends_with('\\') && !before.ends_with("\\\\");
        if ends_line && is_lone {
            self.act(&Action::DeleteBack);
        }
        ends_line && is_lone
    }

    fn edited(&mut self) {
        self.goal = None;
        self.rows.forget();
    }

    /// Wraps the text to `width` cells; returns how many rows it takes, at least 1.
    pub fn n_rows(&mut self, width: u16) -> u16 {
        if self.rows.width() != width {
            self.rows = Rows::of_width(width);
        }
        self.rows.wrap(self.buffer.text(), &self.folds);
        u16::try_from(self.rows.len()).unwrap_or(u16::MAX)
    }

    /// Brings the cursor into sight of `height` rows, moving no further than it must. Call `n_rows` first.
    pub fn keep_in_sight(&mut self, height: u16) {
        let height = usize::from(height).max(1);
        let (row, _) = self.rows.place(self.buffer.cursor(), self.buffer.text(), &self.folds);
        let last_top = self.rows.len().saturating_sub(height);
        self.top = self.top.clamp((row + 1).saturating_sub(height), row).min(last_top);
    }

    /// Paints the rows in sight; returns where the cursor stands. Call `keep_in_sight` first.
    pub fn paint(&self, area: Rect, (text_style, fold_style): (Style, Style), cells: &mut Cells) -> Option<Position> {
        let text = self.buffer.text();
        for (range, y) in self.rows.ranges().skip(self.top).zip(area.top()..area.bottom()) {
            let mut x = area.x;
            for grapheme in graphemes(text.get(range).unwrap_or_default()) {
                x = match self.folds.label(grapheme.text) {
                    Some(label) => put(cells, (x, y), area.right(), &label, fold_style),
                    None if grapheme.text == "\t" => put(cells, (x, y), area.right(), "    ", text_style),
                    None => put(cells, (x, y), area.right(), grapheme.text, text_style),
                };
            }
        }
        let (row, x) = self.rows.place(self.buffer.cursor(), text, &self.folds);
        let y = area.y + u16::try_from(row.checked_sub(self.top)?).ok()?;
        let x = (area.x + x).min(area.right().saturating_sub(1));
        (y < area.bottom()).then_some(Position { x, y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::rows::cells_of;

    fn typed(text: &str) -> Composer {
        let mut composer = Composer::default();
        for character in text.chars() {
            match character {
                '\n' => drop(composer.act(&Action::NewLine)),
                other => composer.type_char(other),
            }
        }
        composer
    }

    /// Returns what is shown, with `|` for the cursor.
    fn shown(composer: &mut Composer, width: u16, height: u16) -> Vec<String> {
        composer.n_rows(width);
        composer.keep_in_sight(height);
        let area = Rect::new(0, 0, width, height);
        let mut cells = Cells::empty(area);
        let cursor = composer.paint(area, (Style::default(), Style::default()), &mut cells).unwrap();
        let row = |y| {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..width {
                if cursor == (Position { x, y }) {
                    row.push('|');
                }
                if skip == 0 {
                    row.push_str(cells[(x, y)].symbol());
                    skip = cells_of(cells[(x, y)].symbol(), &Folds::default(), width).max(1);
                }
                skip -= 1;
            }
            row.trim_end().to_owned()
        };
        (0..height).map(row).collect()
    }

    #[test]
    fn words_wrap_whole_and_the_cursor_follows() {
        assert_eq!(shown(&mut typed("one two three"), 9, 2), ["one two", "three|"]);
        assert_eq!(shown(&mut typed("abcdefghij"), 6, 3), ["abcde", "fghij|", ""]);
        assert_eq!(shown(&mut typed("one\n\ntwo"), 9, 3), ["one", "", "two|"]);
        assert_eq!(shown(&mut typed(""), 9, 1), ["|"]);
    }

    #[test]
    fn wide_letters_and_joined_emoji_are_one_letter_each() {
        assert_eq!(shown(&mut typed("漢字かな"), 6, 2), ["漢字", "かな|"]);
        let mut family = typed("a👩‍👩‍👧b");
        family.act(&Action::CharLeft);
        family.act(&Action::DeleteBack);
        assert_eq!(family.text(), "ab");
        let mut accent = typed("e\u{301}x");
        accent.act(&Action::LineStart);
        accent.act(&Action::DeleteForward);
        assert_eq!(accent.text(), "x");
    }

    #[test]
    fn up_and_down_keep_to_their_cell_over_short_rows() {
        let mut composer = typed("long line\nx\nlong line");
        composer.n_rows(20);
        assert!(composer.move_rows(-1));
        assert!(composer.move_rows(-1));
        composer.type_char('!');
        assert_eq!(composer.text(), "long line!\nx\nlong line");
        assert!(!composer.move_rows(-1), "the first row has none above");
    }

    #[test]
    fn the_cursor_stays_in_sight_of_a_low_box() {
        let mut composer = typed("1\n2\n3\n4");
        assert_eq!(shown(&mut composer, 9, 2), ["3", "4|"]);
        composer.move_rows(-1);
        assert_eq!(shown(&mut composer, 9, 2), ["3|", "4"]);
        composer.move_rows(-1);
        assert_eq!(shown(&mut composer, 9, 2), ["2|", "3"]);
    }

    #[test]
    fn the_readline_keys_edit() {
        let mut composer = typed("one two-three");
        for (action, expected) in [
            (Action::DeleteWord, "one two-"),
            (Action::Yank, "one two-three"),
            (Action::DeleteToStart, ""),
            (Action::Yank, "one two-three"),
            (Action::LineStart, "one two-three"),
            (Action::DeleteWordForward, " two-three"),
            (Action::CharRight, " two-three"),
            (Action::DeleteToEnd, " "),
            (Action::Undo, " two-three"),
            (Action::Undo, "one two-three"),
        ] {
            composer.act(&action);
            assert_eq!(composer.text(), expected, "{action:?}");
        }
    }

    #[test]
    fn killing_at_the_end_of_a_line_joins_the_next_one() {
        let mut composer = typed("one\ntwo");
        composer.move_rows(-1);
        composer.act(&Action::LineEnd);
        composer.act(&Action::DeleteToEnd);
        assert_eq!(composer.text(), "onetwo");
    }

    #[test]
    fn undo_goes_back_by_words() {
        let mut composer = typed("one two");
        composer.act(&Action::Undo);
        assert_eq!(composer.text(), "one ");
        composer.act(&Action::Undo);
        assert_eq!(composer.text(), "");
        composer.act(&Action::Undo);
        assert_eq!(composer.text(), "");
    }

    #[test]
    fn a_long_paste_is_folded_into_one_letter_and_sent_in_full() {
        let long = (1..=42).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let mut composer = typed("see ");
        composer.paste(&long);
        composer.type_char('!');
        assert_eq!(shown(&mut composer, 40, 1), ["see [paste 1 · 42 lines]!|"]);
        assert_eq!(composer.text(), format!("see {long}!"));
        composer.act(&Action::DeleteBack);
        composer.act(&Action::DeleteBack);
        assert_eq!(composer.text(), "see ");
        composer.act(&Action::Undo);
        assert!(composer.act(&Action::UnfoldPaste));
        assert_eq!(composer.n_rows(40), 42);
        assert!(composer.text().starts_with("see 1\n2\n3\n"));
        assert!(!composer.act(&Action::UnfoldPaste));
    }

    #[test]
    fn a_paste_is_long_from_ten_lines_or_a_thousand_characters_on() {
        let folded = |text: &str| {
            let mut composer = Composer::default();
            composer.paste(text);
            assert_eq!(composer.text(), text);
            shown(&mut composer, 60, 1).remove(0)
        };
        assert_eq!(folded(&"x\n".repeat(8)), "|");
        assert_eq!(folded(&["x"; 10].join("\n")), "[paste 1 · 10 lines]|");
        assert_eq!(folded(&"é".repeat(1_000)), "[paste 1 · 1000 characters]|");
        assert_ne!(folded(&"é".repeat(999)), "[paste 1 · 999 characters]|");
    }

    #[test]
    fn what_is_pasted_is_cleaned_and_can_stand_for_no_other_paste() {
        let mut composer = Composer::default();
        composer.paste("a\u{100000}b\x1b[31mc\r\nd");
        assert_eq!(composer.text(), "abc\nd");
    }
}
