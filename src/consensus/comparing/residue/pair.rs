//! How two items stand to each other, each by itself: the same, another of its class, or nothing to each other.

use crate::consensus::comparing::contradict::value::kind_of;
use crate::consensus::reading::sequence::senses::{self, Meaning};
use crate::consensus::reading::sequence::{Item, Sort, is_generation, is_numeral, stem_of};
use crate::consensus::reading::statement::Statement;
use crate::consensus::reading::terms::stem::is_spelling;
use crate::consensus::reading::values::dates::{Date, Style};
use crate::consensus::reading::values::quantity::{Quantity, number};
use crate::consensus::reading::values::{Dimension, Found, Relation, Value, relate_in_place};
use crate::consensus::report::ConflictKind;

/// How two items stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pair {
    /// They say the same.
    Same,
    /// At most one of them can be right in one place.
    Other(ConflictKind),
    /// They say different things, and nobody can tell whether both may be right.
    Unlike,
}

/// Returns how an item of `left` stands to one of `right`.
pub(crate) fn pair(left: (&Statement, &Item), right: (&Statement, &Item)) -> Pair {
    let (ours, theirs) = (left.1, right.1);
    match (ours.sort, theirs.sort) {
        (Sort::Value(own), Sort::Value(other)) => values(left.0, own, right.0, other),
        (Sort::Code, Sort::Code) => same_or(ours.folded == theirs.folded, ConflictKind::Code),
        (Sort::Code, _) | (_, Sort::Code) if ours.written == theirs.written => Pair::Same,
        // `__init__` beside `init`: a code stands where a word does that lacks only its signs.
        (Sort::Code, _) | (_, Sort::Code) => {
            let bare = |item: &Item| item.folded.trim_matches('_').to_lowercase();
            if bare(ours) == bare(theirs) { Pair::Other(ConflictKind::Code) } else { Pair::Unlike }
        }
        (Sort::Negator, Sort::Negator) => Pair::Same,
        // "No moons", "0 moons".
        (Sort::Negator, Sort::Value(at)) => same_if_none(ours, right.0, at),
        (Sort::Value(at), Sort::Negator) => same_if_none(theirs, left.0, at),
        (Sort::Name | Sort::Opening, Sort::Name) | (Sort::Name, Sort::Opening) => names(ours, theirs),
        _ => words(ours, theirs),
    }
}

/// How a word that denies stands to a value: "no" before a noun counts none of it.
fn same_if_none(negator: &Item, statement: &Statement, at: usize) -> Pair {
    let is_none = statement.values.get(at).is_some_and(|value| value.canonical == "0");
    if is_none && matches!(negator.folded.as_str(), "no" | "none") { Pair::Same } else { Pair::Unlike }
}

fn same_or(is_same: bool, kind: ConflictKind) -> Pair {
    if is_same { Pair::Same } else { Pair::Other(kind) }
}

fn values(left: &Statement, own: usize, right: &Statement, other: usize) -> Pair {
    let (Some(ours), Some(theirs)) = (left.values.get(own), right.values.get(other)) else { return Pair::Unlike };
    match relate_in_place(&ours.found, &theirs.found) {
        Relation::Same if is_rounded_by_nobody(&ours.found, &theirs.found) => Pair::Other(kind_of(ours)),
        Relation::Same => Pair::Same,
        Relation::Compatible if are_two_spans(&ours.found, &theirs.found) => Pair::Other(kind_of(ours)),
        Relation::Compatible => limits(&ours.canonical, &theirs.canonical),
        Relation::Differ => Pair::Other(kind_of(ours)),
        Relation::Unrelated => {
            // A sign makes a year a number: what else is the same tells that both are one thing.
            let (own, other) = (unsigned(&ours.canonical), unsigned(&theirs.canonical));
            if own == other && ours.canonical != theirs.canonical {
                Pair::Other(ConflictKind::Number)
            } else {
                Pair::Unlike
            }
        }
    }
}

fn unsigned(canonical: &str) -> &str {
    canonical.trim_start_matches(['-', '−'])
}

/// Digits that a number has more than its rounding, where no word says that it is rounded: 174,070 beside 174,000, while
/// 91,000 beside 90,000 is another sum.
const DIGITS_ROUNDED: usize = 2;

/// Whether two whole numbers are told apart in one place though each lies within the rounding of the other: none is
/// called approximate, and neither has the digits to be what the other was rounded from.
fn is_rounded_by_nobody(own: &Found, other: &Found) -> bool {
    let (Value::Quantity(ours), Value::Quantity(theirs)) = (&own.value, &other.value) else { return false };
    let is_plain = |it: &Quantity| it.low == it.high && it.step == 1.0 && it.low.fract() == 0.0;
    let digits = |it: &Quantity| number(it.low.abs()).trim_end_matches('0').len();
    is_plain(ours)
        && is_plain(theirs)
        && ours.unit == theirs.unit
        && ours.low != theirs.low
        && ours.side == theirs.side
        && !own.approximate
        && !other.approximate
        && matches!(ours.unit.dimension, Dimension::Count | Dimension::Money(..) | Dimension::Unlisted(_))
        && digits(ours).abs_diff(digits(theirs)) < DIGITS_ROUNDED
}

/// Whether both are spans with two ends, and not the same ones: 1973 to 1985 and 1976 to 1985 share nine years and are two
/// terms of office.
fn are_two_spans(own: &Found, other: &Found) -> bool {
    if own.approximate || other.approximate {
        return false;
    }
    match (&own.value, &other.value) {
        (Value::Date(ours), Value::Date(theirs)) => {
            let is_span = |date: &Date| {
                date.open.is_none() && date.from != date.to && matches!(date.style, Style::Plain | Style::Lone)
            };
            is_span(ours)
                && is_span(theirs)
                && ours.from.month.is_some() == theirs.from.month.is_some()
                && ours.from.day.is_some() == theirs.from.day.is_some()
                && ours.from.year.is_some() == theirs.from.year.is_some()
                && (ours.from, ours.to) != (theirs.from, theirs.to)
        }
        (Value::Quantity(ours), Value::Quantity(theirs)) => {
            let is_span = |it: &Quantity| it.low < it.high && it.low.is_finite() && it.high.is_finite();
            is_span(ours) && is_span(theirs) && ours.unit == theirs.unit && ours.step >= 1.0 && theirs.step >= 1.0
        }
        _ => false,
    }
}

/// How many times farther another limit may lie in the same place where both are round: "over 1,300" and "over 1,400" may
/// both be right, "over 100" and "over 500" are two stories.
const LIMIT_REACH: f64 = 2.0;

/// Most digits of a round number before its zeros.
const ROUND_DIGITS: usize = 2;

/// How two values that may both be right stand in one place: an end that is open on one side is one of another number
/// where the other one lies far off, and the contrary where it is open on the other side.
fn limits(own: &str, other: &str) -> Pair {
    let end = |canonical: &str| {
        let is_low = canonical.starts_with(['>', '≥']);
        let number = canonical.split(' ').nth(1)?.parse::<f64>().ok()?;
        (is_low || canonical.starts_with(['<', '≤'])).then_some((is_low, number))
    };
    match (end(own), end(other)) {
        (Some((is_low, _)), Some((is_also_low, _))) if is_low != is_also_low => Pair::Other(ConflictKind::Number),
        (Some((_, own)), Some((_, other)))
            if own.max(other) > own.min(other) * LIMIT_REACH || own != other && !(is_round(own) && is_round(other)) =>
        {
            Pair::Other(ConflictKind::Number)
        }
        (Some((_, own)), Some((_, other))) if own != other => Pair::Unlike,
        _ => Pair::Same,
    }
}

/// Whether a limit is a round number: a few digits and zeros.
fn is_round(limit: f64) -> bool {
    let written = number(limit.abs());
    let digits = written.trim_end_matches('0');
    digits.len() < written.len() && digits.len() <= ROUND_DIGITS
}

fn words(ours: &Item, theirs: &Item) -> Pair {
    if ours.folded == theirs.folded {
        let is_symbol = ours.written.len() <= LONGEST_SYMBOL && ours.sort == Sort::Name && theirs.sort == Sort::Name;
        return if is_symbol { same_or(ours.written == theirs.written, ConflictKind::Code) } else { Pair::Same };
    }
    match senses::relate(ours.senses, theirs.senses) {
        Some(Meaning::Same) => return Pair::Same,
        Some(Meaning::Other(kind)) => return Pair::Other(kind),
        None => {}
    }
    let is_plain = |item: &Item| matches!(item.sort, Sort::Word | Sort::Opening | Sort::Name | Sort::Value(_));
    if !is_plain(ours) || !is_plain(theirs) {
        return Pair::Unlike;
    }
    let is_number = |item: &Item| item.folded.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(ours) && is_number(theirs) && ours.sort == Sort::Word && theirs.sort == Sort::Word {
        // The number of a name: Apollo 13.
        return Pair::Other(ConflictKind::Number);
    }
    let (own, other) = (stem_of(ours), stem_of(theirs));
    if own == other || is_spelling(&own, &other) {
        Pair::Same
    } else if senses::denies(&ours.folded, &theirs.folded) {
        Pair::Other(ConflictKind::Antonym)
    } else {
        Pair::Unlike
    }
}

/// Longest name whose letters are compared with their case: the symbol of an element, a short key.
const LONGEST_SYMBOL: usize = 2;

/// What stands before a name and is no part of it.
const TITLES: [&str; 24] = [
    "mr",
    "mrs",
    "ms",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "lord",
    "lady",
    "dame",
    "president",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "saint",
    "st",
    "general",
    "captain",
    "emperor",
    "senator",
    "the",
];

/// Short forms of given names with the names.
const SHORT_NAMES: [(&str, &str); 32] = [
    ("al", "albert"),
    ("alex", "alexander"),
    ("andy", "andrew"),
    ("ben", "benjamin"),
    ("bill", "william"),
    ("bob", "robert"),
    ("chris", "christopher"),
    ("dan", "daniel"),
    ("dave", "david"),
    ("dick", "richard"),
    ("ed", "edward"),
    ("ted", "edward"),
    ("ted", "theodore"),
    ("frank", "francis"),
    ("fred", "frederick"),
    ("jack", "john"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("kate", "katherine"),
    ("larry", "lawrence"),
    ("liz", "elizabeth"),
    ("matt", "matthew"),
    ("mike", "michael"),
    ("nick", "nicholas"),
    ("pat", "patricia"),
    ("pete", "peter"),
    ("rick", "richard"),
    ("sam", "samuel"),
    ("steve", "stephen"),
    ("tom", "thomas"),
    ("tony", "anthony"),
];

/// How two names stand: one is the other or a part of it, or they are two.
fn names(ours: &Item, theirs: &Item) -> Pair {
    let title =
        |item: &Item| item.folded.split(' ').next().filter(|it| TITLES.contains(it)).map_or(&[][..], senses::of);
    if let Some(Meaning::Other(kind)) = senses::relate(title(ours), title(theirs)) {
        return Pair::Other(kind);
    }
    let (own, other) = (parts(ours), parts(theirs));
    if own.is_empty() || other.is_empty() {
        return words(ours, theirs);
    }
    if own == other {
        return words(ours, theirs);
    }
    let (short, long) = if own.len() <= other.len() { (&own, &other) } else { (&other, &own) };
    let telling = |parts: &[String]| -> Vec<String> { parts.iter().filter(|part| is_telling(part)).cloned().collect() };
    let (our_number, their_number) = (telling(&own), telling(&other));
    if !our_number.is_empty() && !their_number.is_empty() && our_number != their_number {
        return Pair::Other(ConflictKind::Name);
    }
    // In order, as the J. of Lyndon J. Johnson is not Johnson.
    let mut rest = long.iter();
    let is_part = short.iter().all(|part| rest.any(|whole| is_same_part(part, whole)));
    if is_part {
        // Elizabeth beside Elizabeth II: whether it is she nobody says.
        return if our_number == their_number { Pair::Same } else { Pair::Unlike };
    }
    if is_acronym(short, long) || matches!(senses_of_names(ours, theirs), Some(Meaning::Same)) {
        return Pair::Same;
    }
    let is_spelled_alike = own.len() == other.len() && own.iter().zip(&other).all(|(one, it)| is_spelling(one, it));
    same_or(is_spelled_alike, ConflictKind::Name)
}

fn senses_of_names(ours: &Item, theirs: &Item) -> Option<Meaning> {
    senses::relate(senses::of(&ours.folded), senses::of(&theirs.folded))
}

fn parts(item: &Item) -> Vec<String> {
    let all: Vec<String> = item.folded.split(' ').map(str::to_owned).collect();
    let rest: Vec<String> = all.iter().filter(|part| !TITLES.contains(&part.as_str())).cloned().collect();
    if rest.is_empty() { all } else { rest }
}

/// Whether a part tells one bearer of a name from another: a number of kings, a generation.
fn is_telling(part: &str) -> bool {
    let upper = part.to_uppercase();
    let generation = format!("{}{}", part.get(..1).unwrap_or("").to_uppercase(), part.get(1..).unwrap_or(""));
    is_numeral(&upper) || is_generation(&generation)
}

fn is_same_part(part: &str, whole: &str) -> bool {
    let is_initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    let is_short = |short: &str, long: &str| SHORT_NAMES.contains(&(short, long));
    let is_cut = |short: &str, long: &str| {
        (2..=3).contains(&short.len())
            && long.starts_with(short.get(..1).unwrap_or(" "))
            && long.ends_with(short.get(1..).unwrap_or(" "))
    };
    part == whole
        || is_spelling(part, whole)
        || [(part, whole), (whole, part)]
            .iter()
            .any(|(short, long)| is_initial(short, long) || is_short(short, long) || is_cut(short, long))
}

/// Whether the one word of `short` is made of the first letters of `long`.
fn is_acronym(short: &[String], long: &[String]) -> bool {
    let ([acronym], true) = (short, long.len() >= 2) else { return false };
    let initials: String = long.iter().filter_map(|part| part.chars().next()).collect();
    acronym.starts_with(&initials) && acronym.len() <= initials.len() + 1
}
