//! Cuts a streaming answer into statements: blocks first, then sentences, each committed once and never taken back.

pub(crate) mod chatter;
pub(crate) mod clause;
pub(crate) mod line;
pub(crate) mod object;
pub(crate) mod segmenter;

use std::ops::Range;

/// What sort of text a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A sentence, or a part of one, of a paragraph or a quote.
    Sentence,
    /// A list item, or a sentence of one.
    Item,
    /// A row of a table.
    Row,
    /// The inside of a code block.
    Code,
}

/// A committed stretch of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Its bytes in the answer, without the marker of its list or quote.
    pub(crate) range: Range<usize>,
    /// Which block it stands in, counted from 0.
    pub(crate) block: u32,
    /// What sort of text it is.
    pub(crate) role: Role,
    /// What it stands under: lead-in, parent items, the heads of its columns.
    pub(crate) topics: Vec<Range<usize>>,
    /// The headings above it, the outermost first.
    pub(crate) headings: Vec<Range<usize>>,
}
