//! The fault table: each fault over a real socket, what the person sees of it, how often the server was asked and how
//! long it took. `cargo test --test faults -- --nocapture` prints it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "the table shows how long each fault takes")]

mod rows;
mod server;
#[path = "../support/mod.rs"]
mod support;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dissent::dispatch::call::{Call, Dispatcher};
use dissent::dispatch::claims::Claims;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::prompt::Prompt;
use dissent::domain::stream::StreamEventKind;
use dissent::net::http::Http;
use dissent::net::transport::{Request, Route, Transport};
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Model, Provider, Secret, Timeouts};
use dissent::shell::terminal::draw;
use dissent::ui::app::{App, Seat, Source};
use dissent::ui::effect::Effect;
use dissent::ui::keymap::Keymap;
use dissent::ui::msg::{Input, Msg};
use dissent::ui::theme::{Depth, Theme};
use dissent::ui::update::update;
use futures_util::future::join_all;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rows::{FIRST_TOKEN, IDLE, ROWS, Row, WHOLE};
use server::{Server, Site};
use tokio::sync::mpsc::unbounded_channel;

const KEY: &str = "planted-key-1234";

/// Programs that run at once.
const N_AT_ONCE: usize = 8;

/// What came of one fault.
struct Outcome {
    row: &'static Row,
    /// What its column says, in one line.
    column: String,
    /// What `dissent ask` says below the answer: its lines on stderr.
    asked: String,
    n_requests: u32,
    /// The same for `dissent ask`.
    n_requests_asked: u32,
    took: Duration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_told_and_costs_no_more_than_its_policy_allows() {
    let http = Http::new();
    // Reading the certificates of this machine takes longer than some rows: it is done before the clock runs.
    for site in [Site::Nobody, Site::NoSuchHost] {
        let transport = Transport::Http(http.clone());
        let url = Server::open(site).await.url;
        let _ = transport.send(Request::new(url, [], Bytes::new(), Route::default()).unwrap()).await;
    }
    let tasks: Vec<_> = ROWS.iter().map(|row| tokio::spawn(suffer(row, http.clone()))).collect();
    let mut outcomes = join_all(tasks).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    // The program itself, a few at a time: starting all at once would take longer than some time-outs.
    for some in outcomes.chunks_mut(N_AT_ONCE) {
        let asked: Vec<_> = some.iter().map(|outcome| tokio::spawn(ask(outcome.row))).collect();
        for (outcome, asked) in some.iter_mut().zip(join_all(asked).await) {
            (outcome.asked, outcome.n_requests_asked) = asked.unwrap();
        }
    }
    println!("{}", table(&outcomes));
    let wrong: Vec<String> = outcomes.iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lets a call meet a fault.
async fn suffer(row: &'static Row, http: Http) -> Outcome {
    let server = Server::open(row.site).await;
    let mut screen = Screen::new();
    let dispatcher = Dispatcher::new(Transport::Http(http));
    let (tx, mut rx) = unbounded_channel();
    let begun_at = Instant::now();
    let _handle = dispatcher.ask(call(&server.url), tx);
    while let Some(event) = rx.recv().await {
        screen.happens(event.kind);
    }
    let (column, n_requests, took) = (screen.column(), server.n_requests(), begun_at.elapsed());
    Outcome { row, column, asked: String::new(), n_requests, n_requests_asked: 0, took }
}

/// Lets the program meet a fault; returns what it says and how often the server was asked.
async fn ask(row: &'static Row) -> (String, u32) {
    let server = Server::open(row.site).await;
    let url = server.url.clone();
    let asked = tokio::task::spawn_blocking(move || asked(&url)).await.unwrap();
    (asked, server.n_requests())
}

/// Asks with the program itself and returns what it says on stderr.
fn asked(url: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let seconds = |time: Duration| time.as_secs();
    let settings = format!(
        "ensemble = [\"m\"]\ntimeout = {{ first_token = \"{}s\", idle = \"{}s\", whole = \"{}s\" }}\n\
         [providers.house]\ndialect = \"openai-chat\"\nbase_url = \"{url}\"\napi_key_env = \"HOUSE_KEY\"\n\
         [models.m]\nprovider = \"house\"\nmodel = \"m-1\"\n",
        seconds(FIRST_TOKEN),
        seconds(IDLE),
        seconds(WHOLE)
    );
    std::fs::write(&config, settings).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dissent"));
    command.env_clear().env("HOME", home.path()).env("HOUSE_KEY", KEY).stdin(Stdio::null());
    let output = command.args(["ask", "when?", "--config"]).arg(config).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(!stdout.contains(KEY) && !stderr.contains(KEY), "{stdout}{stderr}");
    stderr
}

fn call(base_url: &str) -> Call {
    let house = support::model("house", Dialect::OpenaiChat, base_url);
    let provider = Provider {
        key: Some(Secret::new(KEY)),
        key_source: Some("HOUSE_KEY".to_owned()),
        timeouts: Timeouts { first_token: FIRST_TOKEN, idle: IDLE, whole: WHOLE },
        ..Provider::clone(&house.provider)
    };
    let member = Member { api_model: Arc::from("m-1"), ..Member::named("m") };
    Call {
        turn: TurnId(1),
        column: Column(0),
        model: Arc::new(Model { provider: Arc::new(provider), member: Arc::new(member), ..house }),
        stand_ins: Vec::new(),
        claims: Claims::default(),
        prompt: Prompt::question("When did Apollo 11 land?"),
    }
}

/// A chat with one model, to see what its column says.
struct Screen(App);

impl Screen {
    fn new() -> Self {
        let (theme, _) = Theme::named("ink", Depth::True);
        let seats = vec![Seat::new(Arc::new(Member::named("m")), true)];
        let mut screen = Self(App::new(seats, Source::Demo, theme, Keymap::default(), Instant::now()));
        for letter in "when".chars() {
            screen.press(crossterm::event::KeyCode::Char(letter));
        }
        let effects = screen.press(crossterm::event::KeyCode::Enter);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Ask { .. })), "{effects:?}");
        screen
    }

    fn press(&mut self, code: crossterm::event::KeyCode) -> Vec<Effect> {
        let key = crossterm::event::KeyEvent::new(code, crossterm::event::KeyModifiers::NONE);
        update(&mut self.0, Msg::Input(Input::Key(key)), Instant::now())
    }

    fn happens(&mut self, kind: StreamEventKind) {
        let event = dissent::domain::stream::StreamEvent {
            turn: self.0.turns.last().unwrap().turn.id,
            column: Column(0),
            at: Instant::now(),
            kind,
        };
        update(&mut self.0, Msg::Stream(event), Instant::now());
    }

    /// Returns the words of the column's body in one line.
    fn column(&mut self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(160, 50)).unwrap();
        draw(&mut terminal, &mut self.0).unwrap();
        let body = self.0.layout.columns[0].body;
        let buffer = terminal.backend().buffer();
        let row = |y: u16| (body.left()..body.right()).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        let rows: Vec<String> = (body.top()..body.bottom()).map(|y| row(y).trim().to_owned()).collect();
        rows.join(" ").trim().to_owned()
    }
}

/// Returns how an outcome differs from its row, if it does. Of the time only the lower end is held against it: a busy
/// machine may be late, but never early.
fn difference(outcome: &Outcome) -> Option<String> {
    let Outcome { row, column, asked, n_requests, n_requests_asked, took } = outcome;
    let is_early = *took < Duration::from_millis(row.at_least_ms);
    let is_as_told = column.starts_with(row.seen) && *n_requests == row.n_requests && !is_early;
    let leaks = column.contains(KEY);
    let is_asked_alike = *n_requests_asked == row.n_requests && asked.contains(row.asked());
    (!is_as_told || !is_asked_alike || leaks).then(|| {
        format!(
            "{}\n  but {n_requests} and {n_requests_asked} requests, {took:?}\n  {column:?}\n  {asked:?}",
            row.fault
        )
    })
}

/// Returns the table as text.
fn table(outcomes: &[Outcome]) -> String {
    let mut lines = vec![format!("{:<37}{:>8}{:>9}  {:<12} {}", "fault", "requests", "took", "policy", "seen")];
    for Outcome { row, column, asked, n_requests, took, .. } in outcomes {
        let (least, most) = (row.at_least_ms as f64 / 1e3, row.at_most_ms as f64 / 1e3);
        let policy = if row.at_least_ms == 0 { "at once".to_owned() } else { format!("{least:.1} - {most:.1} s") };
        let took = format!("{:.2} s", took.as_secs_f64());
        lines.push(format!("{:<37}{n_requests:>8}{took:>9}  {policy:<12} {column}", row.fault));
        lines.extend(asked.lines().map(|line| format!("{:>70} {line}", "ask:")));
    }
    lines.join("\n")
}
