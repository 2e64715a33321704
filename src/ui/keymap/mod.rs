//! Which key does what where: the table of commands, with what a person's `keymap.toml` changes.

mod commented;
mod key;
mod overrides;

use crate::domain::ids::Column;
use crate::ui::action::Action;
use crate::ui::command::{COMMANDS, Command, Takes};

pub use crate::ui::keymap::key::Key;

/// Where keys act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The composer has the cursor; letters type.
    Write,
    /// The panes have the focus; letters act.
    Read,
    /// The menu key was pressed; one key follows.
    Menu,
}

/// One key and what it does.
#[derive(Clone, Debug, PartialEq)]
struct Bound {
    mode: Mode,
    key: Key,
    /// As a person spells it.
    name: String,
    /// In this order; never empty.
    actions: Vec<Action>,
}

/// Something in a `keymap.toml` that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Which key does what where.
#[derive(Clone, Debug)]
pub struct Keymap {
    bound: Vec<Bound>,
}

impl Default for Keymap {
    /// Returns the keys of the table.
    fn default() -> Self {
        Self::of(COMMANDS).0
    }
}

impl Keymap {
    /// Returns the keys of some commands, and the names that are unknown or bound twice.
    fn of(commands: &[Command]) -> (Self, Vec<String>) {
        let mut keymap = Self { bound: Vec::new() };
        let mut problems = Vec::new();
        for command in commands {
            for (mode, names) in [(Mode::Write, command.write), (Mode::Read, command.read), (Mode::Menu, command.menu)]
            {
                for (idx, name) in names.split_whitespace().enumerate() {
                    let action = match (&command.action, command.takes) {
                        (Some(action), _) => Some(action.clone()),
                        (None, Takes::Model(run)) => Some(run(Column::at(idx))),
                        (None, Takes::Nothing | Takes::Number(_) | Takes::Text(..)) => None,
                    };
                    match (Key::from_name(name), action) {
                        (Ok(key), Some(action)) => {
                            let row = Bound { mode, key, name: name.to_owned(), actions: vec![action] };
                            problems.extend(keymap.add(row));
                        }
                        (Ok(_), None) => problems.push(format!("`{}` must be told something", command.name)),
                        (Err(problem), _) => problems.push(problem),
                    }
                }
            }
        }
        (keymap, problems)
    }

    /// Adds a row; says so where its key does something else already.
    fn add(&mut self, row: Bound) -> Option<String> {
        let Some(before) = self.bound.iter().find(|bound| (bound.mode, bound.key) == (row.mode, row.key)) else {
            self.bound.push(row);
            return None;
        };
        // Two names of one key are one door.
        (before.actions != row.actions).then(|| format!("`{}` is bound twice", row.name))
    }

    /// Returns the keymap with what the text of a `keymap.toml` changes, and what of it can't be used, in the order of
    /// its lines. What can't be used changes nothing.
    pub fn changed(&self, text: &str) -> (Self, Vec<Problem>) {
        overrides::apply(self, text)
    }

    /// Returns what `key` does in `mode`, in order; nothing for a key without a meaning there.
    pub fn actions(&self, mode: Mode, key: Key) -> &[Action] {
        let bound = self.bound.iter().find(|bound| (bound.mode, bound.key) == (mode, key));
        bound.map_or(&[], |bound| bound.actions.as_slice())
    }

    /// Returns the text of a `keymap.toml` that holds every key as a comment, to be changed line by line.
    pub fn commented() -> String {
        commented::file(&Self::default())
    }

    /// Returns the keys of an action in a mode, the first one being the one to show; keys that do more than that one
    /// thing are left out.
    pub fn keys<'a, 'b>(&'a self, mode: Mode, action: &'b Action) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
        let is_it =
            move |bound: &&Bound| bound.mode == mode && bound.actions.as_slice() == std::slice::from_ref(action);
        self.bound.iter().filter(is_it).map(|bound| bound.name.as_str())
    }

    /// Returns the keys of a command in a mode for a person: `j down`, or `1 to 9` for one that takes a model; empty
    /// without one.
    pub fn shown(&self, mode: Mode, command: &Command) -> String {
        if let Some(action) = &command.action {
            return self.keys(mode, action).collect::<Vec<_>>().join(" ");
        }
        let Takes::Model(run) = command.takes else { return String::new() };
        let keys: Vec<&str> = (0..=u8::MAX).map_while(|idx| self.key(mode, &run(Column(idx)))).collect();
        match keys.as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first, .., last] => format!("{first} to {last}"),
        }
    }

    /// Returns each key of a command in a mode, and what the command is told then: nothing, or ` 2` for the second model.
    fn named(&self, mode: Mode, command: &Command) -> Vec<(&str, String)> {
        if let Some(action) = &command.action {
            return self.keys(mode, action).map(|name| (name, String::new())).collect();
        }
        let Takes::Model(run) = command.takes else { return Vec::new() };
        let keys = (0..=u8::MAX).map_while(|idx| Some((self.key(mode, &run(Column(idx)))?, idx)));
        keys.map(|(name, idx)| (name, format!(" {}", u16::from(idx) + 1))).collect()
    }

    /// Returns the key to show for an action in a mode.
    pub fn key(&self, mode: Mode, action: &Action) -> Option<&str> {
        let is_it = |bound: &&Bound| bound.mode == mode && bound.actions.as_slice() == std::slice::from_ref(action);
        self.bound.iter().find(is_it).map(|bound| bound.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that tmux, screen and zellij keep for themselves as they come, and what flow control swallows.
    const TAKEN: [&str; 10] =
        ["ctrl-b", "ctrl-a", "ctrl-g", "ctrl-p", "ctrl-n", "ctrl-h", "ctrl-t", "ctrl-s", "ctrl-o", "ctrl-q"];
    /// Keys that only some terminals report.
    const RARE: [&str; 7] = ["shift-", "alt-", "ctrl-home", "ctrl-end", "ctrl-left", "ctrl-right", "ctrl-enter"];

    /// Actions that only Alt or Control with an arrow reach: each is a shorthand for keys that every terminal has.
    const SHORTHAND: [&str; 3] = ["edit.word-left", "edit.word-right", "edit.delete-word-forward"];

    #[test]
    fn the_table_has_no_clash_and_no_unknown_key() {
        assert_eq!(Keymap::of(COMMANDS).1, Vec::<String>::new());
    }

    #[test]
    fn every_action_has_a_door_without_alt_function_keys_or_what_a_multiplexer_takes() {
        let is_function = |name: &str| name.len() > 1 && name.starts_with('f') && name != "f";
        let is_plain = |name: &str| {
            !TAKEN.contains(&name) && !RARE.iter().any(|rare| name.starts_with(rare)) && !is_function(name)
        };
        for command in COMMANDS.iter().filter(|command| !SHORTHAND.contains(&command.name)) {
            let mut keys = [command.write, command.read, command.menu].into_iter().flat_map(str::split_whitespace);
            assert!(keys.any(is_plain) || !command.slash.is_empty(), "{} has no plain door", command.name);
        }
    }

    #[test]
    fn letters_type_while_writing() {
        for bound in Keymap::default().bound.iter().filter(|bound| bound.mode == Mode::Write && bound.key.types()) {
            assert!(!bound.name.chars().all(char::is_alphanumeric), "`{}` would not type", bound.name);
        }
    }

    #[test]
    fn keys_are_shown_as_a_person_spells_them() {
        let keymap = Keymap::default();
        let shown = |mode, name| {
            let command = COMMANDS.iter().find(|command| command.name == name).unwrap();
            keymap.shown(mode, command)
        };
        assert_eq!(shown(Mode::Read, "scroll.down"), "j down");
        assert_eq!(shown(Mode::Menu, "model.toggle"), "1 to 9");
        assert_eq!(shown(Mode::Write, "model.toggle"), "");
    }
}
