//! Asks a provider what it serves: one request that costs nothing, with a short time-out.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::dispatch::attempt::into_request;
use crate::dispatch::trouble;
use crate::domain::fault::{Fault, FaultKind};
use crate::net::transport::Transport;
use crate::provider::endpoint::Model;
use crate::provider::error::ServerError;
use crate::provider::failure::reported;
use crate::provider::listing::listed;
use crate::provider::request;

/// How long a listing is waited for: a person waits, and nothing depends on it.
const WAIT: Duration = Duration::from_secs(10);

/// The longest listing that is read; the longest known, a reseller's with hundreds of models, has half a MiB.
const MAX_BODY: usize = 8 << 20;

/// What a provider said when it was asked what it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The names of its models.
    pub names: Vec<String>,
    /// The moment at which it says it answered, as an HTTP date.
    pub date: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// Returns what the provider of `model` lists.
///
/// # Errors
/// What went wrong and what to do, as with a question.
pub async fn list(transport: &Transport, model: &Model) -> Result<Listing, Fault> {
    let provider = &*model.provider;
    let network = |error| trouble::of_network(&error, provider);
    let request = into_request(request::list_models(provider), provider).map_err(network)?;
    let begun_at = Instant::now();
    let until = begun_at + WAIT;
    let late =
        |_| Fault::new(FaultKind::Timeout, format!("{} did not answer within {} s", provider.id, WAIT.as_secs()));
    let mut reply = timeout_at(until, transport.send(request)).await.map_err(late)?.map_err(network)?;
    let mut body = Vec::new();
    while let Some(piece) = timeout_at(until, reply.piece()).await.map_err(late)?.map_err(network)? {
        body.extend_from_slice(&piece);
        if body.len() > MAX_BODY {
            return Err(Fault::new(FaultKind::TooLarge, format!("the list of {} is longer than 8 MiB", provider.id)));
        }
    }
    let body = String::from_utf8_lossy(&body);
    if reply.status >= 300 {
        let error = ServerError::of_body(&body);
        return Err(reported(&error, Some(reply.status), |name| reply.header(name), model).fault);
    }
    let unreadable = || Fault::new(FaultKind::Malformed, format!("what {} answered is no list of models", provider.id));
    let names = listed(&body).ok_or_else(unreadable)?;
    Ok(Listing { names, date: reply.header("date").map(str::to_owned), took: begun_at.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::replay::{Replay, Step, Tape};
    use crate::provider::dialect::Dialect;
    use crate::provider::request::tests::model;

    async fn check(tape: Tape) -> Result<Vec<String>, String> {
        let transport = Transport::Replay(Replay::new([tape]));
        let listing = list(&transport, &model(Dialect::OpenaiChat)).await;
        listing.map(|it| it.names).map_err(|fault| fault.told())
    }

    #[tokio::test(start_paused = true)]
    async fn a_listing_comes_back_or_the_reason_why_not() {
        assert_eq!(check(Tape::new(200, r#"{"data":[{"id":"m"}]}"#)).await, Ok(vec!["m".to_owned()]));
        let refused = check(Tape::new(401, r#"{"error":{"message":"bad key"}}"#)).await.unwrap_err();
        assert!(refused.contains("HOUSE_KEY") && !refused.contains("planted-key"), "{refused}");
        assert_eq!(check(Tape::new(200, "<html>")).await.unwrap_err(), "what house answered is no list of models");
        let silent = Tape::new(200, "").then(Step::Pause(Duration::from_secs(60)));
        assert_eq!(check(silent).await.unwrap_err(), "house did not answer within 10 s");
    }
}
