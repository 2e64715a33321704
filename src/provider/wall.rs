//! What stands before a service and refuses in its place: no key and no option gets round it.

use crate::provider::error::ServerError;

/// Something that stands before a service, or a rule of it, that no key and no option gets round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wall {
    /// A page against machines that ask.
    Bots,
    /// A proxy that wants to know who asks.
    Proxy,
    /// A service that is closed to where the question comes from.
    Region,
}

/// What pages against machines say.
const BOT_WORDS: [&str; 12] = [
    "just a moment",
    "attention required",
    "cloudflare",
    "checking your browser",
    "verify you are human",
    "captcha",
    "access denied",
    "request blocked",
    "you have been blocked",
    "ddos",
    "security check",
    "unusual traffic",
];

/// What services say that are not for everyone.
const REGION_WORDS: [&str; 9] = [
    "unsupported_country",
    "unsupported country",
    "country, region",
    "user location",
    "your country",
    "your region",
    "your location",
    "not available in this region",
    "geo",
];

/// Returns the wall that a refusal comes from, if it does.
pub(crate) fn wall(error: &ServerError, status: Option<u16>) -> Option<Wall> {
    let message = error.message.to_ascii_lowercase();
    let says = |words: &[&str]| {
        let is_said = |word: &&str| message.contains(*word) || error.labels.iter().any(|label| label.contains(*word));
        words.iter().any(is_said)
    };
    let is_refusal = matches!(status.or(error.status), Some(400 | 401 | 403 | 429 | 451 | 503));
    match status {
        Some(407) => Some(Wall::Proxy),
        Some(451) => Some(Wall::Region),
        _ if is_refusal && says(&REGION_WORDS) => Some(Wall::Region),
        // A service answers in JSON; whoever sends a page does not know the key.
        Some(401 | 403 | 429 | 503) if error.is_page && says(&BOT_WORDS) => Some(Wall::Bots),
        Some(403) if error.is_page => Some(Wall::Bots),
        _ => None,
    }
}
