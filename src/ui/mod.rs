//! The screen as data: state, messages in, effects out, cells. Pure: no clock, no file, no socket.

pub mod action;
pub mod app;
pub mod coloring;
pub mod column;
pub mod command;
pub mod compare;
pub mod composer;
pub mod effect;
pub mod faces;
pub mod geometry;
pub mod keymap;
pub mod line;
pub mod marks;
pub mod msg;
pub mod numbers;
pub mod opinion;
pub mod overlay;
pub mod pick;
pub mod scroll;
pub mod sight;
pub mod talk;
pub mod text;
pub mod theme;
pub mod thought;
pub mod update;
pub mod view;
