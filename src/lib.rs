//! dissent asks several language models the same question at once and shows where they agree and where they differ.
//!
//! This library exists for the binary, its tests and its benches; it is no public API and promises no stability.
//! The map of the rooms is in ARCHITECTURE.md.

pub mod analyst;
pub mod cli;
pub mod config;
pub mod consensus;
pub mod demo;
pub mod dispatch;
pub mod domain;
pub mod edge;
pub mod export;
pub mod figures;
pub mod headless;
pub mod import;
pub mod net;
pub mod provider;
pub mod recording;
pub mod round;
pub mod setup;
pub mod shell;
pub mod store;
pub mod ui;
