//! The words of a sentence that stand where the question asks: who or what it names as the answer.

use std::ops::Range;

use crate::consensus::comparing::corpus::{Answer, Corpus};
use crate::consensus::reading::joint::Joint;
use crate::consensus::reading::statement::{Statement, WordAt};
use crate::consensus::reading::terms::stem::is_near;
use crate::consensus::reading::terms::{Lexicon, TermId, shared};
use crate::consensus::reading::wording::holds;

/// Most words of an answer that says nothing else.
const BARE: usize = 7;

/// Most words of a slot that are compared: a wall of words names nothing, and must cost no more than a name.
const LONGEST: usize = 12;

/// Share of the question's words that a sentence must repeat to be one that is built around the answer.
const REPEATED: f64 = 0.5;

/// First words, as stems, of what names nothing yet: "several algae", "a type of uniform".
const VAGUE: [&str; 22] = [
    "all", "differ", "form", "kind", "list", "locat", "multipl", "now", "one", "peopl", "person", "several", "situat",
    "sort", "team", "typ", "type", "used", "various", "variou", "word", "work",
];

/// What a sentence gives as the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// Its words, in order.
    pub(crate) terms: Vec<TermId>,
    /// Whether the sentence is built so that nothing else can be what it gives.
    pub(crate) is_sure: bool,
}

/// How what one answer gives stands to what another gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// One is the other, or part of its name.
    Same,
    /// The sentence of one holds what the other gives, in another place.
    Beside,
    /// The other answer holds it elsewhere.
    Elsewhere,
    /// Neither answer holds what the other gives.
    Apart,
}

impl Slot {
    /// Returns what `statement` gives as the answer to the question; `None` where it denies, or says nothing new.
    /// `is_alone` tells that the answer says nothing else.
    pub(crate) fn of(statement: &Statement, is_alone: bool, corpus: &Corpus) -> Option<Self> {
        if !statement.negated.is_empty() || statement.yes_no.is_some() {
            return None;
        }
        let words = &statement.words;
        if is_alone && words.len() <= BARE && words.iter().all(|word| word.is_novel) {
            // What stands in brackets adds to the name.
            let name: Vec<&WordAt> = words
                .iter()
                .enumerate()
                .take_while(|(at, it)| *at == 0 || it.joint != Joint::Aside)
                .map(|(_, it)| it)
                .collect();
            return Self::new(&name, true, corpus);
        }
        let runs = runs(words);
        let has_name = |run: &&Run<'_>| run.words.iter().any(|word| word.is_name);
        let named: Vec<Run<'_>> = runs.iter().filter(has_name).copied().collect();
        let pool = if named.is_empty() { runs } else { named };
        let is_label_end = |run: &Run<'_>| {
            run.words.first().is_some_and(|word| word.range.start >= statement.lead_end)
                && words
                    .get(..run.start)
                    .is_some_and(|head| head.iter().all(|word| word.range.end <= statement.lead_end))
        };
        let is_given = |run: &&Run<'_>| match run.words.first().map(|word| word.joint) {
            Some(Joint::Link) => !run.is_after_novel,
            Some(Joint::By) => true,
            Some(Joint::Colon) => is_label_end(run),
            Some(Joint::Close | Joint::And | Joint::Alias | Joint::Aside | Joint::Apart) | None => false,
        };
        let given = pool.iter().rev().filter(|run| run.start > 0).find(is_given);
        let opens = || pool.iter().find(|run| run.start == 0 && run.is_before_asked);
        let run = given.or_else(opens);
        let n_repeated = shared(&corpus.asked.terms, &statement.terms);
        let is_built_on_it = n_repeated as f64 >= corpus.asked.terms.len() as f64 * REPEATED;
        let is_sure = run.is_some() && is_built_on_it;
        Self::new(&main_name(run.or_else(|| pool.first().filter(has_name))?.words), is_sure, corpus)
    }

    fn new(words: &[&WordAt], is_sure: bool, corpus: &Corpus) -> Option<Self> {
        let words = words.get(..LONGEST).unwrap_or(words);
        let (first, last) = (words.first()?, words.last()?);
        let is_vague = VAGUE.contains(&corpus.lexicon.stem(first.term)) && !first.is_name;
        Some(Self {
            range: first.range.start..last.range.end,
            terms: words.iter().map(|word| word.term).collect(),
            is_sure: is_sure && !is_vague,
        })
    }

    /// Returns whether one is the other or a part of its name: `Bell`, `Alexander Graham Bell`; `USA`, `United States`.
    pub(crate) fn is_same(&self, other: &Self, lexicon: &Lexicon) -> bool {
        let (short, long) = if self.terms.len() <= other.terms.len() { (self, other) } else { (other, self) };
        // Initials are spelled in too many ways to tell two names apart.
        let spelled = |term: &&TermId| lexicon.stem(**term).chars().nth(1).is_some();
        let mut telling = short.terms.iter().filter(spelled).peekable();
        let is_part = telling.peek().is_some() && telling.all(|term| is_among(lexicon, *term, &long.terms));
        is_part || is_acronym(short, long, lexicon)
    }

    /// Returns whether most of its words are held.
    fn is_held(&self, mut holds: impl FnMut(TermId) -> bool) -> bool {
        self.terms.iter().filter(|term| holds(**term)).count() * 2 > self.terms.len()
    }

    fn is_in(&self, answer: &Answer, lexicon: &Lexicon) -> bool {
        self.is_held(|term| holds(lexicon, &answer.terms, term))
    }

    /// Returns whether `answer` gives it as another name of something: "also known as periodontitis".
    pub(crate) fn is_alias_in(&self, answer: &Answer) -> bool {
        let is_alias =
            |word: &WordAt| matches!(word.joint, Joint::Alias | Joint::Aside) && self.terms.contains(&word.term);
        answer.statements.iter().flat_map(|statement| &statement.words).any(is_alias)
    }
}

/// Returns how what `left` gives stands to what `right` gives; each comes with its sentence and its whole answer.
pub(crate) fn compare(
    left: (&Slot, &Statement, &Answer),
    right: (&Slot, &Statement, &Answer),
    lexicon: &Lexicon,
) -> Likeness {
    let is_beside = |slot: &Slot, statement: &Statement| slot.is_held(|term| is_among(lexicon, term, &statement.terms));
    if left.0.is_same(right.0, lexicon) {
        Likeness::Same
    } else if is_beside(left.0, right.1) || is_beside(right.0, left.1) {
        Likeness::Beside
    } else if left.0.is_in(right.2, lexicon) || right.0.is_in(left.2, lexicon) {
        Likeness::Elsewhere
    } else {
        Likeness::Apart
    }
}

fn is_among(lexicon: &Lexicon, term: TermId, terms: &[TermId]) -> bool {
    terms.iter().any(|other| *other == term || is_near(lexicon.stem(term), lexicon.stem(*other)))
}

/// Whether the one word of `short` is made of the first letters of `long`, up to one letter more: `USA`.
fn is_acronym(short: &Slot, long: &Slot, lexicon: &Lexicon) -> bool {
    let ([acronym], true) = (short.terms.as_slice(), long.terms.len() >= 2) else { return false };
    let acronym = lexicon.stem(*acronym);
    let initials: String = long.terms.iter().filter_map(|term| lexicon.stem(*term).chars().next()).collect();
    acronym.starts_with(&initials) && acronym.len() <= initials.len() + 1
}

/// Words in a row that are new against the question, with nothing between them but what holds a name together.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    start: usize,
    words: &'a [WordAt],
    /// Whether the word before it is new too.
    is_after_novel: bool,
    /// Whether a word of the question comes after it.
    is_before_asked: bool,
}

/// The runs of new words, without other names of what was named already, and without what only qualifies a word of the
/// question: "the British politician".
fn runs(words: &[WordAt]) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    while let Some(first) = words.get(start) {
        let goes_on = |word: &&WordAt| word.is_novel && matches!(word.joint, Joint::Close | Joint::And);
        let n_more = words.get(start + 1..).unwrap_or_default().iter().take_while(goes_on).count();
        let end = start + 1 + n_more;
        let next = words.get(end);
        let is_followed = next.is_some_and(|next| !next.is_novel && next.joint == Joint::Close && !next.is_name);
        let qualifies = is_followed && start > 0 && n_more == 0 && first.is_name;
        let is_alias = start > 0 && matches!(first.joint, Joint::Alias | Joint::Aside);
        if first.is_novel {
            if !is_alias && !qualifies {
                let is_after_novel =
                    start.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| word.is_novel);
                let is_before_asked = next.is_some_and(|next| !next.is_novel);
                let words = words.get(start..end).unwrap_or_default();
                runs.push(Run { start, words, is_after_novel, is_before_asked });
            }
            start = end;
        } else {
            start += 1;
        }
    }
    runs
}

/// The name in a run: of `English keyboardist Rick Wakeman` what comes after the words that qualify it.
fn main_name(words: &[WordAt]) -> Vec<&WordAt> {
    let is_pair = words.iter().skip(1).any(|word| word.joint == Joint::And);
    let mut names = words
        .chunk_by(|left, right| left.is_name == right.is_name)
        .filter(|group| group.first().is_some_and(|word| word.is_name));
    let chosen: Vec<&WordAt> =
        if is_pair { names.flatten().collect() } else { names.next_back().into_iter().flatten().collect() };
    if chosen.is_empty() { words.iter().collect() } else { chosen }
}
