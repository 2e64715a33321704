//! The hints at the foot: the most useful keys of the moment, from the table of commands.

use ratatui::buffer::Buffer;

use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::command;
use crate::ui::geometry::Pane;
use crate::ui::keymap::Mode;
use crate::ui::line::{Line, Slot};
use crate::ui::picker::PickerKind;
use crate::ui::update::command::completions;
use crate::ui::view::paint::paint_line;
use crate::ui::view::picker;
use crate::ui::{pick, purse};

/// The most hints, the help included: more are not read.
const MOST: usize = 8;

/// One hint: keys and the word for what they do.
type Hint = (String, &'static str);

/// Paints the footer.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    paint_line(&line(app), app.layout.footer, &app.theme, buf);
}

fn line(app: &App) -> Line {
    if app.quit_armed_until.is_some() {
        let key = app.keymap.key(Mode::Write, &Action::Interrupt).unwrap_or_default();
        return Line::new().with(Slot::Key, format!(" {key}")).with(Slot::Warn, " again to quit");
    }
    if let Some(over) = purse::refusal(app) {
        // What can be done stands first: it must not be what a narrow window cuts.
        let line = Line::new().with(Slot::Key, " enter").with(Slot::Dim, " sends it all the same  ");
        let line = line.with(Slot::Key, "esc").with(Slot::Dim, " keeps it  ");
        return line.with(Slot::Warn, over.to_string()).fitted(app.layout.footer.width);
    }
    // What is asked comes first: a word on what was done before must not hide it.
    if let Layer::Pick(pick) = app.layer {
        return pick::prompt(app, pick).fitted(app.layout.footer.width);
    }
    if app.layer == Layer::Find
        && let Some(find) = &app.reading.find
    {
        let query = Line::new().with(Slot::Key, " /").with(Slot::Strong, find.query.clone()).with(Slot::Focus, "▏");
        return query
            .with(Slot::Warn, format!("  {}  ", find.standing()))
            .with(
                Slot::Dim,
                format!(
                    "{} go on · {} keeps · {} goes back",
                    arrows(app),
                    key(app, &Action::Send),
                    key(app, &Action::Stop)
                ),
            )
            .fitted(app.layout.footer.width);
    }
    let is_asking = matches!(app.layer, Layer::History | Layer::Picker | Layer::Menu | Layer::Help | Layer::Stats);
    let is_listing = app.layer == Layer::Picker && app.picker.kind == PickerKind::Sessions && !app.picker.is_menu;
    if let Some(notice) = app.notice.as_ref().filter(|_| !is_asking || is_listing) {
        return Line::new().with(Slot::Warn, format!(" {}", notice.text)).fitted(app.layout.footer.width);
    }
    if let Some(said) = at_hand(app) {
        return said.fitted(app.layout.footer.width);
    }
    let mut hints = hints(app).into_iter().filter(|(key, _)| !key.is_empty()).collect::<Vec<_>>();
    let help = hint(("?".to_owned(), "help"));
    let room = usize::from(app.layout.footer.width).saturating_sub(help.width() + 1);
    hints.truncate(MOST - 1);
    let mut line = Line::new();
    for next in hints.into_iter().map(hint) {
        // Dropped from the right; the help is always last and always there.
        if line.width() + next.width() > room {
            break;
        }
        line.pieces.extend(next.pieces);
    }
    line.pieces.extend(help.pieces);
    line
}

/// Returns what is to be said of what the person is at: a selection, a search, the terminal's own mouse.
fn at_hand(app: &App) -> Option<Line> {
    if app.layer != Layer::None || !app.is_reading {
        return None;
    }
    let mut line = Line::new();
    if let Some(selection) = &app.reading.pointing.selection {
        let text = app.turns.get(selection.turn).and_then(|view| match selection.pane {
            Pane::Chat => Some(selection.text(view.chat.answer())),
            Pane::Column(column) => view.columns.get(column.index()).map(|column| selection.text(&column.document)),
        });
        let n_letters = text.map_or(0, |text| text.chars().count());
        line.push(Slot::Warn, format!(" {n_letters} characters selected "));
        for (key, word) in [("y", "copy"), ("esc", "drop")] {
            line.pieces.extend(hint((key.to_owned(), word)).pieces);
        }
    } else if app.sight.is_bare {
        line.push(Slot::Warn, " the mouse is the terminal's own ");
        for (key, word) in [("1-5", "column"), ("j k", "scroll"), ("esc", "back")] {
            line.pieces.extend(hint((key.to_owned(), word)).pieces);
        }
    } else {
        let find = app.reading.find.as_ref()?;
        line.push(Slot::Key, " /");
        line.push(Slot::Strong, find.query.clone());
        line.push(Slot::Warn, format!("  {} ", find.standing()));
        for (key, word) in [("n N", "next, previous"), ("esc", "back to where it began")] {
            line.pieces.extend(hint((key.to_owned(), word)).pieces);
        }
    }
    Some(line)
}

fn hint((key, word): Hint) -> Line {
    Line::new().with(Slot::Key, format!(" {key}")).with(Slot::Dim, format!(" {word} "))
}

/// Returns the hints of the moment, the most useful one first.
fn hints(app: &App) -> Vec<Hint> {
    match app.layer {
        Layer::Menu => vec![named("esc", "close")],
        Layer::Stats => vec![named("↑ ↓", "scroll"), named("← →", "how far back"), named("any other key", "close")],
        Layer::Help => vec![named("↑ ↓", "scroll"), named("any other key", "close")],
        Layer::Questions => {
            vec![(arrows(app), "pick"), (key(app, &Action::Send), "ask"), (key(app, &Action::Stop), "close")]
        }
        Layer::Pick(_) | Layer::Find => Vec::new(),
        Layer::Picker => picker::hints(app),
        Layer::History => {
            vec![
                (key(app, &Action::Send), "take"),
                (key(app, &Action::History), "older"),
                (arrow(app, &Action::ScrollDown), "newer"),
                (key(app, &Action::Stop), "back"),
            ]
        }
        Layer::None if app.is_reading && app.compare.is_some() => comparing(app),
        Layer::None if app.is_reading => reading(app),
        Layer::None => writing(app),
    }
}

fn writing(app: &App) -> Vec<Hint> {
    let of = |action| of(app, Mode::Write, &action);
    let renamed = |action, word| (of(action).0, word);
    if !completions(app).is_empty() {
        return vec![
            renamed(Action::Read, "complete"),
            renamed(Action::Send, "run"),
            (arrows(app), "pick"),
            renamed(Action::Stop, "close"),
        ];
    }
    let is_empty = app.composer.is_empty();
    let slash = named("/", "commands");
    let is_first = app.turns.is_empty();
    if is_first && is_empty && !app.questions.all.is_empty() {
        return vec![
            (arrows(app), "pick a question"),
            renamed(Action::Send, "ask"),
            slash,
            of(Action::Menu),
            quit(app),
        ];
    }
    let mut hints = Vec::new();
    match (is_streaming(app), is_empty) {
        (true, true) => hints.extend([of(Action::Stop), of(Action::Read)]),
        (true, false) => {
            let send = if app.is_busy() { renamed(Action::Send, "queue") } else { of(Action::Send) };
            hints.extend([send, of(Action::Stop), of(Action::NewLine)]);
        }
        (false, false) => hints.extend([of(Action::Send), of(Action::NewLine)]),
        (false, true) if is_first => {}
        (false, true) => hints.push(of(Action::Read)),
    }
    if is_empty {
        hints.push(slash);
    } else if !is_first {
        hints.push(of(Action::Read));
    }
    hints.push(of(Action::Menu));
    if is_empty {
        hints.push(quit(app));
    } else {
        hints.push(renamed(Action::Interrupt, if is_streaming(app) { "stop" } else { "clear" }));
    }
    hints
}

fn reading(app: &App) -> Vec<Hint> {
    let of = |action| of(app, Mode::Read, &action);
    let mut hints = vec![of(Action::Write)];
    let conflicts = app.shown().and_then(|view| view.report.as_ref()).map_or(0, |report| report.contradictions.len());
    if conflicts > 0 {
        hints.extend([of(Action::NextConflict), of(Action::Open)]);
    }
    if is_streaming(app) {
        hints.push(of(Action::StopFocused));
    }
    hints.extend([
        of(Action::ScrollDown),
        of(Action::ToggleFocused),
        of(Action::Zoom),
        of(Action::Copy),
        of(Action::Retry),
        of(Action::CyclePanel),
    ]);
    hints
}

/// Returns the hints while two positions stand side by side.
fn comparing(app: &App) -> Vec<Hint> {
    let of = |action| of(app, Mode::Read, &action);
    let renamed = |action, word| (of(action).0, word);
    vec![
        renamed(Action::Stop, "back"),
        of(Action::NextConflict),
        renamed(Action::FocusLeft, "switch left"),
        renamed(Action::FocusRight, "switch right"),
        of(Action::ScrollDown),
        of(Action::Copy),
    ]
}

fn quit(app: &App) -> Hint {
    of(app, Mode::Write, &Action::DeleteOrQuit)
}

/// Returns the hint for an action: its first key in a mode, empty for none, and its short name.
fn of(app: &App, mode: Mode, action: &Action) -> Hint {
    let key = app.keymap.key(mode, action).unwrap_or_default();
    (key.to_owned(), command::of(action).map_or("", |command| command.short))
}

/// Returns the key that does something while writing; empty for none.
pub(crate) fn key(app: &App, action: &Action) -> String {
    app.keymap.key(Mode::Write, action).unwrap_or_default().to_owned()
}

/// Returns the keys that go up and down in a list.
pub(crate) fn arrows(app: &App) -> String {
    let keys = [Action::ScrollUp, Action::ScrollDown].map(|action| arrow(app, &action));
    keys.join(" ").trim().to_owned()
}

fn arrow(app: &App, action: &Action) -> String {
    match key(app, action).as_str() {
        "up" => "↑".to_owned(),
        "down" => "↓".to_owned(),
        other => other.to_owned(),
    }
}

fn named(key: &str, word: &'static str) -> Hint {
    (key.to_owned(), word)
}

/// Returns whether anyone still writes or waits in the newest turn.
fn is_streaming(app: &App) -> bool {
    app.turns.last().is_some_and(|view| !view.turn.is_over())
}
