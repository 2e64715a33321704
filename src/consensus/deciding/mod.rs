//! What follows from it: claims, agreement, ranks and the confidence.

pub(crate) mod claims;
pub(crate) mod copies;
pub(crate) mod measure;
pub(crate) mod score;
pub(crate) mod spokesman;
