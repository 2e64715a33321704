//! The live engine: takes text as it streams in and reports what is agreed, contested and pending.

use std::sync::Arc;

use crate::consensus::report::Report;
use crate::domain::kind::Kind;
use crate::domain::member::Member;

/// How a member's text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The end marker was seen: the response casts a vote.
    Complete,
    /// Cut, truncated or stopped: casts no vote, but its committed claims still support or contradict.
    Partial,
    /// The model declined: casts no vote and makes no claim.
    Refusal,
    /// Nothing came, and nothing will.
    Nothing,
}

/// Work done so far, in units that do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes looked at by the segmenter.
    pub bytes_scanned: u64,
    /// Pairs of claims compared.
    pub claims_compared: u64,
}

/// The live engine over one turn.
#[derive(Debug)]
pub struct Engine {
    members: Vec<Arc<Member>>,
}

impl Engine {
    /// Returns an engine for a question and the members that may answer it; `kind` is taken from the question's words
    /// when it is not given.
    pub fn new(question: &str, kind: Option<Kind>, members: Vec<Arc<Member>>) -> Self {
        let _ = (question, kind);
        Self { members }
    }

    /// Adds text to the end of a member's answer, exactly as the provider sent it.
    pub fn append(&mut self, member: usize, text: &str) {
        let _ = (member, text);
    }

    /// Ends a member's answer.
    pub fn end(&mut self, member: usize, ending: Ending) {
        let _ = (member, ending);
    }

    /// Forgets all that a member said, so that it can answer anew or stay out.
    pub fn forget(&mut self, member: usize) {
        let _ = member;
    }

    /// Returns the state over what has been committed so far; final once every member has ended.
    pub fn report(&mut self) -> Report {
        Report { members: self.members.iter().map(|_| Default::default()).collect(), ..Report::default() }
    }

    /// Returns the work done so far.
    pub fn work(&self) -> Work {
        Work::default()
    }
}
