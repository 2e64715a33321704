//! A time of day, with its half and its zone as far as they are said, and a time zone by itself.

use crate::consensus::reading::values::Relation;
use crate::consensus::reading::values::lex;
use crate::consensus::reading::values::reader::Reader;
use crate::consensus::reading::values::words::Meaning;

/// How far apart two times of day may be when one is "about": a quarter of an hour, the finest step in everyday use.
const ABOUT_MINUTES: u16 = 15;

const HALF_DAY: u16 = 12 * 60;
const DAY: u16 = 2 * HALF_DAY;

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Minutes since midnight; of the morning where the half of the day is not known.
    pub(crate) minutes: u16,
    /// Whether the half of the day is said or shows: 3:30 pm, 15:30.
    pub(crate) is_half_known: bool,
    /// The zone, in minutes ahead of UTC, where it is said.
    pub(crate) zone: Option<i16>,
}

impl Clock {
    pub(super) fn canonical(self) -> String {
        let (hours, minutes) = (self.minutes / 60, self.minutes % 60);
        let zone = self.zone.map(|minutes| format!(" {}", zone(minutes))).unwrap_or_default();
        match hours {
            _ if self.is_half_known => format!("{hours:02}:{minutes:02}{zone}"),
            // Without a zero in front: the half of the day is open.
            0 => format!("12:{minutes:02}{zone}"),
            _ => format!("{hours}:{minutes:02}{zone}"),
        }
    }

    /// The minutes of the day that it may mean; in UTC where `is_absolute`.
    fn meanings(self, is_absolute: bool) -> impl Iterator<Item = u16> {
        let shift = if is_absolute { self.zone.unwrap_or(0) } else { 0 };
        let in_day = move |minutes: u16| {
            let shifted = (i32::from(minutes) - i32::from(shift)).rem_euclid(i32::from(DAY));
            u16::try_from(shifted).unwrap_or_default()
        };
        let second = (!self.is_half_known).then_some(self.minutes + HALF_DAY);
        [Some(self.minutes), second].into_iter().flatten().map(in_day)
    }
}

/// Returns a zone as people write it: `UTC+9`, `UTC-03:30`.
pub(super) fn zone(minutes: i16) -> String {
    let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    match (minutes, size % 60) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{}", size / 60),
        (_, rest) => format!("UTC{sign}{:02}:{rest:02}", size / 60),
    }
}

/// Returns how two times stand to each other: a half or a zone that only one of them gives says more, not otherwise.
pub(super) fn relate(left: Clock, right: Clock, is_approximate: bool) -> Relation {
    let tolerance = if is_approximate { ABOUT_MINUTES } else { 0 };
    let is_absolute = left.zone.is_some() && right.zone.is_some();
    let is_near = |ours: u16, theirs: u16| {
        let gap = ours.abs_diff(theirs);
        gap.min(DAY - gap) <= tolerance
    };
    let meets = left.meanings(is_absolute).any(|ours| right.meanings(is_absolute).any(|theirs| is_near(ours, theirs)));
    let says_as_much = left.is_half_known == right.is_half_known && left.zone.is_some() == right.zone.is_some();
    match meets {
        true if says_as_much => Relation::Same,
        true => Relation::Compatible,
        false => Relation::Differ,
    }
}

/// Words that are a time of day by themselves, and its minutes. With a capital most of them are titles.
const NAMED: [(&str, u16); 11] = [
    ("noon", HALF_DAY),
    ("midday", HALF_DAY),
    ("Mittag", HALF_DAY),
    ("mediodía", HALF_DAY),
    ("mezzogiorno", HALF_DAY),
    ("正午", HALF_DAY),
    ("midnight", 0),
    ("Mitternacht", 0),
    ("medianoche", 0),
    ("minuit", 0),
    ("mezzanotte", 0),
];

/// Zones by their abbreviation, in minutes ahead of UTC. Those that two regions share with different offsets are left
/// out, save the American ones, by far the more common in English text.
const ZONES: [(&str, i16); 17] = [
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("MSK", 180),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("EST", -300),
    ("EDT", -240),
    ("PST", -480),
    ("PDT", -420),
    ("CDT", -300),
];

/// Reads 15:30, 3:30 pm, 3 p.m., 3 o'clock, noon, half past three, 午後3時; returns it and the position behind it.
pub(super) fn read(reader: Reader<'_>, at: usize) -> Option<(Clock, usize)> {
    let (clock, next) = named(reader, at)
        .or_else(|| past_or_to(reader, at))
        .or_else(|| in_signs(reader, at))
        .or_else(|| in_digits(reader, at))?;
    let (zone, next) = zone_at(reader, next).map_or((None, next), |(zone, next)| (Some(zone), next));
    Some((Clock { zone, ..clock }, next))
}

fn clock(minutes: u32, is_half_known: bool) -> Option<Clock> {
    let minutes = u16::try_from(minutes % u32::from(DAY)).ok()?;
    let minutes = if is_half_known { minutes } else { minutes % HALF_DAY };
    Some(Clock { minutes, is_half_known, zone: None })
}

fn named(reader: Reader<'_>, at: usize) -> Option<(Clock, usize)> {
    let text = reader.text(at);
    if text == "正" && reader.text(at + 1) == "午" {
        return Some((clock(u32::from(HALF_DAY), true)?, at + 2));
    }
    let (_, minutes) = NAMED.into_iter().find(|(name, _)| *name == text)?;
    Some((clock(u32::from(minutes), true)?, at + 1))
}

/// Reads "half past three", "quarter to nine".
fn past_or_to(reader: Reader<'_>, at: usize) -> Option<(Clock, usize)> {
    let part: i32 = match reader.meaning(at) {
        Some(Meaning::Half) => 30,
        Some(Meaning::Parts(4)) => 15,
        _ => return None,
    };
    let sign = match reader.text(at + 1) {
        "past" => 1,
        "to" => -1,
        _ => return None,
    };
    let hour = hour_at(reader, at + 2).filter(|hour| (1..=12).contains(hour))?;
    let minutes = (i32::try_from(hour).ok()? * 60 + sign * part).rem_euclid(i32::from(HALF_DAY));
    let (half, end) = half_of_day(reader, at + 3, hour).unwrap_or((Half::Unknown, at + 3));
    Some((half.of(u32::try_from(minutes).ok()?)?, end))
}

fn hour_at(reader: Reader<'_>, at: usize) -> Option<u32> {
    match reader.meaning(at) {
        Some(Meaning::Small(hour)) => Some(hour),
        _ => reader.whole(at),
    }
}

/// Reads 15時30分, 午後3時, 下午3点.
fn in_signs(reader: Reader<'_>, at: usize) -> Option<(Clock, usize)> {
    let half = match (reader.text(at), reader.text(at + 1)) {
        ("午", "前") | ("上", "午") => Some(Half::Morning),
        ("午", "後" | "后") | ("下", "午") => Some(Half::Afternoon),
        _ => None,
    };
    let from = at + if half.is_some() { 2 } else { 0 };
    let hour = reader.whole(from).filter(|hour| *hour <= 24)?;
    // 3時間 and 3点 of a score are no times.
    let is_hour = match reader.text(from + 1) {
        "時" | "时" => !matches!(reader.text(from + 2), "間" | "间"),
        "点" | "點" => half.is_some() || reader.text(from + 3) == "分",
        _ => false,
    };
    if !is_hour {
        return None;
    }
    let minutes = reader.whole(from + 2).filter(|minutes| *minutes < 60 && reader.text(from + 3) == "分");
    let (minutes, next) = match minutes {
        Some(minutes) => (minutes, from + 4),
        None if reader.text(from + 2) == "半" => (30, from + 3),
        None => (0, from + 2),
    };
    let half = half.unwrap_or(if hour > 12 || hour == 0 { Half::Shown } else { Half::Unknown });
    Some((half.of(hour * 60 + minutes)?, next))
}

fn in_digits(reader: Reader<'_>, at: usize) -> Option<(Clock, usize)> {
    let hours = reader.whole(at).filter(|&hours| hours <= 24)?;
    let is_padded = reader.numeral(at).is_some_and(|numeral| numeral.is_padded);
    let minutes = minutes_at(reader, at + 1);
    let next = if minutes.is_some() { at + 3 } else { at + 1 };
    let said = half_of_day(reader, next, hours);
    if said.is_none() && (minutes.is_none() || reader.is_glued_symbol(next, ':')) {
        return None;
    }
    let (half, end) = said.unwrap_or((Half::Unknown, next));
    let half = match half {
        Half::Unknown if hours > 12 || hours == 0 || is_padded => Half::Shown,
        half @ (Half::Morning | Half::Afternoon | Half::Shown | Half::Unknown) => half,
    };
    Some((half.of(hours * 60 + minutes.unwrap_or(0))?, end))
}

/// Reads `:30` behind hours, and `h30`, as French has it.
fn minutes_at(reader: Reader<'_>, at: usize) -> Option<u32> {
    let minutes = reader.whole(at + 1).filter(|&minutes| minutes < 60)?;
    let is_two_digits = reader.numeral(at + 1).is_some_and(|numeral| numeral.n_whole == 2);
    (is_two_digits && reader.is_glued_symbol(at, ':') && reader.is_glued(at + 1)).then_some(minutes)
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
    /// The hours count to twenty-four.
    Shown,
    Unknown,
}

impl Half {
    /// Returns the time that so many minutes since twelve or midnight are in this half.
    fn of(self, minutes: u32) -> Option<Clock> {
        let half_day = u32::from(HALF_DAY);
        match self {
            Self::Morning if minutes >= half_day => clock(minutes - half_day, true),
            Self::Afternoon if minutes < half_day => clock(minutes + half_day, true),
            Self::Morning | Self::Afternoon | Self::Shown => clock(minutes, true),
            Self::Unknown => clock(minutes, false),
        }
    }
}

fn half_of_day(reader: Reader<'_>, at: usize, hour: u32) -> Option<(Half, usize)> {
    let evening = if hour >= 6 { Half::Afternoon } else { Half::Morning };
    match reader.text(at) {
        "am" | "AM" => Some((Half::Morning, at + 1)),
        "pm" | "PM" => Some((Half::Afternoon, at + 1)),
        "o" if matches!(reader.symbol(at + 1), Some('\'' | '’')) => {
            Some(half_of_day(reader, at + 3, hour).unwrap_or((Half::Unknown, at + 3)))
        }
        "noon" if hour == 12 => Some((Half::Afternoon, at + 1)),
        "midnight" if hour == 12 => Some((Half::Morning, at + 1)),
        "Uhr" => match reader.text(at + 1) {
            "morgens" | "vormittags" => Some((Half::Morning, at + 2)),
            "nachmittags" | "abends" => Some((Half::Afternoon, at + 2)),
            "nachts" => Some((evening, at + 2)),
            _ => Some((Half::Unknown, at + 1)),
        },
        "in" if reader.text(at + 1) == "the" => match reader.text(at + 2) {
            "morning" => Some((Half::Morning, at + 3)),
            "afternoon" | "evening" => Some((Half::Afternoon, at + 3)),
            _ => None,
        },
        "at" if reader.text(at + 1) == "night" => Some((evening, at + 2)),
        half @ ("a" | "p" | "A" | "P") => {
            let is_half = reader.is_glued_symbol(at + 1, '.') && matches!(reader.text(at + 2), "m" | "M");
            let next = at + 3 + usize::from(reader.is_glued_symbol(at + 3, '.'));
            let half = if half.eq_ignore_ascii_case("a") { Half::Morning } else { Half::Afternoon };
            is_half.then_some((half, next))
        }
        _ => None,
    }
}

/// Reads the zone behind a time: "UTC", "(EST)", `+09:00`.
fn zone_at(reader: Reader<'_>, at: usize) -> Option<(i16, usize)> {
    let bracket = usize::from(reader.symbol(at) == Some('('));
    let (zone, next) = abbreviated(reader, at + bracket)?;
    let closing = usize::from(bracket > 0 && reader.symbol(next) == Some(')'));
    Some((zone, next + closing))
}

fn abbreviated(reader: Reader<'_>, at: usize) -> Option<(i16, usize)> {
    let text = reader.text(at);
    let (_, zone) = ZONES.into_iter().find(|(name, _)| *name == text)?;
    Some(offset(reader, at + 1).filter(|_| zone == 0).unwrap_or((zone, at + 1)))
}

/// Reads `+9`, `−3:30` and `+05:30`.
fn offset(reader: Reader<'_>, at: usize) -> Option<(i16, usize)> {
    let sign = match reader.symbol(at)? {
        '+' => 1,
        '±' => return (reader.whole(at + 1) == Some(0)).then_some((0, at + 2)),
        sign if lex::is_minus(sign) => -1,
        _ => return None,
    };
    let hours = reader.whole(at + 1).filter(|hours| *hours <= 14 && reader.is_glued(at + 1))?;
    let minutes = minutes_at(reader, at + 2);
    let total = i16::try_from(hours * 60 + minutes.unwrap_or(0)).ok()?;
    Some((sign * total, at + if minutes.is_some() { 4 } else { 2 }))
}

/// Reads a zone that stands by itself, `UTC+9`; returns it and the position behind it.
pub(super) fn read_zone(reader: Reader<'_>, at: usize) -> Option<(i16, usize)> {
    if !matches!(reader.text(at), "UTC" | "GMT") {
        return None;
    }
    offset(reader, at + 1)
}
