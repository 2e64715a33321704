//! Prices and costs in US dollars.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::usage::Usage;

/// An amount of US dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub f64);

impl fmt::Display for Usd {
    /// Writes it for a person: with at least two digits that matter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0 {
            0.0 => 2,
            amount if amount < 0.001 => 5,
            amount if amount < 0.1 => 3,
            _ => 2,
        };
        f.pad(&format!("${:.digits$}", self.0))
    }
}

impl std::ops::Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0.0), |sum, amount| sum + amount)
    }
}

/// What a model costs, in US dollars per million tokens, and when that was true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Per million tokens read.
    pub input: f64,
    /// Per million tokens written, reasoning included.
    pub output: f64,
    /// Per million tokens read from the provider's cache; `input` where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<f64>,
    /// The day on which the price was looked up, as `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Price {
    /// Returns the price of what costs nothing.
    pub fn free() -> Self {
        Self { input: 0.0, output: 0.0, cached_input: None, date: None }
    }

    /// Returns whether no token costs anything.
    pub fn is_free(&self) -> bool {
        self.input == 0.0 && self.output == 0.0 && self.cached_input.unwrap_or(0.0) == 0.0
    }

    /// Returns what `usage` costs, or `None` when the tokens read or written are unknown.
    pub fn cost(&self, usage: &Usage) -> Option<Usd> {
        let input = usage.input_tokens?;
        let output = usage.output_tokens?;
        let cached = usage.cached_input_tokens.unwrap_or(0).min(input);
        let fresh = input - cached;
        let cached_price = self.cached_input.unwrap_or(self.input);
        let per_million = fresh as f64 * self.input + cached as f64 * cached_price + output as f64 * self.output;
        Some(Usd(per_million / 1e6))
    }
}

/// Where a cost comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostBasis {
    /// The provider said what it charged.
    Provider,
    /// Tokens as the provider counted them, times the price of the catalog or the config.
    Catalog,
    /// Tokens guessed from the text; drawn with a `~`.
    Estimate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_tokens_are_charged_at_their_own_price() {
        let price = Price { input: 2.0, output: 10.0, cached_input: Some(0.5), date: None };
        let usage = Usage {
            input_tokens: Some(1_000_000),
            output_tokens: Some(100_000),
            cached_input_tokens: Some(400_000),
            ..Usage::default()
        };
        assert_eq!(price.cost(&usage), Some(Usd(1.2 + 0.2 + 1.0)));
    }

    #[test]
    fn an_unknown_count_makes_the_cost_unknown() {
        let price = Price { input: 2.0, output: 10.0, cached_input: None, date: None };
        assert_eq!(price.cost(&Usage::default()), None);
    }
}
