//! The short typed answer that a whole text ends in, and whether the text is a refusal instead.
//!
//! Not for the values inside sentences: those are `consensus::reading::values`.

mod canonical;
mod evaluate;
mod json;
mod latex;
mod locate;
mod refusal;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::consensus::reading::values::{self, Dimension, Found, Value};

/// What a text answers, in a few characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FinalAnswer {
    /// The bytes of the text that spell it.
    pub(crate) range: Range<usize>,
    /// What sort of answer.
    pub(crate) kind: FinalKind,
    /// The answer without spelling: markup, quotes, articles and separators are gone.
    pub(crate) canonical: String,
}

/// The sorts of short answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FinalKind {
    /// A number, a quantity or a date.
    Number,
    /// The letter of an option.
    Option,
    /// Yes or no, true or false.
    YesNo,
    /// A name.
    Name,
    /// A formula.
    Latex,
    /// A literal of code.
    Code,
    /// A few other words.
    Phrase,
}

/// Returns the answer that `text` ends in or consists of, or `None` for an empty text, a refusal, or prose that does
/// not come to a point. `question` tells a yes from an interjection and an option from a word.
///
/// What stands in quotation marks, block quotes and code does not count as the text's own answer. Takes time linear in
/// the length of the text.
pub(crate) fn final_answer(text: &str, question: &str) -> Option<FinalAnswer> {
    if is_refusal(text) {
        return None;
    }
    let asked = canonical::Asked::new(question);
    let mut answers = locate::candidates(text, asked)
        .into_iter()
        .filter_map(|candidate| canonical::read(text, &candidate, question, asked));
    if !asked.option {
        return answers.next();
    }
    // Where letters are on offer a letter is surer than the words of its option.
    let answers: Vec<FinalAnswer> = answers.collect();
    let letter = answers.iter().position(|answer| answer.kind == FinalKind::Option);
    answers.into_iter().nth(letter.unwrap_or(0))
}

/// Returns whether `text` declines to answer or says that it does not know; `false` for an empty text.
pub(crate) fn is_refusal(text: &str) -> bool {
    refusal::is_refusal(text)
}

/// Returns whether two answers to one question say the same. Numbers are compared by value, up to rounding, and units
/// only where both have one; everything else by its canonical form.
pub(crate) fn same(a: &FinalAnswer, b: &FinalAnswer) -> bool {
    if a.canonical == b.canonical {
        return true;
    }
    let is_word = |kind| matches!(kind, FinalKind::Option | FinalKind::YesNo | FinalKind::Code);
    if is_word(a.kind) || is_word(b.kind) {
        return false;
    }
    if let Some(is_same) = same_outcome(a, b) {
        return is_same;
    }
    if a.kind == FinalKind::Name || b.kind == FinalKind::Name {
        return is_part_of(&a.canonical, &b.canonical) || is_part_of(&b.canonical, &a.canonical);
    }
    is_same_number(&a.canonical, &b.canonical)
}

/// Returns whether two answers, one of them a formula, come to the same; `None` where either can't be evaluated.
pub(crate) fn same_outcome(a: &FinalAnswer, b: &FinalAnswer) -> Option<bool> {
    let is_formula = a.kind == FinalKind::Latex || b.kind == FinalKind::Latex;
    let is_typed = |kind| matches!(kind, FinalKind::Latex | FinalKind::Number);
    if !is_formula || !is_typed(a.kind) || !is_typed(b.kind) {
        return None;
    }
    Some(evaluate::evaluate(&a.canonical)?.is_same(&evaluate::evaluate(&b.canonical)?))
}

/// Returns whether two canonical forms are numbers of one value, up to rounding; units count only where both have one.
pub(crate) fn is_same_number(left: &str, right: &str) -> bool {
    match (only_value(left), only_value(right)) {
        (Some(left), Some(right)) => is_same_value(&left, &right),
        (None | Some(_), None | Some(_)) => false,
    }
}

/// Returns whether every word of the name `short` is a word of `long`: "Hess" and "Rudolf Hess".
fn is_part_of(short: &str, long: &str) -> bool {
    !short.is_empty() && short.split(' ').all(|word| long.split(' ').any(|other| other == word))
}

/// Returns the one value that `canonical` consists of.
fn only_value(canonical: &str) -> Option<Found> {
    let mut found = values::find(canonical);
    let value = found.pop().filter(|_| found.is_empty())?;
    (value.range == (0..canonical.len())).then_some(value)
}

fn is_same_value(left: &Found, right: &Found) -> bool {
    if let (Value::Quantity(l), Value::Quantity(r)) = (&left.value, &right.value)
        && l.unit.dimension != r.unit.dimension
        && (l.unit.dimension == Dimension::Count || r.unit.dimension == Dimension::Count)
    {
        // "$9,360" and "9360" answer the same question.
        return l.low == r.low && l.high == r.high;
    }
    if let (Value::Date(date), Value::Quantity(number)) | (Value::Quantity(number), Value::Date(date)) =
        (&left.value, &right.value)
    {
        // A lone "1920" reads as a year until the other says what it counts.
        return date.lone_year().is_some_and(|year| number.is_exactly(f64::from(year)));
    }
    values::relate(left, right).fits()
}
