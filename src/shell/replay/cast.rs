//! A run as a film of the terminal, for any player of asciinema recordings: version 3 of their format, with a marker where
//! each conflict appeared.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

use crate::consensus::plain::clean;
use crate::consensus::report::ConflictStatus;
use crate::domain::ids::TurnId;
use crate::edge::clock;
use crate::recording::Recorded;
use crate::shell::Session;
use crate::shell::careful::Careful;
use crate::shell::colors::Reader;
use crate::shell::replay::open;
use crate::shell::replay::script::Script;
use crate::shell::terminal::{FrameBuffer, draw};
use crate::ui::app::App;
use crate::ui::coloring::uncolored;
use crate::ui::msg::Msg;
use crate::ui::theme::{Background, Depth};
use crate::ui::update::update;

/// The shortest time between two pictures: 20 a second look smooth and keep the file small.
const FRAME: Duration = Duration::from_millis(50);
/// How long the last picture stays.
const LAST: Duration = Duration::from_secs(3);
/// The longest time without a change that a player keeps to, in seconds.
const LONGEST_IDLE: f64 = 3.0;

/// Something in the film: when, what sort of thing, and what.
type Event = (Duration, &'static str, String);

/// Returns the film of `turns` on a terminal of `size` (width and height in cells), named `title`.
///
/// # Errors
/// Never in practice: nothing is drawn on but memory.
pub fn cast(session: Session, turns: Vec<Recorded>, title: &str, size: (u16, u16)) -> anyhow::Result<String> {
    let asked_at_ms = turns.first().map_or(0, |turn| turn.record.asked_at_ms);
    let start = clock::now();
    let mut script = Script::new(turns, start);
    let mut app = open(session, &mut script, start);
    let (mut theme, _) = app.themes.theme(Background::Dark.theme(), Depth::True);
    theme.glyphs = app.theme.glyphs;
    app.theme = theme;
    let mut film = Film::new(app, start, size)?;
    film.draw(Duration::ZERO)?;
    let mut end = Duration::ZERO;
    for (at, msg) in script {
        film.until(at)?;
        film.take(at, msg);
        end = at;
    }
    film.draw(end)?;
    let header = json!({
        "version": 3,
        "term": {"cols": size.0, "rows": size.1, "type": "xterm-256color"},
        "timestamp": asked_at_ms.div_euclid(1_000),
        "idle_time_limit": LONGEST_IDLE,
        "title": clean(title),
    });
    Ok(written(&header, film.events(), end + LAST))
}

struct Film {
    app: App,
    start: Instant,
    terminal: Terminal<Careful<CrosstermBackend<FrameBuffer>>>,
    frame: FrameBuffer,
    reader: Reader,
    drawn_at: Duration,
    is_stale: bool,
    pictures: Vec<Event>,
    /// When each confirmed conflict was seen first, by its number on the screen.
    seen: BTreeMap<(TurnId, u32), Duration>,
    /// The conflicts of the last verdict on each turn.
    markers: BTreeMap<TurnId, Vec<Event>>,
}

impl Film {
    fn new(app: App, start: Instant, (width, height): (u16, u16)) -> anyhow::Result<Self> {
        let frame = FrameBuffer::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let backend = Careful::new(CrosstermBackend::new(frame.clone()));
        let terminal =
            Terminal::with_options(backend, TerminalOptions { viewport }).context("making a terminal in memory")?;
        Ok(Self {
            app,
            start,
            terminal,
            frame,
            reader: Reader::default(),
            drawn_at: Duration::ZERO,
            is_stale: false,
            pictures: Vec::new(),
            seen: BTreeMap::new(),
            markers: BTreeMap::new(),
        })
    }

    /// Draws what is to be drawn before `at`: what has changed, and what counts the seconds.
    fn until(&mut self, at: Duration) -> anyhow::Result<()> {
        loop {
            let next = self.drawn_at + FRAME;
            let due = match (self.is_stale, self.app.wake_at()) {
                (true, _) => next,
                (false, Some(wake)) => next.max(wake.saturating_duration_since(self.start)),
                (false, None) => return Ok(()),
            };
            if due > at {
                return Ok(());
            }
            update(&mut self.app, Msg::Tick, self.start + due);
            self.draw(due)?;
        }
    }

    fn draw(&mut self, at: Duration) -> anyhow::Result<()> {
        draw(&mut self.terminal, &mut self.app).context("drawing in memory")?;
        let code = uncolored(&mut self.app);
        let is_plain = !code.is_empty();
        for colored in code.into_iter().filter_map(|lines| self.reader.read(lines)) {
            update(&mut self.app, Msg::Colored(colored), self.start + at);
        }
        if is_plain {
            draw(&mut self.terminal, &mut self.app).context("drawing in memory")?;
        }
        let bytes = self.frame.take_frame();
        if !bytes.is_empty() {
            self.pictures.push((at, "o", String::from_utf8_lossy(&bytes).into_owned()));
        }
        (self.drawn_at, self.is_stale) = (at, false);
        Ok(())
    }

    fn take(&mut self, at: Duration, msg: Msg) {
        let told = if let Msg::Report(turn, ..) = &msg {
            Some((*turn, false))
        } else if let Msg::Verdict(turn, _) = &msg {
            Some((*turn, true))
        } else {
            None
        };
        update(&mut self.app, msg, self.start + at);
        self.is_stale = true;
        let Some((turn, is_verdict)) = told else { return };
        let Some(view) = self.app.turns.iter().find(|view| view.turn.id == turn) else { return };
        if !is_verdict {
            let conflicts = view.report.iter().flat_map(|report| &report.contradictions);
            for conflict in conflicts.filter(|conflict| conflict.status == ConflictStatus::Confirmed) {
                self.seen.entry((turn, view.numbers.of(conflict.id))).or_insert(at);
            }
            return;
        }
        let conflicts = view.verdict.iter().flat_map(|verdict| &verdict.contradictions);
        let markers = conflicts.map(|conflict| {
            let number = view.numbers.of(conflict.id);
            let values: Vec<String> = conflict.sides.iter().map(|side| clean(&side.value)).collect();
            let sign = if number == 0 { "≠".to_owned() } else { format!("≠{number}") };
            let label = format!("{sign} {}: {}", conflict.kind.as_str(), values.join(" against "));
            (self.seen.get(&(turn, number)).copied().unwrap_or(at), "m", label)
        });
        let markers = markers.collect();
        self.markers.insert(turn, markers);
    }

    /// Returns all that is in the film, in order; a marker stands before the picture of its moment.
    fn events(self) -> Vec<Event> {
        let mut events: Vec<Event> = self.markers.into_values().flatten().chain(self.pictures).collect();
        events.sort_by_key(|(at, ..)| *at);
        events
    }
}

/// Returns the lines of the file: each event with the seconds since the one before, the last one being the end.
fn written(header: &serde_json::Value, events: Vec<Event>, end: Duration) -> String {
    let mut file = format!("{header}\n");
    let mut before_ms = 0;
    for (at, code, data) in events.into_iter().chain([(end, "x", "0".to_owned())]) {
        let at_ms = at.as_millis();
        let apart = Duration::from_millis(u64::try_from(at_ms - before_ms).unwrap_or_default());
        before_ms = at_ms;
        file.push_str(&json!([apart.as_secs_f64(), code, data]).to_string());
        file.push('\n');
    }
    file
}
