//! Text from models on its way to cells: cleaned, laid out as markdown, wrapped, sealed.

pub mod clean;
pub mod offsets;
pub mod row;
pub mod width;

mod block;
mod blocks;
mod half_open;
mod inline;
mod layout;
mod line;
mod long;
mod runs;
mod table;

pub mod code;
pub mod document;
pub mod highlight;
