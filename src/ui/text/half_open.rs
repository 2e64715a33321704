//! Closes what a line that is still being written has opened, so that its marks never show.

/// An open run of emphasis marks.
#[derive(Clone, Copy)]
struct Run {
    mark: u8,
    length: usize,
    /// Where the run begins.
    at: usize,
}

/// Appends to `line` what closes its open emphasis, code and link; marks at its end that open nothing yet are cut.
///
/// The result is for display and may be shorter than the line only by such marks and blanks.
pub(super) fn close(line: &mut String) {
    line.truncate(line.trim_end().len());
    let mut open = Open::default();
    open.read(line);
    if let Some(Code { length, at }) = open.code {
        if at + length == line.len() {
            line.truncate(at);
        } else {
            // Some of the marks that close it may have come already.
            let so_far = line.len() - line.trim_end_matches('`').len();
            line.extend(std::iter::repeat_n('`', length - so_far.min(length)));
        }
    }
    open.cut_empty(line);
    match open.link {
        Link::None => {}
        Link::Text(at) => {
            // Emphasis that began inside the brackets closes inside them.
            let inside = open.runs.iter().position(|run| run.at > at).unwrap_or(open.runs.len());
            line.extend(closers(&open.runs.split_off(inside)));
            line.push_str("](#)");
        }
        Link::Named => line.push_str("(#)"),
        Link::Address => line.push(')'),
    }
    line.extend(closers(&open.runs));
}

/// Returns the marks that close `runs`, the last opened first.
fn closers(runs: &[Run]) -> impl Iterator<Item = char> + '_ {
    runs.iter().rev().flat_map(|run| std::iter::repeat_n(char::from(run.mark), run.length))
}

/// Code that is open: its marks and where they stand.
#[derive(Clone, Copy)]
struct Code {
    length: usize,
    at: usize,
}

/// How far a link has come.
#[derive(Clone, Copy, Default)]
enum Link {
    #[default]
    None,
    /// `[te`
    Text(usize),
    /// `[text]`
    Named,
    /// `[text](addr`
    Address,
}

/// What is open at the end of a line.
#[derive(Default)]
struct Open {
    runs: Vec<Run>,
    code: Option<Code>,
    link: Link,
}

impl Open {
    fn read(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            let n_same = || bytes.iter().skip(at).take_while(|next| **next == byte).count();
            match byte {
                b'\\' => at += 2,
                b'`' => {
                    let length = n_same();
                    let Some(end) = code_end(bytes, at, length) else {
                        self.code = Some(Code { length, at });
                        return;
                    };
                    at = end;
                }
                b'*' | b'_' | b'~' => {
                    let length = n_same();
                    self.emphasis(line, Run { mark: byte, length, at });
                    at += length;
                }
                b'[' => {
                    self.link = Link::Text(at);
                    at += 1;
                }
                b']' => {
                    at = self.bracket(bytes, at);
                }
                _ => at += 1,
            }
        }
    }

    /// Reads the end of a link's text and the address behind it; returns where to go on.
    fn bracket(&mut self, bytes: &[u8], at: usize) -> usize {
        if !matches!(self.link, Link::Text(_)) {
            return at + 1;
        }
        let (link, next) = match bytes.get(at + 1) {
            None => (Link::Named, at + 1),
            Some(b'(') => match bytes.iter().skip(at).position(|byte| *byte == b')') {
                Some(length) => (Link::None, at + length + 1),
                None => (Link::Address, bytes.len()),
            },
            Some(_) => (Link::None, at + 1),
        };
        self.link = link;
        next
    }

    /// Opens or closes emphasis (CommonMark's flanking rules, without the rule of three).
    fn emphasis(&mut self, line: &str, mut run: Run) {
        let before = line.get(..run.at).and_then(|text| text.chars().next_back()).unwrap_or(' ');
        let after = line.get(run.at + run.length..).and_then(|text| text.chars().next());
        let is_space = |character: char| character.is_whitespace();
        let is_sign = |character: char| character.is_ascii_punctuation();
        // At the very end nobody knows what follows; text is the better guess.
        let next = after.unwrap_or('a');
        let is_left = !is_space(next) && (!is_sign(next) || is_space(before) || is_sign(before));
        let is_right = !is_space(before) && (!is_sign(before) || is_space(next) || is_sign(next) || after.is_none());
        let is_word = run.mark == b'_';
        let can_close = is_right && (!is_word || !is_left || is_sign(next) || after.is_none());
        let can_open = is_left && (!is_word || !is_right || is_sign(before));
        if can_close {
            while run.length > 0
                && let Some(idx) = self.runs.iter().rposition(|open| open.mark == run.mark)
                && let Some(open) = self.runs.get_mut(idx)
            {
                let n_used = open.length.min(run.length);
                open.length -= n_used;
                run.length -= n_used;
                let keeps = if open.length > 0 { idx + 1 } else { idx };
                self.runs.truncate(keeps);
            }
        }
        if can_open && run.length > 0 && !(run.mark == b'~' && run.length > 2) {
            self.runs.push(run);
        }
    }

    /// Cuts marks that stand at the end of the line with nothing behind them.
    fn cut_empty(&mut self, line: &mut String) {
        while let Some(run) = self.runs.last()
            && self.code.is_none()
            && run.at + run.length == line.len()
        {
            line.truncate(run.at);
            line.truncate(line.trim_end().len());
            self.runs.pop();
        }
        if let Link::Text(at) = self.link
            && at + 1 == line.len()
        {
            line.truncate(at);
            self.link = Link::None;
            self.cut_empty(line);
        }
    }
}

/// Returns the end of the code that the `length` backticks at `at` open.
pub(super) fn code_end(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let mut from = at + length;
    loop {
        let start = from + bytes.iter().skip(from).position(|byte| *byte == b'`')?;
        let found = bytes.iter().skip(start).take_while(|byte| **byte == b'`').count();
        from = start + found;
        if found == length {
            return Some(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_closed() {
        for (line, expected) in [
            ("plain", "plain"),
            ("a **bo", "a **bo**"),
            ("a **bold*", "a **bold**"),
            ("a **bold**", "a **bold**"),
            ("a **", "a"),
            ("a *it **bo", "a *it **bo***"),
            ("2 * 3", "2 * 3"),
            ("snake_case", "snake_case"),
            ("~~gone", "~~gone~~"),
            ("run `cargo te", "run `cargo te`"),
            ("run `", "run "),
            ("``a`", "``a``"),
            ("`a` and `b", "`a` and `b`"),
            ("`*` and *b", "`*` and *b*"),
            ("see [the do", "see [the do](#)"),
            ("see [the docs]", "see [the docs](#)"),
            ("see [the docs](http://a.ex", "see [the docs](http://a.ex)"),
            ("see [the docs](http://a.example) and", "see [the docs](http://a.example) and"),
            ("a[1] = 2", "a[1] = 2"),
            ("see [", "see "),
            ("[**bo", "[**bo**](#)"),
            ("**a [b", "**a [b](#)**"),
            ("a \\*b", "a \\*b"),
        ] {
            let mut line = line.to_owned();
            close(&mut line);
            assert_eq!(line, expected);
        }
    }
}
