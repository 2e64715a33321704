//! A date at the granularity at which it was written, and whether two of them can be the same day.

use crate::consensus::reading::values::Relation;

/// How far "about 1969" may be off, in years.
const ABOUT_YEARS: i32 = 5;

/// Dates before this year are known less well: "about" grows by one part in `ABOUT_PART` of the distance to it.
const KNOWN_SINCE: i32 = 1900;

/// See `KNOWN_SINCE`.
const ABOUT_PART: i32 = 50;

/// A day, a month or a year; at least one of year and month is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Point {
    /// The year in astronomical counting: 44 BC is -43. `None` for "July 20".
    pub(crate) year: Option<i32>,
    /// 1 to 12.
    pub(crate) month: Option<u8>,
    /// 1 to 31.
    pub(crate) day: Option<u8>,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A day, month or year, or a range of them.
    Plain,
    /// Four digits with nothing that says that they are a year.
    Lone,
    /// A decade, or a century written as "the 1800s".
    Decade,
    /// A century by its number.
    Century,
    /// Digits with slashes, of which either the first or the second is the month.
    Slashes,
}

/// A date, or a range of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    /// The date, or the first one of the range.
    pub(crate) from: Point,
    /// The last one of the range; the same as `from` for a single date.
    pub(crate) to: Point,
    /// How it is written.
    pub(crate) style: Style,
    /// Whether the sentence says only that it was earlier or later than this.
    pub(crate) open: Option<Open>,
}

/// The side of a date on which something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Before it.
    Before,
    /// After it.
    After,
}

impl Date {
    /// Returns a date that is no range.
    pub(super) fn single(point: Point) -> Self {
        Self { from: point, to: point, style: Style::Plain, open: None }
    }

    /// Returns a whole year.
    pub(super) fn year(year: i32, style: Style) -> Self {
        Self { style, ..Self::single(Point { year: Some(year), ..Point::default() }) }
    }

    /// Returns the years from `first` to `last`.
    pub(super) fn years(first: i32, last: i32, style: Style) -> Self {
        let point = |year| Point { year: Some(year), ..Point::default() };
        Self { from: point(first), to: point(last), style, open: None }
    }

    /// Returns the date that the same digits are where the day stands first: 03/04 is the third of April too.
    pub(super) fn swapped(&self) -> Option<Self> {
        let swap = |point: Point| Point { month: point.day, day: point.month, ..point };
        (self.style == Style::Slashes).then(|| Self { from: swap(self.from), to: swap(self.to), ..*self })
    }

    /// Returns the year of four digits that nothing marks as one, and that may therefore be a number.
    pub(crate) fn lone_year(&self) -> Option<i32> {
        if self.style == Style::Lone { self.from.year } else { None }
    }

    /// Returns the date in ISO order at its granularity: `1969-07-20`, `1969-07`, `1969`, `07-20`, `44 BC`, `1960s`,
    /// `15th century`, and `1939–1945` for a range.
    pub(crate) fn canonical(&self) -> String {
        let side = match self.open {
            Some(Open::Before) => "before ",
            Some(Open::After) => "after ",
            None => "",
        };
        format!("{side}{}", self.closed())
    }

    fn closed(&self) -> String {
        match (self.style, self.from.year) {
            (Style::Decade, Some(year)) => format!("{}s", written_year(year)),
            (Style::Century, Some(year)) if year > 0 => century((year - 1) / 100 + 1, ""),
            (Style::Century, Some(year)) => century(-year / 100 + 1, " BC"),
            // As it is written, since which is the month is not known.
            (Style::Slashes, Some(year)) => {
                format!("{:02}/{:02}/{year}", self.from.month.unwrap_or_default(), self.from.day.unwrap_or_default())
            }
            (Style::Plain | Style::Lone | Style::Decade | Style::Century | Style::Slashes, _)
                if self.from == self.to =>
            {
                self.from.canonical()
            }
            (Style::Plain | Style::Lone | Style::Decade | Style::Century | Style::Slashes, _) => {
                format!("{}–{}", self.from.canonical(), self.to.canonical())
            }
        }
    }
}

fn written_year(year: i32) -> String {
    if year > 0 { year.to_string() } else { format!("{} BC", 1 - year) }
}

fn century(number: i32, era: &str) -> String {
    let mark = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{mark} century{era}")
}

impl Point {
    fn canonical(self) -> String {
        let mut parts = Vec::with_capacity(3);
        parts.extend(self.year.map(written_year));
        parts.extend(self.month.map(|month| format!("{month:02}")));
        parts.extend(self.day.map(|day| format!("{day:02}")));
        parts.join("-")
    }

    /// Returns whether the parts can be meant for a date. A day that its month lacks, "June 31", is still the day that was
    /// written, and another one than June 30.
    pub(super) fn is_valid(self) -> bool {
        self.month.is_none_or(|month| (1..=12).contains(&month)) && self.day.is_none_or(|day| day > 0)
    }
}

/// Returns how two dates stand to each other: the same if a day exists that both allow.
///
/// A date without a year is compared by month and day alone. Dates of which one has only a year and the other none
/// are unrelated.
pub(super) fn relate(left: &Date, right: &Date, is_approximate: bool) -> Relation {
    let have_years = left.from.year.is_some() && right.from.year.is_some();
    if !have_years && (left.from.month.is_none() || right.from.month.is_none()) {
        return Relation::Unrelated;
    }
    let slack = if is_approximate { about(left).max(about(right)) } else { 0 };
    let span = |date: &Date| Span::of(date, have_years, slack);
    let (ours, theirs) = (span(left), span(right));
    let is_overlapping = ours.first <= theirs.last && theirs.first <= ours.last;
    let is_same = left.open == right.open
        && (left.from, left.to) == (right.from, right.to)
        && (left.style == Style::Century) == (right.style == Style::Century);
    match is_overlapping {
        true if is_same || (slack > 0 && is_as_precise(left, right)) => Relation::Same,
        true => Relation::Compatible,
        false => Relation::Differ,
    }
}

/// Whether both are years, or both anything else, so that "about" is all that is between them.
fn is_as_precise(left: &Date, right: &Date) -> bool {
    let is_year = |date: &Date| date.from == date.to && date.open.is_none();
    is_year(left) && is_year(right)
}

/// The first and the last day that a date allows, as year, month and day.
struct Span {
    first: (i32, u8, u8),
    last: (i32, u8, u8),
}

impl Span {
    fn of(date: &Date, have_years: bool, slack: i32) -> Self {
        let (first, last) = (start(date.from, have_years, slack), end(date.to, have_years));
        match date.open {
            None => Self { first, last },
            // The day itself is out: "before 1900" is 1899 at the latest.
            Some(Open::Before) => Self { first: (i32::MIN, 1, 1), last: (first.0, first.1, first.2.saturating_sub(1)) },
            // "After 1945" often means the rest of that year too.
            Some(Open::After) if date.to.month.is_none() => Self { first, last: (i32::MAX, 12, 31) },
            Some(Open::After) => Self { first: (last.0, last.1, last.2.saturating_add(1)), last: (i32::MAX, 12, 31) },
        }
    }
}

/// How far a date that is "about" may be off, in years; a date with a month is about days and gets none.
fn about(date: &Date) -> i32 {
    match date.from {
        Point { year: Some(year), month: None, .. } => {
            ABOUT_YEARS.max(KNOWN_SINCE.saturating_sub(year).max(0) / ABOUT_PART)
        }
        Point { .. } => 0,
    }
}

fn start(point: Point, have_years: bool, slack: i32) -> (i32, u8, u8) {
    let year = if have_years { point.year.unwrap_or(0).saturating_sub(slack) } else { 0 };
    (year, point.month.unwrap_or(1), point.day.unwrap_or(1))
}

fn end(point: Point, have_years: bool) -> (i32, u8, u8) {
    let year = if have_years { point.year.unwrap_or(0) } else { 0 };
    (year, point.month.unwrap_or(12), point.day.unwrap_or(31))
}
