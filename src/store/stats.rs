//! Counts how the models did, from what was kept: of all time, or since a day.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use crate::domain::cost::Cost;
use crate::domain::ids::Column;
use crate::domain::money::Usd;
use crate::domain::opinion::{Judgement, Opinion};
use crate::figures::Figures;
use crate::figures::call::{Call, End};
use crate::figures::tally::Tally;
use crate::store::error::StoreError;

/// The figures of which calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// From the midnight before this day on; `None` for all time.
    pub since: Option<Date>,
    /// Those of the demo models, in place of all others.
    pub is_demo: bool,
    /// Whose seats are looked at; `None` for those who were asked last.
    pub ensemble: Option<Vec<String>>,
}

/// Every settled call since a moment; one index has all of it.
const CALLS: &str =
    "SELECT asked_at, turn, place, model, status, attempts, first_token_ms, total_ms, output_tokens, rank,
    side, n_with, n_against FROM responses WHERE is_demo = ?1 AND asked_at >= ?2 ORDER BY asked_at, turn, place";
/// What every request since a moment has cost; one index has all of it.
const COSTS: &str = "SELECT at, usd, is_guess, model FROM costs WHERE at >= ?1 ORDER BY at";
/// What the person thinks of turns: a row for each time that they said so.
const OPINIONS: &str = "SELECT turn, judgement, vote FROM opinions";

/// Returns whether any model but those of the demo has answered.
///
/// # Errors
/// The file cannot be read.
pub fn has_real_calls(db: &Connection) -> Result<bool, StoreError> {
    let ask = "SELECT EXISTS (SELECT 1 FROM responses WHERE is_demo = 0)";
    Ok(db.prepare_cached(ask)?.query_row([], |row| row.get(0))?)
}

/// Returns how the models did.
///
/// # Errors
/// The file cannot be read.
pub fn figures(db: &Connection, scope: &Scope) -> Result<Figures, StoreError> {
    let zone = TimeZone::system();
    let since_ms = scope.since.map_or(i64::MIN, |since| midnight_before(since, &zone));
    let mut tally = Tally::default();
    count_calls(db, (scope.is_demo, since_ms), &mut Days::in_zone(&zone), &mut tally)?;
    // The demo costs nothing.
    if !scope.is_demo {
        let mut days = Days::in_zone(&zone);
        let mut ask = db.prepare_cached(COSTS)?;
        let mut rows = ask.query([since_ms])?;
        while let Some(row) = rows.next()? {
            let usd: Option<f64> = row.get(1)?;
            let cost =
                Cost { known: Usd(usd.unwrap_or_default()), is_estimated: row.get(2)?, is_partial: usd.is_none() };
            tally.spent(days.day(row.get(0)?), text(row, 3)?, cost);
        }
    }
    let figures = tally.finish(scope.ensemble.as_deref());
    Ok(Figures { is_demo: scope.is_demo, since: scope.since, ..figures })
}

fn count_calls(
    db: &Connection,
    (is_demo, since_ms): (bool, i64),
    days: &mut Days<'_>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let opinions = opinions(db)?;
    let mut ask = db.prepare_cached(CALLS)?;
    let mut rows = ask.query(params![is_demo, since_ms])?;
    let mut turn = Gathered::default();
    while let Some(row) = rows.next()? {
        let n: i64 = row.get(1)?;
        if n != turn.n {
            turn.count(&opinions, days, tally);
            turn.begin(n, row.get(0)?);
        }
        turn.add(row)?;
    }
    turn.count(&opinions, days, tally);
    Ok(())
}

/// The calls of one turn. The names stand in one text, as a row is gone when the next one is read.
#[derive(Debug, Default)]
struct Gathered {
    n: i64,
    asked_at_ms: i64,
    names: String,
    calls: Vec<(Range<usize>, Call<'static>)>,
}

impl Gathered {
    fn begin(&mut self, n: i64, asked_at_ms: i64) {
        (self.n, self.asked_at_ms) = (n, asked_at_ms);
        self.names.clear();
        self.calls.clear();
    }

    fn add(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let n_attempts: u32 = row.get(5)?;
        let Some(end) = end(text(row, 4)?, n_attempts) else { return Ok(()) };
        let start = self.names.len();
        self.names.push_str(text(row, 3)?);
        let call = Call {
            model: "",
            end,
            first_token_ms: row.get(6)?,
            total_ms: row.get(7)?,
            output_tokens: row.get(8)?,
            rank: row.get(9)?,
            side: row.get(10)?,
            n_with: row.get(11)?,
            n_against: row.get(12)?,
            place: row.get(2)?,
        };
        self.calls.push((start..self.names.len(), call));
        Ok(())
    }

    fn count(&self, opinions: &HashMap<i64, Opinion>, days: &mut Days<'_>, tally: &mut Tally) {
        if self.calls.is_empty() {
            return;
        }
        let name = |range: &Range<usize>| self.names.get(range.clone()).unwrap_or_default();
        let calls: Vec<Call<'_>> =
            self.calls.iter().map(|(range, call)| Call { model: name(range), ..call.clone() }).collect();
        tally.turn(days.day(self.asked_at_ms), opinions.get(&self.n).copied().unwrap_or_default(), &calls);
    }
}

/// Returns how a call ended; `None` for one that was not made. The words are those of the verdict's `status`.
fn end(status: &str, n_attempts: u32) -> Option<End> {
    match status {
        "skipped" => None,
        "done" | "partial" if n_attempts == 0 => Some(End::BroughtIn),
        _ if n_attempts == 0 => None,
        "done" => Some(End::Answered),
        "partial" => Some(End::Cut),
        "cancelled" | "late" => Some(End::Stopped),
        _ => Some(End::Failed),
    }
}

fn opinions(db: &Connection) -> Result<HashMap<i64, Opinion>, StoreError> {
    let mut ask = db.prepare_cached(OPINIONS)?;
    let mut rows = ask.query([])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        let judgement = row.get::<_, Option<String>>(1)?.as_deref().and_then(Judgement::from_word);
        found.insert(row.get(0)?, Opinion { judgement, vote: row.get::<_, Option<u8>>(2)?.map(Column) });
    }
    Ok(found)
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, StoreError> {
    match row.get_ref(column)? {
        ValueRef::Text(bytes) => Ok(std::str::from_utf8(bytes).unwrap_or_default()),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => Ok(""),
    }
}

fn midnight_before(date: Date, zone: &TimeZone) -> i64 {
    date.to_zoned(zone.clone()).map_or(i64::MIN, |start| start.timestamp().as_millisecond())
}

/// The day of each of many moments, which come in order: found once a day.
struct Days<'a> {
    zone: &'a TimeZone,
    known: Range<i64>,
    date: Date,
}

impl<'a> Days<'a> {
    fn in_zone(zone: &'a TimeZone) -> Self {
        Self { zone, known: 0..0, date: Date::default() }
    }

    /// Returns the day of a moment in milliseconds since 1970 (UTC), where the person is.
    fn day(&mut self, ms: i64) -> Date {
        if !self.known.contains(&ms) {
            let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
            self.date = at.to_zoned(self.zone.clone()).date();
            let end = self.date.tomorrow().map_or(ms, |next| midnight_before(next, self.zone));
            self.known = midnight_before(self.date, self.zone)..end;
        }
        self.date
    }
}
