//! One answer as rows: what has come in is laid out once and stays; only what is still open is laid out again.

mod drawing;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::ui::text::block::{Block, BlockKind};
use crate::ui::text::blocks::Blocks;
use crate::ui::text::clean::Cleaner;
use crate::ui::text::code::{CodeBlock, Codes};
use crate::ui::text::inline::{Source, link_at, links};
use crate::ui::text::long::{LINE_STEP, LONG_PARAGRAPH, whole_graphemes};
use crate::ui::text::offsets::OffsetMap;
use crate::ui::text::row::{CodeClass, Row};
use crate::ui::text::table::{self, Table};

/// Cells of a row before the first width is known.
const FIRST_WIDTH: u16 = 80;
/// How far up a row of a table is looked for; taller ones are found at their end.
const TALLEST_ROW: usize = 64;
/// Fewest cells of a row: a wide character must fit.
const MIN_WIDTH: u16 = 2;

/// How a text is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whether its lines are shown as they were written, marks and all.
    pub is_raw: bool,
    /// Whether a line of code stays one row, cut at the edge.
    pub cuts_code: bool,
}

/// Markdown as it streams, from the provider's bytes to rows. Append-only.
#[derive(Clone, Debug)]
pub struct Document {
    cleaner: Cleaner,
    map: OffsetMap,
    text: String,
    blocks: Blocks,
    scan: Scan,
    is_closed: bool,
    width: u16,
    shape: Shape,
    /// Cells and shape of the rows that are there.
    laid_width: u16,
    laid_shape: Shape,
    /// Where the first line begins that has not been laid out for good, while lines are shown as they were written.
    raw_at: usize,
    /// Blocks that are final, and the first row of each that has been laid out.
    sealed: Vec<Block>,
    first_rows: Vec<usize>,
    /// Rows of the sealed blocks, then those of what is still open.
    rows: Vec<Row>,
    n_sealed_rows: usize,
    tables: Vec<DrawnTable>,
    codes: Codes,
    is_stale: bool,
    work: Work,
}

/// How far the lines have been read.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    /// Everything before has been read.
    at: usize,
    /// No line feed stands before this and behind `at`.
    searched: usize,
    /// What comes next is the rest of a line whose head has been read.
    is_in_line: bool,
}

impl Scan {
    /// Returns how many bytes of a line may come in before they are read without its end.
    fn patience(self) -> usize {
        if self.is_in_line { LINE_STEP } else { LONG_PARAGRAPH }
    }
}

#[derive(Clone, Debug)]
struct DrawnTable {
    table: Table,
    first_block: usize,
    /// Cells of its rows.
    cells: u16,
    /// Whether rows may follow.
    is_open: bool,
}

/// What the layout has cost so far, in units that do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes read, once for each time they were read.
    pub bytes_scanned: usize,
    /// Rows laid out, once for each time they were.
    pub lines_wrapped: usize,
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// Returns an empty document, 80 cells wide.
    pub fn new() -> Self {
        Self {
            cleaner: Cleaner::default(),
            map: OffsetMap::default(),
            text: String::new(),
            blocks: Blocks::default(),
            scan: Scan::default(),
            is_closed: false,
            width: FIRST_WIDTH,
            laid_width: FIRST_WIDTH,
            shape: Shape::default(),
            laid_shape: Shape::default(),
            raw_at: 0,
            sealed: Vec::new(),
            first_rows: Vec::new(),
            rows: Vec::new(),
            n_sealed_rows: 0,
            tables: Vec::new(),
            codes: Codes::default(),
            is_stale: false,
            work: Work::default(),
        }
    }

    /// Appends what the provider sent; rows change with the next [`reflow`](Self::reflow). Nothing after `close` counts.
    pub fn push(&mut self, raw: &str) {
        if self.is_closed || raw.is_empty() {
            return;
        }
        self.cleaner.push(raw, &mut self.text, &mut self.map);
        self.is_stale = true;
    }

    /// Says that nothing more will come: what is half open stays as it was written.
    pub fn close(&mut self) {
        self.is_stale |= !self.is_closed;
        self.is_closed = true;
    }

    /// Sets how many cells a row has, at least two; rows change with the next [`reflow`](Self::reflow).
    pub fn set_width(&mut self, cells: u16) {
        self.width = cells.max(MIN_WIDTH);
        self.is_stale |= self.width != self.laid_width;
    }

    /// Sets how the text is drawn; rows change with the next [`reflow`](Self::reflow).
    pub fn set_shape(&mut self, shape: Shape) {
        self.shape = shape;
        self.is_stale |= self.shape != self.laid_shape;
    }

    /// Brings the rows up to date: lays out what is new, and the open block once; after a change of width everything.
    pub fn reflow(&mut self) {
        if !self.is_stale {
            return;
        }
        self.is_stale = false;
        self.read_lines();
        if (self.laid_width, self.laid_shape) != (self.width, self.shape) {
            (self.laid_width, self.laid_shape) = (self.width, self.shape);
            self.first_rows.clear();
            (self.n_sealed_rows, self.raw_at) = (0, 0);
        }
        self.rows.truncate(self.n_sealed_rows);
        if self.shape.is_raw {
            self.lay_raw();
            return;
        }
        while self.first_rows.len() < self.sealed.len() {
            self.lay_next();
        }
        if self.is_closed {
            self.end_table(self.sealed.len());
        }
        self.n_sealed_rows = self.rows.len();
        if !self.is_closed {
            self.lay_open();
        }
    }

    /// Lets go of the rows of a text that is whole, until the next [`reflow`](Self::reflow) lays them out anew: several
    /// times the text's own size. One that is still written keeps them.
    pub fn rest(&mut self) {
        if !self.is_closed || self.rows.is_empty() {
            return;
        }
        self.rows = Vec::new();
        self.first_rows = Vec::new();
        self.tables = Vec::new();
        (self.n_sealed_rows, self.raw_at, self.laid_width) = (0, 0, 0);
        self.is_stale = true;
        self.text.shrink_to_fit();
        self.sealed.shrink_to_fit();
    }

    /// Returns how many rows there are; none for an empty document.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Returns a row, counted from 0. Takes the same time for every row.
    pub fn row(&self, idx: usize) -> Option<&Row> {
        self.rows.get(idx)
    }

    /// Returns the row that shows the provider's byte at `source`, or the one that its place is nearest before.
    /// `None` while there are no rows.
    pub fn row_at_source(&self, source: usize) -> Option<usize> {
        let last = self.rows.partition_point(|row| row.source.start <= source).saturating_sub(1);
        // The cells of a table's row stand side by side: a row above may hold what this one does not.
        let shows = |row: &Row| row.spans.iter().any(|span| span.source.contains(&source));
        let near = self.rows.iter().enumerate().take(last + 1).rev().take(TALLEST_ROW);
        let showing = near.clone().find(|(_, row)| shows(row)).map(|(idx, _)| idx);
        showing.or_else(|| near.map(|(idx, _)| idx).next())
    }

    /// Returns the provider's offset at which `row` begins; past the last row, the end of the text.
    pub fn source_at_row(&self, row: usize) -> usize {
        self.rows.get(row).map_or_else(|| self.map.to_source(self.text.len()), |row| row.source.start)
    }

    /// Returns the text as it may be shown and copied: cleaned, with its markdown, its tabs and its joiners.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where each part of [`text`](Self::text) stood in what the provider sent.
    pub fn offsets(&self) -> &OffsetMap {
        &self.map
    }

    /// Returns how many control sequences and unsafe characters were taken out.
    pub fn n_removed(&self) -> usize {
        self.cleaner.removed()
    }

    /// Returns what the layout has cost since the document began.
    pub fn work(&self) -> Work {
        self.work
    }

    /// Returns the http or https address that the provider's byte at `source` links to or spells out; cleaned.
    pub fn link_at(&self, source: usize) -> Option<String> {
        let at = self.map.to_clean(source);
        let open = self.open_blocks();
        let is_around = |block: &&Block| block.parts.iter().any(|part| part.range.contains(&at));
        let last = self.sealed.partition_point(|block| block.start() <= at);
        let sealed = last.checked_sub(1).and_then(|idx| self.sealed.get(idx)).filter(is_around);
        let block = sealed.or_else(|| open.iter().find(is_around))?;
        let text = Source { text: &self.text, map: &self.map };
        match &block.kind {
            BlockKind::TableHead { .. } | BlockKind::TableRow { .. } => {
                table::row_cells(block, text).iter().find_map(|cell| link_at(text, cell, at))
            }
            BlockKind::Paragraph
            | BlockKind::Heading(_)
            | BlockKind::Rule
            | BlockKind::Html
            | BlockKind::CodeLabel { .. }
            | BlockKind::Code { .. } => link_at(text, &block.parts, at),
        }
    }

    /// Returns the http and https addresses that the text links to or spells out, in order, each once; cleaned.
    pub fn links(&self) -> Vec<String> {
        let text = Source { text: &self.text, map: &self.map };
        let mut found: Vec<String> = Vec::new();
        for block in self.sealed.iter().chain(&self.open_blocks()) {
            let parts = match &block.kind {
                BlockKind::TableHead { .. } | BlockKind::TableRow { .. } => table::row_cells(block, text),
                BlockKind::Paragraph
                | BlockKind::Heading(_)
                | BlockKind::Rule
                | BlockKind::Html
                | BlockKind::CodeLabel { .. }
                | BlockKind::Code { .. } => vec![block.parts.clone()],
            };
            for address in parts.iter().flat_map(|parts| links(text, parts)) {
                if !found.contains(&address) {
                    found.push(address);
                }
            }
        }
        found
    }

    /// Returns which of the [`code_blocks`](Self::code_blocks) the provider's byte at `source` stands in.
    pub fn code_at(&self, source: usize) -> Option<usize> {
        self.codes.at(self.map.to_clean(source))
    }

    /// Returns the blocks of code whose first line has come in, in order.
    pub fn code_blocks(&self) -> impl ExactSizeIterator<Item = CodeBlock<'_>> {
        self.codes.blocks(&self.text)
    }

    /// Colours lines of a code block: `lines` from line `first` on, each with ranges of its own bytes.
    ///
    /// Only styles change, never a symbol, a width or the number of rows. Lines that do not exist are passed over.
    pub fn restyle(&mut self, code: usize, first: usize, lines: Vec<Vec<(Range<usize>, CodeClass)>>) {
        for (line, tokens) in (first..).zip(lines) {
            if let Some(block) = self.codes.colour(code, line, tokens) {
                self.repaint(block);
            }
        }
    }

    /// Reads the lines that are whole, and the heads of those that are too long to wait for.
    fn read_lines(&mut self) {
        let start = self.scan.at;
        loop {
            let rest = self.text.get(self.scan.searched..).unwrap_or_default();
            let end = rest.find('\n').map(|at| self.scan.searched + at);
            let line_end = end.unwrap_or(self.text.len());
            while line_end - self.scan.at > self.scan.patience() {
                let head = whole_graphemes(&self.text, self.scan.at..self.scan.at + self.scan.patience());
                self.read(head);
                self.scan = Scan { at: head, searched: head, is_in_line: true };
            }
            let Some(end) = end.or_else(|| (self.is_closed && line_end > self.scan.at).then_some(line_end)) else {
                self.scan.searched = line_end;
                break;
            };
            self.read(end);
            let next = (end + 1).min(self.text.len());
            self.scan = Scan { at: next, searched: next, is_in_line: false };
        }
        if self.is_closed {
            self.blocks.finish();
        }
        self.work.bytes_scanned += self.scan.at - start;
        for block in self.blocks.take() {
            self.codes.note(&block, self.sealed.len());
            self.sealed.push(block);
        }
    }

    fn read(&mut self, end: usize) {
        read(&mut self.blocks, &self.text, self.scan, end);
    }

    /// Returns the blocks that the open one and the unfinished line would make if the text ended here.
    fn open_blocks(&self) -> Vec<Block> {
        let mut blocks = self.blocks.clone();
        let line = self.scan.at..self.text.len();
        if !line.is_empty() && !self.blocks.is_undecided(&self.text, line.clone()) {
            read(&mut blocks, &self.text, self.scan, line.end);
        }
        blocks.finish();
        blocks.take()
    }
}

/// Reads what stands before `end` on the line that `scan` is in.
fn read(blocks: &mut Blocks, text: &str, scan: Scan, end: usize) {
    match scan.is_in_line {
        true if end > scan.at => blocks.rest_of_line(text, scan.at..end),
        true => {}
        false => blocks.line(text, scan.at..end),
    }
}
