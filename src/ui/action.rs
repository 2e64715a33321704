//! Everything a person can do, as data; `ui::command` names each, and says which keys stand for it.

use crate::domain::ids::Column;

/// One thing a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Sends the question, or the picked one; runs a slash command.
    Send,
    /// Starts a new line in the composer.
    NewLine,
    /// Moves from writing to reading.
    Read,
    /// Returns to writing.
    Write,
    /// Closes what is open, else stops every answer that is coming in.
    Stop,
    /// The ladder: stop, then clear, then arm, then quit.
    Interrupt,
    /// Deletes the letter after the cursor; leaves when nothing is typed.
    DeleteOrQuit,
    /// Leaves.
    Quit,
    /// Paints everything anew.
    Redraw,
    /// Stops the program until the shell brings it back.
    Suspend,
    /// Writes the question in the person's own editor.
    EditOutside,
    /// Opens the help.
    Help,
    /// Waits for one more key.
    Menu,
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
    /// Switches a model on.
    SwitchOn(Column),
    /// Switches a model off.
    SwitchOff(Column),
    /// Switches every other model off, and this one on.
    Only(Column),
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
    /// Opens what is selected: two positions of a conflict side by side, or an older turn.
    Open,
    /// Opens a conflict by its number.
    Compare(u32),
    /// Asks whether the answer is right.
    Judge,
    /// Notes whether the answer is right, in a word.
    JudgeAs(String),
    /// Hides the names until a person has voted; then asks for the vote.
    Blind,
    /// Shows or folds the reasoning before the focused answer.
    UnfoldThought,
    /// Shows or folds the claims that only one model makes.
    UnfoldOnlyOne,
    /// Lists conflicts alone, or everything again.
    OnlyConflicts,
    /// To the turn before.
    PreviousTurn,
    /// To the turn after.
    NextTurn,
    /// Opens or closes the list of questions of the demo.
    Questions,
    /// Has a file go along with the next question; without a path, says which do.
    Attach(String),
    /// Lets a file go by its name; without one, all of them.
    Detach(String),
    /// Sets standing instructions for the session; `off` lets go of them; without words, says which there are.
    Instruct(String),
    /// Copies what is selected, else the focused answer.
    Copy,
    /// Copies what is named: answer, code, all.
    CopyAs(String),
    /// Copies the turn: question, answers, report.
    CopyTurn,
    /// Copies a block of code of the focused answer.
    CopyCode,
    /// Ends the session and begins a new one.
    NewSession,
    /// Lists the sessions that are kept, to go on with one.
    PickSession,
    /// Goes on with the session that broke off, else the one used last.
    Resume,
    /// Goes on with a session by its id or name.
    ResumeAs(String),
    /// Looks for words in all sessions.
    SearchAll,
    /// Looks for these words in all sessions.
    SearchFor(String),
    /// Gives a session another name, which is then typed.
    RenameSession,
    /// Gives a session that name.
    RenameAs(String),
    /// Has a session stand before the others, or no more.
    PinSession,
    /// Makes a session of the turns up to the shown one, and goes on with it.
    Fork,
    /// Makes a session of so many turns, and goes on with it.
    ForkAt(u32),
    /// Deletes a session.
    DeleteSession,
    /// Brings the session back that was deleted last.
    RestoreSession,
    /// Shows how the models did.
    Stats,
    /// Lists the web addresses of the focused answer, to open one.
    Addresses,
    /// Asks whether a source is to be opened, by its number.
    Source(u32),
    /// Shows one column alone and leaves the mouse to the terminal, or goes back.
    CopyMode,
    /// Looks for words.
    Find,
    /// To the next place that was found.
    FindNext,
    /// To the previous place that was found.
    FindPrevious,
    /// Shows answers as they were written, or rendered.
    Raw,
    /// Wraps long lines of code, or cuts them.
    WrapCode,
    /// Scrolls all columns in step, or each by itself.
    LockScroll,
    /// Opens the list of everything that can be done.
    Palette,
    /// Opens the list of themes.
    PickTheme,
    /// Sets the theme of a name.
    SetTheme(String),
    /// Opens the list of models.
    PickModels,
    /// Searches what was asked in this run.
    History,
    /// Writes the folded paste nearest to the cursor out.
    UnfoldPaste,
    /// Deletes the letter before the cursor.
    DeleteBack,
    /// Deletes the letter after the cursor.
    DeleteForward,
    /// Deletes the word after the cursor.
    DeleteWordForward,
    /// Inserts what was deleted last by line or word.
    Yank,
    /// One letter to the left.
    CharLeft,
    /// One letter to the right.
    CharRight,
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
