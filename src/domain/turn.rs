//! One question and what came back: the state that the screen and the headless modes both read.

use std::sync::Arc;
use std::time::Instant;

use crate::domain::attachment::Attachment;
use crate::domain::cost::Cost;
use crate::domain::ids::{Column, TurnId};
use crate::domain::member::Member;
use crate::domain::response::Response;
use crate::domain::stream::StreamEvent;

/// One question with a response for each member, in the order of the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Which turn this is.
    pub id: TurnId,
    /// What was asked.
    pub question: Arc<str>,
    /// The files that went along with it.
    pub files: Vec<Attachment>,
    /// When it was asked.
    pub asked_at: Instant,
    /// One response a member; a column is an index into them.
    pub responses: Vec<Response>,
}

impl Turn {
    /// Returns a turn in which nobody has been asked yet.
    pub fn new(id: TurnId, question: &str, members: impl IntoIterator<Item = Arc<Member>>, asked_at: Instant) -> Self {
        let responses = members.into_iter().map(Response::skipped).collect();
        Self { id, question: Arc::from(question), files: Vec::new(), asked_at, responses }
    }

    /// Returns the turn with the files that go along with its question.
    pub fn with_files(self, files: Vec<Attachment>) -> Self {
        Self { files, ..self }
    }

    /// Applies an event of this turn; one of another turn, or of a column that does not exist, changes nothing.
    pub fn apply(&mut self, event: &StreamEvent) {
        if event.turn != self.id {
            return;
        }
        if let Some(response) = self.responses.get_mut(event.column.index()) {
            response.apply(&event.kind, event.at);
        }
    }

    /// Returns the response in `column`, if there is one.
    pub fn response(&self, column: Column) -> Option<&Response> {
        self.responses.get(column.index())
    }

    /// Returns how many members were asked and are still wanted.
    pub fn n_asked(&self) -> usize {
        self.responses.iter().filter(|response| response.is_asked()).count()
    }

    /// Returns how many responses count.
    pub fn n_answered(&self) -> usize {
        self.responses.iter().filter(|response| response.counts()).count()
    }

    /// Returns whether nothing more will come for any member.
    pub fn is_over(&self) -> bool {
        self.responses.iter().all(Response::is_over)
    }

    /// Returns the sum of what the responses cost that were asked.
    pub fn cost(&self) -> Cost {
        let sent = self.responses.iter().filter(|response| response.attempts > 0);
        sent.map(|response| Cost::of(response.cost())).sum()
    }
}
