//! Where in a Markdown text a mark stands: in code it is quoted, within a line it is spoken of.

use crate::domain::markdown::{Fence, MOST_INDENT};

/// How much of a line is kept to see whether it is a fence, in bytes.
const MAX_LINE: usize = 64;

/// How a text goes on, told from what came before.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    /// The beginning of the line.
    line: String,
    /// The fence that the line stands in.
    fence: Option<Fence>,
    /// Backticks in the line so far.
    n_ticks: usize,
    last: Option<char>,
}

impl Spot {
    /// Takes more text.
    pub(super) fn pass(&mut self, text: &str) {
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            self.grow(line);
            self.end_line();
            rest = after;
        }
        self.grow(rest);
        self.last = text.chars().next_back().or(self.last);
    }

    fn grow(&mut self, part: &str) {
        self.n_ticks += memchr::memchr_iter(b'`', part.as_bytes()).count();
        let mut n_wanted = MAX_LINE.saturating_sub(self.line.len()).min(part.len());
        while !part.is_char_boundary(n_wanted) {
            n_wanted -= 1;
        }
        self.line.push_str(part.get(..n_wanted).unwrap_or_default());
    }

    fn end_line(&mut self) {
        self.fence = match self.fence {
            Some(fence) if fence.is_closed_by(&self.line) => None,
            Some(fence) => Some(fence),
            None => Fence::open(&self.line),
        };
        self.line.clear();
        self.n_ticks = 0;
    }

    /// Returns whether what comes next is code.
    pub(super) fn is_code(&self) -> bool {
        self.fence.is_some() || !self.n_ticks.is_multiple_of(2)
    }

    /// Returns whether what comes next is the first of its line, and not indented so far that it is code.
    pub(super) fn is_line_start(&self) -> bool {
        self.line.len() <= MOST_INDENT && self.line.bytes().all(|byte| byte == b' ')
    }

    /// Returns whether a closing mark that comes next ends what was said, and is no word of it: it has a line of its own,
    /// stands right behind the last word, or behind the end of a sentence.
    pub(super) fn may_close(&self) -> bool {
        let is_border = |c: char| c.is_alphanumeric() || ".!?…。！？)*".contains(c);
        let is_behind_sentence = || {
            let said = self.line.trim_end();
            self.line.len() < MAX_LINE && said.ends_with(['.', '!', '?', '…'])
        };
        self.is_line_start() || self.last.is_some_and(is_border) || is_behind_sentence()
    }
}
