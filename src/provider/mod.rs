//! Dialects: a question becomes a request, an event becomes text. Pure; knows no socket.

pub mod address;
pub mod allowance;
pub mod answer;
mod anthropic;
pub mod catalog;
pub mod decode;
pub mod dialect;
mod echo;
pub mod endpoint;
pub mod error;
pub mod failure;
mod gemini;
mod lenient;
pub mod listing;
mod mend;
mod ollama;
mod openai_chat;
mod openai_responses;
pub mod quirk;
pub mod request;
mod think;
pub(crate) mod wait;
mod wall;
pub mod words;
