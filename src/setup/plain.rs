//! Runs the chat in plain lines: decides when, and reads the questions from standard input.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::ChatOptions;
use crate::config::env::Env;
use crate::config::settings::Settings;
use crate::dispatch::call::Dispatcher;
use crate::domain::ids::ModelId;
use crate::headless::exit::Exit;
use crate::headless::plain::{self, PlainChat};
use crate::setup::Usage;
use crate::shell::Session;
use crate::ui::app::{MAX_ON, Source};

/// Returns whether the chat is told in plain lines: wished for, or nothing else can be done here.
pub(super) fn is_wanted(options: &ChatOptions, env: &Env) -> bool {
    let is_set = |name| env.get(name).is_some_and(|value| !matches!(value, "" | "0"));
    let is_screen = io::stdin().is_terminal() && io::stdout().is_terminal() && env.get("TERM") != Some("dumb");
    options.plain || is_set("DISSENT_PLAIN") || is_set("ACCESSIBLE") || !is_screen
}

/// Runs the chat until there are no more questions; returns the exit code.
pub(super) async fn run(session: Session, settings: &Settings, dispatcher: &Dispatcher) -> anyhow::Result<u8> {
    let find = |id: &ModelId| session.models.iter().find(|model| model.member.id == *id).map(Arc::clone);
    let mut opening = match &session.source {
        Source::Providers => Vec::new(),
        Source::Demo => vec!["DEMO: scripted models, no network".to_owned()],
        Source::Bank(file) => vec![format!("RECORDED: {file}, no network")],
    };
    opening.extend(session.notes.iter().cloned());
    let chat = PlainChat {
        models: session.ensemble.iter().take(MAX_ON).filter_map(find).collect(),
        registry: Arc::new(session.models.iter().map(|it| (it.member.id.clone(), Arc::clone(it))).collect()),
        settings: session.settings.clone(),
        rules: session.rules,
        budget: settings.budget,
        opening,
        prompt: session.prompt.clone(),
        is_typed: io::stdin().is_terminal(),
    };
    // The lock of standard output would not leave this thread, and the runtime may move the work.
    let exit = plain::run(&chat, dispatcher, questions(), &mut io::stdout()).await?;
    if exit == Exit::Usage {
        let what = "nothing was asked: type questions, one a line, or name one, as in: dissent chat --plain 'Why?'";
        anyhow::bail!(Usage(what.to_owned()));
    }
    Ok(exit as u8)
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
