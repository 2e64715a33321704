//! How many tokens a text is: at most, where it must fit, and likely, where it is paid for. Nobody but the provider can
//! count them.

/// Bytes to a token. English prose has 4 to 4.5, code about 3.5, other scripts 3 and more, so that the guess is a
/// third too high as a rule; long rows of digits or hexadecimals have 2 to 2.5, and are the one thing it is too low for.
const BYTES_PER_TOKEN: u64 = 3;

/// Bytes to a token as a rule: the usual rule of thumb for English text.
const USUAL_BYTES_PER_TOKEN: u64 = 4;

/// Tokens that an answer is expected to have where nothing better is known: about 380 English words.
///
/// A guess. Budgets stop too late: raise it; they refuse what would have been cheap: lower it.
pub const USUAL_ANSWER: u64 = 512;

/// Tokens of one image, whatever its size: the most that providers charge for one that they scaled to about 1.2
/// million pixels (Anthropic: width times height over 750).
pub const TOKENS_PER_IMAGE: u64 = 1_600;

/// Tokens that a message takes besides its words: its role and its borders.
pub const TOKENS_PER_MESSAGE: u64 = 4;

/// Returns how many tokens `text` is at most, but for rows of digits; 0 for an empty text.
pub fn at_most(text: &str) -> u64 {
    (text.len() as u64).div_ceil(BYTES_PER_TOKEN)
}

/// Returns how many tokens texts of `n_bytes` together likely are; 0 for no text.
pub fn likely(n_bytes: usize) -> u64 {
    (n_bytes as u64).div_ceil(USUAL_BYTES_PER_TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_fit_is_guessed_higher_than_what_is_paid_for() {
        for (text, most, usual) in [("", 0, 0), ("a", 1, 1), ("twelve bytes", 4, 3), ("東京", 2, 2)] {
            assert_eq!((at_most(text), likely(text.len())), (most, usual), "{text:?}");
        }
    }
}
