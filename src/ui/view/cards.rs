//! What stands in the panel: a card for each conflict, a line for each claim, and what they rest on.

use std::ops::Range;

use crate::consensus::report::{Claim, Class, ConflictStatus, Contradiction, Side, Stance};
use crate::domain::ids::Column;
use crate::domain::response::Response;
use crate::ui::app::TurnView;
use crate::ui::line::{Line, Slot};
use crate::ui::sources;
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, width};

/// Cells before the text of an item.
const INDENT: usize = 5;

fn sign(number: u32, conflict: &Contradiction, is_selected: bool) -> Line {
    let cursor = if is_selected { "▸" } else { " " };
    let mut line = Line::new().with(Slot::Focus, cursor);
    line.pieces.extend(conflict_sign(number, conflict).pieces);
    line
}

/// Returns the sign of a conflict, with air up to what it is about.
pub(crate) fn conflict_sign(number: u32, conflict: &Contradiction) -> Line {
    let slot = match conflict.status {
        ConflictStatus::Confirmed => Slot::Conflict,
        ConflictStatus::Provisional => Slot::Provisional,
    };
    Line::new().with(slot, format!("{:<4}", format!("≠{number}")))
}

/// Returns what a conflict is about, in one piece.
pub(crate) fn topic(conflict: &Contradiction) -> String {
    let topic = clean(&conflict.topic).split_whitespace().collect::<Vec<_>>().join(" ");
    if topic.is_empty() { conflict.kind.as_str().to_owned() } else { topic }
}

/// Returns a conflict in a line; once it is selected its further sides follow, a line each.
pub(super) fn wide_card(
    view: &TurnView,
    number: u32,
    conflict: &Contradiction,
    is_selected: bool,
    cells: u16,
) -> Vec<Line> {
    let mut line = sign(number, conflict, is_selected);
    let text_slot = match conflict.status {
        ConflictStatus::Confirmed => Slot::Strong,
        ConflictStatus::Provisional => Slot::Dim,
    };
    let room = usize::from(cells).saturating_sub(INDENT);
    let topic_room = room * 2 / 5;
    let topic = truncate(&topic(conflict), u16::try_from(topic_room).unwrap_or(0)).into_owned();
    let air = " ".repeat((topic_room + 2).saturating_sub(usize::from(width(&topic))));
    line.push(text_slot, topic);
    line.push(Slot::Text, air);
    // Two positions at a time; a third is folded.
    let n_sides = conflict.sides.len().clamp(1, 2);
    let side_room = (room - topic_room).saturating_sub(6) / n_sides;
    for side in conflict.sides.iter().take(n_sides) {
        line = line.with_chips(chips(view, side));
        let value_room = side_room.saturating_sub(side.members.len() * 3 + 3);
        let value = clean(&side.value);
        line.push(Slot::Text, format!(" {}   ", truncate(&value, u16::try_from(value_room).unwrap_or(0))));
    }
    let further = conflict.sides.get(n_sides..).unwrap_or_default();
    if !further.is_empty() && !is_selected {
        line.push(Slot::Dim, format!("+{}", further.len()));
    }
    let mut lines = vec![line];
    if is_selected {
        lines.extend(further.iter().map(|side| side_line(view, side, cells)));
        lines.extend(conflict.sides.iter().filter_map(|side| side_sources(view, side, cells)));
    }
    lines
}

/// Returns the hosts that one side of a conflict names as its sources, in a line; `None` where it names none.
fn side_sources(view: &TurnView, side: &Side, cells: u16) -> Option<Line> {
    sources_line(view, side.quotes.iter().map(|quote| (quote.member, &quote.range)), cells)
}

/// Returns whom these words rest on by their own marks, each model with its hosts; `None` where nobody names a source.
pub(super) fn sources_line<'a>(
    view: &TurnView,
    words: impl Iterator<Item = (usize, &'a Range<usize>)>,
    cells: u16,
) -> Option<Line> {
    let mut cited: Vec<(Column, Vec<String>)> = Vec::new();
    for (member, bytes) in words {
        let Some(response) = view.turn.responses.get(member) else { continue };
        let hosts = sources::hosts(response, bytes);
        let column = Column::at(member);
        match cited.iter_mut().find(|(known, _)| *known == column) {
            Some((_, known)) => known.extend(hosts),
            None if hosts.is_empty() => {}
            None => cited.push((column, hosts)),
        }
    }
    if cited.is_empty() {
        return None;
    }
    let named = view.faces.all(cited.iter().map(|(column, _)| *column)).into_iter().filter_map(|column| {
        let (_, hosts) = cited.iter().find(|(known, _)| *known == column)?;
        let mut hosts = hosts.clone();
        hosts.dedup();
        Some(format!("{} {}", column.letter(), hosts.join(", ")))
    });
    let text = format!("sources: {}", named.collect::<Vec<_>>().join(" · "));
    let room = cells.saturating_sub(u16::try_from(INDENT).unwrap_or(0));
    Some(Line::new().with(Slot::Dim, format!("{}{}", " ".repeat(INDENT), truncate(&text, room))))
}

/// Returns a side of a conflict in a line of its own.
fn side_line(view: &TurnView, side: &Side, cells: u16) -> Line {
    let chips = Line::new().with(Slot::Text, "     ").with_chips(chips(view, side));
    let room = usize::from(cells).saturating_sub(chips.width() + 2);
    let value = clean(&side.value);
    chips.with(Slot::Text, format!("  {}", truncate(&value, u16::try_from(room).unwrap_or(0))))
}

/// Returns the letters of those who take a position.
fn chips(view: &TurnView, side: &Side) -> Vec<Column> {
    view.faces.all(side.members.iter().copied().map(Column::at))
}

/// Returns a conflict in several lines, a side a line; `claim` is what it is about.
pub(super) fn tall_card(
    view: &TurnView,
    (number, conflict): (u32, &Contradiction),
    claim: Option<&Claim>,
    (is_selected, cells): (bool, u16),
) -> Vec<Line> {
    let room = cells.saturating_sub(INDENT as u16);
    let mut lines = vec![sign(number, conflict, is_selected).with(Slot::Strong, truncate(&topic(conflict), room))];
    for side in &conflict.sides {
        lines.push(side_line(view, side, cells));
        lines.extend(side_sources(view, side, cells));
    }
    if let Some(silent) = claim.map(|claim| silent(view, claim)).filter(|silent| !silent.is_empty()) {
        lines.push(Line::new().with(Slot::Dim, format!("     {silent}")));
    }
    lines.push(Line::new());
    lines
}

/// Returns a claim in a line: who says it, and who does not.
pub(super) fn claim_line(view: &TurnView, claim: &Claim, cells: u16) -> Line {
    let (slot, sign) = match claim.class {
        Class::Agreed => (Slot::Agreed, " =   "),
        Class::Partly => (Slot::Partly, " ~   "),
        Class::OnlyOne | Class::Conflict | Class::Pending => (Slot::OnlyOne, " ·   "),
    };
    let supporters = claim.stances.iter().enumerate().filter(|(_, stance)| **stance == Stance::Support);
    let chips = view.faces.all(supporters.map(|(idx, _)| Column::at(idx)));
    let silent = if claim.class == Class::Partly { silent(view, claim) } else { String::new() };
    let taken = INDENT + chips.len() * 3 + 2 + if silent.is_empty() { 0 } else { usize::from(width(&silent)) + 2 };
    let room = usize::from(cells).saturating_sub(taken);
    let text = clean(&claim.text).split_whitespace().collect::<Vec<_>>().join(" ");
    let text = truncate(&text, u16::try_from(room).unwrap_or(0)).into_owned();
    let mut line = Line::new().with(slot, sign).with(Slot::Text, text).with(Slot::Text, "  ").with_chips(chips);
    if !silent.is_empty() {
        line.push(Slot::Dim, format!("  {silent}"));
    }
    line
}

/// Returns who says nothing on a claim, of those whose response counts.
fn silent(view: &TurnView, claim: &Claim) -> String {
    let is_here = |idx: usize| view.turn.responses.get(idx).is_some_and(Response::counts);
    let absent = claim.stances.iter().enumerate();
    let absent = absent.filter(|(idx, stance)| **stance == Stance::Absent && is_here(*idx));
    let absent = view.faces.all(absent.map(|(idx, _)| Column::at(idx)));
    says_nothing(&absent.into_iter().map(|column| column.letter().to_string()).collect::<Vec<_>>())
}

fn says_nothing(letters: &[String]) -> String {
    match letters {
        [] => String::new(),
        [one] => format!("{one} does not say"),
        several => format!("{} do not say", several.join(" ")),
    }
}
