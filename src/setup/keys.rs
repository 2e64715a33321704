//! Reads a person's `keymap.toml`; whatever is wrong with it, the program starts, and says so.

use std::io::ErrorKind;

use crate::config::paths::Paths;
use crate::edge::file::{SETTING, read_text};
use crate::ui::keymap::Keymap;

/// The keys in force.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) keymap: Keymap,
    /// What can't be used of the file, each with file and line.
    pub(crate) complaints: Vec<String>,
}

/// Returns the keys of the table with what the file beside the config changes.
pub(crate) fn read(paths: &Paths) -> Keys {
    let path = paths.keymap();
    let usual = Keymap::default();
    match read_text(&path, SETTING) {
        Ok(text) => {
            let (keymap, problems) = usual.changed(&text);
            let told = |problem: &crate::ui::keymap::Problem| {
                format!("{}:{}: {}", path.display(), problem.line, problem.message)
            };
            Keys { keymap, complaints: problems.iter().map(told).collect() }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Keys { keymap: usual, complaints: Vec::new() },
        Err(error) => {
            Keys { keymap: usual, complaints: vec![format!("{}: no key is changed: {error}", path.display())] }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::env::Env;
    use crate::config::paths::BaseDirs;
    use crate::ui::action::Action;
    use crate::ui::keymap::{Key, Mode};

    fn check(text: Option<&[u8]>) -> (Vec<Action>, Vec<String>) {
        let home = tempfile::tempdir().unwrap();
        let folder = |name: &str| home.path().join(name);
        let base = BaseDirs { config: folder("c"), data: folder("d"), state: folder("s") };
        let paths = Paths::new(None, &std::iter::empty::<(&str, &str)>().collect::<Env>(), &base);
        if let Some(text) = text {
            std::fs::create_dir_all(paths.keymap().parent().unwrap()).unwrap();
            std::fs::write(paths.keymap(), text).unwrap();
        }
        let keys = read(&paths);
        let actions = keys.keymap.actions(Mode::Read, Key::from_name("x").unwrap()).to_vec();
        let home = home.path().display().to_string();
        (actions, keys.complaints.iter().map(|complaint| complaint.replace(&home, "")).collect())
    }

    #[test]
    fn a_keymap_beside_the_config_changes_keys_and_its_faults_are_told() {
        assert_eq!(check(None), (Vec::new(), Vec::new()));
        let text = b"[keys.read]\nx = \"view.zoom\"\nX = \"view.zom\"\n";
        let told = "/c/dissent/keymap.toml:3: no action is called `view.zom`; did you mean `view.zoom`?".to_owned();
        assert_eq!(check(Some(text)), (vec![Action::Zoom], vec![told]));
        let (actions, told) = check(Some(b"\xff"));
        assert_eq!(actions, Vec::new());
        assert!(told.iter().all(|line| line.starts_with("/c/dissent/keymap.toml: no key is changed: ")), "{told:?}");
        assert_eq!(told.len(), 1);
    }
}
