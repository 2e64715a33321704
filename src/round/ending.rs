//! How a response ended, as the engine is told.

use crate::consensus::voice::Ending;
use crate::domain::response::Response;

pub(super) fn ending_of(response: &Response) -> Ending {
    if response.is_withdrawn {
        Ending::Nothing
    } else if response.is_refusal() {
        Ending::Refusal
    } else if response.counts() {
        Ending::Complete
    } else if response.text.trim().is_empty() {
        Ending::Nothing
    } else {
        Ending::Partial
    }
}
