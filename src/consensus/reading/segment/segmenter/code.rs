//! Commits blocks of code, and what an object in JSON says in its strings.

use std::ops::Range;

use crate::consensus::reading::segment::object::{self, Prose};
use crate::consensus::reading::segment::segmenter::Segmenter;
use crate::consensus::reading::segment::{Role, Segment};

impl Segmenter {
    /// Commits a block of code; of an object in JSON also what its strings say, each read as a text of its own.
    pub(super) fn commit_code(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let code = self.text.get(range.clone()).unwrap_or_default();
            let said = if object::is_object(code) { object::prose(code) } else { Vec::new() };
            for prose in said {
                self.commit_prose(&prose, range.start + prose.range.start);
            }
            let headings = self.headings();
            self.committed.push(Segment { range, block: self.block, role: Role::Code, topics: Vec::new(), headings });
        }
        self.block += 1;
    }

    fn commit_prose(&mut self, prose: &Prose, start: usize) {
        let mut inner = Self::default();
        inner.push(&prose.text);
        inner.finish();
        let shift = |range: &Range<usize>| start + range.start..start + range.end;
        let headings = self.headings();
        self.committed.extend(inner.take().iter().filter(|segment| segment.role != Role::Code).map(|segment| {
            Segment {
                range: shift(&segment.range),
                block: self.block,
                role: segment.role,
                headings: headings.clone(),
                topics: segment.topics.iter().map(shift).collect(),
            }
        }));
    }
}
