//! One question to many models, politely: calls with retries, limits and time-outs, as one stream of events.

mod attempt;
mod breaker;
pub mod call;
pub mod claims;
mod gate;
mod lane;
mod learned;
mod limiter;
pub mod listing;
mod outbox;
pub mod reading;
pub mod retry;
mod task;
mod trouble;

#[cfg(test)]
mod tests;
