//! What two answers say of one thing: which statements meet, where they clash, and which part of each answers.

pub(crate) mod affirming;
pub(crate) mod answering;
pub(crate) mod choosing;
pub(crate) mod contradict;
pub(crate) mod corpus;
pub(crate) mod dispute;
pub(crate) mod frame;
pub(crate) mod framed;
pub(crate) mod listing;
pub(crate) mod naming;
pub(crate) mod point;
pub(crate) mod residue;
pub(crate) mod slot;
pub(crate) mod support;
