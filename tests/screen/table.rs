//! A table of three models with an app around it, played by hand: no sockets, no clock but the test's own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use dissent::consensus::engine::Engine;
use dissent::consensus::voice::Ending;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEvent, StreamEventKind};
use dissent::round::verdict::{Settings, assemble};
use dissent::shell::terminal::draw;
use dissent::ui::app::{App, Seat, Source};
use dissent::ui::effect::Effect;
use dissent::ui::geometry::Pane;
use dissent::ui::keymap::Keymap;
use dissent::ui::msg::{Input, Msg};
use dissent::ui::theme::{Depth, Theme};
use dissent::ui::update::update;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// Three models that are on and one that is off, and the engine that reads them.
pub(crate) struct Table {
    pub(crate) app: App,
    pub(crate) now: Instant,
    pub(crate) members: Vec<Arc<Member>>,
    engine: Option<Engine>,
}

pub(crate) fn app(names: &[&str], n_on: usize, now: Instant) -> App {
    let seats = names.iter().enumerate().map(|(idx, id)| Seat::new(Arc::new(Member::named(*id)), idx < n_on));
    let (theme, _) = Theme::named("ink", Depth::True);
    App::new(seats.collect(), Source::Demo, theme, Keymap::default(), now)
}

/// Returns the text of the one effect, which is a copy.
pub(crate) fn copied(effects: &[Effect]) -> String {
    match effects {
        [Effect::Copy { text, .. }] => text.clone(),
        other => unreachable!("{other:?}"),
    }
}

impl Table {
    pub(crate) fn new() -> Self {
        Self::seated(&["aspen", "birch", "cedar", "dogwood"], 3)
    }

    /// Five models, all of them on.
    pub(crate) fn of_five() -> Self {
        Self::seated(&["aspen", "birch", "cedar", "dogwood", "elm"], 5)
    }

    fn seated(names: &[&str], n_on: usize) -> Self {
        let now = tokio::time::Instant::now().into_std();
        let app = app(names, n_on, now);
        let members = app.bench.clone();
        Self { app, now, members, engine: None }
    }

    /// Presses a key as the keymap spells it.
    pub(crate) fn key(&mut self, name: &str) -> Vec<Effect> {
        let (code, modifiers) = match name.strip_prefix("ctrl-") {
            Some(letter) => (KeyCode::Char(letter.chars().next().unwrap()), KeyModifiers::CONTROL),
            None => (named(name), KeyModifiers::NONE),
        };
        self.tell(Msg::Input(Input::Key(KeyEvent::new(code, modifiers))))
    }

    pub(crate) fn mouse(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Effect> {
        self.tell(Msg::Input(Input::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })))
    }

    pub(crate) fn keys(&mut self, names: &[&str]) -> Vec<Effect> {
        names.iter().flat_map(|name| self.key(name)).collect()
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.tell(Msg::Input(Input::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))));
        }
    }

    pub(crate) fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.app, msg, self.now)
    }

    /// Types and sends a question; everyone who is asked is told to wait.
    pub(crate) fn ask(&mut self, question: &str) -> Vec<Effect> {
        self.type_text(question);
        let effects = self.key("enter");
        for effect in &effects {
            if let Effect::Ask { asks, talk, .. } = effect {
                let mut engine = Engine::new(&talk.question, None, self.members.clone());
                for idx in 0..self.members.len() {
                    if !asks.iter().any(|column| column.index() == idx) {
                        engine.end(idx, Ending::Nothing);
                    }
                }
                self.engine = Some(engine);
                for column in asks {
                    self.happens(*column, StreamEventKind::Waiting { attempt: 1 });
                }
            }
        }
        effects
    }

    pub(crate) fn turn(&self) -> TurnId {
        self.app.turns.last().unwrap().turn.id
    }

    pub(crate) fn happens(&mut self, column: Column, kind: StreamEventKind) {
        let event = StreamEvent { turn: self.turn(), column, at: self.now, kind };
        self.tell(Msg::Stream(event));
    }

    pub(crate) fn says(&mut self, column: usize, text: &str) {
        self.engine.as_mut().unwrap().append(column, text);
        self.happens(Column::at(column), StreamEventKind::Delta(Delta { text: text.to_owned(), ..Delta::default() }));
    }

    pub(crate) fn ends(&mut self, column: usize) {
        self.engine.as_mut().unwrap().end(column, Ending::Complete);
        self.happens(Column::at(column), StreamEventKind::Finished(Box::new(stop())));
    }

    pub(crate) fn fails(&mut self, column: usize, kind: StreamEventKind, ending: Ending) {
        self.engine.as_mut().unwrap().end(column, ending);
        self.happens(Column::at(column), kind);
    }

    /// Asks a model anew: what it said is gone.
    pub(crate) fn retract(&mut self, column: usize) {
        self.engine.as_mut().unwrap().forget(column);
        self.happens(Column::at(column), StreamEventKind::Waiting { attempt: 1 });
    }

    pub(crate) fn thinks(&mut self, column: usize, reasoning: &str) {
        let delta = Delta { reasoning: reasoning.to_owned(), ..Delta::default() };
        self.happens(Column::at(column), StreamEventKind::Delta(delta));
    }

    /// Takes a reading of the engine.
    pub(crate) fn read(&mut self) {
        let report = self.engine.as_mut().unwrap().report();
        let band = report.band;
        self.tell(Msg::Report(self.turn(), report, band));
    }

    /// Takes the last reading and gives the verdict.
    pub(crate) fn settle(&mut self) -> Vec<Effect> {
        self.read();
        let view = self.app.turns.last().unwrap();
        let verdict = assemble(&view.turn, view.report.as_ref().unwrap(), &Settings::default());
        self.tell(Msg::Verdict(self.turn(), Box::new(verdict)))
    }

    pub(crate) fn passes(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.tell(Msg::Tick);
    }

    /// Settles a turn in which the three models gave these answers.
    pub(crate) fn settled(question: &str, answers: [&str; 3]) -> Self {
        let mut table = Self::new();
        table.turn_of(question, answers);
        table
    }

    /// Asks a question, and settles it with these answers.
    pub(crate) fn turn_of(&mut self, question: &str, answers: [&str; 3]) {
        self.ask(question);
        for (column, answer) in answers.into_iter().enumerate() {
            self.says(column, answer);
            self.passes(1);
            self.ends(column);
        }
        self.settle();
    }

    /// Returns the cells that a terminal of that size shows.
    pub(crate) fn buffer(&mut self, width: u16, height: u16) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        draw(&mut terminal, &mut self.app).unwrap();
        terminal.backend().buffer().clone()
    }

    /// Returns the rows of a pane as a terminal of that size shows them: its text, without marks and cursor.
    pub(crate) fn lines(&mut self, pane: Pane, (width, height): (u16, u16)) -> Vec<String> {
        let buffer = self.buffer(width, height);
        let layout = &self.app.layout;
        let (area, lead) = match pane {
            Pane::Chat => (layout.chat.unwrap(), 1),
            Pane::Column(column) => {
                (layout.columns.iter().find(|place| place.column == column).unwrap().body, layout.gutter)
            }
        };
        let cell = |x, y| buffer.cell((x, y)).unwrap().symbol();
        let row = |y| (area.x + lead..area.right()).map(|x| cell(x, y)).collect::<String>().trim_end().to_owned();
        (area.top()..area.bottom()).map(row).collect()
    }

    /// Returns the top row of a pane as a terminal of that size shows it.
    pub(crate) fn top_line(&mut self, pane: Pane, size: (u16, u16)) -> String {
        self.lines(pane, size).swap_remove(0)
    }

    /// Returns what a terminal of that size shows, without the blanks at the ends of rows.
    pub(crate) fn screen(&mut self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        draw(&mut terminal, &mut self.app).unwrap();
        rows(terminal.backend())
    }
}

/// Draws one frame; returns the rows of answers and conversation that it took.
pub(crate) fn frame(app: &mut App) -> u64 {
    let before = app.work.rows_painted;
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).unwrap();
    draw(&mut terminal, app).unwrap();
    app.work.rows_painted - before
}

pub(crate) fn rows(backend: &TestBackend) -> String {
    let shown = backend.to_string();
    let rows = shown.lines().map(|row| row.trim_matches('"').trim_end());
    rows.collect::<Vec<_>>().join("\n")
}

pub(crate) fn stop() -> Finish {
    let reason = Some(FinishReason { raw: Some("stop".to_owned()), norm: FinishNorm::Stop });
    Finish { reason, ..Finish::default() }
}

fn named(name: &str) -> KeyCode {
    match name {
        "enter" => KeyCode::Enter,
        "backspace" => KeyCode::Backspace,
        "tab" => KeyCode::Tab,
        "esc" => KeyCode::Esc,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "end" => KeyCode::End,
        "space" => KeyCode::Char(' '),
        letter => KeyCode::Char(letter.chars().next().unwrap()),
    }
}
