//! Typed values in a sentence, each with its exact place, and whether two of them can both be true.
//!
//! Not for the short answer to a whole question: that is `consensus::reading::finals`.
//!
//! | symptom | where |
//! |--|--|
//! | two roundings of one number conflict | `quantity::ROUNDING_SHARE`, up |
//! | close measurements of different things agree | `quantity::MEASURED_SHARE`, down |
//! | "about" is taken too loosely | `quantity::ABOUT_SHARE`, down; for years `dates::ABOUT_YEARS` |
//! | a name's number is taken for a count, or a count for a name's | `words::ROWS`, rows `Label` and `Function`, for the word before it |
//! | a unit is not known | `units::ROWS` |

mod calendar;
mod context;
pub(crate) mod dates;
mod digits;
mod growth;
mod lex;
mod measure;
mod number;
pub(crate) mod quantity;
mod reader;
mod scan;
pub(crate) mod units;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::consensus::reading::terms::script::is_invisible;
use crate::consensus::reading::values::dates::Date;
use crate::consensus::reading::values::quantity::Quantity;
use crate::consensus::reading::values::units::{Currency, Powers};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The bytes of the sentence that spell the value, unit included, without words such as "about".
    pub(crate) range: Range<usize>,
    /// What they say.
    pub(crate) value: Value,
    /// Whether the sentence calls the value approximate.
    pub(crate) approximate: bool,
}

/// What a stretch of text says, typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number, with or without a unit.
    Quantity(Quantity),
    /// A date, at the granularity at which it was written.
    Date(Date),
    /// A time of day, in minutes since midnight.
    Time(u16),
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
    Money(Currency, Powers),
    /// A physical quantity.
    Physical(Powers),
    /// One number to another, as in `16:9`.
    Ratio,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A version.
    Version,
    /// Mathematics.
    Expression,
}

/// How two values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Both can be true of one thing.
    Same,
    /// At most one can be true of one thing.
    Differ,
    /// They do not measure the same.
    Unrelated,
}

impl Value {
    /// Returns the value in a form that depends on what was meant rather than on how it was spelled: a date in ISO
    /// order at its granularity, a number in digits with the unit that the writer chose.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Quantity(quantity) => quantity.canonical(),
            Self::Date(date) => date.canonical(),
            Self::Time(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
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
    if sentence.is_ascii() || !sentence.contains(is_invisible) {
        return scan::find(sentence);
    }
    // What takes no room may stand within a number: `8\u{200b}611` is read, and shown, as 8611.
    let (visible, places): (String, Vec<usize>) = visible(sentence);
    let place = |at: usize| places.get(at).copied().unwrap_or(sentence.len());
    let restored = |found: Found| Found { range: place(found.range.start)..place(found.range.end), ..found };
    scan::find(&visible).into_iter().map(restored).collect()
}

/// Returns `sentence` without what takes no room, and for each byte of it the byte of `sentence` that it was.
fn visible(sentence: &str) -> (String, Vec<usize>) {
    let shown = || sentence.char_indices().filter(|(_, character)| !is_invisible(*character));
    let places = shown().flat_map(|(at, character)| (0..character.len_utf8()).map(move |byte| at + byte));
    (shown().map(|(_, character)| character).collect(), places.collect())
}

/// Returns how `a` and `b` stand to each other; the order of the two does not matter.
pub(crate) fn relate(a: &Found, b: &Found) -> Relation {
    let is_approximate = a.approximate || b.approximate;
    match (&a.value, &b.value) {
        (Value::Quantity(left), Value::Quantity(right)) => quantity::relate(left, right, is_approximate),
        (Value::Date(left), Value::Date(right)) => dates::relate(left, right, is_approximate),
        (Value::Date(date), Value::Quantity(number)) | (Value::Quantity(number), Value::Date(date)) => {
            relate_year_to_number(date, number)
        }
        (Value::Time(left), Value::Time(right)) => {
            let tolerance = if is_approximate { ABOUT_MINUTES } else { 0 };
            same_if(left.abs_diff(*right) <= tolerance)
        }
        (Value::Version(left), Value::Version(right)) => same_if(left.iter().zip(right).all(|(l, r)| l == r)),
        (Value::Expression(left), Value::Expression(right)) => same_if(left == right),
        (
            Value::Quantity(_) | Value::Date(_) | Value::Time(_) | Value::Version(_) | Value::Expression(_),
            Value::Quantity(_) | Value::Date(_) | Value::Time(_) | Value::Version(_) | Value::Expression(_),
        ) => Relation::Unrelated,
    }
}

/// How far apart two times of day may be when one is "about": a quarter of an hour, the finest step in everyday use.
const ABOUT_MINUTES: u16 = 15;

/// A lone "1969" may be a year or a number. Equal digits agree either way; others say nothing about each other.
fn relate_year_to_number(date: &Date, number: &Quantity) -> Relation {
    let is_same = number.unit.dimension == Dimension::Count
        && date.lone_year().is_some_and(|year| number.is_exactly(f64::from(year)));
    if is_same { Relation::Same } else { Relation::Unrelated }
}

fn same_if(is_same: bool) -> Relation {
    if is_same { Relation::Same } else { Relation::Differ }
}
