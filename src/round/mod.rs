//! One question from start to verdict: dispatch, analyse, settle. One stream of events that every reader reads.

pub mod drive;
mod ending;
pub mod keeping;
pub mod overhear;
pub mod plan;
pub mod rerun;
pub mod revive;
pub mod settle;
mod telling;
pub mod verdict;
