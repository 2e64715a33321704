//! Where each byte of the cleaned text stood in the text as the provider sent it.

use std::ops::Range;

/// A sparse, monotone map between offsets into cleaned and into source text; grows with what was taken out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetMap {
    /// From here on, offsets run side by side until the next anchor; both columns rise.
    anchors: Vec<Anchor>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    clean: usize,
    source: usize,
}

impl OffsetMap {
    /// Notes that the text from `clean` on comes from `source` on; a point on the current line adds nothing.
    pub(crate) fn anchor(&mut self, clean: usize, source: usize) {
        let last = self.anchors.last().copied().unwrap_or(Anchor { clean: 0, source: 0 });
        if clean.checked_sub(last.clean) != source.checked_sub(last.source) {
            self.anchors.push(Anchor { clean, source });
        }
    }

    /// Returns the source offset of the byte at `clean`; past the end it goes on in step.
    pub fn to_source(&self, clean: usize) -> usize {
        let n_before = self.anchors.partition_point(|anchor| anchor.clean <= clean);
        let from = n_before.checked_sub(1).and_then(|idx| self.anchors.get(idx));
        from.map_or(clean, |anchor| anchor.source + (clean - anchor.clean))
    }

    /// Returns the cleaned offset of the byte at `source`; of a byte that was taken out, that of what follows it.
    pub fn to_clean(&self, source: usize) -> usize {
        let n_before = self.anchors.partition_point(|anchor| anchor.source <= source);
        let from = n_before.checked_sub(1).and_then(|idx| self.anchors.get(idx));
        let clean = from.map_or(source, |anchor| anchor.clean + (source - anchor.source));
        self.anchors.get(n_before).map_or(clean, |next| clean.min(next.clean))
    }

    /// Returns what is left of `source` in the cleaned text; empty where all of it was taken out.
    pub fn range_to_clean(&self, source: Range<usize>) -> Range<usize> {
        let start = self.to_clean(source.start);
        start..self.to_clean(source.end).max(start)
    }

    /// Returns the source bytes from the first to the last byte of `clean`; an empty range stays empty.
    pub fn range_to_source(&self, clean: Range<usize>) -> Range<usize> {
        let start = self.to_source(clean.start);
        match clean.end.checked_sub(1) {
            Some(last) if last >= clean.start => start..self.to_source(last) + 1,
            Some(_) | None => start..start,
        }
    }

    /// Returns the offsets inside `clean` (its ends excluded) where the source jumps.
    pub(crate) fn jumps(&self, clean: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let first = self.anchors.partition_point(|anchor| anchor.clean <= clean.start);
        self.anchors.iter().skip(first).map(|anchor| anchor.clean).take_while(move |at| *at < clean.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ab` from 0, `cd` from 5, `e` from 9.
    fn map() -> OffsetMap {
        let mut map = OffsetMap::default();
        map.anchor(0, 0);
        map.anchor(2, 5);
        map.anchor(4, 9);
        map
    }

    #[test]
    fn offsets_go_both_ways() {
        let map = map();
        assert_eq!([0, 1, 2, 3, 4, 6].map(|at| map.to_source(at)), [0, 1, 5, 6, 9, 11]);
        assert_eq!([0, 1, 2, 4, 5, 6, 7, 9].map(|at| map.to_clean(at)), [0, 1, 2, 2, 2, 3, 4, 4]);
    }

    #[test]
    fn ranges_hug_their_bytes() {
        let map = map();
        assert_eq!(map.range_to_source(0..2), 0..2);
        assert_eq!(map.range_to_source(1..3), 1..6);
        assert_eq!(map.range_to_source(2..2), 5..5);
        assert_eq!(map.range_to_clean(3..5), 2..2);
        assert_eq!(map.range_to_clean(1..6), 1..3);
        assert_eq!(map.jumps(0..5).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(map.jumps(2..4).count(), 0);
    }

    #[test]
    fn an_empty_map_changes_nothing() {
        let map = OffsetMap::default();
        assert_eq!((map.to_source(7), map.to_clean(7), map.range_to_source(2..4)), (7, 7, 2..4));
    }
}
