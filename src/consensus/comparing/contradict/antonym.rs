//! Opposite words in statements on one thing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless, is_aligned};
use crate::consensus::reading::statement::{Statement, WordAt};
use crate::consensus::reading::terms::TermId;
use crate::consensus::report::ConflictKind;

/// Pairs of opposites that can rarely both be true of one thing. Stages of one story, such as `start` and `end`, are
/// left out: two answers may well tell one each. Sorted.
const PAIRS: [(&str, &str); 173] = [
    ("above", "below"),
    ("absent", "present"),
    ("absorb", "emit"),
    ("absorbs", "emits"),
    ("accelerate", "decelerate"),
    ("accept", "reject"),
    ("accepted", "rejected"),
    ("acid", "alkaline"),
    ("acidic", "alkaline"),
    ("active", "inactive"),
    ("advance", "retreat"),
    ("agree", "disagree"),
    ("alive", "dead"),
    ("all", "none"),
    ("allow", "forbid"),
    ("allow", "prevent"),
    ("allowed", "forbidden"),
    ("allows", "prevents"),
    ("always", "never"),
    ("ancient", "modern"),
    ("anticlockwise", "clockwise"),
    ("approve", "disapprove"),
    ("artificial", "natural"),
    ("ascending", "descending"),
    ("asynchronous", "synchronous"),
    ("attract", "repel"),
    ("backward", "forward"),
    ("backwards", "forwards"),
    ("bad", "good"),
    ("beneficial", "harmful"),
    ("best", "worst"),
    ("better", "worse"),
    ("big", "small"),
    ("bigger", "smaller"),
    ("biggest", "smallest"),
    ("carnivore", "herbivore"),
    ("carnivorous", "herbivorous"),
    ("cheap", "expensive"),
    ("clockwise", "counterclockwise"),
    ("closed", "open"),
    ("closed", "opened"),
    ("cold", "hot"),
    ("colder", "hotter"),
    ("common", "rare"),
    ("complex", "simple"),
    ("concave", "convex"),
    ("conductor", "insulator"),
    ("contract", "expand"),
    ("contracts", "expands"),
    ("cool", "warm"),
    ("cooler", "warmer"),
    ("correct", "wrong"),
    ("dangerous", "safe"),
    ("deciduous", "evergreen"),
    ("decrease", "increase"),
    ("deep", "shallow"),
    ("defeat", "victory"),
    ("different", "same"),
    ("different", "similar"),
    ("difficult", "easy"),
    ("direct", "indirect"),
    ("disable", "enable"),
    ("disabled", "enabled"),
    ("diurnal", "nocturnal"),
    ("domestic", "foreign"),
    ("dry", "wet"),
    ("dynamic", "static"),
    ("earlier", "later"),
    ("earliest", "latest"),
    ("early", "late"),
    ("east", "west"),
    ("eastern", "western"),
    ("easy", "hard"),
    ("edible", "inedible"),
    ("edible", "poisonous"),
    ("effective", "ineffective"),
    ("efficient", "inefficient"),
    ("empty", "full"),
    ("encrypted", "unencrypted"),
    ("equal", "unequal"),
    ("even", "odd"),
    ("everyone", "nobody"),
    ("everything", "nothing"),
    ("exclude", "include"),
    ("excluded", "included"),
    ("excludes", "includes"),
    ("external", "internal"),
    ("fail", "succeed"),
    ("failed", "succeeded"),
    ("failure", "success"),
    ("fall", "rise"),
    ("falls", "rises"),
    ("fast", "slow"),
    ("faster", "slower"),
    ("fastest", "slowest"),
    ("female", "male"),
    ("finite", "infinite"),
    ("flammable", "nonflammable"),
    ("frequent", "rare"),
    ("gain", "loss"),
    ("gains", "loses"),
    ("guilty", "innocent"),
    ("hard", "soft"),
    ("harmful", "harmless"),
    ("harmless", "poisonous"),
    ("healthy", "unhealthy"),
    ("heavier", "lighter"),
    ("heavy", "light"),
    ("high", "low"),
    ("higher", "lower"),
    ("illegal", "legal"),
    ("immutable", "mutable"),
    ("impossible", "possible"),
    ("improve", "worsen"),
    ("improves", "worsens"),
    ("inner", "outer"),
    ("inorganic", "organic"),
    ("invertebrate", "vertebrate"),
    ("invisible", "visible"),
    ("involuntary", "voluntary"),
    ("irreversible", "reversible"),
    ("large", "small"),
    ("larger", "smaller"),
    ("largest", "smallest"),
    ("lawful", "unlawful"),
    ("least", "most"),
    ("less", "more"),
    ("liquid", "solid"),
    ("long", "short"),
    ("longer", "shorter"),
    ("longest", "shortest"),
    ("loosen", "tighten"),
    ("lose", "win"),
    ("loss", "profit"),
    ("lost", "won"),
    ("lower", "raise"),
    ("lower", "upper"),
    ("lowers", "raises"),
    ("majority", "minority"),
    ("mandatory", "optional"),
    ("married", "single"),
    ("maximum", "minimum"),
    ("narrow", "wide"),
    ("narrowly", "widely"),
    ("necessary", "unnecessary"),
    ("negative", "positive"),
    ("nonrenewable", "renewable"),
    ("nontoxic", "toxic"),
    ("north", "south"),
    ("northern", "southern"),
    ("old", "young"),
    ("older", "younger"),
    ("oldest", "youngest"),
    ("opaque", "transparent"),
    ("oppose", "support"),
    ("opposed", "supported"),
    ("opposes", "supports"),
    ("optional", "required"),
    ("permanent", "temporary"),
    ("permitted", "prohibited"),
    ("poor", "rich"),
    ("private", "public"),
    ("right", "wrong"),
    ("risky", "safe"),
    ("rough", "smooth"),
    ("safe", "unsafe"),
    ("stable", "unstable"),
    ("strengthen", "weaken"),
    ("strengthens", "weakens"),
    ("strong", "weak"),
    ("stronger", "weaker"),
    ("thick", "thin"),
    ("true", "untrue"),
];

/// Where each word stands in [`PAIRS`]: which pair, and whether it is the first of it.
static SIDES: LazyLock<HashMap<&str, Vec<(usize, bool)>>> = LazyLock::new(|| {
    let mut sides: HashMap<&str, Vec<(usize, bool)>> = HashMap::new();
    for (pair, (first, second)) in PAIRS.iter().enumerate() {
        sides.entry(first).or_default().push((pair, true));
        sides.entry(second).or_default().push((pair, false));
    }
    sides
});

/// Most words of either statement: longer ones speak of more than one thing.
const MOST_WORDS: usize = 14;

/// A word that has an opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opposable {
    pair: usize,
    is_first: bool,
    term: TermId,
    range: Range<usize>,
}

/// Returns the words of `text` that have an opposite, in order.
pub(crate) fn opposables<'a>(text: &str, words: impl Iterator<Item = &'a WordAt>) -> Vec<Opposable> {
    let of_word = |word: &WordAt| {
        let lower = text.get(word.range.clone()).unwrap_or("").to_lowercase();
        let sides = SIDES.get(lower.as_str()).cloned().unwrap_or_default();
        let (term, range) = (word.term, word.range.clone());
        sides.into_iter().map(move |(pair, is_first)| Opposable { pair, is_first, term, range: range.clone() })
    };
    words.filter(|word| !word.is_value).flat_map(of_word).collect()
}

/// Returns the clash between two statements with opposite words, if that is what they hold: one word of a pair here and
/// not the other, the other there and not the one, and negators on both sides or on neither.
pub(crate) fn clash(left: Placed<'_>, right: Placed<'_>) -> Option<Clash> {
    let is_long = left.2.words.len() > MOST_WORDS || right.2.words.len() > MOST_WORDS;
    if is_long || !is_aligned(left.2, right.2) || left.2.negated.is_empty() != right.2.negated.is_empty() {
        return None;
    }
    let has_both = |words: &[Opposable], pair: usize| {
        words.iter().any(|it| it.pair == pair && it.is_first) && words.iter().any(|it| it.pair == pair && !it.is_first)
    };
    let (ours, theirs) = left.2.opposables.iter().find_map(|own| {
        let is_opposite = |other: &&Opposable| other.pair == own.pair && other.is_first != own.is_first;
        let other = right.2.opposables.iter().find(is_opposite)?;
        let is_clear = !has_both(&left.2.opposables, own.pair) && !has_both(&right.2.opposables, own.pair);
        is_clear.then_some((own, other))
    })?;
    Some(Clash { kind: ConflictKind::Antonym, left: place(left, ours), right: place(right, theirs) })
}

/// Returns whether the words at the two places are opposites of each other.
pub(crate) fn are_opposite(left: (&Statement, &Range<usize>), right: (&Statement, &Range<usize>)) -> bool {
    let at = |(statement, range): (&Statement, &Range<usize>)| {
        statement.opposables.iter().filter(|it| it.range == *range).map(|it| (it.pair, it.is_first)).collect::<Vec<_>>()
    };
    let theirs = at(right);
    at(left).into_iter().any(|(pair, is_first)| theirs.contains(&(pair, !is_first)))
}

fn place((member, statement, _): Placed<'_>, word: &Opposable) -> Place {
    Place { member, statement, range: word.range.clone(), value: String::new(), unless: Unless::Terms(vec![word.term]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_and_of_two_words() {
        assert!(PAIRS.is_sorted());
        assert!(PAIRS.iter().all(|(first, second)| first < second));
    }
}
