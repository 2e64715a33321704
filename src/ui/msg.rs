//! What the screen is told: one kind a source.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::consensus::report::Report;
use crate::domain::attachment::Attachment;
use crate::domain::cost::Cost;
use crate::domain::ids::{Column, TurnId};
use crate::domain::stream::StreamEvent;
use crate::domain::turn::Turn;
use crate::domain::verdict::{Band, Verdict};
use crate::ui::coloring::ColoredLines;
use crate::ui::library::Answer;
use crate::ui::theme::Background;

/// One message to the screen.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A person did something.
    Input(Input),
    /// A run that is over is played: a question was asked, of those columns.
    Began(Box<Turn>, Vec<Column>),
    /// Something happened to a call.
    Stream(StreamEvent),
    /// A new reading of the engine, with the band that may be shown.
    Report(TurnId, Arc<Report>, Option<Band>),
    /// A turn is settled.
    Verdict(TurnId, Box<Verdict>),
    /// Lines of code have been read.
    Colored(ColoredLines),
    /// What the shell has to say of something it was asked to do.
    Said(String),
    /// What a person should know of what is kept; on the first screen it stays.
    Noted(String),
    /// What was asked in earlier runs, oldest first.
    AskedBefore(Vec<String>),
    /// What was spent today outside of this run.
    SpentElsewhere(Cost),
    /// A file was read that is to go along with a question, or could not be.
    Attached(Result<Attachment, String>),
    /// The editor is done: the text as it was left, or why there is none.
    Edited(Result<String, String>),
    /// What came of a wish that has to do with sessions.
    Library(Answer),
    /// The session that goes on here has that id.
    Sat(String),
    /// Why nothing of the session is written for now; `None` once it is again.
    NotKept(Option<String>),
    /// A session broke off before this run.
    BrokeOff {
        /// The least of its id that tells it apart.
        id: String,
        /// Its name; to be cleaned.
        name: String,
    },
    /// The time that `App::wake_at` asked for has come.
    Tick,
}

/// What a person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Pressed a key.
    Key(KeyEvent),
    /// Typed text, without control characters: keys that came faster than they were taken in.
    Typed(String),
    /// Pasted text.
    Paste(String),
    /// Moved or pressed the mouse.
    Mouse(MouseEvent),
    /// Changed the size of the window: width and height in cells.
    Resize(u16, u16),
    /// Turned to the window, or away from it.
    Focus(bool),
    /// The terminal said what its background is.
    Background(Background),
}
