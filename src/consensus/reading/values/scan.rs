//! Walks over a sentence once and reads each value where it stands.

use std::ops::Range;

use crate::consensus::reading::values::calendar;
use crate::consensus::reading::values::clock;
use crate::consensus::reading::values::context::{self, Hedge};
use crate::consensus::reading::values::dates::Date;
use crate::consensus::reading::values::forms;
use crate::consensus::reading::values::frequency;
use crate::consensus::reading::values::growth;
use crate::consensus::reading::values::lex;
use crate::consensus::reading::values::measure::{self, Measure};
use crate::consensus::reading::values::number::{self, Amount, Style};
use crate::consensus::reading::values::numerals;
use crate::consensus::reading::values::periods;
use crate::consensus::reading::values::quantity::{self, Quantity};
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::units::{self, Unit};
use crate::consensus::reading::values::words::Meaning;
use crate::consensus::reading::values::{Dimension, Found, Value};

/// Returns the values of `sentence`; see `values::find`.
pub(super) fn find(sentence: &str) -> Vec<Found> {
    let tokens = lex::tokens(sentence);
    let reader = Reader { tokens: &tokens };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = match step(reader, at) {
            Some((next, Some(value))) => {
                found.push(Found { range: with_brace(sentence, value.range), ..value });
                next
            }
            Some((next, None)) => next,
            None => at + 1,
        };
    }
    found
}

/// Lets a range that opens a brace, as in `5 \text{ km}`, close it too.
fn with_brace(sentence: &str, range: Range<usize>) -> Range<usize> {
    let spelled = sentence.get(range.clone()).unwrap_or_default();
    let is_open = spelled.matches('{').count() > spelled.matches('}').count()
        && sentence.as_bytes().get(range.end) == Some(&b'}');
    range.start..range.end + usize::from(is_open)
}

/// Reads what stands at `at`: a value and the position behind it, or only the position where it is none.
fn step(reader: Reader<'_>, at: usize) -> Option<(usize, Option<Found>)> {
    if let Some((value, next)) = version(reader, at) {
        return Some((next, Some(found(reader, at, next, value))));
    }
    if let Some(next) = context::skip(reader, at) {
        // A date in digits and points looks like an address.
        let dotted = reader.numeral(at).filter(|numeral| numeral.is_dotted).and_then(|_| calendar::read(reader, at));
        return Some(
            dotted.map_or((next, None), |(date, next)| (next, Some(found(reader, at, next, Value::Date(date))))),
        );
    }
    if let Some((value, also, next)) = forms::hours_with_minutes(reader, at) {
        return Some((next, Some(Found { also: Some(Box::new(also)), ..found(reader, at, next, value) })));
    }
    let date = |(date, next)| (Value::Date(date), next);
    let read = forms::duration(reader, at)
        .or_else(|| forms::coordinate(reader, at))
        .or_else(|| forms::feet_and_inches(reader, at))
        .or_else(|| frequency::read(reader, at).map(|(often, next)| (Value::Quantity(often), next)))
        .or_else(|| periods::read(reader, at).map(date))
        .or_else(|| numerals::century(reader, at).map(date))
        .or_else(|| clock::read(reader, at).map(|(clock, next)| (Value::Time(clock), next)))
        .or_else(|| clock::read_zone(reader, at).map(|(zone, next)| (Value::Zone(zone), next)))
        .or_else(|| calendar::read(reader, at).map(date))
        .or_else(|| forms::ratio(reader, at));
    if let Some((value, next)) = read {
        return Some((next, Some(found(reader, at, next, value))));
    }
    let expression =
        growth::read(reader, at).or_else(|| forms::plus_or_minus(reader, at)).or_else(|| forms::expression(reader, at));
    if let Some((expression, next)) = expression {
        return Some((next, Some(found(reader, at, next, Value::Expression(expression)))));
    }
    quantity(reader, at)
}

fn found(reader: Reader<'_>, from: usize, to: usize, value: Value) -> Found {
    let approximate = context::hedge(reader, from, to) == Some(Hedge::About);
    let found = Found { range: reader.range(from, to), value, approximate, also: None };
    match found.value {
        Value::Date(date) => {
            let date = Date { open: context::side_of_date(reader, from), ..date };
            Found { also: date.swapped().map(|date| Box::new(Value::Date(date))), value: Value::Date(date), ..found }
        }
        Value::Quantity(_) | Value::Time(_) | Value::Zone(_) | Value::Version(_) | Value::Expression(_) => found,
    }
}

/// Reads 2.30 behind "git", 1.2.3 behind "v".
fn version(reader: Reader<'_>, at: usize) -> Option<(Value, usize)> {
    let numeral = reader.numeral(at)?;
    let before = at.checked_sub(1)?;
    let is_software = reader.meaning(before) == Some(Meaning::Software);
    let is_named = matches!(reader.text(before), "v" | "V" | "version" | "Version" | "versions" | "ver")
        || reader.is_capitalised(before)
        || numeral.n_decimals > 0;
    let is_decided =
        is_software && is_named && !reader.token(before)?.is_math && measure::read(reader, at + 1).is_none();
    if !is_decided {
        return None;
    }
    let parts: Option<Vec<u32>> = reader.text(at).split('.').map(|part| part.parse().ok()).collect();
    Some((Value::Version(parts?), at + 1))
}

/// One number with its unit.
struct Part {
    amount: Amount,
    measure: Measure,
    /// How several units at once are written.
    spelled: Option<String>,
    next: usize,
    is_bare: bool,
}

fn quantity(reader: Reader<'_>, at: usize) -> Option<(usize, Option<Found>)> {
    let first = part(reader, at)?;
    let is_phone = phone_end(reader, first.next);
    if let Some(next) = is_phone.filter(|_| first.is_bare) {
        return Some((next, None));
    }
    // "Seven Years' War"
    if first.amount.style == Style::Words && reader.is_capitalised(at) && reader.is_capitalised(at + 1) {
        return Some((first.next, None));
    }
    let exact = quantity_of(first.amount.value, first.amount.value, &first.amount, &first.measure);
    let combined = if first.is_bare { forms::combined(reader, &exact, first.next) } else { None };
    if first.is_bare && combined.is_none() {
        if context::is_part_of_word(reader, first.next) {
            return Some((first.next + 1, None));
        }
        let from = at + usize::from(reader.symbol(at).is_some_and(lex::is_minus));
        if context::is_name(reader, from, &first.amount)
            || context::is_plain_word(reader, from, first.next, &first.amount)
        {
            return Some((first.next, None));
        }
    }
    let (value, next) = combined
        .or_else(|| range(reader, at, &first))
        .unwrap_or_else(|| (Quantity { spelled: first.spelled.clone(), ..exact }, first.next));
    let (value, next) = tolerance(reader, value, next);
    let per = if first.is_bare && value.low == value.high { frequency::per(reader, next) } else { None };
    let value = Quantity { per, ..value };
    let hedge = context::hedge(reader, at, next);
    let bounded = |value: Quantity| match hedge {
        Some(Hedge::AtLeast) => Quantity { high: f64::INFINITY, ..value },
        Some(Hedge::Above) => Quantity { high: f64::INFINITY, is_strict: true, ..value },
        Some(Hedge::AtMost) => Quantity { low: f64::NEG_INFINITY, ..value },
        Some(Hedge::Below) => Quantity { low: f64::NEG_INFINITY, is_strict: true, ..value },
        Some(Hedge::About) | None => value,
    };
    let also = forms::otherwise(reader, at, next, &value).map(|value| Box::new(Value::Quantity(bounded(value))));
    let approximate = hedge == Some(Hedge::About);
    let value = Value::Quantity(bounded(value));
    Some((next, Some(Found { range: reader.range(at, next), value, approximate, also })))
}

fn quantity_of(low: f64, high: f64, amount: &Amount, measure: &Measure) -> Quantity {
    let is_ordinal = amount.style == Style::Ordinal;
    let unit = if is_ordinal { Unit { dimension: Dimension::Ordinal, ..Unit::NONE } } else { measure.unit };
    let (step, grain, symbol) = (amount.step, amount.grain, measure.symbol.clone());
    Quantity { low, high, step, grain, unit, symbol, ..Quantity::default() }
}

/// Reads the number at `at` with its sign, currency and unit.
fn part(reader: Reader<'_>, at: usize) -> Option<Part> {
    let is_negative = is_minus(reader, at);
    let start = at + usize::from(is_negative);
    let currency = currency_before(reader, start);
    let (amount_at, money) = currency.map_or((start, None), |(next, money)| (next, Some(money)));
    let (amount, next) = number::read(reader, amount_at, money.is_some())
        .or_else(|| numerals::han(reader, amount_at))
        .or_else(|| numerals::of_name(reader, amount_at))?;
    let amount = if is_negative { Amount { value: -amount.value, ..amount } } else { amount };
    if amount.style == Style::Ordinal {
        return Some(Part { amount, measure: Measure::none(), spelled: None, next, is_bare: true });
    }
    if let Some(money) = money {
        let (measure, next) = measure::more_factors(reader, money, next);
        return Some(Part { amount, measure, spelled: None, next, is_bare: false });
    }
    // "half of the 5 km": a unit follows at once or not at all.
    let Some((measure, next)) = measure::read(reader, next) else {
        return Some(Part { amount, measure: Measure::none(), spelled: None, next, is_bare: true });
    };
    let (amount, spelled, next) = compound(reader, amount, &measure, next);
    Some(Part { amount, measure, spelled, next, is_bare: false })
}

/// Whether a sign or word at `at` makes the number behind it negative rather than subtracting it.
fn is_minus(reader: Reader<'_>, at: usize) -> bool {
    let is_sign = reader.symbol(at).is_some_and(lex::is_minus) && reader.is_glued(at + 1);
    let is_free = reader.token(at).is_some_and(|token| token.is_spaced)
        || reader.is_line_start(at)
        || matches!(reader.symbol_before(at), Some('(' | '=' | '[' | '{' | ',' | ':' | '≈' | '~'));
    (is_sign && is_free) || reader.meaning(at) == Some(Meaning::Minus)
}

/// Reads `$`, `US$`, EUR and the like before a number.
fn currency_before(reader: Reader<'_>, at: usize) -> Option<(usize, Measure)> {
    let is_money = |known: &units::Known| matches!(known.unit.dimension, Dimension::Money(..));
    let text = reader.text(at);
    if reader.is_word(at) && reader.is_glued_symbol(at + 1, '$') {
        let name = format!("{text}$");
        return units::named(&name).filter(is_money).map(|known| (at + 2, known.into()));
    }
    let sign = reader.symbol(at).filter(|sign| matches!(sign, '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽'));
    let is_code = reader.is_word(at) && text.len() <= 3 && reader.is_capitalised(at);
    // `\$` is the sign that it prints.
    let known = match sign {
        Some(sign) => units::named(sign.encode_utf8(&mut [0; 4])),
        None if is_code => units::named(text),
        None => None,
    };
    let known = known.filter(is_money)?;
    let point = usize::from(is_code && reader.is_glued_symbol(at + 1, '.'));
    reader.numeral(at + 1 + point).map(|_| (at + 1 + point, known.into()))
}

/// How many smaller units are added to a first one: 2 h 3 min 4 s.
const MAX_SMALLER: usize = 3;

/// Reads "36 min" behind "21 h", "2 inches" behind "6 feet": the same dimension in a smaller unit.
///
/// Returns the sum in the first unit, how it is written, and the position behind it.
fn compound(reader: Reader<'_>, first: Amount, measure: &Measure, at: usize) -> (Amount, Option<String>, usize) {
    let (mut sum, mut next, mut factor) = (first, at, measure.unit.factor);
    let mut spelled = None;
    for _ in 0..MAX_SMALLER {
        let is_joined = matches!(reader.symbol(next), Some(',')) || reader.meaning(next) == Some(Meaning::And);
        let Some((amount, after)) = number::read(reader, next + usize::from(is_joined), false) else { break };
        let smaller = measure::read(reader, after).or_else(|| forms::inches_left_out(reader, next, measure));
        let Some((smaller, after)) = smaller else { break };
        let is_smaller = smaller.unit.dimension == measure.unit.dimension
            && smaller.unit.factor < factor
            && smaller.unit.offset == 0.0
            && amount.value * smaller.unit.factor < factor
            && matches!(smaller.unit.dimension, Dimension::Physical(powers) if powers.has_compounds());
        if !is_smaller {
            break;
        }
        let share = smaller.unit.factor / measure.unit.factor;
        let value = sum.value + amount.value * share;
        sum = Amount { value, step: amount.step * share, grain: amount.step * share, ..sum };
        let before = spelled.unwrap_or_else(|| format!("{} {}", quantity::number(first.value), measure.symbol));
        spelled = Some(format!("{before} {} {}", quantity::number(amount.value), smaller.symbol));
        (next, factor) = (after, smaller.unit.factor);
    }
    (sum, spelled, next)
}

/// How many times the second end of a falling range the first one may be: 145 to 66 million is one of millions, while of
/// 900 to 1 million the 900 are 900.
const FALLING_REACH: f64 = 10.0;

/// Reads the upper end behind `first`: `–20`, "to 20", "and 20" behind "between".
fn range(reader: Reader<'_>, at: usize, first: &Part) -> Option<(Quantity, usize)> {
    let joint = first.next;
    let is_math = reader.token(at)?.is_math;
    let is_dash = match reader.symbol(joint) {
        Some('-' | '‑') => reader.is_glued(joint) && reader.is_glued(joint + 1) && !is_math,
        Some('–' | '—' | '~' | '〜' | '～') => !is_math,
        Some(_) | None => false,
    };
    let is_word = reader.meaning(joint) == Some(Meaning::To)
        || (reader.meaning(joint) == Some(Meaning::And) && reader.meaning_before(at) == Some(Meaning::Between));
    if first.amount.style == Style::Ordinal || !(is_dash || is_word) {
        return None;
    }
    let second = part(reader, joint + 1).filter(|second| second.amount.style != Style::Ordinal)?;
    if second.is_bare && context::is_part_of_word(reader, second.next) {
        return None;
    }
    let measure = match (first.is_bare, second.is_bare) {
        (true, _) => &second.measure,
        (false, true) => &first.measure,
        (false, false) if first.measure.unit.dimension == second.measure.unit.dimension => &second.measure,
        (false, false) => return None,
    };
    let mut low = first.amount.value;
    if first.amount.scale == 1.0 && second.amount.scale > 1.0 && low * second.amount.scale <= second.amount.value {
        low *= second.amount.scale;
    }
    if !first.is_bare && !second.is_bare {
        low *= first.measure.unit.factor / measure.unit.factor;
    }
    let high = second.amount.value;
    // From 145 to 66 million years ago: the larger end may come first where a unit shows that both are one range.
    let is_falling = is_word && !second.is_bare && first.is_bare;
    if is_falling && first.amount.scale == 1.0 && low < high && low * second.amount.scale < high * FALLING_REACH {
        low *= second.amount.scale;
    }
    let (low, high) = if is_falling && low > high { (high, low) } else { (low, high) };
    (low < high).then(|| (quantity_of(low, high, &second.amount, measure), second.next))
}

/// Reads `± 0.5` behind a number.
fn tolerance(reader: Reader<'_>, value: Quantity, at: usize) -> (Quantity, usize) {
    let is_ascii = reader.symbol(at) == Some('+') && reader.symbol(at + 1) == Some('/') && is_dash(reader, at + 2);
    let from = match reader.symbol(at) {
        Some('±') => at + 1,
        Some('+') if is_ascii => at + 3,
        Some(_) | None => return (value, at),
    };
    let Some(part) = part(reader, from) else { return (value, at) };
    let spread = part.amount.value.abs();
    let measure = if part.is_bare { None } else { Some(&part.measure) };
    let is_share = measure.is_some_and(|measure| measure.unit.dimension == Dimension::Percent)
        && value.unit.dimension != Dimension::Percent;
    let (low, high) = if is_share {
        (value.low * (1.0 - spread / 100.0), value.high * (1.0 + spread / 100.0))
    } else {
        (value.low - spread, value.high + spread)
    };
    let spread_out = Quantity { low, high, ..value };
    // "10 ± 0.5 km": the unit stands behind both.
    let value = match measure {
        Some(measure) if !is_share && spread_out.symbol.is_empty() => {
            Quantity { unit: measure.unit, symbol: measure.symbol.clone(), ..spread_out }
        }
        Some(_) | None => spread_out,
    };
    (value, part.next)
}

fn is_dash(reader: Reader<'_>, at: usize) -> bool {
    matches!(reader.symbol(at), Some('-' | '−'))
}

/// Returns the position behind digits that go on like a telephone or serial number: two more groups with hyphens.
fn phone_end(reader: Reader<'_>, at: usize) -> Option<usize> {
    let goes_on = |at| reader.is_glued_symbol(at, '-') && reader.is_glued(at + 1) && reader.numeral(at + 1).is_some();
    if !goes_on(at) || !goes_on(at + 2) {
        return None;
    }
    let mut next = at + 4;
    while goes_on(next) {
        next += 2;
    }
    Some(next)
}
