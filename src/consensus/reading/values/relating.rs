//! Whether two quantities can be one and the same.

use crate::consensus::reading::values::quantity::{Policy, Quantity};
use crate::consensus::reading::values::unit_rows::{KELVIN, KILOGRAM, SECOND, VOLUME};
use crate::consensus::reading::values::units::{Powers, Unit};
use crate::consensus::reading::values::{Dimension, Relation};

/// How far apart two measurements in different units may be, as a share of the larger.
const MEASURED_SHARE: f64 = 0.01;

/// How much of a measurement its last digit is at most where it may have been cut off: 8,848 m beside 8,849 m.
const CUT_SHARE: f64 = 0.001;

/// How far apart two numbers may be when one of them is "about", as a share of the larger.
const ABOUT_SHARE: f64 = 0.10;

/// How many times farther on a number may lie for an open end to speak of it: "more than 20" says nothing of billions.
const OPEN_REACH: f64 = 10.0;

/// Guards comparisons of converted numbers against the last bits of their fractions.
const EPSILON: f64 = 1e-9;

/// Returns how `left` and `right` stand to each other; `is_approximate` says that one of them is "about".
pub(super) fn relate(left: &Quantity, right: &Quantity, is_approximate: bool) -> Relation {
    match kinship(left, right) {
        Kinship::None => Relation::Unrelated,
        Kinship::Alike => relate_alike(left, right, is_approximate),
        Kinship::Share => {
            let (left, right) = (left.as_percent(), right.as_percent());
            relate_alike(&left, &right, is_approximate)
        }
        // What one says by the day the other leaves open: the same number of the same unit fits.
        Kinship::Rate => {
            let (base, rate) = if left.symbol.len() < right.symbol.len() { (left, right) } else { (right, left) };
            let is_same_unit = rate.symbol.strip_prefix(base.symbol.as_str()).is_some_and(|per| per.starts_with('/'));
            let fits = is_same_unit && base.low == rate.low && base.high == rate.high;
            if fits { Relation::Compatible } else { Relation::Unrelated }
        }
        // Ten euros and ten dollars can't be one sum; ten euros and eleven dollars can.
        Kinship::OtherMoney => {
            let is_same_number = left.low == right.low && left.high == right.high;
            if is_same_number { Relation::Differ } else { Relation::Unrelated }
        }
    }
}

/// What two quantities have in common.
enum Kinship {
    /// They measure the same.
    Alike,
    /// A percentage and a part of a whole.
    Share,
    /// An amount, and an amount for each span of time.
    Rate,
    /// Sums in two currencies.
    OtherMoney,
    /// Nothing.
    None,
}

fn kinship(left: &Quantity, right: &Quantity) -> Kinship {
    match (left.unit.dimension, right.unit.dimension) {
        (Dimension::Money(ours, mine), Dimension::Money(theirs, yours)) => match (ours.meets(theirs), mine == yours) {
            (true, true) => Kinship::Alike,
            (false, true) => Kinship::OtherMoney,
            (true, false) if is_rate_of(mine, yours) => Kinship::Rate,
            (true | false, false) => Kinship::None,
        },
        (Dimension::Physical(mine), Dimension::Physical(yours)) if mine != yours && is_rate_of(mine, yours) => {
            Kinship::Rate
        }
        (Dimension::Percent, Dimension::Count) if right.is_part() => Kinship::Share,
        (Dimension::Count, Dimension::Percent) if left.is_part() => Kinship::Share,
        // What may be a noun may be left out.
        (Dimension::Unlisted(_), Dimension::Count) | (Dimension::Count, Dimension::Unlisted(_)) => Kinship::Alike,
        (ours, theirs) if ours == theirs => Kinship::Alike,
        _ => Kinship::None,
    }
}

/// Whether one is the other for each span of time: a dose and a daily dose, a sum and a wage. Power is no energy for
/// that, nor a speed a length.
fn is_rate_of(left: Powers, right: Powers) -> bool {
    let is_rate = |base: Powers, rate: Powers| {
        [KILOGRAM, VOLUME, Powers::default()].contains(&base) && base.times(SECOND, -1) == rate
    };
    is_rate(left, right) || is_rate(right, left)
}

fn relate_alike(left: &Quantity, right: &Quantity, is_approximate: bool) -> Relation {
    match (left.side, right.side) {
        (Some(ours), Some(theirs)) if !ours.shares_axis(theirs) => return Relation::Unrelated,
        _ => {}
    }
    let relation = match (&left.per, &right.per) {
        (Some(ours), Some(theirs)) if ours.unit.dimension != theirs.unit.dimension => return Relation::Unrelated,
        (Some(ours), Some(theirs)) => {
            let share = ours.unit.factor / theirs.unit.factor;
            relate_ends(left, &right.times(share), is_approximate)
        }
        (None | Some(_), None | Some(_)) => relate_ends(left, right, is_approximate),
    };
    let says_as_much = left.per.is_some() == right.per.is_some()
        && (left.side.is_none() && right.side.is_none() || left.is_side_known() == right.is_side_known())
        && left.unit.dimension == right.unit.dimension;
    if relation == Relation::Same && !says_as_much { Relation::Compatible } else { relation }
}

impl Quantity {
    pub(super) fn times(&self, factor: f64) -> Self {
        Self {
            low: self.low * factor,
            high: self.high * factor,
            step: self.step * factor,
            grain: self.grain * factor,
            ..self.clone()
        }
    }

    /// Whether it is a plain part of a whole: a half, 0.25.
    fn is_part(&self) -> bool {
        self.low > 0.0 && self.high < 1.0
    }

    fn as_percent(&self) -> Self {
        let unit = Unit { dimension: Dimension::Percent, ..Unit::NONE };
        if self.unit.dimension == Dimension::Percent { self.clone() } else { Self { unit, ..self.times(100.0) } }
    }

    /// Whether the half of the globe is said, by a letter or by a sign.
    fn is_side_known(&self) -> bool {
        self.side.is_some() || self.low < 0.0
    }

    /// Both ends as seen beside `other`: south and west count down from zero where both say where they lie.
    fn signed_ends(&self, other: &Self) -> (f64, f64) {
        let (low, high) = self.ends();
        match self.side {
            Some(side) if side.sign() < 0.0 && other.is_side_known() => (-high, -low),
            Some(_) | None => (low, high),
        }
    }
}

fn relate_ends(left: &Quantity, right: &Quantity, is_approximate: bool) -> Relation {
    let (ours, theirs) = (Ends::of(left, right), Ends::of(right, left));
    let tolerance = tolerance(left, right, is_approximate);
    let is_near = |a: f64, b: f64| a == b || (a - b).abs() <= tolerance;
    let is_same = is_near(ours.low, theirs.low) && is_near(ours.high, theirs.high);
    match (ours.open(), theirs.open()) {
        // Two limits: "at most 4 g" and "at most 8 g" are different rules, though what keeps to one keeps to the other.
        (Some(Way::Down), Some(Way::Down)) if !is_same => return Relation::Differ,
        // "At least 5" and "at most 5" are not one statement, though 5 is both.
        (Some(Way::Up), Some(Way::Down)) if is_near(ours.low, theirs.high) => return Relation::Differ,
        (Some(Way::Down), Some(Way::Up)) if is_near(ours.high, theirs.low) => return Relation::Differ,
        _ => {}
    }
    let is_touching = |open: &Ends, quantity: &Quantity, other: &Ends| {
        quantity.is_strict && (is_near(open.low, other.high) || is_near(open.high, other.low))
    };
    let is_out = is_touching(&ours, left, &theirs) || is_touching(&theirs, right, &ours);
    let is_overlapping = ours.low - tolerance <= theirs.high && theirs.low - tolerance <= ours.high;
    match is_overlapping && (!is_out || is_same || is_approximate) {
        true if is_out_of_reach(left, right) => Relation::Unrelated,
        true if is_same && left.is_strict == right.is_strict => Relation::Same,
        true => Relation::Compatible,
        false => Relation::Differ,
    }
}

/// Both ends of a quantity in base units.
struct Ends {
    low: f64,
    high: f64,
}

/// Where an open end leads.
enum Way {
    Up,
    Down,
}

impl Ends {
    fn of(quantity: &Quantity, other: &Quantity) -> Self {
        let (low, high) = quantity.signed_ends(other);
        Self { low, high }
    }

    fn open(&self) -> Option<Way> {
        match (self.low.is_infinite(), self.high.is_infinite()) {
            (true, false) => Some(Way::Down),
            (false, true) => Some(Way::Up),
            (true, true) | (false, false) => None,
        }
    }
}

/// How far apart two quantities of one dimension may be, in base units.
fn tolerance(left: &Quantity, right: &Quantity, is_approximate: bool) -> f64 {
    let policy = policy(left, right);
    let size = if left.unit.dimension == Dimension::Physical(KELVIN) {
        // A share of the distance to absolute zero would be several degrees.
        finite_size(left.low, left.high).max(finite_size(right.low, right.high)) * left.unit.factor
    } else {
        let ((left_low, left_high), (right_low, right_high)) = (left.ends(), right.ends());
        finite_size(left_low, left_high).max(finite_size(right_low, right_high))
    };
    let mut tolerance = left.rounding(policy).max(right.rounding(policy));
    if policy == Policy::Measured && left.unit.dimension != Dimension::Percent {
        let is_converted = left.unit.factor != right.unit.factor;
        let last_place = left.step.max(right.step) * left.unit.factor;
        tolerance = tolerance.max(match is_converted {
            true => size * MEASURED_SHARE,
            // In one unit what is written counts, but for a last digit that is cut off rather than rounded.
            false if last_place <= size * CUT_SHARE => last_place,
            false => 0.0,
        });
    }
    if is_approximate {
        tolerance = tolerance.max(size * ABOUT_SHARE);
    }
    tolerance + size * EPSILON
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
        | Dimension::Unlisted(_)
        | Dimension::Date
        | Dimension::Time
        | Dimension::Zone
        | Dimension::Version
        | Dimension::Expression => Policy::Exact,
    }
}

/// Returns the larger of two sizes, leaving open ends out.
pub(super) fn finite_size(low: f64, high: f64) -> f64 {
    [low, high].into_iter().filter(|end| end.is_finite()).fold(0.0, |size, end| end.abs().max(size))
}
