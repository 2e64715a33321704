//! What every mode needs of the system around it, and knows nothing of the rest of the house.

pub mod clock;
pub mod file;
