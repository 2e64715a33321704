//! The life of one call: attempts with waits between them, then stand-ins, until there is one end.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::dispatch::attempt::{Attempt, Failed};
use crate::dispatch::call::{Call, Dispatcher};
use crate::dispatch::outbox::Outbox;
use crate::dispatch::retry::{Decision, decide};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::prompt::Prompt;
use crate::domain::stream::{Finish, StreamEventKind};
use crate::provider::endpoint::Model;

/// Runs a call to its end and tells everything that happens.
pub(crate) async fn run(dispatcher: Dispatcher, call: Call, outbox: Outbox) {
    let mut task = Task { dispatcher: &dispatcher, call: &call, outbox: &outbox, n_attempts: 0 };
    let mut result = task.ask(&call.model, &call.prompt).await;
    for stand_in in &call.stand_ins {
        match result {
            Err(failed) if !failed.is_shown && may_switch(failed.failure.fault.kind) => {
                if call.claims.take(&stand_in.model.member.id, call.column).is_some() {
                    result = Err(failed);
                    continue;
                }
                let to = Arc::clone(&stand_in.model.member);
                outbox.tell(StreamEventKind::Switched { to, fault: failed.failure.fault });
                result = task.ask(&stand_in.model, &stand_in.prompt).await;
            }
            _ => break,
        }
    }
    match result {
        Ok(finish) => outbox.end(StreamEventKind::Finished(finish)),
        Err(failed) => {
            if let Some(finish) = failed.counted {
                outbox.tell(StreamEventKind::Counted(finish));
            }
            outbox.end(StreamEventKind::Failed(failed.failure.fault));
        }
    }
}

/// Returns whether another model may be asked instead. Not to get round what a provider withheld.
fn may_switch(kind: FaultKind) -> bool {
    kind != FaultKind::Filtered
}

/// What the provider said to the request before: it stands where the next one cannot be sent.
#[derive(Debug, Default)]
struct Heard {
    http_status: Option<u16>,
    counted: Option<Box<Finish>>,
}

impl Heard {
    fn kept_in(self, mut failed: Failed) -> Failed {
        if !failed.was_sent {
            failed.failure.fault.http_status = failed.failure.fault.http_status.or(self.http_status);
            failed.counted = failed.counted.or(self.counted);
        }
        failed
    }
}

struct Task<'a> {
    dispatcher: &'a Dispatcher,
    call: &'a Call,
    outbox: &'a Outbox,
    /// Requests sent so far, to whichever model.
    n_attempts: u32,
}

impl Task<'_> {
    /// Asks one model, as often as the policy allows.
    async fn ask(&mut self, model: &Model, prompt: &Prompt) -> Result<Box<Finish>, Failed> {
        let whole_by = Instant::now() + model.provider.timeouts.whole;
        let lane = self.dispatcher.lane(&model.provider);
        let mut n_retries = 0;
        let mut heard = Heard::default();
        loop {
            self.n_attempts += 1;
            let quirks = self.dispatcher.quirks(model);
            let attempt = Attempt {
                transport: &self.dispatcher.transport,
                model,
                prompt,
                quirks: &quirks,
                lane: &lane,
                whole_by,
                outbox: self.outbox,
                n: self.n_attempts,
            };
            let failed = match attempt.run().await {
                Ok(finish) => {
                    lane.accepted(model);
                    return Ok(finish);
                }
                Err(failed) => failed,
            };
            if !failed.was_sent {
                self.n_attempts -= 1;
            }
            // What was left out already cannot have been complained of: each quirk costs one request.
            let complaint = failed.failure.quirk.filter(|quirk| !failed.is_shown && !quirks.has(*quirk));
            if let Some(quirk) = complaint {
                self.dispatcher.learn(model, quirk);
                self.retrying(Duration::ZERO, failed.failure.fault);
                continue;
            }
            let left = whole_by.saturating_duration_since(Instant::now());
            let chance = self.dispatcher.chance(self.call, self.n_attempts);
            let decision =
                if failed.is_shown { Decision::GiveUp } else { decide(&failed.failure, n_retries, chance, left) };
            if failed.was_sent {
                lane.failed(model, &failed.failure.fault, decision.wait());
            }
            match decision {
                Decision::GiveUp => return Err(heard.kept_in(failed)),
                Decision::Retry(after) => {
                    n_retries += 1;
                    heard = Heard { http_status: failed.failure.fault.http_status, counted: failed.counted };
                    self.retrying(after, failed.failure.fault);
                    sleep(after).await;
                }
            }
        }
    }

    fn retrying(&self, after: Duration, fault: Fault) {
        self.outbox.tell(StreamEventKind::Retrying { attempt: self.n_attempts + 1, after, fault });
    }
}
