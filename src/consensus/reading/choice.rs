//! What a sentence recommends: `use X`, `I would go with X`, `the best choice is X`.

use std::ops::Range;

use crate::consensus::reading::terms::{Term, TermId};

/// What is recommended, as terms and as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recommendation {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// Its terms, in order.
    pub(crate) terms: Vec<TermId>,
}

/// What comes right before a recommended thing, in lower case.
const LEADS: [&str; 22] = [
    "you should use ",
    "should use ",
    "i recommend ",
    "i'd recommend ",
    "i would recommend ",
    "we recommend ",
    "recommend using ",
    "i suggest ",
    "i would choose ",
    "i'd choose ",
    "i would pick ",
    "i'd pick ",
    "go with ",
    "opt for ",
    "best choice is ",
    "best option is ",
    "better choice is ",
    "prefer ",
    "choose ",
    "pick ",
    "switch to ",
    "use ",
];

/// The longest sentence, in bytes, that is looked through for a recommendation.
const LONGEST: usize = 400;

/// Most words of a recommended thing.
const MOST_WORDS: usize = 3;

/// Returns what `sentence`, whose words are `read`, recommends; `start` is where it begins in the answer.
///
/// The thing must look like a name: a capital, or code. "Use caution" recommends nothing that could be compared.
pub(crate) fn recommendation(sentence: &str, read: &[Term], start: usize) -> Option<Recommendation> {
    if sentence.len() > LONGEST {
        return None;
    }
    let lower = sentence.to_ascii_lowercase();
    if ["don't use", "do not use", "not recommend", "instead of using"].iter().any(|no| lower.contains(no)) {
        return None;
    }
    let after = LEADS
        .iter()
        .find_map(|lead| lower.find(lead).filter(|at| is_word_start(&lower, *at)).map(|at| at + lead.len()))?;
    let named: Vec<&Term> = read
        .iter()
        .skip_while(|term| term.start < after)
        .skip_while(|term| term.id.is_none() && !term.is_capital)
        // The My of MySQL is a word of no weight, and part of the name.
        .take_while(|term| (term.id.is_some() || term.is_capital) && looks_named(sentence, term))
        .take(MOST_WORDS)
        .collect();
    let (first, last) = (named.first()?, named.last()?);
    // Nothing but articles and marks may stand between the lead and the thing.
    (first.start - after <= 12).then(|| Recommendation {
        range: start + first.start..start + last.end,
        terms: named.iter().filter_map(|term| term.id).collect(),
    })
}

fn is_word_start(text: &str, at: usize) -> bool {
    text.get(..at).is_none_or(|head| !head.ends_with(|c: char| c.is_alphanumeric()))
}

fn looks_named(sentence: &str, term: &Term) -> bool {
    term.is_capital || sentence.get(..term.start).is_some_and(|head| head.ends_with(['`', '*']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::reading::terms::Lexicon;

    #[test]
    fn a_recommendation_is_read_beside_any_sign() {
        for (sentence, expected) in [
            ("Use Postgres — it scales.", Some("Postgres")),
            ("Use MySQL — it is simpler.", Some("MySQL")),
            ("For naïve cases, go with `serde`.", Some("serde")),
            ("Use caution — it is hot.", None),
        ] {
            let read = Lexicon::default().read(sentence);
            let found = recommendation(sentence, &read, 0).map(|it| sentence.get(it.range).unwrap());
            assert_eq!(found, expected, "{sentence:?}");
        }
    }
}
