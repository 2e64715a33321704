//! What an answer says: statements with their terms and typed values, read and typed final answers, read from the text as it streams in.

pub(crate) mod choice;
pub(crate) mod code;
pub(crate) mod finals;
pub(crate) mod held;
pub(crate) mod joint;
pub(crate) mod kind;
pub(crate) mod polar;
pub(crate) mod question;
pub(crate) mod segment;
pub(crate) mod sequence;
pub(crate) mod statement;
pub(crate) mod terms;
pub(crate) mod values;
pub(crate) mod wording;
