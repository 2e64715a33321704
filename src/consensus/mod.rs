//! What several texts agree on and where they conflict. Pure, incremental, and never fails.

pub mod engine;
pub mod report;
pub mod values;
