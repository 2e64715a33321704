//! Looks at the tokens of a sentence by position, without running off either end.

use crate::consensus::reading::values::digits::Numeral;
use crate::consensus::reading::values::lex::{Kind, Token};
use crate::consensus::reading::values::words::Meaning;

/// A sentence as tokens.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The tokens, in order.
    pub(super) tokens: &'a [Token<'a>],
}

impl<'a> Reader<'a> {
    /// Returns the token at `at`, or `None` past the end.
    pub(super) fn token(self, at: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(at)
    }

    /// Returns how the token at `at` is written; empty past the end.
    pub(super) fn text(self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| token.text)
    }

    /// Returns what the word at `at` means, if a word with a meaning stands there.
    pub(super) fn meaning(self, at: usize) -> Option<Meaning> {
        match self.token(at)?.kind {
            Kind::Word(meaning) => meaning,
            Kind::Number(_) | Kind::Power(_) | Kind::Command | Kind::Symbol(_) | Kind::Break => None,
        }
    }

    /// Returns what the word before `at` means.
    pub(super) fn meaning_before(self, at: usize) -> Option<Meaning> {
        self.meaning(at.checked_sub(1)?)
    }

    /// Returns whether a word stands at `at`.
    pub(super) fn is_word(self, at: usize) -> bool {
        matches!(self.token(at), Some(Token { kind: Kind::Word(_), .. }))
    }

    /// Returns whether the word at `at` starts with a capital.
    pub(super) fn is_capitalised(self, at: usize) -> bool {
        self.is_word(at) && self.text(at).starts_with(char::is_uppercase)
    }

    /// Returns the sign at `at`.
    pub(super) fn symbol(self, at: usize) -> Option<char> {
        match self.token(at)?.kind {
            Kind::Symbol(symbol) => Some(symbol),
            Kind::Word(_) | Kind::Number(_) | Kind::Power(_) | Kind::Command | Kind::Break => None,
        }
    }

    /// Returns the sign before `at`.
    pub(super) fn symbol_before(self, at: usize) -> Option<char> {
        self.symbol(at.checked_sub(1)?)
    }

    /// Returns the number in digits at `at`.
    pub(super) fn numeral(self, at: usize) -> Option<Numeral> {
        match self.token(at)?.kind {
            Kind::Number(numeral) => Some(numeral),
            Kind::Word(_) | Kind::Power(_) | Kind::Command | Kind::Symbol(_) | Kind::Break => None,
        }
    }

    /// Returns the whole number without separators at `at`, if it fits.
    pub(super) fn whole(self, at: usize) -> Option<u32> {
        let numeral = self.numeral(at).filter(|numeral| numeral.is_bare && numeral.value <= f64::from(u32::MAX))?;
        Some(numeral.value as u32)
    }

    /// Returns whether the token at `at` follows the one before it without white space.
    pub(super) fn is_glued(self, at: usize) -> bool {
        self.token(at).is_some_and(|token| !token.is_spaced)
    }

    /// Returns whether the sign at `at` is `symbol` and follows without white space.
    pub(super) fn is_glued_symbol(self, at: usize, symbol: char) -> bool {
        self.is_glued(at) && self.symbol(at) == Some(symbol)
    }

    /// Returns whether nothing more of the line stands at `at`.
    pub(super) fn is_line_end(self, at: usize) -> bool {
        matches!(self.token(at), None | Some(Token { kind: Kind::Break, .. }))
    }

    /// Returns whether a line starts at `at`.
    pub(super) fn is_line_start(self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.is_line_end(before))
    }

    /// Returns the bytes of the sentence from the token at `from` up to the one before `to`.
    pub(super) fn range(self, from: usize, to: usize) -> std::ops::Range<usize> {
        let start = self.token(from).map_or(0, |token| token.start);
        let last = to.checked_sub(1).and_then(|last| self.token(last));
        start..last.map_or(start, |token| token.start + token.text.len())
    }
}
