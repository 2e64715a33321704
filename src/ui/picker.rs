//! A list to pick from, narrowed by what is typed: the palette of all commands, the themes, the models.

use crate::ui::address::Address;
use crate::ui::app::App;
use crate::ui::command::{COMMANDS, Command};
use crate::ui::fuzzy::score;
use crate::ui::theme::Theme;

/// What is picked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PickerKind {
    /// A command, to be done.
    #[default]
    Commands,
    /// A theme; the picked one is shown at once.
    Themes,
    /// Who is on; nothing changes before the end.
    Models,
    /// A web address; it is shown whole before anything opens it.
    Addresses,
    /// A session to go on with.
    Sessions,
    /// A turn of any session in which words are.
    Finds,
}

/// A list to pick from, as it stands.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// What is picked.
    pub kind: PickerKind,
    /// What is typed.
    pub pattern: String,
    /// The picked one of those that fit.
    pub picked: usize,
    /// The theme to go back to.
    pub theme_before: Option<Theme>,
    /// Who is to be on, seat by seat.
    pub wanted: Vec<bool>,
    /// The addresses that can be opened.
    pub offered: Vec<Address>,
    /// The address that is shown whole, to be opened or not.
    pub asked: Option<String>,
    /// The new name of the picked session, while it is typed.
    pub naming: Option<String>,
    /// Whether the next key is one after the menu key.
    pub is_menu: bool,
}

impl PickerKind {
    /// Returns the heading over the list.
    pub fn title(self) -> &'static str {
        match self {
            Self::Commands => "palette",
            Self::Themes => "themes",
            Self::Models => "models",
            Self::Addresses => "open",
            Self::Sessions => "sessions",
            Self::Finds => "find in all sessions",
        }
    }
}

/// Returns the commands that the palette offers: all that can be called by name.
pub fn offered() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| command.action.is_some() || !command.slash.is_empty())
}

/// Returns what an address is found by: its number, its title, itself.
fn searched(address: &Address) -> String {
    let number = address.number.map(|number| format!("[{number}]")).unwrap_or_default();
    format!("{number} {} {}", address.title, address.url)
}

/// Returns the entries that fit what is typed, the best first and else in their own order, as places in the whole list.
pub fn found(app: &App) -> Vec<usize> {
    let texts: Vec<String> = match app.picker.kind {
        // What fits was found out where they are kept.
        PickerKind::Sessions => return (0..app.library.cards.len()).collect(),
        PickerKind::Finds => return (0..app.library.finds.len()).collect(),
        PickerKind::Commands => offered()
            .map(|command| format!("{} {} /{} {}", command.short, command.says, command.slash, command.name))
            .collect(),
        PickerKind::Themes => app.themes.names().map(str::to_owned).collect(),
        PickerKind::Models => app.seats.iter().map(|seat| seat.member.id.to_string()).collect(),
        PickerKind::Addresses => app.picker.offered.iter().map(searched).collect(),
    };
    let fits = texts.iter().enumerate().filter_map(|(idx, text)| Some((score(&app.picker.pattern, text)?, idx)));
    let mut found: Vec<(i32, usize)> = fits.collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, idx)| idx).collect()
}
