//! Cuts markdown into blocks line by line, as it streams: each line is read once, and what is cut is final.
//!
//! This is phase 1 of CommonMark's own parsing strategy (spec 0.31, appendix), with a block for every line of code and
//! every row of a table. The words within a block are pulldown-cmark's, see `inline`.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::markdown::Fence;
use crate::ui::text::block::{Above, Block, BlockKind, Container, ContainerKind, Item, Leaf, Part, gap};
use crate::ui::text::line::{self, Line};
use crate::ui::text::long::{LONG_PARAGRAPH, split_long};

/// Quotations and lists inside each other; deeper marks are text. No column is wide enough to show more.
const MAX_DEPTH: usize = 16;

/// Reads lines, gives blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    open: Vec<Container>,
    leaf: Leaf,
    /// What is cut and not yet taken.
    cut: Vec<Block>,
    /// Where and what the block above is.
    last: Option<(Arc<[Container]>, Above)>,
    n_ids: u32,
    n_codes: usize,
    n_tables: usize,
}

impl Blocks {
    /// Takes the blocks that were cut since the last call.
    pub(super) fn take(&mut self) -> Vec<Block> {
        std::mem::take(&mut self.cut)
    }

    /// Reads a line; `text` is the cleaned text, `range` the line in it without its line feed.
    pub(super) fn line(&mut self, text: &str, range: Range<usize>) {
        let mut line = Line::new(text.get(range.clone()).unwrap_or_default(), range.start);
        let n_matched = self.enter(&mut line);
        let is_whole = n_matched == self.open.len();
        if is_whole && self.code_line(line) {
            return;
        }
        if line.is_blank() {
            self.blank_line(line, n_matched);
            return;
        }
        if is_whole && matches!(self.leaf, Leaf::Html) {
            self.emit_joined(BlockKind::Html, line.range());
            return;
        }
        let Some(line) = self.open_blocks(text, line, n_matched) else { return };
        self.add_text(text, line);
    }

    /// Reads what follows on a line whose head, long enough not to be anything but text or code, was read before.
    pub(super) fn rest_of_line(&mut self, text: &str, range: Range<usize>) {
        match &mut self.leaf {
            Leaf::Fence { code, n_lines, .. } | Leaf::Indented { code, n_lines, .. } => {
                *n_lines = (*n_lines).max(1);
                let kind = BlockKind::Code { code: *code, line: *n_lines - 1, is_continued: true };
                self.emit_joined(kind, range);
            }
            Leaf::Html => self.emit_joined(BlockKind::Html, range),
            Leaf::Paragraph { parts, .. } => {
                if let Some(last) = parts.last_mut() {
                    *last = Part { range: last.range.start..range.end, is_hard: false };
                }
                self.cut_long_paragraph(text);
            }
            Leaf::None | Leaf::Table { .. } => {
                self.leaf = Leaf::Paragraph { parts: vec![Part::soft(range)], is_continued: true };
            }
        }
    }

    /// Cuts what is still open; nothing may be read after it.
    pub(super) fn finish(&mut self) {
        self.close(0);
    }

    /// Returns whether the unfinished line `range` is only marks that may still turn out as something else, such as
    /// `-`, `` ` `` or, under a paragraph, `2.`; it says nothing yet.
    pub(super) fn is_undecided(&self, text: &str, range: Range<usize>) -> bool {
        let mut line = Line::new(text.get(range.clone()).unwrap_or_default(), range.start);
        let mut probe = self.open.iter();
        while probe.next().is_some_and(|container| container.enter(&mut line)) {}
        if let Leaf::Fence { fence, .. } = &self.leaf {
            return fence.may_be_closed_by(line.rest);
        }
        let is_under_paragraph = matches!(self.leaf, Leaf::Paragraph { .. });
        line::is_only_marks(line.rest) || (is_under_paragraph && line::is_only_number(line.rest))
    }

    /// Passes the marks of the containers that go on in this line; returns how many do.
    fn enter(&self, line: &mut Line<'_>) -> usize {
        self.open.iter().take_while(|container| container.enter(line)).count()
    }

    /// Takes the line as code, if a block of code is open.
    fn code_line(&mut self, mut line: Line<'_>) -> bool {
        let (code, n_lines) = match &mut self.leaf {
            Leaf::Fence { fence, .. } if fence.is_closed_by(line.rest) => {
                self.leaf = Leaf::None;
                return true;
            }
            Leaf::Fence { indent, code, n_lines, .. } => {
                line.skip_columns(*indent);
                *n_lines += 1;
                (*code, *n_lines)
            }
            Leaf::Indented { blanks, .. } if line.is_blank() => {
                blanks.push(line.at);
                return true;
            }
            Leaf::Indented { code, n_lines, blanks } if line.indent() >= 4 => {
                line.skip_columns(4);
                *n_lines += 1;
                let (code, first) = (*code, *n_lines);
                *n_lines += blanks.len();
                let last = *n_lines;
                for (line, at) in (first..last).zip(std::mem::take(blanks)) {
                    self.emit_code(code, line, at..at);
                }
                (code, last)
            }
            Leaf::Indented { .. } => {
                self.leaf = Leaf::None;
                return false;
            }
            Leaf::None | Leaf::Paragraph { .. } | Leaf::Html | Leaf::Table { .. } => return false,
        };
        self.emit_code(code, n_lines, line.at..line.at + line.rest.len());
        true
    }

    fn emit_code(&mut self, code: usize, n_lines: usize, range: Range<usize>) {
        self.emit_joined(BlockKind::Code { code, line: n_lines - 1, is_continued: false }, range);
    }

    fn blank_line(&mut self, line: Line<'_>, n_matched: usize) {
        self.seal_leaf();
        self.close(n_matched);
        // An item whose first line is empty holds nothing that is further away.
        if line.is_blank() && self.open.last().and_then(Container::bare_at).is_some() {
            self.close(self.open.len() - 1);
        }
    }

    /// Opens the containers and blocks that the line begins; returns what is left as text, if anything is.
    fn open_blocks<'a>(&mut self, text: &str, mut line: Line<'a>, n_matched: usize) -> Option<Line<'a>> {
        let mut is_same_leaf = n_matched == self.open.len();
        let mut n_kept = n_matched;
        loop {
            let is_paragraph = is_same_leaf && matches!(self.leaf, Leaf::Paragraph { .. });
            let is_table = is_same_leaf && matches!(self.leaf, Leaf::Table { .. });
            let mut inner = line;
            inner.skip_blanks();
            if line.indent() >= 4 {
                if self.is_lazy(is_same_leaf, n_kept) || is_paragraph || is_table {
                    return Some(inner);
                }
                self.close_for(n_kept, is_same_leaf);
                self.open_indented(line);
                return None;
            }
            let mut quoted = line;
            if n_kept < MAX_DEPTH && quoted.take_quote() {
                self.seal_and_close(n_kept);
                self.push_container(ContainerKind::Quote);
                line = quoted;
            } else if is_paragraph && (self.underline(inner.rest) || self.begin_table(text, inner)) {
                return None;
            } else if let Some((level, range)) = line::heading(inner) {
                self.seal_and_close(n_kept);
                self.emit(BlockKind::Heading(level), vec![Part::soft(range)]);
                return None;
            } else if let Some((fence, language)) = line::fence(inner) {
                self.seal_and_close(n_kept);
                self.open_fence(fence, language, line.indent());
                return None;
            } else if line::is_rule(inner.rest) {
                self.seal_and_close(n_kept);
                self.emit(BlockKind::Rule, vec![Part::soft(inner.range())]);
                return None;
            } else if let Some(mark) = line::item(inner.rest).filter(|_| n_kept < MAX_DEPTH)
                && (!is_paragraph || (!mark.is_empty && mark.number.is_none_or(|number| number == 1)))
            {
                self.seal_leaf();
                let sibling = self.open.get(n_kept).cloned();
                self.close(n_kept);
                line = self.open_item(line, mark, sibling);
            } else {
                if !self.is_lazy(is_same_leaf, n_kept) {
                    self.close_for(n_kept, is_same_leaf);
                }
                return Some(inner);
            }
            n_kept = self.open.len();
            is_same_leaf = true;
            if line.is_blank() {
                return None;
            }
        }
    }

    /// Returns whether the line goes on with a paragraph although it lacks the marks of its containers.
    fn is_lazy(&self, is_same_leaf: bool, n_kept: usize) -> bool {
        !is_same_leaf && n_kept < self.open.len() && matches!(self.leaf, Leaf::Paragraph { .. })
    }

    /// Closes what the line does not go on with.
    fn close_for(&mut self, n_kept: usize, is_same_leaf: bool) {
        if !is_same_leaf {
            self.seal_and_close(n_kept);
        }
    }

    fn seal_and_close(&mut self, n_kept: usize) {
        self.seal_leaf();
        self.close(n_kept);
    }

    fn open_indented(&mut self, mut line: Line<'_>) {
        self.seal_leaf();
        line.skip_columns(4);
        let code = self.n_codes;
        self.n_codes += 1;
        self.emit(BlockKind::CodeLabel { code }, vec![Part::soft(line.at..line.at)]);
        self.leaf = Leaf::Indented { code, n_lines: 1, blanks: Vec::new() };
        self.emit_code(code, 1, line.at..line.at + line.rest.len());
    }

    fn open_fence(&mut self, fence: Fence, language: Range<usize>, indent: usize) {
        let code = self.n_codes;
        self.n_codes += 1;
        self.emit(BlockKind::CodeLabel { code }, vec![Part::soft(language)]);
        self.leaf = Leaf::Fence { fence, indent, code, n_lines: 0 };
    }

    /// Opens the item that `mark` begins; `sibling` is what stood at its place.
    fn open_item<'a>(&mut self, mut line: Line<'a>, mark: line::ItemMark, sibling: Option<Container>) -> Line<'a> {
        let before = line.indent();
        line.skip_blanks();
        line.advance(mark.length);
        let padding = line.indent();
        let padding = if mark.is_empty || padding > 4 { 1 } else { padding };
        line.skip_columns(padding);
        let brother = sibling.and_then(|container| match container.kind {
            ContainerKind::Item(item) if item.sign == mark.sign => Some(item),
            ContainerKind::Item(_) | ContainerKind::Quote => None,
        });
        let list = brother.map_or(self.n_ids, |brother| brother.list);
        let task = line::task(line.rest);
        if task.is_some() {
            line.advance(4);
        }
        let indent = before + mark.length + padding;
        let (at, sign) = (line.at, mark.sign);
        self.push_container(ContainerKind::Item(Item {
            list,
            sign,
            number: mark.number,
            task,
            indent,
            at,
            is_fresh: true,
        }));
        line
    }

    fn push_container(&mut self, kind: ContainerKind) {
        self.open.push(Container { id: self.n_ids, kind });
        self.n_ids += 1;
    }

    /// Makes a heading of the open paragraph, if the line underlines it.
    fn underline(&mut self, rest: &str) -> bool {
        let (Some(level), Leaf::Paragraph { parts, is_continued: false }) = (line::underline(rest), &mut self.leaf)
        else {
            return false;
        };
        let parts = std::mem::take(parts);
        self.leaf = Leaf::None;
        self.emit(BlockKind::Heading(level), parts);
        true
    }

    /// Makes a table's header of the last line of the open paragraph, if the line delimits as many columns.
    fn begin_table(&mut self, text: &str, line: Line<'_>) -> bool {
        let Leaf::Paragraph { parts, .. } = &mut self.leaf else { return false };
        let Some(aligns) = line::delimiter(line.rest) else { return false };
        let header = parts.last().and_then(|part| text.get(part.range.clone())).unwrap_or_default();
        if !header.contains('|') || line::cells(header, 0).len() != aligns.len() {
            return false;
        }
        let Some(header) = parts.pop() else { return false };
        if parts.is_empty() {
            self.leaf = Leaf::None;
        }
        self.seal_leaf();
        let table = self.n_tables;
        self.n_tables += 1;
        self.emit(BlockKind::TableHead { table, aligns: aligns.into() }, vec![header]);
        self.leaf = Leaf::Table { table, n_rows: 0 };
        true
    }

    fn add_text(&mut self, text: &str, line: Line<'_>) {
        let part = Part::of(line);
        match &mut self.leaf {
            Leaf::Paragraph { parts, .. } => {
                parts.push(part);
                self.cut_long_paragraph(text);
            }
            Leaf::Table { table, n_rows } if part.range.len() < LONG_PARAGRAPH => {
                let kind = BlockKind::TableRow { table: *table, row: *n_rows };
                *n_rows += 1;
                self.emit_joined(kind, part.range);
            }
            Leaf::None if line::is_html(line.rest) => {
                self.emit(BlockKind::Html, vec![part]);
                self.leaf = Leaf::Html;
            }
            Leaf::None | Leaf::Table { .. } | Leaf::Fence { .. } | Leaf::Indented { .. } | Leaf::Html => {
                self.leaf = Leaf::Paragraph { parts: vec![part], is_continued: false };
                self.cut_long_paragraph(text);
            }
        }
    }

    /// Cuts a long paragraph at the last end of a sentence, else between words, else anywhere.
    fn cut_long_paragraph(&mut self, text: &str) {
        while let Leaf::Paragraph { parts, is_continued } = &mut self.leaf
            && let Some((head, tail)) = split_long(text, parts)
        {
            let was_continued = std::mem::replace(is_continued, true);
            *parts = tail;
            self.emit_paragraph(head, was_continued);
        }
    }

    fn seal_leaf(&mut self) {
        match std::mem::replace(&mut self.leaf, Leaf::None) {
            Leaf::Paragraph { parts, is_continued } => self.emit_paragraph(parts, is_continued),
            Leaf::None | Leaf::Fence { .. } | Leaf::Indented { .. } | Leaf::Html | Leaf::Table { .. } => {}
        }
    }

    fn emit_paragraph(&mut self, parts: Vec<Part>, is_continued: bool) {
        self.emit(BlockKind::Paragraph, parts);
        if is_continued && let Some(block) = self.cut.last_mut() {
            block.gap = None;
        }
    }

    /// Closes all but the outermost `n_kept` containers; an item that holds nothing shows its mark.
    fn close(&mut self, n_kept: usize) {
        if self.open.len() <= n_kept {
            if n_kept == 0 {
                self.seal_leaf();
            }
            return;
        }
        self.seal_leaf();
        if let Some(at) = self.open.last().and_then(Container::bare_at) {
            self.emit(BlockKind::Paragraph, vec![Part::soft(at..at)]);
        }
        self.open.truncate(n_kept);
    }

    /// Cuts a block that stands right under the one before.
    fn emit_joined(&mut self, kind: BlockKind, range: Range<usize>) {
        self.emit(kind, vec![Part::soft(range)]);
        if let Some(block) = self.cut.last_mut() {
            block.gap = None;
        }
    }

    fn emit(&mut self, kind: BlockKind, parts: Vec<Part>) {
        let path: Arc<[Container]> = match &self.last {
            Some((last, _)) if **last == *self.open => Arc::clone(last),
            Some(_) | None => Arc::from(self.open.as_slice()),
        };
        let gap = self.last.as_ref().and_then(|(last, above)| gap(last, *above, &path));
        for container in &mut self.open {
            if let ContainerKind::Item(item) = &mut container.kind {
                item.is_fresh = false;
            }
        }
        self.last = Some((Arc::clone(&path), Above::of(&kind)));
        self.cut.push(Block { path, gap, kind, parts });
    }
}
