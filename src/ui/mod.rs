//! The screen as data: state, messages in, effects out, cells. Pure.
pub mod text;
