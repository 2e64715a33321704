//! Settings: as typed, then as meant.
//!
//! Nothing here reads the environment, the clock or a file: text and variables come in as values.

pub mod env;
pub mod error;
pub mod nearest;
pub mod paths;
mod raw;
mod reader;
mod registry;
pub mod resolve;
pub mod secrets;
mod service;
pub mod settings;

#[cfg(test)]
mod tests;
