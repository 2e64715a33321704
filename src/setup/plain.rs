//! Runs the chat in plain lines: decides when, and reads the questions from standard input.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::ChatOptions;
use crate::config::env::Env;
use crate::config::paths::Paths;
use crate::config::settings::Settings;
use crate::dispatch::call::Dispatcher;
use crate::domain::conversation::Past;
use crate::domain::ids::{ModelId, TurnId};
use crate::edge::clock;
use crate::headless::exit::Exit;
use crate::headless::plain::{self, PlainChat};
use crate::round::revive::revive;
use crate::setup::{Usage, keeping};
use crate::shell::Session;
use crate::store::read::KeptTurn;
use crate::ui::app::{MAX_ON, Source};

/// Returns whether the chat is told in plain lines: wished for, or nothing else can be done here.
pub(super) fn is_wanted(options: &ChatOptions, env: &Env) -> bool {
    let is_set = |name| env.get(name).is_some_and(|value| !matches!(value, "" | "0"));
    let is_screen = io::stdin().is_terminal() && io::stdout().is_terminal() && env.get("TERM") != Some("dumb");
    options.plain || is_set("DISSENT_PLAIN") || is_set("ACCESSIBLE") || !is_screen
}

/// Runs the chat until there are no more questions; returns the exit code.
pub(super) async fn run(
    session: Session,
    settings: &Settings,
    paths: &Paths,
    dispatcher: &Dispatcher,
) -> anyhow::Result<u8> {
    let find = |id: &ModelId| session.models.iter().find(|model| model.member.id == *id).map(Arc::clone);
    let mut opening = match &session.source {
        Source::Providers => Vec::new(),
        Source::Demo => vec!["DEMO: scripted models, no network".to_owned()],
        Source::Bank(file) => vec![format!("RECORDED: {file}, no network")],
    };
    opening.extend(session.notes.iter().cloned());
    let complain = |text: &str| {
        // That nobody listens there is no reason to stop.
        drop(writeln!(io::stderr(), "{}", crate::consensus::plain::clean(text)));
    };
    let resume = session.keeping.as_ref().map(|(_, seed)| seed.resume.clone());
    let sitting = session.keeping.clone().and_then(|(store, seed)| keeping::begin(store, seed, complain));
    let recorder = crate::shell::recorder(&session, complain)?;
    let chat = PlainChat {
        models: session.ensemble.iter().take(MAX_ON).filter_map(find).collect(),
        most_on: MAX_ON,
        registry: Arc::new(session.models.iter().map(|it| (it.member.id.clone(), Arc::clone(it))).collect()),
        settings: session.settings.clone(),
        rules: session.rules,
        budget: settings.budget,
        spent_today: keeping::spent_today(settings, paths),
        sitting: sitting.clone(),
        recorder: recorder.clone(),
        opening,
        prompt: session.prompt.clone(),
        is_typed: io::stdin().is_terminal(),
        earlier: earlier(&session.resumed.turns),
    };
    // The lock of standard output would not leave this thread, and the runtime may move the work.
    let exit = plain::run(&chat, dispatcher, questions(), &mut io::stdout()).await?;
    if let Some(recorder) = recorder {
        recorder.flush();
    }
    if let Some((resume, short)) = resume.zip(sitting.and_then(|sitting| sitting.end())) {
        complain(&format!("to go on with this session: {resume} {short}"));
    }
    if exit == Exit::Usage {
        let what = "nothing was asked: type questions, one a line, or name one, as in: dissent chat --plain 'Why?'";
        anyhow::bail!(Usage(what.to_owned()));
    }
    Ok(exit as u8)
}

/// Returns what later questions need of the turns of an earlier run.
fn earlier(turns: &[KeptTurn]) -> Vec<Past> {
    let now = clock::now();
    let past = |kept: &KeptTurn| {
        let mut record = kept.record.clone();
        let verdict = if record.close(now) { None } else { kept.verdict.clone() };
        let revived = revive(&record, TurnId(0), now, verdict);
        Past::of(&revived.turn, Some(&revived.verdict))
    };
    turns.iter().map(past).collect()
}

/// Returns the lines of standard input as they come. A thread of its own waits for them.
fn questions() -> UnboundedReceiver<String> {
    let (tx, rx) = unbounded_channel();
    std::thread::spawn(move || {
        let mut lines = io::stdin().lock().lines();
        while let Some(Ok(line)) = lines.next() {
            if tx.send(line).is_err() {
                return;
            }
        }
    });
    rx
}
