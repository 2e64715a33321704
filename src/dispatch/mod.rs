//! One question to many models, politely: calls with retries, limits and time-outs, as one stream of events.

mod attempt;
pub mod call;
mod outbox;
pub mod reading;
pub mod retry;
mod task;
mod trouble;
