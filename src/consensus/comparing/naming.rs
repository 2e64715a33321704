//! Where two answers name different things, or one denies what the other names.

use std::ops::Range;

use crate::consensus::comparing::answering::{BARE, Comparison, ESSAY, Part, SAME, overlap};
use crate::consensus::comparing::contradict::{Clash, Place, Unless, antonym, value};
use crate::consensus::comparing::residue::Meets;
use crate::consensus::comparing::slot::{self, Likeness};
use crate::consensus::reading::joint::Joint;
use crate::consensus::reading::question::Asks;
use crate::consensus::reading::statement::{Statement, ValueAt, WordAt};
use crate::consensus::reading::terms::TermId;
use crate::consensus::reading::wording::{holds, missing_words};
use crate::consensus::report::ConflictKind;

/// Most words besides the question's own in a sentence that gives one answer and no story.
const SHORT_HEAD: usize = 6;

/// Most words besides the question's own in a sentence that denies what the question takes for granted.
const DENIAL: usize = 1;

/// Two answers of more statements than this tell of many things: only a sentence built around what is asked gives it.
const LONG: usize = 8;

/// What is left of the likeness of two answers that give different things, one of which the other's sentence holds.
const BESIDE: f64 = 0.85;

/// What is left where neither sentence holds what the other gives.
const OTHER: f64 = 0.75;

impl Comparison<'_> {
    /// One says that there is no such thing, the other names it.
    pub(crate) fn denial(self, left: &Part, right: &Part) -> Option<Clash> {
        let (ours, theirs) = (self.statement(left)?, self.statement(right)?);
        let denies = |part: &Part, it: &Statement| !it.negated.is_empty() && part.head.len() <= DENIAL;
        let names = |part: &Part, it: &Statement| it.negated.is_empty() && !part.head.is_empty();
        let is_split = (denies(left, ours) && names(right, theirs)) || (denies(right, theirs) && names(left, ours));
        if !is_split || !self.question.wants_one_thing() {
            return None;
        }
        // "No, it is not Sydney. It is Canberra." denies something else, and names the same thing further on.
        let (nay, yea) = if denies(left, ours) { (left, right) } else { (right, left) };
        let said = &self.corpus.answers.get(nay.member)?.terms;
        if self.question.asks != Asks::YesNo && yea.head.iter().all(|term| holds(&self.corpus.lexicon, said, *term)) {
            return None;
        }
        let (so, not_so) = if self.question.asks == Asks::YesNo { ("yes", "no") } else { ("there is", "there is not") };
        let place = |part: &Part, statement: &Statement| Place {
            member: part.member,
            statement: part.statement,
            range: statement.range.clone(),
            value: if statement.negated.is_empty() { so } else { not_so }.to_owned(),
            unless: Unless::Never,
        };
        Some(Clash { kind: ConflictKind::Negation, left: place(left, ours), right: place(right, theirs) })
    }

    /// Different names, where the question asks for one thing: neither side's answer is found in the other.
    pub(crate) fn name_clash(self, left: &Part, right: &Part) -> Option<Clash> {
        let is_bare = left.core.len() <= BARE && right.core.len() <= BARE;
        let has_one_answer = self.question.wants_one_thing() || (self.question.asks == Asks::Unknown && is_bare);
        if !has_one_answer {
            return None;
        }
        if self.asks_value(left, right) && self.values_agree(left, right) {
            return None;
        }
        let slots = self.slots(left, right);
        if slots == Some(Likeness::Same) && !self.question.asks_for_several {
            return None;
        }
        let (our, their) = (self.statement(left)?, self.statement(right)?);
        let clash = |ours: Place, theirs: Place| {
            let are_opposite = antonym::are_opposite((our, &ours.range), (their, &theirs.range));
            let kind = if are_opposite { ConflictKind::Antonym } else { ConflictKind::Name };
            Clash { kind, left: ours, right: theirs }
        };
        let is_long = |part: &Part| self.corpus.answers.get(part.member).is_some_and(|it| it.statements.len() > LONG);
        let are_long = is_long(left) && is_long(right);
        if !are_long && let (Some(ours), Some(theirs)) = (self.missing(left, right), self.missing(right, left)) {
            let clash = clash(ours, theirs);
            // "A is bigger than B" is no other answer than "B is smaller than A".
            let is_converse = clash.kind == ConflictKind::Antonym && self.meets(left, right) == Meets::Same;
            return (!is_converse).then_some(clash);
        }
        if let (Some(ours), Some(theirs)) = (self.unlisted(left, right), self.unlisted(right, left)) {
            return Some(clash(ours, theirs));
        }
        // Two sentences that are built around their answer differ in it, whatever else they mention.
        let is_other = matches!(slots, Some(Likeness::Elsewhere | Likeness::Apart));
        let (ours, theirs) = (self.sure_place(left, right)?, self.sure_place(right, left)?);
        is_other.then(|| clash(ours, theirs))
    }

    /// Returns the likeness of two answers in which `overlap` of the words is shared: what stands where the question asks
    /// tells more than the words around it.
    pub(crate) fn likeness_by_name(self, overlap: f64, left: &Part, right: &Part) -> f64 {
        match self.slots(left, right) {
            Some(Likeness::Same) => f64::midpoint(overlap, 1.0),
            Some(Likeness::Beside) => overlap * BESIDE,
            Some(Likeness::Elsewhere | Likeness::Apart) => overlap * OTHER,
            None => overlap,
        }
    }

    /// How what the two give stands to each other, where a name is asked for.
    fn slots(self, left: &Part, right: &Part) -> Option<Likeness> {
        if self.question.asks != Asks::Name {
            return None;
        }
        let with_text = |part: &'_ Part| Some((self.statement(part)?, self.corpus.answers.get(part.member)?));
        let ((ours, our_answer), (theirs, their_answer)) = (with_text(left)?, with_text(right)?);
        let (left, right) = (left.slot.as_ref()?, right.slot.as_ref()?);
        Some(slot::compare((left, ours, our_answer), (right, theirs, their_answer), &self.corpus.lexicon))
    }

    /// What `part` surely gives, unless the other answer has it as another name.
    fn sure_place(self, part: &Part, other: &Part) -> Option<Place> {
        let slot = part.slot.as_ref().filter(|slot| slot.is_sure)?;
        (!slot.is_alias_in(self.corpus.answers.get(other.member)?)).then(|| place(part, slot.range.clone()))
    }

    /// A name in `part` that is not in the other answer, where the question asks for a number of things.
    fn unlisted(self, part: &Part, other: &Part) -> Option<Place> {
        let (own, others) = (self.corpus.answers.get(part.member)?, self.corpus.answers.get(other.member)?);
        if !self.question.asks_for_several || own.n_words > ESSAY || others.n_words > ESSAY {
            return None;
        }
        let is_new = |word: &&WordAt| {
            word.is_name
                && word.is_novel
                && !word.is_value
                && word.joint != Joint::Aside
                && !holds(&self.corpus.lexicon, &others.terms, word.term)
        };
        let statements = self.corpus.answers.get(part.member)?.statements.iter().zip(0..);
        let mut listed = statements.filter(|(_, index)| part.statements.contains(index));
        listed.find_map(|(statement, index)| {
            let word = statement.words.iter().find(is_new)?;
            Some(Place { statement: index, ..place(part, word.range.clone()) })
        })
    }

    /// What answers in `part` and is not in the other answer; `None` when enough of it is there.
    fn missing(self, part: &Part, other: &Part) -> Option<Place> {
        let (own, others) = (self.corpus.answers.get(part.member)?, self.corpus.answers.get(other.member)?);
        let statement = self.statement(part)?;
        let is_essay = own.n_words > ESSAY || others.n_words > ESSAY;
        let wanted = if is_essay { &statement.names } else { &part.head };
        // A value in another form or unit is there too, whatever its words.
        let held: Vec<&ValueAt> = statement
            .values
            .iter()
            .filter(|value| value::kind_of(value) == ConflictKind::Unit)
            .filter(|value| others.held.holds(value.id))
            .collect();
        let is_held = |word: &&WordAt| held.iter().any(|value| overlap(&value.range, &word.range).is_some());
        let held_terms: Vec<TermId> = statement.words.iter().filter(is_held).map(|word| word.term).collect();
        let is_missing =
            |term: TermId| !held_terms.contains(&term) && !holds(&self.corpus.lexicon, &others.terms, term);
        let n_found = wanted.iter().filter(|term| !is_missing(**term)).count();
        // A sentence that repeats the question holds its words without giving them as the answer.
        let is_repeated = part.is_bare_echo && !other.is_bare_echo && other.head.len() <= SHORT_HEAD;
        let enough = if is_repeated {
            other.head.is_empty()
        } else if is_essay {
            n_found > 0
        } else {
            // However many other words they share, whose names are all missing there names something else.
            let names_others = !statement.names.is_empty() && statement.names.iter().all(|name| is_missing(*name));
            !names_others && n_found as f64 >= wanted.len() as f64 * SAME
        };
        if wanted.is_empty() || enough {
            return None;
        }
        let range = if is_repeated { statement.range.clone() } else { missing_words(statement, is_missing)? };
        Some(place(part, range))
    }
}

fn place(part: &Part, range: Range<usize>) -> Place {
    Place { member: part.member, statement: part.statement, range, value: String::new(), unless: Unless::Never }
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

    /// The values of the sides of each conflict of two answers, in either order.
    #[track_caller]
    fn check(question: &str, left: &str, right: &str, expected: &[(&str, &str)]) {
        for is_turned in [false, true] {
            let texts = if is_turned { [right, left] } else { [left, right] };
            let report = report(question, &texts);
            let found: Vec<(&str, &str)> = report
                .contradictions
                .iter()
                .map(|it| (it.sides[0].value.as_str(), it.sides[1].value.as_str()))
                .map(|(first, second)| if is_turned { (second, first) } else { (first, second) })
                .collect();
            assert_eq!(found, expected, "{texts:?}");
        }
    }

    const WINNER: &str = "Which country won the first football World Cup?";

    #[test]
    fn what_stands_where_the_question_asks_differs_though_the_other_is_mentioned() {
        check(
            WINNER,
            "The country that won the first football World Cup was Uruguay. It beat Argentina in the final.",
            "The country that won the first football World Cup was Argentina.",
            &[("Uruguay", "Argentina")],
        );
        check(
            "What colour is the ball on the old flag?",
            "The ball on the old flag is red.",
            "The colour of the ball on the old flag is green. Two red stripes run below.",
            &[("red", "green")],
        );
    }

    #[test]
    fn another_name_for_the_same_is_no_other_name() {
        let decay = "What is the word for the decay of gums?";
        let again = "The word for this decay of gums is pyorrhea. It is also known as periodontitis.";
        check(decay, "Periodontitis.", again, &[]);
        check(decay, "The word is periodontitis.", "The word for this decay is pyorrhea (periodontitis).", &[]);
        check(decay, "Gingivitis.", again, &[("Gingivitis", "pyorrhea")]);
    }

    #[test]
    fn words_around_one_name_make_no_other_name() {
        let designed = "who designed the garden village?";
        check(
            designed,
            "The garden village was designed by Raymond Unwin, a prominent British planner.",
            "The garden village, located near York in England, was designed by architect Raymond Unwin.",
            &[],
        );
        check(
            "who played David in the crime story?",
            "Darren Criss played the role of David Madson in the series \"Crime Story: American Versions\".",
            "David Madson was played by Cody Fern in the series \"Crime Story: American Versions\".",
            &[("Darren Criss", "Cody Fern")],
        );
        check("who sang it first?", "It was sung by the Ramones.", "It was sung by the American band Ramones.", &[]);
        check(WINNER, "USA", "The United States won the first football World Cup.", &[]);
        check("Who wrote the novel?", "A J Cronin", "The novel was written by A.J. Cronin.", &[]);
    }

    #[test]
    fn who_only_repeats_the_question_names_nobody_else() {
        let played = "Which musician from Houston played with Bob Dylan and Ray Charles?";
        check(
            played,
            "Bob Dylan played with Ray Charles.",
            "Billy Preston",
            &[("Bob Dylan played with Ray Charles.", "Billy Preston")],
        );
        check(played, "Bob Dylan played with Ray Charles.", "Bob Dylan", &[]);
    }

    #[test]
    fn lists_of_a_number_of_things_differ_in_one_of_them() {
        let crossed = "Which three South American countries does the Equator cross?";
        check(crossed, "Ecuador, Colombia, Brazil.", "Ecuador, Colombia and Peru.", &[("Brazil", "Peru")]);
        check(crossed, "1. Ecuador\n2. Colombia\n3. Brazil", "Brazil, Colombia and Ecuador.", &[]);
        check("Which country does it cross?", "Ecuador, Colombia, Brazil.", "Ecuador, Colombia and Peru.", &[]);
    }

    #[test]
    fn a_number_sign_ends_no_sentence() {
        check(
            "Who is the mother of the tennis world No. 1?",
            "The mother of the tennis world No. 1 is Melanie Molitor.",
            "The mother of the tennis world No. 1 is Jelena Gencic.",
            &[("Melanie Molitor", "Jelena Gencic")],
        );
    }

    #[test]
    fn an_answer_that_names_no_option_ranks_behind_those_that_do() {
        let question = "Which is largest?\nOptions:\n(A) the Moon\n(B) the Earth\n(C) the Sun";
        let beside = "We compare the diameters of the Moon, the Earth and the Sun, each in kilometres.";
        let texts = [
            format!("{beside} That can't be told from the diameters of the Moon, the Earth and the Sun."),
            format!("{beside} The answer is (C)."),
            format!("{beside} The answer is (B)."),
            format!("{beside} The answer is (C)."),
        ];
        let report = report(question, &texts.each_ref().map(String::as_str));
        assert_eq!(report.best, Some(1));
    }
}
