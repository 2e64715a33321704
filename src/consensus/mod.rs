//! What several texts agree on and where they conflict. Pure, incremental, and never fails.

mod answering;
mod assemble;
mod claims;
mod contradict;
mod corpus;
mod dispute;
pub mod engine;
pub mod finals;
mod kind;
mod measure;
pub mod plain;
mod point;
mod question;
pub mod report;
mod score;
mod segment;
mod statement;
pub mod steady;
mod support;
mod terms;
pub mod values;
mod wording;
