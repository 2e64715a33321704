//! The same house without windows.

pub mod ask;
pub mod compare;
pub mod config;
pub mod doctor;
pub mod exit;
pub mod import;
mod json;
pub mod models;
pub mod plain;
pub mod replay;
pub mod sessions;
pub mod stats;
