//! `dissent sessions`: what was kept, listed, shown, searched and changed from a shell.

pub mod change;
pub mod list;
pub mod search;
pub mod show;
pub mod verify;

use serde::Serialize;

use crate::store::list::SessionHead;

/// A session in a list, as scripts read it.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    id: &'a str,
    short: &'a str,
    name: &'a str,
    folder: &'a str,
    demo: bool,
    made_at: String,
    used_at: String,
    turns: u32,
    flagged: u32,
    conflicts: u32,
    /// Null where a part of it is not known; then `cost_least_usd` is what is.
    cost_usd: Option<f64>,
    cost_least_usd: f64,
    cost_estimated: bool,
    /// The command line that goes on with it.
    resume: String,
}

impl<'a> From<&'a SessionHead> for Row<'a> {
    fn from(head: &'a SessionHead) -> Self {
        Self {
            id: &head.id,
            short: &head.short,
            name: &head.name,
            folder: &head.folder,
            demo: head.is_demo,
            made_at: moment(head.made_at_ms),
            used_at: moment(head.used_at_ms),
            turns: head.n_turns,
            flagged: head.n_flagged,
            conflicts: head.n_conflicts,
            cost_usd: head.cost.whole().map(|usd| usd.0),
            cost_least_usd: head.cost.known.0,
            cost_estimated: head.cost.is_estimated,
            resume: format!("{} {}", head.resume, head.short),
        }
    }
}

/// Returns a moment as scripts read it, RFC 3339.
fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}

/// Returns a count with its word: `1 turn`, `2 turns`.
pub(super) fn count(n: u32, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}
