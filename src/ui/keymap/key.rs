//! One key: as a terminal reports it, and as a person spells it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::nearest::did_you_mean;

/// A key as a terminal reports it, without what terminals disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys that are spelled as words; F1 to F12 beside them.
const WORDS: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("esc", KeyCode::Esc),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

/// Control keys whose byte is that of another key: without the kitty protocol no terminal can tell them apart.
const SAME_BYTE: [(char, &str); 4] = [('i', "tab"), ('m', "enter"), ('[', "esc"), ('h', "backspace")];

impl Key {
    /// Returns the key of an event. Shift is dropped from characters, which carry it themselves.
    pub fn of(event: KeyEvent) -> Self {
        Self::plain(event.code, event.modifiers)
    }

    /// Returns the key that `name` spells, such as `ctrl-x`, `]` or `pageup`.
    ///
    /// # Errors
    /// A sentence for the person: the nearest known name, or why no terminal can send this key.
    pub fn from_name(name: &str) -> Result<Self, String> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        'prefixes: loop {
            for (prefix, modifier) in
                [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)]
            {
                if let Some(after) = rest.strip_prefix(prefix).filter(|after| !after.is_empty()) {
                    modifiers |= modifier;
                    rest = after;
                    continue 'prefixes;
                }
            }
            break;
        }
        let mut letters = rest.chars();
        let single = letters.next().filter(|_| letters.next().is_none());
        let word = WORDS.iter().find(|(word, _)| *word == rest).map(|(_, code)| *code);
        let function = rest.strip_prefix('f').and_then(|digits| digits.parse().ok()).filter(|n| (1..=12).contains(n));
        let Some(code) = single.map(KeyCode::Char).or(word).or(function.map(KeyCode::F)) else {
            let nearest = did_you_mean(rest, WORDS.iter().map(|(word, _)| *word));
            return Err(format!("no key is called `{name}`{nearest}"));
        };
        if modifiers == KeyModifiers::CONTROL
            && let Some((_, other)) = SAME_BYTE.iter().find(|(letter, _)| code == KeyCode::Char(*letter))
        {
            return Err(format!("terminals send the same for `{name}` and `{other}`; name another key"));
        }
        Ok(Self::plain(code, modifiers))
    }

    /// Returns whether the key types a character while writing.
    pub fn types(self) -> bool {
        let Self { code, modifiers } = self;
        matches!(code, KeyCode::Char(_)) && modifiers == KeyModifiers::NONE
    }

    /// Returns the key in the one spelling that all of its reports come down to.
    fn plain(mut code: KeyCode, modifiers: KeyModifiers) -> Self {
        let mut modifiers = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        if code == KeyCode::BackTab {
            modifiers -= KeyModifiers::SHIFT;
        }
        if let KeyCode::Char(letter) = code {
            modifiers -= KeyModifiers::SHIFT;
            if modifiers.contains(KeyModifiers::CONTROL) {
                // The bytes 0x1C to 0x1F are reported as digits; Ctrl+/ is 0x1F on most terminals.
                let letter = match letter.to_ascii_lowercase() {
                    '4' => '\\',
                    '5' => ']',
                    '6' => '^',
                    '7' | '/' => '_',
                    other => other,
                };
                code = KeyCode::Char(letter);
            }
            // The byte 0x08 is what Backspace sends on some terminals.
            if (code, modifiers) == (KeyCode::Char('h'), KeyModifiers::CONTROL) {
                (code, modifiers) = (KeyCode::Backspace, KeyModifiers::NONE);
            }
        }
        Self { code, modifiers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(code: KeyCode, modifiers: KeyModifiers) -> Key {
        Key::of(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn shift_is_part_of_a_letter() {
        assert_eq!(Ok(reported(KeyCode::Char('G'), KeyModifiers::SHIFT)), Key::from_name("G"));
    }

    #[test]
    fn control_letters_are_the_same_in_both_cases() {
        let shifted = reported(KeyCode::Char('X'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Ok(shifted), Key::from_name("ctrl-x"));
    }

    #[test]
    fn control_and_a_sign_is_one_key_however_it_is_reported() {
        for (digit, name) in [('7', "ctrl-_"), ('7', "ctrl-/"), ('5', "ctrl-]"), ('4', "ctrl-\\")] {
            assert_eq!(Ok(reported(KeyCode::Char(digit), KeyModifiers::CONTROL)), Key::from_name(name));
        }
        assert_eq!(Ok(reported(KeyCode::Char('h'), KeyModifiers::CONTROL)), Key::from_name("backspace"));
    }

    #[test]
    fn a_key_that_no_terminal_can_send_is_refused() {
        assert_eq!(
            Key::from_name("ctrl-m"),
            Err("terminals send the same for `ctrl-m` and `enter`; name another key".to_owned())
        );
        assert_eq!(Key::from_name("ctrl-pgup"), Err("no key is called `ctrl-pgup`; did you mean `pageup`?".to_owned()));
        assert!(Key::from_name("").is_err());
        assert!(Key::from_name("f13").is_err());
    }

    #[test]
    fn only_bare_characters_type() {
        assert!(Key::from_name("?").unwrap().types());
        assert!(Key::from_name("space").unwrap().types());
        assert!(!Key::from_name("ctrl-a").unwrap().types());
        assert!(!Key::from_name("up").unwrap().types());
    }
}
