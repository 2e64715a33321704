//! What was spent on a day: every call counts, those of deleted turns too.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::domain::cost::Cost;
use crate::domain::money::Usd;
use crate::domain::response::Response;
use crate::store::error::StoreError;

/// Returns what a call has cost so far; nothing for one that no server has accepted.
pub(super) fn of_call(response: &Response) -> Cost {
    let was_accepted = response.sent_tokens.is_some() || response.finish.is_some() || !response.text.is_empty();
    let is_free = response.answerer().price.as_ref().is_some_and(crate::domain::money::Price::is_free);
    if !was_accepted || is_free { Cost::default() } else { Cost::of(response.cost()) }
}

/// Returns what was spent since the last midnight, but for what the session with the id `except` has spent since it was
/// gone on with, at `since_ms` in milliseconds since 1970 (UTC): whoever goes on with it counts that.
///
/// # Errors
/// The file cannot be read.
pub fn spent_today(db: &Connection, except: &str, since_ms: i64) -> Result<Cost, StoreError> {
    let midnight = midnight(&jiff::Zoned::now());
    let sum = "SELECT total(usd), total(is_guess), total(usd IS NULL) FROM costs WHERE at >= ?1 AND (session <> ?2 OR at < ?3)";
    Ok(db.prepare_cached(sum)?.query_row((midnight, except, since_ms), |row| {
        let (known, n_guesses, n_unknown): (f64, f64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Cost { known: Usd(known), is_estimated: n_guesses > 0.0, is_partial: n_unknown > 0.0 })
    })?)
}

/// Returns the first moment of the day, where the person is, in milliseconds since 1970 (UTC).
fn midnight(now: &jiff::Zoned) -> i64 {
    now.start_of_day().map_or_else(|_| now.timestamp().as_millisecond(), |start| start.timestamp().as_millisecond())
}

/// Returns a moment as the person's day and time, such as `2026-11-26 03:14`.
pub fn when(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Returns the day of a moment, where the person is.
pub fn day(ms: i64) -> Date {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(TimeZone::system()).date()
}
