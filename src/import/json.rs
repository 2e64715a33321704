//! Small readings of JSON that is not quite as promised: what is missing or of another type is none.

use serde_json::Value;

/// Returns the text under a name; an empty one is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Returns the list under a name; nothing where there is none.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Returns whether a name stands for true.
pub(super) fn is_true(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool) == Some(true)
}

/// Returns the moment under a name, in milliseconds since 1970 (UTC): a text of ISO 8601, or a number of seconds,
/// milli-, micro- or nanoseconds, which are told apart by their size (the year 5138 in seconds is 1973 in milliseconds).
pub(super) fn moment_ms(value: &Value, name: &str) -> Option<i64> {
    let found = value.get(name)?;
    if let Some(text) = found.as_str() {
        return iso_ms(text);
    }
    let number = found.as_f64().filter(|number| *number > 0.0)?;
    let ms = match number {
        _ if number < 1e11 => number * 1e3,
        _ if number < 1e14 => number,
        _ if number < 1e17 => number / 1e3,
        _ => number / 1e6,
    };
    Some(ms as i64)
}

/// Returns the moment that a text of ISO 8601 names; one without a zone is in UTC.
pub(super) fn iso_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let zoned = text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    let plain = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    zoned.ok().or_else(|| Some(plain()?.timestamp().as_millisecond()))
}

/// Joins what is not empty.
pub(super) fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_read_in_every_unit_that_is_in_use() {
        let seconds = 1_756_000_000_i64;
        for value in [
            json!(seconds),
            json!(seconds as f64),
            json!(seconds * 1_000),
            json!(seconds * 1_000_000),
            json!(seconds * 1_000_000_000),
            json!("2025-08-24T01:46:40Z"),
            json!("2025-08-24T01:46:40.000000+00:00"),
            json!("2025-08-24T01:46:40"),
            json!("2025-08-24 01:46:40"),
        ] {
            assert_eq!(moment_ms(&json!({"at": value}), "at"), Some(seconds * 1_000), "{value}");
        }
        for value in [json!(null), json!(0), json!("soon"), json!([])] {
            assert_eq!(moment_ms(&json!({"at": value}), "at"), None, "{value}");
        }
    }
}
