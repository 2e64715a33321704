//! Failures that are noticed on this side, in words for a person.

use std::time::Duration;

use crate::dispatch::reading::{Excess, Instead};
use crate::domain::address::is_loopback;
use crate::domain::fault::{Fault, FaultKind};
use crate::net::error::NetError;
use crate::provider::endpoint::Provider;
use crate::provider::error::ServerError;
use crate::provider::failure::seconds;
use crate::provider::words::plain;

/// Returns what a failure of the network means.
pub(crate) fn of_network(error: &NetError, provider: &Provider) -> Fault {
    let why = plain(&error.to_string(), provider);
    let id = &provider.id;
    match error {
        NetError::Setup(_) => {
            Fault::new(FaultKind::BadRequest, format!("{id} cannot be asked: {why}")).advise("correct its settings")
        }
        NetError::Unreachable(_) => {
            let advice = if is_loopback(&provider.base_url) {
                "start its server or correct base_url"
            } else {
                "check the network and base_url"
            };
            Fault::new(FaultKind::Network, format!("{id} cannot be reached: {why}")).advise(advice)
        }
        NetError::Insecure(_) => Fault::new(FaultKind::Tls, format!("no safe connection to {id}: {why}"))
            .advise("check the clock; behind a company's own proxy or certificate, set ca_file"),
        NetError::NoTls(_) => Fault::new(FaultKind::Tls, format!("no safe connection to {id}: {why}"))
            .advise("check the port in base_url, or begin it with http:// if the server is your own"),
        NetError::Broken(_) => {
            Fault::new(FaultKind::Network, format!("the connection to {id} broke: {why}")).advise("ask again")
        }
        NetError::CutShort => cut(provider),
        NetError::Unreadable(_) => {
            Fault::new(FaultKind::Malformed, format!("what {id} sent could not be unpacked: {why}"))
                .advise("ask again; if it goes on, check base_url and proxy")
        }
    }
}

/// Returns what it means that more came than is accepted.
pub(crate) fn of_size(error: Excess, provider: &Provider) -> Fault {
    Fault::new(FaultKind::TooLarge, format!("{} sent too much: {error}", provider.id))
        .advise("ask for a shorter answer, or check base_url")
}

/// Returns what it means that something else came than an answer.
pub(crate) fn of_other(instead: &Instead, provider: &Provider) -> Fault {
    let id = &provider.id;
    match instead {
        Instead::Nothing => Fault::new(FaultKind::Empty, format!("{id} said that all is well and sent nothing"))
            .advise("ask again, or ask something shorter: some servers answer a question that is too long like this"),
        Instead::Page(page) => {
            let words = plain(&ServerError::of_body(page).message, provider);
            let message = format!("{id} sent a web page instead of an answer: {words}");
            Fault::new(FaultKind::Malformed, message).advise("check base_url and proxy")
        }
        Instead::Unreadable(text) => {
            let words = plain(text, provider);
            let message = format!("{id} sent something else than an answer: {words}");
            Fault::new(FaultKind::Malformed, message).advise("check base_url and dialect")
        }
    }
}

/// Returns what it means that the answer ended without its end marker.
pub(crate) fn cut(provider: &Provider) -> Fault {
    Fault::new(FaultKind::Cut, format!("{} ended the answer in the middle", provider.id)).advise("ask again")
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
    let (message, setting) = match missed {
        Missed::FirstToken => (format!("{id} sent no token within {limit}"), "first_token"),
        Missed::NextSign => (format!("{id} fell silent for {limit} in the middle of its answer"), "idle"),
        Missed::End => (format!("{id} did not end its answer within {limit}"), "whole"),
    };
    Fault::new(FaultKind::Timeout, message).advise(format!("ask again, or raise timeout.{setting}"))
}

/// Returns what it means that a provider is not asked for a while.
pub(crate) fn resting(wait: Duration, provider: &Provider) -> Fault {
    let message = format!("{} failed many times in a row and is not asked for {}", provider.id, seconds(wait));
    Fault { retry_after: Some(wait), ..Fault::new(FaultKind::Overloaded, message).advise("ask again then") }
}

/// Returns what it means that limits leave no room for a request in time.
pub(crate) fn no_turn(wait: Duration, provider: &Provider) -> Fault {
    let message = format!("{} is over its limit for another {}", provider.id, seconds(wait));
    Fault { retry_after: Some(wait), ..Fault::new(FaultKind::RateLimited, message).advise("ask again then") }
}
