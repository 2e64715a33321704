//! What several tests need: a model that is asked at an address of their choosing.

use std::sync::Arc;

use dissent::domain::member::Member;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Limits, Model, Options, Provider, Timeouts};

/// Returns a model whose provider has the same id, no key and the usual time-outs.
pub(crate) fn model(id: &str, dialect: Dialect, base_url: &str) -> Model {
    let provider = Provider {
        id: Arc::from(id),
        dialect,
        base_url: base_url.to_owned(),
        key: None,
        key_source: None,
        headers: Vec::new(),
        ca_file: None,
        proxy: None,
        limits: Limits::default(),
        timeouts: Timeouts::default(),
    };
    Model {
        member: Arc::new(Member::named(id)),
        provider: Arc::new(provider),
        options: Options::default(),
        system: None,
        strengths: Vec::new(),
        fallback: Vec::new(),
    }
}
