//! Drives one turn: places the calls, feeds the analyst, leaves out who is late, and gives the verdict.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::analyst::{Analyst, Feed};
use crate::consensus::engine::Engine;
use crate::consensus::report::{MemberReport, Report};
use crate::consensus::steady::Steady;
use crate::consensus::voice::Ending;
use crate::dispatch::call::{Call, CallHandle, Dispatcher, StandIn};
use crate::dispatch::claims::Claims;
use crate::domain::conversation::{Shortened, Talk, Told};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{Column, ModelId};
use crate::domain::response::{Response, State};
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::edge::clock::now;
use crate::provider::endpoint::Model;
use crate::round::plan::{Plan, Read, RoundCommand, RoundEvent, RoundSettings};
use crate::round::settle::{Decision, Settle};
use crate::round::telling;
use crate::round::verdict::{self, assemble};

/// The shortest time between two readings of the engine: fast enough to look live, slow enough to cost nothing.
pub(super) const READING: Duration = Duration::from_millis(100);
/// The shortest time between two readings that may move the band: at four a second a person can follow it.
pub(super) const BAND_READING: Duration = Duration::from_millis(250);

/// A running turn; dropping it drops every connection.
#[derive(Debug)]
pub struct Round {
    commands: UnboundedSender<RoundCommand>,
    task: JoinHandle<()>,
}

impl Round {
    /// Starts a turn on the current tokio runtime; what happens arrives on `events`.
    pub fn start(plan: Plan, dispatcher: Dispatcher, events: UnboundedSender<RoundEvent>) -> Self {
        let (commands, inbox) = unbounded_channel();
        let driver = Driver::new(plan, dispatcher, events);
        Self { commands, task: tokio::spawn(driver.run(inbox)) }
    }

    /// Passes a wish on; one that comes after the turn is gone changes nothing.
    pub fn command(&self, command: RoundCommand) {
        // A closed channel means that the turn is gone.
        let _ = self.commands.send(command);
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Driver {
    turn: Turn,
    talk: Arc<Talk>,
    /// What each member was not told of, until its call says that it has begun.
    shortened: Vec<Option<Shortened>>,
    models: Vec<Arc<Model>>,
    registry: Arc<HashMap<ModelId, Arc<Model>>>,
    settings: RoundSettings,
    created_at: jiff::Timestamp,
    id: uuid::Uuid,
    dispatcher: Dispatcher,
    claims: Claims,
    calls: Vec<Option<CallHandle>>,
    call_tx: UnboundedSender<StreamEvent>,
    call_rx: UnboundedReceiver<StreamEvent>,
    analyst: Analyst,
    unread: Vec<Feed>,
    last_reading: Instant,
    last_band_reading: Instant,
    steady: Steady,
    settle: Settle,
    is_settled: bool,
    /// Events that were told, and how many of them the engine's last batch had.
    n_moments: u32,
    n_read: u32,
    report: Arc<Report>,
    events: UnboundedSender<RoundEvent>,
}

impl Driver {
    fn new(plan: Plan, dispatcher: Dispatcher, events: UnboundedSender<RoundEvent>) -> Self {
        let now = now();
        let members: Vec<_> = plan.models.iter().map(|model| Arc::clone(&model.member)).collect();
        let stragglers = plan.models.iter().map(|model| plan.settings.straggler.wait_for(model)).collect();
        let (call_tx, call_rx) = unbounded_channel();
        let mut driver = Self {
            turn: Turn::new(plan.turn, &plan.talk.question, members.iter().cloned(), now)
                .with_files(plan.talk.files.clone()),
            shortened: plan.models.iter().map(|_| None).collect(),
            calls: plan.models.iter().map(|_| None).collect(),
            settle: Settle::new(1, stragglers),
            analyst: Analyst::new(Engine::new(&plan.talk.question, None, members)),
            talk: plan.talk,
            models: plan.models,
            registry: plan.registry,
            settings: plan.settings,
            created_at: jiff::Timestamp::now(),
            id: uuid::Uuid::now_v7(),
            dispatcher,
            claims: Claims::default(),
            call_tx,
            call_rx,
            unread: Vec::new(),
            last_reading: now,
            last_band_reading: now,
            steady: Steady::default(),
            is_settled: false,
            n_moments: 0,
            n_read: 0,
            report: Arc::new(Report::default()),
            events,
        };
        for idx in 0..driver.models.len() {
            if !plan.asks.iter().any(|column| column.index() == idx) {
                driver.unread.push(Feed::End { member: idx, ending: Ending::Nothing });
            }
        }
        for column in plan.asks {
            driver.ask(column);
        }
        driver.settle.quorum = driver.quorum();
        driver
    }

    async fn run(mut self, mut commands: UnboundedReceiver<RoundCommand>) {
        loop {
            if self.events.is_closed() {
                return;
            }
            let wake = self.wake_at();
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return,
                },
                Some(event) = self.call_rx.recv() => self.take(event),
                report = self.analyst.report() => self.publish(report),
                () = tokio::time::sleep_until(wake.into()) => self.wake(),
            }
        }
    }

    /// Returns when there is something to do of our own accord: a reading that is due, or a straggler's end.
    fn wake_at(&mut self) -> Instant {
        let now = now();
        let reading = match (self.unread.is_empty(), self.analyst.is_busy()) {
            (false, false) => Some(self.last_reading + READING),
            (true, _) | (_, true) => None,
        };
        let settle = match self.settle.decide(&self.turn, now) {
            Decision::WaitUntil(at) => Some(at),
            Decision::LeaveOut(_) => Some(now),
            Decision::Settled if !self.is_settled && !self.analyst.is_busy() => Some(now),
            Decision::Settled | Decision::Wait => None,
        };
        // Far enough never to matter: each event that can change it comes through the loop first.
        let never = now + Duration::from_secs(3_600);
        [reading, settle].into_iter().flatten().min().unwrap_or(never)
    }

    fn wake(&mut self) {
        let now = now();
        match self.settle.decide(&self.turn, now) {
            Decision::LeaveOut(columns) => {
                for column in columns {
                    self.emit(column, StreamEventKind::Late, now);
                }
            }
            Decision::Settled | Decision::Wait | Decision::WaitUntil(_) => {}
        }
        if !self.analyst.is_busy() && (!self.unread.is_empty() || !self.is_settled) {
            self.last_reading = now;
            self.n_read = self.n_moments;
            self.analyst.read(std::mem::take(&mut self.unread));
        }
    }

    fn obey(&mut self, command: RoundCommand) {
        match command {
            RoundCommand::Ask(column) => self.ask(column),
            RoundCommand::Stop(column) => self.stop(column),
            RoundCommand::Withdraw(column) => self.withdraw(column),
            RoundCommand::StopAll => {
                for idx in 0..self.turn.responses.len() {
                    self.stop(Column::at(idx));
                }
            }
        }
    }

    /// Asks a member, or leaves it out where it cannot be asked this.
    fn ask(&mut self, column: Column) {
        let idx = column.index();
        let Some(model) = self.models.get(idx).cloned() else { return };
        self.is_settled = false;
        self.hang_up(column);
        let (prompt, shortened) = match told(&self.talk, &model) {
            Told::Asked { prompt, shortened } => (prompt, shortened),
            Told::LeftOut(fault) => return self.leave_out(column, fault),
        };
        if let Some(other) = self.claims.take(&model.member.id, column) {
            return self.leave_out(column, answers_already(&self.turn, other));
        }
        if let Some(slot) = self.shortened.get_mut(idx) {
            *slot = shortened;
        }
        let stand_ins = self.stand_ins(&model);
        let call = Call { turn: self.turn.id, column, stand_ins, claims: self.claims.clone(), model, prompt };
        self.steady = Steady::default();
        let handle = self.dispatcher.ask(call, self.call_tx.clone());
        if let Some(slot) = self.calls.get_mut(idx) {
            *slot = Some(handle);
        }
        // Who is asked later is needed too; who is stopped never makes fewer enough.
        self.settle.quorum = self.settle.quorum.max(self.quorum());
    }

    /// Responses that are needed of those that are asked.
    fn quorum(&self) -> usize {
        let n_called = self.calls.iter().flatten().count();
        self.settings.quorum.min(n_called).max(1)
    }

    /// Tells why a member is not asked.
    fn leave_out(&mut self, column: Column, fault: Fault) {
        self.emit(column, StreamEventKind::LeftOut(fault), now());
    }

    /// Returns who may answer in a member's place: those whom the config names for it, who have no call of their own
    /// and who can be asked this. Each is told what it said itself, not what the member did.
    fn stand_ins(&self, model: &Model) -> Vec<StandIn> {
        let is_asked = |id: &ModelId| {
            let called = self.models.iter().zip(&self.calls).filter(|(_, call)| call.is_some());
            called.into_iter().any(|(model, _)| model.member.id == *id)
        };
        let named = model.fallback.iter().filter(|id| !is_asked(id));
        let models = named.filter_map(|id| self.registry.get(id));
        models
            .filter_map(|model| match told(&self.talk, model) {
                Told::Asked { prompt, .. } => Some(StandIn { model: Arc::clone(model), prompt }),
                Told::LeftOut(_) => None,
            })
            .collect()
    }

    /// Stops a member that has not ended; what it said stays, without a vote.
    fn stop(&mut self, column: Column) {
        if self.turn.response(column).is_none_or(Response::is_over) {
            return;
        }
        self.hang_up(column);
        // One that was late is not asked for any more: the verdict must not count on it.
        self.is_settled = false;
        self.emit(column, StreamEventKind::Cancelled, now());
    }

    /// Switches a member off: stops it, and takes back what it said and its vote.
    fn withdraw(&mut self, column: Column) {
        self.hang_up(column);
        self.is_settled = false;
        self.steady = Steady::default();
        self.emit(column, StreamEventKind::Withdrawn, now());
    }

    /// Drops a member's call, and lets go of the stand-ins that it has taken.
    fn hang_up(&mut self, column: Column) {
        if let Some(slot) = self.calls.get_mut(column.index()) {
            *slot = None;
        }
        self.claims.release(column);
    }

    fn take(&mut self, event: StreamEvent) {
        // A call that was dropped may have left events in the queue: they are nobody's any more.
        if self.calls.get(event.column.index()).is_none_or(Option::is_none) {
            return;
        }
        let member = event.column.index();
        let was_late = self.turn.response(event.column).is_some_and(|response| response.state == State::Late);
        let is_first = matches!(event.kind, StreamEventKind::Waiting { attempt: 1 });
        let is_news = match &event.kind {
            StreamEventKind::Delta(delta) => was_late || delta.recasts,
            StreamEventKind::Finished(_) | StreamEventKind::Failed(_) => true,
            StreamEventKind::Waiting { .. }
            | StreamEventKind::Started { .. }
            | StreamEventKind::Counted(_)
            | StreamEventKind::Retrying { .. }
            | StreamEventKind::Switched { .. }
            | StreamEventKind::LeftOut(_)
            | StreamEventKind::Shortened(_)
            | StreamEventKind::Late
            | StreamEventKind::Declined
            | StreamEventKind::Cancelled
            | StreamEventKind::Withdrawn => false,
        };
        if is_news {
            self.is_settled = false;
        }
        self.emit(event.column, event.kind, event.at);
        if let Some(shortened) = self.shortened.get_mut(member).filter(|_| is_first).and_then(Option::take) {
            self.emit(event.column, StreamEventKind::Shortened(shortened), event.at);
        }
    }

    fn emit(&mut self, column: Column, kind: StreamEventKind, at: Instant) {
        let event = StreamEvent { turn: self.turn.id, column, at, kind };
        self.unread.extend(telling::apply(&mut self.turn, &event));
        self.n_moments += 1;
        self.send(RoundEvent::Stream(event));
    }

    fn publish(&mut self, report: Arc<Report>) {
        let is_settled =
            self.unread.is_empty() && self.settle.decide(&self.turn, now()) == Decision::Settled && !self.is_settled;
        let is_due = self.steady.is_due(&report) && now() >= self.last_band_reading + BAND_READING;
        if is_settled || is_due {
            self.last_band_reading = now();
            self.steady.read(&report);
        }
        self.report = Arc::clone(&report);
        self.tell_who_declined();
        let read = Read { report, band: self.steady.band(), n_moments: self.n_read };
        self.send(RoundEvent::Report(self.turn.id, read));
        if is_settled {
            self.is_settled = true;
            let verdict = assemble(&self.turn, &self.report, &self.verdict_settings());
            self.send(RoundEvent::Verdict(self.turn.id, Box::new(verdict)));
        }
    }

    /// Tells of each answer that the engine reads as a refusal, so that it looks like one everywhere.
    fn tell_who_declined(&mut self) {
        let declined = |(found, response): (&MemberReport, &Response)| {
            found.is_refusal && response.state == State::Done && !response.is_refusal()
        };
        let report = Arc::clone(&self.report);
        let pairs = report.members.iter().zip(&self.turn.responses).map(declined).collect::<Vec<_>>();
        for (idx, _) in pairs.into_iter().enumerate().filter(|(_, declined)| *declined) {
            self.emit(Column::at(idx), StreamEventKind::Declined, now());
        }
    }

    fn verdict_settings(&self) -> verdict::Settings {
        verdict::Settings {
            id: self.id.to_string(),
            created_at: Some(self.created_at.to_string()),
            demo: self.settings.is_demo,
            quorum: self.settings.quorum,
            flag_below: self.settings.flag_below,
            flag: self.settings.flag,
            ..verdict::Settings::default()
        }
    }

    fn send(&self, event: RoundEvent) {
        // Nobody listens any more: the loop ends at its next turn.
        let _ = self.events.send(event);
    }
}

/// Returns what `model` is told.
fn told(talk: &Talk, model: &Model) -> Told {
    talk.told(&model.member, model.system.as_ref(), model.options.max_output_tokens)
}

/// Returns why a model is not asked that stands in for another one.
fn answers_already(turn: &Turn, other: Column) -> Fault {
    let other = turn.response(other).map_or_else(String::new, |response| response.member.id.to_string());
    let advice = format!("switch {other} off, then ask again, to hear it under its own name");
    Fault::new(FaultKind::Unsupported, format!("it is asked in place of {other} already")).advise(&advice)
}
