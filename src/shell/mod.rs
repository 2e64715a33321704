//! The interactive loop: the only place with both a stream and a screen.

pub mod answers;
pub mod away;
pub mod careful;
mod clipboard;
pub mod colors;
pub mod effects;
mod file;
pub mod inputs;
mod library;
pub mod modes;
pub mod notify;
mod opening;
pub(crate) mod panic;
mod pen;
pub mod reader;
pub mod replay;
pub mod resume;
pub mod run;
pub mod secrets;
pub mod signals;
pub mod stderr;
pub mod terminal;

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::dispatch::call::Dispatcher;
use crate::domain::budget::Budget;
use crate::domain::conversation::Rules;
use crate::domain::ids::{ModelId, TurnId};
use crate::edge::clock;
use crate::provider::endpoint::Model;
use crate::recording::write::Recorder;
use crate::recording::{self, Header};
use crate::round::plan::{RoundEvent, RoundSettings};
use crate::shell::clipboard::Clipboard;
use crate::shell::effects::{Outside, Reach, Ways};
use crate::shell::library::Desk;
use crate::shell::notify::Notify;
use crate::shell::resume::Resumed;
use crate::shell::run::{Exit, Loop};
use crate::shell::terminal::{Glass as _, Screen, Use};
use crate::store::Store;
use crate::store::sitting::Seed;
use crate::ui::app::{App, ListedQuestion, MAX_ON, Seat, Source};
use crate::ui::geometry::{ChatPlace, PanelPlace};
use crate::ui::keymap::Keymap;
use crate::ui::msg::{Input, Msg};
use crate::ui::sight::{AfterDrag, Arrangement};
use crate::ui::theme::{Background, Depth, Glyphs, Themes};
use crate::ui::update::{submit, update};

/// Seats on the screen: as many letters as keys that switch them.
const MOST_SEATS: usize = 9;

/// What an interactive run needs.
#[derive(Debug)]
pub struct Session {
    /// Everyone who can be asked, in the order of the letters.
    pub models: Vec<Arc<Model>>,
    /// Who is on at first.
    pub ensemble: Vec<ModelId>,
    /// How turns are run.
    pub settings: RoundSettings,
    /// What may be spent.
    pub budget: Budget,
    /// How conversations are told.
    pub rules: Rules,
    /// Where the answers come from.
    pub source: Source,
    /// What the person should know at the start.
    pub notes: Vec<String>,
    /// Questions to pick from.
    pub questions: Vec<ListedQuestion>,
    /// A question to be sent at once.
    pub prompt: Option<String>,
    /// How the terminal is used.
    pub looks: Looks,
    /// The keys.
    pub keymap: Keymap,
    /// How columns are laid out.
    pub arrangement: Arrangement,
    /// Where chat and panel stand until they are moved.
    pub places: (ChatPlace, PanelPlace),
    /// Whether names are hidden until a person has voted.
    pub is_blind: bool,
    /// Whether what the mouse has selected is copied at once.
    pub copies_on_select: bool,
    /// Where a copy goes that is too long for the terminal's clipboard.
    pub copy_file: PathBuf,
    /// Where it is written down, and what it is known by; `None` keeps nothing.
    pub keeping: Option<(Store, Seed)>,
    /// What it goes on with.
    pub resumed: Resumed,
    /// The file to record it to.
    pub record: Option<PathBuf>,
}

/// How the terminal is used and what it shows.
#[derive(Clone, Debug)]
pub struct Looks {
    /// The themes to choose from.
    pub themes: Themes,
    /// The theme's name; by default one for the terminal.
    pub theme: Option<String>,
    /// The signs that are drawn; by default those that the terminal can show.
    pub glyphs: Glyphs,
    /// How the end of a turn is told.
    pub notify: Notify,
    /// The mouse, the window's title, the log.
    pub terminal: Use,
}

/// Runs the chat until the person leaves; returns the exit code.
///
/// # Errors
/// When there is no terminal, or it goes away.
pub async fn run(session: Session, dispatcher: Dispatcher) -> anyhow::Result<u8> {
    watch_terminal()?;
    let now = clock::now();
    let (round_tx, rounds) = unbounded_channel();
    let (news_tx, news_rx) = unbounded_channel();
    let mut outside = outside(&session, &session.models, dispatcher, round_tx, &news_tx)?;
    let sitting =
        resume::begin(session.keeping.clone(), &news_tx).context("starting the thread that keeps the session")?;
    outside.sitting.clone_from(&sitting);
    outside.keeping.clone_from(&session.keeping);
    let news = news_tx.clone();
    outside.recorder = recorder(&session, move |what| drop(news.send(Msg::Noted(what.to_owned()))))?;
    let recorder = outside.recorder.clone();
    if let (Some((store, _)), None) = (&session.keeping, &recorder) {
        let desk = Desk::open(store.clone(), news_tx.clone());
        outside.desk = Some(desk.context("starting the thread that looks sessions up")?);
    }
    let session_line = session.keeping.as_ref().map(|(_, seed)| seed.resume.clone());
    let wanted = session.looks.terminal.clone();
    let (mut app, prompt, turns) = seat(session, now);
    app.library.closed = match (&outside.desk, &recorder) {
        (Some(_), _) => None,
        (None, Some(_)) => Some("a recording holds one session: no other can be opened while it lasts"),
        (None, None) => app.library.closed,
    };
    if let Some(sitting) = &sitting {
        sitting.id().clone_into(&mut app.library.here);
        for (turn, id) in turns {
            sitting.knows(turn, id);
        }
    }
    let (exit, complaints) = sit(&mut app, &mut outside, wanted, prompt, Streams { rounds, news: news_rx }).await?;
    if let Some(recorder) = recorder {
        recorder.flush();
    }
    let sitting = outside.leave();
    let last_line =
        sitting.and_then(|sitting| resume::last_line(&sitting, session_line.as_deref(), exit.as_ref().ok()));
    let not_kept = app.library.not_kept.filter(|_| last_line.is_none() && !app.turns.is_empty());
    let last_line = last_line.or(not_kept.map(|why| format!("what was asked last is not kept: {why}")));
    if let Some(desk) = outside.desk.take() {
        desk.close();
    }
    end(exit, complaints.into_iter().chain(last_line))
}

/// Refuses to open a screen where there is none.
fn watch_terminal() -> anyhow::Result<()> {
    anyhow::ensure!(
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal(),
        "the chat needs a terminal; to ask without one, use `dissent ask`; for texts that exist already, `dissent compare`"
    );
    Ok(())
}

/// Returns what a run can reach; `models` are those who can be asked.
fn outside(
    session: &Session,
    models: &[Arc<Model>],
    dispatcher: Dispatcher,
    events: UnboundedSender<RoundEvent>,
    news: &UnboundedSender<Msg>,
) -> anyhow::Result<Outside> {
    let colors = colors::start(news.clone()).context("starting the thread that reads code")?;
    let ways = Ways { events, colors, news: news.clone() };
    let secrets = session.looks.terminal.secrets.clone();
    let mut outside = Outside::new(models, session.settings.clone(), dispatcher, ways)
        .telling(session.looks.notify)
        .reaching(Clipboard::of_system(secrets.clone(), |name| std::env::var(name).ok()));
    outside.secrets = secrets;
    outside.copy_file.clone_from(&session.copy_file);
    Ok(outside)
}

/// Begins to record a run, where it is wanted: first what it goes on with. Complaints go to `tell`.
///
/// # Errors
/// The file is there already, or cannot be made.
pub fn recorder(session: &Session, tell: impl Fn(&str) + Send + 'static) -> anyhow::Result<Option<Recorder>> {
    let Some(file) = &session.record else { return Ok(None) };
    let source = match &session.source {
        Source::Providers => recording::Source::Providers,
        Source::Demo => recording::Source::Demo,
        Source::Bank(file) => recording::Source::Bank(file.clone()),
    };
    let recorder = Recorder::begin(file, &Header::now(source), move |what| tell(&what))?;
    for kept in &session.resumed.turns {
        recorder.earlier(&kept.record, kept.verdict.as_ref());
    }
    Ok(Some(recorder))
}

/// What comes in on its own.
struct Streams {
    rounds: UnboundedReceiver<RoundEvent>,
    news: UnboundedReceiver<Msg>,
}

/// Opens the screen and stays until the person leaves; returns why it ended, and what went wrong behind the screen.
async fn sit<R: Reach>(
    app: &mut App,
    outside: &mut R,
    wanted: Use,
    prompt: Option<String>,
    streams: Streams,
) -> anyhow::Result<(std::io::Result<Exit>, Vec<String>)> {
    // Listened for before the terminal is taken over: a signal in between would leave it raw.
    let signals = signals::signals_of_terminal().context("listening for signals")?;
    let (mut screen, inputs) = Screen::open(wanted).context("opening the terminal")?;
    app.size = screen.size().context("asking the terminal for its size")?;
    if let Some(prompt) = prompt {
        for effect in submit(app, &prompt) {
            outside.act(effect, &mut screen);
        }
    }
    screen.draw(app).context("drawing the first frame")?;
    if let Some(background) = screen.hear().context("asking the terminal what it is")?.background {
        update(app, Msg::Input(Input::Background(background)), outside.now());
    }
    let exit = Loop { app, screen: &mut screen, outside }.run(inputs, streams.rounds, streams.news, signals).await;
    Ok((exit, screen.close()))
}

/// Says the last words below the screen, which is closed; returns the exit code.
fn end(exit: std::io::Result<Exit>, words: impl Iterator<Item = String>) -> anyhow::Result<u8> {
    #[expect(clippy::print_stderr, reason = "the screen is closed; this is the last word on why a part of it was lost")]
    for word in words {
        eprintln!("{word}");
    }
    match exit.context("writing to the terminal")? {
        Exit::Left => Ok(0),
        Exit::Signalled(code) => Ok(code),
    }
}

/// Returns the app with everyone seated, the question to be sent at once, and what the store calls the turns from before.
fn seat(session: Session, now: std::time::Instant) -> (App, Option<String>, Vec<(TurnId, String)>) {
    let on: HashSet<&ModelId> = session.ensemble.iter().take(MAX_ON).collect();
    let mut models: Vec<&Arc<Model>> = session.models.iter().collect();
    // Those who are on come first: their letters are the first ones.
    models.sort_by_key(|model| {
        session.ensemble.iter().position(|id| *id == model.member.id).unwrap_or(session.ensemble.len())
    });
    let seats = models
        .iter()
        .take(MOST_SEATS)
        .map(|model| Seat::new(Arc::clone(&model.member), on.contains(&model.member.id)))
        .collect();
    let depth = terminal::depth();
    let (name, follows_background) = match (&session.looks.theme, depth) {
        (_, Depth::Mono) => ("mono", None),
        (Some(name), _) => (name.as_str(), None),
        (None, _) => (terminal::known_background().unwrap_or(Background::Dark).theme(), Some(depth)),
    };
    let (mut theme, warnings) = session.looks.themes.theme(name, depth);
    theme.glyphs = session.looks.glyphs;
    let mut app = App::new(seats, session.source, theme, session.keymap, now);
    app.themes = session.looks.themes;
    app.bench = session.models.iter().map(|model| Arc::clone(&model.member)).collect();
    app.follows_background = follows_background;
    app.talk.rules = session.rules;
    app.purse.budget = session.budget;
    app.notes = session.notes;
    app.sight.is_blind = session.is_blind;
    app.sight.arrangement = session.arrangement;
    app.reading.usual_places = session.places;
    (app.chat_place, app.panel_place) = session.places;
    app.sight.after_drag = if session.copies_on_select { AfterDrag::Copy } else { AfterDrag::Keep };
    app.has_mouse = session.looks.terminal.has_mouse;
    if session.ensemble.len() > MAX_ON {
        app.notes.push(format!(
            "of the {} models of the ensemble, {MAX_ON} are on: more can't be read",
            session.ensemble.len()
        ));
    }
    app.notes.extend(warnings);
    app.questions.all = session.questions;
    let turns = resume::bring_back(&mut app, session.resumed, now);
    (app, session.prompt, turns)
}
