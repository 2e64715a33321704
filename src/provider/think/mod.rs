//! Splits off reasoning that a model writes into its answer, between marks of its own.
//!
//! Some servers pass on what an open model writes, `<think>…</think>` first; counted as answer, it would be compared. A
//! template that opens the reasoning itself leaves only the closing mark to be seen: then all that came before it is taken
//! back. An answer that speaks of such marks, in code or within a line, is left as it is.

mod mark;
mod place;

use crate::domain::stream::Delta;
use crate::provider::think::mark::{Family, Mark, Read};
use crate::provider::think::place::Spot;

/// White space before an answer that is held back until its first word: more of it is handed on as it comes.
const MAX_BLANKS: usize = 64;

/// The longest name of a channel, with what stands before it.
const MAX_HEADER: usize = 96;

/// Channels and their ends where a server has dropped the control marks around them.
const BARE: [&str; 2] = ["analysis", "commentary"];
const BARE_END: &str = "assistantfinal";

/// The splitter of one answer.
#[derive(Debug, Default)]
pub(crate) struct ThinkSplit {
    place: Place,
    /// Text that may turn out to be a mark, or white space before the answer.
    held: String,
    spot: Spot,
    /// A block of reasoning was opened, or an opening mark spoken of: a closing one alone means nothing any more.
    is_opened: bool,
    has_channels: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Nothing but white space so far.
    #[default]
    Start,
    /// Within marks.
    Thinking(Family),
    /// Within a channel that is not the answer's.
    Channel,
    /// Within reasoning whose marks were dropped.
    Bare,
    /// Between two messages: the name of a channel may follow.
    Header,
    /// The marks are closed; white space before the answer is dropped.
    Gap,
    /// Within the answer.
    Answer,
}

impl ThinkSplit {
    /// Adds `text` to the answer or the reasoning of `delta`.
    pub(crate) fn push(&mut self, text: &str, delta: &mut Delta) {
        let is_plain = self.place == Place::Answer && self.held.is_empty();
        if is_plain && !text.bytes().any(mark::may_begin) {
            self.answer(text, delta);
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        held.push_str(text);
        let n_read = self.read(&held, false, delta);
        held.drain(..n_read);
        self.held = held;
    }

    /// Adds what is still held back.
    pub(crate) fn end(&mut self, delta: &mut Delta) {
        let held = std::mem::take(&mut self.held);
        self.read(&held, true, delta);
    }

    /// Reads `text` as far as it is clear what it is, and returns how many bytes that was; all of it at the end.
    fn read(&mut self, text: &str, is_end: bool, delta: &mut Delta) -> usize {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let n_read = match self.place {
                Place::Start => self.start(rest, is_end, delta),
                Place::Gap => self.gap(rest, is_end),
                Place::Header => self.header(rest, is_end),
                Place::Bare => self.bare(rest, is_end, delta),
                Place::Thinking(_) | Place::Channel => self.reasoning(rest, is_end, delta),
                Place::Answer => self.within_answer(rest, is_end, delta),
            };
            match n_read {
                Some(n_read) => at += n_read,
                None => break,
            }
        }
        at
    }

    /// Reads at the beginning; `None` while it is not clear what that is.
    fn start(&mut self, text: &str, is_end: bool, delta: &mut Delta) -> Option<usize> {
        let begun = text.trim_start();
        let n_blanks = text.len() - begun.len();
        if begun.is_empty() && !is_end {
            if n_blanks <= MAX_BLANKS {
                return None;
            }
            self.answer(text, delta);
            return Some(text.len());
        }
        match mark::read(begun) {
            Read::Half if !is_end => return None,
            Read::Whole(mark, length) if self.enter(mark) => return Some(n_blanks + length),
            Read::Nothing | Read::Half | Read::Whole(..) => {}
        }
        for name in BARE {
            match begun.strip_prefix(name).map(|rest| rest.chars().next()) {
                Some(Some(next)) if next.is_uppercase() => {
                    self.place = Place::Bare;
                    return Some(n_blanks + name.len());
                }
                Some(None) if !is_end => return None,
                None if name.starts_with(begun) && !is_end => return None,
                Some(_) | None => {}
            }
        }
        self.place = Place::Answer;
        self.answer(text.get(..n_blanks).unwrap_or_default(), delta);
        Some(n_blanks)
    }

    /// Reads behind reasoning: white space is dropped, more reasoning may follow.
    fn gap(&mut self, text: &str, is_end: bool) -> Option<usize> {
        let begun = text.trim_start();
        if begun.is_empty() {
            return Some(text.len());
        }
        let n_blanks = text.len() - begun.len();
        match mark::read(begun) {
            Read::Half if !is_end => None,
            Read::Whole(mark, length) if self.enter(mark) => Some(n_blanks + length),
            Read::Half | Read::Whole(..) | Read::Nothing => {
                self.place = Place::Answer;
                Some(n_blanks)
            }
        }
    }

    /// Takes a mark where no text of the answer stands before it; returns whether it means anything there.
    fn enter(&mut self, mark: Mark) -> bool {
        match mark {
            Mark::Open(family) => {
                self.is_opened = true;
                self.place = Place::Thinking(family);
            }
            Mark::Close(_) | Mark::Noise => self.place = Place::Gap,
            Mark::Channel | Mark::Border => {
                self.has_channels = true;
                self.place = Place::Header;
            }
            Mark::Message => return false,
        }
        true
    }

    /// Reads who speaks in which channel, up to the mark behind it.
    fn header(&mut self, text: &str, is_end: bool) -> Option<usize> {
        let sign = "<|message|>";
        let Some(at) = text.find(sign) else {
            if is_end {
                return Some(text.len());
            }
            if text.len() > MAX_HEADER {
                // No header after all: better read as reasoning than as an answer.
                self.place = Place::Channel;
                return Some(0);
            }
            return None;
        };
        let name = text.get(..at).unwrap_or_default();
        // Without a channel it is the answer: a server may write the last message like that.
        let channel = name.rsplit("|>").next().unwrap_or_default().trim();
        let is_answer = channel.starts_with("final") || matches!(channel, "" | "assistant");
        self.place = if is_answer { Place::Gap } else { Place::Channel };
        Some(at + sign.len())
    }

    /// Reads reasoning without marks, up to the words that the answer begins with.
    fn bare(&mut self, text: &str, is_end: bool, delta: &mut Delta) -> Option<usize> {
        if let Some((reasoning, _)) = text.split_once(BARE_END) {
            delta.reasoning.push_str(reasoning);
            self.place = Place::Gap;
            return Some(reasoning.len() + BARE_END.len());
        }
        let held = (1..BARE_END.len()).rev().find(|n| BARE_END.get(..*n).is_some_and(|half| text.ends_with(half)));
        let n_free = text.len() - held.filter(|_| !is_end).unwrap_or(0);
        delta.reasoning.push_str(text.get(..n_free).unwrap_or_default());
        (n_free > 0).then_some(n_free)
    }

    /// Reads reasoning up to the next mark that may end it.
    fn reasoning(&mut self, text: &str, is_end: bool, delta: &mut Delta) -> Option<usize> {
        let Some(at) = text.bytes().position(mark::may_begin) else {
            delta.reasoning.push_str(text);
            return Some(text.len());
        };
        if at > 0 {
            delta.reasoning.push_str(text.get(..at).unwrap_or_default());
            return Some(at);
        }
        match (mark::read(text), self.place) {
            (Read::Half, _) if !is_end => None,
            (Read::Whole(Mark::Close(family), length), Place::Thinking(open)) if family == open => {
                self.place = Place::Gap;
                Some(length)
            }
            (Read::Whole(Mark::Border | Mark::Channel, length), Place::Channel) => {
                self.place = Place::Header;
                Some(length)
            }
            _ => {
                let length = text.chars().next().map_or(1, char::len_utf8);
                delta.reasoning.push_str(text.get(..length).unwrap_or_default());
                Some(length)
            }
        }
    }

    /// Reads the answer up to the next mark, and that mark.
    fn within_answer(&mut self, text: &str, is_end: bool, delta: &mut Delta) -> Option<usize> {
        let at = text.bytes().position(mark::may_begin).unwrap_or(text.len());
        if at > 0 {
            self.answer(text.get(..at).unwrap_or_default(), delta);
            return Some(at);
        }
        let (mark, length) = match mark::read(text) {
            Read::Half if !is_end => return None,
            Read::Whole(mark, length) => (mark, length),
            Read::Half | Read::Nothing => {
                let length = text.chars().next().map_or(1, char::len_utf8);
                self.answer(text.get(..length).unwrap_or_default(), delta);
                return Some(length);
            }
        };
        let is_quoted = self.spot.is_code();
        let next = text.get(length..).and_then(|after| after.chars().next());
        match mark {
            Mark::Open(_) | Mark::Channel if !is_quoted && self.spot.is_line_start() => {
                self.enter(mark);
                return Some(length);
            }
            Mark::Border | Mark::Channel if self.has_channels && !is_quoted => {
                self.place = Place::Header;
                return Some(length);
            }
            Mark::Close(_) if !self.is_opened && !is_quoted && self.spot.may_close() => {
                if next.is_none() && !is_end {
                    return None;
                }
                if next.is_none_or(|next| !"`'\".,;:)]".contains(next)) {
                    delta.recast();
                    self.spot = Spot::default();
                    self.is_opened = true;
                    self.place = Place::Gap;
                    return Some(length);
                }
            }
            Mark::Open(_) => self.is_opened = true,
            Mark::Close(_) | Mark::Channel | Mark::Message | Mark::Border | Mark::Noise => {}
        }
        self.answer(text.get(..length).unwrap_or_default(), delta);
        Some(length)
    }

    fn answer(&mut self, text: &str, delta: &mut Delta) {
        self.spot.pass(text);
        delta.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `text` in these pieces, as a reader of the deltas has it at the end.
    fn read(pieces: &[&str]) -> (String, String) {
        let (mut split, mut all) = (ThinkSplit::default(), Delta::default());
        for piece in pieces {
            let mut delta = Delta::default();
            split.push(piece, &mut delta);
            all.append(&delta);
            assert!(split.held.len() <= MAX_BLANKS + MAX_HEADER, "{} bytes are held back", split.held.len());
        }
        let mut delta = Delta::default();
        split.end(&mut delta);
        all.append(&delta);
        (all.reasoning, all.text)
    }

    fn check(text: &str, reasoning: &str, answer: &str) {
        let expected = (reasoning.to_owned(), answer.to_owned());
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (left, right) = text.split_at(cut);
            assert_eq!(read(&[left, right]), expected, "{text:?} cut at {cut}");
        }
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(read(&letters), expected, "{text:?} letter by letter");
    }

    #[test]
    fn reasoning_is_split_off_in_every_spelling() {
        check("<think>hm</think>\n\nYes.", "hm", "Yes.");
        check("\n<think>\nhm</think>Yes.", "\nhm", "Yes.");
        check("<thought>hm < m</thought> Да.", "hm < m", "Да.");
        check("<seed:think>hm</seed:think>Yes.", "hm", "Yes.");
        check("<Thinking depth=\"2\">hm</thinking>\nYes.", "hm", "Yes.");
        check("[THINK]hm [1] [A][/THINK]Yes.", "hm [1] [A]", "Yes.");
        check("◁think▷hm – ◁/think▷Yes – no.", "hm – ", "Yes – no.");
        check("<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>Yes.", "hm", "Yes.");
        check("<reasoning>a <think> b</think> c</reasoning>Yes.", "a <think> b</think> c", "Yes.");
    }

    #[test]
    fn channels_other_than_the_last_are_reasoning() {
        let analysis = "<|channel|>analysis<|message|>hm<|end|>";
        check(&format!("{analysis}<|start|>assistant<|channel|>final<|message|>\n\nYes.<|return|>"), "hm", "Yes.");
        check(&format!("{analysis}<|channel|>final<|message|>Yes."), "hm", "Yes.");
        check(&format!("<|start|>assistant{analysis}<|start|>assistant<|message|>Yes."), "hm", "Yes.");
        check("<|channel|>commentary to=functions.x<|message|>{}<|call|>", "{}", "");
        check("analysisThe user asks.assistantfinalIn 1969.", "The user asks.", "In 1969.");
        check("analysis of it follows", "", "analysis of it follows");
        check("ana", "", "ana");
    }

    #[test]
    fn several_blocks_are_all_reasoning() {
        check("<think>a</think>\n\n<think>b</think>Yes.", "ab", "Yes.");
        check("One.\n<think>hm</think>\nTwo.", "hm", "One.\nTwo.");
        check("<think></think>\n[THINK]b[/THINK]Yes.", "b", "Yes.");
    }

    #[test]
    fn a_closing_mark_alone_takes_back_what_came_before() {
        check("Hm, 1968? No.\n</think>\n\nIn 1969.", "Hm, 1968? No.\n", "In 1969.");
        check("Hm, 1968? No.</think>In 1969.", "Hm, 1968? No.", "In 1969.");
        check("Hm, so 1969</thinking>\n\nIn 1969.", "Hm, so 1969", "In 1969.");
        check("Hm. [/THINK]\nIn 1969.", "Hm. ", "In 1969.");
        check("</think>\n\nIn 1969.", "", "In 1969.");
        check("Hm.\n</think>", "Hm.\n", "");
    }

    #[test]
    fn an_answer_that_speaks_of_marks_stays_whole() {
        for text in [
            "Yes <think>no</think>",
            "Models write `<think>` first and `</think>` last.",
            "It ends with `</think>`.",
            "End it with </think>, then answer.",
            "It opens with <think> and ends with\n</think>\nat last.",
            "Write:\n\n```\n<think>\nhm\n</think>\n```\n\nThen answer.",
            "~~~xml\n</think>\n~~~",
            "So:\n\n    <think>",
            "<thin> ice",
            "<thi",
            "  Yes",
            "",
            "let v: Vec<u8> = a[0] < b – c;",
            "The token <|end|> ends a message, <|channel|> names it.",
        ] {
            check(text, "", text);
        }
    }

    #[test]
    fn reasoning_without_end_stays_reasoning() {
        check("<think>hm</thi", "hm</thi", "");
        check("<|channel|>analysis<|message|>hm <|e", "hm <|e", "");
    }

    #[test]
    fn white_space_before_an_answer_is_not_held_back_without_bound() {
        let blanks = " \n".repeat(2 * MAX_BLANKS);
        let text = format!("{blanks}<think>hm</think>Yes.");
        assert_eq!(read(&[&text]), ("hm".to_owned(), "Yes.".to_owned()));
        let pieces: Vec<&str> = blanks.as_str().split_inclusive('\n').chain(["<think>hm</think>Yes."]).collect();
        let (reasoning, answer) = read(&pieces);
        assert_eq!((reasoning.as_str(), answer.trim_start()), ("hm", "Yes."));
    }
}
