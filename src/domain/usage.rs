//! Token counts of one response.

use serde::{Deserialize, Serialize};

/// Tokens of one response; `None` where the provider did not say.
///
/// Input counts everything read, cached tokens included; output everything billed as output, reasoning included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read, cached ones included.
    pub input_tokens: Option<u64>,
    /// Tokens written and billed, reasoning included.
    pub output_tokens: Option<u64>,
    /// The part of the input that came from the provider's cache.
    pub cached_input_tokens: Option<u64>,
    /// The part of the input that was written to the provider's cache.
    pub cache_write_tokens: Option<u64>,
    /// The part of the output that was reasoning.
    pub reasoning_tokens: Option<u64>,
}
