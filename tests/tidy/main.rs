//! Keeps the house as ARCHITECTURE.md draws it: which room may import which, what a pure room may know, how files begin
//! and how long they get.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at what is not as it must be")]

mod rooms;
mod source;

use crate::source::sources;

/// Rooms that know no clock, file or socket, and the words that must not appear in them.
const PURE: &[&str] = &["domain", "provider", "consensus", "ui"];
const IMPURE: &[&str] = &[
    "Instant::now",
    "SystemTime",
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::env",
    "std::process",
    "std::thread",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "tokio::",
    ".await",
    "rustix::",
    "reqwest::",
    "rusqlite::",
];

/// What makes a `static` hold state that changes.
const STATE: &[&str] = &["static mut", "Atomic", "Mutex", "RwLock", "RefCell", "OnceLock", "OnceCell"];

/// Lines of a file before its tests.
const MOST_LINES: usize = 400;

#[test]
fn pure_rooms_know_no_clock_file_or_socket() {
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room.as_str())) {
        let code = source.code();
        for word in IMPURE.iter().filter(|word| code.contains(**word)) {
            offences.push(format!("{} has `{word}`", source.path.display()));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn no_static_holds_state_that_changes() {
    for source in sources() {
        for line in source.code().lines().filter(|line| line.contains("static ") && !line.contains('"')) {
            let changes = STATE.iter().any(|word| line.contains(word));
            assert!(!changes, "{}: {}", source.path.display(), line.trim());
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        let first = source.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 12, "{} opens with {first:?}", source.path.display());
    }
}

#[test]
fn files_stay_small() {
    for source in sources() {
        let n_lines = source.product().len();
        assert!(n_lines <= MOST_LINES, "{} has {n_lines} lines without its tests", source.path.display());
    }
}
