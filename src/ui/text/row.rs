//! What the screen paints: rows of spans that know which bytes of the provider's text they show.

use std::borrow::Cow;
use std::ops::Range;

use crate::ui::text::width::{Grapheme, graphemes};

/// One row of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What to paint, left to right.
    pub spans: Vec<RowSpan>,
    /// What the row belongs to.
    pub kind: RowKind,
    /// From the first to the last source byte that the row shows; empty, at its place, where it shows none.
    pub source: Range<usize>,
}

impl Row {
    /// Returns how many cells the row fills.
    pub fn width(&self) -> u16 {
        self.spans.iter().map(|span| span.width).sum()
    }

    /// Returns the row's text as painted.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| &*span.text).collect()
    }
}

/// What a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Prose, also in lists and quotes.
    Text,
    /// A heading and its level, 1 to 6.
    Heading(u8),
    /// The language above a code block.
    CodeLabel,
    /// Code.
    Code,
    /// A row of a table, or one field of it where the table is drawn as records.
    Table,
    /// The rule under a table's header.
    TableRule,
    /// A thematic break.
    Rule,
    /// Nothing but the space between two blocks.
    Blank,
}

/// Neighbouring cells of one style.
///
/// Its bytes either run side by side with `source` or stand for it as a whole (an entity, an escape, a tab, a bullet).
#[derive(Clone, Debug, PartialEq)]
pub struct RowSpan {
    /// What to paint; no control characters. Joiners are kept. Bullets, bars and indents own nothing: there are many.
    pub text: Cow<'static, str>,
    /// How many cells the text fills.
    pub width: u16,
    /// What the text is.
    pub style: TextStyle,
    /// The provider's bytes that the span shows; empty for decoration.
    pub source: Range<usize>,
}

/// One grapheme of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanCell<'a> {
    /// The grapheme.
    pub text: &'a str,
    /// How many cells it fills, 0 to 2 but for rare clusters.
    pub width: u16,
    /// The provider's bytes that it shows; empty for decoration.
    pub source: Range<usize>,
}

impl RowSpan {
    /// Returns the span's graphemes with the source bytes of each, so that a mark can begin and end inside the span.
    pub fn cells(&self) -> impl Iterator<Item = SpanCell<'_>> {
        let is_side_by_side = self.text.len() == self.source.len();
        graphemes(&self.text).map(move |Grapheme { at, text, width }| {
            let start = self.source.start + at;
            let source = if is_side_by_side { start..start + text.len() } else { self.source.clone() };
            SpanCell { text, width, source }
        })
    }
}

/// What a piece of text is; themes give it its looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// What it is.
    pub role: TextRole,
    /// Strong.
    pub bold: bool,
    /// Emphasised.
    pub italic: bool,
    /// Struck through.
    pub strike: bool,
}

impl TextStyle {
    /// Returns the plain style of `role`.
    pub fn of(role: TextRole) -> Self {
        Self { role, ..Self::default() }
    }
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextRole {
    /// Prose.
    #[default]
    Prose,
    /// A heading and its level, 1 to 6.
    Heading(u8),
    /// The text of a link.
    Link,
    /// Code within prose.
    InlineCode,
    /// Code in a block.
    Code(CodeClass),
    /// Said beside the text: where a link leads, the language of a block.
    Note,
    /// A bullet, a number, a task's box, the mark of a continued line.
    Marker,
    /// The bar of a quotation.
    QuoteBar,
    /// A table's header.
    TableHeader,
    /// A drawn line.
    Rule,
}

/// What a token of code is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CodeClass {
    /// Anything else.
    #[default]
    Plain,
    /// A word of the language.
    Keyword,
    /// Text in quotes.
    String,
    /// A comment.
    Comment,
    /// A number.
    Number,
    /// The name of something that is called.
    Function,
    /// The name of a type, a class, a tag.
    Type,
    /// A constant, an escape in a string.
    Constant,
    /// A sign that computes or compares.
    Operator,
    /// Brackets, commas.
    Punctuation,
}
