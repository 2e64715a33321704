//! Runs the consensus engine on a thread of its own, so that no amount of text delays a key or a frame.
//!
//! One batch in, one report out. Whoever feeds it waits for the report before sending the next batch, so a slow
//! machine gets fewer readings, never a queue of stale ones.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::consensus::engine::{Ending, Engine};
use crate::consensus::report::Report;

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

/// A running engine for one turn; the thread ends when this is dropped.
#[derive(Debug)]
pub struct Analyst {
    batches: Sender<Vec<Feed>>,
    reports: UnboundedReceiver<Arc<Report>>,
    is_busy: bool,
}

impl Analyst {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives us no further thread.
    pub fn start(engine: Engine) -> io::Result<Self> {
        let (batches, inbox) = channel();
        let (outbox, reports) = unbounded_channel();
        std::thread::Builder::new().name("analyst".to_owned()).spawn(move || work(engine, &inbox, &outbox))?;
        Ok(Self { batches, reports, is_busy: false })
    }

    /// Returns whether a report is still to come for the last batch.
    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Hands over a batch, which may be empty; exactly one report follows.
    pub fn read(&mut self, batch: Vec<Feed>) {
        // A closed channel means that the engine panicked; `report` says so.
        let _ = self.batches.send(batch);
        self.is_busy = true;
    }

    /// Waits for the report on the last batch. Pending for ever while none is to come. An engine that is gone reports
    /// that nothing was compared: the answers themselves go on.
    pub async fn report(&mut self) -> Arc<Report> {
        if !self.is_busy {
            return std::future::pending().await;
        }
        let report = self.reports.recv().await;
        self.is_busy = false;
        report.unwrap_or_else(|| {
            let not_compared = Some("the consensus engine stopped; please report this".to_owned());
            Arc::new(Report { not_compared, ..Report::default() })
        })
    }
}

fn work(mut engine: Engine, inbox: &Receiver<Vec<Feed>>, outbox: &UnboundedSender<Arc<Report>>) {
    while let Ok(batch) = inbox.recv() {
        for feed in batch {
            match feed {
                Feed::Append { member, text } => engine.append(member, &text),
                Feed::End { member, ending } => engine.end(member, ending),
                Feed::Forget { member } => engine.forget(member),
            }
        }
        if outbox.send(Arc::new(engine.report())).is_err() {
            return;
        }
    }
}
