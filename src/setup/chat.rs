//! Opens the chat: starts the demo where it answers, and gives the screen what it needs.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::paths::Paths;
use crate::config::settings::{Glyphs, Settings};
use crate::demo;
use crate::demo::bank::Bank;
use crate::dispatch::call::Dispatcher;
use crate::domain::budget::Budget;
use crate::domain::ids::ModelId;
use crate::net::http::Http;
use crate::net::transport::Transport;
use crate::provider::endpoint::Straggler;
use crate::round::plan::RoundSettings;
use crate::setup::{Demo, DemoReason, Opening, Usage, Voices, chosen, plain};
use crate::shell;
use crate::shell::terminal::{self, Use};
use crate::shell::{Looks, Session};
use crate::ui::app::{ListedQuestion, Source};
use crate::ui::keymap::Keymap;
use crate::ui::theme;

/// Runs the chat until the person leaves; returns the exit code.
///
/// Where there is no terminal to draw on, it is told in plain lines.
pub(super) fn open(settings: &Settings, paths: &Paths, voices: Voices, opening: Opening) -> anyhow::Result<u8> {
    let looks = looks(settings, paths);
    let Opening { is_plain, keys, prompt } = opening;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the threads that wait for answers")?;
    let code = runtime.block_on(async {
        // The demo's server runs for as long as this is held.
        let (mut session, _demo) = match voices {
            Voices::Registry(ensemble) => (registry(settings, looks, ensemble, prompt), None),
            Voices::Demo(wanted) => {
                let (session, demo) = demo(settings, looks, &wanted, prompt).await?;
                (session, Some(demo))
            }
        };
        let dispatcher = Dispatcher::new(Transport::Http(Http::new()));
        if is_plain {
            return plain::run(session, settings, &dispatcher).await;
        }
        session.keymap = keys.keymap;
        session.copy_file = paths.state.join("last-copy.txt");
        session.notes.extend(keys.complaints);
        shell::run(session, dispatcher).await
    });
    // A reply that is still coming in is nobody's any more.
    runtime.shutdown_background();
    code
}

fn registry(settings: &Settings, looks: Looks, ensemble: Vec<ModelId>, prompt: Option<String>) -> Session {
    Session {
        models: settings.models.clone(),
        ensemble,
        settings: round(settings, settings.straggler, false),
        budget: settings.budget,
        rules: settings.context.rules(),
        source: Source::Providers,
        notes: settings.warnings.iter().chain(&settings.notes).cloned().collect(),
        questions: Vec::new(),
        prompt,
        looks,
        keymap: Keymap::default(),
        is_blind: settings.ui.blind,
        copies_on_select: settings.ui.copy_on_select,
        copy_file: PathBuf::new(),
    }
}

async fn demo(
    settings: &Settings,
    looks: Looks,
    wanted: &Demo,
    prompt: Option<String>,
) -> anyhow::Result<(Session, demo::Demo)> {
    let bank = match &wanted.bank {
        Some(file) => Bank::read(file).map_err(|error| Usage(error.to_string()))?,
        None => Bank::built_in()?,
    };
    let demo = demo::start(bank, wanted.speed).await.context("opening a loopback port for the demo models")?;
    let ensemble = chosen(&demo, &wanted.models)?;
    let questions = demo.questions.iter().map(|question| ListedQuestion {
        id: question.id.to_string(),
        question: question.question.to_string(),
        hint: question.hint.to_string(),
        // The built-in models answer everything: picking a question leaves the seats as they are.
        models: if wanted.bank.is_some() { question.models.clone() } else { Vec::new() },
    });
    // Who of a config that names models can't be asked is among the warnings, with the reason.
    let notes = match wanted.reason {
        DemoReason::Asked => Vec::new(),
        DemoReason::NothingUsable => settings.warnings.clone(),
    };
    let session = Session {
        models: demo.models.clone(),
        ensemble,
        settings: round(settings, Straggler::same(demo.straggler), true),
        // Nothing is bought.
        budget: Budget::default(),
        rules: settings.context.rules(),
        source: wanted.bank.as_deref().map_or(Source::Demo, |file| Source::Bank(file_name(file))),
        notes,
        questions: questions.collect(),
        prompt,
        looks,
        keymap: Keymap::default(),
        is_blind: settings.ui.blind,
        copies_on_select: settings.ui.copy_on_select,
        copy_file: PathBuf::new(),
    };
    Ok((session, demo))
}

fn looks(settings: &Settings, paths: &Paths) -> Looks {
    let glyphs = match settings.ui.glyphs {
        Glyphs::Ascii => theme::Glyphs::Ascii,
        Glyphs::Unicode => terminal::glyphs(),
    };
    Looks {
        theme: settings.theme.clone(),
        glyphs,
        notify: settings.ui.notify.clone(),
        terminal: Use {
            has_mouse: settings.ui.mouse,
            has_title: settings.ui.title,
            log: Some(paths.state.join("stderr.log")),
        },
    }
}

fn round(settings: &Settings, straggler: Straggler, is_demo: bool) -> RoundSettings {
    RoundSettings { quorum: settings.quorum, straggler, flag_below: settings.flag_below, is_demo }
}

fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}
