//! What every room must read alike in Markdown: the fence around code (CommonMark 0.31, section 4.5).

/// The least number of marks that make a fence.
const LEAST_MARKS: usize = 3;

/// The most spaces that may stand before a fence; with four the line is text.
pub const MOST_INDENT: usize = 3;

/// The line that opens a block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    /// Returns the fence that `line` opens, `None` for a line that opens none.
    ///
    /// The line is given without what it stands in, such as the indent of its list item. An info string behind
    /// backticks holds no backtick: a line that begins with `` ```npm install``` `` is text with code in it.
    pub fn open(line: &str) -> Option<Self> {
        let rest = within_indent(line)?;
        let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = rest.trim_start_matches(mark);
        let length = rest.len() - info.len();
        (length >= LEAST_MARKS && !(mark == '`' && info.contains(mark))).then_some(Self { mark, length })
    }

    /// Returns the info string of the line that opened this fence: what stands behind the marks, without the space
    /// around it.
    pub fn info(self, line: &str) -> &str {
        line.trim_start_matches(' ').trim_start_matches(self.mark).trim()
    }

    /// Returns whether `line` closes this fence: nothing but at least as many of its marks.
    pub fn is_closed_by(self, line: &str) -> bool {
        self.n_marks(line).is_some_and(|n_marks| n_marks >= self.length)
    }

    /// Returns whether `line`, which may still grow, could become one that closes this fence.
    pub fn may_be_closed_by(self, line: &str) -> bool {
        self.n_marks(line).is_some_and(|n_marks| n_marks > 0)
    }

    /// The marks of a line that holds nothing else.
    fn n_marks(self, line: &str) -> Option<usize> {
        let marks = within_indent(line)?.trim_end();
        marks.trim_start_matches(self.mark).is_empty().then_some(marks.len())
    }
}

/// Returns `line` without the spaces before it, `None` where there are too many.
fn within_indent(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len() <= MOST_INDENT).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_opens_a_fence_or_is_text() {
        for (line, expected) in [
            ("```", Some("")),
            ("```rust\n", Some("rust")),
            ("   ~~~~ text `with` ~ marks\r\n", Some("text `with` ~ marks")),
            ("```` c++ {.numbered}", Some("c++ {.numbered}")),
            ("    ```", None),
            ("\t```", None),
            ("``", None),
            ("```npm install``` installs it.", None),
            ("``~", None),
            ("text ```", None),
            ("", None),
        ] {
            assert_eq!(Fence::open(line).map(|fence| fence.info(line)), expected, "{line:?}");
        }
    }

    #[test]
    fn a_fence_is_closed_by_as_many_of_its_own_marks_and_nothing_else() {
        for (opening, line, closes, may_close) in [
            ("```", "```\n", true, true),
            ("```", "  `````  ", true, true),
            ("````", "```", false, true),
            ("```", "~~~", false, false),
            ("~~~", "~~~", true, true),
            ("```", "``` rust", false, false),
            ("```", "    ```", false, false),
            ("```", "", false, false),
        ] {
            let fence = Fence::open(opening).unwrap();
            assert_eq!(
                (fence.is_closed_by(line), fence.may_be_closed_by(line)),
                (closes, may_close),
                "{opening} {line:?}"
            );
        }
    }
}
