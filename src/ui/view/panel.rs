//! The consensus panel: the counts as a bar, a card for each conflict, then what is agreed and what only one says.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::consensus::report::{Claim, Class, ConflictStatus, Contradiction, Report, Side, Stance};
use crate::domain::ids::Column;
use crate::domain::response::Response;
use crate::ui::app::{App, TurnView};
use crate::ui::geometry::PanelShape;
use crate::ui::line::{Line, Slot};
use crate::ui::sight::Claims;
use crate::ui::sources;
use crate::ui::text::clean::clean;
use crate::ui::text::width::{truncate, width};
use crate::ui::view::paint::{paint_line, paint_lines, paint_rule};
use crate::ui::view::verdict::{band_slot, bar, count_parts, counts, has_enough};

/// Cells of the bar.
const BAR: u16 = 10;
/// Cells at the end of the title that say how much more there is.
const MORE: u16 = 10;
/// Rows above the items of a panel beside the columns: the title, the counts, air.
const RAIL_HEAD: u16 = 3;
/// Cells before the text of an item.
const INDENT: usize = 5;

/// Lays out the panel's items for its shape.
pub(crate) fn reflow(app: &mut App) {
    let Some((shape, area)) = app.layout.panel else {
        app.panel_lines = Vec::new();
        return;
    };
    let cells = area.width.saturating_sub(1);
    app.panel_lines = app.shown().map_or_else(Vec::new, |view| lines(app, view, shape, cells));
}

/// Paints the panel.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    let Some(((shape, area), view)) = app.layout.panel.zip(app.shown()) else { return };
    let title = Rect { height: 1, ..area };
    paint_rule(title, "─", app.theme.style(Slot::Rule), buf);
    paint_line(
        &heading(view, shape, area.width.saturating_sub(MORE + 2)),
        Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..title },
        &app.theme,
        buf,
    );
    let mut body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if shape == PanelShape::Rail {
        let counts = view.report.as_ref().map(|report| counts(report.counts)).unwrap_or_default();
        let row = Rect { x: body.x + 1, width: body.width.saturating_sub(1), height: 1, ..body };
        paint_line(&counts, row, &app.theme, buf);
        let head = (RAIL_HEAD - 1).min(body.height);
        body = Rect { y: body.y + head, height: body.height - head, ..body };
    }
    let height = usize::from(body.height);
    let first = first_line(app, height);
    paint_lines(app.panel_lines.iter().skip(first), body, &app.theme, buf);
    let n_hidden = app.panel_lines.len().saturating_sub(first + height);
    if n_hidden > 0 {
        let text = format!(" {n_hidden} more ");
        let x = title.right().saturating_sub(MORE).max(title.x);
        paint_line(&Line::new().with(Slot::Dim, text), Rect { x, width: title.right() - x, ..title }, &app.theme, buf);
    }
}

/// Returns the first line in sight: the selected conflict always is.
fn first_line(app: &App, height: usize) -> usize {
    let selected = app.panel_lines.iter().position(|line| line.pieces.first().is_some_and(|piece| piece.text == "▸"));
    selected.map_or(0, |selected| (selected + 3).saturating_sub(height))
}

/// Returns the number of the conflict whose card is at a cell.
pub(crate) fn conflict_at(app: &App, at: Position) -> Option<u32> {
    let (shape, area) = app.layout.panel.filter(|(_, area)| area.contains(at))?;
    let n_above = if shape == PanelShape::Rail { RAIL_HEAD } else { 1 };
    let height = usize::from(area.height.saturating_sub(n_above));
    let below = usize::from((at.y - area.y).checked_sub(n_above)?);
    let line = first_line(app, height) + below;
    // A card is the line with the sign, and those below it that begin with air.
    let card = app.panel_lines.get(..=line)?.iter().rev();
    let mut card = card.map(|line| line.pieces.iter().find(|piece| !piece.text.trim().is_empty() && piece.text != "▸"));
    let sign = card.find_map(|piece| piece.filter(|piece| !matches!(piece.slot, Slot::Chip(_) | Slot::Dim)))?;
    sign.text.trim().strip_prefix('≠')?.parse().ok()
}

/// Returns the title: the bar, the counts where they have no row of their own, and how far the turn is. What does not
/// fit into `cells` is left out from the right.
fn heading(view: &TurnView, shape: PanelShape, cells: u16) -> Line {
    let mut line = Line::new().with(Slot::Strong, " consensus  ");
    let Some(report) = view.report.as_ref().filter(|report| report.n_committed > 0) else {
        return line;
    };
    if has_enough(view) {
        line.pieces.extend(bar(report.counts, BAR).pieces);
        line.push(Slot::Dim, "  ");
    }
    let mut parts = Vec::new();
    if !view.is_settled() {
        let band = view.band.map(|band| Line::new().with(band_slot(band), band.as_str()).with(Slot::Dim, " "));
        parts.push(band.unwrap_or_default().with(Slot::Dim, "so far  "));
    }
    if shape == PanelShape::Wide {
        let counted = count_parts(report.counts).into_iter().enumerate();
        let dot = |idx: usize| if idx == 0 { "" } else { " · " };
        parts.extend(counted.map(|(idx, part)| {
            let mut line = Line::new().with(Slot::Dim, dot(idx));
            line.pieces.extend(part.pieces);
            line
        }));
    }
    for part in parts {
        if line.width() + part.width() > usize::from(cells) {
            break;
        }
        line.pieces.extend(part.pieces);
    }
    line.push(Slot::Dim, " ");
    line
}

fn lines(app: &App, view: &TurnView, shape: PanelShape, cells: u16) -> Vec<Line> {
    let Some(report) = view.report.as_ref().filter(|report| report.n_committed > 0) else {
        return vec![Line::new().with(Slot::Dim, "     nothing to compare yet")];
    };
    let mut lines = Vec::new();
    if let Some(reason) = &report.not_compared {
        lines.push(Line::new().with(Slot::Dim, format!("     not compared: {reason}")));
    }
    let mut conflicts: Vec<(u32, &Contradiction)> =
        report.contradictions.iter().map(|conflict| (view.numbers.of(conflict.id), conflict)).collect();
    conflicts.sort_by_key(|(number, _)| *number);
    for (number, conflict) in conflicts {
        let is_selected = app.conflict == Some(number);
        match shape {
            PanelShape::Wide => lines.extend(wide_card(view, number, conflict, is_selected, cells)),
            PanelShape::Rail => lines.extend(tall_card(app, view, number, conflict, cells)),
        }
    }
    if app.sight.claims == Claims::OnlyConflicts {
        if report.contradictions.is_empty() {
            lines.push(Line::new().with(Slot::Dim, "     no conflict"));
        }
        lines.push(Line::new().with(Slot::Dim, "     only conflicts are listed   , lists all"));
        return lines;
    }
    for class in [Class::Agreed, Class::Partly] {
        let claims = report.claims.iter().filter(|claim| claim.class == class);
        lines.extend(claims.flat_map(|claim| items(view, claim, shape, cells)));
    }
    lines.extend(only_one(app, view, report, shape, cells));
    lines
}

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
fn wide_card(view: &TurnView, number: u32, conflict: &Contradiction, is_selected: bool, cells: u16) -> Vec<Line> {
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
fn sources_line<'a>(
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

fn tall_card(app: &App, view: &TurnView, number: u32, conflict: &Contradiction, cells: u16) -> Vec<Line> {
    let room = cells.saturating_sub(INDENT as u16);
    let is_selected = app.conflict == Some(number);
    let mut lines = vec![sign(number, conflict, is_selected).with(Slot::Strong, truncate(&topic(conflict), room))];
    for side in &conflict.sides {
        lines.push(side_line(view, side, cells));
        lines.extend(side_sources(view, side, cells));
    }
    let claims = view.report.iter().flat_map(|report| &report.claims);
    let claim = claims.into_iter().find(|claim| claim.id == conflict.claim);
    if let Some(silent) = claim.map(|claim| silent(view, claim)).filter(|silent| !silent.is_empty()) {
        lines.push(Line::new().with(Slot::Dim, format!("     {silent}")));
    }
    lines.push(Line::new());
    lines
}

/// Returns a claim in a line; where models name sources for it they follow, beside it where there is room.
fn items(view: &TurnView, claim: &Claim, shape: PanelShape, cells: u16) -> Vec<Line> {
    let line = item(view, claim, cells);
    let Some(sources) = sources_line(view, claim.spans.iter().map(|span| (span.member, &span.range)), cells) else {
        return vec![line];
    };
    if shape == PanelShape::Wide && line.width() + sources.width() <= usize::from(cells) {
        let mut line = line;
        line.pieces.extend(sources.pieces);
        return vec![line];
    }
    vec![line, sources]
}

fn item(view: &TurnView, claim: &Claim, cells: u16) -> Line {
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

fn only_one(app: &App, view: &TurnView, report: &Report, shape: PanelShape, cells: u16) -> Vec<Line> {
    let alone: Vec<&Claim> = report.claims.iter().filter(|claim| claim.class == Class::OnlyOne).collect();
    if alone.is_empty() {
        return Vec::new();
    }
    if app.sight.claims == Claims::All {
        return alone.into_iter().flat_map(|claim| items(view, claim, shape, cells)).collect();
    }
    let by = |column: Column| {
        alone.iter().filter(|claim| claim.spans.first().is_some_and(|span| span.member == column.index())).count()
    };
    let counted: Vec<String> =
        app.columns().into_iter().map(|column| format!("{} {}", view.faces.letter(column), by(column))).collect();
    vec![
        Line::new()
            .with(Slot::OnlyOne, " ·   ")
            .with(Slot::Dim, format!("only one says it: {}", counted.join(" · ")))
            .with(Slot::Dim, "   . unfolds"),
    ]
}
