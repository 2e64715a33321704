//! Reads amounts that have a notation of their own: ratios, clock-like durations, feet and inches, coordinates, shares
//! in words, products, and mathematics that stays as it is written.

use crate::consensus::reading::values::clock::Clock;
use crate::consensus::reading::values::measure::{self, Measure};
use crate::consensus::reading::values::quantity::{self, Quantity, Side};
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::units::{self, Unit};
use crate::consensus::reading::values::words::Meaning;
use crate::consensus::reading::values::{Dimension, Value};

/// Reads 16:9 and, as a duration, 2:01:39.
pub(super) fn ratio(reader: Reader<'_>, at: usize) -> Option<(Value, usize)> {
    let joined = |at| reader.is_glued_symbol(at, ':') && reader.is_glued(at + 1);
    let left = reader.whole(at).filter(|_| joined(at + 1))?;
    let right = reader.whole(at + 2).filter(|&right| right > 0)?;
    if joined(at + 3) {
        let seconds = left * 3600 + right * 60 + reader.whole(at + 4)?;
        let unit = units::named("s")?.unit;
        return Some((Value::Quantity(plain(f64::from(seconds), unit, "s")), at + 5));
    }
    let unit = Unit { dimension: Dimension::Ratio, ..Unit::NONE };
    Some((Value::Quantity(plain(f64::from(left) / f64::from(right), unit, "")), at + 3))
}

/// Reads 2:15 hours and 3:20 min: a duration, as its unit says.
pub(super) fn duration(reader: Reader<'_>, at: usize) -> Option<(Value, usize)> {
    let large = reader.whole(at)?;
    let small = reader.whole(at + 2).filter(|small| *small < 60)?;
    let is_joined = reader.is_glued_symbol(at + 1, ':') && reader.is_glued(at + 2);
    let (measure, next) = measure::read(reader, at + 3).filter(|_| is_joined)?;
    let share = match measure.symbol.as_str() {
        "h" | "min" => 60.0,
        _ => return None,
    };
    let value = f64::from(large) + f64::from(small) / share;
    Some((Value::Quantity(plain(value, measure.unit, &measure.symbol)), next))
}

pub(super) fn plain(value: f64, unit: Unit, symbol: &str) -> Quantity {
    Quantity { low: value, high: value, unit, symbol: symbol.to_owned(), ..Quantity::default() }
}

/// Reads `2\pi`, `\sqrt{3}`, `5√2`, π/2: mathematics that stays as it is written.
pub(super) fn expression(reader: Reader<'_>, at: usize) -> Option<(String, usize)> {
    let mut next = at + usize::from(reader.whole(at).is_some());
    let is_root = reader.text(next) == "\\sqrt" || reader.symbol(next) == Some('√');
    if !is_root && !matches!(reader.text(next), "\\pi" | "π") {
        return None;
    }
    next += 1;
    if is_root {
        let braces = usize::from(reader.symbol(next) == Some('{'));
        reader.numeral(next + braces)?;
        next += 1 + 2 * braces;
    }
    if reader.symbol(next) == Some('/') && reader.numeral(next + 1).is_some() {
        next += 2;
    }
    let text: String = (at..next).map(|at| reader.text(at)).collect();
    Some((text.replace("\\pi", "π").replace("\\sqrt", "√").replace(['{', '}'], ""), next))
}

/// Reads 1h30 and 15h30 as hours, and what else it says, as a time of day; returns the position behind it too.
pub(super) fn hours_with_minutes(reader: Reader<'_>, at: usize) -> Option<(Value, Value, usize)> {
    let hours = reader.whole(at).filter(|hours| *hours < 100)?;
    let digits = reader.text(at + 1).strip_prefix('h').filter(|digits| digits.len() == 2 && reader.is_glued(at + 1))?;
    let minutes: u32 = digits.parse().ok().filter(|minutes| *minutes < 60)?;
    let unit = units::named("h")?.unit;
    let duration = Value::Quantity(plain(f64::from(hours) + f64::from(minutes) / 60.0, unit, "h"));
    let minutes = u16::try_from(hours * 60 + minutes).ok()?;
    let is_time = hours < 24;
    let time = Value::Time(Clock { minutes, is_half_known: true, zone: None });
    Some((duration.clone(), if is_time { time } else { duration }, at + 2))
}

/// Reads 5'11" and 5′11″, a height.
pub(super) fn feet_and_inches(reader: Reader<'_>, at: usize) -> Option<(Value, usize)> {
    let is_foot = matches!(reader.symbol(at + 1), Some('\'' | '′' | '’')) && reader.is_glued(at + 1);
    let feet = reader.whole(at).filter(|feet| is_foot && *feet < 100)?;
    let inches = reader.whole(at + 2).filter(|inches| *inches < 12 && reader.is_glued(at + 2))?;
    let closes = |at: usize| match reader.symbol(at) {
        Some('"' | '″' | '”') => Some(1),
        Some('\'' | '’' | '′') if reader.symbol(at + 1) == reader.symbol(at) => Some(2),
        Some(_) | None => None,
    };
    let n_signs = closes(at + 3).or((reader.symbol(at + 1) == Some('′')).then_some(0))?;
    let unit = units::named("ft")?.unit;
    let spelled = Some(format!("{feet} ft {inches} in"));
    let height = plain(f64::from(feet) + f64::from(inches) / 12.0, unit, "ft");
    Some((Value::Quantity(Quantity { spelled, step: 1.0 / 12.0, grain: 1.0 / 12.0, ..height }), at + 3 + n_signs))
}

/// Reads the 11 of "5 ft 11", at the number behind the feet, as inches.
pub(super) fn inches_left_out(reader: Reader<'_>, at: usize, before: &Measure) -> Option<(Measure, usize)> {
    reader.whole(at).filter(|inches| *inches < 12 && before.symbol == "ft")?;
    let is_end = !reader.is_word(at + 1) || reader.text(at + 1) == "tall";
    is_end.then(|| units::named("in").map(|known| (known.into(), at + 1)))?
}

/// Reads 33.9° S, 33°54′ S, "33.9 degrees south": an angle with the half of the globe in which it lies.
pub(super) fn coordinate(reader: Reader<'_>, at: usize) -> Option<(Value, usize)> {
    let numeral = reader.numeral(at).filter(|numeral| !numeral.is_dotted && numeral.value <= 180.0)?;
    let is_degree = reader.symbol(at + 1) == Some('°') || matches!(reader.text(at + 1), "degrees" | "degree" | "Grad");
    if !is_degree {
        return None;
    }
    let part = |at: usize, signs: &[char]| {
        let part = reader
            .numeral(at)
            .filter(|part| part.value < 60.0 && reader.symbol(at + 1).is_some_and(|it| signs.contains(&it)))?;
        Some((part.value, at + 2))
    };
    let (minutes, next) = part(at + 2, &['′', '\'', '’']).unwrap_or((0.0, at + 2));
    let (seconds, next) = part(next, &['″', '"', '”']).unwrap_or((0.0, next));
    let side = match reader.text(next) {
        "N" | "north" | "North" | "Nord" | "norte" | "nord" => Side::North,
        "S" | "south" | "South" | "Süd" | "sur" | "sud" => Side::South,
        "E" | "east" | "East" | "Ost" | "este" | "est" => Side::East,
        "W" | "west" | "West" | "oeste" | "ouest" => Side::West,
        _ => return None,
    };
    let value = numeral.value + minutes / 60.0 + seconds / 3600.0;
    let n_decimals = i32::try_from(numeral.n_decimals).unwrap_or_default();
    let step = if next > at + 2 { 1.0 / 60.0 } else { 10_f64.powi(-n_decimals) };
    let angle = plain(value, units::named("°")?.unit, "°");
    Some((Value::Quantity(Quantity { side: Some(side), step, grain: step, ..angle }), next + 1))
}

/// Reads a leading ±5, which is two numbers at once: it stays as it is written.
pub(super) fn plus_or_minus(reader: Reader<'_>, at: usize) -> Option<(String, usize)> {
    let numeral = reader.numeral(at + 1).filter(|numeral| reader.symbol(at) == Some('±') && !numeral.is_dotted)?;
    let is_tolerance = at.checked_sub(1).is_some_and(|before| reader.numeral(before).is_some());
    (!is_tolerance).then(|| (format!("±{}", quantity::number(numeral.value)), at + 2))
}

/// Reads on behind a plain number: "in five" behind one, "out of 5" behind 3, `*3*4` behind 2.
pub(super) fn combined(reader: Reader<'_>, first: &Quantity, at: usize) -> Option<(Quantity, usize)> {
    share(reader, first, at).or_else(|| product(reader, first, at))
}

fn share(reader: Reader<'_>, first: &Quantity, at: usize) -> Option<(Quantity, usize)> {
    let of = match (reader.text(at), reader.text(at + 1)) {
        ("in", _) if first.low == 1.0 => at + 1,
        ("out", "of") => at + 2,
        _ => return None,
    };
    let total = match reader.meaning(of) {
        Some(Meaning::Small(n) | Meaning::Tens(n)) => f64::from(n),
        _ => reader.numeral(of).filter(|total| !total.is_dotted)?.value,
    };
    let is_year = reader.whole(of).is_some() && (1500.0..=2100.0).contains(&total);
    let is_share = (0.0..total).contains(&first.low) && !is_year && measure::read(reader, of + 1).is_none();
    is_share.then(|| (plain(first.low / total, Unit::NONE, ""), of + 1))
}

fn product(reader: Reader<'_>, first: &Quantity, at: usize) -> Option<(Quantity, usize)> {
    let (mut product, mut next) = (first.low, at);
    while reader.text(next) == "*"
        && let Some(factor) = reader.numeral(next + 1).filter(|factor| !factor.is_dotted)
    {
        product *= factor.value;
        next += 2;
    }
    (next > at && product.is_finite()).then(|| (plain(product, Unit::NONE, ""), next))
}

/// Returns what else the number or unit of `value`, read in `from..to`, may say.
pub(super) fn otherwise(reader: Reader<'_>, from: usize, to: usize, value: &Quantity) -> Option<Quantity> {
    let last = to.checked_sub(1)?;
    if value.symbol == "lb" && matches!(reader.text(last), "pound" | "pounds") {
        let sterling = units::named("£")?;
        return Some(Quantity { unit: sterling.unit, symbol: sterling.symbol.to_owned(), ..value.clone() });
    }
    // "12.500" is a decimal in one country and thousands in another.
    let (whole, decimals) = reader.text(from).split_once('.')?;
    let is_group = |digits: &str, longest| digits.len() <= longest && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_either = is_group(whole, 3) && !whole.starts_with('0') && decimals.len() == 3 && is_group(decimals, 3);
    let is_decimal = reader.numeral(from).is_some_and(|numeral| numeral.n_decimals == 3);
    (is_either && is_decimal).then(|| value.times(1000.0))
}
