//! How many cells text fills, and where it is cut to fit: the same answer that the painter gives.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Cells that a tab becomes.
pub(crate) const TAB: &str = "    ";

/// What a person takes for one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grapheme<'a> {
    /// Byte offset into the text.
    pub(crate) at: usize,
    pub(crate) text: &'a str,
    /// Cells.
    pub(crate) width: u16,
}

/// Returns the graphemes of `text` with their widths; control characters take no cell.
pub(crate) fn graphemes(text: &str) -> impl Iterator<Item = Grapheme<'_>> {
    text.grapheme_indices(true).map(|(at, text)| Grapheme { at, text, width: grapheme_width(text) })
}

fn grapheme_width(grapheme: &str) -> u16 {
    match grapheme.as_bytes() {
        [b'\n'] => 0,
        [b'\t'] => TAB.len() as u16,
        // What a terminal would obey reaches no cell: the door takes it out.
        _ if grapheme.contains(char::is_control) => 0,
        _ => grapheme.cell_width(),
    }
}

/// Returns how many cells `text` fills in one row; a tab counts as four.
pub fn width(text: &str) -> u16 {
    if is_plain(text) {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    graphemes(text).map(|grapheme| grapheme.width).fold(0, u16::saturating_add)
}

/// Returns whether every byte is one cell.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns `text` if it fits into `cells`, else as much of it as fits with `…` at the end; nothing for no cells.
pub fn truncate(text: &str, cells: u16) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else { return Cow::Borrowed("") };
    let mut filled = 0;
    let end = graphemes(text).find(|grapheme| {
        filled += u32::from(grapheme.width);
        filled > u32::from(room)
    });
    let kept = end.and_then(|grapheme| text.get(..grapheme.at)).unwrap_or(text);
    Cow::Owned(format!("{}…", kept.trim_end()))
}

/// Returns `text` in rows of at most `cells`, broken between words where possible; tabs become spaces.
///
/// Line feeds end rows. An empty text gives one empty row. The text must have been cleaned.
pub fn wrap(text: &str, cells: u16) -> Vec<String> {
    let text = text.replace('\t', TAB);
    let mut wrapper = Wrapper::new(cells);
    wrapper.push(&text);
    wrapper.finish().into_iter().map(|line| text.get(line).unwrap_or_default().to_owned()).collect()
}

/// Breaks text without tabs into lines: between words, between CJK characters, within a word that is too long.
///
/// The text comes in segments: each is measured on its own, because each is painted on its own.
#[derive(Debug)]
pub(crate) struct Wrapper {
    room: u16,
    lines: Vec<Range<usize>>,
    /// Bytes seen so far.
    at: usize,
    line_start: usize,
    line_width: u16,
    /// The last place where the line may end.
    chance: Option<Chance>,
    /// The end of the text of the line, blanks at its end left out.
    ink_end: usize,
    /// The two characters before.
    before: (char, char),
}

/// A place where a line may end.
#[derive(Clone, Copy, Debug)]
struct Chance {
    /// Where the line ends, blanks left out.
    end: usize,
    /// Where the next one starts.
    next: usize,
    /// Cells from the start of the line up to `next`.
    width: u16,
}

impl Wrapper {
    /// Returns a wrapper for lines of `cells` cells, at least two: a wide character must fit.
    pub(crate) fn new(cells: u16) -> Self {
        Self {
            room: cells.max(2),
            lines: Vec::new(),
            at: 0,
            line_start: 0,
            line_width: 0,
            chance: None,
            ink_end: 0,
            before: (' ', ' '),
        }
    }

    /// Takes the next segment.
    pub(crate) fn push(&mut self, segment: &str) {
        for (at, piece) in segment.split_inclusive('\n').scan(0, |at, piece| {
            let start = *at;
            *at += piece.len();
            Some((start, piece))
        }) {
            let base = self.at + at;
            let (line, has_end) = piece.strip_suffix('\n').map_or((piece, false), |line| (line, true));
            if is_plain(line) {
                self.plain_line(base, line);
            } else {
                for Grapheme { at, text, width } in graphemes(line) {
                    let first = text.chars().next().unwrap_or(' ');
                    self.piece(base + at, (first, first), text.len(), width);
                }
            }
            if has_end {
                self.end_line(self.ink_end, base + piece.len());
                self.before = (' ', ' ');
            }
        }
        self.at += segment.len();
    }

    /// Returns the lines as byte ranges of all that was pushed; at least one.
    pub(crate) fn finish(mut self) -> Vec<Range<usize>> {
        if self.line_start < self.at || self.lines.is_empty() {
            self.end_line(self.ink_end, self.at);
        }
        self.lines
    }

    /// Takes a line of single cells: a short word without a place to break counts as one piece.
    fn plain_line(&mut self, base: usize, line: &str) {
        let mut at = base;
        for word in line.split_inclusive(' ') {
            let ink = word.strip_suffix(' ').unwrap_or(word);
            let edges = ink.chars().next().zip(ink.chars().next_back());
            match edges.filter(|_| ink.len() <= usize::from(self.room) && !ink.contains('-')) {
                Some(edges) => self.piece(at, edges, ink.len(), ink.len() as u16),
                None => ink.chars().enumerate().for_each(|(idx, letter)| self.piece(at + idx, (letter, letter), 1, 1)),
            }
            at += word.len();
            if ink.len() < word.len() {
                self.piece(at - 1, (' ', ' '), 1, 1);
            }
        }
    }

    /// Takes what must not be broken; `edges` are its first and last characters.
    fn piece(&mut self, at: usize, edges: (char, char), n_bytes: usize, width: u16) {
        if edges.0 == ' ' {
            self.blank(at, n_bytes, width);
        } else {
            if self.line_start < at && may_part(self.before, edges.0) {
                self.chance = Some(Chance { end: self.ink_end, next: at, width: self.line_width });
            }
            if self.line_width.saturating_add(width) > self.room {
                self.break_before(at, width);
            }
            self.line_width = self.line_width.saturating_add(width);
            self.ink_end = at + n_bytes;
        }
        self.before = (if n_bytes > 1 { edges.0 } else { self.before.1 }, edges.1);
    }

    /// Takes a blank: it hangs over the edge and is not painted there, nor at the head of a line that was begun here.
    fn blank(&mut self, at: usize, n_bytes: usize, width: u16) {
        if self.ink_end > self.line_start || self.lines.is_empty() {
            self.line_width = self.line_width.saturating_add(width);
            let (end, next) = (self.ink_end, at + n_bytes);
            self.chance = (end > self.line_start).then_some(Chance { end, next, width: self.line_width });
        } else {
            self.line_start = at + n_bytes;
            self.ink_end = self.line_start;
        }
    }

    /// Makes room for a piece at `at`: ends the line at the last chance, or right here.
    fn break_before(&mut self, at: usize, width: u16) {
        let ink_end = self.ink_end;
        if let Some(chance) = self.chance.take() {
            let carried = self.line_width.saturating_sub(chance.width);
            self.end_line(chance.end, chance.next);
            self.line_width = carried;
            self.ink_end = ink_end.max(chance.next);
        }
        if self.line_width.saturating_add(width) > self.room && self.line_start < at {
            self.end_line(self.ink_end, at);
        }
    }

    fn end_line(&mut self, end: usize, next: usize) {
        self.lines.push(self.line_start..end.max(self.line_start));
        self.line_start = next;
        self.ink_end = next;
        self.line_width = 0;
        self.chance = None;
    }
}

/// Returns whether a line may end between two characters neither of which is a blank.
fn may_part((earlier, before): (char, char), after: char) -> bool {
    if before == ' ' {
        return false; // the blank was the chance
    }
    if is_ideographic(before) || is_ideographic(after) {
        return !clings_to_line_above(after) && !clings_to_line_below(before);
    }
    before == '-' && earlier.is_alphanumeric() && after.is_alphabetic()
}

/// Returns whether lines may break around `character` without a blank: CJK, kana, their full-width forms.
fn is_ideographic(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Returns whether `character` must not start a line (the common part of JIS X 4051's list).
fn clings_to_line_above(character: char) -> bool {
    "、。，．：；！？）」』】〕〉》］｝・ーゝゞ々,.:;!?)]}%…".contains(character)
}

/// Returns whether `character` must not end a line.
fn clings_to_line_below(character: char) -> bool {
    "（「『【〔〈《［｛([{".contains(character)
}

/// Returns `text` cut into lines of at most `cells` (at least two), at any grapheme; segments as in [`Wrapper`].
pub(crate) fn cut<'a>(segments: impl Iterator<Item = &'a str>, cells: u16) -> Vec<Range<usize>> {
    let room = cells.max(2);
    let (mut lines, mut start, mut filled, mut base) = (Vec::new(), 0, 0u16, 0);
    for segment in segments {
        let mut end_line = |at: usize| {
            lines.push(start..base + at);
            start = base + at;
        };
        if is_plain(segment) {
            let mut at = 0;
            while segment.len() - at > usize::from(room.saturating_sub(filled)) {
                at += usize::from(room.saturating_sub(filled));
                end_line(at);
                filled = 0;
            }
            filled += (segment.len() - at) as u16;
        } else {
            for grapheme in graphemes(segment) {
                if filled.saturating_add(grapheme.width) > room && filled > 0 {
                    end_line(grapheme.at);
                    filled = 0;
                }
                filled = filled.saturating_add(grapheme.width);
            }
        }
        base += segment.len();
    }
    lines.push(start..base);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, cells: u16, rows: &[&str]) {
        assert_eq!(wrap(text, cells), rows, "{text:?} in {cells}");
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        check("the quick brown fox", 10, &["the quick", "brown fox"]);
        check("one  two", 4, &["one", "two"]);
        check("ab cd ", 5, &["ab cd"]);
        check("", 10, &[""]);
        check("a\n\nb\n", 10, &["a", "", "b"]);
        check("  indented", 20, &["  indented"]);
        check("well-known fact", 11, &["well-known", "fact"]);
        check("git --force it", 7, &["git", "--force", "it"]);
        check("a well-known fact", 8, &["a well-", "known", "fact"]);
    }

    #[test]
    fn long_words_are_cut_at_the_width() {
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("x abcdefghij", 4, &["x", "abcd", "efgh", "ij"]);
    }

    #[test]
    fn cjk_breaks_between_characters_but_not_before_a_full_stop() {
        check("漢字漢字漢字", 5, &["漢字", "漢字", "漢字"]);
        check("漢字漢字。", 8, &["漢字漢", "字。"]);
        check("a漢", 2, &["a", "漢"]);
    }

    #[test]
    fn joined_emoji_and_marks_count_as_one() {
        check("👩‍👩‍👧👩‍👩‍👧", 3, &["👩‍👩‍👧", "👩‍👩‍👧"]);
        check("e\u{301}e\u{301}e\u{301}", 2, &["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn tabs_are_four_cells() {
        assert_eq!(width("\ta"), 5);
        check("a\tb", 6, &["a    b"]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        for (text, cells, expected) in [
            ("short", 5, "short"),
            ("too long", 5, "too…"),
            ("漢字漢字", 5, "漢字…"),
            ("漢字漢字", 4, "漢…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
        ] {
            assert_eq!(truncate(text, cells), expected);
        }
    }

    #[test]
    fn code_is_cut_at_the_cell() {
        let cut = |text: &'static str, cells| cut(std::iter::once(text), cells).into_iter().map(|r| &text[r]);
        assert_eq!(cut("let x = 1;", 4).collect::<Vec<_>>(), ["let ", "x = ", "1;"]);
        assert_eq!(cut("let 漢字 = 1;", 5).collect::<Vec<_>>(), ["let ", "漢字 ", "= 1;"]);
        assert_eq!(cut("", 4).collect::<Vec<_>>(), [""]);
        let segments = ["ab", "c漢", "defg", "", "hi"];
        assert_eq!(super::cut(segments.into_iter(), 4), [0..3, 3..8, 8..12]);
    }
}
