//! A committed segment as the engine compares it: its terms, values, names and polarity.

use std::ops::Range;

use crate::consensus::comparing::contradict::antonym::{self, Opposable};
use crate::consensus::comparing::contradict::command::{self, Command};
use crate::consensus::plain::plain;
use crate::consensus::reading::choice::{self, Recommendation};
use crate::consensus::reading::code::{self, Assignment};
use crate::consensus::reading::held::{ValueBook, ValueId};
use crate::consensus::reading::joint::Joint;
use crate::consensus::reading::segment::{Role, Segment};
use crate::consensus::reading::sequence::Sequence;
use crate::consensus::reading::terms::{Lexicon, Term, TermId, sorted};
use crate::consensus::reading::values::{self, Found};

/// Most values of one statement that are compared; a row of a hundred numbers is a table, not a claim.
const MOST_VALUES: usize = 16;

/// Words after a negator that it may turn round: the head verb and what it governs.
const NEGATED_WORDS: usize = 4;

/// Words at the start of a clause that only tie it to the one before.
const TIES: [&str; 4] = ["but ", "while ", "whereas ", "and "];

/// Most words of a label before a colon, its mark of a list or row included.
const LABEL_WORDS: usize = 6;

/// A value with its place in the answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueAt {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// The value; its own range counts from the start of the statement.
    pub(crate) found: Found,
    /// Its canonical form, made once.
    pub(crate) canonical: String,
    /// Its number.
    pub(crate) id: ValueId,
    /// The content words right after and right before it, which say what is counted.
    pub(crate) beside: Vec<TermId>,
}

/// A content word with its place in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WordAt {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// Which term it is.
    pub(crate) term: TermId,
    /// Whether it starts with a capital that does not merely start the sentence.
    pub(crate) is_name: bool,
    /// Whether it stands inside a value.
    pub(crate) is_value: bool,
    /// Whether it is not in the question.
    pub(crate) is_novel: bool,
    /// How it is tied to the content word before it.
    pub(crate) joint: Joint,
}

/// One statement of one member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    /// Its bytes in the answer.
    pub(crate) range: Range<usize>,
    /// Its words as they were written, as a sequence of items.
    pub(crate) sequence: Sequence,
    /// What it says, for a person: without markdown, and without the word that only ties it to what came before.
    pub(crate) said: String,
    /// The block that it stands in.
    pub(crate) block: u32,
    /// What sort of text it is.
    pub(crate) role: Role,
    /// Where a lead-in such as `Discoverer:`, or the first cell of a row, ends in the answer; its start without one.
    pub(crate) lead_end: usize,
    /// Its content words in order.
    pub(crate) words: Vec<WordAt>,
    /// All its terms and those that it stands under, sorted.
    pub(crate) terms: Vec<TermId>,
    /// The words of the question in the headings above it, sorted: which of the things asked about it is on.
    pub(crate) section: Vec<TermId>,
    /// Its own terms that are neither in the question nor part of a value, sorted.
    pub(crate) novel: Vec<TermId>,
    /// Its capitalised terms that are not in the question, sorted.
    pub(crate) names: Vec<TermId>,
    /// Its values, in order.
    pub(crate) values: Vec<ValueAt>,
    /// Terms that a negator turns round, sorted.
    pub(crate) negated: Vec<TermId>,
    /// The first term after each negator, sorted: most often the verb.
    pub(crate) negated_heads: Vec<TermId>,
    /// Words that have an opposite, in order.
    pub(crate) opposables: Vec<Opposable>,
    /// Whether it starts with a pronoun: what it is about was named before, or by the question.
    pub(crate) is_about_it: bool,
    /// The yes or no that it starts with.
    pub(crate) yes_no: Option<bool>,
    /// What it recommends.
    pub(crate) recommends: Option<Recommendation>,
    /// The one command that it holds.
    pub(crate) command: Option<Command>,
    /// The value that a line of code gives to a name.
    pub(crate) assigns: Option<Assignment>,
}

/// What of the question a statement is read against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// Its content words, sorted.
    pub(crate) terms: Vec<TermId>,
    /// The word that tells each option that it offers.
    pub(crate) options: Vec<TermId>,
    /// Whether it asks for a limit, which "at most 4" and "4" give alike.
    pub(crate) is_limit: bool,
}

/// Returns the statements of `segment`, a stretch of `text`: one, or for code one for each name that is given a value.
pub(crate) fn read(
    segment: &Segment,
    text: &str,
    asked: &Asked,
    lexicon: &mut Lexicon,
    book: &mut ValueBook,
) -> Vec<Statement> {
    match segment.role {
        Role::Sentence | Role::Item | Role::Row => vec![read_prose(segment, text, asked, lexicon, book)],
        Role::Code => code::assignments(text, &segment.range)
            .into_iter()
            .map(|assignment| Statement {
                range: assignment.line.clone(),
                said: plain(text.get(assignment.line.clone()).unwrap_or("")),
                assigns: Some(assignment),
                ..Statement::empty(segment)
            })
            .collect(),
    }
}

fn read_prose(segment: &Segment, text: &str, asked: &Asked, lexicon: &mut Lexicon, book: &mut ValueBook) -> Statement {
    let start = segment.range.start;
    let slice = text.get(segment.range.clone()).unwrap_or("");
    let read = lexicon.read(slice);
    let mut found = values::find(slice);
    found.truncate(MOST_VALUES);
    if asked.is_limit {
        found = found.into_iter().map(Found::limit).collect();
    }
    let words = words_at(slice, &read, &found, lexicon, start);
    let topic_terms: Vec<TermId> = segment
        .topics
        .iter()
        .filter_map(|topic| text.get(topic.clone()))
        .flat_map(|topic| lexicon.read(topic))
        .filter_map(|term| term.id)
        .collect();
    let headings: Vec<Term> = segment
        .headings
        .iter()
        .filter_map(|heading| text.get(heading.clone()))
        .flat_map(|heading| lexicon.read(heading))
        .collect();
    let section = sorted(headings.iter().filter_map(|term| term.id).filter(|term| lexicon.is_asked(*term)));
    let values = found.into_iter().map(|found| value_at(found, &words, start, book)).collect();
    let lead_end = start + lead(slice, segment.role);
    let yes_no = leading_yes_no(slice);
    let (negated, negated_heads) = match segment.role {
        Role::Row => negated_row(segment, &read, text, lexicon),
        Role::Sentence | Role::Item | Role::Code => {
            // "No, it holds" answers the question with no and says that it holds.
            let own = read.get(usize::from(yes_no == Some(false))..).unwrap_or_default();
            (negated(own, NEGATED_WORDS), negated(own, 1))
        }
    };
    let select = |wanted: fn(&WordAt) -> bool| sorted(words.iter().filter(|word| wanted(word)).map(|word| word.term));
    Statement {
        terms: sorted(words.iter().map(|word| word.term).chain(topic_terms)),
        novel: select(|word| word.is_novel && !word.is_value),
        names: select(|word| word.is_novel && word.is_name && !word.is_value),
        values,
        section,
        negated,
        negated_heads,
        opposables: antonym::opposables(text, words.iter().filter(|word| word.range.start >= lead_end)),
        is_about_it: starts_with_pronoun(slice),
        yes_no,
        recommends: choice::recommendation(slice, &read, start),
        command: command::command(slice, start),
        words,
        lead_end,
        said: said(slice),
        sequence: Sequence::of(slice, start),
        ..Statement::empty(segment)
    }
}

/// What a clause says by itself: "but the other one crashed" reads as a fragment once it stands alone.
fn said(slice: &str) -> String {
    let text = plain(slice);
    let tie = TIES.iter().find_map(|tie| text.strip_prefix(tie));
    let Some(rest) = tie else { return text };
    let mut rest = rest.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

fn starts_with_pronoun(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    ["it", "they", "he", "she", "this", "that"].iter().any(|pronoun| first.eq_ignore_ascii_case(pronoun))
}

impl Statement {
    fn empty(segment: &Segment) -> Self {
        Self {
            range: segment.range.clone(),
            sequence: Sequence::default(),
            said: String::new(),
            block: segment.block,
            role: segment.role,
            lead_end: segment.range.start,
            words: Vec::new(),
            terms: Vec::new(),
            section: Vec::new(),
            novel: Vec::new(),
            names: Vec::new(),
            values: Vec::new(),
            negated: Vec::new(),
            negated_heads: Vec::new(),
            opposables: Vec::new(),
            is_about_it: false,
            yes_no: None,
            recommends: None,
            command: None,
            assigns: None,
        }
    }

    /// Returns whether it says nothing that the question did not say.
    pub(crate) fn is_echo(&self) -> bool {
        self.novel.is_empty() && self.values.is_empty() && self.yes_no.is_none() && self.assigns.is_none()
    }

    /// Returns whether headings tell that it and `other` are on two of the things asked about.
    pub(crate) fn is_on_other(&self, other: &Self) -> bool {
        let has_none =
            |own: &Self, other: &Self| own.section.iter().all(|term| other.section.binary_search(term).is_err());
        !self.section.is_empty() && !other.section.is_empty() && has_none(self, other)
    }

    /// Returns its own terms that are not in the question, those of values included.
    pub(crate) fn core(&self) -> impl Iterator<Item = TermId> {
        self.words.iter().filter(|word| word.is_novel).map(|word| word.term)
    }
}

fn words_at(text: &str, read: &[Term], found: &[Found], lexicon: &Lexicon, start: usize) -> Vec<WordAt> {
    let starts_with_name = read.get(1).is_none_or(|second| second.is_capital);
    let mut last_end = 0;
    read.iter()
        .enumerate()
        .filter_map(|(index, word)| {
            let term = word.id?;
            let gap = text.get(last_end..word.start).unwrap_or("");
            last_end = word.end;
            Some(WordAt {
                joint: Joint::of(gap),
                range: start + word.start..start + word.end,
                term,
                is_name: word.is_capital && (index > 0 || starts_with_name),
                is_value: found.iter().any(|value| value.range.start < word.end && word.start < value.range.end),
                is_novel: !lexicon.is_asked(term),
            })
        })
        .collect()
}

fn value_at(found: Found, words: &[WordAt], start: usize, book: &mut ValueBook) -> ValueAt {
    let range = start + found.range.start..start + found.range.end;
    let plain = || words.iter().filter(|word| !word.is_value);
    let after = plain().find(|word| word.range.start >= range.end);
    let before = plain().rev().find(|word| word.range.end <= range.start);
    let canonical = found.value.canonical();
    ValueAt {
        beside: after.into_iter().chain(before).map(|word| word.term).collect(),
        range,
        id: book.number(&found, &canonical),
        canonical,
        found,
    }
}

/// The first `n_words` terms after each negator.
fn negated(read: &[Term], n_words: usize) -> Vec<TermId> {
    let after = |index: usize| read.iter().skip(index + 1).filter_map(|term| term.id).take(n_words);
    sorted(read.iter().enumerate().filter(|(_, term)| term.negates).flat_map(|(index, _)| after(index)))
}

/// What a row of a table denies: all of it where a cell is a no or the head of a column denies, for `quicksort | no`
/// below `stable` is "quicksort is not stable"; else what its own negators govern.
fn negated_row(segment: &Segment, read: &[Term], text: &str, lexicon: &mut Lexicon) -> (Vec<TermId>, Vec<TermId>) {
    let heads: Vec<Term> = segment
        .topics
        .iter()
        .filter_map(|topic| text.get(topic.clone()))
        .flat_map(|topic| lexicon.read(topic))
        .collect();
    let is_no =
        |cell: &str| matches!(cell.trim().to_lowercase().as_str(), "no" | "false" | "never" | "none" | "✗" | "❌");
    let has_no = text.get(segment.range.clone()).unwrap_or("").split('|').any(is_no);
    if has_no || heads.iter().any(|term| term.negates) {
        let all = sorted(read.iter().chain(&heads).filter_map(|term| term.id));
        return (all.clone(), all);
    }
    (negated(read, NEGATED_WORDS), negated(read, 1))
}

/// The bytes of the label with which `text` starts: a few words and a colon, or the first cell of a row; 0 without one.
fn lead(text: &str, role: Role) -> usize {
    let mark = match role {
        Role::Row => '|',
        Role::Sentence | Role::Item | Role::Code => ':',
    };
    let from = text.len() - text.trim_start_matches(['|', ' ']).len();
    let end = text.get(from..).and_then(|rest| rest.find(mark)).map(|at| from + at + mark.len_utf8());
    let is_label = |end: &usize| text.get(..*end).is_some_and(|label| label.split_whitespace().count() <= LABEL_WORDS);
    end.filter(|end| *end < text.len()).filter(is_label).unwrap_or(0)
}

/// What may stand before a yes or no: "Generally, no", "Short answer: yes".
const OPENINGS: [&str; 10] = [
    "generally,",
    "in general,",
    "in short,",
    "short answer:",
    "technically,",
    "strictly speaking,",
    "usually,",
    "answer:",
    "basically,",
    "essentially,",
];

/// Returns `sentence` without such an opening.
fn without_opening(sentence: &str) -> &str {
    let behind = |opening: &str| {
        let head = sentence.get(..opening.len()).filter(|head| head.eq_ignore_ascii_case(opening))?;
        sentence.get(head.len()..)
    };
    let rest = OPENINGS.iter().find_map(|opening| behind(opening));
    rest.map_or(sentence, |rest| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// The longest word for yes or no: "incorrect".
const LONGEST_YES_NO: usize = 9;

fn leading_yes_no(sentence: &str) -> Option<bool> {
    let sentence = without_opening(sentence.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let first: String = sentence
        .chars()
        .take_while(|c| c.is_alphabetic())
        .take(LONGEST_YES_NO + 1)
        .flat_map(char::to_lowercase)
        .collect();
    let rest = sentence.get(first.len()..).unwrap_or("").trim_start_matches(['*', '_']);
    let stands_alone = rest.is_empty() || rest.starts_with([',', '.', '!', ';', ':', ' ', '—', '-', '–', '。', '、']);
    match first.as_str() {
        "yes" | "yeah" | "correct" | "true" | "ja" | "oui" | "sí" if stands_alone => Some(true),
        // "No one knows" and "No cats fly" say something else than no.
        "no" | "nope" if rest.is_empty() || !rest.starts_with(' ') => Some(false),
        "false" | "incorrect" | "nein" | "non" if stands_alone => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_yes_or_no_is_read_whole() {
        for (sentence, expected) in [
            ("Yes.", Some(true)),
            ("Correct.", Some(true)),
            ("**True**", Some(true)),
            ("Incorrect.", Some(false)),
            ("False, it is not.", Some(false)),
            ("No.", Some(false)),
            ("Nope", Some(false)),
            ("Incorrectly put.", None),
            ("No one knows.", None),
            ("Correctness matters.", None),
        ] {
            assert_eq!(leading_yes_no(sentence), expected, "{sentence:?}");
        }
    }
}
