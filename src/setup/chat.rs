//! Opens the chat: starts the demo where it answers, and gives the screen what it needs.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::paths::Paths;
use crate::config::settings::{self, ChatAt, Glyphs, PanelAt, Settings};
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
use crate::shell::notify::Notify;
use crate::shell::resume::Resumed;
use crate::shell::secrets::Secrets;
use crate::shell::terminal::{self, Use};
use crate::shell::{Looks, Session};
use crate::ui::app::{ListedQuestion, Source};
use crate::ui::geometry::{ChatPlace, PanelPlace};
use crate::ui::keymap::Keymap;
use crate::ui::sight::Arrangement;
use crate::ui::theme::{self, Themes};

/// Runs the chat until the person leaves; returns the exit code.
///
/// Where there is no terminal to draw on, it is told in plain lines.
pub(super) fn open(settings: &Settings, paths: &Paths, voices: Voices, opening: Opening) -> anyhow::Result<u8> {
    let Opening { is_plain, keys, shelf, prompt, keeping, record } = opening;
    let looks = looks(settings, paths, shelf.themes);
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
        session.notes.extend(keys.complaints.into_iter().chain(shelf.complaints));
        keeping.apply(&mut session);
        session.record = record;
        if is_plain {
            return plain::run(session, settings, paths, &dispatcher).await;
        }
        session.keymap = keys.keymap;
        session.copy_file = paths.state.join("last-copy.txt");
        shell::run(session, dispatcher).await
    });
    // A reply that is still coming in is nobody's any more.
    runtime.shutdown_background();
    code
}

fn registry(settings: &Settings, looks: Looks, ensemble: Vec<ModelId>, prompt: Option<String>) -> Session {
    let notes = settings.warnings.iter().chain(&settings.notes).cloned().collect();
    Session { models: settings.models.clone(), ensemble, notes, prompt, ..nobody(settings, looks) }
}

/// Returns a chat in which nobody can be asked.
pub(super) fn nobody(settings: &Settings, looks: Looks) -> Session {
    Session {
        models: Vec::new(),
        ensemble: Vec::new(),
        settings: round(settings, settings.straggler, false),
        budget: settings.budget,
        rules: settings.context.rules(),
        source: Source::Providers,
        notes: Vec::new(),
        questions: Vec::new(),
        prompt: None,
        looks,
        keymap: Keymap::default(),
        arrangement: arrangement(settings),
        places: places(settings),
        is_blind: settings.ui.blind,
        copies_on_select: settings.ui.copy_on_select,
        copy_file: PathBuf::new(),
        keeping: None,
        resumed: Resumed::default(),
        record: None,
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
        source: wanted.bank.as_deref().map_or(Source::Demo, |file| Source::Bank(file_name(file))),
        notes,
        questions: questions.collect(),
        prompt,
        ..nobody(settings, looks)
    };
    Ok((session, demo))
}

pub(super) fn looks(settings: &Settings, paths: &Paths, themes: Themes) -> Looks {
    let glyphs = match settings.ui.glyphs {
        Glyphs::Ascii => theme::Glyphs::Ascii,
        Glyphs::Unicode => terminal::glyphs(),
    };
    Looks {
        themes,
        theme: settings.theme.clone(),
        glyphs,
        notify: match settings.ui.notify {
            settings::Notify::Auto => Notify::of_terminal(|name| std::env::var(name).unwrap_or_default()),
            settings::Notify::Bell => Notify::Bell,
            settings::Notify::Off => Notify::Off,
        },
        terminal: Use {
            has_mouse: settings.ui.mouse,
            has_title: settings.ui.title,
            log: Some(paths.state.join("stderr.log")),
            secrets: Secrets::named(&settings.key_variables),
        },
    }
}

fn arrangement(settings: &Settings) -> Arrangement {
    match settings.ui.layout {
        settings::Arrangement::Auto => Arrangement::Auto,
        settings::Arrangement::Columns => Arrangement::Columns,
        settings::Arrangement::Tabs => Arrangement::Tabs,
    }
}

/// Returns where chat and panel stand until they are moved.
fn places(settings: &Settings) -> (ChatPlace, PanelPlace) {
    let chat = match settings.ui.chat {
        ChatAt::Auto => ChatPlace::Auto,
        ChatAt::Left => ChatPlace::Left,
        ChatAt::Below => ChatPlace::Below,
        ChatAt::Whole => ChatPlace::Whole,
        ChatAt::Line => ChatPlace::OneLine,
    };
    let panel = match settings.ui.panel {
        PanelAt::Auto => PanelPlace::Auto,
        PanelAt::Rail => PanelPlace::Rail,
        PanelAt::Dock => PanelPlace::Dock,
        PanelAt::Off => PanelPlace::Off,
    };
    (chat, panel)
}

fn round(settings: &Settings, straggler: Straggler, is_demo: bool) -> RoundSettings {
    let (quorum, flag_below, flag) = (settings.quorum, settings.flag_below, settings.flag);
    RoundSettings { quorum, straggler, flag_below, flag, is_demo }
}

fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}
