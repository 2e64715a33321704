//! Everything a person can do, with its name, its keys and its words: what footer, menu, help, palette, slash commands
//! and the table in the README are made of.

pub mod layers;
pub mod readme;
pub mod slash;
mod table;

use crate::domain::ids::Column;
use crate::domain::nearest::did_you_mean;
use crate::ui::action::Action;

pub use crate::ui::command::table::COMMANDS;

/// What a command has to do with; help and palette show the groups in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Sending, stopping, asking again.
    Ask,
    /// Who is asked.
    Models,
    /// Moving over answers.
    Read,
    /// What models agree and conflict on.
    Consensus,
    /// Going on with another session.
    Sessions,
    /// Where panes stand and how they look.
    View,
    /// Editing the question.
    Edit,
    /// Help, leaving, the rest.
    Program,
}

/// What a command needs to be told, and the action that it then becomes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A model: its number or its letter, on the screen also its name. Its keys stand for the models in order.
    Model(fn(Column) -> Action),
    /// A number from 1, such as that of a conflict.
    Number(fn(u32) -> Action),
    /// Any text, and what it is for a person: `text`, `path`, `name`.
    Text(&'static str, fn(String) -> Action),
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its name in `keymap.toml`.
    pub name: &'static str,
    /// What it does without being told more; `None` when it must be told.
    pub action: Option<Action>,
    /// What it can be told.
    pub takes: Takes,
    /// The word or two for footer and menu.
    pub short: &'static str,
    /// What it does, for help, palette and README.
    pub says: &'static str,
    /// What it has to do with.
    pub group: Group,
    /// Keys while writing, between blanks.
    pub write: &'static str,
    /// Keys while reading, between blanks.
    pub read: &'static str,
    /// Keys after the menu key, between blanks.
    pub menu: &'static str,
    /// What is typed after a slash; empty for what makes no sense there.
    pub slash: &'static str,
}

impl Group {
    /// Returns all groups in the order in which they are shown.
    pub const ALL: [Self; 8] =
        [Self::Ask, Self::Models, Self::Read, Self::Consensus, Self::Sessions, Self::View, Self::Edit, Self::Program];

    /// Returns the heading over the group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Models => "models",
            Self::Read => "read",
            Self::Consensus => "consensus",
            Self::Sessions => "sessions",
            Self::View => "view",
            Self::Edit => "edit",
            Self::Program => "program",
        }
    }
}

impl Command {
    /// Returns what this command does when it is told `argument`, or why it can't be done. `model` finds a model by
    /// what a person calls it.
    ///
    /// # Errors
    /// A sentence for the person: what is missing, or not understood.
    pub fn told(&self, argument: &str, model: impl Fn(&str) -> Option<Column>) -> Result<Action, String> {
        let argument = argument.trim();
        if argument.is_empty() {
            let what = self.takes.hint();
            return self.action.clone().ok_or_else(|| format!("say which: {} {what}", self.slash_or_name()));
        }
        match self.takes {
            Takes::Nothing => Err(format!("{} takes nothing after it", self.slash_or_name())),
            Takes::Model(run) => {
                model(argument).map(run).ok_or_else(|| format!("no model is called `{argument}`; try its letter"))
            }
            Takes::Number(run) => match argument.parse() {
                Ok(number @ 1..) => Ok(run(number)),
                Ok(0) | Err(_) => Err(format!("{} takes a number from 1, not `{argument}`", self.slash_or_name())),
            },
            Takes::Text(_, run) => Ok(run(argument.to_owned())),
        }
    }

    fn slash_or_name(&self) -> String {
        if self.slash.is_empty() { self.name.to_owned() } else { format!("/{}", self.slash) }
    }
}

impl Takes {
    /// Returns the sign for what may follow the command, such as `<model>`; empty for nothing.
    pub fn hint(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Model(_) => "<model>".to_owned(),
            Self::Number(_) => "<number>".to_owned(),
            Self::Text(what, _) => format!("<{what}>"),
        }
    }
}

/// Returns the command whose plain action is `action`; `None` for actions that were told something.
pub fn of(action: &Action) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.action.as_ref() == Some(action))
}

/// Returns the action that `words` name in a keymap: a command's name and what it is told, such as `model.toggle 2`.
///
/// # Errors
/// What is not understood, with the nearest name.
pub fn named(words: &str) -> Result<Action, String> {
    let words = words.trim();
    let (name, argument) = words.split_once(' ').unwrap_or((words, ""));
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let nearest = did_you_mean(name, COMMANDS.iter().map(|command| command.name));
        return Err(format!("no action is called `{name}`{nearest}"));
    };
    command.told(argument, numbered)
}

/// Returns the column that a person calls `typed`: its number from 1, or its letter.
pub fn numbered(typed: &str) -> Option<Column> {
    if let Ok(number) = typed.parse::<u8>() {
        return number.checked_sub(1).map(Column);
    }
    let mut letters = typed.chars();
    match (letters.next().map(|letter| letter.to_ascii_uppercase()), letters.next()) {
        (Some(letter @ 'A'..='Z'), None) => Some(Column(letter as u8 - b'A')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_slash_commands_are_unique() {
        for (idx, command) in COMMANDS.iter().enumerate() {
            for other in COMMANDS.iter().skip(idx + 1) {
                assert_ne!(command.name, other.name);
                assert!(command.slash.is_empty() || command.slash != other.slash, "/{}", command.slash);
                assert!(command.action.is_none() || command.action != other.action, "{}", command.name);
            }
        }
    }

    #[test]
    fn every_row_says_what_it_does_in_few_words() {
        for command in COMMANDS {
            assert!((1..=36).contains(&command.says.chars().count()), "{}", command.name);
            assert!((1..=16).contains(&command.short.chars().count()), "{}", command.name);
            assert!(command.action.is_some() || !matches!(command.takes, Takes::Nothing), "{}", command.name);
        }
    }

    #[test]
    fn a_name_in_a_keymap_may_be_told_something() {
        assert_eq!(named("view.zoom"), Ok(Action::Zoom));
        assert_eq!(named("model.toggle 2"), Ok(Action::ToggleModel(Column(1))));
        assert_eq!(named("model.toggle c"), Ok(Action::ToggleModel(Column(2))));
        assert_eq!(named("view.zom"), Err("no action is called `view.zom`; did you mean `view.zoom`?".to_owned()));
        assert_eq!(named("view.zoom 3"), Err("/zoom takes nothing after it".to_owned()));
        assert_eq!(named("model.on"), Err("say which: /on <model>".to_owned()));
    }
}
