//! The conversation: each question with the ranked answer, who supports it, and its verdict; older turns folded.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::ids::Column;
use crate::domain::verdict::{Verdict, two_digits};
use crate::ui::app::{App, Source, TurnView};
use crate::ui::coloring::Given;
use crate::ui::geometry::Pane;
use crate::ui::line::{Line, Slot};
use crate::ui::marks::Marks;
use crate::ui::overlay::Overlay;
use crate::ui::reading::Goal;
use crate::ui::text::clean::clean;
use crate::ui::text::document::Document;
use crate::ui::text::row::Row;
use crate::ui::text::width::{truncate, wrap};
use crate::ui::view::paint::{highlight, paint_line, paint_row, paint_rule, put};
use crate::ui::view::verdict::Beside;
use crate::ui::view::{column, is_focused, support, verdict};
use crate::ui::{sources, talk};

/// Cells before the text of a question: `you` and air.
const YOU: u16 = 6;

/// How much of a long question is shown: so many rows of its head, and of its end.
type Kept = (usize, usize);

/// A question of ten rows is shown in full, of a longer one a good part.
const IN_FULL: Kept = (6, 3);

/// In a low pane a long question would leave no row for what is said of it.
const IN_SHORT: Kept = (1, 1);

/// One turn as the conversation shows it, laid out.
#[derive(Debug, Default)]
pub struct ChatBlock {
    answer: Document,
    given: Given,
    /// Which answer this is: counts up with every verdict.
    generation: u32,
    answer_by: Option<Column>,
    rows: Vec<ChatRow>,
    /// Revision, width, whether it is the selected turn, whether the pane is low, what else is in sight.
    built_for: Option<(u64, u16, bool, bool, Beside)>,
}

#[derive(Debug)]
enum ChatRow {
    Line(Line),
    /// A row of the answer.
    Answer(usize),
}

impl ChatBlock {
    /// Sets the answer of the ensemble, and the column whose text it is.
    pub fn set_answer(&mut self, text: &str, by: Option<Column>) {
        self.answer = Document::default();
        self.given = Given::default();
        self.generation += 1;
        self.answer.push(text);
        self.answer.close();
        self.answer_by = by;
        self.built_for = None;
    }

    /// Returns the answer, what of its code has been given away to be coloured, and which answer it is.
    pub(crate) fn answer_to_color(&mut self) -> (&Document, &mut Given, u32) {
        (&self.answer, &mut self.given, self.generation)
    }

    /// Returns the answer, to be coloured, and which answer it is.
    pub(crate) fn answer_mut(&mut self) -> (&mut Document, u32) {
        (&mut self.answer, self.generation)
    }

    /// Returns the column whose text the answer is.
    pub fn answer_by(&self) -> Option<Column> {
        self.answer_by
    }

    /// Returns the answer of the ensemble, laid out.
    pub fn answer(&self) -> &Document {
        &self.answer
    }

    /// Returns the row of the turn that shows a byte of the answer, or the first one for the question.
    fn row_of(&self, source: Option<usize>) -> usize {
        let wanted = source.and_then(|source| self.answer.row_at_source(source));
        let is_it = |row: &ChatRow| matches!((row, wanted), (ChatRow::Answer(row), Some(wanted)) if *row == wanted);
        self.rows.iter().position(is_it).unwrap_or(0)
    }

    /// Returns the rows that the turn takes.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }
}

/// Lays out the turns that changed.
pub(crate) fn reflow(app: &mut App) {
    let Some(area) = app.layout.chat else { return };
    let cells = area.width.saturating_sub(2);
    let is_low = app.is_chat_low();
    let beside = Beside::of(app);
    let held = held(app);
    for (idx, view) in app.turns.iter_mut().enumerate() {
        let wanted = (view.revision, cells, idx == app.selected, is_low, beside);
        if view.chat.built_for != Some(wanted) {
            view.chat.answer.set_width(cells);
            view.chat.answer.reflow();
            view.chat.rows = match (idx == app.selected, is_low) {
                (true, false) => open(view, &app.source, beside, cells),
                (true, true) => open_low(view, &app.source, beside, cells),
                (false, _) => folded(view, cells),
            };
            if idx != app.selected {
                view.chat.answer.rest();
            }
            view.chat.built_for = Some(wanted);
        }
    }
    app.places.stack(0, app.turns.iter().map(|view| view.chat.n_rows()));
    if let Some(Held { turn, row, source, n_below }) = held {
        let chat = app.turns.get(turn).map(|view| &view.chat);
        let row = chat.map_or(0, |chat| match source {
            Some(_) => chat.row_of(source).saturating_add_signed(n_below),
            None => row.min(chat.n_rows()),
        });
        app.chat_scroll.top = app.places.start(turn) + row;
    }
    bring_into_sight(app);
}

/// What the top row shows, so that it is found again when turns above it grow or fold.
struct Held {
    turn: usize,
    /// The row of the turn.
    row: usize,
    /// In an answer, the byte that it begins with.
    source: Option<usize>,
    /// How many rows it stands below the one that is found by that byte.
    n_below: isize,
}

/// Returns what the top row shows while the conversation does not follow.
fn held(app: &App) -> Option<Held> {
    if app.chat_scroll.is_following {
        return None;
    }
    let (turn, row) = app.places.turn_at(app.first_row(Pane::Chat))?;
    let chat = &app.turns.get(turn)?.chat;
    match chat.rows.get(row)? {
        ChatRow::Answer(shown) => {
            let source = chat.answer.source_at_row(*shown);
            let found = chat.answer.row_at_source(source).unwrap_or(*shown);
            let n_below = shown.wrapping_sub(found).cast_signed();
            Some(Held { turn, row, source: Some(source), n_below })
        }
        ChatRow::Line(_) => Some(Held { turn, row, source: None, n_below: 0 }),
    }
}

/// Brings what was asked for into sight, unless it is there already.
fn bring_into_sight(app: &mut App) {
    let Some(Goal { turn, source }) = app.reading.chat_goal.take() else { return };
    let Some(view) = app.turns.get(turn) else { return };
    let row = app.places.start(turn) + view.chat.row_of(source);
    if !is_in_sight(app, row, if source.is_none() { view.chat.n_rows() } else { 0 }) {
        let extent = app.extent(Pane::Chat);
        app.chat_scroll.to(row, extent);
    }
}

/// Returns whether a row is in sight, with the first of the `n_rows` that follow it: a turn's head alone is of no use.
fn is_in_sight(app: &App, row: usize, n_rows: usize) -> bool {
    let (first, height) = (app.first_row(Pane::Chat), app.extent(Pane::Chat).height);
    first <= row && row + n_rows.min(2) < first + height
}

/// Returns the row of the conversation in sight `below` rows under its top: the position of its turn, and the row.
fn row_at(app: &App, below: usize) -> Option<(usize, &ChatRow)> {
    let (turn, row) = app.places.turn_at(app.first_row(Pane::Chat) + below)?;
    Some((turn, app.turns.get(turn)?.chat.rows.get(row)?))
}

/// Returns the turn that is shown `below` rows under the top of the conversation.
pub(crate) fn turn_at(app: &App, below: usize) -> Option<usize> {
    row_at(app, below).map(|(turn, _)| turn)
}

/// Returns the row of an ensemble's answer that is `below` rows under the top of the conversation, and its turn.
pub(crate) fn answer_row(app: &App, below: usize) -> Option<(usize, &Row)> {
    match row_at(app, below)? {
        (_, ChatRow::Line(_)) => None,
        (turn, ChatRow::Answer(row)) => Some((turn, app.turns.get(turn)?.chat.answer.row(*row)?)),
    }
}

/// Moves the cursor to the turn above or below where its head is in sight already; returns whether it did. Else a line
/// is to be scrolled: nothing moves by more.
pub(crate) fn move_cursor(app: &mut App, step: isize) -> bool {
    let cursor = app.reading.chat_cursor.min(app.turns.len().saturating_sub(1));
    let next = cursor.saturating_add_signed(step);
    let Some(view) = app.turns.get(next).filter(|_| next != cursor) else { return false };
    let extent = app.extent(Pane::Chat);
    let is_at_end = step > 0 && app.first_row(Pane::Chat) == extent.last_top();
    let needed = if is_at_end { 0 } else { view.chat.n_rows() };
    if !is_in_sight(app, app.places.start(next), needed) {
        return false;
    }
    app.reading.chat_cursor = next;
    true
}

/// Paints the conversation; returns how many rows that took.
pub(crate) fn paint(app: &App, buf: &mut Buffer) -> u64 {
    let Some(area) = app.layout.chat else { return 0 };
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let first = app.first_row(Pane::Chat);
    let none = Marks::default();
    let mut n_painted = 0;
    let has_cursor = is_focused(app, Pane::Chat) && app.turns.len() > 1;
    for (row, y) in (first..).zip(area.top()..area.bottom()) {
        let Some((turn, idx)) = app.places.turn_at(row) else { break };
        let Some(view) = app.turns.get(turn) else { break };
        let Some(row) = view.chat.rows.get(idx) else { break };
        let place = Rect { y, height: 1, ..area };
        n_painted += 1;
        if has_cursor && idx == 0 && turn == app.reading.chat_cursor {
            put(buf, (area.x - 1, y), area.right(), "▸", app.theme.style(Slot::Focus));
        }
        match row {
            ChatRow::Line(line) => {
                paint_line(line, place, &app.theme, buf);
                if let Some(find) = app.reading.find.as_ref().filter(|find| find.is_in_question(turn)) {
                    highlight(&find.query, place, app.theme.style(Slot::Found), buf);
                }
            }
            ChatRow::Answer(row) => {
                let column = view.chat.answer_by.and_then(|by| view.columns.get(by.index()));
                let marks = column.map_or(&none, |column| &column.marks);
                if let Some(row) = view.chat.answer.row(*row) {
                    let layers = column::layers(app, turn, Pane::Chat);
                    let overlay = Overlay::new(marks).leading(app.conflict).with(layers);
                    paint_row(row, &overlay, place, &app.theme, buf);
                }
            }
        }
    }
    paint_head(app, app.rows_below(Pane::Chat), buf);
    n_painted
}

/// Returns the rows of the selected turn's answer that are in sight.
pub(crate) fn answer_in_sight(app: &App) -> Range<usize> {
    let (Some(area), Some(view)) = (app.layout.chat, app.shown()) else { return 0..0 };
    let (first, before) = (app.first_row(Pane::Chat), app.places.start(app.selected));
    let skipped = first.saturating_sub(before);
    let n_seen = (first + usize::from(area.height)).saturating_sub(before).saturating_sub(skipped);
    let mut answer = view.chat.rows.iter().skip(skipped).take(n_seen).filter_map(|row| match row {
        ChatRow::Answer(row) => Some(*row),
        ChatRow::Line(_) => None,
    });
    let Some(start) = answer.next() else { return 0..0 };
    start..answer.next_back().unwrap_or(start) + 1
}

/// Names the pane and draws its rule: over it where it stands on the left, in one row with its name where it stands
/// below.
fn paint_head(app: &App, n_below: usize, buf: &mut Buffer) {
    let Some(head) = app.layout.chat_head else { return };
    let rule = Rect { y: head.bottom().saturating_sub(1), height: 1, ..head };
    let is_focused = is_focused(app, Pane::Chat);
    let (sign, slot) = if is_focused { ("━", Slot::Focus) } else { ("─", Slot::Rule) };
    paint_rule(rule, sign, app.theme.style(slot), buf);
    let name = Rect { x: head.x + u16::from(head.height == 1), width: head.width.saturating_sub(1), height: 1, ..head };
    paint_line(&Line::new().with(Slot::Strong, " chat "), name, &app.theme, buf);
    if n_below > 0 {
        let text = format!(" ▾ {n_below} below ");
        let x = rule.right().saturating_sub(u16::try_from(text.chars().count() + 1).unwrap_or(0)).max(rule.x);
        put(buf, (x, rule.y), rule.right(), &text, app.theme.style(Slot::Dim));
    }
}

/// Returns a turn in full.
fn open(view: &TurnView, source: &Source, beside: Beside, cells: u16) -> Vec<ChatRow> {
    let mut lines = question(view, cells, IN_FULL);
    lines.push(Line::new());
    let mut rows: Vec<ChatRow> = lines.drain(..).map(ChatRow::Line).collect();
    if let Some(verdict) = &view.verdict {
        let heading = heading(view, verdict);
        rows.extend(heading.into_iter().map(ChatRow::Line));
        rows.extend((0..view.chat.answer.n_rows()).map(ChatRow::Answer));
        rows.extend(sources(view, cells));
        rows.push(ChatRow::Line(Line::new()));
        let support = support::lines(view, verdict, cells);
        if !support.is_empty() {
            rows.extend(support.into_iter().map(ChatRow::Line));
            rows.push(ChatRow::Line(Line::new()));
        }
    }
    rows.extend(verdict::lines(view, source, beside, cells).into_iter().map(ChatRow::Line));
    rows.push(ChatRow::Line(Line::new()));
    rows
}

/// Returns the pages that the ranked answer rests on.
fn sources(view: &TurnView, cells: u16) -> impl Iterator<Item = ChatRow> {
    let response = view.chat.answer_by.and_then(|by| view.turn.response(by));
    let lines = response.map(|response| sources::lines(response, cells)).unwrap_or_default();
    lines.into_iter().map(ChatRow::Line)
}

/// Returns a turn for a low pane: what matters most comes first.
fn open_low(view: &TurnView, source: &Source, beside: Beside, cells: u16) -> Vec<ChatRow> {
    let mut lines = question(view, cells, IN_SHORT);
    lines.extend(verdict::lines(view, source, beside, cells));
    let mut rows: Vec<ChatRow> = lines.into_iter().map(ChatRow::Line).collect();
    if let Some(verdict) = &view.verdict {
        rows.extend(heading(view, verdict).map(ChatRow::Line));
        rows.extend((0..view.chat.answer.n_rows()).map(ChatRow::Answer));
        rows.extend(sources(view, cells));
        rows.extend(support::lines(view, verdict, cells).into_iter().map(ChatRow::Line));
    }
    rows.push(ChatRow::Line(Line::new()));
    rows
}

/// Returns an older turn in two or three lines.
fn folded(view: &TurnView, cells: u16) -> Vec<ChatRow> {
    let whole = clean(&view.turn.question).split_whitespace().collect::<Vec<_>>().join(" ");
    let first = truncate(&whole, cells.saturating_sub(YOU));
    let mut lines = vec![Line::new().with(Slot::Dim, "you   ").with(Slot::Text, first)];
    if let Some(verdict) = &view.verdict {
        let rows = (0..view.chat.answer.n_rows()).filter_map(|idx| view.chat.answer.row(idx));
        let first = rows.map(Row::text).find(|text| !text.trim().is_empty());
        let first = first.map_or_else(|| "no answer".to_owned(), |text| text.trim().to_owned());
        let band = verdict
            .band
            .zip(verdict.confidence)
            .map(|(band, confidence)| (band, format!(" {}", two_digits(confidence))));
        let taken = band.as_ref().map_or(0, |(band, text)| band.as_str().len() + text.len() + 2);
        let room = cells.saturating_sub(u16::try_from(taken + 3).unwrap_or(0));
        let mut line = Line::new().with(Slot::Dim, "▸ ").with(Slot::Text, truncate(&first, room));
        if let Some((band, text)) = band {
            line.push(Slot::Text, "  ");
            line.push(verdict::band_slot(band), band.as_str());
            line.push(Slot::Dim, text);
        }
        lines.push(line);
    }
    lines.push(Line::new());
    lines.into_iter().map(ChatRow::Line).collect()
}

/// Returns the question. Of a long one, such as a paste, its head and its end: the answer is what is looked for.
fn question(view: &TurnView, cells: u16, (n_head, n_end): Kept) -> Vec<Line> {
    let text = clean(&view.turn.question);
    let rows = wrap(&text, cells.saturating_sub(YOU));
    let lead = |idx: usize| if idx == 0 { "you   " } else { "      " };
    let n_rows = rows.len();
    let end = n_rows.saturating_sub(n_end);
    // One row would be taken by what is said of it.
    let is_long = end > n_head + 1;
    let line = |(idx, row)| match idx {
        idx if is_long && idx == n_head => {
            Some(Line::new().with(Slot::Dim, format!("      … {} rows more …", end - n_head)))
        }
        idx if is_long && idx > n_head && idx < end => None,
        _ => Some(Line::new().with(Slot::Dim, lead(idx)).with(Slot::Strong, row)),
    };
    let mut lines: Vec<Line> = rows.into_iter().enumerate().filter_map(line).collect();
    if !view.turn.files.is_empty() {
        let names = truncate(&talk::names(&view.turn.files), cells.saturating_sub(YOU + 2)).into_owned();
        lines.push(Line::new().with(Slot::Dim, format!("      + {names}")));
    }
    lines
}

fn heading(view: &TurnView, verdict: &Verdict) -> Option<Line> {
    let by = view.chat.answer_by?;
    let line = Line::new().with_chips([view.faces.of(by)]);
    Some(match (&verdict.fallback, verdict.answered) {
        (Some(fallback), _) => line.with(Slot::Warn, format!(" alone, as a fallback: {fallback}")),
        (None, 0 | 1) => line.with(Slot::Dim, " answers"),
        (None, _) => line.with(Slot::Dim, " answers for the ensemble"),
    })
}
