//! Runs that are over, on the screen once more: in their own time or faster, without a network, to the same last picture.

pub mod cast;
pub mod clock;
pub mod script;
pub mod stage;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::dispatch::call::Dispatcher;
use crate::edge::clock::now;
use crate::recording::Recorded;
use crate::shell::replay::clock::Clock;
use crate::shell::replay::script::Script;
use crate::shell::replay::stage::Stage;
use crate::shell::{Session, Streams, end, outside, seat, sit, watch_terminal};
use crate::ui::app::App;
use crate::ui::msg::Msg;
use crate::ui::update::update;

/// How fast a run is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many times faster than it was.
    Times(f64),
    /// Its end at once.
    Now,
}

/// Plays turns until the person leaves; returns the exit code. The last picture stays until then.
///
/// # Errors
/// When there is no terminal, or it goes away.
pub async fn run(session: Session, turns: Vec<Recorded>, pace: Pace, dispatcher: Dispatcher) -> anyhow::Result<u8> {
    watch_terminal()?;
    let (news_tx, news) = unbounded_channel();
    // Nobody is asked, so nothing comes this way; held, as a closed one would end the loop.
    let (round_tx, rounds) = unbounded_channel();
    let outside = outside(&session, &[], dispatcher, round_tx, &news_tx)?;
    let wanted = session.looks.terminal.clone();
    let clock = Arc::new(Clock::new(now(), pace));
    let mut script = Script::new(turns, clock.start());
    let app = &mut open(session, &mut script, clock.start());
    let skip = Arc::new(Notify::new());
    if pace == Pace::Now {
        skip.notify_one();
    }
    tokio::spawn(play(script, Arc::clone(&clock), news_tx, Arc::clone(&skip)));
    let stage = &mut Stage { outside, clock, skip };
    let (exit, complaints) = sit(app, stage, wanted, None, Streams { rounds, news }).await?;
    end(exit, complaints.into_iter())
}

/// Returns the screen with its first question asked.
pub fn open(session: Session, script: &mut Script, start: Instant) -> App {
    let (mut app, _, _) = seat(session, start);
    app.talk.is_replay = true;
    if let Some((_, opening)) = script.next() {
        update(&mut app, opening, start);
    }
    app
}

/// Tells what happens at its time; once `skip` is heard, all that is left at once.
pub async fn play(script: Script, clock: Arc<Clock>, news: UnboundedSender<Msg>, skip: Arc<Notify>) {
    let mut is_skipping = false;
    for (at, msg) in script {
        while !is_skipping && clock.is_before(at) {
            tokio::select! {
                () = skip.notified() => is_skipping = true,
                () = tokio::time::sleep_until(clock.moment(at).into()) => break,
            }
        }
        if is_skipping {
            clock.jump(at);
        }
        // Nobody looks any more.
        if news.send(msg).is_err() {
            return;
        }
        if is_skipping {
            // The engine is at work for all of it: the keys get their turn in between.
            tokio::task::yield_now().await;
        }
    }
    clock.rest();
}
