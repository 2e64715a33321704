//! What is kept from one run to the next: one SQLite file, one thread that writes it, and questions that are asked of it.
//!
//! Whoever streams never waits for the disk: what happens is sent to the writer and is in the file within a quarter of a
//! second. Nothing here ends the program: a file that cannot be used is set aside or left alone, and the person is told.

pub mod bring;
pub mod cost;
pub mod edit;
pub mod error;
mod file;
pub mod list;
pub mod pack;
mod put;
pub mod read;
pub mod retention;
pub mod schema;
pub mod search;
pub mod shelf;
pub mod sitting;
pub mod stats;
mod verdict;
mod words;
mod write;

pub use crate::store::file::{FILE_NAME, Store};
