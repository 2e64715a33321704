//! How well a typed pattern fits a text: for the palette, the pickers and the history.

/// Points for a letter that follows the one before it, begins a word, or begins the text; a gap costs by its length.
const RUN: i32 = 8;
const WORD: i32 = 6;
const START: i32 = 4;
const MOST_GAP: i32 = 8;
/// Points for a text that holds the whole pattern in one piece: scattered letters never win over it.
const PIECE: i32 = 1_000;

/// Returns how well `pattern` fits `text`, more being better; `None` where its letters do not all appear in order.
/// Blanks part the pattern: each part must appear, in any order. Case does not count; an empty pattern fits all with 0.
pub fn score(pattern: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    pattern.split_whitespace().map(|part| score_part(part, &text)).sum()
}

fn score_part(part: &str, text: &[char]) -> Option<i32> {
    let part: Vec<char> = part.chars().flat_map(char::to_lowercase).collect();
    let starts_word = |at: usize| at == 0 || text.get(at - 1).is_some_and(|before| !before.is_alphanumeric());
    let pieces = text.windows(part.len().max(1)).enumerate().filter(|(_, window)| *window == part.as_slice());
    let best = pieces.map(|(at, _)| points(at, starts_word(at))).max();
    if let Some(best) = best {
        return Some(PIECE + best);
    }
    let mut total = 0;
    let mut next = 0;
    for (idx, letter) in part.iter().enumerate() {
        let gap = text.get(next..)?.iter().position(|found| found == letter)?;
        let at = next + gap;
        total += points(at, starts_word(at));
        if idx > 0 {
            total += if gap == 0 { RUN } else { -i32::try_from(gap).unwrap_or(MOST_GAP).min(MOST_GAP) };
        }
        next = at + 1;
    }
    Some(total)
}

fn points(at: usize, starts_word: bool) -> i32 {
    i32::from(starts_word) * WORD + i32::from(at == 0) * START
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_must_appear_in_order_and_parts_in_any() {
        assert!(score("zm", "zoom").is_some());
        assert!(score("mz", "zoom").is_none());
        assert!(score("column zoom", "zoom the focused column").is_some());
        assert_eq!(score("", "anything"), Some(0));
        assert!(score("ÜB", "über").is_some());
        assert!(score("x", "").is_none());
    }

    #[test]
    fn a_whole_piece_wins_over_scattered_letters_and_a_word_over_its_inside() {
        let best = |pattern: &str, texts: [&'static str; 2]| {
            texts.into_iter().max_by_key(|text| score(pattern, text)).unwrap()
        };
        assert_eq!(best("copy", ["copy the answer", "conflict by panel y"]), "copy the answer");
        assert_eq!(best("on", ["focus column", "switch on"]), "switch on");
        assert_eq!(best("nc", ["next conflict", "unfold cards"]), "next conflict");
    }
}
