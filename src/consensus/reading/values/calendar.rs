//! Reads dates: days, months, years, decades, centuries, and ranges of years.

use crate::consensus::reading::values::dates::{Date, Point, Style};
use crate::consensus::reading::values::lex;
use crate::consensus::reading::values::measure;
use crate::consensus::reading::values::number;
use crate::consensus::reading::values::numerals;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// Reads the date at `at`; returns it and the position behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let found = if month(reader, at).is_some() {
        month_first(reader, at)
    } else if reader.numeral(at).is_some() {
        digits_first(reader, at)
    } else {
        anno_first(reader, at).or_else(|| ordinal_first(reader, at)).or_else(|| with_signs(reader, at))
    };
    found.filter(|(date, _)| date.from.is_valid() && date.to.is_valid())
}

fn digits_first(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    dotted(reader, at)
        .or_else(|| year_month_day(reader, at))
        .or_else(|| with_slashes(reader, at))
        .or_else(|| with_signs(reader, at))
        .or_else(|| day_first(reader, at))
        .or_else(|| ordinal_first(reader, at))
        .or_else(|| decade(reader, at))
        .or_else(|| year_with_era(reader, at))
        .or_else(|| years(reader, at))
        .or_else(|| Some((bare_year(reader, at)?, at + 1)))
}

/// Returns whether a month stands at `at`.
pub(super) fn is_month(reader: Reader<'_>, at: usize) -> bool {
    month(reader, at).is_some()
}

/// Returns the month that the word at `at` names; "may" and "march" only with a capital.
fn month(reader: Reader<'_>, at: usize) -> Option<u8> {
    match reader.meaning(at) {
        Some(Meaning::Month(month)) => Some(month),
        Some(Meaning::CapitalMonth(month)) if reader.is_capitalised(at) => Some(month),
        // "le 12 mars 1990"
        Some(Meaning::CapitalMonth(month))
            if matches!(reader.text(at), "mars" | "mai") && reader.whole(at + 1).is_some() =>
        {
            Some(month)
        }
        _ => None,
    }
}

/// Returns the position behind the month at `at`, with the point of an abbreviation.
fn behind_month(reader: Reader<'_>, at: usize) -> usize {
    let is_short = reader.text(at).chars().count() <= 4;
    at + 1 + usize::from(is_short && reader.is_glued_symbol(at + 1, '.'))
}

/// Reads a day of one or two digits, with its mark if it has one: 20, 20th.
fn day(reader: Reader<'_>, at: usize) -> Option<(u8, usize)> {
    if let Some(Meaning::Ordinal(day)) = reader.meaning(at) {
        return Some((u8::try_from(day).ok().filter(|day| (1..=31).contains(day))?, at + 1));
    }
    let numeral = reader.numeral(at).filter(|numeral| numeral.n_whole <= 2)?;
    let day = u8::try_from(reader.whole(at)?).ok().filter(|day| (1..=31).contains(day))?;
    let is_marked = numeral.is_bare && reader.is_glued(at + 1) && reader.meaning(at + 1) == Some(Meaning::OrdinalMark);
    Some((day, at + 1 + usize::from(is_marked)))
}

/// Reads a day that no month has, where a comma and a year show that a day is meant: the 45 of "June 45, 1969".
fn no_day(reader: Reader<'_>, at: usize) -> Option<(u8, usize)> {
    let day = u8::try_from(reader.whole(at)?).ok().filter(|day| (32..=99).contains(day))?;
    let year = reader.numeral(at + 2).filter(|year| year.n_whole == 4 && year.is_bare)?;
    (reader.is_glued_symbol(at + 1, ',') && year.n_decimals == 0).then_some((day, at + 1))
}

/// Reads the day behind the first of a range of days: `–24`, "to 24".
fn last_day(reader: Reader<'_>, at: usize) -> Option<(u8, usize)> {
    let is_joint = matches!(reader.symbol(at), Some('-' | '–' | '—')) || reader.meaning(at) == Some(Meaning::To);
    if is_joint { day(reader, at + 1) } else { None }
}

/// Reads a year of three or four digits.
fn year(reader: Reader<'_>, at: usize) -> Option<(i32, usize)> {
    let numeral = reader.numeral(at).filter(|numeral| (3..=4).contains(&numeral.n_whole) && !numeral.is_padded)?;
    let year = i32::try_from(reader.whole(at)?).ok()?;
    (numeral.is_bare && year > 0).then_some((year, at + 1))
}

/// Reads a year behind a day or month, with a comma or "of" in between.
fn joined_year(reader: Reader<'_>, at: usize) -> Option<(i32, usize)> {
    let is_joint = reader.symbol(at) == Some(',') || reader.meaning(at) == Some(Meaning::Of);
    let (year, next) = year(reader, at + usize::from(is_joint))?;
    // "On July 20, 500 people": a year is not followed by what it counts.
    let is_count = year < 1000 && reader.is_word(next);
    (!is_count).then_some((year, next))
}

fn month_first(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let month = month(reader, at)?;
    let mut next = behind_month(reader, at);
    next += usize::from(reader.meaning(next) == Some(Meaning::Definite));
    let Some((first, next)) = day(reader, next).or_else(|| no_day(reader, next)) else {
        let (year, next) = joined_year(reader, next)?;
        return Some((Date::single(Point { year: Some(year), month: Some(month), day: None }), next));
    };
    let (last, next) = last_day(reader, next).filter(|(last, _)| *last > first).unwrap_or((first, next));
    let (year, next) = joined_year(reader, next).map_or((None, next), |(year, next)| (Some(year), next));
    Some((days(year, month, first, last), next))
}

fn days(year: Option<i32>, month: u8, first: u8, last: u8) -> Date {
    let point = |day| Point { year, month: Some(month), day: Some(day) };
    Date { from: point(first), to: point(last), style: Style::Plain, open: None }
}

/// Reads 20 July 1969, 20. Juli 1969, 20 de julio de 1969, 20th of July.
fn day_first(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let (first, next) = day(reader, at).or_else(|| no_day_before(reader, at))?;
    let (last, next) = last_day(reader, next).filter(|(last, _)| *last > first).unwrap_or((first, next));
    let mut next = next + usize::from(reader.is_glued_symbol(next, '.'));
    next += usize::from(reader.meaning(next) == Some(Meaning::Of));
    let month = month(reader, next)?;
    let next = behind_month(reader, next);
    let (year, next) = joined_year(reader, next).map_or((None, next), |(year, next)| (Some(year), next));
    Some((days(year, month, first, last), next))
}

/// Reads a day that no month has between nothing and a month with a year: the 45 of "45 June 1969".
fn no_day_before(reader: Reader<'_>, at: usize) -> Option<(u8, usize)> {
    let day = u8::try_from(reader.whole(at)?).ok().filter(|day| (32..=99).contains(day))?;
    let year = reader.numeral(at + 2).filter(|year| year.n_whole == 4 && year.is_bare)?;
    (month(reader, at + 1).is_some() && year.n_decimals == 0).then_some((day, at + 1))
}

/// Reads 20.07.1969.
fn dotted(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    reader.numeral(at).filter(|numeral| numeral.is_dotted)?;
    let mut parts = reader.text(at).split('.').map(|part| part.parse::<u16>().ok());
    let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
    let point = Point { year: Some(i32::from(year)), month: u8::try_from(month).ok(), day: u8::try_from(day).ok() };
    let is_date = parts.next().is_none() && year >= 1000 && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| (Date::single(point), at + 1))
}

/// Returns the number of exactly `n_digits` digits at `at`, glued to the sign `joint` before it.
fn joined_number(reader: Reader<'_>, at: usize, joint: char, n_digits: usize) -> Option<u8> {
    let is_joined = reader.is_glued_symbol(at, joint) && reader.is_glued(at + 1);
    let numeral = reader.numeral(at + 1).filter(|numeral| is_joined && numeral.n_whole == n_digits)?;
    let number = reader.whole(at + 1).filter(|_| numeral.is_bare)?;
    u8::try_from(number).ok()
}

/// Reads 1969-07-20 and 1969/07/20, and 1969-07 where it can't be a range of years.
fn year_month_day(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let (year, next) = year(reader, at)?;
    let joint = reader.symbol(next).filter(|joint| matches!(joint, '-' | '/' | '\u{2011}' | '–'))?;
    let month = joined_number(reader, next, joint, 2).filter(|month| (1..=12).contains(month))?;
    if let Some(day) = joined_number(reader, next + 2, joint, 2) {
        return Some((days(Some(year), month, day, day), next + 4));
    }
    let is_range_of_years = i32::from(month) > year % 100 || joint == '–';
    (joint != '/' && !is_range_of_years)
        .then(|| (Date::single(Point { year: Some(year), month: Some(month), day: None }), next + 2))
}

/// Reads 7/20/1969, 20/7/1969 and 20-07-1969. Where day and month could be swapped, the
/// month is taken to come first; see `Date::swapped`.
fn with_slashes(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let first = u8::try_from(reader.whole(at)?).ok()?;
    let joint = reader.symbol(at + 1).filter(|joint| matches!(joint, '/' | '-'))?;
    let second = joined_number(reader, at + 1, joint, 2).or_else(|| joined_number(reader, at + 1, joint, 1))?;
    if !reader.is_glued_symbol(at + 3, joint) || !reader.is_glued(at + 4) {
        return None;
    }
    let (year, next) = year(reader, at + 4).filter(|(year, _)| *year >= 1000)?;
    let date = match (first, second) {
        (1..=12, 13..=31) => days(Some(year), first, second, second),
        (13..=31, 1..=12) => days(Some(year), second, first, first),
        (1..=12, 1..=12) if first == second => days(Some(year), first, second, second),
        (1..=12, 1..=12) => Date { style: Style::Slashes, ..days(Some(year), first, second, second) },
        _ => return None,
    };
    Some((date, next))
}

/// Reads 1969年7月20日 and its parts.
fn with_signs(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let number = |at| match reader.whole(at) {
        Some(number) => Some((number, at + 1)),
        None => numerals::han_number(reader, at).map(|(number, next)| (number as u32, next)),
    };
    let signed = |at, sign| number(at).filter(|(_, next)| reader.meaning(*next) == Some(sign));
    let mut next = at;
    let mut take = |sign, least: u32, most: u32| {
        let (number, behind) = signed(next, sign).filter(|(number, _)| (least..=most).contains(number))?;
        next = behind + 1;
        Some(number)
    };
    let year = take(Meaning::YearSign, 100, 9999).and_then(|year| i32::try_from(year).ok());
    let month = take(Meaning::MonthSign, 1, 12).and_then(|month| u8::try_from(month).ok());
    let day = month.and_then(|_| take(Meaning::DaySign, 1, 31)).and_then(|day| u8::try_from(day).ok());
    (year.is_some() || day.is_some()).then(|| (Date::single(Point { year, month, day }), next))
}

/// Reads "15th century", "fifteenth century BC".
fn ordinal_first(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    if let Some((date, next)) = reader.meaning(at).and_then(|_| day_first(reader, at)) {
        return Some((date, next));
    }
    let is_cjk = reader.text(at + 1) == "世" && matches!(reader.text(at + 2), "紀" | "纪");
    let (number, next) = if is_cjk {
        (f64::from(reader.whole(at)?), at + 3)
    } else {
        let (amount, next) = number::read(reader, at, false)?;
        let point = usize::from(reader.is_glued_symbol(next, '.'));
        let next = next + point + usize::from(reader.is_glued_symbol(next, '-'));
        let is_ordinal = amount.style == number::Style::Ordinal || point > 0;
        if !is_ordinal || reader.meaning(next) != Some(Meaning::Century) {
            return None;
        }
        (amount.value, next + 1)
    };
    if !(1.0..=99.0).contains(&number) {
        return None;
    }
    let number = number as i32;
    let (is_before, next) = era(reader, next).unwrap_or((false, next));
    let first = if is_before { 1 - number * 100 } else { (number - 1) * 100 + 1 };
    Some((Date::years(first, first + 99, Style::Century), next))
}

/// Reads 1960s, the '60s, the 1800s.
fn decade(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let start = i32::try_from(reader.whole(at)?).ok()?;
    let apostrophe = usize::from(matches!(reader.symbol(at + 1), Some('\'' | '’')) && reader.is_glued(at + 1));
    let mark = at + 1 + apostrophe;
    if reader.text(mark) != "s" || !reader.is_glued(mark) || start % 10 != 0 {
        return None;
    }
    let first = match start {
        1000..=2100 => start,
        20..=90 => 1900 + start,
        _ => return None,
    };
    let length = if first % 100 == 0 { 100 } else { 10 };
    Some((Date::years(first, first + length - 1, Style::Decade), mark + 1))
}

/// Reads BC, BCE, B.C., AD, CE behind a number; returns whether it is before the era.
fn era(reader: Reader<'_>, at: usize) -> Option<(bool, usize)> {
    let has_capital = reader.is_capitalised(at);
    match reader.meaning(at) {
        Some(Meaning::Before) => return Some((true, at + 1)),
        Some(Meaning::Anno) if has_capital => return Some((false, at + 1)),
        _ => {}
    }
    let is_before = match (reader.text(at), reader.text(at + 2)) {
        ("B", "C") => true,
        ("A", "D") | ("C", "E") => false,
        _ => return None,
    };
    if reader.symbol(at + 1) != Some('.') {
        return None;
    }
    let next = at + 3 + usize::from(reader.is_glued_symbol(at + 3, '.'));
    Some((is_before, next))
}

/// Returns the year that a number of an era is in astronomical counting.
fn era_year(number: f64, is_before: bool) -> Option<i32> {
    let number = (1.0..=1e6).contains(&number).then_some(number as i32)?;
    Some(if is_before { 1 - number } else { number })
}

/// Reads 44 BC, 476 CE, 100–44 BC.
fn year_with_era(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let value = reader.numeral(at)?.value;
    if let Some((is_before, next)) = era(reader, at + 1) {
        return Some((Date::year(era_year(value, is_before)?, Style::Plain), next));
    }
    if !is_joint(reader, at + 1) {
        return None;
    }
    let last = reader.numeral(at + 2)?.value;
    let (is_before, next) = era(reader, at + 3)?;
    let (first, last) = (era_year(value, is_before)?, era_year(last, is_before)?);
    (first < last).then(|| (Date::years(first, last, Style::Plain), next))
}

fn anno_first(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let is_anno = reader.meaning(at) == Some(Meaning::Anno) && reader.is_capitalised(at);
    let year = reader.whole(at + 1).filter(|_| is_anno)?;
    Some((Date::year(era_year(f64::from(year), false)?, Style::Plain), at + 2))
}

/// Whether the token at `at` joins the ends of a range.
fn is_joint(reader: Reader<'_>, at: usize) -> bool {
    let is_dash = matches!(reader.symbol(at), Some('–' | '—' | '−'))
        || (reader.is_glued_symbol(at, '-') && reader.is_glued(at + 1));
    is_dash || reader.meaning(at) == Some(Meaning::To)
}

/// Reads 1939–1945, 1939-45, "from 1939 to 1945", "between 1939 and 1945".
fn years(reader: Reader<'_>, at: usize) -> Option<(Date, usize)> {
    let (first, next) = year(reader, at).filter(|(year, _)| *year >= 1000)?;
    let is_between = reader.meaning_before(at) == Some(Meaning::Between) && reader.meaning(next) == Some(Meaning::And);
    if !is_joint(reader, next) && !is_between {
        return None;
    }
    let short = joined_number(reader, next, '-', 2).or_else(|| joined_number(reader, next, '–', 2));
    let last = match short {
        Some(short) => first / 100 * 100 + i32::from(short),
        None => year(reader, next + 1)?.0,
    };
    let is_marked = first >= 1500 || is_year_cue(reader, at);
    let is_range =
        first < last && last <= 2200 && is_marked && !is_counting(reader, next + 2) && !reader.token(at)?.is_math;
    is_range.then(|| (Date::years(first, last, Style::Plain), next + 2))
}

/// Whether what stands before the number at `at` says that it is a year.
fn is_year_cue(reader: Reader<'_>, at: usize) -> bool {
    let is_cue = |meaning| {
        matches!(meaning, Some(Meaning::Since | Meaning::Period | Meaning::Anno | Meaning::Between | Meaning::Month(_)))
    };
    let before = reader.meaning_before(at);
    let is_of = matches!(before, Some(Meaning::Of | Meaning::And | Meaning::To | Meaning::About));
    is_cue(before)
        || reader.symbol_before(at) == Some('(')
        || (is_of && at.checked_sub(2).is_some_and(|at| is_cue(reader.meaning(at)) || year(reader, at).is_some()))
        || (reader.symbol_before(at) == Some('-')
            && at.checked_sub(2).is_some_and(|at| reader.meaning(at) == Some(Meaning::Period)))
}

/// Whether a unit, a sign of arithmetic or a plain noun at `at` shows that the number before it counts something.
fn is_counting(reader: Reader<'_>, at: usize) -> bool {
    let is_arithmetic =
        matches!(reader.symbol(at), Some('+' | '=' | '×' | '÷' | '/' | '%' | '°' | '^' | '²' | '$' | '€'));
    is_arithmetic || measure::read(reader, at).is_some() || is_noun(reader, at)
}

fn is_noun(reader: Reader<'_>, at: usize) -> bool {
    let text = reader.text(at);
    let is_lower = reader.is_word(at) && text.starts_with(char::is_lowercase);
    is_lower && reader.meaning(at).is_none() && !text.starts_with(lex::is_separate)
}

/// Reads four digits as a year: where something says so, or where nothing says otherwise.
fn bare_year(reader: Reader<'_>, at: usize) -> Option<Date> {
    let (year, next) = year(reader, at).filter(|(year, _)| (1000..=2100).contains(year))?;
    let is_calculation = matches!(
        reader.symbol_before(at),
        Some('=' | '+' | '-' | '−' | '×' | '÷' | '/' | '*' | '<' | '>' | '≥' | '≤' | '#' | '$' | '€' | '£' | '^' | '≈')
    ) && !is_year_cue(reader, at);
    let is_glued_to_word =
        reader.is_glued(next) && reader.is_word(next) && !reader.text(next).starts_with(lex::is_separate);
    if reader.token(at)?.is_math || is_calculation || is_glued_to_word {
        return None;
    }
    let is_counting = is_counting(reader, next);
    if is_year_cue(reader, at) {
        let is_year = if year >= 1500 { !is_counting || is_noun(reader, next) } else { !is_counting };
        return is_year.then(|| Date::year(year, Style::Plain));
    }
    if reader.meaning_before(at) == Some(Meaning::Of) && !is_counting && year >= 1500 {
        return Some(Date::year(year, Style::Plain));
    }
    let opens_line = || reader.is_line_start(at) && is_noun(reader, next) && measure::read(reader, next).is_none();
    let is_lone = year >= 1500 && (!is_counting || opens_line());
    is_lone.then(|| Date::year(year, Style::Lone))
}
