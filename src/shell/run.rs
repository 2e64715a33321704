//! The loop: keys are drawn at once, streams at most every frame, and nothing happens while nothing happens.

use std::io;
use std::time::{Duration, Instant};

use futures_util::stream::{Stream, StreamExt};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::edge::clock::now;
use crate::round::plan::RoundEvent;
use crate::shell::away::{Back, Errand};
use crate::shell::effects::{Flow, Reach};
use crate::shell::signals::{HANGUP, INTERRUPT, QUIT, Signal, stop_group};
use crate::shell::terminal::Glass;
use crate::ui::app::App;
use crate::ui::coloring::uncolored;
use crate::ui::effect::Effect;
use crate::ui::msg::{Input, Msg};
use crate::ui::update::update;

/// The shortest time between two frames for streams: 60 a second.
const FRAME: Duration = Duration::from_micros(16_667);

/// Events of streams that are taken in before the keys get a turn.
const MOST_DRAINED: usize = 256;

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Left,
    /// A signal asked us to leave; the exit code for it.
    Signalled(u8),
}

/// What follows a message.
enum Then {
    Stay,
    Leave,
    Errand(Errand),
}

/// The loop's parts: what is shown, where, and what it can reach.
#[derive(Debug)]
pub struct Loop<'a, G, R> {
    /// What is shown.
    pub app: &'a mut App,
    /// Where.
    pub screen: &'a mut G,
    /// What it can reach.
    pub outside: &'a mut R,
}

impl<G: Glass, R: Reach> Loop<'_, G, R> {
    /// Runs until the person leaves, a signal comes, or the input ends.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn run(
        mut self,
        mut inputs: UnboundedReceiver<io::Result<Input>>,
        mut rounds: UnboundedReceiver<RoundEvent>,
        mut news: UnboundedReceiver<Msg>,
        mut signals: impl Stream<Item = Signal> + Unpin,
    ) -> io::Result<Exit> {
        let mut last_frame = self.draw()?;
        let mut is_stale = false;
        loop {
            let wake = match (is_stale || self.screen.is_behind(), self.app.wake_at()) {
                (true, _) => Some(last_frame + FRAME),
                // Not more often than a frame, however fast the time of a replay runs.
                (false, wake) => wake.map(|at| self.outside.when(at).max(last_frame + FRAME)),
            };
            tokio::select! {
                biased;
                Some(signal) = signals.next() => {
                    if let Some(exit) = self.take_signal(signal, &mut signals).await? {
                        return Ok(exit);
                    }
                    last_frame = self.draw()?;
                    is_stale = false;
                }
                input = inputs.recv() => {
                    // A terminal that no longer gives input is gone.
                    let Some(input) = input else { return Ok(Exit::Signalled(HANGUP)) };
                    let mut next = Some(input?);
                    while let Some(mut input) = next.take() {
                        while let Ok(more) = inputs.try_recv() {
                            next = joined(&mut input, more?);
                            if next.is_some() {
                                break;
                            }
                        }
                        if let Some(exit) = self.take_input(input, &mut signals).await? {
                            return Ok(exit);
                        }
                    }
                    last_frame = self.draw()?;
                    is_stale = false;
                }
                Some(event) = rounds.recv() => {
                    self.take(message(event));
                    // Not without end: a flood of events must leave a turn to the keys.
                    for _ in 0..MOST_DRAINED {
                        let Ok(event) = rounds.try_recv() else { break };
                        self.take(message(event));
                    }
                    is_stale = true;
                    if now() >= last_frame + FRAME {
                        last_frame = self.draw()?;
                        is_stale = false;
                    }
                }
                Some(msg) = news.recv() => {
                    self.take(msg);
                    is_stale = true;
                }
                () = sleep_until(wake) => {
                    self.take(Msg::Tick);
                    last_frame = self.draw()?;
                    is_stale = false;
                }
            }
        }
    }

    /// Takes in what a person did; returns why the loop ends, if it does.
    async fn take_input(
        &mut self,
        input: Input,
        signals: &mut (impl Stream<Item = Signal> + Unpin),
    ) -> io::Result<Option<Exit>> {
        match self.take(Msg::Input(input)) {
            Then::Stay => Ok(None),
            Then::Leave => Ok(Some(Exit::Left)),
            Then::Errand(errand) => self.leave_for(errand, signals).await,
        }
    }

    /// Does what a signal asks for; returns why the loop ends, if it does.
    async fn take_signal(
        &mut self,
        signal: Signal,
        signals: &mut (impl Stream<Item = Signal> + Unpin),
    ) -> io::Result<Option<Exit>> {
        match signal {
            Signal::Leave(code) => return Ok(Some(Exit::Signalled(code))),
            Signal::Stop => return self.leave_for(Errand::Suspend, signals).await,
            Signal::Continue => self.screen.take_again()?,
        }
        Ok(None)
    }

    /// Takes a message in, and has everything done that does not need the terminal as a whole.
    fn take(&mut self, msg: Msg) -> Then {
        let effects = update(self.app, msg, self.outside.now());
        let mut then = Then::Stay;
        for effect in effects {
            if let Some(errand) = Errand::of(&effect) {
                then = Then::Errand(errand);
                continue;
            }
            match self.outside.act(effect, self.screen) {
                Flow::On => {}
                Flow::Say(text) => drop(update(self.app, Msg::Said(text), self.outside.now())),
                Flow::Leave => return Then::Leave,
            }
        }
        then
    }

    /// Gives the terminal away for an errand. What answers meanwhile waits in its queue.
    ///
    /// Signals of the keyboard are meant for whoever has the terminal; the others end us too. An editor that is stopped
    /// stops us with it: a shell waits for its whole job.
    async fn leave_for(
        &mut self,
        errand: Errand,
        signals: &mut (impl Stream<Item = Signal> + Unpin),
    ) -> io::Result<Option<Exit>> {
        let has_editor = errand != Errand::Suspend;
        let back = {
            let mut errand = std::pin::pin!(self.screen.leave_for(errand));
            loop {
                tokio::select! {
                    biased;
                    Some(signal) = signals.next() => match signal {
                        Signal::Leave(INTERRUPT | QUIT) | Signal::Continue => {}
                        Signal::Leave(code) => return Ok(Some(Exit::Signalled(code))),
                        Signal::Stop if has_editor => drop(stop_group()?),
                        Signal::Stop => {}
                    },
                    back = &mut errand => break back?,
                }
            }
        };
        match back {
            Back::Resumed => {}
            Back::Edited(edited) => drop(self.take(Msg::Edited(edited))),
        }
        Ok(None)
    }

    fn draw(&mut self) -> io::Result<Instant> {
        self.screen.draw(self.app)?;
        self.outside.typed(&self.app.composer.text());
        // Code is known once it has been laid out; it is painted plain until its colours come back.
        for lines in uncolored(self.app) {
            self.outside.act(Effect::Color(lines), self.screen);
        }
        Ok(now())
    }
}

pub(super) fn message(event: RoundEvent) -> Msg {
    match event {
        RoundEvent::Stream(event) => Msg::Stream(event),
        RoundEvent::Report(turn, read) => Msg::Report(turn, read.report, read.band),
        RoundEvent::Verdict(turn, verdict) => Msg::Verdict(turn, verdict),
    }
}

/// Adds `more` to what was typed just before it, as far as both are typing: a long text that comes as keys is taken in by
/// the piece, not by the letter. Returns what could not be added.
fn joined(input: &mut Input, more: Input) -> Option<Input> {
    match (input, more) {
        (Input::Typed(text), Input::Typed(more)) => {
            text.push_str(&more);
            None
        }
        (_, more) => Some(more),
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
