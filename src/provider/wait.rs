//! How long a server asks us to wait: in headers, in its error, or in prose.

use std::time::Duration;

/// The longest wait that is told: whoever asks for more asks for as much.
pub(crate) const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// Returns the longest wait that an answer asks for, over all the ways of saying it; `None` when it asks for none.
///
/// Headers are looked up by lower-case name. `retry-after` may be seconds or a date; a date is read against the
/// answer's own `date`, so that a wrong clock on this machine does not matter. The longest counts because one service
/// sends `retry-after-ms: 0` beside `retry-after: 1`.
pub(crate) fn asked_for<'h>(header: impl Fn(&str) -> Option<&'h str>, message: &str) -> Option<Duration> {
    let milliseconds = header("retry-after-ms").and_then(|value| value.trim().parse::<f64>().ok()).map(|ms| ms / 1e3);
    let after = header("retry-after").and_then(|value| {
        let seconds = value.trim().parse::<f64>().ok().and_then(duration);
        seconds.or_else(|| {
            let now = httpdate::parse_http_date(header("date")?).ok()?;
            httpdate::parse_http_date(value.trim()).ok()?.duration_since(now).ok().map(|wait| wait.min(LONGEST))
        })
    });
    [milliseconds.and_then(duration), after, in_prose(message)].into_iter().flatten().max()
}

/// Returns how long it is until a moment that a header names: as a duration, in plain seconds, or as a time (RFC 3339),
/// which is read against the answer's own `date`; `None` for anything else, and for a time without that date. A time
/// that has passed is no time from now.
pub(crate) fn until(moment: &str, date: Option<&str>) -> Option<Duration> {
    let moment = moment.trim();
    let by_length = go_duration(moment).or_else(|| moment.parse().ok().and_then(duration));
    by_length.or_else(|| {
        let moment: jiff::Timestamp = moment.parse().ok()?;
        let now = jiff::Timestamp::try_from(httpdate::parse_http_date(date?).ok()?).ok()?;
        Some(Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO).min(LONGEST))
    })
}

/// Returns the wait that a message names after `try again in` or `retry in`, such as `7m12s`; `None` without one.
fn in_prose(message: &str) -> Option<Duration> {
    let lower = message.to_ascii_lowercase();
    let (_, after) = lower.split_once("try again in ").or_else(|| lower.split_once("retry in "))?;
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || "hms".contains(c);
    let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let (number, unit) = after.split_at_checked(end)?;
    if let Some(wait) = go_duration(number.trim_end_matches('.')) {
        return Some(wait);
    }
    let unit = unit.trim_start();
    let factor = [("ms", 1e-3), ("millisecond", 1e-3), ("second", 1.0), ("minute", 60.0), ("hour", 3600.0)];
    let (_, factor) = factor.iter().find(|(name, _)| unit.starts_with(name))?;
    number.parse::<f64>().ok().and_then(|n| duration(n * factor))
}

/// Returns the length of a duration such as `34.4s`, `6m0s` or `120ms`; `None` for anything else, an empty text too.
pub(crate) fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, tail) = rest.split_at_checked(rest.find(|c: char| c.is_ascii_alphabetic())?)?;
        let (unit, after) = tail.split_at(tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len()));
        let factor = match unit {
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total = total.saturating_add(duration(number.parse::<f64>().ok()? * factor)?).min(LONGEST);
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

fn duration(seconds: f64) -> Option<Duration> {
    // What is below nothing, or no number, is no wait; an endless one is the longest.
    let milliseconds = (seconds * 1e3).round().min(LONGEST.as_millis() as f64);
    (seconds >= 0.0).then(|| Duration::from_millis(milliseconds as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], message: &str, expected_ms: Option<u64>) {
        let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let wait = asked_for(header, message);
        assert_eq!(wait, expected_ms.map(Duration::from_millis), "{headers:?} {message:?}");
    }

    #[test]
    fn every_way_of_asking_is_understood() {
        check(&[], "", None);
        check(&[("retry-after", "17")], "", Some(17_000));
        check(&[("retry-after", " 2.5 ")], "", Some(2_500));
        check(&[("retry-after-ms", "1500")], "", Some(1_500));
        check(&[("retry-after-ms", "0"), ("retry-after", "1")], "", Some(1_000));
        check(&[], "Rate limit reached. Please try again in 2.346s. Visit", Some(2_346));
        check(&[], "Please try again in 7m12s", Some(432_000));
        check(&[], "please retry in 48.939935699s.", Some(48_940));
        check(&[], "Try again in 300 ms", Some(300));
        check(&[], "try again in 20 seconds", Some(20_000));
        check(&[("retry-after", "3")], "try again in 1s", Some(3_000));
    }

    #[test]
    fn a_date_is_read_against_the_servers_own_clock() {
        let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        check(&[date, ("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")], "", Some(30_000));
        check(&[date, ("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")], "", None);
        check(&[("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")], "", None);
    }

    #[test]
    fn nonsense_asks_for_nothing() {
        check(&[("retry-after", "soon"), ("retry-after-ms", "-5")], "try again in a while", None);
        check(&[("retry-after", "-5"), ("retry-after-ms", "NaN")], "try again in ", None);
    }

    #[test]
    fn an_endless_wait_is_the_longest_that_is_told() {
        let longest = Some(LONGEST.as_millis() as u64);
        check(&[("retry-after", "1000000000")], "", longest);
        check(&[("retry-after", "inf")], "", longest);
        check(&[("retry-after-ms", "1e300")], "", longest);
        check(&[], "try again in 99999999h", longest);
        let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        check(&[date, ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")], "", longest);
    }

    #[test]
    fn durations_as_services_write_them() {
        assert_eq!(go_duration("34.4s"), Some(Duration::from_millis(34_400)));
        assert_eq!(go_duration("6m0s"), Some(Duration::from_secs(360)));
        assert_eq!(go_duration("12ms"), Some(Duration::from_millis(12)));
        assert_eq!(go_duration("3"), None);
        assert_eq!(go_duration(""), None);
    }
}
