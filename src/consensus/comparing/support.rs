//! How far one member's answer bears out a statement of another.

use crate::consensus::comparing::corpus::{Answer, Corpus, Link};
use crate::consensus::reading::statement::Statement;

/// Support from which a statement counts as said by the other too; chosen on recorded answers.
pub(crate) const SUPPORTED: f64 = 0.6;

/// What words spread over a whole answer are worth against the same words in one sentence; chosen on recorded answers.
const SPREAD: f64 = 0.9;

/// Returns the support of a statement by the answer of `other`, 0 to 1.
///
/// Half comes from its novel terms, found in one sentence or spread over the answer; half from its values and names.
/// Without values and names the sentence alone counts, without other terms the values alone.
pub(crate) fn support(corpus: &Corpus, statement: &Statement, links: &[Link], other: usize) -> f64 {
    let Some(answer) = corpus.answers.get(other) else { return 0.0 };
    let sentence = links.iter().filter(|link| link.member == other).map(|link| link.covered).fold(0.0, f64::max);
    let n_objects = statement.values.len() + statement.names.len();
    if n_objects == 0 {
        return if statement.novel.is_empty() { says_the_same_word(statement, answer) } else { sentence };
    }
    let n_values = statement.values.iter().filter(|value| answer.held.holds(value.id)).count();
    let n_names = statement.names.iter().filter(|name| answer.terms.contains(name)).count();
    let objects = (n_values + n_names) as f64 / n_objects as f64;
    if statement.novel.is_empty() {
        return objects.max(sentence);
    }
    let n_spread = statement.novel.iter().filter(|term| answer.terms.contains(term)).count();
    let spread = n_spread as f64 / statement.novel.len() as f64;
    0.5 * sentence.max(SPREAD * spread) + 0.5 * objects
}

/// A bare yes or no is borne out by the same word.
fn says_the_same_word(statement: &Statement, answer: &Answer) -> f64 {
    let is_same = statement.yes_no.is_some() && answer.statements.iter().any(|it| it.yes_no == statement.yes_no);
    f64::from(u8::from(is_same))
}
