//! Conversations that are trees: the questions on the way to where the person stood, and all the answers that each has.
//!
//! Messages below one question that are no question are its answers: one for each way down. A message that was asked
//! again is a way of its own, so that what was generated anew, or by several models, becomes a turn with several answers.

use std::collections::{HashMap, HashSet};

use crate::domain::attachment::Attachment;
use crate::import::json::joined;
use crate::import::{Answer, End, Exchange, LeftOut, MOST_ANSWERS};

/// The most ways down below one question that are looked at.
const MOST_WAYS: usize = 64;

/// A message.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    /// Its place among those with the same parent.
    pub(super) order: usize,
    pub(super) at_ms: Option<i64>,
    pub(super) role: Role,
}

/// What a message is to a reader.
#[derive(Clone, Debug, Default)]
pub(super) enum Role {
    /// A question with its files.
    Question(String, Vec<Attachment>),
    /// A piece of an answer.
    Answer(Box<Answer>),
    /// What the programs have said to each other.
    #[default]
    Aside,
}

/// Returns the exchanges on the way to `tip`, oldest first, and what is beside it. Without a tip it is the newest message.
pub(super) fn exchanges(nodes: &[Node], tip: Option<&str>) -> (Vec<Exchange>, LeftOut) {
    let places: HashMap<&str, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let tree = Tree::new(nodes, &places);
    let newest = || (0..nodes.len()).max_by_key(|at| (nodes.get(*at).and_then(|node| node.at_ms), *at));
    let Some(tip) = tip.and_then(|tip| places.get(tip).copied()).or_else(newest) else { return Default::default() };
    let way = tree.way_to(tree.end_below(tip));
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut left_out = LeftOut::default();
    let mut n_asked = 0;
    for at in way {
        let Some(Node { id, role: Role::Question(text, files), at_ms, .. }) = nodes.get(at) else { continue };
        n_asked += 1;
        let mut answers = tree.answers(at);
        left_out.n_answers += answers.len().saturating_sub(MOST_ANSWERS);
        answers.truncate(MOST_ANSWERS);
        match exchanges.last_mut().filter(|last| last.answers.is_empty()) {
            // Nobody had answered yet: the person went on asking.
            Some(last) => {
                last.question = joined([last.question.as_str(), text], "\n\n");
                last.files.extend(files.iter().cloned());
                last.answers = answers;
            }
            None => exchanges.push(Exchange {
                origin: id.clone(),
                question: text.clone(),
                files: files.clone(),
                asked_at_ms: *at_ms,
                answers,
            }),
        }
    }
    let n_questions = nodes.iter().filter(|node| matches!(node.role, Role::Question(..))).count();
    left_out.n_questions = n_questions - n_asked;
    (exchanges, left_out)
}

struct Tree<'a> {
    nodes: &'a [Node],
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
}

impl<'a> Tree<'a> {
    fn new(nodes: &'a [Node], places: &HashMap<&str, usize>) -> Self {
        let parents: Vec<Option<usize>> =
            nodes.iter().map(|node| places.get(node.parent.as_deref()?).copied()).collect();
        let mut children = vec![Vec::new(); nodes.len()];
        for (at, parent) in parents.iter().enumerate() {
            if let Some(below) = parent.and_then(|parent| children.get_mut(parent)) {
                below.push(at);
            }
        }
        for below in &mut children {
            below.sort_by_key(|at| nodes.get(*at).map(|node| (node.order, node.at_ms)));
        }
        Self { nodes, parents, children }
    }

    fn below(&self, at: usize) -> &[usize] {
        self.children.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_question(&self, at: usize) -> bool {
        matches!(self.nodes.get(at), Some(Node { role: Role::Question(..), .. }))
    }

    /// Returns the way from the root to a message; one that goes round in a circle ends where it has been.
    fn way_to(&self, tip: usize) -> Vec<usize> {
        let mut seen = HashSet::new();
        let mut way: Vec<usize> = std::iter::successors(Some(tip), |at| self.parents.get(*at).copied().flatten())
            .take_while(|at| seen.insert(*at))
            .collect();
        way.reverse();
        way
    }

    /// Returns the message itself, unless it is one that only holds others together: then the newest below it.
    fn end_below(&self, tip: usize) -> usize {
        let mut seen = HashSet::new();
        let mut at = tip;
        while seen.insert(at)
            && matches!(self.nodes.get(at), Some(Node { role: Role::Aside, .. }))
            && let Some(last) = self.below(at).last()
        {
            at = *last;
        }
        at
    }

    /// Returns the answers to a question, each text once.
    fn answers(&self, question: usize) -> Vec<Answer> {
        let mut seen = HashSet::from([question]);
        let mut open: Vec<usize> = self.below(question).iter().rev().copied().collect();
        let mut answers: Vec<Answer> = Vec::new();
        while let Some(at) = open.pop() {
            if self.is_question(at) || !seen.insert(at) {
                continue;
            }
            let below = self.below(at);
            open.extend(below.iter().rev().copied());
            let is_end = below.is_empty() || below.iter().any(|at| self.is_question(*at));
            if is_end && let Some(answer) = self.answer(question, at) {
                let is_known = answers.iter().any(|known| known.text == answer.text && known.model == answer.model);
                if !is_known && answers.len() < MOST_WAYS {
                    answers.push(answer);
                }
            }
        }
        if answers.iter().any(|answer| !answer.text.is_empty()) {
            // Beside an answer, one that came to nothing is none.
            answers.retain(|answer| !answer.text.is_empty() || matches!(answer.finish, End::Failed(_)));
        }
        answers
    }

    /// Returns what is said on the way from a question down to a message.
    fn answer(&self, question: usize, end: usize) -> Option<Answer> {
        let mut way = self.way_to(end);
        let from = way.iter().rposition(|at| *at == question).map_or(0, |at| at + 1);
        let pieces = way.split_off(from).into_iter().filter_map(|at| match &self.nodes.get(at)?.role {
            Role::Answer(piece) => Some(&**piece),
            Role::Question(..) | Role::Aside => None,
        });
        let pieces: Vec<&Answer> = pieces.collect();
        let last = pieces.last()?;
        Some(Answer {
            model: pieces.iter().rev().find_map(|piece| piece.model.clone()),
            text: joined(pieces.iter().map(|piece| piece.text.as_str()), "\n\n"),
            reasoning: joined(pieces.iter().map(|piece| piece.reasoning.as_str()), "\n\n"),
            finish: last.finish.clone(),
            usage: last.usage,
            citations: pieces.iter().flat_map(|piece| piece.citations.iter().cloned()).collect(),
        })
    }
}
