//! The loop on a fake terminal: keys, streams and time are injected.

use std::io;
use std::time::Duration;

use crate::table::{app, rows};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::stream::{Delta, StreamEvent, StreamEventKind};
use dissent::round::plan::RoundEvent;
use dissent::shell::away::{Back, Errand};
use dissent::shell::effects::{Flow, Reach};
use dissent::shell::run::{Exit, Loop};
use dissent::shell::signals::Signal;
use dissent::shell::terminal::{Glass, draw};
use dissent::ui::app::App;
use dissent::ui::effect::Effect;
use dissent::ui::msg::Input;
use futures_util::stream::poll_fn;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

/// A terminal that keeps what it shows, and when each frame came.
pub(crate) struct Fake {
    pub(crate) terminal: Terminal<TestBackend>,
    pub(crate) frames: Vec<Instant>,
}

impl Glass for Fake {
    fn draw(&mut self, app: &mut App) -> io::Result<()> {
        self.frames.push(Instant::now());
        draw(&mut self.terminal, app).map_err(|never| match never {})
    }

    fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear().map_err(|never| match never {})
    }

    fn send(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    async fn leave_for(&mut self, errand: Errand) -> io::Result<Back> {
        Ok(match errand {
            Errand::Suspend => Back::Resumed,
            Errand::Edit(text) => Back::Edited(Ok(text + " edited")),
        })
    }
}

/// Keeps what the screen asked for.
#[derive(Default)]
struct Asked(Vec<Effect>);

impl Reach for Asked {
    fn act(&mut self, effect: Effect, _: &mut dyn Glass) -> Flow {
        let flow = if effect == Effect::Quit { Flow::Leave } else { Flow::On };
        self.0.push(effect);
        flow
    }
}

struct Played {
    exit: Exit,
    shown: String,
    frames: Vec<Instant>,
    asked: Vec<Effect>,
}

/// What a script can do to a running loop.
struct Hands {
    keys: UnboundedSender<io::Result<Input>>,
    rounds: UnboundedSender<RoundEvent>,
    signals: UnboundedSender<Signal>,
}

impl Hands {
    fn press(&self, code: KeyCode, modifiers: KeyModifiers) {
        self.keys.send(Ok(Input::Key(KeyEvent::new(code, modifiers)))).unwrap();
    }

    fn type_text(&self, text: &str) {
        text.chars().for_each(|letter| self.press(KeyCode::Char(letter), KeyModifiers::NONE));
    }

    fn says(&self, text: &str) {
        let kind = StreamEventKind::Delta(Delta { text: text.to_owned(), ..Delta::default() });
        let at = Instant::now().into_std();
        self.rounds.send(RoundEvent::Stream(StreamEvent { turn: TurnId(1), column: Column(0), at, kind })).unwrap();
    }
}

pub(crate) fn stream<T>(mut rx: UnboundedReceiver<T>) -> impl futures_util::Stream<Item = T> + Unpin {
    poll_fn(move |ctx| rx.poll_recv(ctx))
}

/// Runs the loop beside a script; time is paused and jumps to the next moment at which anything happens.
async fn play<S: Future<Output = ()>>(script: impl FnOnce(Hands) -> S) -> Played {
    let (keys, key_rx) = unbounded_channel();
    let (rounds, round_rx) = unbounded_channel();
    let (signals, signal_rx) = unbounded_channel();
    let (_colors, color_rx) = unbounded_channel();
    let mut app = app(&["aspen", "birch"], 2, Instant::now().into_std());
    let mut screen = Fake { terminal: Terminal::new(TestBackend::new(120, 40)).unwrap(), frames: Vec::new() };
    let mut outside = Asked::default();
    let running = Loop { app: &mut app, screen: &mut screen, outside: &mut outside };
    let hands = Hands { keys, rounds: rounds.clone(), signals: signals.clone() };
    let (exit, ()) = tokio::join!(running.run(key_rx, round_rx, color_rx, stream(signal_rx)), script(hands));
    Played { exit: exit.unwrap(), shown: rows(screen.terminal.backend()), frames: screen.frames, asked: outside.0 }
}

#[tokio::test(start_paused = true)]
async fn a_typed_question_is_asked_and_its_answer_shown() {
    let played = play(async |hands: Hands| {
        hands.type_text("why?");
        hands.press(KeyCode::Enter, KeyModifiers::NONE);
        tokio::time::sleep(Duration::from_millis(50)).await;
        hands.says("Because of the tides.");
        tokio::time::sleep(Duration::from_millis(50)).await;
        hands.signals.send(Signal::Leave(143)).unwrap();
    })
    .await;
    assert_eq!(played.exit, Exit::Signalled(143));
    assert!(matches!(played.asked.as_slice(), [Effect::Ask { .. }]), "{:?}", played.asked);
    assert!(played.shown.contains("Because of the tides."), "{}", played.shown);
}

#[tokio::test(start_paused = true)]
async fn streams_are_drawn_at_most_sixty_times_a_second() {
    let played = play(async |hands: Hands| {
        hands.type_text("why?");
        hands.press(KeyCode::Enter, KeyModifiers::NONE);
        for _ in 0..1_000 {
            hands.says("word ");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        hands.press(KeyCode::Char('d'), KeyModifiers::CONTROL);
    })
    .await;
    // The first frame, one for the keys, one for leaving at most, and 60 a second for a second and a bit.
    assert!(played.frames.len() <= 64, "{} frames", played.frames.len());
    assert!(played.frames.len() >= 50, "{} frames", played.frames.len());
}

#[tokio::test(start_paused = true)]
async fn a_key_is_drawn_at_once_in_the_middle_of_a_stream() {
    let started = Instant::now();
    let played = play(async |hands: Hands| {
        hands.type_text("why?");
        hands.press(KeyCode::Enter, KeyModifiers::NONE);
        hands.says("one");
        tokio::time::sleep(Duration::from_millis(20)).await;
        hands.says("two");
        tokio::time::sleep(Duration::from_millis(3)).await;
        hands.type_text("x");
        tokio::time::sleep(Duration::from_millis(100)).await;
        hands.signals.send(Signal::Leave(143)).unwrap();
    })
    .await;
    let key_at = started + Duration::from_millis(23);
    assert!(played.frames.contains(&key_at), "no frame at the key: {:?}", played.frames);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_drawn_while_nothing_happens() {
    let played = play(async |hands: Hands| {
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        hands.press(KeyCode::Char('d'), KeyModifiers::CONTROL);
    })
    .await;
    assert_eq!((played.exit, played.frames.len()), (Exit::Left, 1));
}

#[tokio::test(start_paused = true)]
async fn the_seconds_of_a_waiting_model_are_counted() {
    let played = play(async |hands: Hands| {
        hands.type_text("why?");
        hands.press(KeyCode::Enter, KeyModifiers::NONE);
        tokio::time::sleep(Duration::from_millis(1)).await;
        let at = Instant::now().into_std();
        let kind = StreamEventKind::Waiting { attempt: 1 };
        hands.rounds.send(RoundEvent::Stream(StreamEvent { turn: TurnId(1), column: Column(0), at, kind })).unwrap();
        tokio::time::sleep(Duration::from_millis(7_100)).await;
        hands.signals.send(Signal::Leave(143)).unwrap();
    })
    .await;
    assert!(played.shown.contains("… 7s"), "{}", played.shown);
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_gives_no_more_input_ends_the_loop() {
    let played = play(async |hands: Hands| drop(hands)).await;
    assert_eq!(played.exit, Exit::Signalled(129));
}
