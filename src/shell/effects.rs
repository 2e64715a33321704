//! Does what the screen asks for: starts and stops turns, reaches the clipboard.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use tokio::sync::mpsc::UnboundedSender;

use crate::dispatch::call::Dispatcher;
use crate::domain::conversation::Talk;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::provider::endpoint::Model;
use crate::round::drive::Round;
use crate::round::plan::{Plan, RoundCommand, RoundEvent, RoundSettings};
use crate::shell::terminal::Glass;
use crate::ui::coloring::CodeLines;
use crate::ui::effect::Effect;

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    On,
    /// The person leaves.
    Leave,
}

/// What the loop can reach: the real thing, or a test's record of what was asked for.
pub trait Reach {
    /// Does one thing. What fails is shown where the person looks, in a column or by a notice; nothing here ends the
    /// program.
    fn act(&mut self, effect: Effect, glass: &mut dyn Glass) -> Flow;
}

/// Everything that the screen can reach.
#[derive(Debug)]
pub struct Outside {
    registry: Arc<HashMap<ModelId, Arc<Model>>>,
    settings: RoundSettings,
    dispatcher: Dispatcher,
    rounds: HashMap<TurnId, Round>,
    events: UnboundedSender<RoundEvent>,
    colors: Sender<CodeLines>,
}

impl Outside {
    /// Returns the outside with nothing going on; what happens in turns arrives on `events`, and code to be read goes to
    /// `colors`.
    pub fn new(
        models: &[Arc<Model>],
        settings: RoundSettings,
        dispatcher: Dispatcher,
        events: UnboundedSender<RoundEvent>,
        colors: Sender<CodeLines>,
    ) -> Self {
        let registry = models.iter().map(|model| (model.member.id.clone(), Arc::clone(model))).collect();
        Self { registry: Arc::new(registry), settings, dispatcher, rounds: HashMap::new(), events, colors }
    }

    fn ask(&mut self, turn: TurnId, talk: Arc<Talk>, members: &[ModelId], asks: Vec<Column>) {
        let models: Vec<Arc<Model>> = members.iter().filter_map(|id| self.registry.get(id).cloned()).collect();
        // Each turn holds an engine and maybe a connection; only the newest can be changed, and the one before may still
        // get a late answer.
        self.rounds.retain(|kept, _| kept.0 + 1 == turn.0);
        let plan =
            Plan { turn, talk, models, registry: Arc::clone(&self.registry), asks, settings: self.settings.clone() };
        self.rounds.insert(turn, Round::start(plan, self.dispatcher.clone(), self.events.clone()));
    }

    fn command(&self, turn: TurnId, command: RoundCommand) {
        if let Some(round) = self.rounds.get(&turn) {
            round.command(command);
        }
    }
}

impl Reach for Outside {
    fn act(&mut self, effect: Effect, glass: &mut dyn Glass) -> Flow {
        match effect {
            Effect::Ask { turn, talk, members, asks } => self.ask(turn, talk, &members, asks),
            Effect::AskMember { turn, column } => self.command(turn, RoundCommand::Ask(column)),
            Effect::Withdraw { turn, column } => self.command(turn, RoundCommand::Withdraw(column)),
            Effect::StopMember { turn, column } => self.command(turn, RoundCommand::Stop(column)),
            Effect::StopAll { turn } => self.command(turn, RoundCommand::StopAll),
            // Without its worker, code stays plain.
            Effect::Color(lines) => drop(self.colors.send(lines)),
            Effect::Copy(text) => copy(&text, glass),
            // A terminal that is gone is noticed by the next frame.
            Effect::Redraw => drop(glass.forget()),
            Effect::Quit => return Flow::Leave,
        }
        Flow::On
    }
}

/// Sends text to the terminal's clipboard (OSC 52), which works over SSH too.
fn copy(text: &str, glass: &mut dyn Glass) {
    let mut bytes = Vec::new();
    let command = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
    if crossterm::QueueableCommand::queue(&mut bytes, command).is_ok() {
        // A terminal that is gone is noticed by the next frame.
        let _ = glass.send(&bytes);
    }
}
