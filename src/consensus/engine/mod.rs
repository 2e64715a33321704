//! The live engine: takes text as it streams in and reports what is agreed, contested and pending.

use std::sync::Arc;

use crate::consensus::assemble::State;
use crate::consensus::comparing::corpus::{Answer, Corpus};
use crate::consensus::reading::finals::{self, FinalAnswer};
use crate::consensus::reading::question::Question;
use crate::consensus::reading::segment::segmenter::Segmenter;
use crate::consensus::report::Report;
use crate::consensus::voice::{Ending, Voice};
use crate::domain::kind::Kind;
use crate::domain::member::Member;

/// Work done so far, in units that do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes looked at by the segmenter.
    pub bytes_scanned: u64,
    /// Words read, those that a statement stands under each time.
    pub terms_read: u64,
    /// Pairs of claims compared.
    pub claims_compared: u64,
}

/// The live engine over one turn.
///
/// While members write, each committed statement is compared with those of the others that share its words. Once two
/// have ended, they are compared once more in the order of the ensemble: from then on nothing between them changes, and
/// the last report is the same for every order in which the texts came.
#[derive(Debug)]
pub struct Engine {
    members: Vec<Arc<Member>>,
    question: Question,
    streams: Vec<Stream>,
    corpus: Corpus,
    /// Bytes of answers that were forgotten.
    n_scanned_before: u64,
    last: Option<Arc<Report>>,
}

/// Most bytes of one answer whose statements are compared: some twenty-five thousand words. Statements take up to three
/// hundred times their length, and a call is to stay under 64 MB: a table of short cells does at this bound, at 256 kB it
/// took 83 MB. The final answer is found in the whole text all the same.
const MOST_COMPARED: usize = 160 * 1024;

/// One member's text.
#[derive(Clone, Debug, Default)]
struct Stream {
    segmenter: Segmenter,
    ending: Option<Ending>,
    final_answer: Option<FinalAnswer>,
}

impl Stream {
    fn makes_claims(&self) -> bool {
        match self.ending {
            None | Some(Ending::Complete | Ending::Partial) => true,
            Some(Ending::Refusal | Ending::Nothing) => false,
        }
    }
}

impl Engine {
    /// Returns an engine for a question and the members that may answer it; `kind` is taken from the question's words
    /// when it is not given.
    pub fn new(question: &str, kind: Option<Kind>, members: Vec<Arc<Member>>) -> Self {
        let question = Question::read(question, kind);
        let corpus = Corpus::new(&question, members.len());
        let streams = members.iter().map(|_| Stream::default()).collect();
        Self { members, question, streams, corpus, n_scanned_before: 0, last: None }
    }

    /// Adds text to the end of a member's answer, exactly as the provider sent it. Text after the end, and of a member
    /// that does not exist, is dropped.
    pub fn append(&mut self, member: usize, text: &str) {
        let Some(stream) = self.streams.get_mut(member).filter(|stream| stream.ending.is_none()) else { return };
        stream.segmenter.push(text);
        self.commit(member);
    }

    /// Ends a member's answer. A complete one that reads as a refusal, and names nothing else, is taken for one.
    pub fn end(&mut self, member: usize, ending: Ending) {
        let Some(stream) = self.streams.get_mut(member).filter(|stream| stream.ending.is_none()) else { return };
        if ending != Ending::Partial {
            stream.segmenter.finish();
        }
        stream.ending = Some(ending);
        self.commit(member);
        self.settle(member);
    }

    /// Looks at a whole text: a complete one may be a refusal, or nothing at all, and may come to a point.
    fn settle(&mut self, member: usize) {
        let says_something = self.corpus.answers.get(member).is_some_and(Answer::says_something);
        let Some(stream) = self.streams.get_mut(member) else { return };
        let text = stream.segmenter.text();
        if stream.ending == Some(Ending::Complete) {
            if text.trim().is_empty() {
                stream.ending = Some(Ending::Nothing);
            } else if finals::is_refusal(text) && !says_something {
                stream.ending = Some(Ending::Refusal);
            } else {
                stream.final_answer = finals::final_answer(text, &self.question.text);
            }
        }
        if !stream.makes_claims() {
            self.corpus.forget(member);
        }
        self.corpus.close(member);
    }

    /// Forgets all that a member said, so that it can answer anew or stay out.
    pub fn forget(&mut self, member: usize) {
        if let Some(stream) = self.streams.get_mut(member) {
            self.n_scanned_before += stream.segmenter.n_scanned();
            *stream = Stream::default();
            self.corpus.forget(member);
            self.last = None;
        }
    }

    /// Returns the state over what has been committed so far; final once every member has ended.
    pub fn report(&mut self) -> Arc<Report> {
        if let Some(last) = &self.last {
            return Arc::clone(last);
        }
        let voice = |stream| {
            let Stream { segmenter, ending, final_answer, .. }: &Stream = stream;
            let (text, block) = (segmenter.text(), segmenter.block());
            let is_read_in_part = text.len() > MOST_COMPARED;
            Voice { ending: *ending, block, text, is_read_in_part, final_answer: final_answer.as_ref() }
        };
        let state = State {
            question: &self.question,
            members: &self.members,
            voices: self.streams.iter().map(voice).collect(),
            corpus: &self.corpus,
        };
        Arc::clone(self.last.insert(Arc::new(state.report())))
    }

    /// Returns the work done so far.
    pub fn work(&self) -> Work {
        let scanned: u64 = self.streams.iter().map(|stream| stream.segmenter.n_scanned()).sum();
        Work {
            bytes_scanned: self.n_scanned_before + scanned,
            terms_read: self.corpus.lexicon.n_read(),
            claims_compared: self.corpus.n_compared,
        }
    }

    /// Takes over what a member's segmenter has committed.
    fn commit(&mut self, member: usize) {
        self.last = None;
        let Some(stream) = self.streams.get_mut(member) else { return };
        let segments = stream.segmenter.take();
        if stream.makes_claims() {
            for segment in segments.iter().filter(|segment| segment.range.start < MOST_COMPARED) {
                self.corpus.add(member, segment, stream.segmenter.text());
            }
        }
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
