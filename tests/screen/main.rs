//! The screen without a terminal: what keys do, what is shown, how the loop behaves.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test stops at the first surprise, and looks for one thing"
)]

mod anchors;
mod borders;
mod bytes;
mod coloring;
mod commands;
mod compare;
mod copying;
mod effort;
mod emulator;
mod find;
mod keys;
mod lock;
mod looped;
mod money;
mod mouse;
mod opinion;
mod pickers;
mod replay;
mod sessions;
mod shown;
mod sources;
mod stats;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod talk;
mod thought;
mod turn;
