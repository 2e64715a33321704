//! Reads how often something is done, and what an amount is for each of: twice daily, every 8 hours, 300 a minute.

use crate::consensus::reading::values::Dimension;
use crate::consensus::reading::values::measure::{self, Measure};
use crate::consensus::reading::values::number;
use crate::consensus::reading::values::quantity::{self, Quantity};
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::unit_rows::FREQUENCY;
use crate::consensus::reading::values::units::{self, Unit};
use crate::consensus::reading::values::words::Meaning;

/// Most words between a number and "per": "300 failed requests per second".
const MOST_NOUNS: usize = 2;

/// Reads "twice daily", "three times a day", "every 8 hours"; returns it and the position behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(Quantity, usize)> {
    if matches!(reader.text(at), "every" | "Every" | "alle" | "cada" | "toutes") {
        let article = usize::from(reader.text(at + 1) == "les");
        let (amount, next) = number::read(reader, at + 1 + article, false).filter(|(amount, _)| amount.value > 0.0)?;
        let (span, next) = duration(reader, next)?;
        let spelled = format!("every {} {}", quantity::number(amount.value), span.symbol);
        let often = times(1.0 / amount.value, &span);
        return Some((Quantity { spelled: Some(spelled), ..often }, next));
    }
    let (n_times, next) = match reader.text(at) {
        "once" | "Once" => (1.0, at + 1),
        "twice" | "Twice" => (2.0, at + 1),
        "thrice" | "Thrice" => (3.0, at + 1),
        _ => {
            let (amount, next) = number::read(reader, at, false)?;
            let is_times =
                matches!(reader.text(next), "times" | "time" | "mal" | "Mal" | "fois" | "veces" | "vez" | "回" | "次");
            is_times.then_some((amount.value, next + 1))?
        }
    };
    let (span, next) = for_each(reader, next).or_else(|| adverb(reader, next))?;
    Some((times(n_times, &span), next))
}

fn times(n: f64, span: &Measure) -> Quantity {
    let unit = Unit { dimension: Dimension::Physical(FREQUENCY), factor: 1.0 / span.unit.factor, offset: 0.0 };
    Quantity {
        low: n,
        high: n,
        step: 1.0,
        grain: 1.0,
        unit,
        symbol: format!("/{}", span.symbol),
        ..Quantity::default()
    }
}

/// Reads "a day", "per day", "each week", `/day`.
fn for_each(reader: Reader<'_>, at: usize) -> Option<(Measure, usize)> {
    let is_joint = matches!(reader.text(at), "per" | "each" | "every" | "pro" | "par" | "por" | "al" | "am" | "/")
        || reader.meaning(at) == Some(Meaning::Article);
    duration(reader, at + 1).filter(|_| is_joint)
}

fn duration(reader: Reader<'_>, at: usize) -> Option<(Measure, usize)> {
    let (measure, next) = measure::one_unit(reader, at)?;
    let is_duration = matches!(measure.unit.dimension, Dimension::Physical(powers) if powers.is_duration());
    is_duration.then_some((measure, next))
}

/// Reads "daily", "weekly": each of that span.
pub(super) fn adverb(reader: Reader<'_>, at: usize) -> Option<(Measure, usize)> {
    let unit = match reader.text(at) {
        "hourly" | "stündlich" => "h",
        "daily" | "täglich" | "diarios" | "diarias" => "d",
        "nightly" => "d",
        "weekly" | "wöchentlich" => "wk",
        "monthly" | "monatlich" => "mo",
        "yearly" | "annually" | "jährlich" => "yr",
        _ => return None,
    };
    units::named(unit).map(|known| (known.into(), at + 1))
}

/// Returns what the count before `at` is for each of: the second of "300 requests per second".
pub(super) fn per(reader: Reader<'_>, at: usize) -> Option<Measure> {
    let nouns = (0..=MOST_NOUNS).take_while(|n| *n == 0 || is_noun(reader, at + n - 1));
    let mut places = nouns.map(|n| at + n);
    places.find_map(|at| match reader.text(at) {
        "per" | "pro" | "par" | "por" => measure::one_unit(reader, at + 1).map(|(measure, _)| measure),
        "/" if reader.is_glued(at) => duration(reader, at + 1).map(|(measure, _)| measure),
        "a" | "an" | "each" | "every" => duration(reader, at + 1).map(|(measure, _)| measure),
        _ => None,
    })
}

fn is_noun(reader: Reader<'_>, at: usize) -> bool {
    reader.is_word(at) && (reader.meaning(at).is_none() || reader.meaning(at) == Some(Meaning::Software))
}
