//! What several texts agree on and where they conflict. Pure, incremental, and never fails.

mod affirming;
mod answering;
mod assemble;
mod choosing;
mod claims;
mod contradict;
mod corpus;
mod dispute;
pub mod engine;
pub mod finals;
mod joint;
mod kind;
mod measure;
mod naming;
pub mod plain;
mod point;
mod question;
pub mod report;
mod score;
mod segment;
mod slot;
mod statement;
pub mod steady;
mod support;
mod terms;
pub mod values;
mod wording;
