//! A number with its unit, its precision and whatever else is said of it.

use crate::consensus::reading::values::Dimension;
use crate::consensus::reading::values::measure::Measure;
use crate::consensus::reading::values::relating::finite_size;
use crate::consensus::reading::values::unit_rows::KELVIN;
use crate::consensus::reading::values::units::Unit;

/// How much of a number rounding may hide at most: "2 km" and "2.4 km" are different claims, though 2.4 rounds to 2.
const ROUNDING_SHARE: f64 = 0.05;

/// From here on, a plain number that ends in three zeros counts as rounded.
const ROUND_COUNT: f64 = 10_000.0;

/// From here on, a measurement that ends in two zeros counts as rounded.
const ROUND_MEASURE: f64 = 100.0;

/// A number or a range of numbers, with or without a unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantity {
    /// The number, or the lower end, in `unit`; minus infinity for "at most".
    pub(crate) low: f64,
    /// The number, or the upper end, in `unit`; infinity for "at least".
    pub(crate) high: f64,
    /// The place of the last digit written: 1 for 400, 0.1 for 2.5; 0 where there is none, as in 1/3.
    pub(crate) step: f64,
    /// The place of the last digit that is not zero: 100 for 400.
    pub(crate) grain: f64,
    /// What it is counted in.
    pub(crate) unit: Unit,
    /// How a canonical form writes the unit; empty for a plain number.
    pub(crate) symbol: String,
    /// How a quantity in several units at once is written: `6 ft 2 in`.
    pub(crate) spelled: Option<String>,
    /// Whether an open end leaves the number itself out: "more than 100".
    pub(crate) is_strict: bool,
    /// The compass letter of an angle.
    pub(crate) side: Option<Side>,
    /// What it is said to be for each of: a number of things per minute.
    pub(crate) per: Option<Measure>,
}

/// The half of the globe that a latitude or longitude lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    North,
    South,
    East,
    West,
}

impl Side {
    fn letter(self) -> char {
        match self {
            Self::North => 'N',
            Self::South => 'S',
            Self::East => 'E',
            Self::West => 'W',
        }
    }

    /// Whether both lie on one axis.
    pub(super) fn shares_axis(self, other: Self) -> bool {
        matches!(self, Self::North | Self::South) == matches!(other, Self::North | Self::South)
    }

    /// The sign of an angle in this half where none is written.
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::North | Self::East => 1.0,
            Self::South | Self::West => -1.0,
        }
    }
}

impl Default for Quantity {
    fn default() -> Self {
        Self {
            low: 0.0,
            high: 0.0,
            step: 0.0,
            grain: 0.0,
            unit: Unit::NONE,
            symbol: String::new(),
            spelled: None,
            is_strict: false,
            side: None,
            per: None,
        }
    }
}

impl Quantity {
    /// Returns whether this is `number` and no range.
    pub(crate) fn is_exactly(&self, number: f64) -> bool {
        self.low == number && self.high == number
    }

    /// Returns the number itself where this is "at most" or "at least": the limit that was asked for.
    #[must_use]
    pub(crate) fn limit(self) -> Self {
        let low = if self.low.is_infinite() { self.high } else { self.low };
        let high = if self.high.is_infinite() { self.low } else { self.high };
        Self { low, high, ..self }
    }

    /// Returns the number and its unit: `384400 km`, `10–20 %`, `≥ 5`.
    pub(crate) fn canonical(&self) -> String {
        if let Some(spelled) = self.spelled.as_ref().filter(|_| self.low == self.high) {
            return spelled.clone();
        }
        let numbers = if self.low == self.high {
            number(self.low)
        } else if self.high.is_infinite() {
            format!("{} {}", if self.is_strict { '>' } else { '≥' }, number(self.low))
        } else if self.low.is_infinite() {
            format!("{} {}", if self.is_strict { '<' } else { '≤' }, number(self.high))
        } else {
            format!("{}–{}", number(self.low), number(self.high))
        };
        let with_unit = self.with_unit(numbers);
        let side = self.side.map(|side| format!(" {}", side.letter())).unwrap_or_default();
        let per = self.per.as_ref().map(|per| format!(" per {}", per.symbol)).unwrap_or_default();
        format!("{with_unit}{side}{per}")
    }

    fn with_unit(&self, numbers: String) -> String {
        match self.unit.dimension {
            Dimension::Ordinal => format!("{numbers}."),
            Dimension::Ratio => format!("{numbers}:1"),
            Dimension::Count
            | Dimension::Percent
            | Dimension::PercentagePoint
            | Dimension::Money(..)
            | Dimension::Physical(_)
            | Dimension::Unlisted(_)
            | Dimension::Date
            | Dimension::Time
            | Dimension::Zone
            | Dimension::Version
            | Dimension::Expression => match self.symbol.as_str() {
                "" => numbers,
                "°" => format!("{numbers}°"),
                symbol => format!("{numbers} {symbol}"),
            },
        }
    }

    /// Returns both ends in base units, the smaller first.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.unit.to_base(self.low), self.unit.to_base(self.high))
    }

    /// Returns how much of the number its rounding may hide, in base units.
    pub(super) fn rounding(&self, policy: Policy) -> f64 {
        let size = finite_size(self.low, self.high);
        // "100 %" and "100 °C" are exact more often than not.
        let may_be_round = !matches!(self.unit.dimension, Dimension::Percent | Dimension::Physical(KELVIN));
        let hidden = match policy {
            // Whole numbers mean what they say; decimals and "3 million" are rounded.
            Policy::Exact if self.step == 1.0 && (self.grain < 1000.0 || size < ROUND_COUNT) => 0.0,
            Policy::Measured if self.step == 1.0 && (self.grain < 100.0 || size < ROUND_MEASURE) => self.step,
            Policy::Exact | Policy::Measured if self.step == 1.0 && may_be_round => self.grain,
            Policy::Exact | Policy::Measured => self.step,
        };
        (hidden / 2.0).min(size * ROUNDING_SHARE) * self.unit.factor
    }
}

/// What two numbers of one dimension may be apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Counted: no more than rounding.
    Exact,
    /// Measured: rounding, or a share of the whole.
    Measured,
}

/// Returns a number in digits: no separators, no zeros behind the last decimal, an exponent from 10^21 on and below a
/// millionth, twelve digits at most where fractions were added up.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    if !(1e-6..1e21).contains(&size) {
        let text = format!("{value:.12e}");
        let Some((digits, power)) = text.split_once('e') else { return text };
        return format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'));
    }
    if value.fract() == 0.0 {
        return format!("{value}");
    }
    let n_whole = size.log10().floor().max(0.0) as usize + 1;
    let text = format!("{value:.*}", 13_usize.saturating_sub(n_whole));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
