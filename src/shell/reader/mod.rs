//! Bytes of a terminal as what a person did; whatever begins and does not end is given up after a moment, with nothing of
//! what was typed lost.

mod sequence;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use memchr::memmem;

use crate::ui::msg::Input;
use crate::ui::theme::Background;

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// How long a lone escape may be the beginning of a sequence: what a key sends comes in one piece but on the slowest lines.
const LONE_ESCAPE: Duration = Duration::from_millis(30);

/// How long the rest of a sequence or an answer may take.
const REST: Duration = Duration::from_millis(200);

/// How long a paste may be silent; one that was cut (by ssh, by tmux) never ends.
const PASTE_REST: Duration = Duration::from_millis(500);

/// The most bytes that one key sends (kitty's longest with its modifiers). A longer piece without an escape was not typed.
const KEY_BYTES: usize = 16;

/// Bytes that follow each other more quickly are no typing: a key held down repeats 30 times a second.
const QUICK: Duration = Duration::from_millis(25);

/// The longest sequence of a key, and of an answer, that is waited for.
const LONGEST_SEQUENCE: usize = 64;
const LONGEST_ANSWER: usize = 256;

/// A paste is handed on in pieces of this size, so that one without an end fills no memory here.
const PASTE_PIECE: usize = 4 << 20;

/// Reads what a terminal in raw mode sends.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// The beginning of something.
    pending: Vec<u8>,
    /// When the last byte of it came.
    since: Option<Instant>,
    paste: Option<Paste>,
    /// A paste was given up: its rest may still come, and must not be read as keys, as its first line feed would send.
    is_torn: bool,
}

/// A paste under way.
#[derive(Clone, Debug)]
struct Paste {
    text: Vec<u8>,
    /// When the last byte came.
    last: Instant,
    /// When the last one came that nobody typed: keys pressed meanwhile must not keep it open.
    flowed: Instant,
}

/// What stands at the beginning of some bytes.
enum Step {
    /// So many bytes, with what they say.
    Took(usize, Option<Input>),
    /// Something that has not ended.
    Wait,
}

impl Reader {
    /// Takes in what came in one piece; returns what it says, in order.
    pub fn take(&mut self, bytes: &[u8], now: Instant) -> Vec<Input> {
        let mut found = Vec::new();
        let mut rest = bytes;
        if self.paste.is_some() && bytes == [0x03] {
            // Ctrl+C on its own, and no terminal pastes it: a person wants to get out.
            self.tear(&mut found);
        } else if let Some(paste) = &mut self.paste {
            if bytes.len() > KEY_BYTES || now.saturating_duration_since(paste.last) < QUICK {
                paste.flowed = now;
            }
            paste.last = now;
            match self.pasted(bytes, &mut found) {
                Some(after) => rest = after,
                None => return found,
            }
        } else if self.is_torn {
            match self.torn(bytes, &mut found) {
                Some(after) => rest = after,
                None => return found,
            }
        }
        self.pending.extend_from_slice(rest);
        self.since = Some(now);
        self.drain(false, now, &mut found);
        found
    }

    /// Returns when [`Self::expire`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        if let Some(paste) = &self.paste {
            return Some(paste.flowed + PASTE_REST);
        }
        let rest = match self.pending.as_slice() {
            [] => return None,
            [0x1b] => LONE_ESCAPE,
            _ => REST,
        };
        self.since.map(|since| since + rest)
    }

    /// Gives up what has not ended in time; returns what there is of it.
    pub fn expire(&mut self, now: Instant) -> Vec<Input> {
        let mut found = Vec::new();
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            if self.paste.is_some() {
                self.tear(&mut found);
            } else {
                self.drain(true, now, &mut found);
            }
        }
        found
    }

    /// Ends a paste without its end.
    fn tear(&mut self, found: &mut Vec<Input>) {
        if let Some(paste) = self.paste.take() {
            self.is_torn = true;
            push_paste(&paste.text, found);
        }
    }

    /// Returns what follows the rest of a paste that was given up; `None` where all of it belongs to the rest.
    fn torn<'a>(&mut self, bytes: &'a [u8], found: &mut Vec<Input>) -> Option<&'a [u8]> {
        let end = memmem::find(bytes, PASTE_ENDS);
        if let Some((text, after)) = end.and_then(|end| bytes.split_at_checked(end)) {
            self.is_torn = false;
            if memmem::find(text, PASTE_BEGINS).is_some() {
                // The end is another's.
                return Some(bytes);
            }
            push_paste(text, found);
            return after.strip_prefix(PASTE_ENDS);
        }
        if bytes.len() <= KEY_BYTES || bytes.first() == Some(&0x1b) {
            return Some(bytes);
        }
        push_paste(bytes, found);
        None
    }

    /// Adds to the paste under way; returns what follows its end.
    fn pasted<'a>(&mut self, bytes: &'a [u8], found: &mut Vec<Input>) -> Option<&'a [u8]> {
        let paste = self.paste.as_mut()?;
        // The end may stand over the cut between two pieces.
        let searched = paste.text.len().saturating_sub(PASTE_ENDS.len() - 1);
        paste.text.extend_from_slice(bytes);
        let end = paste.text.get(searched..).and_then(|text| memmem::find(text, PASTE_ENDS));
        if let Some((text, after)) = end.and_then(|end| paste.text.split_at_checked(searched + end)) {
            let n_after = after.len().saturating_sub(PASTE_ENDS.len());
            push_paste(text, found);
            self.paste = None;
            return bytes.get(bytes.len() - n_after..);
        }
        if paste.text.len() >= PASTE_PIECE {
            // The cut is in no character, and not in the end.
            let is_start = |at: &usize| paste.text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
            let cut = (0..=paste.text.len() - PASTE_ENDS.len()).rev().find(is_start).unwrap_or_default();
            let tail = paste.text.split_off(cut);
            push_paste(&std::mem::replace(&mut paste.text, tail), found);
        }
        None
    }

    /// Reads what is pending; where nothing more comes, what has not ended is what it looks like.
    fn drain(&mut self, is_over: bool, now: Instant, found: &mut Vec<Input>) {
        let bytes = std::mem::take(&mut self.pending);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            if let Some(body) = rest.strip_prefix(PASTE_BEGINS) {
                self.is_torn = false;
                self.paste = Some(Paste { text: Vec::new(), last: now, flowed: now });
                rest = self.pasted(body, found).unwrap_or_default();
                continue;
            }
            match step(rest, is_over) {
                Step::Took(n_bytes, input) => {
                    found.extend(input);
                    rest = rest.get(n_bytes.max(1)..).unwrap_or_default();
                }
                Step::Wait => {
                    self.pending = rest.to_vec();
                    return;
                }
            }
        }
    }
}

fn push_paste(text: &[u8], found: &mut Vec<Input>) {
    if !text.is_empty() {
        found.push(Input::Paste(String::from_utf8_lossy(text).into_owned()));
    }
}

fn alt(mut key: KeyEvent) -> Input {
    key.modifiers |= KeyModifiers::ALT;
    Input::Key(key)
}

fn step(bytes: &[u8], is_over: bool) -> Step {
    match bytes {
        [0x1b] if !is_over => Step::Wait,
        [0x1b] | [0x1b, 0x1b, ..] => Step::Took(1, Some(Input::Key(KeyCode::Esc.into()))),
        [0x1b, b'[', body @ ..] => control_step(body, is_over),
        [0x1b, b']', body @ ..] => answer_step(body, is_over),
        [0x1b, b'O'] if !is_over => Step::Wait,
        [0x1b, b'O', last, ..] if sequence::application(*last).is_some() => Step::Took(3, sequence::application(*last)),
        [0x1b, tail @ ..] => match letter_step(tail, true, is_over) {
            Step::Took(n_bytes, Some(Input::Key(key))) => Step::Took(n_bytes + 1, Some(alt(key))),
            Step::Took(n_bytes, _) => Step::Took(n_bytes + 1, None),
            Step::Wait => Step::Wait,
        },
        _ => letter_step(bytes, false, is_over),
    }
}

/// Reads a control sequence behind its introducer.
fn control_step(body: &[u8], is_over: bool) -> Step {
    match body {
        // Somebody may have pressed Alt and the bracket.
        [] if is_over => return Step::Took(2, Some(alt(sequence::letter('[')))),
        [b'[', last, ..] => return Step::Took(4, sequence::console(*last)),
        [b'M', button, column, row, ..] => return Step::Took(6, sequence::old_mouse(*button, *column, *row)),
        [] | [b'['] | [b'M', ..] if !is_over => return Step::Wait,
        _ => {}
    }
    let end = body.iter().take(LONGEST_SEQUENCE).position(|byte| !matches!(byte, 0x20..=0x3f));
    match end {
        Some(end) if matches!(body.get(end), Some(0x40..=0x7e)) => {
            Step::Took(end + 3, body.get(..=end).and_then(sequence::control))
        }
        // Something else begins: of this one there will be no more.
        Some(end) => Step::Took(end + 2, None),
        None if is_over || body.len() >= LONGEST_SEQUENCE => Step::Took(2 + body.len().min(LONGEST_SEQUENCE), None),
        None => Step::Wait,
    }
}

/// Reads an answer (an operating system command) behind its introducer; what begins like one and is none was typed.
fn answer_step(body: &[u8], is_over: bool) -> Step {
    let typed = Step::Took(2, Some(alt(sequence::letter(']'))));
    if body.first().is_some_and(|byte| !byte.is_ascii_digit()) {
        return typed;
    }
    let end = body.iter().take(LONGEST_ANSWER).position(|byte| !matches!(byte, 0x20..=0x7e));
    let Some((text, after)) = end.and_then(|end| body.split_at_checked(end)) else {
        return if is_over || body.len() >= LONGEST_ANSWER { typed } else { Step::Wait };
    };
    let n_end = match after {
        [0x07, ..] => 1,
        [0x1b, b'\\', ..] => 2,
        [0x1b] if !is_over => return Step::Wait,
        _ => return typed,
    };
    let background = str::from_utf8(text).ok().and_then(|text| text.strip_prefix("11;"));
    let background = background.and_then(Background::of_answer).map(Input::Background);
    Step::Took(2 + text.len() + n_end, background)
}

/// Reads characters: a control character or `only_one` as one key, others as many as follow each other.
fn letter_step(bytes: &[u8], only_one: bool, is_over: bool) -> Step {
    if let Some(control) = bytes.first().filter(|byte| matches!(byte, 0x00..=0x1f | 0x7f)) {
        return Step::Took(1, Some(Input::Key(sequence::letter(char::from(*control)))));
    }
    let end = if only_one { bytes.len().min(4) } else { bytes.len() };
    let end = bytes.iter().take(end).position(|byte| matches!(byte, 0x00..=0x1f | 0x7f)).unwrap_or(end);
    let Some(chunk) = bytes.get(..end).and_then(|run| run.utf8_chunks().next()) else { return Step::Took(1, None) };
    // An 8-bit control is no key.
    let is_fine = |letter: &char| !letter.is_control();
    let text: String = chunk.valid().chars().take_while(is_fine).take(if only_one { 1 } else { end }).collect();
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (None, _) => match chunk.valid().chars().next() {
            Some(control) => Step::Took(control.len_utf8(), None),
            // The rest of a character is on its way, or these bytes are none.
            None if end == bytes.len() && is_cut_character(chunk.invalid(), bytes) && !is_over => Step::Wait,
            None => Step::Took(chunk.invalid().len(), None),
        },
        (Some(one), None) => Step::Took(one.len_utf8(), Some(Input::Key(sequence::letter(one)))),
        (Some(_), Some(_)) => Step::Took(text.len(), Some(Input::Typed(text))),
    }
}

/// Returns whether `bytes` end within their first character.
fn is_cut_character(invalid: &[u8], bytes: &[u8]) -> bool {
    let n_bytes = match invalid.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return false,
    };
    invalid.len() == bytes.len() && bytes.len() < n_bytes
}
