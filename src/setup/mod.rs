//! Composes the program: reads the command line and the settings, picks a mode, runs it, and turns its end into an exit code.

mod ask;
mod chat;
mod export;
mod import;
mod keeping;
mod keys;
mod local;
mod look;
mod manual;
mod plain;
mod replay;
mod sessions;
mod stats;
mod themes;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use etcetera::BaseStrategy;
use thiserror::Error;

use crate::cli::{ChatOptions, Cli, Command, CompareArgs, ConfigAction, ConfigArgs, parse};
use crate::config::env::Env;
use crate::config::error::ConfigError;
use crate::config::paths::{BaseDirs, NamedBy, Paths};
use crate::config::resolve::{Outside, resolve};
use crate::config::secrets::key_from_command;
use crate::config::settings::Settings;
use crate::consensus::plain::clean_lines;
use crate::domain::ids::ModelId;
use crate::domain::nearest::did_you_mean;
use crate::domain::unsafe_text::is_unsafe;
use crate::edge::file::{SETTING, read_text};
use crate::headless;
use crate::headless::exit::Exit;
use crate::provider::dialect::Dialect;
use crate::provider::endpoint::Secret;
use crate::recording::write::RecorderError;
use crate::ui::keymap::Keymap;

/// The dialects that this version can send and read.
const DIALECTS: [Dialect; 5] = Dialect::ALL;

/// How long a command that prints a key may take: it may ask a person for a password first.
const ASKED_BY_HAND: Duration = Duration::from_secs(120);

/// The command line asks for what cannot be done here; says what to do instead.
#[derive(Debug, Error)]
#[error("{0}")]
struct Usage(String);

/// Who answers in the chat.
#[derive(Clone, Debug, PartialEq)]
pub enum Voices {
    /// These models of the registry.
    Registry(Vec<ModelId>),
    /// The demo models.
    Demo(Demo),
}

/// How the demo models are started.
#[derive(Clone, Debug, PartialEq)]
pub struct Demo {
    /// Why they answer: what the screen says about it.
    pub reason: DemoReason,
    /// Cases in place of their own questions.
    pub bank: Option<PathBuf>,
    /// A multiple of their usual speed.
    pub speed: f64,
    /// Who is on at first; empty leaves it to the demo.
    pub models: Vec<String>,
}

/// Why the demo models answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoReason {
    /// The person wanted them.
    Asked,
    /// Nothing else can be asked.
    NothingUsable,
}

/// Runs what `args`, the program's own name first, ask for; messages go to standard error, the result to standard output.
pub fn start(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    crate::shell::panic::install_plain_hook();
    let cli = match parse(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that nobody reads to its end is no failure.
            let told = error.render().to_string();
            // What was typed is quoted there, and may have come from a file or a page.
            if told.chars().any(|it| it != '\n' && is_unsafe(it)) {
                drop(writeln!(io::stderr(), "{}", clean_lines(&told)));
            } else {
                drop(error.print());
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Usage as u8));
        }
    };
    let code = run(cli).unwrap_or_else(|error| {
        let exit = exit_of(&error);
        if exit != Exit::Answered {
            // With nobody left to tell, the exit code has to say it.
            drop(writeln!(io::stderr(), "dissent: {}", clean_lines(&format!("{error:#}"))));
        }
        exit as u8
    });
    ExitCode::from(code)
}

/// Returns the exit code of an error: a reader that went away is none.
fn exit_of(error: &anyhow::Error) -> Exit {
    let is_broken_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_broken_pipe) {
        Exit::Answered
    } else if error.is::<Usage>() || error.is::<ConfigError>() {
        Exit::Usage
    } else {
        Exit::Failed
    }
}

/// Runs one mode; returns the exit code, which is 128 and more after a signal.
fn run(cli: Cli) -> anyhow::Result<u8> {
    match cli.command {
        None => chat(&cli.chat, None),
        Some(Command::Chat { prompt, options }) => chat(&options, prompt),
        Some(Command::Ask(args)) => ask::run(&args),
        Some(Command::Compare(args)) => compare(&args),
        Some(Command::Models(args)) => look::models(&args).map(|exit| exit as u8),
        Some(Command::Doctor(args)) => look::doctor(&args).map(|exit| exit as u8),
        Some(Command::Config(args)) => config(&args).map(|exit| exit as u8),
        Some(Command::Replay(args)) => replay::run(&args),
        Some(Command::Sessions(args)) => sessions::run(&args).map(|exit| exit as u8),
        Some(Command::Stats(args)) => stats::run(&args).map(|exit| exit as u8),
        Some(Command::Completions(args)) => manual::completions(args).map(|exit| exit as u8),
        Some(Command::Man(args)) => manual::man(&args).map(|exit| exit as u8),
        Some(Command::Import(args)) => import::run(&args).map(|exit| exit as u8),
        Some(Command::Other(_)) => bail!(Usage("there is no such command".to_owned())),
    }
}

fn chat(options: &ChatOptions, prompt: Option<String>) -> anyhow::Result<u8> {
    let env = process_env();
    let paths = paths(options.config.as_deref(), &env)?;
    let mut settings = settings_for(&paths, &env, options.demo || options.demo_bank.is_some(), ASKED_BY_HAND)?;
    settings.theme = options.theme.clone().or(settings.theme);
    let voices = voices(options, &settings)?;
    let mut shelf = themes::read(&paths);
    if let Some(told) = unknown_theme(&settings, &shelf) {
        settings.theme = None;
        shelf.complaints.push(format!("{told}; the usual one is shown"));
    }
    let keeping = keeping::of_chat(options, &settings, &paths)?;
    if let Some(file) = options.record.as_ref().filter(|file| file.exists()) {
        return Err(Usage(RecorderError::Exists(file.clone()).to_string()).into());
    }
    let opening = Opening {
        is_plain: plain::is_wanted(options, &env),
        keys: keys::read(&paths),
        shelf,
        prompt,
        keeping,
        record: options.record.clone(),
    };
    chat::open(&settings, &paths, voices, opening)
}

/// Compares texts; reads no config, so that the same files give the same verdict everywhere.
fn compare(args: &CompareArgs) -> anyhow::Result<u8> {
    let name = |path: &PathBuf| path.to_string_lossy().into_owned();
    let args = headless::compare::CompareArgs {
        files: args.files.iter().map(name).collect(),
        question: args.question.clone(),
        json: args.json,
        jsonl: args.jsonl.as_ref().map(name),
        skip_bad: args.skip_bad,
    };
    headless::compare::run(&args, &mut io::stdout().lock(), &mut io::stderr().lock())
}

fn config(args: &ConfigArgs) -> anyhow::Result<Exit> {
    let env = process_env();
    let paths = paths(args.config.as_deref(), &env)?;
    let mut out = io::stdout().lock();
    match args.action {
        ConfigAction::Init => {
            let files =
                [(paths.config.clone(), headless::config::COMMENTED.to_owned()), (paths.keymap(), Keymap::commented())];
            let mut n_written = 0;
            for (path, text) in &files {
                if headless::config::init(path, text)? {
                    writeln!(out, "wrote {}", path.display())?;
                    n_written += 1;
                }
            }
            if n_written == 0 {
                bail!("{} is there already; nothing was written", paths.config.display());
            }
        }
        ConfigAction::Path => writeln!(out, "{}", paths.config.display())?,
        ConfigAction::Check => {
            let settings = settings(&paths, &env, &ask_for_key)?;
            let shelf = themes::read(&paths);
            let overview = headless::config::Overview {
                path: &paths.config,
                keymap: &keys::read(&paths).complaints,
                themes: &shelf.complaints,
                exists: settings.file.is_some(),
                models: &settings.models,
                ensemble: &settings.ensemble,
                unusable: &settings.unusable,
                warnings: &settings.warnings,
                notes: &settings.notes,
            };
            headless::config::check(&overview, &mut out)?;
            if let Some(told) = unknown_theme(&settings, &shelf) {
                return Err(Usage(told).into());
            }
            let files = [("keymap", overview.keymap), ("themes", overview.themes)];
            let faulty: Vec<&str> = files.iter().filter(|(_, told)| !told.is_empty()).map(|(file, _)| *file).collect();
            if !faulty.is_empty() {
                return Err(Usage(format!("what is wrong with the {} stands above", faulty.join(" and the "))).into());
            }
        }
    }
    Ok(Exit::Answered)
}

/// Returns what is to be said of a theme that does not exist: falling back in silence would hide a typing error.
fn unknown_theme(settings: &Settings, shelf: &themes::Shelf) -> Option<String> {
    let theme = settings.theme.as_ref().filter(|theme| !shelf.themes.has(theme))?;
    Some(format!("no theme is called `{theme}`{}", did_you_mean(theme, shelf.themes.names())))
}

/// How the chat starts, apart from who answers.
struct Opening {
    /// In plain lines.
    is_plain: bool,
    keys: keys::Keys,
    shelf: themes::Shelf,
    /// A question to be sent at once.
    prompt: Option<String>,
    keeping: keeping::Keeping,
    /// The file to record it to.
    record: Option<PathBuf>,
}

/// Returns who answers in the chat: what the command line wants, else the registry's ensemble, else the demo models.
fn voices(options: &ChatOptions, settings: &Settings) -> Result<Voices, Usage> {
    let demo = |reason| {
        let speed = options.demo_speed.unwrap_or(1.0);
        Voices::Demo(Demo { reason, bank: options.demo_bank.clone(), speed, models: options.models.clone() })
    };
    if options.demo || options.demo_bank.is_some() {
        return Ok(demo(DemoReason::Asked));
    }
    if !options.models.is_empty() {
        return settings.choose(&options.models).map(Voices::Registry).map_err(Usage);
    }
    if settings.models.is_empty() {
        return Ok(demo(DemoReason::NothingUsable));
    }
    if settings.ensemble.is_empty() {
        // Asking others than those who were named would spend money on a guess.
        let why = settings.warnings.join("\n");
        return Err(Usage(format!(
            "nobody of the ensemble can be asked:\n{why}\nname others with --models, or use --demo"
        )));
    }
    Ok(Voices::Registry(settings.ensemble.clone()))
}

/// Returns who is on at first: those of the command line, else those that the demo starts with.
fn chosen(demo: &crate::demo::Demo, wanted: &[String]) -> Result<Vec<ModelId>, Usage> {
    if wanted.is_empty() {
        return Ok(demo.ensemble.clone());
    }
    let find = |id: &String| demo.models.iter().find(|model| model.member.id.as_str() == id);
    let names: Vec<&str> = demo.models.iter().map(|model| model.member.id.as_str()).collect();
    wanted
        .iter()
        .map(|id| {
            let unknown = || Usage(format!("no demo model is called `{id}`; there are: {}", names.join(", ")));
            find(id).map(|model| model.member.id.clone()).ok_or_else(unknown)
        })
        .collect()
}

/// Returns the settings for asking. The demo asks nobody, so nobody is troubled for a password.
fn settings_for(paths: &Paths, env: &Env, is_demo: bool, patience: Duration) -> Result<Settings, ConfigError> {
    let nobody = |_: &str| Err("its key is not asked for in the demo".to_owned());
    let ask = |command: &str| key_from_command(command, patience);
    settings(paths, env, if is_demo { &nobody } else { &ask })
}

/// Asks a command for a key as long as a person needs for a password.
fn ask_for_key(command: &str) -> Result<Secret, String> {
    key_from_command(command, ASKED_BY_HAND)
}

fn settings(
    paths: &Paths,
    env: &Env,
    key_command: &dyn Fn(&str) -> Result<Secret, String>,
) -> Result<Settings, ConfigError> {
    let listed = local::listed(env);
    let outside = Outside { env, key_command, listed: &listed, dialects: &DIALECTS };
    // A link that leads nowhere was set by somebody: the file that they meant is missed.
    let is_there = paths.config.symlink_metadata().is_ok();
    let text = match read_text(&paths.config, SETTING) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound && is_there => {
            let reason = "it is a link that leads nowhere".to_owned();
            return Err(ConfigError::Unreadable { path: paths.config.clone(), reason });
        }
        Err(error) if error.kind() == ErrorKind::NotFound && paths.named_by == NamedBy::Convention => None,
        Err(error) => {
            return Err(ConfigError::Unreadable { path: paths.config.clone(), reason: error.to_string() });
        }
    };
    resolve(text.as_deref().map(|text| (paths.config.as_path(), text)), &outside)
}

fn paths(config: Option<&Path>, env: &Env) -> anyhow::Result<Paths> {
    let xdg = etcetera::base_strategy::Xdg::new().context("looking for the home folder; set HOME")?;
    let state = xdg.state_dir().unwrap_or_else(|| xdg.data_dir());
    let base = BaseDirs { config: xdg.config_dir(), data: xdg.data_dir(), state };
    Ok(Paths::new(config, env, &base))
}

fn process_env() -> Env {
    // A variable that is no text can be neither a key nor an address that works.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns who answers, given a config, variables and options.
    fn check(text: &str, variables: &[(&str, &str)], options: &ChatOptions) -> Result<Voices, String> {
        let env: Env = variables.iter().copied().collect();
        let outside = Outside { env: &env, key_command: &|_| Err(String::new()), listed: &[], dialects: &DIALECTS };
        let settings = resolve(Some((Path::new("c.toml"), text)), &outside).unwrap();
        voices(options, &settings).map_err(|error| error.to_string())
    }

    fn registry(ids: &[&str]) -> Voices {
        Voices::Registry(ids.iter().map(|id| ModelId::from(*id)).collect())
    }

    #[test]
    fn the_demo_answers_only_where_it_is_wanted_or_nobody_else_can() {
        let key = [("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k")];
        let usual = ChatOptions::default();
        let demo = ChatOptions { demo: true, demo_speed: Some(8.0), ..ChatOptions::default() };
        let bank = ChatOptions { demo_bank: Some("cases.jsonl".into()), ..ChatOptions::default() };
        let reason = |voices: Result<Voices, String>| match voices {
            Ok(Voices::Demo(demo)) => Some((demo.reason, demo.speed)),
            Ok(Voices::Registry(_)) | Err(_) => None,
        };
        assert_eq!(check("", &key, &usual), Ok(registry(&["gpt", "claude"])));
        assert_eq!(reason(check("", &[], &usual)), Some((DemoReason::NothingUsable, 1.0)));
        assert_eq!(reason(check("", &key, &demo)), Some((DemoReason::Asked, 8.0)));
        assert_eq!(reason(check("", &key, &bank)), Some((DemoReason::Asked, 1.0)));
        assert_eq!(reason(check("ensemble = [\"gpt\"]", &[], &usual)), Some((DemoReason::NothingUsable, 1.0)));
    }

    #[test]
    fn nobody_is_asked_in_the_place_of_those_who_were_named() {
        let key = [("OPENAI_API_KEY", "k")];
        let named = |id: &str| ChatOptions { models: vec![id.to_owned()], ..ChatOptions::default() };
        assert_eq!(check("", &key, &named("gpt-mini")), Ok(registry(&["gpt-mini"])));
        assert_eq!(check("", &[], &named("gpt")), Err("`gpt` cannot be asked: set OPENAI_API_KEY".to_owned()));
        let error = check("ensemble = [\"claude\"]", &key, &ChatOptions::default()).unwrap_err();
        assert!(error.contains("`claude` is left out of the ensemble: set ANTHROPIC_API_KEY"), "{error}");
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let broken = anyhow::Error::from(io::Error::from(ErrorKind::BrokenPipe)).context("writing");
        assert_eq!(exit_of(&broken), Exit::Answered);
        assert_eq!(exit_of(&anyhow::Error::from(io::Error::from(ErrorKind::NotFound))), Exit::Failed);
        assert_eq!(exit_of(&Usage(String::new()).into()), Exit::Usage);
    }
}
