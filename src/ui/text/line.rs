//! What one line of markdown can begin: the tests of CommonMark 0.31 and of GitHub's tables, on a line at a time.

use std::ops::Range;

use crate::domain::markdown::Fence;

/// Reads one line from the left; knows where it stands in the cleaned text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// What is left of the line, without its line feed.
    pub(super) rest: &'a str,
    /// Offset of `rest` in the cleaned text.
    pub(super) at: usize,
    /// Columns before `rest`, for the stops of tabs.
    column: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(rest: &'a str, at: usize) -> Self {
        Self { rest, at, column: 0 }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.rest.bytes().all(|byte| byte == b' ' || byte == b'\t')
    }

    /// Returns the columns of white space ahead, tabs up to the next stop of four.
    pub(super) fn indent(&self) -> usize {
        let mut probe = *self;
        while probe.skip_blank() {}
        probe.column - self.column
    }

    /// Passes white space of up to `columns` columns; a tab is passed whole.
    pub(super) fn skip_columns(&mut self, columns: usize) {
        let until = self.column + columns;
        while self.column < until && self.skip_blank() {}
    }

    /// Passes all white space ahead.
    pub(super) fn skip_blanks(&mut self) {
        while self.skip_blank() {}
    }

    fn skip_blank(&mut self) -> bool {
        let columns = match self.rest.as_bytes().first() {
            Some(b' ') => 1,
            Some(b'\t') => 4 - self.column % 4,
            Some(_) | None => return false,
        };
        self.advance(1);
        self.column += columns - 1;
        true
    }

    /// Passes `n_bytes` bytes of one column each.
    pub(super) fn advance(&mut self, n_bytes: usize) {
        self.rest = self.rest.get(n_bytes..).unwrap_or_default();
        self.at += n_bytes;
        self.column += n_bytes;
    }

    /// Passes the mark of a quotation, up to three blanks before it and one behind it, if it is next.
    pub(super) fn take_quote(&mut self) -> bool {
        let mut probe = *self;
        if probe.indent() > 3 {
            return false;
        }
        probe.skip_blanks();
        if !probe.rest.starts_with('>') {
            return false;
        }
        probe.advance(1);
        probe.skip_columns(1);
        *self = probe;
        true
    }

    /// Returns where the rest stands, blanks at its end left out.
    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.at + self.rest.trim_end_matches([' ', '\t']).len()
    }
}

/// Returns the level of a heading and its text, if the line is one.
pub(super) fn heading(line: Line<'_>) -> Option<(u8, Range<usize>)> {
    let level = line.rest.bytes().take_while(|byte| *byte == b'#').count();
    if !(1..=6).contains(&level) {
        return None;
    }
    let mut text = line;
    text.advance(level);
    if !text.rest.is_empty() && text.indent() == 0 {
        return None;
    }
    text.skip_blanks();
    let trimmed = text.rest.trim_end();
    let unhashed = trimmed.trim_end_matches('#');
    let closes = unhashed.is_empty() || unhashed.ends_with([' ', '\t']);
    let kept = if closes { unhashed.trim_end() } else { trimmed };
    Some((level as u8, text.at..text.at + kept.len()))
}

/// Returns whether the line draws a thematic break.
pub(super) fn is_rule(rest: &str) -> bool {
    let mut ink = rest.bytes().filter(|byte| *byte != b' ' && *byte != b'\t').peekable();
    let mark = ink.peek().copied();
    matches!(mark, Some(b'*' | b'-' | b'_')) && {
        let mut n_marks = 0;
        ink.all(|byte| {
            n_marks += 1;
            Some(byte) == mark
        }) && n_marks >= 3
    }
}

/// Returns the level of the heading that the line makes of the paragraph above it.
pub(super) fn underline(rest: &str) -> Option<u8> {
    let trimmed = rest.trim_end();
    let all = |mark: u8| !trimmed.is_empty() && trimmed.bytes().all(|byte| byte == mark);
    if all(b'=') {
        Some(1)
    } else if all(b'-') {
        Some(2)
    } else {
        None
    }
}

/// Returns the fence that the line opens, and where the word for its language stands.
pub(super) fn fence(line: Line<'_>) -> Option<(Fence, Range<usize>)> {
    let fence = Fence::open(line.rest)?;
    let info = fence.info(line.rest);
    // The info string ends the line, but for blanks, so that its place is told by what stands behind it.
    let start = line.at + line.rest.trim_end().len() - info.len();
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    Some((fence, start..start + word.len()))
}

/// The mark of a list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemMark {
    /// The bullet, or what stands behind the number; items of one list share it.
    pub(super) sign: u8,
    /// The number as written.
    pub(super) number: Option<u64>,
    /// Bytes of the mark.
    pub(super) length: usize,
    /// Whether nothing follows it on the line.
    pub(super) is_empty: bool,
}

/// Returns the mark of the list item that the line begins.
pub(super) fn item(rest: &str) -> Option<ItemMark> {
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let sign = *rest.as_bytes().get(n_digits)?;
    let number = match (n_digits, sign) {
        (0, b'-' | b'+' | b'*') => None,
        (1..=9, b'.' | b')') => rest.get(..n_digits)?.parse().ok(),
        _ => return None,
    };
    let length = n_digits + 1;
    let after = rest.get(length..)?;
    let is_empty = after.trim_matches([' ', '\t']).is_empty();
    (is_empty || after.starts_with([' ', '\t'])).then_some(ItemMark { sign, number, length, is_empty })
}

/// Returns whether the line is nothing but marks, of any kind.
pub(super) fn is_only_marks(rest: &str) -> bool {
    rest.bytes().all(|byte| b" \t-=*_+`~|:>#[".contains(&byte))
}

/// Returns whether the line is nothing but what could become the mark of a numbered item.
pub(super) fn is_only_number(rest: &str) -> bool {
    let rest = rest.trim_matches([' ', '\t']);
    let digits = rest.trim_end_matches(['.', ')']);
    digits.len() < 10 && rest.len() <= digits.len() + 1 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the item's text begins with a task's box, and whether that is ticked.
pub(super) fn task(rest: &str) -> Option<bool> {
    match rest.as_bytes() {
        [b'[', b' ', b']', b' ', ..] => Some(false),
        [b'[', b'x' | b'X', b']', b' ', ..] => Some(true),
        _ => None,
    }
}

/// Tags that begin a block of HTML whatever stands behind them (CommonMark 0.31, section 4.6, kinds 1 and 6).
const BLOCK_TAGS: [&str; 45] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Returns whether the line begins a block of HTML: a comment, a tag of a block, any other tag alone on its line.
pub(super) fn is_html(rest: &str) -> bool {
    let Some(tag) = rest.strip_prefix('<') else { return false };
    if tag.starts_with("!--") || tag.starts_with('?') {
        return true;
    }
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(tag.len());
    let (name, after) = tag.split_at(end);
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (after.is_empty() || after.starts_with([' ', '\t', '>', '/']));
    let is_alone = after.find('>').is_some_and(|at| after.get(at + 1..).is_some_and(|rest| rest.trim().is_empty()));
    is_tag && (is_alone || BLOCK_TAGS.iter().any(|block| block.eq_ignore_ascii_case(name)))
}

/// How the cells of a table's column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// Returns how the columns stand, if the line is the one under a table's header.
pub(super) fn delimiter(rest: &str) -> Option<Vec<Align>> {
    if !rest.contains('-') || !rest.contains(['|', ':']) {
        return None;
    }
    let aligns = cells(rest, 0).into_iter().map(|range| align(rest.get(range).unwrap_or_default()));
    aligns.collect()
}

fn align(cell: &str) -> Option<Align> {
    let (left, rest) = cell.strip_prefix(':').map_or((false, cell), |rest| (true, rest));
    let (right, dashes) = rest.strip_suffix(':').map_or((false, rest), |rest| (true, rest));
    let is_drawn = !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-');
    is_drawn.then_some(match (left, right) {
        (true, true) => Align::Center,
        (false, true) => Align::Right,
        (true | false, false) => Align::Left,
    })
}

/// Returns where the cells of a table's row stand, blanks around them left out; `at` is the offset of the row.
pub(super) fn cells(row: &str, at: usize) -> Vec<Range<usize>> {
    let lead = row.len() - row.trim_start().len();
    let trimmed = row.trim();
    let inner = trimmed.strip_prefix('|').unwrap_or(trimmed);
    let start = at + lead + (trimmed.len() - inner.len());
    let inner = match inner.strip_suffix('|') {
        Some(kept) if !ends_in_escape(kept) => kept,
        Some(_) | None => inner,
    };
    let mut found = Vec::new();
    let mut from = 0;
    let mut is_escaped = false;
    let pipes = inner.bytes().enumerate().filter(|(_, byte)| {
        let is_pipe = *byte == b'|' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_pipe
    });
    for end in pipes.map(|(end, _)| end).chain([inner.len()]) {
        let cell = inner.get(from..end).unwrap_or_default();
        let left = start + from + (cell.len() - cell.trim_start().len());
        found.push(left..left + cell.trim().len());
        from = end + 1;
    }
    found
}

fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_their_marks() {
        let check = |line: &str, expected: Option<(u8, &str)>| {
            let found = heading(Line::new(line, 0)).map(|(level, range)| (level, line.get(range).unwrap()));
            assert_eq!(found, expected, "{line:?}");
        };
        check("# One", Some((1, "One")));
        check("###### Six ##", Some((6, "Six")));
        check("## C#", Some((2, "C#")));
        check("#", Some((1, "")));
        check("### ###", Some((3, "")));
        check("#1 is not", None);
        check("####### seven", None);
    }

    #[test]
    fn rules_and_underlines() {
        assert!(["---", "* * *", "_____"].into_iter().all(is_rule));
        assert!(!["--", "-*-", "--- a", ""].into_iter().any(is_rule));
        assert_eq!(["===", "-", "- -", "=-"].map(underline), [Some(1), Some(2), None, None]);
    }

    #[test]
    fn items_have_a_mark_and_a_blank() {
        let number = |rest| item(rest).map(|mark| (mark.number, mark.length));
        assert_eq!(number("- a"), Some((None, 1)));
        assert_eq!(number("12. a"), Some((Some(12), 3)));
        assert_eq!(number("1) a"), Some((Some(1), 2)));
        assert_eq!(number("*"), Some((None, 1)));
        assert!(["-a", "1.5 km", "1969", "**bold**", "1234567890. a"].into_iter().all(|rest| item(rest).is_none()));
    }

    #[test]
    fn a_fence_knows_where_its_language_stands() {
        for (text, expected) in [("```rust,ignore", "rust"), ("~~~~  c++ {.numbered}  ", "c++"), ("```", "")] {
            let (_, language) = fence(Line::new(text, 0)).unwrap();
            assert_eq!(text.get(language), Some(expected), "{text:?}");
        }
        assert_eq!(fence(Line::new("``` a`b", 0)), None);
    }

    #[test]
    fn rows_of_tables_are_cut_at_pipes() {
        let check = |row: &str, expected: &[&str]| {
            let found: Vec<&str> = cells(row, 0).into_iter().map(|range| row.get(range).unwrap()).collect();
            assert_eq!(found, expected, "{row:?}");
        };
        check("| a | b |", &["a", "b"]);
        check("a|b", &["a", "b"]);
        check("| a \\| b | |", &["a \\| b", ""]);
        check("|a|b\\|", &["a", "b\\|"]);
        assert_eq!(delimiter("|:--|:-:|-:|"), Some(vec![Align::Left, Align::Center, Align::Right]));
        assert_eq!(delimiter("---"), None);
        assert_eq!(delimiter("| --- | x |"), None);
    }

    #[test]
    fn html_is_a_tag_but_not_a_link() {
        assert!(["<details>", "</P> text", "<!-- x", "<br/>", "<b>", "<a href='x'>"].into_iter().all(is_html));
        assert!(
            !["<https://a.example>", "<b>text", "<b> text</b>", "<3", "< b", "a<b", "<me@a.example>"]
                .into_iter()
                .any(is_html)
        );
    }
}
