//! All statements of all members, indexed by term, so that a new statement meets only those that share its words.

use std::collections::{HashMap, HashSet};

use crate::consensus::contradict::value::unmatched;
use crate::consensus::contradict::{self, Clash};
use crate::consensus::question::Question;
use crate::consensus::segment::Segment;
use crate::consensus::statement::{self, Asked, Statement};
use crate::consensus::terms::{Lexicon, TermId, shared};
use crate::consensus::values::{Found, Relation, relate};

/// Rarest terms of a statement that are looked up.
const PROBED_TERMS: usize = 8;

/// Places of one term that are looked at: a word in more statements than these tells little.
const PROBED_PLACES: usize = 32;

/// Statements of one other member that a statement is compared with: those that share most of the probed terms.
const MOST_COMPARED: usize = 4;

/// Most values of one answer that are searched for the other side's value in another form.
const MOST_VALUES: usize = 96;

/// Everything committed so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Corpus {
    /// The numbers of the terms.
    pub(crate) lexicon: Lexicon,
    /// What of the question statements are read against.
    pub(crate) asked: Asked,
    /// One answer a member.
    pub(crate) answers: Vec<Answer>,
    /// Where two statements can't both be right, unless a whole answer says otherwise; left member first.
    pub(crate) clashes: Vec<Clash>,
    /// Pairs of statements compared.
    pub(crate) n_compared: u64,
}

/// What one member has said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// Its statements in order.
    pub(crate) statements: Vec<Statement>,
    /// For each statement, the statements of others that it was compared with.
    pub(crate) links: Vec<Vec<Link>>,
    /// Every term anywhere in it.
    pub(crate) terms: HashSet<TermId>,
    /// The first values in it, each once, to be searched for one that is the same in another form.
    pub(crate) values: Vec<Found>,
    /// How many of its words are not in the question.
    pub(crate) n_words: usize,
    /// Every value anywhere in it, in canonical form.
    seen_values: HashSet<String>,
    postings: HashMap<TermId, Vec<usize>>,
}

/// A statement of another member, and how much of the one that holds the link it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    /// Whose statement.
    pub(crate) member: usize,
    /// Which of them.
    pub(crate) statement: usize,
    /// Share of the holder's novel terms that it holds, 0 to 1.
    pub(crate) covered: f64,
    /// Share of its novel terms that the holder holds, 0 to 1.
    pub(crate) covers: f64,
}

impl Corpus {
    /// Returns a corpus in which nobody has said anything.
    pub(crate) fn new(question: &Question, n_members: usize) -> Self {
        let mut lexicon = Lexicon::default();
        let asked = Asked { terms: question.terms(&mut lexicon), is_limit: question.asks_limit };
        Self { lexicon, asked, answers: vec![Answer::default(); n_members], ..Self::default() }
    }

    /// Adds a segment of a member's text and compares it with what the others have said.
    pub(crate) fn add(&mut self, member: usize, segment: &Segment, text: &str) {
        for statement in statement::read(segment, text, &self.asked, &mut self.lexicon) {
            self.add_statement(member, statement);
        }
    }

    fn add_statement(&mut self, member: usize, statement: Statement) {
        let Some(answer) = self.answers.get(member) else { return };
        let index = answer.statements.len();
        let mut links = Vec::new();
        for other in (0..self.answers.len()).filter(|other| *other != member) {
            for candidate in self.candidates(other, &statement) {
                let Some(theirs) = self.answers.get(other).and_then(|answer| answer.statements.get(candidate)) else {
                    continue;
                };
                let (covered, covers) = cover(&statement, theirs);
                self.n_compared += 1;
                links.push(Link { member: other, statement: candidate, covered, covers });
                let (left, right) = ((member, index, &statement), (other, candidate, theirs));
                let pair = if member < other { (left, right) } else { (right, left) };
                self.clashes.extend(contradict::clashes(pair.0, pair.1));
            }
        }
        for link in &links {
            let back = Link { member, statement: index, covered: link.covers, covers: link.covered };
            let theirs = self.answers.get_mut(link.member).and_then(|answer| answer.links.get_mut(link.statement));
            if let Some(theirs) = theirs {
                theirs.push(back);
            }
        }
        if let Some(answer) = self.answers.get_mut(member) {
            answer.add(statement, links);
        }
    }

    /// The statements of `other` that share most of the rarest terms of `statement`, best first.
    fn candidates(&self, other: usize, statement: &Statement) -> Vec<usize> {
        let Some(answer) = self.answers.get(other) else { return Vec::new() };
        if let Some(assigned) = &statement.assigns {
            let same_name = |theirs: &Statement| theirs.assigns.as_ref().is_some_and(|it| it.name == assigned.name);
            return answer.statements.iter().position(same_name).into_iter().collect();
        }
        let probes = if statement.novel.is_empty() { &statement.terms } else { &statement.novel };
        let mut places: Vec<&Vec<usize>> = probes.iter().filter_map(|term| answer.postings.get(term)).collect();
        places.sort_by_key(|places| places.len());
        let looked_at = places.iter().take(PROBED_TERMS).flat_map(|places| places.iter().take(PROBED_PLACES));
        let mut hits: Vec<usize> = looked_at.copied().collect();
        hits.sort_unstable();
        let runs = hits.chunk_by(|left, right| left == right);
        let mut ranked: Vec<(usize, usize)> = runs.filter_map(|run| Some((*run.first()?, run.len()))).collect();
        ranked.sort_unstable_by_key(|(place, n_hits)| (std::cmp::Reverse(*n_hits), *place));
        ranked.into_iter().take(MOST_COMPARED).map(|(place, _)| place).collect()
    }

    /// Returns the statement at a place, if there is one.
    pub(crate) fn statement(&self, member: usize, statement: usize) -> Option<&Statement> {
        self.answers.get(member)?.statements.get(statement)
    }
}

impl Answer {
    fn add(&mut self, statement: Statement, links: Vec<Link>) {
        let index = self.statements.len();
        for term in &statement.terms {
            self.postings.entry(*term).or_default().push(index);
        }
        self.terms.extend(&statement.terms);
        self.n_words += statement.core().count();
        for value in &statement.values {
            if self.seen_values.insert(value.canonical.clone()) && self.values.len() < MOST_VALUES {
                self.values.push(value.found.clone());
            }
        }
        self.statements.push(statement);
        self.links.push(links);
    }

    /// Returns whether any statement names something, or gives a value, that is not in the question.
    pub(crate) fn says_something(&self) -> bool {
        self.statements.iter().any(|statement| !statement.names.is_empty() || !statement.values.is_empty())
    }

    /// Returns whether the answer holds the value, whose canonical form is given, somewhere, in whatever form.
    pub(crate) fn holds(&self, value: &Found, canonical: &str) -> bool {
        self.seen_values.contains(canonical) || self.values.iter().any(|own| relate(own, value) == Relation::Same)
    }
}

/// How much of the left statement the right one covers, and the other way round: the share of novel terms and values
/// that are there too.
fn cover(left: &Statement, right: &Statement) -> (f64, f64) {
    let share = |own: &Statement, other: &Statement| match own.novel.len() + own.values.len() {
        0 => 0.0,
        n => {
            let n_same_values = own.values.len() - unmatched(&own.values, &other.values).len();
            (shared(&own.novel, &other.terms) + n_same_values) as f64 / n as f64
        }
    };
    (share(left, right), share(right, left))
}
