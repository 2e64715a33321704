//! Everything a person can do, by name.

use crate::domain::ids::Column;

/// One thing a person can do; its name in `keymap.toml` is the kebab-case of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Sends the question, or the picked one.
    Send,
    /// Starts a new line in the composer.
    NewLine,
    /// Moves from writing to reading and back.
    SwitchFocus,
    /// Returns to writing.
    Write,
    /// Closes what is open, else stops every answer that is coming in.
    Stop,
    /// The ladder: stop, then clear, then arm, then quit.
    Interrupt,
    /// Leaves, when nothing is typed.
    QuitIfEmpty,
    /// Leaves.
    Quit,
    /// Paints everything anew.
    Redraw,
    /// Opens or closes the help.
    Help,
    /// Opens the help when nothing is typed.
    HelpIfEmpty,
    /// Waits for one more key.
    Leader,
    /// Up by a line, or to the question above in a list.
    ScrollUp,
    /// Down by a line, or to the question below in a list.
    ScrollDown,
    /// Up by a page.
    PageUp,
    /// Down by a page.
    PageDown,
    /// To the beginning.
    ScrollTop,
    /// To the newest, and follow it.
    Follow,
    /// To the pane on the left.
    FocusLeft,
    /// To the pane on the right.
    FocusRight,
    /// To a model's column.
    FocusColumn(Column),
    /// Switches a model on or off.
    ToggleModel(Column),
    /// Switches the focused model on or off.
    ToggleFocused,
    /// Stops the focused model.
    StopFocused,
    /// Asks the focused model again.
    Retry,
    /// Gives the focused column the whole width, and back.
    Zoom,
    /// Panel: beside, below, a strip, off.
    CyclePanel,
    /// Chat: left, below, whole, one line.
    CycleChat,
    /// To the next conflict, in every column.
    NextConflict,
    /// To the previous conflict, in every column.
    PreviousConflict,
    /// Shows or folds the claims that only one model makes.
    UnfoldOnlyOne,
    /// To the turn before.
    PreviousTurn,
    /// To the turn after.
    NextTurn,
    /// Opens or closes the list of questions of the demo.
    Questions,
    /// Copies the focused answer.
    Copy,
    /// Deletes to the start of the line.
    DeleteToStart,
    /// Deletes to the end of the line.
    DeleteToEnd,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// One word to the left.
    WordLeft,
    /// One word to the right.
    WordRight,
    /// Takes the last edit back.
    Undo,
}

impl Action {
    /// Returns the action that `name` stands for in a keymap, or `None` for an unknown one. Actions on a column take
    /// its number: `toggle-model-2`.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some(number) = name.strip_prefix("focus-column-") {
            return Some(Self::FocusColumn(numbered(number)?));
        }
        if let Some(number) = name.strip_prefix("toggle-model-") {
            return Some(Self::ToggleModel(numbered(number)?));
        }
        Some(match name {
            "send" => Self::Send,
            "new-line" => Self::NewLine,
            "switch-focus" => Self::SwitchFocus,
            "write" => Self::Write,
            "stop" => Self::Stop,
            "interrupt" => Self::Interrupt,
            "quit-if-empty" => Self::QuitIfEmpty,
            "quit" => Self::Quit,
            "redraw" => Self::Redraw,
            "help" => Self::Help,
            "help-if-empty" => Self::HelpIfEmpty,
            "leader" => Self::Leader,
            "scroll-up" => Self::ScrollUp,
            "scroll-down" => Self::ScrollDown,
            "page-up" => Self::PageUp,
            "page-down" => Self::PageDown,
            "scroll-top" => Self::ScrollTop,
            "follow" => Self::Follow,
            "focus-left" => Self::FocusLeft,
            "focus-right" => Self::FocusRight,
            "toggle-focused" => Self::ToggleFocused,
            "stop-focused" => Self::StopFocused,
            "retry" => Self::Retry,
            "zoom" => Self::Zoom,
            "cycle-panel" => Self::CyclePanel,
            "cycle-chat" => Self::CycleChat,
            "next-conflict" => Self::NextConflict,
            "previous-conflict" => Self::PreviousConflict,
            "unfold-only-one" => Self::UnfoldOnlyOne,
            "previous-turn" => Self::PreviousTurn,
            "next-turn" => Self::NextTurn,
            "questions" => Self::Questions,
            "copy" => Self::Copy,
            "delete-to-start" => Self::DeleteToStart,
            "delete-to-end" => Self::DeleteToEnd,
            "delete-word" => Self::DeleteWord,
            "line-start" => Self::LineStart,
            "line-end" => Self::LineEnd,
            "word-left" => Self::WordLeft,
            "word-right" => Self::WordRight,
            "undo" => Self::Undo,
            _ => return None,
        })
    }
}

/// Returns the column that a person calls `number`: they count from 1.
fn numbered(number: &str) -> Option<Column> {
    number.parse::<u8>().ok()?.checked_sub(1).map(Column)
}
