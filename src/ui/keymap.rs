//! The one table of keys: what they do, what help and footer say of them.

use std::collections::HashMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

use crate::ui::action::Action;

/// The keys that the program comes with.
pub const DEFAULT_KEYMAP: &str = include_str!("../../assets/keymap.toml");

/// Where keys act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The composer has the cursor; letters type.
    Write,
    /// The panes have the focus; letters act.
    Read,
    /// The leader was pressed; one key follows.
    Leader,
}

/// A key as a terminal reports it, without what terminals disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// Where it acts.
    pub mode: Mode,
    /// The keys, as they are spelled in the file.
    pub on: Vec<String>,
    /// What it does.
    pub run: Action,
    /// What help says; empty for rows that another row speaks for.
    pub desc: String,
    /// Where help puts it.
    pub group: String,
    /// The word in the footer.
    pub hint: Option<String>,
}

/// The table, with what is needed to look keys up.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    /// The rows, in the order of the file.
    pub bindings: Vec<Binding>,
    actions: HashMap<(Mode, Key), Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKeymap {
    #[serde(default)]
    write: Vec<RawBinding>,
    #[serde(default)]
    read: Vec<RawBinding>,
    #[serde(default)]
    leader: Vec<RawBinding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBinding {
    on: OneOrMany,
    run: String,
    #[serde(default)]
    desc: String,
    #[serde(default)]
    group: String,
    hint: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Key {
    /// Returns the key of an event. Shift is dropped from characters, which carry it themselves.
    pub fn of(event: KeyEvent) -> Self {
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let mut code = event.code;
        if let KeyCode::Char(letter) = code {
            modifiers -= KeyModifiers::SHIFT;
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(letter.to_ascii_lowercase());
            }
        }
        Self { code, modifiers }
    }

    /// Returns the key that `name` spells, such as `ctrl-x`, `]` or `pageup`; `None` for an unknown spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                modifiers |= KeyModifiers::CONTROL;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                modifiers |= KeyModifiers::ALT;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("shift-").filter(|after| !after.is_empty()) {
                modifiers |= KeyModifiers::SHIFT;
                rest = after;
            } else {
                break;
            }
        }
        let code = match rest {
            "enter" => KeyCode::Enter,
            "tab" => KeyCode::Tab,
            "esc" => KeyCode::Esc,
            "space" => KeyCode::Char(' '),
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            "f1" => KeyCode::F(1),
            single => {
                let mut letters = single.chars();
                let letter = letters.next()?;
                if letters.next().is_some() {
                    return None;
                }
                KeyCode::Char(letter)
            }
        };
        Some(Self { code, modifiers })
    }
}

impl Keymap {
    /// Returns the table in `text`, and a warning for each row that can't be used or clashes with one before it.
    pub fn parse(text: &str) -> (Self, Vec<String>) {
        let raw: RawKeymap = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => return (Self::default(), vec![format!("keymap: {}", error.message())]),
        };
        let mut keymap = Self::default();
        let mut warnings = Vec::new();
        for (mode, rows) in [(Mode::Write, raw.write), (Mode::Read, raw.read), (Mode::Leader, raw.leader)] {
            for row in rows {
                keymap.add(mode, row, &mut warnings);
            }
        }
        (keymap, warnings)
    }

    fn add(&mut self, mode: Mode, row: RawBinding, warnings: &mut Vec<String>) {
        let Some(run) = Action::from_name(&row.run) else {
            warnings.push(format!("keymap: no action is called `{}`", row.run));
            return;
        };
        let on = match row.on {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        };
        for name in &on {
            let Some(key) = Key::from_name(name) else {
                warnings.push(format!("keymap: no key is called `{name}`"));
                continue;
            };
            if self.actions.insert((mode, key), run).is_some() {
                warnings.push(format!("keymap: `{name}` is bound twice"));
            }
        }
        self.bindings.push(Binding { mode, on, run, desc: row.desc, group: row.group, hint: row.hint });
    }

    /// Returns what `key` does in `mode`, if anything.
    pub fn action(&self, mode: Mode, key: Key) -> Option<Action> {
        self.actions.get(&(mode, key)).copied()
    }

    /// Returns the rows of a mode.
    pub fn rows(&self, mode: Mode) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.mode == mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_table_has_no_clash_and_no_unknown_name() {
        let (_, warnings) = Keymap::parse(DEFAULT_KEYMAP);
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[test]
    fn every_action_has_a_door_without_alt_or_function_keys() {
        let (keymap, _) = Keymap::parse(DEFAULT_KEYMAP);
        for binding in &keymap.bindings {
            let is_plain = |name: &String| !name.contains("alt-") && !name.starts_with('f') && !name.contains("shift-");
            assert!(binding.on.iter().any(|name| is_plain(name) || name.len() == 1), "{:?}", binding.run);
        }
    }

    #[test]
    fn every_key_that_does_something_is_explained_by_a_row() {
        let (keymap, _) = Keymap::parse(DEFAULT_KEYMAP);
        let explained = |run: Action| {
            let same = |other: Action| std::mem::discriminant(&other) == std::mem::discriminant(&run);
            keymap.bindings.iter().any(|binding| same(binding.run) && !binding.desc.is_empty())
        };
        for binding in &keymap.bindings {
            assert!(explained(binding.run), "{:?}", binding.run);
        }
    }

    #[test]
    fn a_clash_is_reported() {
        let text = "[[read]]\non = \"z\"\nrun = \"zoom\"\n[[read]]\non = \"z\"\nrun = \"copy\"\n";
        assert_eq!(Keymap::parse(text).1, ["keymap: `z` is bound twice"]);
    }

    #[test]
    fn shift_is_part_of_a_letter() {
        let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Some(Key::of(shifted)), Key::from_name("G"));
    }

    #[test]
    fn control_letters_are_the_same_in_both_cases() {
        let shifted = KeyEvent::new(KeyCode::Char('X'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Some(Key::of(shifted)), Key::from_name("ctrl-x"));
    }
}
