//! One call to one model: from the request to the last word, as events.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use crate::domain::ids::{Column, TurnId};
use crate::domain::prompt::Prompt;
use crate::domain::stream::StreamEvent;
use crate::provider::endpoint::Model;

/// What is asked of whom, for which column of which turn.
#[derive(Clone, Debug)]
pub struct Call {
    /// The turn that the events will name.
    pub turn: TurnId,
    /// The column that the events will name.
    pub column: Column,
    /// Who is asked.
    pub model: Arc<Model>,
    /// What is asked.
    pub prompt: Prompt,
}

/// A call under way; dropping it drops the connection at once, and no further event comes.
#[derive(Debug)]
pub struct CallHandle(AbortHandle);

impl Drop for CallHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Places calls; cheap to clone.
#[derive(Clone, Debug)]
pub struct Dispatcher {}

impl Dispatcher {
    /// Starts a call on the current tokio runtime; what happens to it arrives on `events`.
    pub fn ask(&self, call: Call, events: UnboundedSender<StreamEvent>) -> CallHandle {
        CallHandle(tokio::spawn(async move { drop((call, events)) }).abort_handle())
    }
}
