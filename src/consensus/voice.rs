//! What a member's stream says besides its statements: how it ended, and what it came to.

use crate::consensus::reading::finals::FinalAnswer;

/// How a member's text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The end marker was seen: the response casts a vote.
    Complete,
    /// Cut, truncated or stopped: casts no vote, but its committed claims still support or contradict. The sentence, row
    /// or block that was being written is no claim: a half word says nothing.
    Partial,
    /// The model declined: casts no vote and makes no claim.
    Refusal,
    /// Nothing came, and nothing will.
    Nothing,
}

/// What a member's stream says besides its statements.
#[derive(Clone, Debug)]
pub(crate) struct Voice<'a> {
    /// How it ended; `None` while it writes.
    pub(crate) ending: Option<Ending>,
    /// The block that is being written.
    pub(crate) block: u32,
    /// All that came, as it came.
    pub(crate) text: &'a str,
    /// Whether the text is longer than what is read of one.
    pub(crate) is_read_in_part: bool,
    /// The short typed answer, once it ended with one.
    pub(crate) final_answer: Option<&'a FinalAnswer>,
}

impl Voice<'_> {
    /// Returns whether the member votes, or may still come to.
    pub(crate) fn is_voter(&self) -> bool {
        match self.ending {
            None | Some(Ending::Complete) => true,
            Some(Ending::Partial | Ending::Refusal | Ending::Nothing) => false,
        }
    }

    /// Returns whether all that the member had to say is there and was read: of one that was cut the rest is unknown for
    /// ever.
    pub(crate) fn is_whole(&self) -> bool {
        match self.ending {
            Some(Ending::Complete | Ending::Refusal | Ending::Nothing) => !self.is_read_in_part,
            None | Some(Ending::Partial) => false,
        }
    }
}
