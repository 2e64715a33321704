//! Where text that does not end is cut: paragraphs of many kilobytes, lines without a line feed.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::ui::text::block::Part;

/// Bytes after which a paragraph is cut at the end of its last sentence, and a line is not waited for any more.
///
/// What is open is laid out once a frame: 4 KB take about 0.1 ms, and few paragraphs are as long.
pub(super) const LONG_PARAGRAPH: usize = 4096;
/// Bytes in which the rest of such a line is read.
pub(super) const LINE_STEP: usize = 1024;

/// Returns the two halves of a paragraph that is longer than [`LONG_PARAGRAPH`]; the second is as short as it can be.
pub(super) fn split_long(text: &str, parts: &[Part]) -> Option<(Vec<Part>, Vec<Part>)> {
    if parts.iter().map(|part| part.range.len()).sum::<usize>() <= LONG_PARAGRAPH {
        return None;
    }
    let (last, above) = parts.split_last()?;
    let Range { start, end } = last.range.clone();
    let line = text.get(start..end).unwrap_or_default();
    let cut = match sentence_end(line) {
        Some(at) => start + at,
        None if !above.is_empty() => start,
        None => line.rfind([' ', '\t']).filter(|at| *at > 0).map_or(end, |at| start + at),
    };
    let behind = text.get(cut..end).unwrap_or_default();
    let next = end - behind.trim_start_matches([' ', '\t']).len();
    let mut head = above.to_vec();
    if cut > start {
        head.push(Part { range: start..cut, is_hard: false });
    }
    Some((head, vec![Part { range: next..end, is_hard: last.is_hard }]))
}

/// Returns the end of the last sentence that ends in `window` before more text.
fn sentence_end(window: &str) -> Option<usize> {
    let ends = window.char_indices().zip(window.chars().skip(1)).filter_map(|((at, character), next)| {
        let ends = match character {
            '.' | '!' | '?' => next == ' ',
            '。' | '！' | '？' => true,
            _ => false,
        };
        ends.then_some(at + character.len_utf8())
    });
    ends.last()
}

/// Returns the end of `range` moved back so that it cuts neither a character nor, but for absurd ones, a grapheme.
pub(super) fn whole_graphemes(text: &str, range: Range<usize>) -> usize {
    const LONGEST: usize = 64;
    let end = text.floor_char_boundary(range.end);
    let from = text.floor_char_boundary(end.saturating_sub(LONGEST)).max(range.start);
    let until = text.ceil_char_boundary(end + LONGEST);
    let window = text.get(from..until).unwrap_or_default();
    let cut = window.grapheme_indices(true).map(|(at, _)| from + at).take_while(|at| *at <= end).last();
    cut.filter(|cut| *cut > from).unwrap_or(end)
}
