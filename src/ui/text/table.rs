//! Tables: columns as wide as their text where the width allows it, and one record a row where it does not.

use std::ops::Range;
use std::sync::Arc;

use crate::ui::text::block::{Block, Part};
use crate::ui::text::inline::{Ending, Source, inline};
use crate::ui::text::layout::{Page, Setting, blanks, decoration};
use crate::ui::text::line::{self, Align};
use crate::ui::text::row::{RowKind, RowSpan, TextRole, TextStyle};
use crate::ui::text::runs::Runs;

/// Cells between two columns.
const GAP: u16 = 2;
/// Longer words are cut: rather than that they narrow the other columns, and that they make records of the table.
const LONG_WORDS: [u16; 2] = [24, 12];

/// How a table is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plan {
    /// Side by side, with these widths.
    Columns(Arc<[Align]>, Vec<u16>),
    /// One below the other, behind the cells of the header.
    Records(Arc<[Vec<Part>]>),
}

/// A table so far: what its columns need.
#[derive(Clone, Debug)]
pub(super) struct Table {
    aligns: Arc<[Align]>,
    header: Arc<[Vec<Part>]>,
    /// For each column: cells of its longest line and of its longest word.
    needs: Vec<(u16, u16)>,
    n_rows: usize,
    pub(super) plan: Plan,
}

impl Table {
    /// Returns the table that begins with `head`, drawn for rows of `cells` cells.
    pub(super) fn new(head: &Block, aligns: &Arc<[Align]>, source: Source<'_>, cells: u16) -> Self {
        let mut table = Self {
            aligns: Arc::clone(aligns),
            header: row_cells(head, source).into(),
            needs: vec![(0, 0); aligns.len()],
            n_rows: 0,
            plan: Plan::Records(Arc::default()),
        };
        table.measure(head, source);
        table.plan = table.planned(cells);
        table
    }

    /// Takes note of a row; returns whether it is time to plan anew.
    ///
    /// That is at rows 1, 2, 4, 8, ..: all redrawing together costs no more than drawing the table twice.
    pub(super) fn add(&mut self, row: &Block, source: Source<'_>) -> bool {
        self.measure(row, source);
        self.n_rows += 1;
        self.n_rows.is_power_of_two()
    }

    /// Plans anew for a block of `cells` cells; returns whether the table looks different now.
    pub(super) fn replan(&mut self, cells: u16) -> bool {
        let plan = self.planned(cells);
        let is_new = plan != self.plan;
        self.plan = plan;
        is_new
    }

    /// Returns how many rows have been taken note of.
    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    fn measure(&mut self, row: &Block, source: Source<'_>) {
        for ((longest, word), cell) in self.needs.iter_mut().zip(row_cells(row, source)) {
            let (line, part) = cell_runs(&cell, source, (TextStyle::default(), Ending::Sealed)).measure();
            *longest = line.max(*longest);
            *word = part.max(*word);
        }
    }

    /// Gives every column its longest word, then what is left to those that lack most.
    fn planned(&self, cells: u16) -> Plan {
        let n_gaps = u16::try_from(self.needs.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let room = u32::from(cells).saturating_sub(u32::from(GAP) * u32::from(n_gaps));
        let sum = |widths: &[u16]| widths.iter().map(|width| u32::from(*width)).sum::<u32>();
        let [roomy, tight] = LONG_WORDS
            .map(|longest| self.needs.iter().map(|(_, word)| (*word).clamp(2, longest)).collect::<Vec<u16>>());
        // Long words stay whole where that leaves a quarter of the row for the columns that lack most.
        let mut widths = if sum(&roomy) <= room * 3 / 4 { roomy } else { tight };
        if sum(&widths) > room {
            return Plan::Records(Arc::clone(&self.header));
        }
        let mut left = room - sum(&widths);
        while left > 0 {
            let lacking =
                widths.iter_mut().zip(&self.needs).map(|(width, (longest, _))| (longest.saturating_sub(*width), width));
            match lacking.max_by_key(|(lack, _)| *lack) {
                Some((lack, width)) if lack > 0 => *width += 1,
                Some(_) | None => break,
            }
            left -= 1;
        }
        Plan::Columns(Arc::clone(&self.aligns), widths)
    }
}

/// Returns the cells of a row; what an escaped bar hides stays whole.
pub(super) fn row_cells(row: &Block, source: Source<'_>) -> Vec<Vec<Part>> {
    let row = row.parts.first().map_or(0..0, |part| part.range.clone());
    let text = source.text.get(row.clone()).unwrap_or_default();
    let cells = line::cells(text, row.start).into_iter();
    cells.map(|range| vec![Part::soft(range)]).collect()
}

fn cell_runs(cell: &[Part], source: Source<'_>, (style, ending): (TextStyle, Ending)) -> Runs {
    let mut runs = Runs::default();
    inline(source, cell, style, ending, &mut runs);
    runs
}

fn header_style() -> TextStyle {
    TextStyle { bold: true, ..TextStyle::of(TextRole::TableHeader) }
}

/// Appends the header of a table and the rule under it.
pub(super) fn lay_head(block: &Block, setting: Setting<'_>, page: &mut Page<'_>) {
    match setting.plan {
        Some(Plan::Columns(aligns, widths)) => {
            lay_columns(block, setting, (aligns, widths), header_style(), page);
            let n_gaps = widths.len().saturating_sub(1);
            let line = widths.iter().map(|width| usize::from(*width)).sum::<usize>() + n_gaps * usize::from(GAP);
            page.row(vec![decoration("─".repeat(line), TextRole::Rule)], RowKind::TableRule);
        }
        Some(Plan::Records(_)) | None => {
            let mut runs = Runs::default();
            for (idx, cell) in row_cells(block, setting.source).iter().enumerate() {
                if idx > 0 {
                    let style = TextStyle::of(TextRole::Rule);
                    runs.push_instead(" · ", 0..0, style, setting.source.map);
                }
                inline(setting.source, cell, header_style(), setting.ending, &mut runs);
            }
            page.wrapped(&runs, RowKind::Table);
            let line = "─".repeat(usize::from(page.room()));
            page.row(vec![decoration(line, TextRole::Rule)], RowKind::TableRule);
        }
    }
}

/// Appends a row of a table.
pub(super) fn lay_row(block: &Block, row: usize, setting: Setting<'_>, page: &mut Page<'_>) {
    if row > 0 && !matches!(setting.plan, Some(Plan::Columns(..))) {
        page.space();
    }
    match setting.plan {
        Some(Plan::Columns(aligns, widths)) => {
            lay_columns(block, setting, (aligns, widths), TextStyle::default(), page);
        }
        Some(Plan::Records(header)) => lay_record(block, setting, header, page),
        None => lay_record(block, setting, &[], page),
    }
}

fn lay_columns(
    block: &Block,
    setting: Setting<'_>,
    (aligns, widths): (&[Align], &[u16]),
    style: TextStyle,
    page: &mut Page<'_>,
) {
    let cells = row_cells(block, setting.source);
    let columns: Vec<(Runs, Vec<Range<usize>>)> = widths
        .iter()
        .enumerate()
        .map(|(idx, width)| {
            let cell = cells.get(idx).map(Vec::as_slice).unwrap_or_default();
            let runs = cell_runs(cell, setting.source, (style, setting.ending));
            let lines = runs.lines(*width);
            (runs, lines)
        })
        .collect();
    let n_lines = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    for row in 0..n_lines {
        let mut spans = Vec::with_capacity(2 * columns.len());
        for (idx, (((runs, lines), width), align)) in columns.iter().zip(widths).zip(aligns).enumerate() {
            let start = spans.len();
            spans.extend(lines.get(row).into_iter().flat_map(|line| runs.spans(line)));
            let line = spans.get(start..).unwrap_or_default();
            let free = width.saturating_sub(line.iter().map(|span: &RowSpan| span.width).sum());
            let left = match align {
                Align::Left => 0,
                Align::Center => free / 2,
                Align::Right => free,
            };
            let gap = if idx == 0 { 0 } else { GAP };
            if gap + left > 0 {
                spans.insert(start, blanks(gap + left));
            }
            if free > left {
                spans.push(blanks(free - left));
            }
        }
        while spans.pop_if(|span| span.text.trim().is_empty()).is_some() {}
        page.row(spans, RowKind::Table);
    }
}

/// Draws a row as `header: value`, one below the other.
fn lay_record(block: &Block, setting: Setting<'_>, header: &[Vec<Part>], page: &mut Page<'_>) {
    let source = setting.source;
    for (idx, cell) in row_cells(block, source).iter().enumerate().take(header.len().max(1)) {
        let mut runs = Runs::default();
        if let Some(name) = header.get(idx) {
            let named = cell_runs(name, source, (header_style(), Ending::Sealed));
            runs.push_copy(&named);
            runs.push_instead(": ", 0..0, header_style(), source.map);
        }
        let before = runs.len();
        inline(source, cell, TextStyle::default(), setting.ending, &mut runs);
        if runs.len() > before {
            page.wrapped(&runs, RowKind::Table);
        }
    }
}
