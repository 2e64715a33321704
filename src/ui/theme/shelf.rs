//! The themes that can be chosen: those that the program comes with, and a person's own.

use std::sync::Arc;

use crate::domain::nearest::did_you_mean;
use crate::ui::theme::color::Depth;
use crate::ui::theme::file::RawTheme;
use crate::ui::theme::{BUILT_IN, Theme};

/// The most themes that inherit from each other: more is a circle.
const LONGEST_LINE: usize = 8;

/// A person's theme as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// Where it is, for complaints.
    pub path: String,
    /// What it is called where it does not say: the file's name without its ending.
    pub stem: String,
    /// What it says.
    pub text: String,
}

/// The themes that can be chosen, by name.
#[derive(Clone, Debug)]
pub struct Themes {
    all: Arc<Vec<(String, RawTheme)>>,
}

impl Default for Themes {
    /// Returns those that the program comes with.
    fn default() -> Self {
        let built_in =
            BUILT_IN.iter().filter_map(|(name, text)| Some(((*name).to_owned(), RawTheme::read(text).ok()?)));
        Self { all: Arc::new(built_in.collect()) }
    }
}

impl Themes {
    /// Returns the themes that the program comes with and a person's own, which go first where names clash; with a
    /// complaint, file and line for each thing that can't be used.
    pub fn with(files: &[ThemeFile]) -> (Self, Vec<String>) {
        let mut all = (*Self::default().all).clone();
        let mut complaints = Vec::new();
        for file in files {
            match RawTheme::read(&file.text) {
                Ok(raw) => {
                    let name = raw.name.clone().unwrap_or_else(|| file.stem.clone());
                    all.retain(|(known, _)| *known != name);
                    all.push((name, raw));
                }
                Err((line, message)) => complaints.push(format!("{}:{line}: {message}", file.path)),
            }
        }
        let themes = Self { all: Arc::new(all) };
        for file in files {
            let Ok(raw) = RawTheme::read(&file.text) else { continue };
            let name = raw.name.as_ref().unwrap_or(&file.stem);
            let (_, found) = themes.theme(name, Depth::True);
            // What a theme inherits is complained about once, where it stands.
            complaints.extend(found.iter().map(|complaint| format!("{}: {complaint}", file.path)));
        }
        (themes, complaints)
    }

    /// Returns the names, those of the program first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(name, _)| name.as_str())
    }

    /// Returns whether a theme is called `name`.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// Returns the theme called `name` at a depth, else the first one; with a complaint for each thing that can't be
    /// used.
    pub fn theme(&self, name: &str, depth: Depth) -> (Theme, Vec<String>) {
        let mut complaints = Vec::new();
        let mut line = Vec::new();
        let mut wanted = Some(name.to_owned());
        while let Some(name) = wanted.take() {
            let Some((known, raw)) = self.all.iter().find(|(known, _)| *known == name) else {
                complaints.push(format!("no theme is called `{name}`{}", did_you_mean(&name, self.names())));
                line.extend(self.all.first().map(|(known, raw)| (known, raw)));
                break;
            };
            line.push((known, raw));
            if line.len() > LONGEST_LINE {
                complaints.push(format!("`{name}` inherits itself, or too many others"));
                break;
            }
            let is_whole = BUILT_IN.iter().any(|(whole, _)| whole == known) && raw.inherits.is_none();
            wanted = match (&raw.inherits, is_whole) {
                (Some(parent), _) => Some(parent.clone()),
                (None, true) => None,
                // Whatever a person's theme leaves out is there.
                (None, false) => BUILT_IN.first().map(|(first, _)| (*first).to_owned()),
            };
        }
        let mut theme = Theme { depth, ..Theme::default() };
        for (name, raw) in line.into_iter().rev() {
            complaints.extend(theme.put_on(raw));
            theme.name.clone_from(name);
        }
        (theme, complaints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::line::Slot;

    fn check(text: &str, expected: &[&str]) -> Themes {
        let file = ThemeFile { path: "t/mine.toml".to_owned(), stem: "mine".to_owned(), text: text.to_owned() };
        let (themes, complaints) = Themes::with(&[file]);
        assert_eq!(complaints, expected, "{text}");
        themes
    }

    #[test]
    fn a_theme_of_ones_own_inherits_what_it_leaves_out() {
        let themes = check("inherits = \"paper\"\n[ui]\nfocus = { bold = true }\ndim = { fg = \"sky\" }\n", &[]);
        let (mine, _) = themes.theme("mine", Depth::True);
        let (paper, _) = themes.theme("paper", Depth::True);
        assert_eq!(mine.name, "mine");
        assert_eq!(mine.style(Slot::Rule), paper.style(Slot::Rule));
        assert_ne!(mine.style(Slot::Focus), paper.style(Slot::Focus));
        assert_eq!(themes.names().collect::<Vec<_>>(), ["ink", "paper", "mono", "mine"]);
    }

    #[test]
    fn a_colour_of_ones_own_is_used_and_overrides_an_inherited_one() {
        let themes = check("[palette]\nember = { rgb = \"#ff0000\", ansi = \"red\" }\n[consensus]\n", &[]);
        let red = ratatui::style::Color::Rgb(255, 0, 0);
        // The inherited style stays as its own theme meant it; a style given here sees the new colour.
        let (mine, _) = themes.theme("mine", Depth::True);
        assert_ne!(mine.style(Slot::Conflict).fg, Some(red));
        let text =
            "[palette]\nember = { rgb = \"#ff0000\", ansi = \"red\" }\n[consensus]\nconflict = { fg = \"ember\" }\n";
        assert_eq!(check(text, &[]).theme("mine", Depth::True).0.style(Slot::Conflict).fg, Some(red));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_place_and_the_nearest_name() {
        let themes =
            check("\n[ui]\nfocs = { bold = true }\n", &["t/mine.toml:3: unknown key `focs`; did you mean `focus`?"]);
        assert!(!themes.has("mine"), "a file that can't be read is no theme");
        check(
            "[ui]\ndim = { fg = \"skye\" }",
            &["t/mine.toml: `dim`: no colour is called `skye`; did you mean `sky`?"],
        );
        check("inherits = \"papr\"", &["t/mine.toml: no theme is called `papr`; did you mean `paper`?"]);
        check("inherits = \"mine\"", &["t/mine.toml: `mine` inherits itself, or too many others"]);
        let told = "t/mine.toml: `blue` of `sea` is no colour such as `#56b4e9`";
        check("[palette]\nsea = { rgb = \"blue\", ansi = \"blue\" }", &[told]);
    }
}
