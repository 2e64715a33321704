//! When which piece of a scripted answer is said: splitting, pacing and faults. Pure: chance comes from a seed.

use std::time::Duration;

use serde::Deserialize;

use crate::demo::cast::Pace;

/// The most characters that one token holds here; English averages about four to five with its space.
const TOKEN_CHARS: usize = 5;

/// The first character of the scripts that say a word in one or two signs (CJK Radicals, Unicode block table).
const IDEOGRAPHS_FROM: char = '\u{2e80}';

/// As how many Latin letters such a sign counts: a token holds about two.
const IDEOGRAPH_CHARS: usize = 3;

/// Something that goes wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// The first request of a turn is turned away; the second is answered.
    Limited {
        /// What the client is told to wait, at speed 1.
        retry_after_s: f64,
    },
    /// The model declines; the answer's text is what it says instead.
    Refusal,
    /// The connection breaks at the end of the answer's text, which stops in the middle.
    Cut,
    /// The request is accepted and nothing but signs of life follow.
    Silence,
}

/// A piece of text and when it is sent, counted from the request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) at: Duration,
    pub(crate) text: String,
    pub(crate) n_tokens: usize,
}

/// Returns `text` in the pieces in which it is sent, none for empty text; together they are the text.
///
/// The first is due at `start`. Chunks vary between one token and twice the average less one, so the mean holds, and
/// each is due when the tokens before it have been written at the pace's rate.
pub(crate) fn pieces(text: &str, start: Duration, pace: &Pace, seed: u64) -> Vec<Piece> {
    let mut chance = Chance(seed);
    let mut pieces: Vec<Piece> = vec![];
    let mut wanted = 0;
    let mut n_tokens_before = 0;
    for token in tokens(text) {
        match pieces.last_mut() {
            Some(piece) if piece.n_tokens < wanted => {
                piece.text.push_str(token);
                piece.n_tokens += 1;
            }
            _ => {
                wanted = 1 + chance.below(2 * pace.tokens_per_chunk.max(1) - 1);
                pieces.push(Piece { at: Duration::ZERO, text: token.to_owned(), n_tokens: 1 });
            }
        }
    }
    for piece in &mut pieces {
        piece.at = start + Duration::from_secs_f64(n_tokens_before as f64 / pace.tokens_per_second);
        n_tokens_before += piece.n_tokens;
    }
    pieces
}

/// Returns `text` cut roughly as a tokenizer would: a word with the space before it, in parts where it is long.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut n_chars = 0;
        let end = rest.char_indices().find_map(|(at, char)| {
            let is_end = n_chars >= TOKEN_CHARS || (n_chars > 0 && char.is_whitespace());
            n_chars += match char {
                char if char.is_whitespace() => 0,
                IDEOGRAPHS_FROM.. => IDEOGRAPH_CHARS,
                _ => 1,
            };
            is_end.then_some(at)
        });
        let (token, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = after;
        (!token.is_empty()).then_some(token)
    })
}

/// Returns a seed that is the same for the same words: FNV-1a, 64 bits (Fowler, Noll and Vo).
pub(crate) fn seed(words: [&str; 2]) -> u64 {
    let bytes = words.into_iter().flat_map(|word| word.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// A source of repeatable chance: SplitMix64 (Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    /// Returns a number from 0 up to but not including `n`; 0 when `n` is 0.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The high 32 bits scaled to the range: the bias is at most n / 2^32, far below what anyone could see here.
        (((mixed >> 32) * n as u64) >> 32) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_text_and_keep_the_pace() {
        let rows = ["", "a", "  two  spaces\n\n- and a list", "| ä | 富士山の高さは | 👩‍🔬 |", "supercalifragilistic"];
        for text in rows {
            for tokens_per_chunk in [1, 2, 7] {
                let pace = Pace { delay: Duration::ZERO, tokens_per_second: 100.0, tokens_per_chunk };
                let start = Duration::from_millis(40);
                let pieces = pieces(text, start, &pace, seed([text, "aspen"]));
                assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
                assert!(pieces.iter().all(|piece| piece.n_tokens < 2 * tokens_per_chunk));
                assert!(pieces.first().is_none_or(|piece| piece.at == start));
                let mut n_tokens = 0;
                for piece in &pieces {
                    assert_eq!(piece.at, start + Duration::from_millis(10 * n_tokens));
                    n_tokens += piece.n_tokens as u64;
                }
            }
        }
    }

    #[test]
    fn tokens_are_words_with_the_space_before_them() {
        let rows: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("  ", &["  "]),
            ("One small step", &["One", " small", " step"]),
            ("山は富士", &["山は", "富士"]),
            ("leapfrogging it\n", &["leapf", "roggi", "ng", " it", "\n"]),
        ];
        for (text, expected) in rows {
            assert_eq!(tokens(text).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn the_same_question_is_always_said_in_the_same_pieces() {
        let pace = Pace { delay: Duration::ZERO, tokens_per_second: 50.0, tokens_per_chunk: 4 };
        let said = |model| pieces(&"word ".repeat(50), Duration::ZERO, &pace, seed(["why?", model]));
        assert_eq!(said("birch"), said("birch"));
        assert_ne!(said("birch"), said("cedar"));
    }
}
