//! The consensus panel: the counts as a bar, a card for each conflict, then what is agreed and what only one says.

use std::borrow::Cow;
use std::collections::HashMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::consensus::report::{Claim, Class, Contradiction, Report};
use crate::domain::ids::{Column, TurnId};
use crate::ui::app::{App, TurnView};
use crate::ui::geometry::PanelShape;
use crate::ui::line::{Line, Slot};
use crate::ui::sight::Claims;
use crate::ui::view::cards::{claim_line, sources_line, tall_card, wide_card};
use crate::ui::view::paint::{paint_line, paint_lines, paint_rule};
use crate::ui::view::verdict::{band_slot, bar, count_parts, counts, has_enough};

/// Cells of the bar.
const BAR: u16 = 10;
/// Cells at the end of the title that say how much more there is.
const MORE: u16 = 10;
/// Rows above the items of a panel beside the columns: the title, the counts, air.
const RAIL_HEAD: u16 = 3;

/// The panel, laid out.
#[derive(Clone, Debug, Default)]
pub struct PanelView {
    items: Vec<PanelItem>,
    laid_for: Option<PanelFor>,
}

/// All that the panel's items depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PanelFor {
    /// The turn, and what [`TurnView::outline`] was.
    turn: (TurnId, u64),
    shape: PanelShape,
    cells: u16,
    columns: Vec<Column>,
    conflict: Option<u32>,
    claims: Claims,
}

/// One line of the panel.
#[derive(Clone, Debug, PartialEq)]
enum PanelItem {
    /// A line that has been made.
    Line(Line),
    /// The claim at that position of the report: its line is made where it is painted, as most are out of sight.
    Claim(usize),
}

impl TurnView {
    /// Returns a count that goes up with everything that changes how the turn looks, but for text that comes in.
    fn outline(&self) -> u64 {
        self.revision - self.n_texts
    }
}

/// Lays out the panel's items for its shape, where something has changed: of long answers there are thousands.
pub(crate) fn reflow(app: &mut App) {
    let wanted = app.layout.panel.zip(app.shown()).map(|((shape, area), view)| PanelFor {
        turn: (view.turn.id, view.outline()),
        shape,
        cells: area.width.saturating_sub(1),
        columns: app.columns(),
        conflict: app.conflict,
        claims: app.sight.claims,
    });
    if app.panel.laid_for == wanted {
        return;
    }
    app.work.panels_laid += 1;
    let view = wanted.as_ref().zip(app.shown());
    let items = view.map(|(wanted, view)| items(app, view, wanted.shape, wanted.cells));
    app.panel = PanelView { items: items.unwrap_or_default(), laid_for: wanted };
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
    let in_sight = app.panel.items.iter().skip(first).take(height);
    let in_sight: Vec<Cow<'_, Line>> = in_sight.map(|item| line_of(view, item, area.width.saturating_sub(1))).collect();
    paint_lines(in_sight.iter().map(|line| &**line), body, &app.theme, buf);
    let n_hidden = app.panel.items.len().saturating_sub(first + height);
    if n_hidden > 0 {
        let text = format!(" {n_hidden} more ");
        let x = title.right().saturating_sub(MORE).max(title.x);
        paint_line(&Line::new().with(Slot::Dim, text), Rect { x, width: title.right() - x, ..title }, &app.theme, buf);
    }
}

/// Returns the first line in sight: the selected conflict always is.
fn first_line(app: &App, height: usize) -> usize {
    let is_selected = |item: &PanelItem| match item {
        PanelItem::Line(line) => line.pieces.first().is_some_and(|piece| piece.text == "▸"),
        PanelItem::Claim(_) => false,
    };
    let selected = app.panel.items.iter().position(is_selected);
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
    for item in app.panel.items.get(..=line)?.iter().rev() {
        let PanelItem::Line(line) = item else { return None };
        let piece = line.pieces.iter().find(|piece| !piece.text.trim().is_empty() && piece.text != "▸");
        if let Some(sign) = piece.filter(|piece| !matches!(piece.slot, Slot::Chip(_) | Slot::Dim)) {
            return sign.text.trim().strip_prefix('≠')?.parse().ok();
        }
    }
    None
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

/// Returns the line of an item.
fn line_of<'a>(view: &TurnView, item: &'a PanelItem, cells: u16) -> Cow<'a, Line> {
    match item {
        PanelItem::Line(line) => Cow::Borrowed(line),
        PanelItem::Claim(idx) => {
            let claim = view.report.as_ref().and_then(|report| report.claims.get(*idx));
            Cow::Owned(claim.map_or_else(Line::new, |claim| claim_line(view, claim, cells)))
        }
    }
}

fn items(app: &App, view: &TurnView, shape: PanelShape, cells: u16) -> Vec<PanelItem> {
    let Some(report) = view.report.as_ref().filter(|report| report.n_committed > 0) else {
        return vec![PanelItem::Line(Line::new().with(Slot::Dim, "     nothing to compare yet"))];
    };
    let mut items: Vec<PanelItem> =
        head_lines(app, view, report, (shape, cells)).into_iter().map(PanelItem::Line).collect();
    if app.sight.claims == Claims::OnlyConflicts {
        return items;
    }
    let of_class = |class: Class| {
        let claims = report.claims.iter().enumerate();
        let claims = claims.filter(move |(_, claim)| claim.class == class);
        claims.flat_map(move |claim| claim_items(view, claim, shape, cells))
    };
    items.extend(of_class(Class::Agreed).chain(of_class(Class::Partly)));
    if app.sight.claims == Claims::All {
        items.extend(of_class(Class::OnlyOne));
    } else {
        items.extend(only_one(app, view, report).map(PanelItem::Line));
    }
    items
}

/// Returns what stands over the claims: why nothing was compared, and a card for each conflict.
fn head_lines(app: &App, view: &TurnView, report: &Report, (shape, cells): (PanelShape, u16)) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(reason) = &report.not_compared {
        lines.push(Line::new().with(Slot::Dim, format!("     not compared: {reason}")));
    }
    let mut conflicts: Vec<(u32, &Contradiction)> =
        report.contradictions.iter().map(|conflict| (view.numbers.of(conflict.id), conflict)).collect();
    conflicts.sort_by_key(|(number, _)| *number);
    let claims: HashMap<u32, &Claim> = match shape {
        PanelShape::Rail if !conflicts.is_empty() => report.claims.iter().map(|claim| (claim.id, claim)).collect(),
        PanelShape::Rail | PanelShape::Wide => HashMap::new(),
    };
    for (number, conflict) in conflicts {
        let is_selected = app.conflict == Some(number);
        match shape {
            PanelShape::Wide => lines.extend(wide_card(view, number, conflict, is_selected, cells)),
            PanelShape::Rail => {
                let claim = claims.get(&conflict.claim).copied();
                lines.extend(tall_card(view, (number, conflict), claim, (is_selected, cells)));
            }
        }
    }
    if app.sight.claims == Claims::OnlyConflicts {
        if report.contradictions.is_empty() {
            lines.push(Line::new().with(Slot::Dim, "     no conflict"));
        }
        lines.push(Line::new().with(Slot::Dim, "     only conflicts are listed   , lists all"));
    }
    lines
}

/// Returns the items of a claim: one, but where models name sources for it they follow, beside it where there is room.
fn claim_items(view: &TurnView, (idx, claim): (usize, &Claim), shape: PanelShape, cells: u16) -> Vec<PanelItem> {
    let Some(sources) = sources_line(view, claim.spans.iter().map(|span| (span.member, &span.range)), cells) else {
        return vec![PanelItem::Claim(idx)];
    };
    let mut line = claim_line(view, claim, cells);
    if shape == PanelShape::Wide && line.width() + sources.width() <= usize::from(cells) {
        line.pieces.extend(sources.pieces);
        return vec![PanelItem::Line(line)];
    }
    vec![PanelItem::Line(line), PanelItem::Line(sources)]
}

/// Returns how many claims only one makes, in a line; nothing where there is none.
fn only_one(app: &App, view: &TurnView, report: &Report) -> Option<Line> {
    let alone: Vec<&Claim> = report.claims.iter().filter(|claim| claim.class == Class::OnlyOne).collect();
    if alone.is_empty() {
        return None;
    }
    let by = |column: Column| {
        alone.iter().filter(|claim| claim.spans.first().is_some_and(|span| span.member == column.index())).count()
    };
    let counted: Vec<String> =
        app.columns().into_iter().map(|column| format!("{} {}", view.faces.letter(column), by(column))).collect();
    let line = Line::new().with(Slot::OnlyOne, " ·   ");
    let line = line.with(Slot::Dim, format!("only one says it: {}", counted.join(" · ")));
    Some(line.with(Slot::Dim, "   . unfolds"))
}
