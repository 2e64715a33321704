//! Which characters of a text from outside must not reach a terminal or a file name.

/// Returns whether a terminal could obey `character`, reorder text for it or show nothing where it stands.
///
/// Line feeds and tabs are not among them. Joiners (U+200C, U+200D) and variation selectors change how their neighbours
/// look and stay.
pub fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\u{00}'..='\u{08}' | '\u{0b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}' // zero width
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' // bidi
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' // annotation, musical format
        | '\u{e0000}'..='\u{e007f}' // tags
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_unsafe_and_what_shapes_letters_is_not() {
        for unsafe_one in ['\u{1b}', '\u{9b}', '\r', '\u{202e}', '\u{2066}', '\u{e0041}', '\u{fffa}', '\u{2065}'] {
            assert!(is_unsafe(unsafe_one), "{unsafe_one:?}");
        }
        for fine in ['a', '\n', '\t', '\u{200d}', '\u{200c}', '\u{fe0f}', '漢', '\u{301}'] {
            assert!(!is_unsafe(fine), "{fine:?}");
        }
    }
}
