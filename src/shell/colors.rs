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
        if news.send(Msg::Colored(ColoredLines { place, first, lines })).is_err() {
            return;
        }
    }
}
