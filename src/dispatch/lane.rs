//! The way to one provider, shared by all of its models: limits, a gate, and a rest when it keeps failing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};

use crate::dispatch::breaker::Breaker;
use crate::dispatch::gate::Gate;
use crate::dispatch::learned::{Learned, Need};
use crate::dispatch::limiter::{Limiter, Ticket};
use crate::dispatch::retry::LONGEST_WISH;
use crate::dispatch::trouble;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::prompt::Prompt;
use crate::domain::tokens;
use crate::provider::allowance::allowances;
use crate::provider::catalog::{Catalog, LimitsOf};
use crate::provider::endpoint::{Limits, Model, Provider};

/// What the provider has said of its limits.
#[derive(Debug, Default)]
struct Said {
    /// What is left, by its headers.
    learned: Learned,
    /// What its complaints have closed.
    gate: Gate,
}

/// The way to one provider.
#[derive(Debug)]
pub(crate) struct Lane {
    limits: Limits,
    limiter: Mutex<Limiter>,
    /// What the provider said: for each model where its limits are theirs, else for the empty name.
    said: Mutex<HashMap<Arc<str>, Said>>,
    is_per_model: bool,
    breaker: Mutex<Breaker>,
    slots: Option<Arc<Semaphore>>,
}

/// The right to one request; frees its slot when dropped.
#[derive(Debug)]
pub(crate) struct Pass {
    _slot: Option<OwnedSemaphorePermit>,
    ticket: Ticket,
}

impl Lane {
    pub(crate) fn new(provider: &Provider) -> Self {
        let limits = provider.limits;
        let n_slots = limits.concurrent.and_then(|n| usize::try_from(n.max(1)).ok());
        Self {
            limits,
            limiter: Mutex::new(Limiter::new(limits)),
            said: Mutex::default(),
            is_per_model: Catalog::built_in().service_of(provider).is_some_and(|known| known.limits == LimitsOf::Model),
            breaker: Mutex::default(),
            slots: n_slots.map(|n| Arc::new(Semaphore::new(n.min(Semaphore::MAX_PERMITS)))),
        }
    }

    /// Returns whether the lane keeps these limits; a changed config wants a new lane.
    pub(crate) fn keeps(&self, limits: Limits) -> bool {
        self.limits == limits
    }

    /// Waits for its turn to send `model` a request that needs about this much.
    ///
    /// # Errors
    /// When the provider rests after many failures, or the turn would not come before `by`.
    pub(crate) async fn enter(&self, need: Need, by: Instant, model: &Model) -> Result<Pass, Fault> {
        let provider = &*model.provider;
        locked(&self.breaker).admit(Instant::now()).map_err(|wait| trouble::resting(wait, provider))?;
        let slot = match &self.slots {
            Some(slots) => match timeout_at(by, Arc::clone(slots).acquire_owned()).await {
                Ok(slot) => slot.ok(),
                Err(_) => return Err(trouble::late(trouble::Missed::End, provider.timeouts.whole, provider)),
            },
            None => None,
        };
        loop {
            let now = Instant::now();
            match self.admit(need, model, now) {
                Ok(ticket) => return Ok(Pass { _slot: slot, ticket }),
                Err(wait) if wait > LONGEST_WISH || now + wait >= by => return Err(trouble::no_turn(wait, provider)),
                Err(wait) => sleep(wait).await,
            }
        }
    }

    /// Lets a request through and counts it, or returns how long it must wait before it asks again.
    fn admit(&self, need: Need, model: &Model, now: Instant) -> Result<Ticket, std::time::Duration> {
        let mut limiter = locked(&self.limiter);
        let mut said = locked(&self.said);
        let Said { learned, gate } = said.entry(self.name(model)).or_default();
        let waits = [limiter.wait(need.n_tokens(), now), learned.wait(need, now), gate.wait(now)];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Err(wait);
        }
        learned.count(need, now);
        gate.count(now);
        Ok(limiter.count(need.n_tokens(), now))
    }

    /// The name under which it is noted what was said of a model's limits.
    fn name(&self, model: &Model) -> Arc<str> {
        if self.is_per_model { Arc::clone(&model.member.api_model) } else { Arc::default() }
    }

    /// Learns from an answer's headers, looked up by lower-case name, what may still be asked.
    pub(crate) fn learn<'h>(&self, model: &Model, header: impl Fn(&str) -> Option<&'h str>) {
        let said = allowances(header);
        if !said.is_empty() {
            locked(&self.said).entry(self.name(model)).or_default().learned.note(&said, Instant::now());
        }
    }

    /// Puts the tokens of a request right: as the provider counted them, or none where nothing was read.
    pub(crate) fn settle(&self, pass: &Pass, n_tokens: u64) {
        locked(&self.limiter).settle(pass.ticket, u32::try_from(n_tokens).unwrap_or(u32::MAX));
    }

    /// Notes that a request to `model` was accepted.
    pub(crate) fn accepted(&self, model: &Model) {
        locked(&self.said).entry(self.name(model)).or_default().gate.accepted();
        locked(&self.breaker).worked();
    }

    /// Notes how a request to `model` failed, with the wait until the next one where one is known. A complaint closes the
    /// way of that model alone where the provider's limits are by model.
    pub(crate) fn failed(&self, model: &Model, fault: &Fault, wait: Option<std::time::Duration>) {
        let now = Instant::now();
        match fault.kind {
            FaultKind::RateLimited => {
                locked(&self.breaker).worked();
                let wait = wait.or(fault.retry_after).unwrap_or_default();
                locked(&self.said).entry(self.name(model)).or_default().gate.close(wait, now);
            }
            FaultKind::Server | FaultKind::Overloaded | FaultKind::Timeout | FaultKind::Empty => {
                locked(&self.breaker).failed(now);
            }
            // Nothing is known of its health without a connection, and that costs no wait.
            FaultKind::Network | FaultKind::Tls => {}
            FaultKind::Auth
            | FaultKind::Quota
            | FaultKind::BadRequest
            | FaultKind::NotFound
            | FaultKind::ContextLength
            | FaultKind::Cut
            | FaultKind::Malformed
            | FaultKind::Filtered
            | FaultKind::TooLarge
            | FaultKind::Unsupported => locked(&self.breaker).worked(),
        }
    }
}

/// Returns about how many tokens a call reads and writes, on which limits are kept beforehand.
pub(crate) fn estimate(model: &Model, prompt: &Prompt) -> Need {
    let n_bytes: usize = prompt.messages.iter().map(|message| message.text.len()).sum();
    let n_system = model.system_for(prompt).map_or(0, str::len);
    let whole = |n_tokens: u64| u32::try_from(n_tokens).unwrap_or(u32::MAX);
    Need {
        n_read: whole(tokens::likely(n_bytes + n_system)),
        n_written: model.options.max_output_tokens.unwrap_or(whole(tokens::USUAL_ANSWER)),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
