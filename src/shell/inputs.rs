//! What a person does, as the terminal reports it; can be paused while another program has the terminal.

use std::io;

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyModifiers};
use futures_util::stream::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// The reader of the terminal.
///
/// A task of its own reads: crossterm's stream remembers the first waker that it is polled with, so it must never be
/// polled just to see whether something is there.
#[derive(Debug)]
pub struct Inputs {
    events: UnboundedSender<io::Result<Event>>,
    task: Option<JoinHandle<()>>,
}

impl Inputs {
    /// Starts to read on the current tokio runtime; what comes in arrives on the receiver. A terminal that gives no more
    /// says so with an error of the kind `UnexpectedEof`.
    pub fn start() -> (Self, UnboundedReceiver<io::Result<Event>>) {
        let (events, receiver) = unbounded_channel();
        let mut inputs = Self { events, task: None };
        inputs.resume();
        (inputs, receiver)
    }

    /// Takes bytes in that were typed before anyone read: characters and the plain control keys.
    pub fn take_early(&self, typed: &[u8]) {
        for letter in String::from_utf8_lossy(typed).chars() {
            // Nobody listens any more: then nothing is lost.
            let _ = self.events.send(Ok(Event::Key(key_of(letter))));
        }
    }

    /// Stops reading, and returns once every byte that comes is another program's.
    pub async fn pause(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // That it was aborted is no news.
            let _ = task.await;
        }
    }

    /// Reads again.
    pub fn resume(&mut self) {
        let tx = self.events.clone();
        self.task = Some(tokio::spawn(async move {
            let mut events = EventStream::new();
            while let Some(event) = events.next().await {
                if tx.send(event).is_err() {
                    return;
                }
            }
            // Nobody listens any more: then nobody waits for more either.
            let _ = tx.send(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the terminal gives no more input")));
        }));
    }
}

/// Returns the key that sends a character in raw mode.
fn key_of(letter: char) -> KeyEvent {
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match letter {
        '\r' => key(KeyCode::Enter),
        '\t' => key(KeyCode::Tab),
        '\x7f' => key(KeyCode::Backspace),
        '\x1b' => key(KeyCode::Esc),
        // Control and a letter send the letter's number.
        '\x01'..='\x1a' => {
            let letter = char::from(b'`' + u8::try_from(letter).unwrap_or_default());
            KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
        }
        letter => key(KeyCode::Char(letter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_early_becomes_the_keys_that_send_it() {
        let check = |letter: char, code: KeyCode, modifiers: KeyModifiers| {
            assert_eq!(key_of(letter), KeyEvent::new(code, modifiers), "{letter:?}");
        };
        check('a', KeyCode::Char('a'), KeyModifiers::NONE);
        check('é', KeyCode::Char('é'), KeyModifiers::NONE);
        check('\r', KeyCode::Enter, KeyModifiers::NONE);
        check('\n', KeyCode::Char('j'), KeyModifiers::CONTROL);
        check('\x04', KeyCode::Char('d'), KeyModifiers::CONTROL);
        check('\x7f', KeyCode::Backspace, KeyModifiers::NONE);
    }
}
