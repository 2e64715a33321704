//! What a person does, as the terminal reports it; can be paused while another program has the terminal.

use std::io;

use crossterm::event::{Event, EventStream};
use futures_util::stream::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::shell::early::Early;

/// The reader of the terminal.
///
/// A task of its own reads: crossterm's stream remembers the first waker that it is polled with, so it must never be
/// polled just to see whether something is there.
#[derive(Debug)]
pub struct Inputs {
    events: UnboundedSender<io::Result<Event>>,
    task: Option<JoinHandle<()>>,
}

impl Inputs {
    /// Returns a reader that does not read yet; what comes in arrives on the receiver. A terminal that gives no more says
    /// so with an error of the kind `UnexpectedEof`.
    pub fn new() -> (Self, UnboundedReceiver<io::Result<Event>>) {
        let (events, receiver) = unbounded_channel();
        (Self { events, task: None }, receiver)
    }

    /// Takes in what was done before anyone read.
    pub fn take_early(&self, early: Early) {
        for event in early.events {
            // Nobody listens any more: then nothing is lost.
            let _ = self.events.send(Ok(event));
        }
    }

    /// Stops reading, and returns once every byte that comes is another program's.
    pub async fn pause(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // That it was aborted is no news.
            let _ = task.await;
        }
    }

    /// Reads, or reads again, on the current tokio runtime.
    pub fn resume(&mut self) {
        let tx = self.events.clone();
        self.task = Some(tokio::spawn(async move {
            let mut events = EventStream::new();
            while let Some(event) = events.next().await {
                if tx.send(event).is_err() {
                    return;
                }
            }
            // Nobody listens any more: then nobody waits for more either.
            let _ = tx.send(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the terminal gives no more input")));
        }));
    }
}
