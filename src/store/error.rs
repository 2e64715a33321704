//! Why the store cannot do what it is asked, by what a person can do about it.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why something is not kept, or not found.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A newer program made the file: nothing in it is touched.
    #[error(
        "{path} is of a newer dissent (version {found} of its tables, this one knows {known}); nothing in it was changed"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its tables.
        found: u32,
        /// The version that this program knows.
        known: u32,
    },
    /// The file holds no tables of ours, or not whole ones.
    #[error("{0}")]
    Broken(String),
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// Another program holds the file for too long.
    #[error("another program holds the history")]
    Locked,
    /// The file or its folder can be read only, or not even that.
    #[error("{0}")]
    Closed(String),
    /// Nothing fits what was asked for; says what to do.
    #[error("{0}")]
    NotFound(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Broken(said),
            // What is in the file is not what this program has put there.
            None => Self::Broken(said),
            Some(_) => Self::Closed(said),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Closed(error.to_string()) }
    }
}
