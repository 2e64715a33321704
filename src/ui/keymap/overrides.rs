//! A person's own keys: `"ctrl-x c" = "consensus.cycle"`, several actions in a list, `false` for none.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::ui::action::Action;
use crate::ui::command;
use crate::ui::keymap::{Bound, Key, Keymap, Mode, Problem};

/// One line of the file.
struct Change {
    line: usize,
    /// The key or keys, as typed.
    name: String,
    /// Where it is to act.
    modes: &'static [Mode],
    /// What it is to do; nothing takes the key its meaning.
    actions: Vec<Action>,
}

/// Reads the file and finds what is wrong with it.
struct Reader<'a> {
    text: &'a str,
    changes: Vec<Change>,
    problems: Vec<Problem>,
}

const BOTH: &[Mode] = &[Mode::Write, Mode::Read];

/// Returns `keymap` with what `text` changes, and what of it can't be used.
pub(super) fn apply(keymap: &Keymap, text: &str) -> (Keymap, Vec<Problem>) {
    let mut reader = Reader { text, changes: Vec::new(), problems: Vec::new() };
    reader.read();
    let Reader { mut changes, mut problems, .. } = reader;
    let mut changed = keymap.clone();
    // Single keys first: one of them may become the menu key, which others begin with.
    changes.sort_by_key(|change| (change.name.split_whitespace().count(), change.line));
    let mut done: Vec<(Mode, Key, usize)> = Vec::new();
    for change in changes {
        match places(&changed, &change) {
            Ok(places) => {
                for (mode, key, name) in places {
                    if let Some((.., line)) = done.iter().find(|(m, k, _)| (*m, *k) == (mode, key)) {
                        let message = format!("`{}` is the key of line {line} too; one of them must go", change.name);
                        problems.push(Problem { line: change.line, message });
                        continue;
                    }
                    done.push((mode, key, change.line));
                    let row = Bound { mode, key, name, actions: change.actions.clone() };
                    let complaint = rebind(&mut changed, row, change.modes.len() == 1);
                    problems.extend(complaint.map(|message| Problem { line: change.line, message }));
                }
            }
            Err(message) => problems.push(Problem { line: change.line, message }),
        }
    }
    problems.sort();
    problems.dedup();
    (changed, problems)
}

/// Returns where a change is to act: the mode, the key, and how the key is shown.
fn places(keymap: &Keymap, change: &Change) -> Result<Vec<(Mode, Key, String)>, String> {
    let words: Vec<&str> = change.name.split_whitespace().collect();
    match words.as_slice() {
        [single] => {
            let key = Key::from_name(single)?;
            let writes = change.modes.contains(&Mode::Write);
            if key.types() && writes && (single.chars().all(char::is_alphanumeric)) {
                return Err(format!("`{single}` types while writing; put it under [keys.read]"));
            }
            Ok(change.modes.iter().map(|mode| (*mode, key, (*single).to_owned())).collect())
        }
        [first, then] => {
            let menu = Key::from_name(first)?;
            let opens = |mode: &Mode| keymap.actions(*mode, menu) == [Action::Menu];
            if !BOTH.iter().any(opens) {
                let known = keymap.key(Mode::Write, &Action::Menu).unwrap_or("nothing, as it was unbound");
                return Err(format!("`{}`: only the menu key begins two keys, and that is {known}", change.name));
            }
            Ok(vec![(Mode::Menu, Key::from_name(then)?, (*then).to_owned())])
        }
        _ => Err(format!("`{}`: one key, or the menu key and another", change.name)),
    }
}

/// Gives a key its new meaning; says so where it was to lose one that it did not have.
fn rebind(keymap: &mut Keymap, row: Bound, is_only_place: bool) -> Option<String> {
    let before = keymap.bound.len();
    keymap.bound.retain(|bound| (bound.mode, bound.key) != (row.mode, row.key));
    if !row.actions.is_empty() {
        // In front: the person's own key is the one to show.
        keymap.bound.insert(0, row);
        return None;
    }
    let had_none = keymap.bound.len() == before;
    (had_none && is_only_place).then(|| format!("`{}` had no meaning here that could be taken from it", row.name))
}

impl Reader<'_> {
    fn read(&mut self) {
        let text = self.text;
        match DeTable::parse(text) {
            Ok(table) => self.table(table.get_ref(), "", BOTH),
            Err(error) => {
                let message = error.message().lines().collect::<Vec<_>>().join(", ");
                self.complain(error.span().map_or(0, |span| span.start), format!("no key is changed: {message}"));
            }
        }
    }

    /// Reads a table; `path` is its name in the file, such as `keys.write`.
    fn table(&mut self, table: &DeTable<'_>, path: &str, modes: &'static [Mode]) {
        for (key, value) in table {
            let at = key.span().start;
            match (path, key.get_ref().as_ref(), value.get_ref()) {
                ("", "keys", DeValue::Table(inner)) => self.table(inner, "keys", BOTH),
                ("keys", "write", DeValue::Table(inner)) => self.table(inner, "keys.write", &[Mode::Write]),
                ("keys", "read", DeValue::Table(inner)) => self.table(inner, "keys.read", &[Mode::Read]),
                (_, name, DeValue::Table(_)) => {
                    self.complain(
                        at,
                        format!("there is no table `{name}` here; keys stand in [keys], [keys.write] or [keys.read]"),
                    );
                }
                (_, name, _) => {
                    if let Some(actions) = self.actions(name, value) {
                        let line = self.line(at);
                        self.changes.push(Change { line, name: name.to_owned(), modes, actions });
                    }
                }
            }
        }
    }

    /// Returns what a key is to do; `None`, with a complaint, where that is not understood.
    fn actions(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<Action>> {
        let at = value.span().start;
        let actions = match value.get_ref() {
            DeValue::Boolean(false) => Ok(Vec::new()),
            DeValue::String(words) => command::named(words).map(|action| vec![action]),
            DeValue::Array(list) => list
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(words) => command::named(words),
                    DeValue::Boolean(_)
                    | DeValue::Integer(_)
                    | DeValue::Float(_)
                    | DeValue::Datetime(_)
                    | DeValue::Array(_)
                    | DeValue::Table(_) => Err(format!("`{name}`: a list holds names of actions")),
                })
                .collect(),
            DeValue::Boolean(true)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => Err(format!("`{name}` is the name of an action, a list of them, or false")),
        };
        actions.map_err(|message| self.complain(at, message)).ok()
    }

    fn complain(&mut self, at: usize, message: String) {
        let line = self.line(at);
        self.problems.push(Problem { line, message });
    }

    /// Returns the line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Column;

    /// Returns what keys do with a file, and what is wrong with it.
    fn check(text: &str, keys: &[(Mode, &str)]) -> (Vec<Vec<Action>>, Vec<String>) {
        let (keymap, problems) = Keymap::default().changed(text);
        let actions = keys.iter().map(|(mode, key)| keymap.actions(*mode, Key::from_name(key).unwrap()).to_vec());
        let told = problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message));
        (actions.collect(), told.collect())
    }

    #[test]
    fn a_key_is_bound_to_one_action_to_several_or_to_none() {
        let text = "\"ctrl-x v\" = \"consensus.cycle\"\n[keys]\n\"ctrl-g\" = [\"focus.read\", \"view.zoom\"]\n\
                    [keys.read]\nx = \"model.toggle 2\"\nz = false\n";
        let keys =
            [(Mode::Menu, "v"), (Mode::Write, "ctrl-g"), (Mode::Read, "ctrl-g"), (Mode::Read, "x"), (Mode::Read, "z")];
        let both = vec![Action::Read, Action::Zoom];
        let expected =
            vec![vec![Action::CyclePanel], both.clone(), both, vec![Action::ToggleModel(Column(1))], Vec::new()];
        assert_eq!(check(text, &keys), (expected, Vec::new()));
    }

    #[test]
    fn another_menu_key_opens_the_same_menu() {
        let text = "\"ctrl-x\" = false\n\"ctrl-g\" = \"menu\"\n\"ctrl-g v\" = \"view.zoom\"\n";
        let (actions, problems) = check(text, &[(Mode::Write, "ctrl-g"), (Mode::Write, "ctrl-x"), (Mode::Menu, "v")]);
        assert_eq!(actions, [vec![Action::Menu], vec![], vec![Action::Zoom]]);
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn the_persons_own_key_is_the_one_to_show() {
        let (keymap, _) = Keymap::default().changed("[keys.read]\nx = \"view.zoom\"");
        assert_eq!(keymap.keys(Mode::Read, &Action::Zoom).collect::<Vec<_>>(), ["x", "z"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_changes_nothing() {
        let text = "\"ctrl-x c\" = \"consensus.cycl\"\n\"ctrl-\\\\\" = \"view.zoom\"\n\"ctrl-4\" = \"help\"\n\
                    w = \"view.zoom\"\n\"ctrl-w c\" = \"view.zoom\"\n\"pgup\" = \"help\"\n\"f2\" = 3\n[keys.raed]\nx = false\n";
        let (actions, problems) = check(text, &[(Mode::Menu, "c"), (Mode::Write, "ctrl-\\")]);
        assert_eq!(actions, [vec![Action::CyclePanel], vec![Action::Zoom]]);
        assert_eq!(
            problems,
            [
                "1: no action is called `consensus.cycl`; did you mean `consensus.cycle`?",
                "3: `ctrl-4` is the key of line 2 too; one of them must go",
                "4: `w` types while writing; put it under [keys.read]",
                "5: `ctrl-w c`: only the menu key begins two keys, and that is ctrl-x",
                "6: no key is called `pgup`; did you mean `pageup`?",
                "7: `f2` is the name of an action, a list of them, or false",
                "8: there is no table `raed` here; keys stand in [keys], [keys.write] or [keys.read]",
            ]
        );
    }

    #[test]
    fn a_file_that_is_no_toml_changes_nothing() {
        let (actions, problems) = check("z = \n", &[(Mode::Read, "z")]);
        assert_eq!(actions, [vec![Action::Zoom]]);
        assert!(problems[0].starts_with("1: no key is changed: "), "{problems:?}");
    }
}
