//! Long pastes, folded into one sign each: on the screen a label, in what is sent the whole text.

use std::ops::Range;

/// Pastes with that many lines or characters are folded: they would push everything else out of sight.
const LONG: (usize, usize) = (10, 1_000);

/// The signs that stand for folds: a private plane of Unicode (16) that no font or text uses.
const SIGNS: Range<u32> = 0x10_0000..0x10_FFFE;

/// The folded pastes of one question, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Folds {
    texts: Vec<String>,
}

impl Folds {
    /// Keeps a paste that is long, and returns the sign that stands for it; `None` for a short one.
    pub(super) fn fold(&mut self, text: &str) -> Option<char> {
        let is_long = text.split('\n').count() >= LONG.0 || text.chars().count() >= LONG.1;
        let sign = SIGNS.clone().nth(self.texts.len()).and_then(char::from_u32).filter(|_| is_long)?;
        self.texts.push(text.to_owned());
        Some(sign)
    }

    /// Returns `text` with the whole paste for each sign.
    pub(super) fn unfolded(&self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        for character in text.chars() {
            match self.of(character) {
                Some((_, fold)) => whole.push_str(fold),
                None => whole.push(character),
            }
        }
        whole
    }

    /// Returns what the screen shows for a grapheme that is a sign: `[paste 1 · 42 lines]`.
    pub(super) fn label(&self, grapheme: &str) -> Option<String> {
        let (number, text) = self.of(grapheme.chars().next()?)?;
        let n_lines = text.split('\n').count();
        Some(match n_lines {
            1 => format!("[paste {number} · {} characters]", text.chars().count()),
            n_lines => format!("[paste {number} · {n_lines} lines]"),
        })
    }

    /// Returns the place and the text of the fold nearest to the cursor, the one before it first.
    pub(super) fn nearest(&self, text: &str, cursor: usize) -> Option<(Range<usize>, String)> {
        let found = text.char_indices().filter_map(|(at, sign)| {
            let (_, fold) = self.of(sign)?;
            Some((at..at + sign.len_utf8(), fold))
        });
        let (before, after): (Vec<_>, Vec<_>) = found.partition(|(range, _)| range.end <= cursor);
        let nearest = before.into_iter().next_back().or_else(|| after.into_iter().next());
        nearest.map(|(range, fold)| (range, fold.to_owned()))
    }

    /// Returns the number and the text of the fold that `sign` stands for.
    fn of(&self, sign: char) -> Option<(usize, &str)> {
        let idx = usize::try_from(u32::from(sign).checked_sub(SIGNS.start)?).ok()?;
        self.texts.get(idx).map(|text| (idx + 1, text.as_str()))
    }
}

/// Returns `text` without the signs that stand for folds, so that no text from outside can be taken for one.
pub(super) fn without_signs(text: &str) -> String {
    text.chars().filter(|character| !SIGNS.contains(&u32::from(*character))).collect()
}
