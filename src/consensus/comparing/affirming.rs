//! What an answer says to a question of yes or no, whether or not it says the word.

use crate::consensus::comparing::answering::{Comparison, Part};
use crate::consensus::comparing::contradict::{Clash, Place, Unless};
use crate::consensus::reading::finals::FinalKind;
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::{TermId, shared};
use crate::consensus::report::ConflictKind;

/// Share of the question's words that a statement without a yes or no must hold to be about the question; by judgement.
const RESTATES: f64 = 0.5;

/// How words begin that advise against what they govern, or deny it.
const DECLINES: [&str; 9] =
    ["avoid", "unsafe", "unwise", "imposs", "forbid", "prohibit", "illegal", "inadvis", "discourag"];

impl Comparison<'_> {
    /// Returns where one says yes and the other no; `None` where one of them does neither.
    pub(crate) fn yes_no_clash(self, left: &Part, right: &Part) -> Option<Clash> {
        let (ours, theirs) = (self.says_yes(left)?, self.says_yes(right)?);
        let place = |part: &Part, says_yes: bool| Some(yes_no_place(part, self.statement(part)?, says_yes));
        let clash = Clash { kind: ConflictKind::Negation, left: place(left, ours)?, right: place(right, theirs)? };
        (ours != theirs).then_some(clash)
    }

    /// What a part says: by its word, else by whether it denies or repeats the question.
    fn says_yes(self, part: &Part) -> Option<bool> {
        let statement = self.statement(part)?;
        // To "isn't it safe?" both "no, it is not" and "yes, it is not" say that it is not.
        if self.question.is_negative() && statement.words.len() > 1 {
            return Some(statement.negated.is_empty());
        }
        if let Some(answer) = part.point().filter(|it| it.kind == FinalKind::YesNo) {
            return Some(answer.canonical == "yes");
        }
        if statement.yes_no.is_some() {
            return statement.yes_no;
        }
        let asked = &self.corpus.asked.terms;
        let is_about_it = shared(asked, &statement.terms) as f64 >= asked.len() as f64 * RESTATES;
        if !is_about_it && !statement.is_about_it {
            return None;
        }
        let denies = shared(asked, &statement.negated) > 0 || self.declines(statement);
        (denies || (is_about_it && !self.takes_back(part, statement))).then_some(!denies)
    }

    /// Whether the clause behind a statement denies what the question asks for and the statement left out: "it may damage
    /// them, but it doesn't kill them" is no yes.
    fn takes_back(self, part: &Part, statement: &Statement) -> bool {
        let asked = &self.corpus.asked.terms;
        let left_out = |term: &TermId| asked.contains(term) && !statement.terms.contains(term);
        let next = self.corpus.statement(part.member, part.statement + 1).filter(|it| it.block == statement.block);
        next.is_some_and(|next| next.negated.iter().any(left_out))
    }

    fn declines(self, statement: &Statement) -> bool {
        let begins = |stem: &str| DECLINES.iter().any(|beginning| stem.starts_with(beginning));
        statement.words.iter().any(|word| begins(self.corpus.lexicon.stem(word.term)))
    }
}

/// The whole statement as a side that says yes or no.
pub(crate) fn yes_no_place(part: &Part, statement: &Statement, says_yes: bool) -> Place {
    Place {
        member: part.member,
        statement: part.statement,
        range: statement.range.clone(),
        value: if says_yes { "yes" } else { "no" }.to_owned(),
        unless: Unless::Never,
    }
}
