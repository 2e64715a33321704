//! Dialects: a question becomes a request, an event becomes text. Pure; knows no socket.

pub mod address;
pub mod answer;
pub mod anthropic;
pub mod catalog;
pub mod decode;
pub mod dialect;
pub mod endpoint;
pub mod error;
pub mod failure;
pub mod gemini;
pub mod lenient;
pub mod ollama;
pub mod openai_chat;
pub mod openai_responses;
pub mod quirk;
pub mod request;
pub mod think;
pub mod wait;
