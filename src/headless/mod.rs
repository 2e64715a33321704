//! The same house without windows.

pub mod ask;
pub mod compare;
pub mod config;
pub mod exit;
