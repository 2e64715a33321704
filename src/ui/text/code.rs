//! The blocks of code in a document: what to copy, what to colour, and the colours once they are there.

use std::ops::Range;

use crate::ui::text::block::{Block, BlockKind};
use crate::ui::text::layout::Tokens;
use crate::ui::text::row::CodeClass;

/// All blocks of code of one document, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    blocks: Vec<Code>,
}

#[derive(Clone, Debug)]
struct Code {
    /// In the cleaned text.
    language: Range<usize>,
    lines: Vec<CodeLine>,
}

#[derive(Clone, Debug)]
struct CodeLine {
    /// In the cleaned text, without the marks of quotations and the indent of lists.
    range: Range<usize>,
    /// The sealed block that shows the line, or the head of it.
    block: usize,
    /// Ranges of the line, in order; empty while nothing is known.
    tokens: Vec<(Range<usize>, CodeClass)>,
}

/// A block of code: the lines that are whole.
#[derive(Clone, Copy, Debug)]
pub struct CodeBlock<'a> {
    /// The language as the model named it; empty where it did not.
    pub language: &'a str,
    text: &'a str,
    lines: &'a [CodeLine],
}

impl<'a> CodeBlock<'a> {
    /// Returns how many lines are whole.
    pub fn n_lines(&self) -> usize {
        self.lines.len()
    }

    /// Returns the lines from line `first` on, cleaned, without their line feeds.
    pub fn lines_from(&self, first: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let text = self.text;
        self.lines.iter().skip(first).map(move |line| text.get(line.range.clone()).unwrap_or_default())
    }

    /// Returns where the first line begins in the cleaned text; `None` while no line is whole.
    pub fn start(&self) -> Option<usize> {
        self.lines.first().map(|line| line.range.start)
    }

    /// Returns the code as one would paste it, without a line feed at its end.
    pub fn source(&self) -> String {
        let lines: Vec<&str> = self.lines_from(0).collect();
        lines.join("\n")
    }
}

impl Codes {
    /// Takes note of a block that was sealed as number `idx`, if it is code.
    pub(super) fn note(&mut self, block: &Block, idx: usize) {
        let range = block.parts.first().map_or(0..0, |part| part.range.clone());
        match block.kind {
            BlockKind::CodeLabel { .. } => self.blocks.push(Code { language: range, lines: Vec::new() }),
            BlockKind::Code { code, is_continued, .. } => {
                let Some(code) = self.blocks.get_mut(code) else { return };
                match code.lines.last_mut().filter(|_| is_continued) {
                    Some(head) => head.range.end = range.end,
                    None => code.lines.push(CodeLine { range, block: idx, tokens: Vec::new() }),
                }
            }
            BlockKind::Paragraph
            | BlockKind::Heading(_)
            | BlockKind::Rule
            | BlockKind::Html
            | BlockKind::TableHead { .. }
            | BlockKind::TableRow { .. } => {}
        }
    }

    pub(super) fn blocks<'a>(&'a self, text: &'a str) -> impl ExactSizeIterator<Item = CodeBlock<'a>> {
        self.blocks.iter().map(move |code| CodeBlock {
            language: text.get(code.language.clone()).unwrap_or_default(),
            text,
            lines: &code.lines,
        })
    }

    /// Returns the block in which the cleaned byte at `at` stands, its language included.
    pub(super) fn at(&self, at: usize) -> Option<usize> {
        let idx = self.blocks.partition_point(|code| code.language.start <= at).checked_sub(1)?;
        let code = self.blocks.get(idx)?;
        let end = code.lines.last().map_or(code.language.end, |line| line.range.end);
        (at <= end).then_some(idx)
    }

    pub(super) fn tokens(&self, code: usize, line: usize) -> &Tokens {
        let line = self.blocks.get(code).and_then(|code| code.lines.get(line));
        line.map(|line| line.tokens.as_slice()).unwrap_or_default()
    }

    /// Keeps the colours of a line; returns the sealed block that shows it, if there is one.
    pub(super) fn colour(&mut self, code: usize, line: usize, tokens: Vec<(Range<usize>, CodeClass)>) -> Option<usize> {
        let line = self.blocks.get_mut(code)?.lines.get_mut(line)?;
        line.tokens = tokens;
        Some(line.block)
    }
}
