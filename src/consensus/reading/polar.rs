//! Questions that want a yes or a no, and those among them that ask by what they deny.

use crate::consensus::reading::question::{Asks, Question};

/// Verbs that open a question of yes or no.
pub(crate) const YES_NO: [&str; 34] = [
    "is",
    "are",
    "was",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "will",
    "would",
    "should",
    "has",
    "have",
    "had",
    "may",
    "might",
    "must",
    "isn't",
    "aren't",
    "doesn't",
    "am",
    "wasn't",
    "weren't",
    "don't",
    "didn't",
    "can't",
    "couldn't",
    "won't",
    "wouldn't",
    "shouldn't",
    "hasn't",
    "haven't",
    "hadn't",
];

impl Question {
    /// Returns whether it asks for a yes or no by what it denies: "Isn't it safe?".
    pub(crate) fn is_negative(&self) -> bool {
        let first = self.text.split_whitespace().next().unwrap_or("").to_lowercase();
        self.asks == Asks::YesNo && (first.ends_with("n't") || first.ends_with("n’t"))
    }
}
