//! Scripts written without spaces, whose words can't be told apart by looking for gaps.

/// Returns whether `character` belongs to a script that puts no spaces between words: Han, Kana, Thai, Lao, Khmer,
/// Myanmar and Tibetan, by Unicode block.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(u32::from(character),
        0x0E00..=0x0EFF        // Thai, Lao
        | 0x0F00..=0x0FFF      // Tibetan
        | 0x1000..=0x109F      // Myanmar
        | 0x1780..=0x17FF      // Khmer
        | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF   // Kana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF   // Han
        | 0xFF66..=0xFF9D      // half-width Kana
        | 0x2_0000..=0x3_FFFF) // Han, rare
}

/// Returns whether most letters of `text` belong to such scripts; `false` for a text without letters.
pub(crate) fn is_mostly_unspaced(text: &str) -> bool {
    let (unspaced, letters) = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .fold((0_usize, 0_usize), |(some, all), c| (some + usize::from(is_unspaced(c)), all + 1));
    unspaced * 2 > letters
}

/// Returns whether `character` is a mark that sits on the letter before it.
pub(crate) fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05C7 | 0x0610..=0x061A
        | 0x064B..=0x065F | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0E31..=0x0E3A | 0x0E47..=0x0E4E
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F)
}

/// Returns whether `character` takes no room and means nothing for comparing: zero-width and direction marks.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(u32::from(character), 0x00AD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF)
}
