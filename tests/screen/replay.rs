//! A run that is recorded and played again: on the fake terminal, by the same loop, to the same last picture.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::looped::{Fake, stream};
use crate::support::model;
use crate::table::{app, rows};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dissent::dispatch::call::Dispatcher;
use dissent::domain::verdict::Flagging;
use dissent::net::replay::{Replay, Step, Tape};
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::Straggler;
use dissent::recording::write::Recorder;
use dissent::recording::{self, Header, Recording};
use dissent::round::plan::RoundSettings;
use dissent::shell::effects::{Outside, Ways};
use dissent::shell::replay::clock::Clock;
use dissent::shell::replay::script::Script;
use dissent::shell::replay::stage::Stage;
use dissent::shell::replay::{Pace, play};
use dissent::shell::run::Loop;
use dissent::shell::signals::Signal;
use dissent::ui::msg::Input;
use dissent::ui::update::update;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::sync::Notify;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

const QUESTION: &str = "In which year did Apollo 11 land on the Moon?";
const SIZE: (u16, u16) = (140, 40);

/// A server that says its words one by one.
fn says(id: &str, pace_ms: u64, text: &str) -> Tape {
    let mut tape = Tape::new(200, "").header("content-type", "text/event-stream");
    for word in text.split_inclusive(' ') {
        let event = serde_json::json!({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": null}]});
        tape = tape.then(Step::Pause(Duration::from_millis(pace_ms)));
        tape = tape.then(Step::Bytes(format!("data: {event}\n\n").into()));
    }
    let end = serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    tape.then(Step::Bytes(format!("data: {end}\n\ndata: [DONE]\n\n").into())).only_for(&format!("{id}.test"))
}

fn tapes() -> Vec<Tape> {
    vec![
        says("aspen", 40, "Apollo 11 landed on the Moon in 1969.\n\nThree people were on board of the ship."),
        says("birch", 70, "Apollo 11 landed on the Moon in 1968.\n\nFour people were on board of the ship."),
        says("cedar", 90, "```rust\nlet year = 1969;\n```\n\nIt landed in 1969, with three people on board."),
    ]
}

fn outside(tapes: Vec<Tape>) -> (Outside, tokio::sync::mpsc::UnboundedReceiver<dissent::round::plan::RoundEvent>) {
    let models: Vec<_> = ["aspen", "birch", "cedar"]
        .map(|id| Arc::new(model(id, Dialect::OpenaiChat, &format!("http://{id}.test/v1"))))
        .into();
    let straggler = Straggler::same(Duration::from_secs(10));
    let settings = RoundSettings { quorum: 2, straggler, flag_below: 0.75, flag: Flagging::Graded, is_demo: true };
    let (events, rounds) = unbounded_channel();
    let (colors, _) = std::sync::mpsc::channel();
    let (news, _) = unbounded_channel();
    let dispatcher = Dispatcher::new(Transport::Replay(Replay::new(tapes))).with_seed(1);
    (Outside::new(&models, settings, dispatcher, Ways { events, colors, news }), rounds)
}

fn screen() -> Fake {
    Fake { terminal: Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap(), frames: Vec::new() }
}

fn shown(screen: &Fake) -> Buffer {
    screen.terminal.backend().buffer().clone()
}

/// Types the question into a chat that is recorded to `file`, after `others` keys; returns the last picture.
async fn live(file: &Path, during: &'static [(u64, char)]) -> Buffer {
    let (mut outside, rounds) = outside(tapes());
    let recorder = Recorder::begin(file, &Header::now(recording::Source::Demo), |what| unreachable!("{what}")).unwrap();
    outside.recorder = Some(recorder.clone());
    let mut app = app(&["aspen", "birch", "cedar"], 3, Instant::now().into_std());
    let mut screen = screen();
    let (keys, key_rx) = unbounded_channel();
    let (signals, signal_rx) = unbounded_channel();
    let (_news, news_rx) = unbounded_channel();
    let press = move |code| keys.send(Ok(Input::Key(KeyEvent::new(code, KeyModifiers::NONE)))).unwrap();
    let script = async {
        QUESTION.chars().for_each(|letter| press(KeyCode::Char(letter)));
        press(KeyCode::Enter);
        for (after_ms, key) in during {
            tokio::time::sleep(Duration::from_millis(*after_ms)).await;
            press(KeyCode::Tab);
            press(KeyCode::Char(*key));
            press(KeyCode::Tab);
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        signals.send(Signal::Leave(143)).unwrap();
    };
    let running = Loop { app: &mut app, screen: &mut screen, outside: &mut outside };
    let (exit, ()) = tokio::join!(running.run(key_rx, rounds, news_rx, stream(signal_rx)), script);
    exit.unwrap();
    recorder.flush();
    shown(&screen)
}

fn read(file: &Path) -> Recording {
    let bytes = std::fs::read(file).unwrap();
    recording::read::read(&mut bytes.as_slice()).unwrap()
}

/// Plays a recording; returns the last picture, and how long it took.
async fn played(file: &Path, pace: Pace) -> (Buffer, Duration) {
    let (outside, rounds) = outside(Vec::new());
    let clock = Arc::new(Clock::new(Instant::now().into_std(), pace));
    let mut script = Script::new(read(file).turns, clock.start());
    let mut app = app(&[], 0, clock.start());
    app.talk.is_replay = true;
    let (_, opening) = script.next().unwrap();
    update(&mut app, opening, clock.start());
    let skip = Arc::new(Notify::new());
    if pace == Pace::Now {
        skip.notify_one();
    }
    let mut stage = Stage { outside, clock: Arc::clone(&clock), skip: Arc::clone(&skip) };
    let (_keys, key_rx) = unbounded_channel();
    let (news, news_rx) = unbounded_channel();
    let (signals, signal_rx) = unbounded_channel();
    let mut screen = screen();
    let began = Instant::now();
    let script = async {
        play(script, clock, news, skip).await;
        let took = began.elapsed();
        tokio::time::sleep(Duration::from_secs(60)).await;
        signals.send(Signal::Leave(143)).unwrap();
        took
    };
    let running = Loop { app: &mut app, screen: &mut screen, outside: &mut stage };
    let (exit, took) = tokio::join!(running.run(key_rx, rounds, news_rx, stream(signal_rx)), script);
    exit.unwrap();
    (shown(&screen), took)
}

#[tokio::test(start_paused = true)]
async fn a_recorded_turn_is_played_in_its_own_time_to_the_same_last_picture() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.ndjson");
    let last = live(&file, &[]).await;
    let (replayed, took) = played(&file, Pace::Times(1.0)).await;
    assert_eq!(rows_of(&replayed), rows_of(&last));
    assert_eq!(replayed, last, "colours and marks are the same too");
    assert!(rows_of(&last).contains("1968") && rows_of(&last).contains('≠'), "{}", rows_of(&last));
    // Nine words, each after 90 ms, and the readings.
    assert!((Duration::from_millis(900)..Duration::from_millis(1_500)).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn at_any_speed_and_at_once_the_last_picture_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.ndjson");
    let last = live(&file, &[]).await;
    let (_, usual) = played(&file, Pace::Times(1.0)).await;
    for (pace, at_most) in [(Pace::Times(8.0), usual / 7), (Pace::Times(0.5), usual * 3), (Pace::Now, Duration::ZERO)] {
        let (replayed, took) = played(&file, pace).await;
        assert_eq!(rows_of(&replayed), rows_of(&last), "{pace:?}");
        assert_eq!(replayed, last, "{pace:?}");
        assert!(took <= at_most, "{pace:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_person_did_to_the_models_is_played_too() {
    let folder = tempfile::tempdir().unwrap();
    // Stopped in the middle, then asked again.
    for (name, during) in [("stopped", &[(300, 's')][..]), ("asked again", &[(300, 's'), (400, 'r')][..])] {
        let file = folder.path().join(name);
        let last = live(&file, during).await;
        let (replayed, _) = played(&file, Pace::Times(1.0)).await;
        assert_eq!(rows_of(&replayed), rows_of(&last), "{name}");
    }
}

fn rows_of(buffer: &Buffer) -> String {
    let mut backend = TestBackend::new(buffer.area.width, buffer.area.height);
    let cells = buffer.content.iter().enumerate().map(|(idx, cell)| {
        let (x, y) = buffer.pos_of(idx);
        (x, y, cell)
    });
    ratatui::backend::Backend::draw(&mut backend, cells).unwrap();
    rows(&backend)
}
