//! The same house without windows.

pub mod compare;
pub mod config;
