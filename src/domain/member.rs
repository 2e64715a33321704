//! What everyone may know of a model that is asked: enough to label, rank and price it, nothing with which to reach it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::ids::ModelId;
use crate::domain::money::Price;

/// The prior for a model of which nothing is known; see `Member::reliability`.
pub const DEFAULT_RELIABILITY: f64 = 0.8;

/// One model of the ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The id of the user's choosing.
    pub id: ModelId,
    /// The id of the provider that is asked.
    pub provider: Arc<str>,
    /// The provider's own name for the model.
    pub api_model: Arc<str>,
    /// Who made the model; `None` where that is unknown. Models of one vendor err together more often.
    pub vendor: Option<Arc<str>>,
    /// Share of questions that the model is expected to get right, 0 to 1: a prior, not a measurement.
    pub reliability: f64,
    /// What it costs; `None` where that is unknown, which is not the same as free.
    pub price: Option<Price>,
    /// What it can read at once, in tokens; `None` where that is unknown.
    pub context_tokens: Option<u32>,
    /// Whether it can look at images; `None` where that is unknown: its provider will say.
    pub takes_images: Option<bool>,
}

impl Member {
    /// Returns a member of which only the id is known.
    pub fn named(id: impl Into<ModelId>) -> Self {
        let id = id.into();
        Self {
            api_model: Arc::from(id.as_str()),
            id,
            provider: Arc::from("none"),
            vendor: None,
            reliability: DEFAULT_RELIABILITY,
            price: None,
            context_tokens: None,
            takes_images: None,
        }
    }
}
