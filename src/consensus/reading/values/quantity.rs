//! A number with its unit and its precision, and whether two of them can be the same.

use crate::consensus::reading::values::units::{KELVIN, Unit};
use crate::consensus::reading::values::{Dimension, Relation};

/// How far apart two measurements may be, as a share of the larger.
const MEASURED_SHARE: f64 = 0.01;

/// How far apart two numbers may be when one of them is "about", as a share of the larger.
const ABOUT_SHARE: f64 = 0.10;

/// How much of a number rounding may hide at most: "2 km" and "2.4 km" are different claims, though 2.4 rounds to 2.
const ROUNDING_SHARE: f64 = 0.05;

/// From here on, a plain number that ends in three zeros counts as rounded.
const ROUND_COUNT: f64 = 10_000.0;

/// From here on, a measurement that ends in two zeros counts as rounded.
const ROUND_MEASURE: f64 = 100.0;

/// How many times farther on a number may lie for an open end to speak of it: "more than 20" says nothing of billions.
const OPEN_REACH: f64 = 10.0;

/// Guards comparisons of converted numbers against the last bits of their fractions.
const EPSILON: f64 = 1e-9;

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
            format!("≥ {}", number(self.low))
        } else if self.low.is_infinite() {
            format!("≤ {}", number(self.high))
        } else {
            format!("{}–{}", number(self.low), number(self.high))
        };
        match self.unit.dimension {
            Dimension::Ordinal => format!("{numbers}."),
            Dimension::Ratio => format!("{numbers}:1"),
            Dimension::Count
            | Dimension::Percent
            | Dimension::PercentagePoint
            | Dimension::Money(..)
            | Dimension::Physical(_)
            | Dimension::Date
            | Dimension::Time
            | Dimension::Version
            | Dimension::Expression => match self.symbol.as_str() {
                "" => numbers,
                "°" => format!("{numbers}°"),
                symbol => format!("{numbers} {symbol}"),
            },
        }
    }

    /// Returns both ends in base units, the smaller first.
    fn ends(&self) -> (f64, f64) {
        (self.unit.to_base(self.low), self.unit.to_base(self.high))
    }

    /// Returns how much of the number its rounding may hide, in base units.
    fn rounding(&self, policy: Policy) -> f64 {
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
enum Policy {
    /// Counted: no more than rounding.
    Exact,
    /// Measured: rounding, or a share of the whole.
    Measured,
}

/// Returns how `left` and `right` stand to each other; `is_approximate` says that one of them is "about".
pub(super) fn relate(left: &Quantity, right: &Quantity, is_approximate: bool) -> Relation {
    if left.unit.dimension != right.unit.dimension {
        return Relation::Unrelated;
    }
    let policy = policy(left, right);
    let (left_low, left_high) = left.ends();
    let (right_low, right_high) = right.ends();
    let size = if left.unit.dimension == Dimension::Physical(KELVIN) {
        // A share of the distance to absolute zero would be several degrees.
        finite_size(left.low, left.high).max(finite_size(right.low, right.high)) * left.unit.factor
    } else {
        finite_size(left_low, left_high).max(finite_size(right_low, right_high))
    };
    let mut tolerance = left.rounding(policy).max(right.rounding(policy));
    if policy == Policy::Measured && left.unit.dimension != Dimension::Percent {
        tolerance = tolerance.max(size * MEASURED_SHARE);
    }
    if is_approximate {
        tolerance = tolerance.max(size * ABOUT_SHARE);
    }
    tolerance += size * EPSILON;
    if left_low.is_infinite() && right_low.is_infinite() {
        // Two limits: "at most 4 g" and "at most 8 g" are different rules, though what keeps to one keeps to the other.
        return if (left_high - right_high).abs() <= tolerance { Relation::Same } else { Relation::Differ };
    }
    let is_overlapping = left_low - tolerance <= right_high && right_low - tolerance <= left_high;
    match is_overlapping {
        true if is_out_of_reach(left, right) => Relation::Unrelated,
        true => Relation::Same,
        false => Relation::Differ,
    }
}

/// Whether one is open towards the other and their numbers are more than an order of magnitude apart.
fn is_out_of_reach(left: &Quantity, right: &Quantity) -> bool {
    let is_open = |it: &Quantity| it.low.is_infinite() || it.high.is_infinite();
    let size = |it: &Quantity| it.unit.to_base(finite_size(it.low, it.high)).abs();
    let (small, large) = (size(left).min(size(right)), size(left).max(size(right)));
    (is_open(left) || is_open(right)) && small > 0.0 && small * OPEN_REACH < large
}

/// Durations in whole units are counted ("116 years" and "117 years" differ), and so is money.
fn policy(left: &Quantity, right: &Quantity) -> Policy {
    match left.unit.dimension {
        Dimension::Physical(powers) if powers.is_duration() => {
            let is_counted = left.symbol == right.symbol && left.step == 1.0 && right.step == 1.0;
            if is_counted { Policy::Exact } else { Policy::Measured }
        }
        Dimension::Physical(_) | Dimension::Percent | Dimension::PercentagePoint => Policy::Measured,
        Dimension::Count
        | Dimension::Ordinal
        | Dimension::Money(..)
        | Dimension::Ratio
        | Dimension::Date
        | Dimension::Time
        | Dimension::Version
        | Dimension::Expression => Policy::Exact,
    }
}

/// Returns the larger of two sizes, leaving open ends out.
fn finite_size(low: f64, high: f64) -> f64 {
    [low, high].into_iter().filter(|end| end.is_finite()).fold(0.0, |size, end| end.abs().max(size))
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
