//! Words as numbered terms: folded, stemmed and interned, so that statements are compared by number.

pub(crate) mod script;
pub(crate) mod stem;
pub(crate) mod stop;
pub(crate) mod words;

use std::collections::HashMap;

use crate::consensus::reading::terms::words::Words;

/// A content word, numbered in the order in which the engine first met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TermId(u32);

/// A word of a text as a term, with its place and its looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// Which term; `None` for a stop word.
    pub(crate) id: Option<TermId>,
    /// Byte offset of the word in the text given.
    pub(crate) start: usize,
    /// Byte offset after the word.
    pub(crate) end: usize,
    /// Whether it starts with a capital letter.
    pub(crate) is_capital: bool,
    /// Whether it turns a statement into its opposite, such as `not`.
    pub(crate) negates: bool,
}

/// The terms met so far: from a word's stem to its number and back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    ids: HashMap<Box<str>, TermId>,
    stems: Vec<Box<str>>,
    /// The words of the question.
    asked: Vec<TermId>,
    /// Of each term, whether it is a word of the question, in whatever spelling.
    is_asked: Vec<bool>,
    n_read: u64,
}

impl Lexicon {
    /// Returns the words of `text` in order, numbering those that are new. A text without words gives none.
    pub(crate) fn read(&mut self, text: &str) -> Vec<Term> {
        let mut folded = String::new();
        let terms: Vec<Term> = Words::of(text)
            .map(|word| {
                folded.clear();
                words::fold(word.text, &mut folded);
                let is_stop = stop::is_stop(&folded);
                Term {
                    id: (!is_stop).then(|| self.intern(&stem::stem(&folded))),
                    start: word.start,
                    end: word.start + word.text.len(),
                    is_capital: word.text.chars().next().is_some_and(char::is_uppercase),
                    negates: stop::is_negator(&folded)
                        && !text
                            .get(word.start + word.text.len()..)
                            .is_some_and(|rest| counts(rest) || qualifies(&folded, rest)),
                }
            })
            .collect();
        self.n_read += terms.len() as u64;
        terms
    }

    /// Returns how many words have been read.
    pub(crate) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Takes `terms` as the words of the question, before anything else is read.
    pub(crate) fn ask(&mut self, terms: &[TermId]) {
        self.asked = terms.to_vec();
        self.is_asked = self.stems.iter().map(|stem| self.is_spelling_of_asked(stem)).collect();
    }

    /// Returns whether `id` is a word of the question, be it spelled otherwise.
    pub(crate) fn is_asked(&self, id: TermId) -> bool {
        self.is_asked.get(id.0 as usize).is_some_and(|is_asked| *is_asked)
    }

    fn is_spelling_of_asked(&self, stem: &str) -> bool {
        self.asked.iter().any(|asked| stem::is_spelling(stem, self.stem(*asked)))
    }

    /// Returns the stem that `id` stands for; empty for a number of another lexicon.
    pub(crate) fn stem(&self, id: TermId) -> &str {
        self.stems.get(id.0 as usize).map_or("", |stem| stem)
    }

    fn intern(&mut self, stem: &str) -> TermId {
        if let Some(id) = self.ids.get(stem) {
            return *id;
        }
        let id = TermId(u32::try_from(self.stems.len()).unwrap_or(u32::MAX));
        self.ids.insert(Box::from(stem), id);
        self.stems.push(Box::from(stem));
        self.is_asked.push(self.is_spelling_of_asked(stem));
        id
    }
}

/// Whether what follows a `No` makes it the abbreviation of number, as in `No. 1`.
fn counts(after: &str) -> bool {
    after.trim_start_matches(['.', ' ']).starts_with(|c: char| c.is_ascii_digit())
}

/// Whether `word` only says what sort of thing follows, as in "false sharing" and "incorrect usage".
fn qualifies(word: &str, after: &str) -> bool {
    let is_before_word = after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    matches!(word, "false" | "incorrect") && is_before_word && !after.starts_with(" that ")
}

/// Returns how many of the sorted `wanted` are among the sorted `present`.
pub(crate) fn shared(wanted: &[TermId], present: &[TermId]) -> usize {
    let mut present = present.iter().peekable();
    wanted
        .iter()
        .filter(|term| {
            while present.next_if(|other| other < term).is_some() {}
            present.peek() == Some(term)
        })
        .count()
}

/// Returns `terms` in ascending order without repetition.
pub(crate) fn sorted(terms: impl IntoIterator<Item = TermId>) -> Vec<TermId> {
    let mut terms: Vec<TermId> = terms.into_iter().collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, stems: &[&str]) {
        let mut lexicon = Lexicon::default();
        let terms = lexicon.read(text);
        let found: Vec<&str> = terms.iter().filter_map(|term| term.id).map(|id| lexicon.stem(id)).collect();
        assert_eq!(found, stems, "{text:?}");
    }

    #[test]
    fn words_become_stems() {
        check("", &[]);
        check("The three brothers landed.", &["3", "brother", "land"]);
        check("**Kennedy's** naïve cities", &["kennedy", "naiv", "city"]);
        check("1,000 metres, 3.5 km and D.I.V.O.R.C.E.", &["1000", "metr", "3.5", "km", "divorc"]);
        check("composed byAndrew Lloyd Webber12.", &["compos", "andrew", "lloyd", "webber", "12"]);
        check("Søren Wałęsa, Straße, Æsop", &["soren", "walesa", "strass", "aesop"]);
        check("the 2nd and the second", &["2", "2"]);
        check("富士山の高さ", &["富士", "士山", "山の", "の高", "高さ"]);
    }

    #[test]
    fn shared_counts_terms_once() {
        let ids = |numbers: &[u32]| sorted(numbers.iter().map(|number| TermId(*number)));
        assert_eq!(shared(&ids(&[1, 3, 5]), &ids(&[5, 3, 9, 3])), 2);
        assert_eq!(shared(&ids(&[]), &ids(&[5])), 0);
        assert_eq!(shared(&ids(&[7]), &ids(&[])), 0);
    }
}
