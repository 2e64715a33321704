//! Settings: as typed, then as meant.
//!
//! The text of the file and the variables of the environment come in as values; only `secrets` reaches outside, to run
//! the command that prints a key, and only when it is handed to [`resolve::resolve`].

pub mod duration;
pub mod env;
pub mod error;
pub mod not_yet;
pub mod paths;
mod raw;
mod reader;
pub mod registry;
pub mod resolve;
pub mod secrets;
mod service;
pub mod settings;

#[cfg(test)]
mod tests;
