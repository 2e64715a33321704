//! One call to one model: from the request to the last word, as events.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use crate::dispatch::claims::Claims;
use crate::dispatch::lane::Lane;
use crate::dispatch::outbox::{Line, Outbox};
use crate::dispatch::task;
use crate::domain::ids::{Column, TurnId};
use crate::domain::prompt::Prompt;
use crate::domain::stream::{StreamEvent, StreamEventKind};
use crate::net::transport::Transport;
use crate::provider::endpoint::{Model, Provider};
use crate::provider::quirk::{Quirk, Quirks};

/// What is asked of whom, for which column of which turn.
#[derive(Clone, Debug)]
pub struct Call {
    /// The turn that the events will name.
    pub turn: TurnId,
    /// The column that the events will name.
    pub column: Column,
    /// Who is asked.
    pub model: Arc<Model>,
    /// Who may answer instead, in order: what the config names, without the members of the same turn.
    pub stand_ins: Vec<StandIn>,
    /// Who is asked in which column of the turn: a stand-in that another one has taken is passed over.
    pub claims: Claims,
    /// What is asked.
    pub prompt: Prompt,
}

/// Who may answer in another's place, and what it is asked: its own history, not the other's.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// Who.
    pub model: Arc<Model>,
    /// What exactly.
    pub prompt: Prompt,
}

/// A call under way; dropping it drops the connection at once, and no further event comes.
#[derive(Debug)]
pub struct CallHandle {
    task: AbortHandle,
    line: Line,
}

impl Drop for CallHandle {
    fn drop(&mut self) {
        self.line.close();
        self.task.abort();
    }
}

/// A provider's id and address: models of one provider that are asked at different addresses share nothing.
type Place = (Arc<str>, String);

/// Where a model is, and the name it has there.
type ModelName = (Place, Arc<str>);

/// Places calls; cheap to clone. All clones share what they learn of models and providers.
#[derive(Clone, Debug)]
pub struct Dispatcher {
    pub(crate) transport: Transport,
    seed: u64,
    /// What models were found not to accept, by provider and model name.
    learned: Arc<Mutex<HashMap<ModelName, Quirks>>>,
    /// The way to each provider.
    lanes: Arc<Mutex<HashMap<Place, Arc<Lane>>>>,
}

impl Dispatcher {
    /// Returns a dispatcher that sends its requests over `transport`.
    pub fn new(transport: Transport) -> Self {
        Self { transport, seed: RandomState::new().hash_one(0), learned: Arc::default(), lanes: Arc::default() }
    }

    /// Returns the dispatcher with waits that are the same in each run: for tests and demos.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Starts a call on the current tokio runtime; what happens to it arrives on `events`: `Waiting` at once, and
    /// exactly one of `Finished` and `Failed` at the end, unless the handle is dropped before.
    pub fn ask(&self, call: Call, events: UnboundedSender<StreamEvent>) -> CallHandle {
        let line = Line::new(events);
        let outbox = Outbox { turn: call.turn, column: call.column, line: line.clone() };
        outbox.tell(StreamEventKind::Waiting { attempt: 1 });
        let task = tokio::spawn(task::run(self.clone(), call, outbox)).abort_handle();
        CallHandle { task, line }
    }

    /// Returns the way to a provider, which all of its models share.
    pub(crate) fn lane(&self, provider: &Provider) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let place = place_of(provider);
        match lanes.get(&place) {
            Some(lane) if lane.keeps(provider.limits) => Arc::clone(lane),
            Some(_) | None => {
                let lane = Arc::new(Lane::new(provider));
                lanes.insert(place, Arc::clone(&lane));
                lane
            }
        }
    }

    /// Returns what is known of a model's ways.
    pub(crate) fn quirks(&self, model: &Model) -> Quirks {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.get(&name_of(model)).cloned().unwrap_or_else(|| Quirks::known(model))
    }

    /// Remembers a quirk for all calls to come.
    pub(crate) fn learn(&self, model: &Model, quirk: Quirk) {
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.entry(name_of(model)).or_insert_with(|| Quirks::known(model)).learn(quirk);
    }

    /// Returns the share of jitter for an attempt, 0 to 1: by chance between calls and runs, fixed by the seed.
    pub(crate) fn chance(&self, call: &Call, attempt: u32) -> f64 {
        // SplitMix64's finaliser (Steele, Lea, Flood 2014): neighbouring inputs give unrelated outputs.
        let input = self.seed ^ (u64::from(call.turn.0) << 40 | u64::from(call.column.0) << 32 | u64::from(attempt));
        let mut mixed = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn place_of(provider: &Provider) -> Place {
    (Arc::clone(&provider.id), provider.base_url.clone())
}

fn name_of(model: &Model) -> ModelName {
    (place_of(&model.provider), Arc::clone(&model.member.api_model))
}
