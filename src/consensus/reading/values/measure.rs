//! Reads the unit behind a number: names, symbols, powers, and units per unit.

use crate::consensus::reading::values::Dimension;
use crate::consensus::reading::values::frequency;
use crate::consensus::reading::values::lex;
use crate::consensus::reading::values::number;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::units::{self, Known, Powers, Unit};
use crate::consensus::reading::values::words::Meaning;

/// A unit as a text writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    /// The unit.
    pub(crate) unit: Unit,
    /// How a canonical form writes it, such as `km/h`; empty for a plain number.
    pub(crate) symbol: String,
}

impl Measure {
    /// The unit of a plain number.
    pub(super) fn none() -> Self {
        Self { unit: Unit::NONE, symbol: String::new() }
    }
}

impl From<Known> for Measure {
    fn from(known: Known) -> Self {
        Self { unit: known.unit, symbol: known.symbol.to_owned() }
    }
}

/// How many units one after the other are read as one: enough for kg·m/s².
const MAX_FACTORS: usize = 3;

/// Reads the unit at `at`, behind a number; returns it and the position behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(Measure, usize)> {
    // "a 5-km run"
    let hyphen = usize::from(reader.is_glued_symbol(at, '-') && reader.is_glued(at + 1));
    let (first, next) = factor(reader, at + hyphen, hyphen == 0)?;
    Some(more_factors(reader, first, next))
}

/// Reads what may follow a unit: "per second", "/s²", "·m".
pub(super) fn more_factors(reader: Reader<'_>, first: Measure, at: usize) -> (Measure, usize) {
    let (mut measure, mut next) = (first, at);
    for _ in 0..MAX_FACTORS {
        let Some((factor, sign, after)) = joined_factor(reader, next, &measure) else { break };
        let Some(product) = multiply(&measure, &factor, sign) else { break };
        (measure, next) = (product, after);
    }
    (measure, next)
}

/// Reads one unit, without its powers or what it is per.
pub(super) fn one_unit(reader: Reader<'_>, at: usize) -> Option<(Measure, usize)> {
    one(reader, at).map(|(known, next)| (known.into(), next))
}

fn joined_factor(reader: Reader<'_>, at: usize, measure: &Measure) -> Option<(Measure, i32, usize)> {
    if let Some((span, next)) = frequency::adverb(reader, at) {
        return Some((span, -1, next));
    }
    let (sign, from) = match reader.symbol(at) {
        Some('/') if reader.is_glued(at) => (-1, at + 1),
        Some('·' | '⋅') => (1, at + 1),
        _ if matches!(reader.text(at), "per" | "pro" | "par" | "por" | "each" | "every") => (-1, at + 1),
        // "miles an hour"
        _ if reader.meaning(at) == Some(Meaning::Article) => {
            let (factor, next) = factor(reader, at + 1, false)?;
            return matches!(factor.unit.dimension, Dimension::Physical(powers) if powers.is_duration())
                .then_some((factor, -1, next));
        }
        // "m s⁻¹"
        _ if matches!(measure.unit.dimension, Dimension::Physical(_)) => {
            let (factor, next) = factor(reader, at, false)?;
            return factor.symbol.contains('⁻').then_some((factor, 1, next));
        }
        _ => return None,
    };
    let (factor, next) = factor(reader, from, false)?;
    Some((factor, sign, next))
}

fn multiply(left: &Measure, right: &Measure, power: i32) -> Option<Measure> {
    let Dimension::Physical(theirs) = right.unit.dimension else { return None };
    let dimension = match left.unit.dimension {
        Dimension::Physical(mine) => Dimension::Physical(mine.times(theirs, power)),
        Dimension::Money(currency, mine) => Dimension::Money(currency, mine.times(theirs, power)),
        Dimension::Count
        | Dimension::Ordinal
        | Dimension::Percent
        | Dimension::PercentagePoint
        | Dimension::Ratio
        | Dimension::Date
        | Dimension::Time
        | Dimension::Zone
        | Dimension::Unlisted(_)
        | Dimension::Version
        | Dimension::Expression => return None,
    };
    let factor = left.unit.factor * right.unit.factor.powi(power);
    let sign = if power < 0 { "/" } else { "·" };
    Some(Measure {
        unit: Unit { dimension, factor, offset: 0.0 },
        symbol: format!("{}{sign}{}", left.symbol, right.symbol),
    })
}

/// Reads one unit with its power. `is_first` says that the number stands directly before it.
fn factor(reader: Reader<'_>, at: usize, is_first: bool) -> Option<(Measure, usize)> {
    let dimensions = match reader.text(at) {
        "square" | "Square" | "sq" | "quadrat" => 2,
        "cubic" | "Cubic" | "cu" => 3,
        _ => 0,
    };
    if dimensions > 0 {
        let dot = usize::from(reader.symbol(at + 1) == Some('.'));
        let (known, next) = one(reader, at + 1 + dot)?;
        return Some((raise(known, dimensions), next));
    }
    let Some((known, next)) = degrees(reader, at).or_else(|| one(reader, at)) else {
        return with_plain_power(reader.text(at)).map(|measure| (measure, at + 1));
    };
    if is_first && is_doubtful(reader, at, next) {
        return None;
    }
    if let Some((power, next)) = number::power(reader, next) {
        return Some((raise(known, power), next));
    }
    match reader.text(next) {
        "squared" => Some((raise(known, 2), next + 1)),
        "cubed" => Some((raise(known, 3), next + 1)),
        _ => Some((known.into(), next)),
    }
}

/// Reads `km2` and `m3`.
fn with_plain_power(text: &str) -> Option<Measure> {
    let power = if text.ends_with('2') { 2 } else { 3 };
    let known = units::named(text.strip_suffix(['2', '3'])?)?;
    matches!(known.unit.dimension, Dimension::Physical(powers) if powers.is_length()).then(|| raise(known, power))
}

fn raise(known: Known, power: i32) -> Measure {
    let Dimension::Physical(powers) = known.unit.dimension else { return known.into() };
    let dimension = Dimension::Physical(Powers::default().times(powers, power));
    let raised: String = power
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect();
    let factor = known.unit.factor.powi(power);
    Measure { unit: Unit { dimension, factor, offset: 0.0 }, symbol: format!("{}{raised}", known.symbol) }
}

/// Reads °C, "degrees Fahrenheit" and the like.
fn degrees(reader: Reader<'_>, at: usize) -> Option<(Known, usize)> {
    match reader.symbol(at) {
        Some('℃') => return Some((Known { symbol: "°C", ..units::named("C")? }, at + 1)),
        Some('℉') => return Some((Known { symbol: "°F", ..units::named("F")? }, at + 1)),
        Some('°' | 'º') => {}
        _ if matches!(reader.text(at), "degrees" | "degree" | "Grad" | "grados" | "º") => {}
        _ => return None,
    }
    let scale = reader.text(at + 1);
    let symbol = match scale.chars().next()?.to_ascii_uppercase() {
        // Celsius, Celcius, centigrade, centígrados: not the hand of a clock.
        'C' if matches!(scale, "C" | "c") || matches!(scale.to_lowercase().get(..3), Some("cel" | "cen")) => "°C",
        'F' if matches!(scale, "F" | "f") || scale.eq_ignore_ascii_case("fahrenheit") => "°F",
        _ => return None,
    };
    let known = units::named(if symbol == "°C" { "C" } else { "F" })?;
    Some((Known { symbol, ..known }, at + 2))
}

/// Reads a unit without its power: one word, two, or two with a hyphen.
fn one(reader: Reader<'_>, at: usize) -> Option<(Known, usize)> {
    let text = reader.text(at);
    if let Some(symbol) = reader.symbol(at) {
        // `\%` and `^\circ` are the sign that they print.
        return units::named(symbol.encode_utf8(&mut [0; 4])).map(|known| (known, at + 1));
    }
    if !reader.is_word(at) {
        return None;
    }
    let has_second = reader.is_word(at + 1) && matches!(text.len(), 2..=12);
    if has_second && let Some(known) = two_words(text, ' ', reader.text(at + 1)) {
        return Some((known, at + 2));
    }
    let is_hyphened = matches!(reader.symbol(at + 1), Some('-' | '\u{2011}')) && reader.is_word(at + 2);
    if is_hyphened && let Some(known) = two_words(text, '-', reader.text(at + 2)) {
        return Some((known, at + 3));
    }
    units::named(text).map(|known| (known, at + 1)).or_else(|| unspaced(reader, at))
}

/// Most characters of a unit's name in a script without spaces.
const LONGEST_UNSPACED: usize = 7;

/// Reads a unit in a script without spaces, in which each character is a token; the longest name that fits.
fn unspaced(reader: Reader<'_>, at: usize) -> Option<(Known, usize)> {
    let starts = |text: &str| text.chars().next().is_some_and(lex::is_separate);
    let is_part = |next: &usize| *next == at || reader.is_glued(*next);
    let run = (at..at + LONGEST_UNSPACED).take_while(|next| is_part(next) && starts(reader.text(*next)));
    let mut name = String::new();
    let names = run.map(|next| {
        name.push_str(reader.text(next));
        (name.clone(), next + 1)
    });
    names.filter_map(|(name, next)| units::named(&name).map(|known| (known, next))).last()
}

/// Looks up a name of two words; only the first words that such names have are worth the trouble.
fn two_words(first: &str, joint: char, second: &str) -> Option<Known> {
    const FIRST: [&str; 19] = [
        "basis",
        "australian",
        "american",
        "indian",
        "swiss",
        "nautical",
        "astronomical",
        "light",
        "fluid",
        "per",
        "por",
        "pour",
        "percentage",
        "us",
        "pounds",
        "watt",
        "kilowatt",
        "megawatt",
        "canadian",
    ];
    let is_first = FIRST.iter().any(|known| known.eq_ignore_ascii_case(first)) || first.ends_with("watt");
    if is_first { units::named(&format!("{first}{joint}{second}")) } else { None }
}

/// Whether the symbol from `at` on is more likely a word: "5 in 1969", "5 a", "10 A levels".
fn is_doubtful(reader: Reader<'_>, at: usize, next: usize) -> bool {
    let is_spaced = !reader.is_glued(at);
    match reader.text(at) {
        "in" | "A" | "d" | "B" | "T" | "H" | "em" | "ct" | "pt" | "pc" | "mo" | "ac" | "cal" => {
            is_spaced && reader.is_word(next)
        }
        _ => false,
    }
}
