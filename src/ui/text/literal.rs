//! Marks that Markdown would take for its own though the model meant the sign: a product, a path, a formula, a name.
//!
//! CommonMark reads `2*3*4` as 2, an emphasised 3 and 4, and shows "234". What a model wrote must not become another
//! statement by being painted, so such a sign is handed to the parser as a letter that means nothing; it is painted from
//! the text itself.

use std::borrow::Cow;

use crate::ui::text::half_open::code_end;

/// Longest word, in bytes, that is looked at around a mark.
const LONGEST_WORD: usize = 64;

/// Longest address, in bytes, whose end is looked for.
const LONGEST_ADDRESS: usize = 2048;

/// Runs of backticks that close nothing before code is looked for no more: each costs a look at the rest of the line.
const MOST_UNCLOSED: usize = 16;

/// Signs and the letters that stand for them, of the same length: the cleaner lets no such letter in.
const SIGNS: [(u8, u8); 4] = [(b'*', 1), (b'_', 2), (b'~', 3), (b'\\', 4)];

/// Returns `line` with every mark that is meant as a sign replaced by its letter: as many bytes, at the same places.
pub(super) fn mask(line: &str) -> Cow<'_, str> {
    let bytes = line.as_bytes();
    let mut masked: Option<Vec<u8>> = None;
    let mut hide = |at: usize, length: usize| {
        let letters = masked.get_or_insert_with(|| bytes.to_vec());
        for byte in letters.iter_mut().skip(at).take(length) {
            if let Some((_, letter)) = SIGNS.iter().find(|(sign, _)| sign == byte) {
                *byte = *letter;
            }
        }
    };
    let has_link = line.contains("](");
    let (mut at, mut n_unclosed) = (0, 0);
    while let Some(byte) = bytes.get(at).copied() {
        let length = bytes.iter().skip(at).take_while(|next| **next == byte).count();
        let around = Around::of(bytes, at, length);
        match byte {
            b'`' if n_unclosed < MOST_UNCLOSED => {
                // Inside code nothing is a mark, and the parser knows it.
                let end = code_end(bytes, at, length);
                n_unclosed += usize::from(end.is_none());
                at = end.unwrap_or(at + length);
                continue;
            }
            // An address is no text; the parser takes none with a letter of ours in it.
            b']' if bytes.get(at + length) == Some(&b'(') => {
                at += length + address(bytes, at + length, b')');
                continue;
            }
            b'<' if bytes.get(at + 1..).is_some_and(|rest| rest.starts_with(b"http")) => {
                at += address(bytes, at, b'>');
                continue;
            }
            b'*' if around.is_product(length) => hide(at, length),
            b'_' if length >= 2 && is_dunder(bytes, at, length) => hide(at, length),
            // GitHub strikes what stands between two single tildes as well: "5~10 or 20~30" would lose a range.
            b'~' if length == 1 => hide(at, 1),
            b'\\' => {
                let next = bytes.get(at + 1).copied();
                if next.is_some_and(|next| is_escaped(next, around.before.last().copied(), has_link)) {
                    at += 2;
                    continue;
                }
                if next.is_some() {
                    hide(at, length);
                }
            }
            _ => {}
        }
        at += length;
    }
    match masked.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        Some(Err(_)) | None => Cow::Borrowed(line),
    }
}

/// Returns `text` with the signs that [`mask`] hid.
pub(super) fn unmask(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| SIGNS.iter().all(|(_, letter)| byte != *letter)) {
        return Cow::Borrowed(text);
    }
    let sign =
        |c: char| SIGNS.iter().find(|(_, letter)| c == char::from(*letter)).map_or(c, |(sign, _)| char::from(*sign));
    Cow::Owned(text.chars().map(sign).collect())
}

/// Returns how many bytes an address from `at` up to its closing sign takes; 1 where none closes it in sight.
fn address(bytes: &[u8], at: usize, close: u8) -> usize {
    bytes.iter().skip(at).take(LONGEST_ADDRESS).position(|byte| *byte == close).map_or(1, |end| end + 1)
}

/// What stands around a run of one mark.
#[derive(Clone, Copy)]
struct Around<'a> {
    before: &'a [u8],
    after: &'a [u8],
}

impl<'a> Around<'a> {
    fn of(bytes: &'a [u8], at: usize, length: usize) -> Self {
        let before = bytes.get(at.saturating_sub(LONGEST_WORD)..at).unwrap_or_default();
        let behind = bytes.get(at + length..).unwrap_or_default();
        Self { before, after: behind.get(..LONGEST_WORD).unwrap_or(behind) }
    }

    /// Whether stars multiply or raise to a power: they touch what can be a factor on both sides, one of them a number,
    /// a bracket or a name of one letter, and do not close a word that a star opened.
    fn is_product(self, length: usize) -> bool {
        let (Some(left), Some(right)) = (self.before.last(), self.after.first()) else { return false };
        let is_single = |word: &mut dyn Iterator<Item = &u8>| {
            word.next().is_some_and(u8::is_ascii_alphabetic) && !word.next().is_some_and(u8::is_ascii_alphanumeric)
        };
        let (is_left_name, is_right_name) =
            (is_single(&mut self.before.iter().rev()), is_single(&mut self.after.iter()));
        let is_left_factor = left.is_ascii_digit() || b")]}".contains(left) || is_left_name;
        let is_right_factor = right.is_ascii_digit() || b"([{".contains(right) || is_right_name;
        let is_left = is_left_factor || left.is_ascii_alphanumeric();
        let is_right = is_right_factor || right.is_ascii_alphanumeric();
        let is_factor = match length {
            1 => {
                is_left
                    && is_right
                    && (left.is_ascii_digit() || right.is_ascii_digit() || is_left_factor && is_right_factor)
            }
            // Bold before a bracket is everyday, a power is not: it ends in a number.
            _ => is_left_factor && right.is_ascii_digit(),
        };
        is_factor && !self.closes_a_word()
    }

    /// Whether the word before stands behind a star that opens it: `*f*(x)` is a slanted f.
    fn closes_a_word(self) -> bool {
        let n_word = self.before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let mut rest = self.before.iter().rev().skip(n_word);
        let is_starred = rest.next() == Some(&b'*');
        is_starred
            && !rest
                .find(|byte| **byte != b'*')
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || b")]}".contains(byte))
    }
}

/// Whether a run of underscores belongs to a name such as `__init__`: one word in small letters, the same run on both of
/// its sides. Emphasis in this spelling is rare, and is about words for people.
fn is_dunder(bytes: &[u8], at: usize, length: usize) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_name_or_line = |byte: &&u8| is_name(byte) || **byte == b'_';
    let inside = |word: &[u8]| word.iter().all(|byte| is_name(byte) || *byte == b'_') && word.iter().any(is_name);
    let behind = bytes.get(at + length..).unwrap_or_default();
    let ahead = bytes.get(..at).unwrap_or_default();
    let to_the_right: Vec<u8> = behind.iter().take(LONGEST_WORD).take_while(is_name_or_line).copied().collect();
    let to_the_left: Vec<u8> = ahead.iter().rev().take(LONGEST_WORD).take_while(is_name_or_line).copied().collect();
    let marks = vec![b'_'; length];
    (inside(&to_the_right) && to_the_right.ends_with(&marks)) || (inside(&to_the_left) && to_the_left.ends_with(&marks))
}

/// Whether a backslash before `next` only says that `next` is no mark. Before any other sign it belongs to a path
/// (`\\server\share`) or to a formula (`x\,y`, `\{1, 2\}`), and is shown.
fn is_escaped(next: u8, before: Option<u8>, has_link: bool) -> bool {
    match next {
        b'*' | b'_' | b'`' | b'~' | b'<' | b'>' | b'#' | b'|' | b'$' | b'&' => true,
        // "1\. " at the head of a line is no item of a list.
        b'.' | b')' => before.is_some_and(|byte| byte.is_ascii_digit()),
        b'-' | b'+' => before.is_none_or(|byte| !byte.is_ascii_graphic()),
        b'[' | b']' => has_link,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_from_marks() {
        for (line, meant) in [
            ("The product 2*3*4 is 24.", "*3*"),
            ("a*b*c", "**"),
            ("(a+b)*(c+d)*2", "**"),
            ("3*(x+1)*y", "**"),
            ("2**10 and x**2", "****"),
            ("5~10 or 20~30", "~~"),
            (r"\\server\share", r"\\\"),
            (r"$\forall\, x \in \{1\}$", ""),
            ("call __init__ and __main__", "________"),
        ] {
            let masked = mask(line);
            assert_eq!(masked.len(), line.len(), "{line:?}");
            assert_eq!(unmask(&masked), line);
            assert_ne!(masked, line, "{line:?} {meant}");
            assert!(!masked.contains(['*', '~', '\\']) && !masked.contains("__"), "{line:?} became {masked:?}");
        }
    }

    #[test]
    fn marks_stay_marks() {
        for line in [
            "*one* **two** ***three*** ~~four~~ _five_",
            "**Note**(see below) and *f*(x)",
            "**11**th and *11*th",
            "un*frigging*believable",
            "the `2*3*4` of `\\server`",
            r"\* \_ \` 1\. not a list, \$5",
            r"\[no link](x)",
            "__two words__ and __Bold__",
            "a * b * c",
            "snake_case_name",
            "[a](https://a.example/2*3*4) <https://a.example/5~10>",
        ] {
            assert_eq!(mask(line), line);
        }
    }
}
