//! Where long answers give different values for one thing in sentences worded each in its own way.
//!
//! Every value stands in a frame: the words that say what it is the value of. Two values of one kind clash where their
//! frames share words that tell that thing from others, each is what comes nearest to the other, and neither answer has
//! the other's value anywhere. Where a third answer gives the value of one of them in other words, its words count too.
//! All this rests on what an answer does not say, so that it is asked only once all have ended.

use std::cmp::Ordering;
use std::ops::Range;

use crate::consensus::comparing::answering::Comparison;
use crate::consensus::comparing::contradict::{Clash, Place, Placed, Unless, value};
use crate::consensus::comparing::corpus::{Answer, Corpus};
use crate::consensus::comparing::frame;
use crate::consensus::comparing::point::has_ended;
use crate::consensus::reading::segment::Role;
use crate::consensus::reading::statement::{Statement, ValueAt, WordAt};
use crate::consensus::reading::terms::{TermId, sorted};
use crate::consensus::reading::values::{Relation, relate};
use crate::consensus::report::ConflictKind;

/// Fewest statements of an answer that tells of several things.
pub(crate) const LEAST_STATEMENTS: usize = 4;

/// Most points of one answer that are looked at: what comes after them is compared sentence by sentence alone.
pub(crate) const MOST_POINTS: usize = 160;

/// Most values of one statement whose frames can be told apart.
const MOST_VALUES: usize = 3;

/// Least weight of the shared words of two frames: half that of a word that stands in one statement of each answer alone.
const LEAST_SHARED: f64 = 0.3;

/// Least share of the weight of the lighter frame, where a third answer gives one of the two values.
const LEAST_SHARE: f64 = 0.4;

/// Least share of the weight of the heavier frame, where nobody else gives either value.
const SAME_FRAME: f64 = 0.7;

/// A value or a name in its frame.
#[derive(Debug)]
struct Point<'a> {
    member: usize,
    statement: usize,
    said: &'a Statement,
    range: Range<usize>,
    gives: Gives<'a>,
    frame: Vec<(TermId, f64)>,
    weight: f64,
    /// How many names its statement has.
    n_names: usize,
}

/// What a point gives.
#[derive(Debug)]
enum Gives<'a> {
    Value(&'a ValueAt),
    Name(Vec<TermId>),
}

/// Most numbers without a unit in a statement that tells of a thing; three are a calculation.
const MOST_BARE: usize = 2;

/// Returns whether all answers have ended and two of them tell of several things.
pub(crate) fn are_told(comparison: Comparison<'_>) -> bool {
    let is_over = (0..comparison.voices.len()).all(|member| has_ended(member, comparison.voices));
    let is_long = |answer: &&Answer| answer.statements.len() >= LEAST_STATEMENTS;
    is_over && comparison.corpus.answers.iter().filter(is_long).count() >= 2
}

/// Returns the clashes between long answers that have all ended.
pub(crate) fn clashes(comparison: Comparison<'_>) -> Vec<Clash> {
    let corpus = comparison.corpus;
    if !are_told(comparison) {
        return Vec::new();
    }
    let points: Vec<Vec<Point<'_>>> = (0..corpus.answers.len()).map(|member| points(corpus, member)).collect();
    let mut found = Vec::new();
    for (left, ours) in points.iter().enumerate() {
        for (right, theirs) in points.iter().enumerate().skip(left + 1) {
            let others: Vec<&Point<'_>> = points
                .iter()
                .enumerate()
                .filter(|(member, _)| *member != left && *member != right)
                .flat_map(|(_, points)| points)
                .collect();
            found.extend(between(corpus, ours, theirs, &others));
        }
    }
    found
}

/// The clashes between two answers: each point with the one that comes nearest to it, where that holds both ways.
fn between(corpus: &Corpus, ours: &[Point<'_>], theirs: &[Point<'_>], others: &[&Point<'_>]) -> Vec<Clash> {
    let open = |points: &'_ [Point<'_>], against: &[Point<'_>]| -> Vec<usize> {
        let Some(other) = against.first().map(|it| it.member) else { return Vec::new() };
        (0..points.len()).filter(|at| points.get(*at).is_some_and(|point| !is_held(corpus, point, other))).collect()
    };
    let (left, right) = (open(ours, theirs), open(theirs, ours));
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for own in &left {
        let Some(point) = ours.get(*own) else { continue };
        for other in &right {
            let Some(rival) = theirs.get(*other) else { continue };
            if !differ(point, rival) || point.is_on_other(rival) {
                continue;
            }
            let nearness = nearness(point, rival, others);
            if nearness > 0.0 {
                pairs.push((nearness, *own, *other));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken: (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    for (_, own, other) in pairs {
        let is_free = !taken.0.contains(&own) && !taken.1.contains(&other);
        taken.0.push(own);
        taken.1.push(other);
        if let (true, Some(point), Some(rival)) = (is_free, ours.get(own), theirs.get(other)) {
            found.push(Clash { kind: point.kind(), left: point.place(), right: rival.place() });
        }
    }
    found
}

/// How near the frames of two points are; 0 where nothing tells that they are of one thing. `others` are the points of
/// the other answers: one that gives the same value in other words stands for it.
///
/// Two values that nobody else gives are at odds only where their frames are the same; what a third answer gives too is
/// something that answers to this question tell, so that half of a frame is enough.
fn nearness(left: &Point<'_>, right: &Point<'_>, others: &[&Point<'_>]) -> f64 {
    let near = |left: &Point<'_>, right: &Point<'_>| {
        let sum = shared(left, right);
        (sum, sum / left.weight.max(right.weight).max(f64::EPSILON))
    };
    let (sum, share_of_both) = near(left, right);
    if sum >= LEAST_SHARED && share_of_both >= SAME_FRAME {
        return sum * (1.0 + share_of_both);
    }
    let (ours, theirs) = (group(left, others), group(right, others));
    let sum = weight_of(&ours, |term| holds(&theirs, term));
    let share = |own: &Point<'_>, others: &[(TermId, f64)]| {
        weight_of(&own.frame, |term| holds(others, term)) / own.weight.max(f64::EPSILON)
    };
    let share = match (ours.len() > left.frame.len(), theirs.len() > right.frame.len()) {
        _ if !is_told_by(left, others) && !is_told_by(right, others) => 0.0,
        (true, false) => share(right, &ours),
        (false, true) => share(left, &theirs),
        (true, true) | (false, false) => share(left, &theirs).max(share(right, &ours)),
    };
    if sum >= LEAST_SHARED && share >= LEAST_SHARE { sum * share } else { 0.0 }
}

/// Whether a third answer gives the same value for what may be the same thing.
fn is_told_by(point: &Point<'_>, others: &[&Point<'_>]) -> bool {
    others.iter().any(|it| is_mate(point, it))
}

/// The words of a frame and of those in which others give the same value.
fn group(point: &Point<'_>, others: &[&Point<'_>]) -> Vec<(TermId, f64)> {
    let mates = others.iter().filter(|it| is_mate(point, it)).flat_map(|it| &it.frame);
    let mut words: Vec<(TermId, f64)> = point.frame.iter().chain(mates).copied().collect();
    words.sort_by_key(|(term, _)| *term);
    words.dedup_by_key(|(term, _)| *term);
    words
}

fn holds(frame: &[(TermId, f64)], term: TermId) -> bool {
    frame.binary_search_by_key(&term, |(term, _)| *term).is_ok()
}

fn weight_of(frame: &[(TermId, f64)], wanted: impl Fn(TermId) -> bool) -> f64 {
    frame.iter().filter(|(term, _)| wanted(*term)).map(|(_, weight)| weight).sum()
}

/// The weight of the words that two frames share.
fn shared(left: &Point<'_>, right: &Point<'_>) -> f64 {
    let mut theirs = right.frame.iter().peekable();
    let mut sum = 0.0;
    for (term, weight) in &left.frame {
        while theirs.next_if(|other| other.0 < *term).is_some() {}
        if theirs.peek().is_some_and(|other| other.0 == *term) {
            sum += weight;
        }
    }
    sum
}

/// Whether a point of another answer gives the same for what may be the same thing.
fn is_mate(point: &Point<'_>, other: &Point<'_>) -> bool {
    match (&point.gives, &other.gives) {
        (Gives::Value(own), Gives::Value(theirs)) => {
            relate(&own.found, &theirs.found) == Relation::Same
                && (shared(point, other) > 0.0 || value::kind_of(own) != ConflictKind::Number)
                && !point.is_on_other(other)
        }
        (Gives::Name(own), Gives::Name(theirs)) => own == theirs && !point.is_on_other(other),
        (Gives::Value(_), Gives::Name(_)) | (Gives::Name(_), Gives::Value(_)) => false,
    }
}

fn differ(left: &Point<'_>, right: &Point<'_>) -> bool {
    match (&left.gives, &right.gives) {
        (Gives::Value(own), Gives::Value(theirs)) => {
            value::kind_of(own) == value::kind_of(theirs)
                && own.found.value.dimension() == theirs.found.value.dimension()
                && relate(&own.found, &theirs.found) == Relation::Differ
                && !relate(&own.found.clone().limit(), &theirs.found.clone().limit()).fits()
        }
        (Gives::Name(own), Gives::Name(theirs)) => {
            // Of several names in one sentence only what stands before one tells what it is the name of: "born in".
            let is_lone = left.n_names == 1 && right.n_names == 1;
            let is_told = || left.before().is_some_and(|before| Some(before) == right.before());
            (is_lone || is_told()) && !own.iter().any(|term| theirs.contains(term))
        }
        (Gives::Value(_), Gives::Name(_)) | (Gives::Name(_), Gives::Value(_)) => false,
    }
}

fn is_held(corpus: &Corpus, point: &Point<'_>, other: usize) -> bool {
    let Some(answer) = corpus.answers.get(other) else { return true };
    match &point.gives {
        Gives::Value(value) => answer.held.holds(value.id),
        Gives::Name(terms) => terms.iter().all(|term| answer.terms.contains(term)),
    }
}

impl<'a> Point<'a> {
    fn new(corpus: &Corpus, (member, index, said): Placed<'a>, range: Range<usize>, gives: Gives<'a>) -> Self {
        // What the question names is what all statements are about.
        let terms = frame::terms_around(said, &range).into_iter().filter(|term| !corpus.lexicon.is_asked(*term));
        // A name that two share says that they are about one thing, not what is said of it.
        let is_name = |term: &TermId| said.names.binary_search(term).is_ok();
        let terms = terms.filter(|term| matches!(gives, Gives::Value(_)) || !is_name(term));
        let frame: Vec<(TermId, f64)> = terms.map(|term| (term, weight(corpus, term))).collect();
        let weight = frame.iter().map(|(_, weight)| weight).sum();
        Self { member, statement: index, said, range, gives, frame, weight, n_names: 0 }
    }

    /// The last word of content before it, with what stands between: "born in ".
    fn before(&self) -> Option<&str> {
        let last = self.said.words.iter().rev().find(|word| word.range.end <= self.range.start)?;
        let is_plain = last.is_novel && !last.is_name && !last.is_value;
        is_plain.then(|| written(self.said, &(last.range.start..self.range.start)))
    }

    /// Whether headings tell that the two are on different things.
    fn is_on_other(&self, other: &Self) -> bool {
        self.said.is_on_other(other.said)
    }

    fn kind(&self) -> ConflictKind {
        match &self.gives {
            Gives::Value(value) => value::kind_of(value),
            Gives::Name(_) => ConflictKind::Name,
        }
    }

    fn place(&self) -> Place {
        let (value, unless) = match &self.gives {
            Gives::Value(value) => (value.canonical.clone(), Unless::Value(value.found.clone(), value.id)),
            Gives::Name(terms) => (String::new(), Unless::Terms(terms.clone())),
        };
        Place { member: self.member, statement: self.statement, range: self.range.clone(), value, unless }
    }
}

/// The points of one answer, in order.
fn points(corpus: &Corpus, member: usize) -> Vec<Point<'_>> {
    let Some(answer) = corpus.answers.get(member) else { return Vec::new() };
    if answer.statements.len() < LEAST_STATEMENTS {
        return Vec::new();
    }
    let is_every_noun_capital = answer.statements.iter().any(|it| is_german(it.sequence.text()));
    let mut found = Vec::new();
    for (index, statement) in answer.statements.iter().enumerate() {
        if statement.role == Role::Code || found.len() >= MOST_POINTS {
            continue;
        }
        let place = (member, index, statement);
        if statement.values.len() <= MOST_VALUES {
            // "Half of them" is a share of something, not a number of it.
            let is_share = |value: &ValueAt| {
                value.canonical.contains('.')
                    && !written(statement, &value.range).contains(|c: char| c.is_ascii_digit())
            };
            // "24 into 20 and 4": numbers of nothing beside each other are a calculation, and each is a step of it.
            let is_bare =
                |value: &&ValueAt| written(statement, &value.range).bytes().all(|it| !it.is_ascii_alphabetic());
            let is_calculation = statement.values.iter().filter(is_bare).count() > MOST_BARE;
            let is_step = |value: &ValueAt| is_calculation && is_bare(&value);
            let values = statement.values.iter().filter(|value| !is_share(value) && !is_step(value));
            found.extend(values.map(|value| Point::new(corpus, place, value.range.clone(), Gives::Value(value))));
        }
        let names = names(statement, is_every_noun_capital);
        let n_names = names.len();
        for name in names {
            let (Some(first), Some(last)) = (name.first(), name.last()) else { continue };
            let range = first.range.start..last.range.end;
            let terms = sorted(name.iter().map(|word| word.term));
            found.push(Point { n_names, ..Point::new(corpus, place, range, Gives::Name(terms)) });
        }
    }
    found
}

/// What stands at `range` of the answer in `statement`, as it was written.
fn written<'a>(statement: &'a Statement, range: &Range<usize>) -> &'a str {
    let within = |at: usize| at.saturating_sub(statement.range.start);
    statement.sequence.text().get(within(range.start)..within(range.end)).unwrap_or("")
}

/// How much a word tells of what is said: the fewer statements of one answer hold it, the more.
pub(crate) fn weight(corpus: &Corpus, term: TermId) -> f64 {
    let most = corpus.answers.iter().map(|answer| answer.n_holding(term)).max().unwrap_or(0);
    1.0 / most.max(1) as f64
}

/// Whether a text is in the language that begins each of its nouns with a capital.
fn is_german(text: &str) -> bool {
    text.split(' ').any(|word| matches!(word, "der" | "und" | "ist" | "wurde" | "das"))
}

/// The names in a statement that are not of the question, each as its words; the label names nothing. A single word is
/// none where a capital may have other reasons: as the first of a sentence or of what follows a label, or as a noun.
fn names(statement: &Statement, is_every_noun_capital: bool) -> Vec<Vec<&WordAt>> {
    let is_name =
        |word: &WordAt| word.is_name && word.is_novel && !word.is_value && word.range.start >= statement.lead_end;
    let text = statement.sequence.text();
    let within = |at: usize| at.saturating_sub(statement.range.start);
    let is_tight = |left: &WordAt, right: &WordAt| {
        text.get(within(left.range.end)..within(right.range.start)).is_some_and(|gap| matches!(gap, " " | "-" | ". "))
    };
    let body = statement.words.iter().filter(|word| word.range.start >= statement.lead_end).count();
    let is_first = |word: &WordAt| {
        let before = text.get(..within(word.range.start)).unwrap_or("").trim_end();
        before.is_empty() || before.ends_with([',', ':', '*', '|', '.', '—', '–', '"'])
    };
    let is_plain = |run: &[WordAt]| {
        let is_opening = run.first().is_some_and(is_first);
        let n_words = run.len() - usize::from(is_every_noun_capital && is_opening);
        n_words == 0 || (n_words == 1 && (is_every_noun_capital || (is_opening && body > 1)))
    };
    statement
        .words
        .chunk_by(|left, right| is_name(left) && is_name(right) && is_tight(left, right))
        .filter(|run| run.first().is_some_and(is_name) && !is_plain(run))
        .map(|run| run.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::consensus::engine::Engine;
    use crate::consensus::report::Report;
    use crate::consensus::voice::Ending;
    use crate::domain::member::Member;

    fn report(question: &str, texts: &[&str]) -> Arc<Report> {
        let members = (0..texts.len()).map(|i| Arc::new(Member::named(format!("m{i}")))).collect();
        let mut engine = Engine::new(question, None, members);
        for (member, text) in texts.iter().enumerate() {
            engine.append(member, text);
            engine.end(member, Ending::Complete);
        }
        engine.report()
    }

    #[track_caller]
    fn check(question: &str, texts: &[&str], expected: &[&[&str]]) {
        let report = report(question, texts);
        let sides = |it: &crate::consensus::report::Contradiction| -> Vec<String> {
            it.sides.iter().map(|side| side.value.clone()).collect()
        };
        assert_eq!(report.contradictions.iter().map(sides).collect::<Vec<_>>(), expected);
    }

    const QUESTION: &str = "Give me an overview of the Kessel dam.";
    const BESIDE: &str = "It is popular with hikers. A road leads up to the crest. The reservoir never freezes.";

    #[test]
    fn values_of_one_thing_in_other_words_clash_where_a_third_answer_has_one() {
        let texts = [
            format!("{BESIDE} Its wall rises to a height of 115 m."),
            format!("{BESIDE} The height is 115 m."),
            format!("{BESIDE} According to most sources, in height it reaches 150 m, which many people forget."),
        ];
        check(QUESTION, &texts.each_ref().map(String::as_str), &[&["115 m", "150 m"]]);
    }

    #[test]
    fn values_of_two_things_are_no_conflict_whatever_the_sentences_say_besides() {
        let texts = [
            format!("{BESIDE} According to most sources, its wall is 115 m high, which surprises many people."),
            format!("{BESIDE} According to most sources, a guided tour takes 90 minutes, which surprises many people."),
            format!("{BESIDE} According to most sources, the gallery costs 8 euros, which surprises many people."),
        ];
        check(QUESTION, &texts.each_ref().map(String::as_str), &[]);
    }

    #[test]
    fn values_under_headings_on_two_of_the_things_asked_about_are_no_conflict() {
        let of = |first: u32, second: u32| {
            format!(
                "## Mercury\n\nThe orbit takes {first} days. It has no moon. {BESIDE}\n\n## Venus\n\nThe orbit takes {second} days. It has no moon."
            )
        };
        let texts =
            [of(88, 225), "## Venus\n\nThe orbit takes 225 days. It has no moon. It is hot. It is bright.".to_owned()];
        check("What is known about Mercury and Venus?", &texts.each_ref().map(String::as_str), &[]);
    }
}
