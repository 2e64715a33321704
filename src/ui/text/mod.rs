//! Text from models on its way to cells: cleaned, laid out as markdown, wrapped, sealed.
//!
//! `clean` lets in what is safe and `offsets` remembers where it stood; `line` and `blocks` cut lines into blocks that
//! are final, `inline` reads the words of a block, `layout` and `table` make rows of it, `document` keeps them.
//! Nothing here knows of models, columns, colours or time.

pub mod clean;
pub mod offsets;
pub mod row;
pub mod width;

mod block;
mod blocks;
mod half_open;
pub(crate) mod inline;
mod layout;
mod line;
mod literal;
mod long;
mod runs;
mod table;

pub mod code;
pub mod diff;
pub mod document;
pub mod highlight;
