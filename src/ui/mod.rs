//! The screen as data: state, messages in, effects out, cells. Pure: no clock, no file, no socket.

pub mod action;
pub mod app;
pub mod coloring;
pub mod command;
pub mod composer;
pub mod effect;
pub mod geometry;
pub mod keymap;
pub mod line;
pub mod marks;
pub mod msg;
pub mod numbers;
pub mod scroll;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
