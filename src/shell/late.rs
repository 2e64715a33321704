//! Picks the terminal's late answers out of the keys: its background, asked at the start or when the focus came back.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::ui::theme::Background;

/// The longest answer: `11;rgba:` and four numbers of four digits.
const LONGEST: usize = 32;

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Sifted {
    /// It may belong to an answer: wait for the next one.
    Kept,
    /// These are no answer.
    Events(Vec<Event>),
    /// The answer is whole.
    Answer(Background),
}

/// Collects the events that may be an answer to the question for the background.
///
/// crossterm knows no such answer and reports `ESC ] 1 1 ; …` as Alt+`]` and letters, which would be typed into the
/// composer. (A report of a changed scheme, mode 2031, it would even swallow together with the keys that follow, so that
/// mode stays off.)
#[derive(Clone, Debug, Default)]
pub struct LateAnswer {
    kept: Vec<Event>,
    text: String,
}

impl LateAnswer {
    /// Takes one event in.
    pub fn sift(&mut self, event: Event) -> Sifted {
        let key = match &event {
            Event::Key(key) => Some(*key),
            Event::Paste(_) | Event::Mouse(_) | Event::Resize(..) | Event::FocusGained | Event::FocusLost => None,
        };
        if self.kept.is_empty() {
            return if key.is_some_and(|key| is(key, ']', KeyModifiers::ALT)) {
                self.kept.push(event);
                Sifted::Kept
            } else {
                Sifted::Events(vec![event])
            };
        }
        self.kept.push(event);
        let Some(key) = key else { return self.give_up() };
        if is(key, '\\', KeyModifiers::ALT) || is(key, 'g', KeyModifiers::CONTROL) {
            let background = self.text.strip_prefix("11;").and_then(Background::of_answer);
            let Some(background) = background else { return self.give_up() };
            *self = Self::default();
            return Sifted::Answer(background);
        }
        let KeyCode::Char(letter) = key.code else { return self.give_up() };
        self.text.push(letter);
        let is_answer =
            "11;rgb".starts_with(&self.text) || self.text.starts_with("11;rgb") && self.text.len() < LONGEST;
        if is_answer { Sifted::Kept } else { self.give_up() }
    }

    fn give_up(&mut self) -> Sifted {
        Sifted::Events(std::mem::take(self).kept)
    }
}

fn is(key: KeyEvent, letter: char, modifiers: KeyModifiers) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers == modifiers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers))
    }

    /// Returns what comes of an answer as crossterm reports it.
    fn check(body: &str, expected: &Sifted) {
        let mut late = LateAnswer::default();
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(body.chars().map(|letter| key(letter, KeyModifiers::NONE)));
        events.push(key('\\', KeyModifiers::ALT));
        let last = events.pop().unwrap();
        for event in events {
            assert_eq!(late.sift(event), Sifted::Kept, "{body}");
        }
        assert_eq!(late.sift(last), *expected, "{body}");
    }

    #[test]
    fn a_late_answer_is_no_typing() {
        check("11;rgb:ffff/ffff/ffff", &Sifted::Answer(Background::Light));
        check("11;rgb:0000/0000/0000", &Sifted::Answer(Background::Dark));
    }

    #[test]
    fn what_only_begins_like_an_answer_is_typed_after_all() {
        let mut late = LateAnswer::default();
        let (first, second) = (key(']', KeyModifiers::ALT), key('x', KeyModifiers::NONE));
        assert_eq!(late.sift(first.clone()), Sifted::Kept);
        assert_eq!(late.sift(second.clone()), Sifted::Events(vec![first, second]));
        let plain = key('a', KeyModifiers::NONE);
        assert_eq!(late.sift(plain.clone()), Sifted::Events(vec![plain]));
    }
}
