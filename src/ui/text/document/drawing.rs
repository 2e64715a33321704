//! How the blocks of a document become its rows: sealed ones once, tables again as they grow, what is open every time.

use crate::ui::text::block::{Block, BlockKind};
use crate::ui::text::document::{Document, DrawnTable};
use crate::ui::text::inline::{Ending, Source};
use crate::ui::text::layout::{self, Setting, lay, room};
use crate::ui::text::table::Table;

impl Document {
    /// Lays out the next sealed block; a table is drawn anew when its columns have changed.
    pub(super) fn lay_next(&mut self) {
        let idx = self.first_rows.len();
        let Some(block) = self.sealed.get(idx) else { return };
        let source = Source { text: &self.text, map: &self.map };
        let cells = room(&block.path, self.width);
        match &block.kind {
            BlockKind::TableRow { table, row } => {
                let Some(open) = self.tables.get_mut(*table) else { return };
                if *row >= open.table.n_rows() && open.table.add(block, source) && open.table.replan(cells) {
                    self.lay_again(idx);
                }
            }
            BlockKind::TableHead { table, aligns } => {
                if let Some(known) = self.tables.get_mut(*table) {
                    // After a change of width: what its columns need is known.
                    known.cells = cells;
                    known.table.replan(cells);
                } else {
                    let table = Table::new(block, aligns, source, cells);
                    self.end_table(idx);
                    self.tables.push(DrawnTable { table, first_block: idx, cells, is_open: true });
                }
            }
            BlockKind::Paragraph
            | BlockKind::Heading(_)
            | BlockKind::Rule
            | BlockKind::Html
            | BlockKind::CodeLabel { .. }
            | BlockKind::Code { .. } => self.end_table(idx),
        }
        self.lay_block(idx);
    }

    /// Draws the last table for the last time if it stands above the block `idx`: no row of it will follow.
    pub(super) fn end_table(&mut self, idx: usize) {
        let last = self.tables.last_mut().filter(|last| last.is_open && last.first_block < idx);
        let Some(last) = last else { return };
        last.is_open = false;
        if last.table.replan(last.cells) {
            self.lay_again(self.first_rows.len());
        }
    }

    /// Lays out the blocks of the last table again, up to the one at `end`.
    fn lay_again(&mut self, end: usize) {
        let Some(first) = self.tables.last().map(|open| open.first_block) else { return };
        self.rows.truncate(self.first_rows.get(first).copied().unwrap_or(self.rows.len()));
        self.first_rows.truncate(first);
        for idx in first..end {
            self.lay_block(idx);
        }
    }

    fn lay_block(&mut self, idx: usize) {
        let mut rows = std::mem::take(&mut self.rows);
        if let Some(block) = self.sealed.get(idx) {
            let first = rows.len();
            self.first_rows.push(first);
            lay(block, setting(self, block, Ending::Sealed), &mut rows);
            self.work.bytes_scanned += n_bytes(block);
            self.work.lines_wrapped += rows.len() - first;
        }
        self.rows = rows;
    }

    /// Lays out the lines that are new as they were written; the one that is being written comes last.
    pub(super) fn lay_raw(&mut self) {
        let mut rows = Vec::new();
        let source = Source { text: &self.text, map: &self.map };
        let mut at = self.raw_at;
        while let Some(end) = self.text.get(at..).and_then(|rest| rest.find('\n')).map(|length| at + length) {
            layout::lay_raw(source, at..end, self.width, &mut rows);
            at = end + 1;
        }
        let n_sealed = rows.len();
        if at < self.text.len() {
            layout::lay_raw(source, at..self.text.len(), self.width, &mut rows);
        }
        self.work.bytes_scanned += self.text.len() - self.raw_at;
        self.work.lines_wrapped += rows.len();
        self.raw_at = at;
        self.n_sealed_rows = self.rows.len() + n_sealed;
        self.rows.append(&mut rows);
    }

    /// Lays out what may still change: the open block and the line that is being written.
    pub(super) fn lay_open(&mut self) {
        let mut rows = Vec::new();
        self.work.bytes_scanned += self.text.len() - self.scan.at;
        for block in self.open_blocks() {
            lay(&block, setting(self, &block, Ending::Open), &mut rows);
            self.work.bytes_scanned += n_bytes(&block);
        }
        self.work.lines_wrapped += rows.len();
        self.rows.append(&mut rows);
    }

    /// Lays out a line of code again, after its colours have come.
    pub(super) fn repaint(&mut self, idx: usize) {
        if self.shape.is_raw || (self.laid_width, self.laid_shape) != (self.width, self.shape) {
            return; // the next reflow paints it
        }
        let (Some(block), Some(first)) = (self.sealed.get(idx), self.first_rows.get(idx).copied()) else { return };
        let end = self.first_rows.get(idx + 1).copied().unwrap_or(self.n_sealed_rows);
        let mut rows = Vec::new();
        lay(block, setting(self, block, Ending::Sealed), &mut rows);
        self.work.lines_wrapped += rows.len();
        if let Some(old) = self.rows.get_mut(first..end).filter(|old| old.len() == rows.len()) {
            old.swap_with_slice(&mut rows);
        }
    }
}

/// Returns what the layout of `block` depends on.
fn setting<'a>(document: &'a Document, block: &Block, ending: Ending) -> Setting<'a> {
    let plan = match &block.kind {
        BlockKind::TableHead { table, .. } | BlockKind::TableRow { table, .. } => document.tables.get(*table),
        BlockKind::Paragraph
        | BlockKind::Heading(_)
        | BlockKind::Rule
        | BlockKind::Html
        | BlockKind::CodeLabel { .. }
        | BlockKind::Code { .. } => None,
    };
    let tokens = match &block.kind {
        BlockKind::Code { code, line, is_continued: false } => document.codes.tokens(*code, *line),
        BlockKind::Code { .. }
        | BlockKind::Paragraph
        | BlockKind::Heading(_)
        | BlockKind::Rule
        | BlockKind::Html
        | BlockKind::CodeLabel { .. }
        | BlockKind::TableHead { .. }
        | BlockKind::TableRow { .. } => &[],
    };
    let source = Source { text: &document.text, map: &document.map };
    Setting {
        source,
        width: document.width,
        ending,
        plan: plan.map(|open| &open.table.plan),
        tokens,
        shape: document.shape,
    }
}

fn n_bytes(block: &Block) -> usize {
    block.parts.iter().map(|part| part.range.len()).sum()
}
