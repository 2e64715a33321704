//! Finds the run that is to be played, and plays it on the screen, or compares it again without one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

use crate::cli::replay::ReplayArgs;
use crate::config::paths::Paths;
use crate::config::settings::Settings;
use crate::consensus::plain::clean;
use crate::dispatch::call::Dispatcher;
use crate::headless::exit::Exit;
use crate::headless::replay as headless;
use crate::net::replay::Replay;
use crate::net::transport::Transport;
use crate::recording::document::{self, Document};
use crate::recording::{self, Recorded};
use crate::setup::{ASKED_BY_HAND, Usage, chat, keys, paths, process_env, settings_for, themes, unknown_theme};
use crate::shell::Session;
use crate::shell::replay::{self, Pace};
use crate::store::read::KeptTurn;
use crate::store::{Store, list, read};
use crate::ui::app::Source;

/// A run to be played.
pub(super) struct Run {
    pub(super) source: recording::Source,
    pub(super) turns: Vec<Recorded>,
}

/// Plays a run, or writes what has changed of it; returns the exit code.
pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<u8> {
    let env = process_env();
    let paths = paths(args.config.as_deref(), &env)?;
    let run = find(&args.what, &paths)?;
    if args.json || !io::stdout().is_terminal() {
        let again = headless::judge(run.turns);
        let mut out = io::stdout().lock();
        if args.json {
            headless::write_json(&again, &mut out)?;
        } else {
            headless::write(&again, &mut out)?;
        }
        return Ok(Exit::Answered as u8);
    }
    // Nobody is asked, so nobody is troubled for a password.
    let mut settings = settings_for(&paths, &env, true, ASKED_BY_HAND)?;
    settings.theme = args.theme.clone().or(settings.theme);
    let session = session(&settings, &paths, &run.source);
    let pace = if args.now { Pace::Now } else { Pace::Times(args.speed.unwrap_or(1.0)) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the threads that play")?;
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new([])));
    let code = runtime.block_on(replay::run(session, run.turns, pace, dispatcher));
    runtime.shutdown_background();
    code
}

/// Returns what is to be played: a file of that name, else a session that was kept.
fn find(what: &str, paths: &Paths) -> anyhow::Result<Run> {
    let path = Path::new(what);
    if path.is_file() {
        return read_file(path);
    }
    let is_path = what.contains(['/', '.']);
    let no_file =
        || Usage(format!("there is no file {}; a session is named by the first letters of its id", clean(what)));
    if is_path {
        return Err(no_file().into());
    }
    let db =
        Store::at(&paths.data).open().map_err(|error| anyhow::anyhow!("{error}").context("opening the history"))?;
    let head = list::find(&db, what).map_err(|error| Usage(format!("{error}; and there is no file of that name")))?;
    let turns = read::turns(&db, &head.id)?.into_iter().map(recorded).collect();
    let source = if head.is_demo { recording::Source::Demo } else { recording::Source::Providers };
    Ok(Run { source, turns })
}

/// Returns a kept turn as one that can be played.
pub(super) fn recorded(kept: KeptTurn) -> Recorded {
    Recorded { record: kept.record, verdict: kept.verdict }
}

fn read_file(path: &Path) -> anyhow::Result<Run> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("reading {name}"))?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let start = input.fill_buf().with_context(|| format!("reading {name}"))?;
    if document::is_one(start) {
        let read = serde_json::from_reader(input);
        let document: Document = read.with_context(|| format!("{name} is no session of this version of dissent"))?;
        let source = if document.demo { recording::Source::Demo } else { recording::Source::Providers };
        let turns = document.turns.into_iter().map(|turn| {
            let (_, record, verdict, _) = turn.parts();
            Recorded { record, verdict }
        });
        return Ok(Run { source, turns: turns.collect() });
    }
    let read = recording::read::read(&mut input);
    let recording =
        read.map_err(|error| anyhow::anyhow!("{}", clean(&error.to_string())).context(format!("{name}")))?;
    for warning in &recording.warnings {
        // That nobody listens there is no reason to stop.
        drop(writeln!(io::stderr(), "{name}: {}", clean(warning)));
    }
    Ok(Run { source: recording.header.source, turns: recording.turns })
}

/// Returns a screen on which nobody can be asked.
pub(super) fn session(settings: &Settings, paths: &Paths, source: &recording::Source) -> Session {
    let mut shelf = themes::read(paths);
    let mut settings = settings.clone();
    if let Some(told) = unknown_theme(&settings, &shelf) {
        settings.theme = None;
        shelf.complaints.push(format!("{told}; the usual one is shown"));
    }
    let settings = &settings;
    let keys = keys::read(paths);
    let looks = chat::looks(settings, paths, shelf.themes);
    let source = match source {
        recording::Source::Providers => Source::Providers,
        recording::Source::Demo => Source::Demo,
        recording::Source::Bank(file) => Source::Bank(clean(file)),
    };
    let copy_file = paths.state.join("last-copy.txt");
    let notes = keys.complaints.into_iter().chain(shelf.complaints).collect();
    Session { source, notes, keymap: keys.keymap, copy_file, ..chat::nobody(settings, looks) }
}
