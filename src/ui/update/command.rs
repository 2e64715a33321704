//! What is typed after a slash: the list of what it may become, and its running.

use crate::domain::ids::Column;
use crate::ui::action::Action;
use crate::ui::app::{App, Layer};
use crate::ui::command::{self, Command, slash};

/// Returns what the slash at the start of the composer may become; nothing where none is typed or the list was closed.
pub(crate) fn completions(app: &App) -> Vec<&'static Command> {
    let text = app.composer.text();
    if app.is_reading || app.layer != Layer::None || app.slash.closed_at.as_ref() == Some(&text) {
        return Vec::new();
    }
    slash::after_slash(&text).map_or_else(Vec::new, slash::completions)
}

/// Moves over the list of completions; returns whether there is one.
pub(crate) fn pick(app: &mut App, step: isize) -> bool {
    let n = completions(app).len();
    if n == 0 {
        return false;
    }
    app.slash.picked = Some(match app.slash.picked {
        Some(picked) => picked.saturating_add_signed(step).min(n - 1),
        None if step > 0 => 0,
        None => n - 1,
    });
    true
}

/// Writes the picked completion out, else the first one; returns whether there is one.
pub(crate) fn complete(app: &mut App) -> bool {
    let found = completions(app);
    let Some(command) = app.slash.picked.and_then(|idx| found.get(idx)).or_else(|| found.first()) else { return false };
    let is_told = app.composer.text().trim_end().len() > command.slash.len() + 1;
    if !is_told {
        let air = if command.takes.hint().is_empty() { "" } else { " " };
        app.composer.set(format!("/{}{air}", command.slash));
    }
    app.slash.picked = None;
    true
}

/// Closes the list of completions; returns whether there was one.
pub(crate) fn close(app: &mut App) -> bool {
    if completions(app).is_empty() {
        return false;
    }
    app.slash.closed_at = Some(app.composer.text());
    true
}

/// Forgets what was picked for another text.
pub(crate) fn refresh(app: &mut App) {
    let text = app.composer.text();
    if app.slash.typed != text {
        app.slash.typed = text;
        app.slash.picked = None;
    }
}

/// Returns the action that the typed command stands for; the picked completion where one was picked.
///
/// # Errors
/// A sentence for the person.
pub(crate) fn action(app: &App, command: &Command, argument: &str) -> Result<Action, String> {
    let by_name = |typed: &str| {
        let is_it = |name: &str| name.eq_ignore_ascii_case(typed);
        let named = app.seats.iter().position(|seat| is_it(seat.member.id.as_str())).map(Column::at);
        named.or_else(|| command::numbered(typed)).filter(|column| column.index() < app.seats.len())
    };
    command.told(argument, by_name)
}
