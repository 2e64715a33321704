//! `config init` and `config check`: writes the commented config, and says what can be asked and why the rest cannot.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::domain::ids::ModelId;
use crate::edge::file::write_new;
use crate::headless::models::{shown, widest, write_unusable};
use crate::provider::endpoint::Model;

/// The config that `init` writes: every setting explained, none changed.
pub const COMMENTED: &str = include_str!("../../assets/config.toml");

/// What a config comes to, to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// Where the config file is, or would be.
    pub path: &'a Path,
    /// Whether it is there.
    pub exists: bool,
    /// Models that can be asked.
    pub models: &'a [Arc<Model>],
    /// Those that are asked at first.
    pub ensemble: &'a [ModelId],
    /// Models that cannot be asked, and what to do about it.
    pub unusable: &'a [(ModelId, String)],
    /// What can't be used of the keymap, each with file and line.
    pub keymap: &'a [String],
    /// What can't be used of a person's themes, each with its place.
    pub themes: &'a [String],
    /// What is odd.
    pub warnings: &'a [String],
    /// What else was found.
    pub notes: &'a [String],
}

/// Writes `text` to `path` and returns true; false, with nothing written, where something is there.
///
/// # Errors
/// The folder or the file could not be written.
pub fn init(path: &Path, text: &str) -> anyhow::Result<bool> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    write_new(path, text).with_context(|| format!("writing {}; nothing of it was kept", path.display()))
}

/// Writes what can be asked, why the rest cannot, and what is odd; names where keys come from, never a key.
///
/// # Errors
/// Those of `out`.
pub fn check(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    let path = shown(&overview.path.display().to_string());
    if overview.exists {
        writeln!(out, "{path}: no errors")?;
    } else {
        writeln!(out, "no config file; `dissent config init` writes one to {path}")?;
    }
    write_usable(overview, out)?;
    write_unusable(overview.unusable, out)?;
    for (heading, lines) in [
        ("keymap", overview.keymap),
        ("themes", overview.themes),
        ("warnings", overview.warnings),
        ("notes", overview.notes),
    ] {
        if !lines.is_empty() {
            writeln!(out, "\n{heading}")?;
        }
        for line in lines {
            writeln!(out, "  {}", shown(line))?;
        }
    }
    Ok(())
}

fn write_usable(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    if overview.models.is_empty() {
        return writeln!(out, "\nno model can be asked; the chat opens with the demo models");
    }
    writeln!(out, "\ncan be asked (* at first)")?;
    let names: Vec<[String; 2]> =
        overview.models.iter().map(|it| [it.member.id.as_str(), &it.member.api_model].map(shown)).collect();
    let id_width = widest(names.iter().map(|[id, _]| id.as_str()));
    let name_width = widest(names.iter().map(|[_, name]| name.as_str()));
    for (model, [id, name]) in overview.models.iter().zip(&names) {
        let member = &model.member;
        let mark = if overview.ensemble.contains(&member.id) { '*' } else { ' ' };
        let key = match (&model.provider.key, &model.provider.key_source) {
            (Some(_), Some(source)) => format!(", key from {}", shown(source)),
            (Some(_) | None, _) => String::new(),
        };
        let price = match &member.price {
            Some(price) if price.is_free() => "free".to_owned(),
            Some(price) => format!("${}/${} per million tokens", price.input, price.output),
            None => "price unknown".to_owned(),
        };
        let provider = shown(&member.provider);
        writeln!(out, "  {mark} {id:id_width$}  {name:name_width$}  {provider}{key}, {price}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_makes_the_folder_and_never_overwrites() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/config.toml");
        assert!(init(&path, COMMENTED).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), COMMENTED);
        fs::write(&path, "mine").unwrap();
        assert!(!init(&path, COMMENTED).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
