//! What must happen outside when a message was taken in.

use std::sync::Arc;

use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::prompt::Prompt;
use crate::ui::coloring::CodeLines;

/// One thing for the shell to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Starts a turn.
    Ask {
        /// The turn that its events will name.
        turn: TurnId,
        /// What is asked.
        question: Arc<str>,
        /// Everyone with a column, in order.
        members: Vec<ModelId>,
        /// Who is asked at once, and what exactly.
        asks: Vec<(Column, Prompt)>,
    },
    /// Asks one member of a turn, anew if it was asked before.
    AskMember {
        /// The turn.
        turn: TurnId,
        /// Who.
        column: Column,
        /// What exactly.
        prompt: Prompt,
    },
    /// Stops a member and withdraws its vote.
    Withdraw {
        /// The turn.
        turn: TurnId,
        /// Who.
        column: Column,
    },
    /// Stops one member; what it said stays.
    StopMember {
        /// The turn.
        turn: TurnId,
        /// Who.
        column: Column,
    },
    /// Stops every answer of a turn that is coming in.
    StopAll {
        /// The turn.
        turn: TurnId,
    },
    /// Has lines of code read.
    Color(CodeLines),
    /// Sends text to the terminal's clipboard.
    Copy(String),
    /// Paints every cell anew.
    Redraw,
    /// Leaves.
    Quit,
}
