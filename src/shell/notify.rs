//! Tells a person who looks elsewhere that a turn has ended: by the terminal's own notification, else by the bell.

/// How the end of a turn is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notify {
    /// By a notification (OSC 9, or the OSC 777 or 99 of those that have no other).
    Osc(Dialect),
    /// By the bell, which terminals and multiplexers turn into whatever the person has set.
    Bell,
    /// Not at all.
    Off,
}

/// The notifications of different terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OSC 9: iTerm2, WezTerm, Ghostty, Windows Terminal.
    Nine,
    /// OSC 777: rxvt-unicode, foot.
    Triple,
    /// OSC 99: kitty.
    Kitty,
}

impl Notify {
    /// Returns the way that the terminal asks for by its variables. In a multiplexer it is the bell: most drop
    /// notifications of a terminal that they do not know.
    pub fn of_terminal(variable: impl Fn(&str) -> String) -> Self {
        let term = variable("TERM");
        if !variable("TMUX").is_empty() || !variable("ZELLIJ").is_empty() || term.starts_with("screen") {
            return Self::Bell;
        }
        if !variable("KITTY_WINDOW_ID").is_empty() || term == "xterm-kitty" {
            return Self::Osc(Dialect::Kitty);
        }
        if term.starts_with("foot") || term.starts_with("rxvt") {
            return Self::Osc(Dialect::Triple);
        }
        let knows_nine = matches!(variable("TERM_PROGRAM").as_str(), "iTerm.app" | "WezTerm" | "ghostty");
        if knows_nine || !variable("WT_SESSION").is_empty() { Self::Osc(Dialect::Nine) } else { Self::Bell }
    }

    /// Returns the bytes that tell `text`, which must be clean.
    pub fn bytes(self, text: &str) -> String {
        match self {
            Self::Off => String::new(),
            Self::Bell => "\x07".to_owned(),
            Self::Osc(Dialect::Nine) => format!("\x1b]9;{text}\x1b\\"),
            Self::Osc(Dialect::Triple) => format!("\x1b]777;notify;dissent;{}\x1b\\", text.replace(';', ",")),
            Self::Osc(Dialect::Kitty) => format!("\x1b]99;;{text}\x1b\\"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], expected: Notify) {
        let variables: std::collections::HashMap<_, _> = variables.iter().copied().collect();
        let variable = |name: &str| variables.get(name).map(ToString::to_string).unwrap_or_default();
        assert_eq!(Notify::of_terminal(variable), expected, "{variables:?}");
    }

    #[test]
    fn each_terminal_is_told_in_the_way_that_it_knows() {
        check(&[("TERM_PROGRAM", "WezTerm")], Notify::Osc(Dialect::Nine));
        check(&[("TERM", "xterm-kitty")], Notify::Osc(Dialect::Kitty));
        check(&[("TERM", "foot")], Notify::Osc(Dialect::Triple));
        check(&[("TERM_PROGRAM", "WezTerm"), ("TMUX", "/tmp/tmux")], Notify::Bell);
        check(&[("TERM", "xterm-256color")], Notify::Bell);
    }

    #[test]
    fn what_is_told_stays_inside_its_sequence() {
        assert_eq!(Notify::Off.bytes("x"), "");
        assert_eq!(Notify::Bell.bytes("x"), "\x07");
        assert_eq!(Notify::Osc(Dialect::Triple).bytes("a; b"), "\x1b]777;notify;dissent;a, b\x1b\\");
    }
}
