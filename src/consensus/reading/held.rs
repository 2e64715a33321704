//! The distinct values of all answers, numbered, and which of them each answer holds in whatever form.

use std::collections::{HashMap, HashSet};

use crate::consensus::reading::values::{Found, relate};

/// Most values of one answer that are searched for another's value in another form.
const MOST_VALUES: usize = 96;

/// A value as it was meant and as precisely as it was written, numbered in the order in which the engine first met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ValueId(u32);

/// The values met so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct ValueBook {
    entries: Vec<Entry>,
    /// Which values have a canonical form: `1969` is a number and a year, and one of them may be "about".
    by_canonical: HashMap<Box<str>, Vec<ValueId>>,
}

#[derive(Clone, Debug)]
struct Entry {
    found: Found,
    canonical: Box<str>,
}

impl ValueBook {
    /// Returns the number of a value, whose canonical form is given; a new one where it is new.
    pub(crate) fn number(&mut self, found: &Found, canonical: &str) -> ValueId {
        let is_same = |it: &Entry| it.found.value == found.value && it.found.approximate == found.approximate;
        let known = self.by_canonical.get(canonical).map_or(&[][..], Vec::as_slice);
        if let Some(id) = known.iter().find(|id| self.entry(**id).is_some_and(is_same)) {
            return *id;
        }
        let id = ValueId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(Entry { found: found.clone(), canonical: Box::from(canonical) });
        self.by_canonical.entry(Box::from(canonical)).or_default().push(id);
        id
    }

    fn entry(&self, id: ValueId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    fn same_canonical(&self, id: ValueId) -> &[ValueId] {
        let canonical = self.entry(id).map_or("", |entry| &entry.canonical);
        self.by_canonical.get(canonical).map_or(&[], Vec::as_slice)
    }
}

/// Which values one answer holds. Each value of the book is held against each own value once, however often it is asked
/// for: reports ask for all of them, ten times a second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    /// Of each value of the book, as far as it was looked at, whether it is held.
    known: Vec<bool>,
    /// Every own value.
    own: HashSet<ValueId>,
    /// The first own values, one of each canonical form, which are searched for a value in another form.
    searched: Vec<ValueId>,
}

impl Held {
    /// Takes note of a value that the answer gives.
    pub(crate) fn add(&mut self, id: ValueId, book: &ValueBook) {
        if !self.own.insert(id) {
            return;
        }
        let same = book.same_canonical(id);
        let is_first = !same.iter().any(|other| *other != id && self.own.contains(other));
        let is_searched = is_first && self.searched.len() < MOST_VALUES;
        if is_searched {
            self.searched.push(id);
        }
        for other in same {
            self.hold(*other);
        }
        if let Some(own) = book.entry(id).filter(|_| is_searched) {
            for (known, entry) in self.known.iter_mut().zip(&book.entries) {
                *known = *known || gives(&own.found, &entry.found);
            }
        }
    }

    /// Looks at the values that are new in the book.
    pub(crate) fn learn(&mut self, book: &ValueBook) {
        for index in self.known.len()..book.entries.len() {
            let id = ValueId(u32::try_from(index).unwrap_or(u32::MAX));
            let is_own = || book.same_canonical(id).iter().any(|other| self.own.contains(other));
            let known = book.entry(id).is_some_and(|entry| {
                let mut searched = self.searched.iter().filter_map(|own| book.entry(*own));
                is_own() || searched.any(|own| gives(&own.found, &entry.found))
            });
            self.known.push(known);
        }
    }

    /// Returns whether the answer holds the value in whatever form; `false` for one that it has not looked at.
    pub(crate) fn holds(&self, id: ValueId) -> bool {
        self.known.get(id.0 as usize).is_some_and(|known| *known)
    }

    fn hold(&mut self, id: ValueId) {
        if let Some(known) = self.known.get_mut(id.0 as usize) {
            *known = true;
        }
    }
}

/// Whether who says `own` says `value`: "about one in eleven" is near 9.2 %, and does not give it.
fn gives(own: &Found, value: &Found) -> bool {
    let stated = Found { approximate: value.approximate, ..own.clone() };
    relate(&stated, value).fits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::reading::values::find;

    fn number(book: &mut ValueBook, text: &str) -> ValueId {
        let found = &find(text)[0];
        book.number(found, &found.value.canonical())
    }

    #[test]
    fn a_value_is_numbered_by_what_it_means_and_how_precisely() {
        let mut book = ValueBook::default();
        let km = number(&mut book, "It is 3 km long.");
        assert_eq!(number(&mut book, "The walk of 3 km"), km);
        assert_ne!(number(&mut book, "about 3 km"), km);
        assert_ne!(number(&mut book, "It is 3 m long."), km);
    }

    #[test]
    fn an_answer_holds_a_value_in_another_form_whichever_of_the_two_came_first() {
        let mut book = ValueBook::default();
        let (km, far) = (number(&mut book, "It is 3 km long."), number(&mut book, "It is 9 km long."));
        let mut held = Held::default();
        assert!(!held.holds(km));
        held.learn(&book);
        held.add(number(&mut book, "It is 3000 m long."), &book);
        assert!(held.holds(km) && !held.holds(far));
        let late = number(&mut book, "It is 3.00 km long.");
        assert!(!held.holds(late));
        held.learn(&book);
        assert!(held.holds(late));
    }

    #[test]
    fn what_is_only_near_a_value_does_not_give_it() {
        let mut book = ValueBook::default();
        let (share, feet) = (number(&mut book, "Answer: 9.2 %"), number(&mut book, "It is 333 m tall."));
        let mut held = Held::default();
        held.add(number(&mut book, "It errs on about 9.1 % of them."), &book);
        held.add(number(&mut book, "about 1,093 feet"), &book);
        held.learn(&book);
        assert!(!held.holds(share) && held.holds(feet));
    }

    #[test]
    fn beyond_the_first_values_only_the_same_form_is_held() {
        let length = |index: usize| format!("{:.0} km", 1000.0 * 1.05_f64.powf(index as f64));
        let mut book = ValueBook::default();
        let mut held = Held::default();
        for index in 0..=MOST_VALUES {
            let id = number(&mut book, &length(index));
            held.learn(&book);
            held.add(id, &book);
        }
        let last = length(MOST_VALUES);
        let (same, other) = (number(&mut book, &last), number(&mut book, &last.replace(" km", "000 m")));
        let first = number(&mut book, "1000000 m");
        held.learn(&book);
        assert!(held.holds(same) && held.holds(first) && !held.holds(other));
    }
}
