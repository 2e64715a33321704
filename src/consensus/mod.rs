//! What several texts agree on and where they conflict. Pure, incremental, and never fails.
//!
//! Three floors, each on the one before: `reading` (text to statements), `comparing` (two statements, two answers),
//! `deciding` (all of them: claims, ranks, confidence). `assemble` puts the `report` together, and the `engine` is the
//! door.

mod assemble;
mod comparing;
mod deciding;
pub mod engine;
pub mod plain;
mod reading;
pub mod report;
pub mod steady;
pub mod voice;
