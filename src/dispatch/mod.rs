//! One question to many models, politely: calls with retries, limits and time-outs, as one stream of events.

pub mod call;
