//! The table of keys in the README, made of the table of commands, so that the two never differ.

use crate::ui::command::layers::{LAYER_KEYS, LayerKey, TITLE};
use crate::ui::command::{COMMANDS, Command, Group};
use crate::ui::keymap::{Keymap, Mode};

/// The lines between which the table stands in the README.
pub const MARKS: (&str, &str) = ("<!-- keys: made from src/ui/command/table.rs -->", "<!-- end of keys -->");

/// Returns the table as Markdown, with the marks around it.
pub fn table() -> String {
    let keymap = Keymap::default();
    let mut lines = vec![
        MARKS.0.to_owned(),
        "| | writing | reading | after `ctrl-x` | command |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    for group in Group::ALL {
        let rows = COMMANDS.iter().filter(|command| command.group == group);
        let rows: Vec<String> = rows.map(|command| row(&keymap, command)).collect();
        if !rows.is_empty() {
            lines.push(format!("| **{}** | | | | |", group.title()));
            lines.extend(rows);
        }
    }
    lines.push(format!("| **{TITLE}** | | | | |"));
    lines.extend(LAYER_KEYS.iter().map(|key| layer_row(&keymap, key)));
    lines.push(MARKS.1.to_owned());
    lines.join("\n")
}

fn layer_row(keymap: &Keymap, key: &LayerKey) -> String {
    let keys: Vec<String> = keymap.keys(key.mode, &key.action).map(|name| format!("`{name}`")).collect();
    let keys = |mode| if key.mode == mode { format!(" {} |", keys.join(" ")) } else { " |".to_owned() };
    format!("| {} |{}{} | |", key.says, keys(Mode::Write), keys(Mode::Read))
}

fn row(keymap: &Keymap, command: &Command) -> String {
    let keys = |mode| {
        let shown = keymap.shown(mode, command);
        let marked = shown.split(' ').filter(|name| !name.is_empty()).map(|name| match name {
            "to" => "to".to_owned(),
            key => format!("`{key}`"),
        });
        marked.collect::<Vec<_>>().join(" ")
    };
    let slash = if command.slash.is_empty() {
        String::new()
    } else {
        format!("`/{}`", format!("{} {}", command.slash, command.takes.hint()).trim_end())
    };
    let cells = [command.says.to_owned(), keys(Mode::Write), keys(Mode::Read), keys(Mode::Menu), slash];
    let cells = cells.map(|cell| cell.replace('\\', "\\\\").replace('|', "\\|"));
    format!("| {} |", cells.join(" | ")).replace("|  |", "| |").replace("|  |", "| |")
}
