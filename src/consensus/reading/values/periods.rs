//! Reads parts of years: quarters, halves, seasons, fiscal years, weeks by their number.

use crate::consensus::reading::values::dates::{Date, Point, Style};
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// Seasons of the northern half, where most texts are written: name, first month, last month.
const SEASONS: [(&str, u8, u8); 11] = [
    ("spring", 3, 5),
    ("summer", 6, 8),
    ("autumn", 9, 11),
    ("fall", 9, 11),
    ("frühjahr", 3, 5),
    ("frühling", 3, 5),
    ("sommer", 6, 8),
    ("herbst", 9, 11),
    ("printemps", 3, 5),
    ("été", 6, 8),
    ("automne", 9, 11),
];

/// Reads Q3 2021, H1 2021, "the third quarter of 2021", FY2023, "summer of 1990", 2021-W05; returns it and the position
/// behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    week(reader, at).or_else(|| {
        if !reader.is_word(at) {
            return None;
        }
        lettered(reader, at)
            .or_else(|| spelled(reader, at))
            .or_else(|| fiscal_year(reader, at))
            .or_else(|| season(reader, at))
    })
}

fn months(year: i32, first: u8, last: u8) -> Date {
    let point = |month| Point { year: Some(year), month: Some(month), day: None };
    Date { to: point(last), ..Date::single(point(first)) }
}

/// The `n`th of so many equal parts of a year.
fn part(year: i32, n: u32, n_parts: u32) -> Option<Date> {
    let length = 12 / n_parts;
    let last = u8::try_from(n * length).ok().filter(|_| (1..=n_parts).contains(&n))?;
    Some(months(year, last + 1 - u8::try_from(length).ok()?, last))
}

/// Reads the year behind "of", "of the year" or nothing.
fn year(reader: Reader<'_>, at: usize) -> Option<(i32, usize)> {
    let mut next = at + usize::from(reader.meaning(at) == Some(Meaning::Of) || reader.symbol(at) == Some(','));
    next += usize::from(reader.meaning(next) == Some(Meaning::Definite));
    let year = reader.whole(next).filter(|year| (1000..=2200).contains(year))?;
    Some((i32::try_from(year).ok()?, next + 1))
}

fn lettered(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let (n, n_parts) = match reader.text(at) {
        "Q1" | "T1" => (1, 4),
        "Q2" | "T2" => (2, 4),
        "Q3" | "T3" => (3, 4),
        "Q4" | "T4" => (4, 4),
        "H1" | "S1" => (1, 2),
        "H2" | "S2" => (2, 2),
        _ => return None,
    };
    let (year, next) = year(reader, at + 1)?;
    Some((part(year, n, n_parts)?, next))
}

fn spelled(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let Some(Meaning::Ordinal(n)) = reader.meaning(at) else { return None };
    let n_parts = match reader.meaning(at + 1) {
        Some(Meaning::Half) => 2,
        Some(Meaning::Parts(4)) => 4,
        _ => return None,
    };
    let (year, next) = year(reader, at + 2)?;
    Some((part(year, n, n_parts)?, next))
}

fn fiscal_year(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let text = reader.text(at);
    if let Some(digits) = text.strip_prefix("FY").filter(|digits| !digits.is_empty()) {
        let year: i32 = digits.parse().ok()?;
        let year = if digits.len() == 2 { 2000 + year } else { year };
        return (1900..=2200).contains(&year).then(|| (Date::year(year, Style::Plain), at + 1));
    }
    let is_fiscal = text.eq_ignore_ascii_case("fiscal") || text.eq_ignore_ascii_case("financial");
    let from = match reader.text(at + 1) {
        "year" | "Year" if is_fiscal => at + 2,
        _ if text == "FY" => at + 1,
        _ => return None,
    };
    let (year, next) = year(reader, from)?;
    Some((Date::year(year, Style::Plain), next))
}

fn season(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let text = reader.text(at);
    let (_, first, last) =
        SEASONS.into_iter().find(|(name, ..)| name.eq_ignore_ascii_case(text) || *name == text.to_lowercase())?;
    let (year, next) = year(reader, at + 1)?;
    Some((months(year, first, last), next))
}

/// Reads 2021-W05 and 2021-W05-3 (ISO 8601).
fn week(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let year = i32::try_from(reader.whole(at)?).ok().filter(|year| (1000..=2200).contains(year))?;
    let digits = reader.text(at + 2).strip_prefix('W').filter(|digits| digits.len() == 2)?;
    let week: i32 =
        digits.parse().ok().filter(|week| (1..=53).contains(week) && reader.is_glued_symbol(at + 1, '-'))?;
    // Week 1 is the one with the fourth of January; weeks start on Mondays.
    let fourth = day_number(year, 1, 4);
    let monday = fourth - (fourth + 2).rem_euclid(7) + (week - 1) * 7;
    let day = reader.whole(at + 4).filter(|day| (1..=7).contains(day) && reader.is_glued_symbol(at + 3, '-'));
    let (first, last, next) = match day.and_then(|day| i32::try_from(day).ok()) {
        Some(day) => (monday + day - 1, monday + day - 1, at + 5),
        None => (monday, monday + 6, at + 3),
    };
    Some((Date { to: point(last), ..Date::single(point(first)) }, next))
}

/// Days from the first of March of year 0 (proleptic Gregorian), a Wednesday, so that leap days end the year.
fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1
}

/// The day with a number; see [`day_number`]. Its year lies between what years of 366 and of 365 days come to.
fn point(number: i32) -> Point {
    let (least, most) = (number.div_euclid(366), number.div_euclid(365) + 1);
    let holds = |year: &i32| day_number(*year + 1, 1, 1) > number;
    let year = (least..=most).find(holds).unwrap_or(most);
    let month = (1..=12).rev().find(|month| day_number(year, *month, 1) <= number).unwrap_or(1);
    let day = number - day_number(year, month, 1) + 1;
    Point { year: Some(year), month: u8::try_from(month).ok(), day: u8::try_from(day).ok() }
}
