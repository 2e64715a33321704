//! The one clock of the house: tokio's, which tests can pause.

use std::time::Instant;

/// Returns the time that it is.
pub fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
