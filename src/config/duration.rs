//! Lengths of time as people type them.

use std::time::Duration;

/// Returns the length of time that `typed` names, such as `300ms`, `60s`, `10m`, `1.5h`, `90d`; `None` for anything else,
/// zero and more than ten years included.
pub fn parse_duration(typed: &str) -> Option<Duration> {
    let typed = typed.trim();
    let (number, unit) = typed.split_at(typed.find(|it: char| it != '.' && !it.is_ascii_digit())?);
    let seconds = match unit.trim_start() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return None,
    };
    let duration = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
    let is_sensible = duration >= Duration::from_millis(1) && duration <= Duration::from_hours(24 * 3_650);
    is_sensible.then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_a_unit() {
        let rows = [
            ("60s", Some(60_000)),
            ("10m", Some(600_000)),
            ("300ms", Some(300)),
            ("1.5 h", Some(5_400_000)),
            ("90d", Some(90 * 86_400_000)),
            ("0s", None),
            ("60", None),
            ("s", None),
            ("-5s", None),
            ("1e9s", None),
            ("5 fortnights", None),
            ("", None),
        ];
        for (typed, ms) in rows {
            assert_eq!(parse_duration(typed), ms.map(Duration::from_millis), "{typed}");
        }
    }
}
