//! What markdown is cut into: blocks, and the quotations and lists that they stand in.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::markdown::Fence;
use crate::ui::text::line::{Align, Line};

/// What a block stands in: a quotation or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// Which one; no two share it.
    pub(super) id: u32,
    pub(super) kind: ContainerKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ContainerKind {
    Quote,
    Item(Item),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Which list; items of one list share it.
    pub(super) list: u32,
    pub(super) sign: u8,
    /// The number as the model wrote it: an answer may speak of "step 3". Bullets have none.
    pub(super) number: Option<u64>,
    /// Whether the task is ticked, where the item is one.
    pub(super) task: Option<bool>,
    /// Columns by which the item's text is indented.
    pub(super) indent: usize,
    /// Where its text begins in the cleaned text.
    pub(super) at: usize,
    /// Whether the block is the item's first, which shows the mark.
    pub(super) is_fresh: bool,
}

/// A piece of text that is laid out on its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// From the outermost container inwards.
    pub(super) path: Arc<[Container]>,
    /// A blank row goes before the block; so many containers hold both it and what is above.
    pub(super) gap: Option<usize>,
    pub(super) kind: BlockKind,
    /// Its text, a range of the cleaned text for each line.
    pub(super) parts: Vec<Part>,
}

/// One line of a block's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// Whether the line must end there.
    pub(super) is_hard: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Paragraph,
    Heading(u8),
    Rule,
    Html,
    CodeLabel {
        code: usize,
    },
    /// A line of code, or the next part of a very long one.
    Code {
        code: usize,
        line: usize,
        is_continued: bool,
    },
    TableHead {
        table: usize,
        aligns: Arc<[Align]>,
    },
    TableRow {
        table: usize,
        row: usize,
    },
}

/// The block that the next line may add to.
#[derive(Clone, Debug, Default)]
pub(super) enum Leaf {
    #[default]
    None,
    Paragraph {
        parts: Vec<Part>,
        is_continued: bool,
    },
    Fence {
        fence: Fence,
        indent: usize,
        code: usize,
        n_lines: usize,
    },
    Indented {
        code: usize,
        n_lines: usize,
        blanks: Vec<usize>,
    },
    Html,
    Table {
        table: usize,
        n_rows: usize,
    },
}

impl Container {
    /// Passes the container's mark if the line goes on with it; returns whether it does.
    pub(super) fn enter(&self, line: &mut Line<'_>) -> bool {
        match &self.kind {
            ContainerKind::Quote => line.take_quote(),
            ContainerKind::Item(item) => {
                let goes_on = line.indent() >= item.indent || line.is_blank();
                if goes_on {
                    line.skip_columns(item.indent);
                }
                goes_on
            }
        }
    }

    /// Returns where the text of an item would begin that has shown nothing yet.
    pub(super) fn bare_at(&self) -> Option<usize> {
        match &self.kind {
            ContainerKind::Item(item) => item.is_fresh.then_some(item.at),
            ContainerKind::Quote => None,
        }
    }
}

impl Block {
    /// Returns where the block's text begins in the cleaned text.
    pub(super) fn start(&self) -> usize {
        self.parts.first().map_or(0, |part| part.range.start)
    }
}

impl Part {
    /// Returns a line that may end where it ends, or anywhere.
    pub(super) fn soft(range: Range<usize>) -> Self {
        Self { range, is_hard: false }
    }

    /// Returns what is left of a line as a part; two blanks or a backslash at its end force the line to end.
    pub(super) fn of(line: Line<'_>) -> Self {
        let range = line.range();
        let text = line.rest.get(..range.len()).unwrap_or_default();
        if text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1 {
            return Self { range: range.start..range.end - 1, is_hard: true };
        }
        Self { range, is_hard: line.rest.ends_with("  ") }
    }
}

/// What stands above a block, as far as the space between them depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    Heading,
    Prose,
    /// Code, a table, a rule: they need air.
    Other,
}

impl Above {
    pub(super) fn of(kind: &BlockKind) -> Self {
        match kind {
            BlockKind::Heading(_) => Self::Heading,
            BlockKind::Paragraph => Self::Prose,
            BlockKind::Rule
            | BlockKind::Html
            | BlockKind::CodeLabel { .. }
            | BlockKind::Code { .. }
            | BlockKind::TableHead { .. }
            | BlockKind::TableRow { .. } => Self::Other,
        }
    }
}

/// Returns how many containers hold both blocks if a blank row goes between them.
///
/// Lists are drawn tight, whether their source is or not: what comes later must not move what is there. Only behind
/// code, tables and quotations the next item keeps its distance. A heading stands right on what it heads.
pub(super) fn gap(last: &[Container], above: Above, next: &[Container]) -> Option<usize> {
    let n_shared = last.iter().zip(next).take_while(|(a, b)| a.id == b.id).count();
    let item = |path: &[Container], idx: Option<usize>| match &path.get(idx?)?.kind {
        ContainerKind::Item(item) => Some(item.list),
        ContainerKind::Quote => None,
    };
    let new_list = item(next, Some(n_shared));
    let is_sibling = new_list.is_some() && new_list == item(last, Some(n_shared));
    let is_sublist = new_list.is_some() && last.len() == n_shared && item(last, n_shared.checked_sub(1)).is_some();
    let is_quote = |container: &Container| container.kind == ContainerKind::Quote;
    let is_tight = match above {
        Above::Heading => true,
        Above::Prose => (is_sibling || is_sublist) && !last.iter().skip(n_shared).any(is_quote),
        Above::Other => false,
    };
    (!is_tight).then_some(n_shared)
}
