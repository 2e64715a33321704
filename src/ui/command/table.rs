//! The one table of commands. A new row needs a variant in `ui::action` and an arm in `ui::update::act`; its keys,
//! help, palette entry, slash command and line in the README come from here.

use crate::ui::action::Action;
use crate::ui::command::{Command, Group, Takes};

/// Everything a person can do, in the order of help and README.
///
/// Nothing here may need Alt, a function key, or a terminal that reports more than the plain bytes, nor a key that tmux,
/// screen or zellij keep for themselves: spellings that do are further doors to the same room.
pub const COMMANDS: &[Command] = &[
    // --- ask ---
    row("ask.send", Action::Send, "send", "send to the models that are on").group(Group::Ask).write("enter"),
    row("ask.new-line", Action::NewLine, "new line", "new line (also: \\ before enter)")
        .group(Group::Ask)
        .write("ctrl-j shift-enter alt-enter"),
    row("ask.stop", Action::Stop, "stop", "stop every answer; close what's open")
        .group(Group::Ask)
        .both("esc")
        .menu("s")
        .slash("stop"),
    row("ask.interrupt", Action::Interrupt, "stop, clear", "stop, then clear, then (twice) quit")
        .group(Group::Ask)
        .both("ctrl-c"),
    row("ask.history", Action::History, "history", "find what was asked before")
        .group(Group::Ask)
        .both("ctrl-r")
        .menu("h")
        .slash("history"),
    row("ask.questions", Action::Questions, "questions", "the questions of the demo")
        .group(Group::Ask)
        .menu("d")
        .slash("questions"),
    told(
        "ask.attach",
        Action::Attach(String::new()),
        Takes::Text("path", Action::Attach),
        "attach",
        "send a file along",
    )
    .group(Group::Ask)
    .slash("attach"),
    told("ask.detach", Action::Detach(String::new()), Takes::Text("name", Action::Detach), "detach", "let files go")
        .group(Group::Ask)
        .slash("detach"),
    told(
        "ask.system",
        Action::Instruct(String::new()),
        Takes::Text("text", Action::Instruct),
        "instructions",
        "instructions for this session",
    )
    .group(Group::Ask)
    .slash("system"),
    // --- models ---
    with("model.toggle", Takes::Model(Action::ToggleModel), "model on, off", "switch a model on or off")
        .group(Group::Models)
        .menu("1 2 3 4 5 6 7 8 9"),
    row("model.pick", Action::PickModels, "who is asked", "a list: who is on")
        .group(Group::Models)
        .read("m")
        .menu("m")
        .slash("model"),
    row("model.toggle-focused", Action::ToggleFocused, "on, off", "switch the focused model on or off")
        .group(Group::Models)
        .read("space"),
    with("model.on", Takes::Model(Action::SwitchOn), "on", "switch on: it is asked now")
        .group(Group::Models)
        .slash("on"),
    with("model.off", Takes::Model(Action::SwitchOff), "off", "switch off: its vote is withdrawn")
        .group(Group::Models)
        .slash("off"),
    with("model.only", Takes::Model(Action::Only), "only", "leave a single model on")
        .group(Group::Models)
        .slash("only"),
    row("model.stop", Action::StopFocused, "stop this", "stop the focused model").group(Group::Models).read("s"),
    row("model.retry", Action::Retry, "ask again", "ask the focused model again")
        .group(Group::Models)
        .read("r")
        .menu("r")
        .slash("retry"),
    // --- read ---
    row("focus.read", Action::Read, "read", "read: letters become keys").group(Group::Read).write("tab"),
    row("focus.write", Action::Write, "write", "back to the composer").group(Group::Read).read("tab i q"),
    row("scroll.down", Action::ScrollDown, "scroll", "down a line").group(Group::Read).write("down").read("j down"),
    row("scroll.up", Action::ScrollUp, "scroll up", "up a line").group(Group::Read).write("up").read("k up"),
    row("scroll.page-down", Action::PageDown, "page down", "down a page")
        .group(Group::Read)
        .write("pagedown")
        .read("ctrl-d pagedown"),
    row("scroll.page-up", Action::PageUp, "page up", "up a page")
        .group(Group::Read)
        .write("pageup")
        .read("ctrl-u pageup"),
    row("scroll.top", Action::ScrollTop, "top", "to the beginning")
        .group(Group::Read)
        .write("ctrl-home")
        .read("g home"),
    row("scroll.newest", Action::Follow, "newest", "to the newest, and follow it")
        .group(Group::Read)
        .write("ctrl-end")
        .read("G end"),
    with("focus.column", Takes::Model(Action::FocusColumn), "column", "to a model's column")
        .group(Group::Read)
        .read("1 2 3 4 5")
        .slash("column"),
    row("focus.left", Action::FocusLeft, "left", "to the pane on the left").group(Group::Read).read("h left"),
    row("focus.right", Action::FocusRight, "right", "to the pane on the right").group(Group::Read).read("l right"),
    row("turn.previous", Action::PreviousTurn, "turn before", "to the turn before").group(Group::Read).read("("),
    row("turn.next", Action::NextTurn, "turn after", "to the turn after").group(Group::Read).read(")"),
    row("copy.answer", Action::Copy, "copy", "copy the selection, or the answer")
        .group(Group::Read)
        .takes(Takes::Text("what", Action::CopyAs))
        .read("y")
        .menu("y")
        .slash("copy"),
    row("copy.turn", Action::CopyTurn, "copy all", "copy all answers and the report")
        .group(Group::Read)
        .read("Y")
        .menu("Y"),
    row("copy.code", Action::CopyCode, "copy code", "copy a block of code, by its letter")
        .group(Group::Read)
        .read("b")
        .menu("b"),
    row("copy.mode", Action::CopyMode, "free the mouse", "one column, the terminal's own mouse")
        .group(Group::Read)
        .menu("g")
        .slash("mouse"),
    row("source.open", Action::Addresses, "open a source", "open a source or link, asks first")
        .group(Group::Read)
        .takes(Takes::Number(Action::Source))
        .read("o")
        .menu("o")
        .slash("open"),
    row("find", Action::Find, "find", "find words in answers or chat")
        .group(Group::Read)
        .read("/")
        .menu("f")
        .slash("find"),
    row("find.next", Action::FindNext, "next found", "to the next place found").group(Group::Read).read("n"),
    row("find.previous", Action::FindPrevious, "found before", "to the previous place found")
        .group(Group::Read)
        .read("N"),
    row("scroll.lock", Action::LockScroll, "scroll in step", "scroll all columns in step")
        .group(Group::Read)
        .read("=")
        .menu("=")
        .slash("sync"),
    // --- consensus ---
    row("conflict.next", Action::NextConflict, "next conflict", "next conflict, in every column")
        .group(Group::Consensus)
        .read("]")
        .menu("]"),
    row("conflict.previous", Action::PreviousConflict, "conflict before", "previous conflict, in every column")
        .group(Group::Consensus)
        .read("[")
        .menu("["),
    row("conflict.compare", Action::Open, "compare", "a conflict's sides, side by side")
        .group(Group::Consensus)
        .takes(Takes::Number(Action::Compare))
        .read("enter")
        .slash("compare"),
    row("answer.judge", Action::Judge, "right or wrong", "is the answer right, wrong, partly?")
        .group(Group::Consensus)
        .takes(Takes::Text("word", Action::JudgeAs))
        .read("!")
        .menu("!")
        .slash("verdict"),
    row("answer.blind", Action::Blind, "blind, vote", "hide names until you vote; vote")
        .group(Group::Consensus)
        .read("B")
        .menu("B")
        .slash("blind"),
    row("consensus.cycle", Action::CyclePanel, "panel", "where the panel stands")
        .group(Group::Consensus)
        .read("c")
        .menu("c")
        .slash("consensus"),
    row("consensus.only-one", Action::UnfoldOnlyOne, "only one says", "unfold what only one model says")
        .group(Group::Consensus)
        .read(".")
        .menu("."),
    row("consensus.only-conflicts", Action::OnlyConflicts, "only conflicts", "list only the conflicts")
        .group(Group::Consensus)
        .read(",")
        .slash("only-conflicts"),
    // --- sessions ---
    row("session.new", Action::NewSession, "new", "end this session, begin a new one")
        .group(Group::Sessions)
        .menu("n")
        .slash("new"),
    row("session.list", Action::PickSession, "list", "a list: go on with another session")
        .group(Group::Sessions)
        .menu("l")
        .slash("sessions"),
    row("session.resume", Action::Resume, "resume", "go on with the last, or a named one")
        .group(Group::Sessions)
        .takes(Takes::Text("session", Action::ResumeAs))
        .slash("resume"),
    row("session.search", Action::SearchAll, "find in all", "find words in all sessions")
        .group(Group::Sessions)
        .takes(Takes::Text("words", Action::SearchFor))
        .menu("/")
        .slash("search"),
    row("session.rename", Action::RenameSession, "rename", "give the session another name")
        .group(Group::Sessions)
        .takes(Takes::Text("name", Action::RenameAs))
        .menu("N")
        .slash("rename"),
    row("session.pin", Action::PinSession, "pin", "list it first, or no more")
        .group(Group::Sessions)
        .menu("P")
        .slash("pin"),
    row("session.fork", Action::Fork, "fork", "a new one of the turns up to here")
        .group(Group::Sessions)
        .takes(Takes::Number(Action::ForkAt))
        .menu("F")
        .slash("fork"),
    row("session.delete", Action::DeleteSession, "delete", "delete it")
        .group(Group::Sessions)
        .menu("D")
        .slash("delete"),
    row("session.restore", Action::RestoreSession, "undelete", "bring back what was deleted last")
        .group(Group::Sessions)
        .menu("U")
        .slash("undelete"),
    row("session.stats", Action::Stats, "figures", "how the models did, and what it cost")
        .group(Group::Sessions)
        .menu("S")
        .slash("stats"),
    // --- view ---
    row("view.raw", Action::Raw, "raw", "answers as written, or rendered").group(Group::View).read("w").slash("raw"),
    row("view.wrap-code", Action::WrapCode, "wrap code", "wrap code, or cut it at the edge")
        .group(Group::View)
        .read("W"),
    row("view.reasoning", Action::UnfoldThought, "reasoning", "unfold the reasoning of an answer")
        .group(Group::View)
        .read("e")
        .slash("reasoning"),
    row("view.zoom", Action::Zoom, "zoom", "the focused column at full width")
        .group(Group::View)
        .read("z")
        .menu("z")
        .slash("zoom"),
    row("chat.cycle", Action::CycleChat, "chat", "where the chat stands")
        .group(Group::View)
        .read("t")
        .menu("k")
        .slash("chat"),
    told(
        "view.theme",
        Action::PickTheme,
        Takes::Text("name", Action::SetTheme),
        "theme",
        "a list of themes, shown as you move",
    )
    .group(Group::View)
    .menu("t")
    .slash("theme"),
    row("view.redraw", Action::Redraw, "redraw", "paint the screen anew")
        .group(Group::View)
        .both("ctrl-l")
        .slash("redraw"),
    row("app.suspend", Action::Suspend, "suspend", "stop; the shell's fg returns").group(Group::View).both("ctrl-z"),
    // --- edit ---
    row("edit.outside", Action::EditOutside, "editor", "write in $EDITOR")
        .group(Group::Edit)
        .menu("e ctrl-e")
        .slash("editor"),
    row("edit.line-start", Action::LineStart, "line start", "to the start of the line")
        .group(Group::Edit)
        .write("ctrl-a home"),
    row("edit.line-end", Action::LineEnd, "line end", "to the end of the line").group(Group::Edit).write("ctrl-e end"),
    row("edit.left", Action::CharLeft, "left", "one letter to the left").group(Group::Edit).write("left ctrl-b"),
    row("edit.right", Action::CharRight, "right", "one letter to the right").group(Group::Edit).write("right ctrl-f"),
    row("edit.delete-back", Action::DeleteBack, "delete", "delete the letter before")
        .group(Group::Edit)
        .write("backspace"),
    row("edit.delete-forward", Action::DeleteForward, "delete on", "delete the letter after")
        .group(Group::Edit)
        .write("delete"),
    row("edit.word-left", Action::WordLeft, "word left", "one word to the left")
        .group(Group::Edit)
        .write("ctrl-left alt-b"),
    row("edit.word-right", Action::WordRight, "word right", "one word to the right")
        .group(Group::Edit)
        .write("ctrl-right alt-f"),
    row("edit.delete-to-start", Action::DeleteToStart, "delete back", "delete to the start of the line")
        .group(Group::Edit)
        .write("ctrl-u"),
    row("edit.delete-to-end", Action::DeleteToEnd, "delete on", "delete to the end of the line")
        .group(Group::Edit)
        .write("ctrl-k"),
    row("edit.delete-word", Action::DeleteWord, "delete word", "delete the word before")
        .group(Group::Edit)
        .write("ctrl-w"),
    row("edit.delete-word-forward", Action::DeleteWordForward, "delete word on", "delete the word after")
        .group(Group::Edit)
        .write("alt-d"),
    row("edit.yank", Action::Yank, "put back", "put back what was deleted").group(Group::Edit).write("ctrl-y"),
    row("edit.unfold-paste", Action::UnfoldPaste, "unfold paste", "write a folded paste out")
        .group(Group::Edit)
        .menu("p"),
    row("edit.undo", Action::Undo, "undo", "take the last edit back").group(Group::Edit).write("ctrl-_ ctrl-/"),
    // --- program ---
    row("palette", Action::Palette, "palette", "find anything that can be done")
        .group(Group::Program)
        .write("ctrl-p")
        .read(": ctrl-p")
        .menu("space ctrl-x"),
    row("menu", Action::Menu, "menu", "one more key: the menu shows which").group(Group::Program).both("ctrl-x"),
    row("help", Action::Help, "help", "every key").group(Group::Program).both("? f1").menu("?").slash("help"),
    row("quit.if-empty", Action::DeleteOrQuit, "quit", "quit, when nothing is typed")
        .group(Group::Program)
        .write("ctrl-d"),
    row("quit", Action::Quit, "quit", "quit").group(Group::Program).menu("q").slash("quit"),
];

const fn row(name: &'static str, action: Action, short: &'static str, says: &'static str) -> Command {
    bare(name, Some(action), Takes::Nothing, short, says)
}

/// Returns a row that must be told something.
const fn with(name: &'static str, takes: Takes, short: &'static str, says: &'static str) -> Command {
    bare(name, None, takes, short, says)
}

/// Returns a row that may be told something, and does `action` where it is not.
const fn told(name: &'static str, action: Action, takes: Takes, short: &'static str, says: &'static str) -> Command {
    bare(name, Some(action), takes, short, says)
}

const fn bare(
    name: &'static str,
    action: Option<Action>,
    takes: Takes,
    short: &'static str,
    says: &'static str,
) -> Command {
    Command { name, action, takes, short, says, group: Group::Program, write: "", read: "", menu: "", slash: "" }
}

impl Command {
    const fn group(mut self, group: Group) -> Self {
        self.group = group;
        self
    }

    /// What it may be told, though it need not be.
    const fn takes(mut self, takes: Takes) -> Self {
        self.takes = takes;
        self
    }

    /// Keys while writing.
    const fn write(mut self, keys: &'static str) -> Self {
        self.write = keys;
        self
    }

    /// Keys while reading.
    const fn read(mut self, keys: &'static str) -> Self {
        self.read = keys;
        self
    }

    /// Keys while writing and while reading; a bare letter acts only while nothing is typed.
    const fn both(mut self, keys: &'static str) -> Self {
        self.write = keys;
        self.read = keys;
        self
    }

    /// Keys after the menu key.
    const fn menu(mut self, keys: &'static str) -> Self {
        self.menu = keys;
        self
    }

    /// What is typed after a slash.
    const fn slash(mut self, word: &'static str) -> Self {
        self.slash = word;
        self
    }
}
