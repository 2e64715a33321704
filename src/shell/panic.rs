//! What a fault of our own does: it gives the terminal back and says where it was, without a word of what was typed.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::shell::modes::Modes;
use crate::shell::pen::Pen;
use crate::shell::stderr::Aside;

/// A panic of this thread, which is the loop's, gives the terminal back before its report is printed. One in a task costs
/// that task alone: the screen stays, and what there is to say waits in `complaints` until it is closed.
///
/// The usual report is not printed: a panic's own words may quote the text that it was at, such as a question.
pub(crate) fn install_hook(modes: Modes, pen: Pen, aside: Option<Arc<Aside>>, complaints: Sender<String>) {
    let loop_thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        if std::thread::current().id() == loop_thread {
            modes.restore(&pen);
            if let Some(aside) = &aside {
                aside.put_back();
            }
            // Only where RUST_BACKTRACE asks for it.
            let trace = Backtrace::capture();
            let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
            // Without a standard error there is nobody to tell.
            let _ = io::stderr().write_all(last_words(&place, trace.as_deref()).as_bytes());
        } else {
            // The receiver is gone once the screen is closed: then nobody asks any more.
            let _ = complaints.send(format!("a part of dissent failed at {place}: please report this line"));
        }
    }));
}

/// A panic without a screen, such as of `dissent ask`, says where it was and no more, for the same reason.
pub(crate) fn install_plain_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let trace = Backtrace::capture();
        let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
        // Without a standard error there is nobody to tell.
        let _ = io::stderr().write_all(plain_words(&place, trace.as_deref()).as_bytes());
    }));
}

/// Returns what a person reads after a fault at `place` where there is no screen.
fn plain_words(place: &str, trace: Option<&str>) -> String {
    let advice = advice(trace);
    format!("dissent: a fault of its own at {place}; nothing of what was asked is in this message.\n{advice}\n")
}

fn advice(trace: Option<&str>) -> String {
    match trace {
        Some(trace) => format!("Please report it with these lines:\n{}", trace.trim_end()),
        None => "Please report it with this place; RUST_BACKTRACE=1 tells more where it comes again.".to_owned(),
    }
}

/// Returns what a person reads below the terminal's own picture after a fault at `place`, ready to be written.
fn last_words(place: &str, trace: Option<&str>) -> String {
    let advice = advice(trace);
    format!(
        "dissent has failed and had to stop: a fault of its own at {place}.\n\
         Your terminal is as it was; the conversation is lost, and nothing of it is in this message.\n{advice}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_name_the_place_and_what_to_do() {
        let words = last_words("src/ui/line.rs:12:5", None);
        assert_eq!(
            words,
            "dissent has failed and had to stop: a fault of its own at src/ui/line.rs:12:5.\n\
             Your terminal is as it was; the conversation is lost, and nothing of it is in this message.\n\
             Please report it with this place; RUST_BACKTRACE=1 tells more where it comes again.\n"
        );
        let plain = plain_words("src/ui/line.rs:12:5", None);
        assert_eq!(
            plain,
            "dissent: a fault of its own at src/ui/line.rs:12:5; nothing of what was asked is in this message.\n\
             Please report it with this place; RUST_BACKTRACE=1 tells more where it comes again.\n"
        );
        let traced = last_words("src/ui/line.rs:12:5", Some("   0: one\n   1: two\n"));
        assert!(traced.ends_with("Please report it with these lines:\n   0: one\n   1: two\n"), "{traced}");
    }
}
