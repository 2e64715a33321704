//! Failures that are noticed on this side, in words for a person.

use std::time::Duration;

use crate::dispatch::reading::Instead;
use crate::domain::fault::{Fault, FaultKind};
use crate::net::error::{NetError, TooLarge};
use crate::provider::endpoint::Provider;
use crate::provider::error::ServerError;
use crate::provider::failure::{plain, seconds};

/// Returns what a failure of the network means.
pub(crate) fn of_network(error: &NetError, provider: &Provider) -> Fault {
    let why = plain(&error.to_string(), provider);
    let id = &provider.id;
    match error {
        NetError::Setup(_) => Fault::new(FaultKind::BadRequest, format!("{id} cannot be asked: {why}")),
        NetError::Unreachable(_) => Fault::new(FaultKind::Network, format!("{id} cannot be reached: {why}")),
        NetError::Insecure(_) => Fault::new(
            FaultKind::Tls,
            format!("no safe connection to {id}: {why}; behind a company's own proxy, set ca_file"),
        ),
        NetError::Broken(_) => Fault::new(FaultKind::Network, format!("the connection to {id} broke: {why}")),
        NetError::CutShort => cut(provider),
        NetError::Unreadable(_) => {
            Fault::new(FaultKind::Malformed, format!("what {id} sent could not be unpacked: {why}"))
        }
    }
}

/// Returns what it means that more came than is accepted.
pub(crate) fn of_size(error: TooLarge, provider: &Provider) -> Fault {
    Fault::new(FaultKind::TooLarge, format!("{} sent too much: {error}", provider.id))
}

/// Returns what it means that something else came than an answer.
pub(crate) fn of_other(instead: &Instead, provider: &Provider) -> Fault {
    let id = &provider.id;
    match instead {
        Instead::Nothing => Fault::new(FaultKind::Empty, format!("{id} said that all is well and sent nothing")),
        Instead::Page(page) => {
            let words = plain(&ServerError::of_body(page).message, provider);
            let message = format!("{id} sent a web page instead of an answer: check base_url and proxy: {words}");
            Fault::new(FaultKind::Malformed, message)
        }
        Instead::Unreadable(text) => {
            let words = plain(text, provider);
            let message = format!("{id} sent something else than an answer: check base_url and dialect: {words}");
            Fault::new(FaultKind::Malformed, message)
        }
    }
}

/// Returns what it means that the answer ended without its end marker.
pub(crate) fn cut(provider: &Provider) -> Fault {
    Fault::new(FaultKind::Cut, format!("{} ended the answer in the middle", provider.id))
}

/// What did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    FirstToken,
    NextSign,
    End,
}

/// Returns what it means that something did not come in time.
pub(crate) fn late(missed: Missed, limit: Duration, provider: &Provider) -> Fault {
    let (id, limit) = (&provider.id, seconds(limit));
    let message = match missed {
        Missed::FirstToken => format!("{id} sent no token within {limit} (timeout.first_token)"),
        Missed::NextSign => format!("{id} fell silent for {limit} in the middle of its answer (timeout.idle)"),
        Missed::End => format!("{id} did not end its answer within {limit} (timeout.whole)"),
    };
    Fault::new(FaultKind::Timeout, message)
}

/// Returns what it means that a provider is not asked for a while.
pub(crate) fn resting(wait: Duration, provider: &Provider) -> Fault {
    let message = format!("{} failed many times in a row; it is asked again in {}", provider.id, seconds(wait));
    Fault { retry_after: Some(wait), ..Fault::new(FaultKind::Overloaded, message) }
}

/// Returns what it means that limits leave no room for a request in time.
pub(crate) fn no_turn(wait: Duration, provider: &Provider) -> Fault {
    let message = format!("{} is over its limit; it can be asked again in {}", provider.id, seconds(wait));
    Fault { retry_after: Some(wait), ..Fault::new(FaultKind::RateLimited, message) }
}
