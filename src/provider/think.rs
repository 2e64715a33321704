//! Splits off reasoning that a model writes into its answer, between tags at the very start.
//!
//! Some servers pass on what an open model writes, `<think>…</think>` first; counted as answer, it would be compared.

use crate::domain::stream::Delta;

const TAGS: [(&str, &str); 2] = [("<think>", "</think>"), ("<thought>", "</thought>")];

/// The splitter of one answer.
#[derive(Debug, Default)]
pub(crate) struct ThinkSplit {
    place: Place,
    /// Text that may turn out to be a tag, or white space around one.
    held: String,
}

#[derive(Debug, Default)]
enum Place {
    /// Nothing but white space so far.
    #[default]
    Start,
    /// Within the tags; holds the closing one.
    Thinking(&'static str),
    /// The tags are closed; white space before the answer is dropped.
    Gap,
    /// Within the answer, to the end.
    Answer,
}

impl ThinkSplit {
    /// Adds `text` to the answer or the reasoning of `delta`.
    pub(crate) fn push(&mut self, text: &str, delta: &mut Delta) {
        if let Place::Answer = self.place {
            delta.text.push_str(text);
            return;
        }
        self.held.push_str(text);
        if let Place::Start = self.place {
            self.start(delta);
        }
        if let Place::Thinking(close) = self.place {
            self.thinking(close, delta);
        }
        if let Place::Gap = self.place {
            self.gap(delta);
        }
    }

    /// Adds what is still held back.
    pub(crate) fn end(&mut self, delta: &mut Delta) {
        let held = std::mem::take(&mut self.held);
        match self.place {
            Place::Start | Place::Answer => delta.text.push_str(&held),
            Place::Thinking(_) => delta.reasoning.push_str(&held),
            Place::Gap => {}
        }
    }

    fn start(&mut self, delta: &mut Delta) {
        let begun = self.held.trim_start();
        if let Some((open, close)) = TAGS.iter().find(|(open, _)| begun.starts_with(open)) {
            self.held = begun.strip_prefix(open).unwrap_or(begun).to_owned();
            self.place = Place::Thinking(close);
        } else if !TAGS.iter().any(|(open, _)| open.starts_with(begun)) {
            delta.text.push_str(&self.held);
            self.held.clear();
            self.place = Place::Answer;
        }
    }

    fn thinking(&mut self, close: &'static str, delta: &mut Delta) {
        if let Some((reasoning, rest)) = self.held.split_once(close) {
            delta.reasoning.push_str(reasoning);
            self.held = rest.to_owned();
            self.place = Place::Gap;
            return;
        }
        let n_kept = (1..close.len()).rev().find(|n| close.get(..*n).is_some_and(|part| self.held.ends_with(part)));
        let n_free = self.held.len() - n_kept.unwrap_or(0);
        delta.reasoning.extend(self.held.drain(..n_free));
    }

    fn gap(&mut self, delta: &mut Delta) {
        let answer = self.held.trim_start();
        if !answer.is_empty() {
            delta.text.push_str(answer);
            self.held.clear();
            self.place = Place::Answer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, reasoning: &str, answer: &str) {
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (left, right) = text.split_at(cut);
            let (mut split, mut delta) = (ThinkSplit::default(), Delta::default());
            split.push(left, &mut delta);
            split.push(right, &mut delta);
            split.end(&mut delta);
            assert_eq!((delta.reasoning.as_str(), delta.text.as_str()), (reasoning, answer), "{text:?} cut at {cut}");
        }
    }

    #[test]
    fn reasoning_is_split_off_only_at_the_start() {
        check("<think>hm</think>\n\nYes.", "hm", "Yes.");
        check("\n<think>\nhm</think>Yes.", "\nhm", "Yes.");
        check("<thought>hm < m</thought> Да.", "hm < m", "Да.");
        check("Yes <think>no</think>", "", "Yes <think>no</think>");
        check("<thin> ice", "", "<thin> ice");
        check("<thi", "", "<thi");
        check("  Yes", "", "  Yes");
        check("", "", "");
    }

    #[test]
    fn reasoning_without_end_stays_reasoning() {
        check("<think>hm</thi", "hm</thi", "");
    }
}
