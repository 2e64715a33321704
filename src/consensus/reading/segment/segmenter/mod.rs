//! The state machine that reads an answer character by character, so that it can't matter how the stream was cut.

mod code;
mod state;

use std::ops::Range;

use crate::consensus::reading::segment::chatter::is_chatter;
use crate::consensus::reading::segment::clause::{
    clauses, counts_on, is_closer, is_factorial, is_guarded, is_terminator, is_wide_terminator, starts_sentence,
};
use crate::consensus::reading::segment::line::{LineKind, REASONING_CLOSES, classify};
use crate::consensus::reading::segment::segmenter::state::{Boundary, Code, Heading, Line, Mode, Open, Parent, Table};
use crate::consensus::reading::segment::{Role, Segment};
use crate::domain::markdown::MOST_INDENT;

/// A sentence longer than this, in bytes, is committed at the next space: a wall of text must not wait for its end.
const LONG_SENTENCE: usize = 1_200;

/// A sentence this long, in bytes, is committed where it stands.
const LONGEST_SENTENCE: usize = 2_400;

/// A line shorter than this, in bytes, that is followed by a capital ends its sentence; a longer one was wrapped.
const WRAPPED_LINE: usize = 60;

/// How far back the word before a dot is looked for, in bytes.
const LOOK_BACK: usize = 24;

/// Columns that a tab stands for.
const TAB: usize = 4;

/// The longest lead-in or parent item that serves as a topic, in bytes.
const LONGEST_TOPIC: usize = 200;

/// The longest head of a table that serves as a topic, in bytes: every row is read together with it.
const LONGEST_HEAD: usize = 400;

/// Most parent items that an item stands under.
const MOST_PARENTS: usize = 4;

/// Reads one answer and commits its segments, in order and for good.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segmenter {
    text: String,
    line: Line,
    mode: Mode,
    open: Option<Open>,
    table: Table,
    lead_in: Option<Range<usize>>,
    parents: Vec<Parent>,
    headings: Vec<Heading>,
    block: u32,
    committed: Vec<Segment>,
    n_scanned: u64,
}

impl Segmenter {
    /// Reads more of the answer.
    pub(crate) fn push(&mut self, text: &str) {
        let base = self.text.len();
        self.text.push_str(text);
        for (offset, character) in text.char_indices() {
            self.step(base + offset, character);
        }
    }

    /// Commits what is left; to be called once, at the end of the answer.
    pub(crate) fn finish(&mut self) {
        // The last line is ended like every other, without leaving a trace in the text.
        let end = self.text.len();
        self.text.push('\n');
        self.step(end, '\n');
        self.text.truncate(end);
        if let Mode::Code(Code { start, .. }) = self.mode {
            self.commit_code(start..end);
        }
        self.end_table();
        self.end_block();
        self.block += 1;
    }

    /// Returns the segments committed since the last call.
    pub(crate) fn take(&mut self) -> Vec<Segment> {
        std::mem::take(&mut self.committed)
    }

    /// Returns the answer so far, exactly as it came.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of the block that is being written; those before it can't change any more.
    pub(crate) fn block(&self) -> u32 {
        self.block
    }

    /// Returns how many bytes have been looked at.
    pub(crate) fn n_scanned(&self) -> u64 {
        self.n_scanned
    }

    fn step(&mut self, at: usize, character: char) {
        self.n_scanned += character.len_utf8() as u64;
        if self.line.kind.is_some() {
            self.inside(at, character);
            return;
        }
        if let Mode::Code(code) = &self.mode {
            let code = *code;
            if character == '\n' {
                self.end_line_of_code(code, at);
            }
            return;
        }
        let first = match self.line.first {
            Some(first) => first,
            None if matches!(character, ' ' | '\t' | '\r') => {
                self.line.indent += if character == '\t' { TAB } else { 1 };
                return;
            }
            None => *self.line.first.insert(at),
        };
        let window = self.text.get(first..at + character.len_utf8()).unwrap_or("");
        let Some((kind, marker)) = classify(window) else { return };
        let is_too_far = self.line.indent - self.container() > MOST_INDENT;
        let is_text = is_too_far && matches!(kind, LineKind::Fence(_));
        let (kind, marker) = if is_text { (LineKind::Paragraph, 0) } else { (kind, marker) };
        let held: Vec<(usize, char)> = window.char_indices().skip_while(|(offset, _)| *offset < marker).collect();
        self.line.kind = Some(kind);
        self.begin_line(kind, first, marker);
        for (offset, character) in held {
            self.inside(first + offset, character);
        }
    }

    fn begin_line(&mut self, kind: LineKind, first: usize, marker: usize) {
        match self.mode {
            Mode::Text => self.begin_block_line(kind, first, marker),
            Mode::Code(_) | Mode::Reasoning => {}
        }
    }

    fn begin_block_line(&mut self, kind: LineKind, first: usize, marker: usize) {
        if kind != LineKind::Row {
            self.end_table();
        }
        let content = first + marker;
        match kind {
            LineKind::Paragraph if self.open.is_some() => self.continue_block(content),
            LineKind::Quote if self.open.as_ref().is_some_and(|open| open.is_quote) => self.continue_block(content),
            LineKind::Paragraph | LineKind::Quote => {
                self.end_block();
                if self.line.indent == 0 {
                    self.parents.clear();
                    self.lead_in = None;
                }
                self.begin_block(Role::Sentence, content, kind == LineKind::Quote);
            }
            LineKind::Item => {
                self.end_block();
                let indent = self.line.indent;
                self.parents.retain(|parent| parent.indent < indent);
                self.parents.push(Parent { indent, content: indent + marker + 1, range: content..content });
                self.begin_block(Role::Item, content, false);
            }
            LineKind::Fence(fence) => {
                self.end_block();
                self.mode = Mode::Code(Code { fence, start: content, indent: self.container() });
            }
            LineKind::Heading => {
                self.end_block();
                self.parents.clear();
                self.lead_in = None;
                self.headings.retain(|heading| heading.level < marker);
                self.headings.push(Heading { level: marker, range: content..content });
            }
            LineKind::Reasoning => {
                self.end_block();
                self.mode = Mode::Reasoning;
            }
            LineKind::Blank | LineKind::Rule | LineKind::Row => self.end_block(),
        }
    }

    /// The column at which the innermost list item starts that the line can belong to.
    fn container(&self) -> usize {
        let columns = self.parents.iter().rev().map(|parent| parent.content);
        columns.into_iter().find(|column| *column <= self.line.indent).unwrap_or(0)
    }

    /// A whole line of a block of code: its last one, or one more.
    fn end_line_of_code(&mut self, code: Code, at: usize) {
        let line = self.text.get(self.line.start..at).unwrap_or_default();
        if code.fence.is_closed_by(code.without_indent(line)) {
            self.mode = Mode::Text;
            self.commit_code(code.start..self.line.start.max(code.start));
        }
        self.line = Line { start: at + 1, ..Line::default() };
    }

    /// A character after the marker of a line whose kind is known.
    fn inside(&mut self, at: usize, character: char) {
        if character == '\n' {
            self.end_line(at);
            return;
        }
        match (&self.mode, self.line.kind) {
            (Mode::Text, Some(LineKind::Paragraph | LineKind::Item | LineKind::Quote)) => self.scan(at, character),
            (Mode::Reasoning, _) if character == '>' && self.ends_reasoning(at) => {
                self.mode = Mode::Text;
                self.line = Line { start: at + 1, ..Line::default() };
            }
            _ => {}
        }
    }

    fn ends_reasoning(&self, at: usize) -> bool {
        self.text.get(..=at).is_some_and(|text| text.ends_with(REASONING_CLOSES))
    }

    fn end_line(&mut self, at: usize) {
        let start = self.line.first.unwrap_or(at).min(at);
        match (&mut self.mode, self.line.kind) {
            (Mode::Text, Some(LineKind::Row)) => self.end_row(start..at),
            (Mode::Text, Some(LineKind::Item)) => {
                if let Some(parent) = self.parents.last_mut() {
                    parent.range.end = at.min(parent.range.start + LONGEST_TOPIC);
                }
                self.note_line(start..at);
            }
            (Mode::Text, Some(LineKind::Heading)) => {
                if let Some(heading) = self.headings.last_mut() {
                    heading.range.end = at.min(heading.range.start + LONGEST_TOPIC);
                }
            }
            (Mode::Text, Some(LineKind::Paragraph | LineKind::Quote)) => self.note_line(start..at),
            // The line of the opening fence holds the language, not code.
            (Mode::Code(code), Some(LineKind::Fence(_))) => code.start = at + 1,
            _ => {}
        }
        self.line = Line { start: at + 1, ..Line::default() };
    }

    fn note_line(&mut self, line: Range<usize>) {
        if let Some(open) = &mut self.open {
            open.last_line = line;
            if let Some(boundary) = &mut open.boundary {
                boundary.is_spaced = true;
            }
        }
    }

    fn begin_block(&mut self, role: Role, start: usize, is_quote: bool) {
        self.open = Some(Open { role, is_quote, start, boundary: None, last_line: start..start });
    }

    /// Another line of the open block: a line break ends the sentence where the line did not look wrapped.
    fn continue_block(&mut self, content: usize) {
        let Some(open) = &mut self.open else { return };
        if open.boundary.is_some() {
            return;
        }
        let line = open.last_line.clone();
        let is_lead_in = self.text.get(line.clone()).is_some_and(|line| line.trim_end().ends_with(':'));
        let next = self.text.get(content..).and_then(|rest| rest.trim_start_matches(' ').chars().next());
        if is_lead_in || (line.len() < WRAPPED_LINE && next.is_some_and(starts_sentence)) {
            let sentence = open.start..line.end;
            open.start = content;
            let role = open.role;
            self.commit(sentence, role);
        }
    }

    /// Looks for the end of a sentence.
    fn scan(&mut self, at: usize, character: char) {
        let Some(open) = &mut self.open else { return };
        let next = at + character.len_utf8();
        if let Some(boundary) = &mut open.boundary {
            if character.is_whitespace() {
                boundary.is_spaced = true;
                return;
            }
            if !boundary.is_spaced && (is_closer(character) || is_terminator(character)) {
                boundary.end = next;
                boundary.is_wide |= is_wide_terminator(character);
                return;
            }
            let sentence = open.start..boundary.end;
            let ends = (boundary.is_spaced || boundary.is_wide)
                && starts_sentence(character)
                && !self
                    .text
                    .get(sentence.clone())
                    .is_some_and(|text| counts_on(text, character) || is_factorial(text, character));
            open.boundary = None;
            if ends {
                open.start = at;
                let role = open.role;
                self.commit(sentence, role);
            }
        }
        self.mark_boundary(at, character);
    }

    fn mark_boundary(&mut self, at: usize, character: char) {
        let Some(open) = &mut self.open else { return };
        let start = open.start;
        if is_terminator(character) {
            let from = (at.saturating_sub(LOOK_BACK).max(start)..=at).find(|from| self.text.is_char_boundary(*from));
            let before = from.and_then(|from| self.text.get(from..at)).unwrap_or("");
            if character != '.' || !is_guarded(before) {
                let end = at + character.len_utf8();
                open.boundary = Some(Boundary { end, is_spaced: false, is_wide: is_wide_terminator(character) });
            }
            return;
        }
        let length = at - start.min(at);
        if length >= LONGEST_SENTENCE || (length >= LONG_SENTENCE && character.is_whitespace()) {
            open.start = at;
            let role = open.role;
            self.commit(start..at, role);
        }
    }

    fn end_block(&mut self) {
        if let Some(open) = self.open.take() {
            let end = open.last_line.end.max(open.start);
            self.commit(open.start..end, open.role);
        }
        self.block += 1;
    }

    fn end_row(&mut self, row: Range<usize>) {
        let is_rule = self.text.get(row.clone()).is_some_and(|row| {
            row.contains('-') && row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t' | '\r'))
        });
        if is_rule {
            self.table.head = self.table.held.take().map(|head| self.cut(head, LONGEST_HEAD));
        } else if let Some(held) = self.table.held.replace(row) {
            self.commit_row(held);
        }
    }

    fn end_table(&mut self) {
        if let Some(held) = self.table.held.take() {
            self.commit_row(held);
        }
        self.table.head = None;
    }

    /// Commits a row, one longer than any sentence in pieces.
    fn commit_row(&mut self, range: Range<usize>) {
        let topics: Vec<Range<usize>> = self.table.head.iter().chain(&self.lead_in).cloned().collect();
        let mut rest = range;
        while !rest.is_empty() {
            let piece = self.cut(rest.clone(), LONGEST_SENTENCE);
            rest.start = piece.end;
            let (topics, headings) = (topics.clone(), self.headings());
            self.committed.push(Segment { range: piece, block: self.block, role: Role::Row, topics, headings });
        }
        self.block += 1;
    }

    /// The start of `range`, at most `longest` bytes and at least one character of it.
    fn cut(&self, range: Range<usize>, longest: usize) -> Range<usize> {
        let limit = range.end.min(range.start.saturating_add(longest));
        let end = (range.start + 1..=limit).rev().find(|end| self.text.is_char_boundary(*end));
        range.start..end.unwrap_or(range.end)
    }

    pub(super) fn headings(&self) -> Vec<Range<usize>> {
        self.headings.iter().map(|heading| heading.range.clone()).collect()
    }

    fn commit(&mut self, range: Range<usize>, role: Role) {
        let Some(sentence) = self.text.get(range.clone()) else { return };
        let start = range.start + (sentence.len() - sentence.trim_start().len());
        let sentence = sentence.trim();
        if sentence.trim_end_matches(['*', '_', ' ']).ends_with([':', '：']) {
            if role == Role::Sentence && sentence.len() <= LONGEST_TOPIC {
                self.lead_in = Some(start..start + sentence.len());
            }
            return;
        }
        let parents = self.parents.iter().rev().skip(1).take(MOST_PARENTS);
        let topics: Vec<Range<usize>> =
            self.lead_in.iter().cloned().chain(parents.map(|parent| parent.range.clone())).collect();
        for clause in clauses(sentence) {
            if sentence.get(clause.clone()).is_none_or(is_chatter) {
                continue;
            }
            let range = start + clause.start..start + clause.end;
            let (topics, headings) = (topics.clone(), self.headings());
            self.committed.push(Segment { range, block: self.block, role, topics, headings });
        }
    }
}

#[cfg(test)]
mod tests;
