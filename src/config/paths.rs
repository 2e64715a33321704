//! Where the config, the data and the logs are.

use std::path::{Path, PathBuf};

use crate::config::env::Env;

const PROGRAM: &str = "dissent";
const FILE_NAME: &str = "config.toml";

/// The three folders that the system gives to programs of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseDirs {
    /// `$XDG_CONFIG_HOME`, else `~/.config`.
    pub config: PathBuf,
    /// `$XDG_DATA_HOME`, else `~/.local/share`.
    pub data: PathBuf,
    /// `$XDG_STATE_HOME`, else `~/.local/state`.
    pub state: PathBuf,
}

/// Who named the config file: decides whether it must exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The person, in this call or in `DISSENT_CONFIG`: a missing file is an error.
    Person,
    /// The convention: a missing file means that there is no config.
    Convention,
}

/// Where our files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The config file.
    pub config: PathBuf,
    /// Who named it.
    pub named_by: NamedBy,
    /// The folder of the history.
    pub data: PathBuf,
    /// The folder of the logs.
    pub state: PathBuf,
}

impl Paths {
    /// Returns the paths in force: `config` from the command line wins over `DISSENT_CONFIG`, which may name the file or
    /// the folder that holds `config.toml`; `DISSENT_DATA` names the folder of the data.
    pub fn new(config: Option<&Path>, env: &Env, base: &BaseDirs) -> Self {
        let (config, named_by) = match (config, env.get("DISSENT_CONFIG").map(PathBuf::from)) {
            (Some(file), _) => (file.to_path_buf(), NamedBy::Person),
            (None, Some(file)) if is_file(&file) => (file, NamedBy::Person),
            (None, Some(folder)) => (folder.join(FILE_NAME), NamedBy::Convention),
            (None, None) => (base.config.join(PROGRAM).join(FILE_NAME), NamedBy::Convention),
        };
        Self {
            config,
            named_by,
            data: env.get("DISSENT_DATA").map_or_else(|| base.data.join(PROGRAM), PathBuf::from),
            state: base.state.join(PROGRAM),
        }
    }

    /// Returns the file with a person's own keys.
    pub fn keymap(&self) -> PathBuf {
        self.config.with_file_name("keymap.toml")
    }

    /// Returns the folder in which people keep their own themes.
    pub fn themes(&self) -> PathBuf {
        self.config.with_file_name("themes")
    }
}

/// Returns whether `path` means the config file itself rather than the folder around it: by its name, so that a file may
/// be named before it is written, or because something other than a folder is there, such as `/dev/null`.
fn is_file(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "toml") || (path.exists() && !path.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(config: Option<&str>, variables: &[(&str, &str)]) -> (String, NamedBy, String) {
        let base = BaseDirs { config: "/c".into(), data: "/d".into(), state: "/s".into() };
        let paths = Paths::new(config.map(Path::new), &variables.iter().copied().collect(), &base);
        assert_eq!(paths.state, Path::new("/s/dissent"));
        (paths.config.display().to_string(), paths.named_by, paths.data.display().to_string())
    }

    #[test]
    fn the_command_line_wins_over_the_variable_over_the_convention() {
        let row = |config: &str, named_by, data: &str| (config.to_owned(), named_by, data.to_owned());
        let moved = [("DISSENT_CONFIG", "/x/mine.toml"), ("DISSENT_DATA", "/y")];
        assert_eq!(check(None, &[]), row("/c/dissent/config.toml", NamedBy::Convention, "/d/dissent"));
        assert_eq!(check(None, &moved), row("/x/mine.toml", NamedBy::Person, "/y"));
        assert_eq!(check(Some("a.cfg"), &moved), row("a.cfg", NamedBy::Person, "/y"));
        let folder = [("DISSENT_CONFIG", "/no-such-folder")];
        assert_eq!(check(None, &folder), row("/no-such-folder/config.toml", NamedBy::Convention, "/d/dissent"));
        let empty = [("DISSENT_CONFIG", " ")];
        assert_eq!(check(None, &empty), row("/c/dissent/config.toml", NamedBy::Convention, "/d/dissent"));
    }
}
