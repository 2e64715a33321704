//! The signs that the screen draws of its own accord, and what stands for them where only ASCII can be shown.

use std::borrow::Cow;

use ratatui::buffer::Buffer;

use crate::ui::line::Slot;

/// Which signs are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Signs of Unicode.
    #[default]
    Unicode,
    /// Signs of ASCII alone: for consoles without the others, and where they are two cells wide.
    Ascii,
}

/// Signs that draw something, and what draws it in ASCII; each as wide as the other.
const DRAWN: [(char, char); 24] = [
    ('─', '-'),
    ('━', '='),
    ('│', '|'),
    ('┃', '|'),
    ('┼', '+'),
    ('├', '+'),
    ('┤', '+'),
    ('┴', '+'),
    ('┬', '+'),
    ('▰', '#'),
    ('✕', '!'),
    ('▱', '.'),
    ('▌', '_'),
    ('▏', '|'),
    ('▸', '>'),
    ('▾', 'v'),
    ('◂', '<'),
    ('❯', '>'),
    ('✓', '+'),
    ('☐', ' '),
    ('☑', 'x'),
    ('↑', '^'),
    ('↓', 'v'),
    ('↳', '>'),
];

/// Signs that also occur in what people and models write: replaced only where they are ours.
const MARKS: [(char, char); 7] = [('≠', '!'), ('·', '.'), ('…', '~'), ('×', 'x'), ('•', '*'), ('◦', '-'), ('▪', '*')];

impl Glyphs {
    /// Returns a sign of ours, such as a bullet or the mark of a conflict, as it is drawn.
    pub fn sign(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.chars().map(|letter| stand_in(&MARKS, letter).unwrap_or(letter)).collect())
    }

    /// Returns a piece of the screen as it is drawn: one that may quote a model or a person keeps its words.
    pub fn piece(self, text: &str, slot: Slot) -> Cow<'_, str> {
        if matches!(slot, Slot::Text | Slot::Strong) { Cow::Borrowed(text) } else { self.sign(text) }
    }

    /// Replaces every drawn line and arrow of a frame; words are left alone.
    pub fn draw(self, buf: &mut Buffer) {
        if self == Self::Unicode {
            return;
        }
        for cell in &mut buf.content {
            let mut letters = cell.symbol().chars();
            if let (Some(letter), None) = (letters.next(), letters.next())
                && let Some(ascii) = stand_in(&DRAWN, letter)
            {
                cell.set_char(ascii);
            }
        }
    }
}

fn stand_in(signs: &[(char, char)], letter: char) -> Option<char> {
    signs.iter().find(|(sign, _)| *sign == letter).map(|(_, ascii)| *ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::text::width::width;

    #[test]
    fn no_sign_changes_its_width() {
        for (sign, ascii) in DRAWN.into_iter().chain(MARKS) {
            assert_eq!(width(&sign.to_string()), width(&ascii.to_string()), "{sign}");
        }
    }

    #[test]
    fn our_signs_are_replaced_and_a_quotation_is_not() {
        assert_eq!(Glyphs::Ascii.piece("≠1 ", Slot::Conflict), "!1 ");
        assert_eq!(Glyphs::Ascii.piece("a ≠ b", Slot::Text), "a ≠ b");
        assert_eq!(Glyphs::Ascii.sign("• "), "* ");
        assert_eq!(Glyphs::Unicode.piece("≠1 ", Slot::Conflict), "≠1 ");
    }

    #[test]
    fn a_frame_without_unicode_has_no_drawn_line() {
        let mut buf = Buffer::with_lines(["▸ ━━─ 漢 ▰✕▱"]);
        Glyphs::Ascii.draw(&mut buf);
        assert_eq!(buf, Buffer::with_lines(["> ==- 漢 #!."]));
    }
}
