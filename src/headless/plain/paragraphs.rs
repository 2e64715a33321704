//! A streamed answer cut into paragraphs: each comes out once nothing can be added to it.

use crate::domain::markdown::Fence;

/// Cuts one answer at its blank lines; a block of code stays whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraphs {
    /// The lines of the paragraph so far, and the line that is still being written.
    open: String,
    /// Where the line that is still being written begins.
    line_start: usize,
    /// The fence that a block of code was opened with.
    fence: Option<Fence>,
}

impl Paragraphs {
    /// Takes more of the answer in; returns the paragraphs that this has sealed, in order.
    pub(super) fn push(&mut self, text: &str) -> Vec<String> {
        let mut sealed = Vec::new();
        for piece in text.split_inclusive('\n') {
            self.open.push_str(piece);
            if piece.ends_with('\n') {
                sealed.extend(self.end_line());
            }
        }
        sealed
    }

    /// Returns what is left once the answer has ended, if anything.
    pub(super) fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(self).open;
        (!rest.trim().is_empty()).then(|| rest.trim_end().to_owned())
    }

    /// Reads the line that has just ended; returns the paragraph before it where the line is blank.
    fn end_line(&mut self) -> Option<String> {
        let line = self.open.get(self.line_start..).unwrap_or_default().trim();
        // In a list code stands further in than a fence may, so that the line is read without its indent.
        match self.fence {
            Some(fence) if fence.is_closed_by(line) => self.fence = None,
            Some(_) => {}
            None => self.fence = Fence::open(line),
        }
        let is_blank = line.is_empty();
        self.line_start = self.open.len();
        if !is_blank || self.fence.is_some() {
            return None;
        }
        self.line_start = 0;
        let paragraph = std::mem::take(&mut self.open);
        (!paragraph.trim().is_empty()).then(|| paragraph.trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the paragraphs of an answer that comes in pieces of `n_chars` characters.
    fn cut(text: &str, n_chars: usize) -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let mut paragraphs = Paragraphs::default();
        let mut cut: Vec<String> =
            letters.chunks(n_chars).flat_map(|piece| paragraphs.push(&piece.iter().collect::<String>())).collect();
        cut.extend(paragraphs.finish());
        cut
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_code_stays_whole() {
        let text = "One.\nStill one.\n\n\n```rust\nfn a() {\n\n}\n```\n\nTwo.\r\n\r\n~~~\n```\n\n~~~\nthree";
        let expected = ["One.\nStill one.", "```rust\nfn a() {\n\n}\n```", "Two.", "~~~\n```\n\n~~~\nthree"];
        for n_chars in 1..12 {
            assert_eq!(cut(text, n_chars), expected, "{n_chars}");
        }
        assert_eq!(cut("", 1), [""; 0]);
        assert_eq!(cut("\n \n", 1), [""; 0]);
    }

    #[test]
    fn code_within_a_line_at_its_head_begins_no_block() {
        assert_eq!(
            cut("```npm install``` installs it.\n\nThe port is 8080.", 3),
            ["```npm install``` installs it.", "The port is 8080."]
        );
    }

    #[test]
    fn a_paragraph_comes_out_as_soon_as_it_is_whole() {
        let mut paragraphs = Paragraphs::default();
        assert_eq!(paragraphs.push("One.\n"), [""; 0]);
        assert_eq!(paragraphs.push("\nTwo"), ["One."]);
        assert_eq!(paragraphs.finish(), Some("Two".to_owned()));
    }
}
