//! The worker that reads code: a thread with the grammars, so that no grammar ever delays a key or a frame.

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc::UnboundedSender;

use crate::ui::coloring::{CodeLines, CodePlace, ColoredLines};
use crate::ui::msg::Msg;
use crate::ui::text::highlight::{CodeState, Highlighter};

/// Starts the worker; returns where lines go in. Their colours come out at `news`. It ends when what is returned is dropped.
///
/// # Errors
/// When the system gives us no further thread.
pub fn start(news: UnboundedSender<Msg>) -> io::Result<Sender<CodeLines>> {
    let (lines, inbox) = channel();
    std::thread::Builder::new().name("colors".to_owned()).spawn(move || work(&inbox, &news))?;
    Ok(lines)
}

fn work(inbox: &Receiver<CodeLines>, news: &UnboundedSender<Msg>) {
    let mut reader = Reader::default();
    while let Ok(lines) = inbox.recv() {
        let Some(colored) = reader.read(lines) else { continue };
        if news.send(Msg::Colored(colored)).is_err() {
            return;
        }
    }
}

/// Reads code, and remembers where it is in each block.
#[derive(Default)]
pub(super) struct Reader {
    /// Loaded when the first code comes in: most conversations have none.
    highlighter: Option<Highlighter>,
    states: HashMap<CodePlace, CodeState>,
}

impl Reader {
    /// Returns what the lines are made of; `None` where the beginning of their block was never given.
    pub(super) fn read(&mut self, CodeLines { place, language, first, lines }: CodeLines) -> Option<ColoredLines> {
        let highlighter = self.highlighter.get_or_insert_with(Highlighter::load);
        if first == 0 {
            self.states.retain(|known, _| known.turn == place.turn);
            self.states.insert(place, highlighter.begin(&language));
        }
        let state = self.states.get_mut(&place)?;
        let lines = lines.iter().map(|line| highlighter.tokens(state, line)).collect();
        Some(ColoredLines { place, first, lines })
    }
}
