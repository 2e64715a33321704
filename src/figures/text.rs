//! Figures in as few cells as they are told apart in.

use std::time::Duration;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::figures::spread::Spread;

/// The bars of a line of small columns, from the lowest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Stands where there is nothing to count.
pub(super) const NOTHING: &str = "-";

/// Returns a middle and a slow end in seconds: `0.41/1.2 s`.
pub(super) fn spread(spread: Spread) -> String {
    match (spread.p50, spread.p95) {
        (Some(p50), Some(p95)) => format!("{}/{} s", seconds(p50), seconds(p95)),
        (None, _) | (_, None) => NOTHING.to_owned(),
    }
}

/// Two digits that count, and no more than whole seconds from ten on.
fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.995 {
        format!("{seconds:.2}")
    } else if seconds < 9.95 {
        format!("{seconds:.1}")
    } else {
        format!("{seconds:.0}")
    }
}

/// Returns a count with its thousands apart: `12,345`.
pub(super) fn count(n: u32) -> String {
    let digits = n.to_string();
    let mut apart = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// Returns a share as whole percent, never rounded to all or none: `94 %`, `>99 %`, `<1 %`.
pub(super) fn percent(share: Option<f64>) -> String {
    match share {
        None => NOTHING.to_owned(),
        Some(share) if share > 0.0 && share < 0.005 => "<1 %".to_owned(),
        Some(share) if (0.995..1.0).contains(&share) => ">99 %".to_owned(),
        Some(share) => format!("{:.0} %", share * 100.0),
    }
}

/// Returns small columns, one a value, the highest as the full one; a blank where there is none.
pub(super) fn columns(values: &[u32]) -> String {
    let most = values.iter().copied().max().unwrap_or_default();
    let bar = |value: &u32| match value {
        0 => ' ',
        value => {
            let height = (u64::from(*value) * BARS.len() as u64).div_ceil(u64::from(most));
            BARS.get(height.saturating_sub(1) as usize).copied().unwrap_or('█')
        }
    };
    values.iter().map(bar).collect()
}

/// Returns a text in so many cells, cut where it is longer, at their left or right.
pub(super) fn fit(text: &str, cells: usize, is_right: bool) -> String {
    let mut fitted = String::new();
    let is_long = text.width() > cells;
    let room = if is_long { cells.saturating_sub(1) } else { cells };
    for letter in text.chars() {
        if fitted.width() + letter.width().unwrap_or(0) > room {
            break;
        }
        fitted.push(letter);
    }
    if is_long {
        fitted.push('…');
    }
    let air = " ".repeat(cells.saturating_sub(fitted.width()));
    if is_right { air + &fitted } else { fitted + &air }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_the_digits_that_count() {
        let spread_of = |p50, p95| {
            let ms = |it: u64| Some(Duration::from_millis(it));
            spread(Spread { p50: ms(p50), p95: ms(p95) })
        };
        assert_eq!(spread_of(412, 1_204), "0.41/1.2 s");
        assert_eq!(spread_of(996, 9_949), "1.0/9.9 s");
        assert_eq!(spread_of(9_951, 123_456), "10/123 s");
        assert_eq!(spread(Spread::default()), "-");
        for (n, told) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), told);
        }
        for (share, told) in [(0.0, "0 %"), (0.001, "<1 %"), (0.944, "94 %"), (0.999, ">99 %"), (1.0, "100 %")] {
            assert_eq!(percent(Some(share)), told);
        }
    }

    #[test]
    fn columns_are_as_high_as_their_values() {
        assert_eq!(columns(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(columns(&[1_000, 1]), "█▁", "what is there is seen");
        assert_eq!(columns(&[]), "");
    }

    #[test]
    fn a_text_takes_its_cells_and_no_more() {
        assert_eq!(fit("claude", 8, false), "claude  ");
        assert_eq!(fit("claude", 8, true), "  claude");
        assert_eq!(fit("claude", 4, false), "cla…");
        assert_eq!(fit("漢字漢字", 6, false), "漢字… ");
    }
}
