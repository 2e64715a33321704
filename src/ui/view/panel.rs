//! The consensus panel: the counts as a bar, a card for each conflict, then what is agreed and what only one says.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::consensus::report::{Class, Contradiction};
use crate::domain::ids::{Column, TurnId};
use crate::ui::app::{App, TurnView};
use crate::ui::geometry::PanelShape;
use crate::ui::line::{Line, Slot};
use crate::ui::sight::Claims;
use crate::ui::view::cards::{Cards, INDENT};
use crate::ui::view::paint::{paint_line, paint_lines, paint_rule};
use crate::ui::view::verdict::{band_slot, bar, count_parts, counts, has_enough};

/// Cells of the bar.
const BAR: u16 = 10;
/// Cells at the end of the title that say how much more there is.
const MORE: u16 = 10;
/// What stands between two counts.
const SEPARATOR: &str = " · ";
/// Rows above the items of a panel beside the columns: the title, the counts, air.
const RAIL_HEAD: u16 = 3;

/// The panel, laid out.
#[derive(Clone, Debug, Default)]
pub struct PanelView {
    /// The lines that can come into sight.
    lines: Vec<Line>,
    /// Claims after them: no key brings these into sight, so no line is made of them.
    n_further: usize,
    laid_for: Option<PanelFor>,
}

/// All that the panel's lines depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PanelFor {
    /// The turn, and what [`TurnView::outline`] was.
    turn: (TurnId, u64),
    shape: PanelShape,
    size: (u16, u16),
    columns: Vec<Column>,
    conflict: Option<u32>,
    claims: Claims,
}

impl TurnView {
    /// Returns a count that goes up with everything that changes how the turn looks, but for text that comes in.
    fn outline(&self) -> u64 {
        self.revision - self.n_texts
    }
}

/// Lays out the panel for its shape, where something has changed: of long answers there are thousands of claims.
pub(crate) fn reflow(app: &mut App) {
    let wanted = app.layout.panel.zip(app.shown()).map(|((shape, area), view)| PanelFor {
        turn: (view.turn.id, view.outline()),
        shape,
        size: (area.width.saturating_sub(1), area.height),
        columns: app.columns(),
        conflict: app.conflict,
        claims: app.sight.claims,
    });
    if app.panel.laid_for == wanted {
        return;
    }
    app.work.panels_laid += 1;
    let view = wanted.as_ref().zip(app.shown());
    let (lines, n_further) = view.map(|(wanted, view)| lines(app, view, wanted.shape, wanted.size)).unwrap_or_default();
    app.panel = PanelView { lines, n_further, laid_for: wanted };
}

/// Paints the panel.
pub(crate) fn paint(app: &App, buf: &mut Buffer) {
    let Some(((shape, area), view)) = app.layout.panel.zip(app.shown()) else { return };
    let title = Rect { height: 1, ..area };
    paint_rule(title, "─", app.theme.style(Slot::Rule), buf);
    paint_line(
        &heading(view, shape, area.width.saturating_sub(if area.height > 1 { MORE + 2 } else { 2 })),
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
    paint_lines(app.panel.lines.iter().skip(first), body, &app.theme, buf);
    let n_hidden = app.panel.lines.len().saturating_sub(first + height) + app.panel.n_further;
    // A panel of one row is a line of status; there is no list to have more of.
    if n_hidden > 0 && area.height > 1 {
        let text = format!(" {n_hidden} more ");
        let x = title.right().saturating_sub(MORE).max(title.x);
        paint_line(&Line::new().with(Slot::Dim, text), Rect { x, width: title.right() - x, ..title }, &app.theme, buf);
    }
}

/// Returns the first line in sight: the selected conflict always is.
fn first_line(app: &App, height: usize) -> usize {
    let selected = app.panel.lines.iter().position(|line| line.pieces.first().is_some_and(|piece| piece.text == "▸"));
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
    let mut texts = app.panel.lines.get(..=line)?.iter().rev().map(Line::plain);
    let card = texts.find(|text| text.chars().take(INDENT).any(|letter| letter != ' '))?;
    let sign = card.trim_start_matches(['▸', ' ']).strip_prefix('≠')?;
    sign.split(' ').next()?.parse().ok()
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
        parts.push(band.unwrap_or_default().with(Slot::Dim, "so far"));
    }
    if shape == PanelShape::Wide {
        let mut counted = count_parts(report.counts);
        let all = parts.iter().chain(&counted).map(|part| part.width() + SEPARATOR.len()).sum::<usize>();
        if report.counts.conflicts > 0 && line.width() + all > usize::from(cells) {
            // What does not fit is left out from the right: conflicts are the last to go.
            counted.sort_by_key(|part| !part.plain().starts_with("conflicts"));
            let first = counted.drain(..1).collect::<Vec<_>>();
            parts.splice(0..0, first);
        }
        parts.extend(counted);
    }
    for (idx, part) in parts.into_iter().enumerate() {
        let separator = if idx == 0 { "" } else { SEPARATOR };
        if line.width() + separator.len() + part.width() > usize::from(cells) {
            break;
        }
        line.push(Slot::Dim, separator);
        line.pieces.extend(part.pieces);
    }
    line.push(Slot::Dim, " ");
    line
}

/// Returns the lines that can come into sight, and how many claims there are after them.
fn lines(app: &App, view: &TurnView, shape: PanelShape, (cells, height): (u16, u16)) -> (Vec<Line>, usize) {
    let Some(report) = view.report.as_ref().filter(|report| report.n_committed > 0) else {
        return (vec![Line::new().with(Slot::Dim, "     nothing to compare yet")], 0);
    };
    let mut lines = Vec::new();
    if let Some(reason) = &report.not_compared {
        lines.push(Line::new().with(Slot::Dim, format!("     not compared: {reason}")));
    }
    let mut conflicts: Vec<(u32, &Contradiction)> =
        report.contradictions.iter().map(|conflict| (view.numbers.of(conflict.id), conflict)).collect();
    conflicts.sort_by_key(|(number, _)| *number);
    let alone = || report.claims.iter().filter(|claim| claim.class == Class::OnlyOne);
    let shared = [Class::Agreed, Class::Partly].into_iter();
    let shared = shared.flat_map(|class| report.claims.iter().filter(move |claim| claim.class == class));
    let (mut listed, folded): (Vec<_>, Vec<_>) = match app.sight.claims {
        Claims::All => (shared.chain(alone()).collect(), Vec::new()),
        Claims::Usual => (shared.collect(), alone().collect()),
        Claims::OnlyConflicts => (Vec::new(), Vec::new()),
    };
    // Cards of conflicts come first and are what keys move between; of claims a window full is the most in sight.
    let n_further = listed.len().saturating_sub(usize::from(height));
    listed.truncate(usize::from(height));
    let cards = Cards::new(view, app.columns(), (shape, cells), &conflicts, &listed);
    for (number, conflict) in &conflicts {
        lines.extend(cards.conflict(*number, conflict, app.conflict == Some(*number)));
    }
    if app.sight.claims == Claims::OnlyConflicts {
        if report.contradictions.is_empty() {
            lines.push(Line::new().with(Slot::Dim, "     no conflict"));
        }
        lines.push(Line::new().with(Slot::Dim, "     only conflicts are listed   , lists all"));
        return (lines, 0);
    }
    lines.extend(listed.into_iter().flat_map(|claim| cards.claim(claim)));
    lines.extend(cards.folded(&folded));
    (lines, n_further)
}
