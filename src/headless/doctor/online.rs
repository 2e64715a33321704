//! What the providers themselves say: whether they can be reached and take the key, and what time it is there.

use jiff::Timestamp;

use crate::dispatch::listing::Listing;
use crate::domain::fault::{Fault, FaultKind};
use crate::headless::doctor::Finding;

/// The largest difference of clocks that does no harm: signatures and certificates are less patient than this.
const MOST_SKEW_SECONDS: i64 = 120;

/// Returns what each provider's listing shows, and how the clock stands to theirs.
pub fn online(listings: &[(String, Result<Listing, Fault>)], now: Timestamp) -> Vec<Finding> {
    let mut findings: Vec<Finding> = listings.iter().map(|(id, listing)| of_provider(id, listing)).collect();
    let mut dates = listings.iter().filter_map(|(_, listing)| listing.as_ref().ok()?.date.as_deref());
    findings.extend(dates.find_map(|date| clock(date, now)));
    findings
}

fn of_provider(id: &str, listing: &Result<Listing, Fault>) -> Finding {
    match listing {
        Ok(listing) => {
            let took = listing.took.as_millis();
            Finding::fine("network", format!("{id} answers in {took} ms and lists {} models", listing.names.len()))
        }
        Err(fault) => {
            let is_connection = matches!(fault.kind, FaultKind::Network | FaultKind::Timeout | FaultKind::Tls);
            let usual = if is_connection {
                "look at the network, the proxy and base_url".to_owned()
            } else {
                format!("`dissent ask --models …` with a model of {id} says more")
            };
            let advice = fault.advice.clone().unwrap_or(usual);
            Finding::fail("network", format!("{id}: {}", fault.message), advice)
        }
    }
}

/// How far this clock is from the one that wrote `date`; `None` for what is no HTTP date.
fn clock(date: &str, now: Timestamp) -> Option<Finding> {
    let there = Timestamp::try_from(httpdate::parse_http_date(date).ok()?).ok()?;
    let skew = now.as_second() - there.as_second();
    let (amount, word) = (skew.abs(), if skew < 0 { "behind" } else { "ahead" });
    Some(if amount <= MOST_SKEW_SECONDS {
        Finding::fine("clock", format!("within {} s of the providers'", amount.max(1)))
    } else {
        Finding::fail("clock", format!("{amount} s {word}"), "set the time; secure connections fail when it is far off")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::headless::doctor::Level;

    fn listing(date: &str) -> Listing {
        Listing { names: vec!["m".to_owned()], date: Some(date.to_owned()), took: Duration::from_millis(312) }
    }

    #[test]
    fn who_answers_and_who_does_not_is_told_with_what_to_do() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let refused = Fault::new(FaultKind::Auth, "xai refused the key").advise("put a valid key into XAI_API_KEY");
        let listings =
            [("openai".to_owned(), Ok(listing("Sun, 22 Nov 2026 12:00:07 GMT"))), ("xai".to_owned(), Err(refused))];
        let found = online(&listings, now);
        let expected = [
            Finding::fine("network", "openai answers in 312 ms and lists 1 models"),
            Finding::fail("network", "xai: xai refused the key", "put a valid key into XAI_API_KEY"),
            Finding::fine("clock", "within 7 s of the providers'"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let behind = clock("Sun, 22 Nov 2026 12:10:00 GMT", now).unwrap();
        assert_eq!((behind.level, behind.said.as_str()), (Level::Fail, "600 s behind"));
        assert_eq!(clock("yesterday", now), None);
    }
}
