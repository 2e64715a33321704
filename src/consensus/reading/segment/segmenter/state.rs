//! What the segmenter remembers between two characters.

use std::ops::Range;

use crate::consensus::reading::segment::Role;
use crate::consensus::reading::segment::line::LineKind;
use crate::domain::markdown::Fence;

/// The line under the cursor.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) indent: usize,
    /// Where its first character is that is no space.
    pub(super) first: Option<usize>,
    pub(super) kind: Option<LineKind>,
}

/// What the lines stand in.
#[derive(Clone, Debug, Default)]
pub(super) enum Mode {
    #[default]
    Text,
    Code(Code),
    Reasoning,
}

/// A block of code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    pub(super) fence: Fence,
    pub(super) start: usize,
    /// The column at which the list item starts that it stands in.
    pub(super) indent: usize,
}

impl Code {
    /// Returns `line` without the indent of the list item; a line further left is taken as it is, since few writers
    /// indent the last line as they did the first.
    pub(super) fn without_indent(self, line: &str) -> &str {
        let n_blanks = line.bytes().take(self.indent).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        line.get(n_blanks..).unwrap_or_default()
    }
}

/// The block whose last sentence is not committed yet.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) role: Role,
    pub(super) is_quote: bool,
    pub(super) start: usize,
    pub(super) boundary: Option<Boundary>,
    /// The last whole line of the block.
    pub(super) last_line: Range<usize>,
}

/// A terminator that ends the sentence if a new one starts after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
    pub(super) end: usize,
    pub(super) is_spaced: bool,
    pub(super) is_wide: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The last row, held back until it is known whether it is the head.
    pub(super) held: Option<Range<usize>>,
    pub(super) head: Option<Range<usize>>,
}

#[derive(Clone, Debug)]
pub(super) struct Parent {
    pub(super) indent: usize,
    /// The column at which its text starts.
    pub(super) content: usize,
    pub(super) range: Range<usize>,
}

/// A heading that what follows stands under.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// 1 for the outermost.
    pub(super) level: usize,
    pub(super) range: Range<usize>,
}
