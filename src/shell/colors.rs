//! The worker that reads code: a thread with the grammars, so that no grammar ever delays a key or a frame.

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::ui::coloring::{CodeLines, CodePlace, ColoredLines};
use crate::ui::text::highlight::{CodeState, Highlighter};

/// Starts the worker; returns where lines go in and where their colours come out. It ends when the first is dropped.
///
/// # Errors
/// When the system gives us no further thread.
pub fn start() -> io::Result<(Sender<CodeLines>, UnboundedReceiver<ColoredLines>)> {
    let (lines, inbox) = channel();
    let (outbox, colors) = unbounded_channel();
    std::thread::Builder::new().name("colors".to_owned()).spawn(move || work(&inbox, &outbox))?;
    Ok((lines, colors))
}

fn work(inbox: &Receiver<CodeLines>, outbox: &UnboundedSender<ColoredLines>) {
    // The grammars are loaded when the first code comes in: most conversations have none.
    let mut highlighter = None;
    let mut states: HashMap<CodePlace, CodeState> = HashMap::new();
    while let Ok(CodeLines { place, language, first, lines }) = inbox.recv() {
        let highlighter = highlighter.get_or_insert_with(Highlighter::load);
        if first == 0 {
            states.retain(|known, _| known.turn == place.turn);
            states.insert(place, highlighter.begin(&language));
        }
        let Some(state) = states.get_mut(&place) else { continue };
        let lines = lines.iter().map(|line| highlighter.tokens(state, line)).collect();
        if outbox.send(ColoredLines { place, first, lines }).is_err() {
            return;
        }
    }
}
