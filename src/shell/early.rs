//! What was typed before anyone read keys, as events: characters, the plain control keys, cursor keys, whole pastes.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// The events of some bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Early {
    /// What was done, in order. Of a paste that has not ended, what there is of it.
    pub events: Vec<Event>,
    /// Whether the last one ended: else the next bytes belong to it, and are not keys.
    pub is_whole: bool,
}

impl Early {
    /// Reads bytes that a terminal sent in raw mode. What is no key and no paste, such as the mouse, is passed over.
    pub fn read(bytes: &[u8]) -> Self {
        let mut early = Self { events: Vec::new(), is_whole: true };
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = early.take(rest);
        }
        early
    }

    /// Takes one event in; returns what follows it.
    fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if let Some(body) = bytes.strip_prefix(PASTE_BEGINS) {
            let end = body.windows(PASTE_ENDS.len()).position(|part| part == PASTE_ENDS);
            self.is_whole = end.is_some();
            let (text, after) = body.split_at(end.unwrap_or(body.len()));
            self.events.push(Event::Paste(String::from_utf8_lossy(text).into_owned()));
            return after.strip_prefix(PASTE_ENDS).unwrap_or_default();
        }
        match bytes {
            [0x1b, b'[', body @ ..] => {
                let end = body.iter().position(|byte| (0x40..=0x7e).contains(byte));
                self.is_whole = end.is_some();
                let (sequence, after) = body.split_at(end.map_or(body.len(), |end| end + 1));
                self.push(sequence_key(sequence), KeyModifiers::NONE);
                after
            }
            [0x1b, b'O', last, after @ ..] => {
                self.push(sequence_key(&[*last]), KeyModifiers::NONE);
                after
            }
            [0x1b, after @ ..] => {
                self.push(Some(KeyCode::Esc), KeyModifiers::NONE);
                after
            }
            _ => {
                let letter = bytes.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
                // A character of several bytes may be on its way.
                self.is_whole = letter.is_some() || bytes.len() >= 4;
                if let Some((code, modifiers)) = letter.map(letter_key) {
                    self.push(Some(code), modifiers);
                }
                let (_, after) = bytes.split_at(letter.map_or(1, char::len_utf8));
                after
            }
        }
    }

    fn push(&mut self, code: Option<KeyCode>, modifiers: KeyModifiers) {
        self.events.extend(code.map(|code| Event::Key(KeyEvent::new(code, modifiers))));
    }
}

/// Returns the key of a control sequence without its introducer.
fn sequence_key(sequence: &[u8]) -> Option<KeyCode> {
    Some(match sequence {
        b"A" => KeyCode::Up,
        b"B" => KeyCode::Down,
        b"C" => KeyCode::Right,
        b"D" => KeyCode::Left,
        b"H" | b"1~" | b"7~" => KeyCode::Home,
        b"F" | b"4~" | b"8~" => KeyCode::End,
        b"Z" => KeyCode::BackTab,
        b"3~" => KeyCode::Delete,
        b"5~" => KeyCode::PageUp,
        b"6~" => KeyCode::PageDown,
        _ => return None,
    })
}

/// Returns the key that sends a character.
fn letter_key(letter: char) -> (KeyCode, KeyModifiers) {
    match letter {
        '\r' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        // Control and a letter send the letter's number.
        '\x01'..='\x1a' => {
            let letter = char::from(b'`' + u8::try_from(letter).unwrap_or_default());
            (KeyCode::Char(letter), KeyModifiers::CONTROL)
        }
        letter => (KeyCode::Char(letter), KeyModifiers::NONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str, expected: &[Event]) {
        assert_eq!(Early::read(bytes.as_bytes()), Early { events: expected.to_vec(), is_whole: true }, "{bytes:?}");
    }

    fn key(code: KeyCode) -> Event {
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn control(letter: char) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))
    }

    #[test]
    fn what_was_typed_early_becomes_the_keys_that_send_it() {
        check("aé\r", &[key(KeyCode::Char('a')), key(KeyCode::Char('é')), key(KeyCode::Enter)]);
        check("\n\x04\x7f", &[control('j'), control('d'), key(KeyCode::Backspace)]);
        check(
            "\x1b[A\x1bOB\x1b[5~\x1b",
            &[key(KeyCode::Up), key(KeyCode::Down), key(KeyCode::PageUp), key(KeyCode::Esc)],
        );
        check("", &[]);
    }

    #[test]
    fn a_paste_is_no_typing() {
        let paste = |text: &str| Event::Paste(text.to_owned());
        check("\x1b[200~one\ntwo\r\x1b[201~x", &[paste("one\ntwo\r"), key(KeyCode::Char('x'))]);
        let half = Early::read(b"\x1b[200~one\rtwo");
        assert_eq!(half, Early { events: vec![paste("one\rtwo")], is_whole: false });
    }

    #[test]
    fn what_is_no_key_is_passed_over() {
        check("\x1b[<0;10;20Ma\x1b[I", &[key(KeyCode::Char('a'))]);
    }

    #[test]
    fn an_event_is_not_whole_before_its_last_byte() {
        for whole in ["\x1b[A", "\x1b[200~ab\x1b[201~", "漢"] {
            for cut in 1..whole.len() {
                // A lone escape is the key itself.
                assert_eq!(
                    Early::read(&whole.as_bytes()[..cut]).is_whole,
                    whole.as_bytes()[..cut] == *b"\x1b",
                    "{whole:?} {cut}"
                );
            }
        }
    }
}
