//! `config init` and `config check`: writes the commented config, and says what can be asked and why the rest cannot.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::domain::ids::ModelId;
use crate::provider::endpoint::Model;

/// The config that `init` writes: every setting explained, none changed.
const COMMENTED: &str = include_str!("../../assets/config.toml");

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
    /// What is odd.
    pub warnings: &'a [String],
    /// What else was found.
    pub notes: &'a [String],
}

/// Writes the commented config to `path` and returns true; false, with nothing written, where something is there.
///
/// # Errors
/// The folder or the file could not be written.
pub fn init(path: &Path) -> anyhow::Result<bool> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(COMMENTED.as_bytes()).with_context(|| format!("writing {}", path.display()))?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("writing {}", path.display())),
    }
    Ok(true)
}

/// Writes what can be asked, why the rest cannot, and what is odd; names where keys come from, never a key.
///
/// # Errors
/// Those of `out`.
pub fn check(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    let path = overview.path.display();
    if overview.exists {
        writeln!(out, "{path}: no errors")?;
    } else {
        writeln!(out, "no config file; `dissent config init` writes one to {path}")?;
    }
    write_usable(overview, out)?;
    write_unusable(overview.unusable, out)?;
    for (heading, lines) in [("warnings", overview.warnings), ("notes", overview.notes)] {
        if !lines.is_empty() {
            writeln!(out, "\n{heading}")?;
        }
        for line in lines {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

fn write_usable(overview: &Overview<'_>, out: &mut impl Write) -> io::Result<()> {
    if overview.models.is_empty() {
        return writeln!(out, "\nno model can be asked; the chat opens with the demo models");
    }
    writeln!(out, "\ncan be asked (* at first)")?;
    let width = |text: fn(&Model) -> &str| overview.models.iter().map(|it| text(it).chars().count()).max().unwrap_or(0);
    let id_width = width(|model| model.member.id.as_str());
    let name_width = width(|model| &model.member.api_model);
    for model in overview.models {
        let member = &model.member;
        let mark = if overview.ensemble.contains(&member.id) { '*' } else { ' ' };
        let key = match (&model.provider.key, &model.provider.key_source) {
            (Some(_), Some(source)) => format!(", key from {source}"),
            (Some(_) | None, _) => String::new(),
        };
        let price = match &member.price {
            Some(price) => format!("${}/${} per million tokens", price.input, price.output),
            None => "price unknown".to_owned(),
        };
        let (id, name, provider) = (&member.id, &member.api_model, &member.provider);
        writeln!(out, "  {mark} {id:id_width$}  {name:name_width$}  {provider}{key}, {price}")?;
    }
    Ok(())
}

/// Writes the reasons in the order in which they came, each with all of its models.
fn write_unusable(unusable: &[(ModelId, String)], out: &mut impl Write) -> io::Result<()> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for (id, reason) in unusable {
        match by_reason.iter_mut().find(|(known, _)| known == reason) {
            Some((_, ids)) => ids.push(id.as_str()),
            None => by_reason.push((reason, vec![id.as_str()])),
        }
    }
    if !by_reason.is_empty() {
        writeln!(out, "\ncannot be asked")?;
    }
    for (reason, ids) in by_reason {
        writeln!(out, "    {}: {reason}", ids.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::env::Env;
    use crate::config::resolve::{Outside, resolve};
    use crate::provider::dialect::Dialect;

    fn check_text(text: Option<&str>, variables: &[(&str, &str)]) -> String {
        let env: Env = variables.iter().copied().collect();
        let outside = Outside { env: &env, key_command: &|_| Err(String::new()), dialects: &Dialect::ALL };
        let path = Path::new("/c/config.toml");
        let settings = resolve(text.map(|text| (path, text)), &outside).unwrap();
        let overview = Overview {
            path,
            exists: text.is_some(),
            models: &settings.models,
            ensemble: &settings.ensemble,
            unusable: &settings.unusable,
            warnings: &settings.warnings,
            notes: &settings.notes,
        };
        let mut out = Vec::new();
        check(&overview, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_commented_config_changes_nothing_and_each_of_its_lines_is_understood() {
        let variables = [("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k"), ("GEMINI_API_KEY", "k")];
        let without = check_text(None, &variables);
        let with = check_text(Some(COMMENTED), &variables);
        assert_eq!(with.lines().skip(1).collect::<Vec<_>>(), without.lines().skip(1).collect::<Vec<_>>());
        let setting = |line: &'static str| line.strip_prefix('#').filter(|it| it.starts_with(|c: char| c != ' '));
        let uncommented: Vec<_> = COMMENTED.lines().map(|line| setting(line).unwrap_or(line)).collect();
        let uncommented = uncommented.join("\n");
        assert!(check_text(Some(&uncommented), &variables).starts_with("/c/config.toml: no errors\n"));
    }

    #[test]
    fn what_can_be_asked_is_told_with_the_source_of_its_key_and_the_rest_by_reason() {
        let text = "quorum = 3\n[models.mine]\nprovider = \"vllm\"\nmodel = \"qwen3-8b\"\n";
        let shown = check_text(Some(text), &[("PERPLEXITY_API_KEY", "sk-secret"), ("OLLAMA_HOST", "box")]);
        let expected = "\
/c/config.toml: no errors

can be asked (* at first)
  * mine         qwen3-8b   vllm, price unknown
    sonar        sonar-pro  perplexity, key from PERPLEXITY_API_KEY, $3/$15 per million tokens
    sonar-small  sonar      perplexity, key from PERPLEXITY_API_KEY, $1/$1 per million tokens

cannot be asked
    gpt, gpt-mini, gpt-nano, gpt-5.5: set OPENAI_API_KEY
    claude, claude-sonnet, claude-haiku, claude-opus-4.8, claude-sonnet-5: set ANTHROPIC_API_KEY
    gemini, gemini-lite, gemini-flash: set GEMINI_API_KEY or GOOGLE_API_KEY
    grok, grok-reasoning, grok-4.3: set XAI_API_KEY
    mistral, mistral-medium, mistral-small: set MISTRAL_API_KEY
    deepseek, deepseek-flash: set DEEPSEEK_API_KEY
    gpt-oss: set GROQ_API_KEY
    openrouter-gpt, openrouter-claude, openrouter-gemini: set OPENROUTER_API_KEY

warnings
  `quorum` is 3, but the ensemble has 1: no answer can count as a consensus

notes
  OLLAMA_HOST is set: its models are not looked up in this version; name one as [models.ID] with provider = \"ollama\"
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn nothing_usable_is_said_plainly() {
        let shown = check_text(None, &[]);
        let expected = "no config file; `dissent config init` writes one to /c/config.toml\n\n\
                        no model can be asked; the chat opens with the demo models\n";
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn init_makes_the_folder_and_never_overwrites() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/config.toml");
        assert!(init(&path).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), COMMENTED);
        fs::write(&path, "mine").unwrap();
        assert!(!init(&path).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
