//! How many tokens a text is, guessed on the safe side: nobody but the provider can count them.

/// Bytes to a token. English prose has 4 to 4.5, code about 3.5, other scripts 3 and more, so that the guess is a
/// third too high as a rule; long rows of digits or hexadecimals have 2 to 2.5, and are the one thing it is too low for.
const BYTES_PER_TOKEN: u64 = 3;

/// Tokens of one image, whatever its size: the most that providers charge for one that they scaled to about 1.2
/// million pixels (Anthropic: width times height over 750).
pub const TOKENS_PER_IMAGE: u64 = 1_600;

/// Tokens that a message takes besides its words: its role and its borders.
pub const TOKENS_PER_MESSAGE: u64 = 4;

/// Returns how many tokens `text` is at most, but for rows of digits; 0 for an empty text.
pub fn at_most(text: &str) -> u64 {
    (text.len() as u64).div_ceil(BYTES_PER_TOKEN)
}
