//! Two positions of a conflict side by side: whose they are, their words, and the whole answers below.

use std::ops::Range;

use crate::consensus::report::{Claim, Contradiction, Quote, Report, Side, Stance};
use crate::domain::ids::Column;
use crate::ui::app::{App, TurnView};
use crate::ui::line::{Line, Slot};
use crate::ui::scroll::Scroll;
use crate::ui::text::clean::clean;
use crate::ui::text::diff::differing_words;
use crate::ui::text::document::Document;
use crate::ui::text::width::wrap;

/// Cells before the text of a half: a model's letter, or air.
pub(crate) const LEAD: u16 = 4;

/// A comparison that lies over the columns; they stay as they are below it.
#[derive(Debug)]
pub struct Compare {
    /// The number of the conflict.
    pub number: u32,
    /// The members whose answers stand on the left and on the right; each stands for its side of the conflict.
    pub members: [usize; 2],
    /// Where both halves stand.
    pub scroll: Scroll,
    texts: Vec<Text>,
    rows: Vec<[HalfRow; 2]>,
    /// The turn's revision and the cells of a half.
    laid_for: Option<(u64, u16)>,
}

/// One member's answer, laid out for half of the width.
#[derive(Debug)]
struct Text {
    member: usize,
    generation: u32,
    n_bytes: usize,
    document: Document,
}

/// One row of a half.
#[derive(Clone, Debug, Default)]
pub(crate) enum HalfRow {
    /// Nothing.
    #[default]
    Empty,
    /// Our own words.
    Line(Line),
    /// Words of a member.
    Text {
        /// Whose.
        member: usize,
        /// Which row of its answer.
        row: usize,
        /// The letter before it.
        chip: Option<Column>,
        /// What lies over it.
        layers: Vec<(Range<usize>, Slot)>,
    },
}

impl Compare {
    /// Returns the comparison of a conflict: the two positions with the most members, each by its first member. `None`
    /// when the conflict has no two positions.
    pub fn new(number: u32, conflict: &Contradiction) -> Option<Self> {
        let mut firsts = conflict.sides.iter().filter_map(|side| side.members.first().copied());
        let members = [firsts.next()?, firsts.next()?];
        let scroll = Scroll { is_following: false, top: 0 };
        Some(Self { number, members, scroll, texts: Vec::new(), rows: Vec::new(), laid_for: None })
    }

    /// Puts the next member of another position than the opposite one's into a half.
    pub fn switch(&mut self, half: usize, conflict: &Contradiction) {
        let Some((here, there)) = self.members.get(half).zip(self.members.get(1 - half.min(1))) else { return };
        let opposite = side_of(conflict, *there).map(|side| &side.value);
        let others = conflict.sides.iter().filter(|side| Some(&side.value) != opposite);
        let choices: Vec<usize> = others.flat_map(|side| side.members.iter().copied()).collect();
        let at = choices.iter().position(|member| member == here).map_or(0, |at| (at + 1) % choices.len().max(1));
        if let (Some(next), Some(half)) = (choices.get(at).copied(), self.members.get_mut(half)) {
            *half = next;
            self.laid_for = None;
        }
    }

    /// Returns how many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Returns a row of both halves.
    pub(crate) fn row(&self, idx: usize) -> Option<&[HalfRow; 2]> {
        self.rows.get(idx)
    }

    /// Returns a member's answer as it is laid out here.
    pub(crate) fn document(&self, member: usize) -> Option<&Document> {
        self.texts.iter().find(|text| text.member == member).map(|text| &text.document)
    }

    /// Brings the rows up to date with the turn; a half has `cells`.
    fn lay(&mut self, view: &TurnView, cells: u16) {
        if self.laid_for == Some((view.revision, cells)) {
            return;
        }
        self.laid_for = Some((view.revision, cells));
        let Some((report, conflict)) = view.report.as_deref().zip(view.conflict(self.number)) else { return };
        let text_cells = cells.saturating_sub(LEAD);
        for member in conflict.sides.iter().flat_map(|side| &side.members) {
            self.lay_text(view, *member, text_cells);
        }
        let [left, right] = self.members;
        let mut halves = [self.quotes(view, conflict, left, right), self.quotes(view, conflict, right, left)];
        pad(&mut halves);
        for (half, (member, other)) in halves.iter_mut().zip([(left, right), (right, left)]) {
            let letter = |member: usize| view.faces.letter(Column::at(member));
            let text = format!("the whole answer of {}; dim: {} says it too", letter(member), letter(other));
            let heading = wrap(&text, cells).into_iter().map(|row| Line::new().with(Slot::Dim, row));
            half.extend(heading.map(HalfRow::Line).chain([HalfRow::Empty]));
            half.extend(self.whole(report, member, other));
        }
        pad(&mut halves);
        let [left, right] = halves;
        self.rows = left.into_iter().zip(right).map(|(left, right)| [left, right]).collect();
    }

    /// Lays out what is new of a member's answer; an answer that began anew, from its start.
    fn lay_text(&mut self, view: &TurnView, member: usize, cells: u16) {
        let (Some(response), Some(column)) = (view.turn.responses.get(member), view.columns.get(member)) else {
            return;
        };
        let known = self.texts.iter().position(|text| text.member == member);
        let known = known.unwrap_or_else(|| {
            let generation = column.generation;
            self.texts.push(Text { member, generation, n_bytes: 0, document: Document::new() });
            self.texts.len() - 1
        });
        let Some(text) = self.texts.get_mut(known) else { return };
        if text.generation != column.generation {
            *text = Text { member, generation: column.generation, n_bytes: 0, document: Document::new() };
        }
        text.document.push(response.text.get(text.n_bytes..).unwrap_or_default());
        text.n_bytes = response.text.len();
        if response.is_over() {
            text.document.close();
        }
        text.document.set_width(cells);
        text.document.reflow();
    }

    /// Returns what the members on the side of `member` say, its own words first, with what differs from the opposite
    /// member's words marked.
    fn quotes(&self, view: &TurnView, conflict: &Contradiction, member: usize, other: usize) -> Vec<HalfRow> {
        let Some(side) = side_of(conflict, member) else { return Vec::new() };
        let opposite = quote_of(conflict, other).map(|quote| words(view, quote));
        let mut quotes: Vec<&Quote> = side.quotes.iter().collect();
        quotes.sort_by_key(|quote| quote.member != member);
        let mut rows = Vec::new();
        for quote in quotes {
            let differing = opposite.and_then(|opposite| differing_words(words(view, quote), opposite));
            let (differing, _) = differing.unwrap_or_default();
            let start = quote.range.start;
            let mut layers = vec![(0..start, Slot::Dim), (quote.range.end..usize::MAX, Slot::Dim)];
            layers.extend(differing.into_iter().map(|word| (start + word.start..start + word.end, Slot::Differs)));
            let Some(document) = self.document(quote.member) else { continue };
            let mut chip = Some(Column::at(quote.member));
            let first = document.row_at_source(start).unwrap_or(0);
            for row in first..document.n_rows() {
                let Some(shown) = document.row(row).filter(|row| row.source.start < quote.range.end) else { break };
                // Rules and blank rows show no byte of the quote.
                if shown.source.end > start && !shown.source.is_empty() {
                    rows.push(HalfRow::Text { member: quote.member, row, chip: chip.take(), layers: layers.clone() });
                }
            }
            rows.push(HalfRow::Empty);
        }
        rows
    }

    /// Returns the whole answer of a member, with what the opposite one says too stepping back.
    fn whole(&self, report: &Report, member: usize, other: usize) -> Vec<HalfRow> {
        let Some(document) = self.document(member) else { return Vec::new() };
        let shared = report.claims.iter().filter(|claim| says(claim, member) && says(claim, other));
        let spans = shared.flat_map(|claim| &claim.spans).filter(|span| span.member == member);
        let layers: Vec<_> = spans.map(|span| (span.range.clone(), Slot::Dim)).collect();
        let row = |row| HalfRow::Text { member, row, chip: None, layers: layers.clone() };
        (0..document.n_rows()).map(row).collect()
    }
}

/// Brings the comparison up to date, where there is one.
pub(crate) fn reflow(app: &mut App) {
    let cells = half_cells(app.layout.answers.width);
    let Some(view) = app.turns.get(app.selected) else { return };
    if let Some(compare) = &mut app.compare {
        compare.lay(view, cells);
    }
}

/// Returns the cells of a half for an area: the rule between them and a cell of air on each side are taken off.
pub(crate) fn half_cells(width: u16) -> u16 {
    (width.saturating_sub(3) / 2).saturating_sub(1)
}

/// Returns the position that a member takes.
pub(crate) fn side_of(conflict: &Contradiction, member: usize) -> Option<&Side> {
    conflict.sides.iter().find(|side| side.members.contains(&member))
}

/// Returns a position's value in one piece, cleaned.
pub(crate) fn value_of(side: &Side) -> String {
    clean(&side.value).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quote_of(conflict: &Contradiction, member: usize) -> Option<&Quote> {
    conflict.sides.iter().flat_map(|side| &side.quotes).find(|quote| quote.member == member)
}

/// Returns the words of a quote as they stand in the answer.
fn words<'a>(view: &'a TurnView, quote: &'a Quote) -> &'a str {
    let response = view.turn.responses.get(quote.member);
    response.and_then(|response| response.text.get(quote.range.clone())).unwrap_or(&quote.text)
}

fn says(claim: &Claim, member: usize) -> bool {
    claim.stances.get(member) == Some(&Stance::Support)
}

/// Makes both halves as long as the longer one.
fn pad(halves: &mut [Vec<HalfRow>; 2]) {
    let longest = halves.iter().map(Vec::len).max().unwrap_or(0);
    for half in halves {
        half.resize(longest, HalfRow::Empty);
    }
}
