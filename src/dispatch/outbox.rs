//! Where the events of one call leave: in order, with one end, and none after the call was dropped.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{Column, TurnId};
use crate::domain::stream::{StreamEvent, StreamEventKind};

/// The line to the reader of a call; empty once the call has ended or was dropped.
#[derive(Clone, Debug)]
pub(crate) struct Line(Arc<Mutex<Option<UnboundedSender<StreamEvent>>>>);

impl Line {
    pub(crate) fn new(events: UnboundedSender<StreamEvent>) -> Self {
        Self(Arc::new(Mutex::new(Some(events))))
    }

    /// Closes the line: when this returns, no event will come any more.
    pub(crate) fn close(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<UnboundedSender<StreamEvent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The events of one call.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) turn: TurnId,
    pub(crate) column: Column,
    pub(crate) line: Line,
}

impl Outbox {
    /// Tells what happened, now. A reader that is gone is no trouble: the call is about to be dropped.
    pub(crate) fn tell(&self, kind: StreamEventKind) {
        let line = self.line.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(events) = &*line {
            let _ = events.send(self.event(kind));
        }
    }

    /// Tells how the call ended; nothing can follow.
    pub(crate) fn end(&self, kind: StreamEventKind) {
        if let Some(events) = self.line.take() {
            let _ = events.send(self.event(kind));
        }
    }

    fn event(&self, kind: StreamEventKind) -> StreamEvent {
        StreamEvent { turn: self.turn, column: self.column, at: Instant::now().into_std(), kind }
    }
}

impl Drop for Outbox {
    /// A call that ends without a word has panicked: its column must not wait for ever.
    fn drop(&mut self) {
        let message = "the call ended unexpectedly; this is a defect of dissent";
        self.end(StreamEventKind::Failed(Fault::new(FaultKind::Malformed, message)));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    fn told(act: impl FnOnce(Outbox, Line)) -> Vec<StreamEventKind> {
        let (tx, mut rx) = unbounded_channel();
        let line = Line::new(tx);
        act(Outbox { turn: TurnId(1), column: Column(0), line: line.clone() }, line);
        std::iter::from_fn(|| rx.try_recv().ok()).map(|event| event.kind).collect()
    }

    #[test]
    fn nothing_follows_the_end() {
        let heard = told(|outbox, _| {
            outbox.tell(StreamEventKind::Started { n_tokens: 9 });
            outbox.end(StreamEventKind::Cancelled);
            outbox.tell(StreamEventKind::Started { n_tokens: 9 });
        });
        assert_eq!(heard, [StreamEventKind::Started { n_tokens: 9 }, StreamEventKind::Cancelled]);
    }

    #[test]
    fn a_call_that_vanishes_ends_as_failed() {
        let heard = told(|outbox, _| drop(outbox));
        assert!(matches!(heard.as_slice(), [StreamEventKind::Failed(_)]), "{heard:?}");
    }

    #[test]
    fn a_closed_line_carries_nothing() {
        let heard = told(|outbox, line| {
            line.close();
            outbox.tell(StreamEventKind::Started { n_tokens: 9 });
        });
        assert_eq!(heard, []);
    }
}
