//! All statements of all members, indexed by term, so that a new statement meets only those that share its words.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::consensus::comparing::contradict::value::unmatched;
use crate::consensus::comparing::contradict::{self, Clash, Placed};
use crate::consensus::comparing::residue::{self, Meets};
use crate::consensus::reading::held::{Held, ValueBook, ValueId};
use crate::consensus::reading::question::Question;
use crate::consensus::reading::segment::Segment;
use crate::consensus::reading::statement::{self, Asked, Statement};
use crate::consensus::reading::terms::{Lexicon, TermId, shared};
use crate::consensus::reading::values::{Relation, relate};

/// Rarest terms of a statement that are looked up.
const PROBED_TERMS: usize = 8;

/// Places of one term that are looked at: a word in more statements than these tells little.
const PROBED_PLACES: usize = 32;

/// Statements of one other member that a statement is compared with: those that share most of the probed terms.
const MOST_COMPARED: usize = 4;

/// Statements with one value that are remembered: in more than these a value tells little.
const PLACES_OF_VALUE: usize = 8;

/// Most words of a statement that meets the one in its place whatever words they share.
const BARE: usize = 1;

/// Most statements of one other member that a statement is known to be compared with: it is among the nearest of so many
/// only where an answer repeats itself.
const MOST_LINKS: usize = 32;

/// Everything committed so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Corpus {
    /// The numbers of the terms.
    pub(crate) lexicon: Lexicon,
    /// The numbers of the values.
    book: ValueBook,
    /// What of the question statements are read against.
    pub(crate) asked: Asked,
    /// One answer a member.
    pub(crate) answers: Vec<Answer>,
    /// Where two statements can't both be right, unless a whole answer says otherwise; left member first.
    pub(crate) clashes: Vec<Clash>,
    /// Pairs of statements compared.
    pub(crate) n_compared: u64,
    /// Pairs of members, the earlier one first, that were not compared statement by statement of the later one with all
    /// of the earlier one.
    provisional: BTreeSet<(usize, usize)>,
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
    /// Which values it holds.
    pub(crate) held: Held,
    /// How many of its words are not in the question.
    pub(crate) n_words: usize,
    /// Whether no statement will be added any more.
    is_closed: bool,
    postings: HashMap<TermId, Vec<usize>>,
    /// In which statements each value stands, the first few.
    values: HashMap<ValueId, Vec<usize>>,
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
    /// How the values of the two stand to each other.
    pub(crate) values: ValuesMeet,
    /// How the two stand to each other, laid side by side.
    pub(crate) meets: Meets,
}

/// How the values of two statements stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValuesMeet {
    /// Both give values, and each has an equal on the other side.
    AllSame,
    /// None differs from another, or at least one has an equal: it may be one claim.
    MayBeOne,
    /// Some differ and none is equal.
    Differ,
}

impl Corpus {
    /// Returns a corpus in which nobody has said anything.
    pub(crate) fn new(question: &Question, n_members: usize) -> Self {
        let mut lexicon = Lexicon::default();
        let terms = question.terms(&mut lexicon);
        let asked = Asked { terms, options: question.options(&mut lexicon), is_limit: question.asks_limit };
        lexicon.ask(&asked.terms);
        Self { lexicon, asked, answers: vec![Answer::default(); n_members], ..Self::default() }
    }

    /// Adds a segment of a member's text and compares it with what the others have said.
    pub(crate) fn add(&mut self, member: usize, segment: &Segment, text: &str) {
        for statement in statement::read(segment, text, &self.asked, &mut self.lexicon, &mut self.book) {
            self.add_statement(member, statement);
        }
    }

    fn add_statement(&mut self, member: usize, statement: Statement) {
        for answer in &mut self.answers {
            answer.held.learn(&self.book);
        }
        let Some(answer) = self.answers.get_mut(member) else { return };
        let index = answer.statements.len();
        answer.add(statement, &self.book);
        for other in (0..self.answers.len()).filter(|other| *other != member) {
            let in_order =
                |answer: &Answer| if other < member { answer.is_closed } else { answer.statements.is_empty() };
            if !self.answers.get(other).is_some_and(in_order) {
                self.provisional.insert((other.min(member), other.max(member)));
            }
            self.compare(member, index, other);
        }
    }

    /// Takes note that a member will say no more. What it and each other member that has ended said is compared once
    /// more, the later member against the earlier one, unless it was in that order already: from now on nothing that
    /// anyone says or leaves out can change what was found between the two.
    pub(crate) fn close(&mut self, member: usize) {
        let Some(answer) = self.answers.get_mut(member) else { return };
        answer.is_closed = true;
        for other in (0..self.answers.len()).filter(|other| *other != member) {
            let pair = (member.min(other), member.max(other));
            if self.answers.get(other).is_some_and(|answer| answer.is_closed) && self.provisional.remove(&pair) {
                self.compare_anew(pair);
            }
        }
    }

    fn compare_anew(&mut self, (earlier, later): (usize, usize)) {
        for (member, other) in [(earlier, later), (later, earlier)] {
            let links = self.answers.get_mut(member).into_iter().flat_map(|answer| &mut answer.links);
            links.for_each(|links| links.retain(|link| link.member != other));
        }
        self.clashes.retain(|clash| (clash.left.member, clash.right.member) != (earlier, later));
        for index in 0..self.answers.get(later).map_or(0, |answer| answer.statements.len()) {
            self.compare(later, index, earlier);
        }
    }

    /// Drops all that a member said, and what came of it.
    pub(crate) fn forget(&mut self, member: usize) {
        if let Some(answer) = self.answers.get_mut(member) {
            *answer = Answer::default();
            answer.held.learn(&self.book);
        }
        for links in self.answers.iter_mut().flat_map(|answer| &mut answer.links) {
            links.retain(|link| link.member != member);
        }
        self.clashes.retain(|clash| clash.left.member != member && clash.right.member != member);
        self.provisional.retain(|pair| pair.0 != member && pair.1 != member);
    }

    /// Compares a statement with those of `other` that share its words.
    fn compare(&mut self, member: usize, index: usize, other: usize) {
        let mut links = Vec::new();
        {
            let Some(statement) = self.statement(member, index) else { return };
            let mut clashes = Vec::new();
            for candidate in self.candidates(other, index, statement) {
                let Some(theirs) = self.statement(other, candidate) else { continue };
                let (left, right) = ((member, index, statement), (other, candidate, theirs));
                let pair = if member < other { (left, right) } else { (right, left) };
                let residue = residue::compare(pair.0, pair.1);
                links.push(Link { meets: residue.meets, ..link(statement, right) });
                clashes.extend(contradict::clashes(pair.0, pair.1, residue));
            }
            self.n_compared += links.len() as u64;
            self.clashes.extend(clashes);
        }
        for link in &links {
            let theirs = self.answers.get_mut(other).and_then(|answer| answer.links.get_mut(link.statement));
            let Some(theirs) = theirs else { continue };
            if theirs.iter().filter(|it| it.member == member).count() < MOST_LINKS {
                theirs.push(Link { member, statement: index, covered: link.covers, covers: link.covered, ..*link });
            }
        }
        if let Some(own) = self.answers.get_mut(member).and_then(|answer| answer.links.get_mut(index)) {
            own.extend(links);
        }
    }

    /// The statements of `other` that share most of the rarest terms of `statement`, best first.
    ///
    /// A statement of a word or two, "Never.", shares none with its contrary: it meets the one in its place.
    fn candidates(&self, other: usize, index: usize, statement: &Statement) -> Vec<usize> {
        let Some(answer) = self.answers.get(other) else { return Vec::new() };
        if let Some(assigned) = &statement.assigns {
            let same_name = |theirs: &Statement| theirs.assigns.as_ref().is_some_and(|it| it.name == assigned.name);
            return answer.statements.iter().position(same_name).into_iter().collect();
        }
        let posted = |terms: &[TermId]| -> Vec<&Vec<usize>> {
            terms.iter().filter_map(|term| answer.postings.get(term)).collect()
        };
        let mut places = posted(&statement.novel);
        if places.is_empty() {
            // "It closed up" and "it closed down" share nothing but the words of the question.
            places = posted(&statement.terms);
        }
        // Equally rare ones in the order in which the other has them, as the numbers of terms tell the order of arrival.
        let first = |places: &Vec<usize>| places.iter().take(PROBED_PLACES).copied().collect::<Vec<usize>>();
        places.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| first(a).cmp(&first(b))));
        let looked_at = places.iter().take(PROBED_TERMS).flat_map(|places| places.iter().take(PROBED_PLACES));
        let mut hits: Vec<usize> = looked_at.copied().collect();
        hits.sort_unstable();
        let runs = hits.chunk_by(|left, right| left == right);
        let mut ranked: Vec<(usize, usize)> = runs.filter_map(|run| Some((*run.first()?, run.len()))).collect();
        ranked.sort_unstable_by_key(|(place, n_hits)| (std::cmp::Reverse(*n_hits), *place));
        let mut nearest: Vec<usize> = ranked.into_iter().take(MOST_COMPARED).map(|(place, _)| place).collect();
        let is_bare = |it: &Statement| it.words.len() <= BARE && it.assigns.is_none();
        let in_place = answer.statements.get(index).filter(|theirs| is_bare(statement) && is_bare(theirs));
        if in_place.is_some() && !nearest.contains(&index) {
            nearest.push(index);
        }
        nearest
    }

    /// Returns the statement at a place, if there is one.
    pub(crate) fn statement(&self, member: usize, statement: usize) -> Option<&Statement> {
        self.answers.get(member)?.statements.get(statement)
    }
}

impl Answer {
    fn add(&mut self, statement: Statement, book: &ValueBook) {
        let index = self.statements.len();
        for term in &statement.terms {
            self.postings.entry(*term).or_default().push(index);
        }
        self.terms.extend(&statement.terms);
        self.n_words += statement.core().count();
        for value in &statement.values {
            self.held.add(value.id, book);
            let places = self.values.entry(value.id).or_default();
            if places.len() < PLACES_OF_VALUE {
                places.push(index);
            }
        }
        self.statements.push(statement);
        self.links.push(Vec::new());
    }

    /// Returns the first statements in which a value stands, written the same way.
    pub(crate) fn places_of(&self, value: ValueId) -> &[usize] {
        self.values.get(&value).map_or(&[], Vec::as_slice)
    }

    /// Returns how many of its statements hold `term`.
    pub(crate) fn n_holding(&self, term: TermId) -> usize {
        self.postings.get(&term).map_or(0, Vec::len)
    }

    /// Returns whether any statement names something, or gives a value, that is not in the question.
    pub(crate) fn says_something(&self) -> bool {
        self.statements.iter().any(|statement| !statement.names.is_empty() || !statement.values.is_empty())
    }
}

/// Returns the link from a statement to another: how much of each the other one covers, as the share of novel terms and
/// values that are there too.
fn link(own: &Statement, (member, statement, other): Placed<'_>) -> Link {
    let n_same = |own: &Statement, other: &Statement| own.values.len() - unmatched(&own.values, &other.values).len();
    let (n_ours, n_theirs) = (n_same(own, other), n_same(other, own));
    let share = |own: &Statement, other: &Statement, n_values: usize| match own.novel.len() + own.values.len() {
        0 => 0.0,
        n => (shared(&own.novel, &other.terms) + n_values) as f64 / n as f64,
    };
    let differ = || {
        let mut pairs = own.values.iter().flat_map(|left| other.values.iter().map(move |right| (left, right)));
        pairs.any(|(left, right)| relate(&left.found, &right.found) == Relation::Differ)
    };
    let is_all_same = n_ours > 0 && n_ours == own.values.len() && n_theirs == other.values.len();
    let values = match n_ours {
        _ if is_all_same => ValuesMeet::AllSame,
        0 if differ() => ValuesMeet::Differ,
        _ => ValuesMeet::MayBeOne,
    };
    Link {
        member,
        statement,
        covered: share(own, other, n_ours),
        covers: share(other, own, n_theirs),
        values,
        meets: Meets::Apart,
    }
}
