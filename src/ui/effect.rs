//! What must happen outside when a message was taken in.

use std::sync::Arc;

use crate::domain::conversation::Talk;
use crate::domain::ids::{Column, ModelId, TurnId};
use crate::domain::opinion::Opinion;
use crate::ui::coloring::CodeLines;
use crate::ui::library::Wish;

/// One thing for the shell to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Starts a turn.
    Ask {
        /// The turn that its events will name.
        turn: TurnId,
        /// What is asked, with the conversation before it.
        talk: Arc<Talk>,
        /// Everyone with a column, in order.
        members: Vec<ModelId>,
        /// Who is asked at once.
        asks: Vec<Column>,
    },
    /// Asks one member of a turn, anew if it was asked before.
    AskMember {
        /// The turn.
        turn: TurnId,
        /// Who.
        column: Column,
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
    /// Keeps what the person thinks of a turn.
    KeepOpinion {
        /// The turn.
        turn: TurnId,
        /// All that they think of it now.
        opinion: Opinion,
    },
    /// Has something done with the sessions that are kept.
    Library(Wish),
    /// Ends the session that goes on, and begins a new one, or goes on with another.
    Sit {
        /// What stands in the composer of the one that ends.
        draft: String,
        /// The id of the other.
        session: Option<String>,
        /// Its turns, and what the store calls them.
        turns: Vec<(TurnId, String)>,
    },
    /// Has lines of code read.
    Color(CodeLines),
    /// Reads a file that is to go along with a question; `Msg::Attached` tells what came of it.
    Read(String),
    /// Sends text to the terminal's clipboard, and to that of the system where a tool reaches it, which is said then.
    Copy {
        /// What it is, for the person: "the answer".
        what: String,
        /// The text.
        text: String,
    },
    /// Writes text to a file, as it is too long for the terminal's clipboard, and says where it is; to the system's
    /// clipboard as `Copy` does.
    SaveCopy {
        /// What it is, for the person.
        what: String,
        /// The text.
        text: String,
    },
    /// Opens a web address, http or https, outside of the terminal; where nothing can, it is copied.
    Open(String),
    /// Takes the mouse, or leaves it to the terminal.
    Mouse(bool),
    /// Tells a person who looks elsewhere; one clean line.
    Notify(String),
    /// Asks the terminal for its background, which comes as an input.
    AskBackground,
    /// Stops the job until the person brings it back.
    Suspend,
    /// Lets the person's own editor change a text, which comes as a message.
    Edit(String),
    /// Paints every cell anew.
    Redraw,
    /// Leaves.
    Quit,
}
