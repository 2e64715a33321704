//! Styled text on its way to rows: each run knows its source, and is measured the way it will be painted.

use std::ops::Range;

use crate::ui::text::clean::clean;
use crate::ui::text::offsets::OffsetMap;
use crate::ui::text::row::{RowSpan, TextStyle};
use crate::ui::text::width::{TAB, Wrapper, cut, width};

/// The text of one block, flat, with a style and a source for every part of it.
#[derive(Debug, Default)]
pub(super) struct Runs {
    flat: String,
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Run {
    /// In the flat text.
    at: Range<usize>,
    style: TextStyle,
    /// In the provider's text; runs side by side with `at` if both are as long.
    source: Range<usize>,
}

impl Runs {
    pub(super) fn is_empty(&self) -> bool {
        self.flat.is_empty()
    }

    /// Returns the bytes of the text shown.
    pub(super) fn len(&self) -> usize {
        self.flat.len()
    }

    /// Appends the cleaned text at `range`, byte for byte.
    pub(super) fn push(&mut self, text: &str, range: Range<usize>, style: TextStyle, map: &OffsetMap) {
        let mut from = range.start;
        for to in map.jumps(range.clone()).chain([range.end]) {
            let mut at = from;
            for piece in text.get(from..to).unwrap_or_default().split_inclusive('\t') {
                let visible = piece.strip_suffix('\t').unwrap_or(piece);
                self.add(visible, map.range_to_source(at..at + visible.len()), style);
                if visible.len() < piece.len() {
                    self.add(TAB, map.range_to_source(at + visible.len()..at + piece.len()), style);
                }
                at += piece.len();
            }
            from = to;
        }
    }

    /// Appends `shown`, which stands for the cleaned text at `range` as a whole; no range makes it decoration.
    pub(super) fn push_instead(&mut self, shown: &str, range: Range<usize>, style: TextStyle, map: &OffsetMap) {
        // An entity may spell any character, those too that the cleaner keeps out of plain text.
        let shown = clean(shown).replace(char::is_control, " ");
        self.add(&shown, map.range_to_source(range), style);
    }

    /// Appends what `other` shows as decoration, for text that is repeated.
    pub(super) fn push_copy(&mut self, other: &Self) {
        for run in &other.runs {
            self.add(other.flat.get(run.at.clone()).unwrap_or_default(), 0..0, run.style);
        }
    }

    /// Ends the line.
    pub(super) fn push_line_end(&mut self) {
        self.flat.push('\n');
    }

    fn add(&mut self, shown: &str, source: Range<usize>, style: TextStyle) {
        if shown.is_empty() {
            return;
        }
        let at = self.flat.len()..self.flat.len() + shown.len();
        self.flat.push_str(shown);
        self.runs.push(Run { at, style, source });
    }

    /// Returns the runs that have a part between two offsets of the text.
    fn between(&self, range: &Range<usize>) -> &[Run] {
        let first = self.runs.partition_point(|run| run.at.end <= range.start);
        let end = self.runs.partition_point(|run| run.at.start < range.end);
        self.runs.get(first..end).unwrap_or_default()
    }

    /// Returns how many spans the text between two offsets of it has at most.
    pub(super) fn n_spans(&self, range: &Range<usize>) -> usize {
        self.between(range).len()
    }

    /// Returns the text between two offsets of it as spans.
    pub(super) fn spans(&self, range: &Range<usize>) -> impl Iterator<Item = RowSpan> {
        self.between(range).iter().filter_map(|run| {
            let at = run.at.start.max(range.start)..run.at.end.min(range.end);
            let text = self.flat.get(at.clone())?.to_owned();
            let source = if run.at.len() == run.source.len() {
                let start = run.source.start + (at.start - run.at.start);
                start..start + at.len()
            } else {
                run.source.clone()
            };
            Some(RowSpan { width: width(&text), text: text.into(), style: run.style, source })
        })
    }

    fn segments(&self) -> impl Iterator<Item = &str> {
        // Line feeds stand between runs; they go with the run before.
        let ends = self.runs.iter().skip(1).map(|run| run.at.start).chain([self.flat.len()]);
        ends.scan(0, |from, to| {
            let segment = self.flat.get(*from..to);
            *from = to;
            segment
        })
    }

    /// Returns the text in lines of at most `cells`, broken between words.
    pub(super) fn lines(&self, cells: u16) -> Vec<Range<usize>> {
        let mut wrapper = Wrapper::new(cells);
        self.segments().for_each(|segment| wrapper.push(segment));
        wrapper.finish()
    }

    /// Returns the text in lines of at most `cells`, broken anywhere.
    pub(super) fn cut(&self, cells: u16) -> Vec<Range<usize>> {
        cut(self.segments(), cells)
    }

    /// Returns the cells of the longest line and of the longest word.
    pub(super) fn measure(&self) -> (u16, u16) {
        let longest = |separators: &[char]| {
            let mut longest = 0;
            let mut filled = 0u16;
            for segment in self.segments() {
                for (idx, piece) in segment.split(separators).enumerate() {
                    filled = if idx == 0 { filled } else { 0 }.saturating_add(width(piece));
                    longest = longest.max(filled);
                }
            }
            longest
        };
        (longest(&['\n']), longest(&['\n', ' ']))
    }
}
