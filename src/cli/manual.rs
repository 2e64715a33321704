//! What the command line says of itself to shells and to `man`: completions and manual pages.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Command, ValueEnum};
use clap_complete::{Generator, Shell as Common};
use clap_complete_nushell::Nushell;
use clap_mangen::Man;
use thiserror::Error;

use crate::domain::nearest::did_you_mean;

/// A shell that can complete a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// The Bourne again shell
    Bash,
    /// Elvish
    Elvish,
    /// The friendly interactive shell
    Fish,
    /// Nushell
    #[value(alias = "nu")]
    Nushell,
    /// PowerShell
    #[value(alias = "pwsh")]
    Powershell,
    /// The Z shell
    Zsh,
}

/// For which shell completions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
#[command(after_help = "\
bash:        dissent completions bash > ~/.local/share/bash-completion/completions/dissent
zsh:         dissent completions zsh > \"${fpath[1]}/_dissent\"
fish:        dissent completions fish > ~/.config/fish/completions/dissent.fish
nushell:     dissent completions nushell | save -f ~/.config/nushell/dissent.nu, and `use` it in config.nu
PowerShell:  dissent completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Which manual page is written, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(after_help = "To read one: dissent man ask | man -l -")]
pub struct ManArgs {
    /// The command, with the one below it: `sessions list`; nothing is the page of dissent itself
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Writes the pages of all commands into this folder in place of printing one
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub all: Option<PathBuf>,
}

/// A manual page: the name of its file, `dissent-ask.1`, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name.
    pub name: String,
    /// Its text, for `man`.
    pub roff: Vec<u8>,
}

/// There is no page of that name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no page of a command `{command}`{nearest}\n`dissent help` lists the commands")]
pub struct NoPage {
    command: String,
    nearest: String,
}

/// Writes what `shell` needs to complete a line of `command`, which is called `dissent`.
///
/// # Errors
/// Those of `out`.
pub fn write_completions(mut command: Command, shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The script refers to the program by the name under which it is called.
    command.set_bin_name("dissent");
    command.build();
    let common = match shell {
        Shell::Nushell => return Nushell.try_generate(&command, out),
        Shell::Bash => Common::Bash,
        Shell::Elvish => Common::Elvish,
        Shell::Fish => Common::Fish,
        Shell::Powershell => Common::PowerShell,
        Shell::Zsh => Common::Zsh,
    };
    common.try_generate(&command, out)
}

/// Returns the page of the command below `root` that `path` names; of `root` itself where it is empty.
///
/// # Errors
/// There is no such command.
pub fn page(root: Command, path: &[String]) -> Result<Page, NoPage> {
    let root = built(root);
    let mut command = &root;
    for word in path {
        command = command.find_subcommand(word).ok_or_else(|| NoPage {
            command: word.clone(),
            nearest: did_you_mean(word, command.get_subcommands().map(Command::get_name)),
        })?;
    }
    Ok(page_of(command))
}

/// Returns the pages of `root`, of its commands, and of those below them.
pub fn pages(root: Command) -> Vec<Page> {
    fn gather(command: &Command, pages: &mut Vec<Page>) {
        pages.push(page_of(command));
        for below in command.get_subcommands() {
            gather(below, pages);
        }
    }
    let mut pages = Vec::new();
    gather(&built(root), &mut pages);
    pages
}

/// The whole command line without `help`, which only prints what the pages say.
fn built(root: Command) -> Command {
    let mut root = root.disable_help_subcommand(true);
    root.build();
    root
}

fn page_of(command: &Command) -> Page {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    // What stands in lines of its own in the help stays in paragraphs of its own.
    let notes = command.get_after_help().map(|help| help.to_string().replace('\n', "\n\n"));
    let shown = command.clone().after_help(notes.unwrap_or_default());
    let man = Man::new(shown).title(name.to_uppercase()).section("1");
    let mut roff = Vec::new();
    // Writing to memory does not fail.
    drop(man.render(&mut roff));
    Page { name: format!("{name}.1"), roff }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn script(shell: Shell) -> String {
        let mut out = Vec::new();
        write_completions(Cli::command(), shell, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_shell_completes_every_command_and_long_option() {
        let mut root = Cli::command();
        root.build();
        for shell in Shell::value_variants() {
            let script = script(*shell);
            for command in root.get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell:?}: {}", command.get_name());
                for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                    assert!(script.contains(option), "{shell:?}: {} --{option}", command.get_name());
                }
            }
        }
    }

    #[test]
    fn every_command_has_a_page_that_names_its_options() {
        let pages = pages(Cli::command());
        for page in &pages {
            let text = String::from_utf8(page.roff.clone()).unwrap();
            assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{}", page.name);
        }
        let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
        for name in ["dissent.1", "dissent-ask.1", "dissent-sessions-list.1", "dissent-config-init.1", "dissent-man.1"]
        {
            assert!(names.contains(&name), "{name} is not among {names:?}");
        }
        let ask = page(Cli::command(), &["ask".to_owned()]).unwrap();
        let text = String::from_utf8(ask.roff).unwrap().replace("\\-", "-");
        for option in ["--json", "--models", "--timeout", "--file"] {
            assert!(text.contains(option), "{option}");
        }
    }

    #[test]
    fn a_page_that_is_not_there_names_the_nearest() {
        let told = |words: &[&str]| {
            page(Cli::command(), &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
                .unwrap_err()
                .to_string()
        };
        assert!(told(&["sesions"]).contains("`sesions`") && told(&["sesions"]).contains("`sessions`"));
        assert!(told(&["sessions", "lst"]).contains("`list`"));
        assert!(told(&["help"]).contains("no page of a command `help`"));
    }
}
