//! The switches of the terminal: what is on while the screen is ours, and the one string that puts everything back.

use std::time::Duration;

use crossterm::terminal::disable_raw_mode;

use crate::shell::pen::Pen;

/// Alternate screen, bracketed paste, reports of the focus.
const OPEN: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[2J";
/// Buttons, drags and the wheel, in coordinates without a limit; never bare movement.
pub(crate) const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// The same left to the terminal.
pub(crate) const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1002l\x1b[?1006l";
/// Keys without two meanings (kitty's protocol, the first flag), so that Shift+Enter is not Enter.
const KEYS: &str = "\x1b[>1u";
/// Keeps the window's title, to be put back by [`TITLE_BACK`] (XTWINOPS).
const TITLE_KEPT: &str = "\x1b[22;2t";
const TITLE_BACK: &str = "\x1b[23;2t";

/// Everything that we or a crash may have left on, switched off. Idempotent; the same for every way out.
///
/// The keys are given back twice, as an editor that died may have left a level of its own, and before the alternate
/// screen is left: each screen has a stack of its own.
pub const RESTORE: &str = "\x1b[?2026l\x1b[<u\x1b[<u\x1b[>4;0m\x1b[?2004l\x1b[?1004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\
                           \x1b[?1006l\x1b[?2031l\x1b[0 q\x1b[?25h\x1b[?1049l\x1b[0m";

/// How long a terminal may take to read what gives it back; one that has stopped reading is left as it is.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What is switched on besides what every terminal gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// The mouse is ours.
    pub has_mouse: bool,
    /// The terminal said that it knows kitty's keys.
    pub has_kitty_keys: bool,
    /// The window's title is ours.
    pub has_title: bool,
}

impl Modes {
    /// Returns what takes the terminal over.
    pub fn open(self) -> String {
        let mut opened = String::new();
        for (is_on, switch) in
            [(self.has_title, TITLE_KEPT), (true, OPEN), (self.has_mouse, MOUSE), (self.has_kitty_keys, KEYS)]
        {
            if is_on {
                opened.push_str(switch);
            }
        }
        opened
    }

    /// Returns what turns kitty's keys on, where the terminal knows them.
    pub fn keys(self) -> &'static str {
        if self.has_kitty_keys { KEYS } else { "" }
    }

    /// Gives the terminal back, as far as it is still there; returns whether it took everything in.
    pub fn restore(self, pen: &Pen) -> bool {
        // There is nobody left to tell when the terminal itself is gone.
        let _ = disable_raw_mode();
        let title = if self.has_title { TITLE_BACK } else { "" };
        pen.write(format!("{RESTORE}{title}").into_bytes()).is_ok() && pen.settle(LAST_WORDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_opened_is_restored() {
        let all = Modes { has_mouse: true, has_kitty_keys: true, has_title: false }.open();
        for mode in all.split("\x1b[?").filter_map(|part| part.split_once('h')).map(|(mode, _)| mode) {
            assert!(RESTORE.contains(&format!("\x1b[?{mode}l")), "{mode}");
        }
        assert!(all.contains(KEYS) && RESTORE.matches("\x1b[<u").count() == 2);
    }

    #[test]
    fn the_title_is_touched_only_where_it_is_ours() {
        assert!(!Modes::default().open().contains(TITLE_KEPT));
        assert!(Modes { has_title: true, ..Modes::default() }.open().contains(TITLE_KEPT));
    }
}
