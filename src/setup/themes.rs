//! Reads a person's own themes; whatever is wrong with one, the program starts, and says so.

use std::io::{self, ErrorKind};

use crate::config::paths::Paths;
use crate::edge::file::{SETTING, read_text};
use crate::ui::theme::{ThemeFile, Themes};

/// The themes that can be chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) themes: Themes,
    /// What can't be used of the files, each with its place.
    pub(crate) complaints: Vec<String>,
}

/// Returns the program's themes and those in the folder beside the config, by file name.
pub(crate) fn read(paths: &Paths) -> Shelf {
    let folder = paths.themes();
    let entries = match std::fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            let complaint = format!("{}: no theme is read: {error}", folder.display());
            return Shelf { complaints: vec![complaint], ..Shelf::default() };
        }
    };
    let mut found: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    found.sort();
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for path in found {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match read_text(&path, SETTING) {
            Ok(text) => files.push(ThemeFile { path: path.display().to_string(), stem, text }),
            Err(error) => unreadable.push(format!("{}: not read: {error}", path.display())),
        }
    }
    let (themes, complaints) = Themes::with(&files);
    unreadable.extend(complaints);
    Shelf { themes, complaints: unreadable }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::env::Env;
    use crate::config::paths::BaseDirs;

    #[test]
    fn themes_beside_the_config_are_found_and_their_faults_are_told() {
        let home = tempfile::tempdir().unwrap();
        let folder = |name: &str| home.path().join(name);
        let base = BaseDirs { config: folder("c"), data: folder("d"), state: folder("s") };
        let paths = Paths::new(None, &std::iter::empty::<(&str, &str)>().collect::<Env>(), &base);
        assert_eq!(read(&paths).complaints, [""; 0]);
        std::fs::create_dir_all(paths.themes()).unwrap();
        std::fs::write(paths.themes().join("dusk.toml"), "[ui]\nrule = { dim = true }\n").unwrap();
        std::fs::write(paths.themes().join("bad.toml"), "[ui]\nrul = {}\n").unwrap();
        std::fs::write(paths.themes().join("notes.txt"), "no theme").unwrap();
        let shelf = read(&paths);
        assert!(shelf.themes.has("dusk") && !shelf.themes.has("bad"));
        let told = format!("{}:2: unknown key `rul`; did you mean `rule`?", paths.themes().join("bad.toml").display());
        assert_eq!(shelf.complaints, [told]);
    }
}
