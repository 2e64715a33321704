//! Runs the consensus engine beside the loop, so that no amount of text delays a key or a frame.
//!
//! One batch in, one report out, each on a thread of the pool for blocking work. Whoever feeds it waits for the report
//! before sending the next batch, so a slow machine gets fewer readings, never a queue of stale ones.

use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::consensus::engine::Engine;
use crate::consensus::report::Report;
use crate::consensus::voice::Ending;

/// One thing that happened to a member's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// More text came.
    Append {
        /// Whose text.
        member: usize,
        /// The text, as the provider sent it.
        text: String,
    },
    /// The answer ended.
    End {
        /// Whose answer.
        member: usize,
        /// How.
        ending: Ending,
    },
    /// The answer is withdrawn, or begins anew.
    Forget {
        /// Whose answer.
        member: usize,
    },
}

/// The engine after a batch, and its report.
type Reading = (Engine, Arc<Report>);

/// The engine of one turn.
#[derive(Debug)]
pub struct Analyst {
    /// The engine, while it is not reading.
    idle: Option<Engine>,
    /// What is being read; nothing once an earlier reading panicked.
    reading: Option<JoinHandle<Option<Reading>>>,
}

impl Analyst {
    /// Returns an analyst that has read nothing.
    pub fn new(engine: Engine) -> Self {
        Self { idle: Some(engine), reading: None }
    }

    /// Returns whether a report is still to come for the last batch.
    pub fn is_busy(&self) -> bool {
        self.reading.is_some()
    }

    /// Hands over a batch, which may be empty; exactly one report follows. While it is busy a batch is lost, so ask
    /// [`is_busy`](Self::is_busy) first.
    pub fn read(&mut self, batch: Vec<Feed>) {
        if self.is_busy() {
            return;
        }
        let engine = self.idle.take();
        self.reading = Some(spawn_blocking(move || {
            // Without an engine an earlier reading panicked: the answers themselves go on.
            let mut engine = engine?;
            for feed in batch {
                match feed {
                    Feed::Append { member, text } => engine.append(member, &text),
                    Feed::End { member, ending } => engine.end(member, ending),
                    Feed::Forget { member } => engine.forget(member),
                }
            }
            let report = engine.report();
            Some((engine, report))
        }));
    }

    /// Waits for the report on the last batch; may be dropped and called again. Pending for ever while none is to come.
    pub async fn report(&mut self) -> Arc<Report> {
        let Some(reading) = &mut self.reading else { return std::future::pending().await };
        let read = reading.await;
        self.reading = None;
        let Ok(Some((engine, report))) = read else {
            let not_compared = Some("the consensus engine failed; please report this".to_owned());
            return Arc::new(Report { not_compared, ..Report::default() });
        };
        self.idle = Some(engine);
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn once_the_engine_is_broken_every_report_says_so() {
        let mut analyst = Analyst { idle: None, reading: None };
        for _ in 0..2 {
            analyst.read(vec![Feed::Forget { member: 0 }]);
            let report = analyst.report().await;
            assert_eq!(report.not_compared.as_deref(), Some("the consensus engine failed; please report this"));
        }
    }
}
