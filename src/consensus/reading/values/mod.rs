//! Typed values in a sentence, each with its exact place, and whether two of them can both be true.
//!
//! Not for the short answer to a whole question: that is `consensus::reading::finals`.
//!
//! | symptom | where |
//! |--|--|
//! | two roundings of one number conflict | `quantity::ROUNDING_SHARE`, up |
//! | close measurements of different things agree | `relating::MEASURED_SHARE`, down |
//! | "about" is taken too loosely | `relating::ABOUT_SHARE`, down; for years `dates::ABOUT_YEARS` |
//! | a name's number is taken for a count, or a count for a name's | `words::ROWS`, rows `Label` and `Function`, for the word before it |
//! | a unit is not known | `unit_rows::ROWS`, `currencies::ROWS` |

mod calendar;
pub(crate) mod clock;
mod context;
pub(crate) mod currencies;
pub(crate) mod dates;
mod digits;
mod forms;
mod frequency;
mod growth;
mod lex;
pub(crate) mod measure;
mod number;
pub(crate) mod numerals;
mod periods;
pub(crate) mod quantity;
mod reader;
mod relating;
mod scan;
mod unit_rows;
pub(crate) mod units;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::consensus::plain::sequences;
use crate::consensus::reading::terms::script::is_invisible;
use crate::consensus::reading::values::clock::Clock;
use crate::consensus::reading::values::currencies::Currencies;
use crate::consensus::reading::values::dates::Date;
use crate::consensus::reading::values::quantity::Quantity;
use crate::consensus::reading::values::units::{Powers, Symbol};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The bytes of the sentence that spell the value, unit included, without words such as "about".
    pub(crate) range: Range<usize>,
    /// What they say.
    pub(crate) value: Value,
    /// Whether the sentence calls the value approximate.
    pub(crate) approximate: bool,
    /// What else the same text may say: `12.500` is twelve and a half, or twelve thousand five hundred.
    pub(crate) also: Option<Box<Value>>,
}

/// What a stretch of text says, typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number, with or without a unit.
    Quantity(Quantity),
    /// A date, at the granularity at which it was written.
    Date(Date),
    /// A time of day.
    Time(Clock),
    /// A time zone, in minutes ahead of UTC.
    Zone(i16),
    /// A version of something, most significant part first.
    Version(Vec<u32>),
    /// Mathematics that is not a plain number, such as `2\pi` or `O(n)`, without spaces.
    Expression(String),
}

/// What a value measures: values of different dimensions are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dimension {
    /// A plain number.
    Count,
    /// A place in an order: the 44th.
    Ordinal,
    /// A share of a hundred.
    Percent,
    /// A difference between two percentages.
    PercentagePoint,
    /// An amount of a currency, possibly for each unit of something.
    Money(Currencies, Powers),
    /// A physical quantity.
    Physical(Powers),
    /// A unit that the table lacks, as it is written.
    Unlisted(Symbol),
    /// One number to another, as in `16:9`.
    Ratio,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A time zone.
    Zone,
    /// A version.
    Version,
    /// Mathematics.
    Expression,
}

/// How two values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They say the same, in whatever notation and up to rounding.
    Same,
    /// Both can be true of one thing, but one says more than the other: a day and its year, "more than 100" and 120.
    Compatible,
    /// At most one can be true of one thing.
    Differ,
    /// They do not measure the same, so that nothing can be said.
    Unrelated,
}

impl Relation {
    /// Returns whether both can be true of one thing.
    pub(crate) fn fits(self) -> bool {
        matches!(self, Self::Same | Self::Compatible)
    }

    /// Returns the better of what two readings of one text come to: values differ only where all readings do.
    fn or(self, other: Self) -> Self {
        let weight = |relation| match relation {
            Self::Same => 3,
            Self::Compatible => 2,
            Self::Differ => 1,
            Self::Unrelated => 0,
        };
        if weight(self) >= weight(other) { self } else { other }
    }
}

impl Value {
    /// Returns the value in a form that depends on what was meant rather than on how it was spelled: a date in ISO
    /// order at its granularity, a number in digits with the unit that the writer chose.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Quantity(quantity) => quantity.canonical(),
            Self::Date(date) => date.canonical(),
            Self::Time(clock) => clock.canonical(),
            Self::Zone(minutes) => clock::zone(*minutes),
            Self::Version(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
            Self::Expression(expression) => expression.clone(),
        }
    }

    /// Returns what the value measures.
    pub(crate) fn dimension(&self) -> Dimension {
        match self {
            Self::Quantity(quantity) => quantity.unit.dimension,
            Self::Date(_) => Dimension::Date,
            Self::Time(_) => Dimension::Time,
            Self::Zone(_) => Dimension::Zone,
            Self::Version(_) => Dimension::Version,
            Self::Expression(_) => Dimension::Expression,
        }
    }
}

impl Found {
    /// Returns the value without "at most" and "at least": what a question for a limit asks for.
    #[must_use]
    pub(crate) fn limit(mut self) -> Self {
        if let Value::Quantity(quantity) = self.value {
            self.value = Value::Quantity(quantity.limit());
        }
        self
    }
}

/// Returns the values of `sentence` in the order in which they stand, without overlaps; none for a text without any.
///
/// Markdown and LaTeX are read through. Numbers of names, list markers, citation marks and addresses are no values.
/// Takes time linear in the length of the sentence.
pub(crate) fn find(sentence: &str) -> Vec<Found> {
    let hides = |c: char| is_invisible(c) || matches!(c, '\u{1b}' | '\u{9b}' | '\u{9d}');
    if !sentence.contains(hides) {
        return scan::find(sentence);
    }
    // What takes no room may stand within a number: `8\u{200b}611` is read, and shown, as 8611.
    let (visible, places): (String, Vec<usize>) = visible(sentence);
    let place = |at: usize| places.get(at).copied().unwrap_or(sentence.len());
    let restored = |found: Found| Found { range: place(found.range.start)..place(found.range.end), ..found };
    scan::find(&visible).into_iter().map(restored).collect()
}

/// Returns `sentence` without what takes no room and what only a terminal obeys, and for each byte of it the byte of `sentence` that it was.
fn visible(sentence: &str) -> (String, Vec<usize>) {
    let mut sequences = sequences(sentence).into_iter().peekable();
    let characters: Vec<(usize, char)> = sentence
        .char_indices()
        .filter(|(at, character)| {
            while sequences.next_if(|sequence| sequence.end <= *at).is_some() {}
            !is_invisible(*character) && sequences.peek().is_none_or(|sequence| *at < sequence.start)
        })
        .collect();
    let shown = || characters.iter().copied();
    let places = shown().flat_map(|(at, character)| (0..character.len_utf8()).map(move |byte| at + byte));
    (shown().map(|(_, character)| character).collect(), places.collect())
}

/// Returns how `a` and `b` stand to each other; the order of the two does not matter.
///
/// A value is the set of what its text may mean: two are different only when the sets do not meet.
pub(crate) fn relate(a: &Found, b: &Found) -> Relation {
    let is_approximate = a.approximate || b.approximate;
    readings(a)
        .flat_map(|ours| readings(b).map(move |theirs| relate_readings(ours, theirs, is_approximate)))
        .fold(Relation::Unrelated, Relation::or)
}

fn readings(found: &Found) -> impl Iterator<Item = &Value> {
    [Some(&found.value), found.also.as_deref()].into_iter().flatten()
}

/// Returns how `a` and `b` stand to each other where both stand in one place of one sentence.
///
/// There two units of different things are different too, "100 mg" and "100 mEq", and so are two currencies; a plain
/// number beside a number with a unit still says nothing.
pub(crate) fn relate_in_place(a: &Found, b: &Found) -> Relation {
    let relation = relate(a, b);
    let has_unit = |found: &Found| {
        matches!(
            found.value.dimension(),
            Dimension::Percent
                | Dimension::PercentagePoint
                | Dimension::Money(..)
                | Dimension::Physical(_)
                | Dimension::Unlisted(_)
                | Dimension::Zone
        )
    };
    if relation == Relation::Unrelated && has_unit(a) && has_unit(b) { Relation::Differ } else { relation }
}

fn relate_readings(a: &Value, b: &Value, is_approximate: bool) -> Relation {
    match (a, b) {
        (Value::Quantity(left), Value::Quantity(right)) => relating::relate(left, right, is_approximate),
        (Value::Date(left), Value::Date(right)) => dates::relate(left, right, is_approximate),
        (Value::Date(date), Value::Quantity(number)) | (Value::Quantity(number), Value::Date(date)) => {
            relate_year_to_number(date, number)
        }
        (Value::Time(left), Value::Time(right)) => clock::relate(*left, *right, is_approximate),
        (Value::Zone(left), Value::Zone(right)) => same_if(left == right),
        (Value::Version(left), Value::Version(right)) => relate_versions(left, right),
        (Value::Version(version), Value::Quantity(number)) | (Value::Quantity(number), Value::Version(version)) => {
            relate_version_to_number(version, number)
        }
        (Value::Expression(left), Value::Expression(right)) => same_if(left == right),
        // Of "±5" both signs are meant: a lone 5 is half of it.
        (Value::Expression(pair), Value::Quantity(number)) | (Value::Quantity(number), Value::Expression(pair))
            if pair.strip_prefix('±') == Some(quantity::number(number.low.abs()).as_str()) =>
        {
            Relation::Differ
        }
        (
            Value::Quantity(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Zone(_)
            | Value::Version(_)
            | Value::Expression(_),
            Value::Quantity(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Zone(_)
            | Value::Version(_)
            | Value::Expression(_),
        ) => Relation::Unrelated,
    }
}

/// 3.10 and 3.10.0 are one version; 3.10 says less than 3.10.2; 3.10 and 3.1 differ.
fn relate_versions(left: &[u32], right: &[u32]) -> Relation {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let more = long.get(short.len()..).unwrap_or_default();
    match long.starts_with(short) {
        true if more.iter().all(|part| *part == 0) => Relation::Same,
        true => Relation::Compatible,
        false => Relation::Differ,
    }
}

/// A lone "2" may be the version 2.0, and says nothing of 2.1.
fn relate_version_to_number(version: &[u32], number: &Quantity) -> Relation {
    let is_plain = number.unit.dimension == Dimension::Count;
    let first = version.first().copied().map_or(f64::NAN, f64::from);
    let is_whole = version.iter().skip(1).all(|part| *part == 0);
    if is_plain && is_whole && number.is_exactly(first) { Relation::Same } else { Relation::Unrelated }
}

/// A lone "1969" may be a year or a number. Equal digits agree either way; others say nothing about each other.
fn relate_year_to_number(date: &Date, number: &Quantity) -> Relation {
    let is_same = number.unit.dimension == Dimension::Count
        && date.lone_year().is_some_and(|year| number.is_exactly(f64::from(year)));
    if is_same { Relation::Same } else { Relation::Unrelated }
}

fn same_if(is_same: bool) -> Relation {
    if is_same { Relation::Same } else { Relation::Differ }
}
