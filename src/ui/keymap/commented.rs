//! The `keymap.toml` that `config init` writes: every key as it is, each line a comment until a person changes it.

use crate::ui::command::COMMANDS;
use crate::ui::keymap::{Keymap, Mode};

const HEAD: &str = "\
# Keys of your own. Take the # from a line to change it; what is not here stays as it is.
#
#   \"f2\" = \"view.zoom\"                     a key and what it does
#   \"f3\" = [\"view.zoom\", \"focus.read\"]     several things, one after the other
#   \"ctrl-x z\" = false                     nothing any more
#
# Some actions can be told something: \"model.only 2\". Whatever is wrong here is told with its line, at the start and by
# `dissent config check`; the program starts all the same.
";

/// Returns the file: the keys after the menu key, those while writing, those while reading.
pub(super) fn file(keymap: &Keymap) -> String {
    let mut lines = vec![HEAD.to_owned()];
    for (mode, head) in [
        (Mode::Menu, "# After the menu key.\n[keys]"),
        (Mode::Write, "\n# While writing. A bare sign acts only while nothing is typed.\n[keys.write]"),
        (Mode::Read, "\n# While reading.\n[keys.read]"),
    ] {
        lines.push(head.to_owned());
        for command in COMMANDS {
            for (key, told) in keymap.named(mode, command) {
                let key = if mode == Mode::Menu { format!("ctrl-x {key}") } else { key.to_owned() };
                let key = format!("\"{}\"", key.replace('\\', "\\\\"));
                let action = format!("\"{}{told}\"", command.name);
                lines.push(format!("# {key:14} = {action:28} # {}", command.says));
            }
        }
    }
    lines.push("\n# Without a key so far:".to_owned());
    for command in COMMANDS.iter().filter(|command| [command.write, command.read, command.menu].concat().is_empty()) {
        let told = command.takes.hint();
        lines.push(format!("#   {:28} {}", format!("{} {told}", command.name).trim_end(), command.says));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_may_be_uncommented_and_then_changes_nothing() {
        let usual = Keymap::default();
        let is_row = |line: &&str| line.starts_with("# \"") || line.starts_with('[');
        let file = file(&usual);
        let rows: Vec<&str> = file.lines().filter(is_row).map(|line| line.trim_start_matches("# ")).collect();
        assert!(rows.len() > 80, "{}", rows.len());
        let (changed, problems) = usual.changed(&rows.join("\n"));
        assert_eq!(problems, []);
        for bound in &usual.bound {
            assert_eq!(changed.actions(bound.mode, bound.key), bound.actions.as_slice(), "{}", bound.name);
        }
    }

    #[test]
    fn as_it_is_written_it_changes_nothing() {
        let usual = Keymap::default();
        let (changed, problems) = usual.changed(&file(&usual));
        assert_eq!((changed.bound, problems), (usual.bound, Vec::new()));
    }
}
