//! One block becomes rows: marks and bars of its containers in front, its text wrapped into the rest of the width.

use std::borrow::Cow;
use std::ops::Range;

use crate::ui::text::block::{Block, BlockKind, Container, ContainerKind, Item};
use crate::ui::text::document::Shape;
use crate::ui::text::inline::{Ending, Source, inline};
use crate::ui::text::row::{CodeClass, Row, RowKind, RowSpan, TextRole, TextStyle};
use crate::ui::text::runs::Runs;
use crate::ui::text::table::{self, Plan};
use crate::ui::text::width::width;

/// Cells by which code is indented: without colours it is told from prose by that.
const CODE_INDENT: &str = "  ";
/// Stands before the rows of a line of code that is too long for one.
const CODE_CONTINUES: &str = "↳ ";
/// Stands at the end of a line of code that goes on beyond the edge.
const CODE_IS_CUT: &str = "›";
const BULLET: &str = "• ";
const QUOTE_BAR: &str = "│ ";
/// What indents are cut from.
const BLANKS: &str = "                                                                ";

/// The colours of one line of code: ranges of the line, in order.
pub(super) type Tokens = [(Range<usize>, CodeClass)];

/// What the layout of a block depends on beside the block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) source: Source<'a>,
    /// Cells of a row.
    pub(super) width: u16,
    pub(super) ending: Ending,
    /// How the block's table is drawn, where it belongs to one.
    pub(super) plan: Option<&'a Plan>,
    /// The colours of the block, where it is code and they are known.
    pub(super) tokens: &'a Tokens,
    pub(super) shape: Shape,
}

/// Appends the rows of a line that is shown as it was written.
pub(super) fn lay_raw(source: Source<'_>, line: Range<usize>, cells: u16, rows: &mut Vec<Row>) {
    let at = source.map.to_source(line.start);
    let margin = Margin { room: cells.max(2), ..Margin::default() };
    let mut page = Page { margin, is_begun: false, rows, at };
    let mut runs = Runs::default();
    runs.push(source.text, line, TextStyle::default(), source.map);
    if runs.is_empty() {
        page.push(Vec::new(), RowKind::Blank);
    } else {
        page.wrapped(&runs, RowKind::Text);
    }
}

/// Appends the rows of `block` to `rows`.
pub(super) fn lay(block: &Block, setting: Setting<'_>, rows: &mut Vec<Row>) {
    let Source { text: _, map } = setting.source;
    let start = map.to_source(block.start());
    let mut page = Page { margin: Margin::of(&block.path, setting.width), is_begun: false, rows, at: start };
    if let Some(n_shared) = block.gap {
        page.blank(block.path.get(..n_shared).unwrap_or_default(), setting.width);
    }
    match &block.kind {
        BlockKind::Paragraph => page.prose(block, setting, RowKind::Text, TextStyle::default()),
        BlockKind::Heading(level) => {
            let style = TextStyle { bold: true, ..TextStyle::of(TextRole::Heading(*level)) };
            page.prose(block, setting, RowKind::Heading(*level), style);
        }
        BlockKind::Rule => {
            let line = "─".repeat(usize::from(page.margin.room));
            page.row(vec![decoration(line, TextRole::Rule)], RowKind::Rule);
        }
        BlockKind::Html => page.html(block, setting),
        BlockKind::CodeLabel { .. } => page.code_label(block, setting),
        BlockKind::Code { is_continued, .. } => page.code(block, setting, *is_continued),
        BlockKind::TableHead { .. } => table::lay_head(block, setting, &mut page),
        BlockKind::TableRow { row, .. } => table::lay_row(block, *row, setting, &mut page),
    }
}

/// Returns a span that shows no text of the provider's.
pub(super) fn decoration(text: impl Into<Cow<'static, str>>, role: TextRole) -> RowSpan {
    let text = text.into();
    RowSpan { width: width(&text), text, style: TextStyle::of(role), source: 0..0 }
}

/// Returns a span of blanks.
pub(super) fn blanks(cells: u16) -> RowSpan {
    let text = BLANKS.get(..usize::from(cells)).map_or_else(|| " ".repeat(usize::from(cells)).into(), Cow::Borrowed);
    RowSpan { text, width: cells, style: TextStyle::default(), source: 0..0 }
}

/// Returns the cells that rows of a block in `path` have for text.
pub(super) fn room(path: &[Container], cells: u16) -> u16 {
    Margin::of(path, cells).room
}

/// What stands left of the text of a block.
#[derive(Debug, Default)]
struct Margin {
    first: Vec<RowSpan>,
    rest: Vec<RowSpan>,
    /// Cells that are left for the text, at least two.
    room: u16,
}

impl Margin {
    /// Returns the margin of a block in `path`; what is deep inside narrow columns loses its outer indents.
    fn of(path: &[Container], cells: u16) -> Self {
        let mut marks: Vec<(RowSpan, RowSpan)> = path.iter().map(mark).collect();
        let filled = |marks: &[(RowSpan, RowSpan)]| marks.iter().map(|(first, _)| first.width).sum::<u16>();
        while filled(&marks) > (cells / 2).min(cells.saturating_sub(2)) && !marks.is_empty() {
            marks.remove(0);
        }
        let room = cells.saturating_sub(filled(&marks)).max(2);
        let (first, rest) = marks.into_iter().unzip();
        Self { first, rest, room }
    }
}

/// Returns what a container shows on the first row of a block in it, and on the others.
fn mark(container: &Container) -> (RowSpan, RowSpan) {
    match &container.kind {
        ContainerKind::Quote => {
            let bar = decoration(QUOTE_BAR, TextRole::QuoteBar);
            (bar.clone(), bar)
        }
        ContainerKind::Item(item) => {
            let mark = decoration(item_mark(item), TextRole::Marker);
            let blank = blanks(mark.width);
            (if item.is_fresh { mark } else { blank.clone() }, blank)
        }
    }
}

fn item_mark(item: &Item) -> Cow<'static, str> {
    let sign = char::from(item.sign);
    match (item.task, item.number) {
        (Some(is_done), Some(number)) => format!("{number}{sign} [{}] ", if is_done { 'x' } else { ' ' }).into(),
        (Some(true), None) => "[x] ".into(),
        (Some(false), None) => "[ ] ".into(),
        (None, Some(number)) => format!("{number}{sign} ").into(),
        (None, None) => BULLET.into(),
    }
}

/// Where the rows of one block go.
pub(super) struct Page<'a> {
    margin: Margin,
    /// Whether the first row is there.
    is_begun: bool,
    rows: &'a mut Vec<Row>,
    /// The source offset of rows that show no text.
    at: usize,
}

impl Page<'_> {
    /// Returns the cells of a row between its margin and the edge, at least two.
    pub(super) fn room(&self) -> u16 {
        self.margin.room
    }

    /// Appends a row behind the block's margin.
    pub(super) fn row(&mut self, spans: Vec<RowSpan>, kind: RowKind) {
        if self.margin.rest.is_empty() && self.margin.first.is_empty() {
            self.push(spans, kind);
            return;
        }
        let mut whole = self.begin(spans.len());
        whole.extend(spans);
        self.push(whole, kind);
    }

    /// Returns the margin of the next row, with room for `n_more` spans.
    fn begin(&mut self, n_more: usize) -> Vec<RowSpan> {
        let mut first = std::mem::take(&mut self.margin.first);
        if self.is_begun {
            first.reserve_exact(self.margin.rest.len() + n_more);
            first.extend_from_slice(&self.margin.rest);
        } else {
            first.reserve_exact(n_more);
            self.is_begun = true;
        }
        first
    }

    fn push(&mut self, mut spans: Vec<RowSpan>, kind: RowKind) {
        let shown = || spans.iter().map(|span| &span.source).filter(|source| !source.is_empty());
        let start = shown().map(|source| source.start).min().unwrap_or(self.at);
        let end = shown().map(|source| source.end).max().unwrap_or(start);
        self.at = self.at.max(start);
        for span in spans.iter_mut().filter(|span| span.source == (0..0)) {
            span.source = start..start;
        }
        self.rows.push(Row { spans, kind, source: start..end });
    }

    /// Appends a blank row in front of a part of the block.
    pub(super) fn space(&mut self) {
        let spans = self.margin.rest.clone();
        self.push(spans, RowKind::Blank);
    }

    /// Appends the blank row between two blocks that `shared` holds.
    fn blank(&mut self, shared: &[Container], cells: u16) {
        let mut spans = Margin::of(shared, cells).rest;
        while spans.pop_if(|span| span.style.role != TextRole::QuoteBar).is_some() {}
        self.push(spans, RowKind::Blank);
    }

    fn prose(&mut self, block: &Block, setting: Setting<'_>, kind: RowKind, style: TextStyle) {
        let mut runs = Runs::default();
        inline(setting.source, &block.parts, style, setting.ending, &mut runs);
        self.wrapped(&runs, kind);
    }

    /// Appends text in as many rows as it takes.
    pub(super) fn wrapped(&mut self, runs: &Runs, kind: RowKind) {
        for line in runs.lines(self.room()) {
            let mut whole = self.begin(runs.n_spans(&line));
            whole.extend(runs.spans(&line));
            self.push(whole, kind);
        }
    }

    fn html(&mut self, block: &Block, setting: Setting<'_>) {
        let Source { text, map } = setting.source;
        let mut runs = Runs::default();
        for part in &block.parts {
            runs.push(text, part.range.clone(), TextStyle::default(), map);
        }
        self.wrapped(&runs, RowKind::Text);
    }

    /// The language of a block of code; one without a language has no label.
    fn code_label(&mut self, block: &Block, setting: Setting<'_>) {
        let Source { text, map } = setting.source;
        let mut runs = Runs::default();
        for part in &block.parts {
            runs.push(text, part.range.clone(), TextStyle::of(TextRole::Note), map);
        }
        if !runs.is_empty() {
            self.wrapped(&runs, RowKind::CodeLabel);
        }
    }

    fn code(&mut self, block: &Block, setting: Setting<'_>, is_continued: bool) {
        let Source { text, map } = setting.source;
        let mut runs = Runs::default();
        for part in &block.parts {
            let line = part.range.clone();
            let mut from = line.start;
            for (token, class) in setting.tokens {
                let token = (line.start + token.start).max(from)..(line.start + token.end).min(line.end);
                if token.is_empty() || text.get(token.clone()).is_none() {
                    continue;
                }
                runs.push(text, from..token.start, code_style(CodeClass::Plain), map);
                runs.push(text, token.clone(), code_style(*class), map);
                from = token.end;
            }
            runs.push(text, from..line.end, code_style(CodeClass::Plain), map);
        }
        let room = self.room().saturating_sub(width(CODE_INDENT)).max(2);
        let is_narrow = self.room() < room + width(CODE_INDENT);
        if setting.shape.cuts_code {
            if !is_continued {
                let indent = (!is_narrow).then(|| decoration(CODE_INDENT, TextRole::Prose));
                self.row(indent.into_iter().chain(one_row(&runs, room)).collect(), RowKind::Code);
            }
            return;
        }
        for (idx, line) in runs.cut(room).into_iter().enumerate() {
            let mut whole = self.begin(runs.n_spans(&line) + usize::from(!is_narrow));
            if !is_narrow {
                whole.push(if is_continued || idx > 0 {
                    decoration(CODE_CONTINUES, TextRole::Marker)
                } else {
                    decoration(CODE_INDENT, TextRole::Prose)
                });
            }
            whole.extend(runs.spans(&line));
            self.push(whole, RowKind::Code);
        }
    }
}

/// Returns a line of code as one row, with a mark where it was cut.
fn one_row(runs: &Runs, room: u16) -> Vec<RowSpan> {
    let lines = runs.cut(room);
    let is_cut = lines.len() > 1;
    let lines = if is_cut { runs.cut(room.saturating_sub(width(CODE_IS_CUT)).max(2)) } else { lines };
    let mut row: Vec<RowSpan> = lines.first().into_iter().flat_map(|line| runs.spans(line)).collect();
    if is_cut {
        row.push(decoration(CODE_IS_CUT, TextRole::Marker));
    }
    row
}

fn code_style(class: CodeClass) -> TextStyle {
    TextStyle::of(TextRole::Code(class))
}
