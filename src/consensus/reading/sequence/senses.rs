//! What curated words stand for when one stands where another does: opposites, members of one class, other words for the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::consensus::report::ConflictKind;

/// The table; the file says how it is written.
const TABLE: &str = include_str!("senses.txt");

/// Most words of a phrase of the table.
pub(crate) const LONGEST_PHRASE: usize = 3;

/// A place in the table: which line, and which of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Sense {
    line: u16,
    member: u16,
}

/// How two curated words stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// They say the same.
    Same,
    /// One denies the other, or is another member of its class.
    Other(ConflictKind),
}

#[derive(Debug, Default)]
struct Senses {
    kinds: Vec<Option<ConflictKind>>,
    by_word: HashMap<String, Vec<Sense>>,
    first_words: HashMap<String, usize>,
}

static SENSES: LazyLock<Senses> = LazyLock::new(|| {
    let mut senses = Senses::default();
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
    for (class, members) in rows {
        let line = u16::try_from(senses.kinds.len()).unwrap_or(u16::MAX);
        senses.kinds.push(kind(class));
        for (member, words) in members.split(" | ").enumerate() {
            for word in words.split_whitespace() {
                let sense = Sense { line, member: u16::try_from(member).unwrap_or(u16::MAX) };
                senses.learn(word.replace('_', " "), sense);
            }
        }
    }
    senses
});

impl Senses {
    fn learn(&mut self, phrase: String, sense: Sense) {
        let n_words = phrase.split(' ').count();
        if let Some(first) = phrase.split(' ').next().filter(|_| n_words > 1) {
            let longest = self.first_words.entry(first.to_owned()).or_default();
            *longest = n_words.max(*longest);
        }
        self.by_word.entry(phrase).or_default().push(sense);
    }
}

/// The kind of conflict that two members of a class make; `None` for words that say the same.
fn kind(class: &str) -> Option<ConflictKind> {
    match class {
        "opposite" => Some(ConflictKind::Antonym),
        "bound" | "quantity" | "letter" => Some(ConflictKind::Number),
        "often" | "unit" | "currency" | "zone" => Some(ConflictKind::Unit),
        "month" | "weekday" => Some(ConflictKind::Date),
        "part" => Some(ConflictKind::Name),
        _ => None,
    }
}

/// Returns the senses of a word or phrase in lower case.
pub(crate) fn of(word: &str) -> &'static [Sense] {
    SENSES.by_word.get(word).map_or(&[], Vec::as_slice)
}

/// Returns how many words the longest phrase has that begins with `word`; 0 for a word that begins none.
pub(crate) fn phrase_length(word: &str) -> usize {
    SENSES.first_words.get(word).copied().unwrap_or(0).min(LONGEST_PHRASE)
}

/// Returns how two words stand to each other; `None` where the table doesn't say.
pub(crate) fn relate(left: &[Sense], right: &[Sense]) -> Option<Meaning> {
    let pairs = || left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    let in_line = || pairs().filter(|(one, other)| one.line == other.line);
    if in_line().any(|(one, other)| one.member == other.member) {
        return Some(Meaning::Same);
    }
    in_line().find_map(|(one, _)| SENSES.kinds.get(usize::from(one.line)).copied().flatten()).map(Meaning::Other)
}

/// Returns whether a word is the name of a month or a day of the week.
pub(crate) fn is_date(word: &str) -> bool {
    let is_date = |sense: &Sense| SENSES.kinds.get(usize::from(sense.line)) == Some(&Some(ConflictKind::Date));
    of(word).iter().any(is_date)
}

/// Returns whether a word stands before the names of those who rule.
pub(crate) fn is_title(word: &str) -> bool {
    ["king", "queen", "prince", "princess", "emperor", "empress", "pope"].contains(&word)
}

/// Returns whether a word is a point of the compass.
pub(crate) fn is_compass(word: &str) -> bool {
    ["north", "south", "east", "west"].iter().any(|point| word.starts_with(point))
}

/// What in front of a word denies it.
const DENYING: [&str; 8] = ["un", "in", "im", "il", "ir", "dis", "non", "anti"];

/// Words that only look as if they denied another.
const NOT_DENYING: [&str; 8] =
    ["inflammable", "invaluable", "inhabited", "inhabit", "increase", "inform", "informed", "infamous"];

/// Fewest letters of a word that may be denied by what is put in front of it.
const LEAST_DENIED: usize = 4;

/// Returns whether one word is the other with a denial put in front (`unsafe`) or behind (`harmless` to `harmful`).
pub(crate) fn denies(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let in_front = short.len() >= LEAST_DENIED
        && !NOT_DENYING.contains(&long)
        && long.strip_suffix(short).is_some_and(|front| DENYING.contains(&front.trim_end_matches('-')));
    let bare = |word: &str, ending: &str| word.strip_suffix(ending).map(str::to_owned);
    let behind = |one: &str, other: &str| bare(one, "less").is_some_and(|root| bare(other, "ful") == Some(root));
    in_front || behind(left, right) || behind(right, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_has_a_class_and_words() {
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (class, members) = line.split_once(": ").expect(line);
            assert_eq!(kind(class).is_none(), class == "same", "{line}");
            assert_eq!(members.contains(" | "), class != "same", "{line}");
        }
    }

    #[test]
    fn words_are_the_same_or_opposite_or_of_one_class() {
        for (left, right, expected) in [
            ("rose", "fell", Some(Meaning::Other(ConflictKind::Antonym))),
            ("rose", "climbed", Some(Meaning::Same)),
            ("at least", "up to", Some(Meaning::Other(ConflictKind::Number))),
            ("over", "more than", Some(Meaning::Same)),
            ("mg", "mcg", Some(Meaning::Other(ConflictKind::Unit))),
            ("may", "mai", Some(Meaning::Same)),
            ("tower", "bridge", None),
        ] {
            assert_eq!(relate(of(left), of(right)), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_denial_in_front_or_behind_makes_the_opposite() {
        for (left, right, expected) in [
            ("possible", "impossible", true),
            ("harmful", "harmless", true),
            ("non-toxic", "toxic", true),
            ("flammable", "inflammable", false),
            ("to", "into", false),
        ] {
            assert_eq!(denies(left, right), expected, "{left} {right}");
        }
    }
}
