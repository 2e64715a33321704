//! How long things take: the middle and the slow end of many measurements, exact.

use std::time::Duration;

/// The middle and the slow end; both `None` for no measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Half of all took no longer.
    pub p50: Option<Duration>,
    /// 95 of 100 took no longer.
    pub p95: Option<Duration>,
}

impl Spread {
    /// Returns the spread of some times in milliseconds, which change their order. A percentile is the least of them that
    /// so many of them do not exceed (nearest rank): always one that was measured.
    pub fn of(times_ms: &mut [u32]) -> Self {
        Self { p50: percentile(times_ms, 50), p95: percentile(times_ms, 95) }
    }
}

fn percentile(times_ms: &mut [u32], percent: usize) -> Option<Duration> {
    let idx = (times_ms.len() * percent).div_ceil(100).checked_sub(1)?;
    let (_, found, _) = times_ms.select_nth_unstable(idx);
    Some(Duration::from_millis(u64::from(*found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_measurements() {
        let ms = |it: Option<Duration>| it.map(|it| it.as_millis());
        for (times, p50, p95) in [
            (vec![], None, None),
            (vec![7], Some(7), Some(7)),
            (vec![9, 1], Some(1), Some(9)),
            ((1..=100).rev().collect(), Some(50), Some(95)),
            ((1..=101).collect(), Some(51), Some(96)),
        ] {
            let spread = Spread::of(&mut times.clone());
            assert_eq!((ms(spread.p50), ms(spread.p95)), (p50, p95), "{times:?}");
        }
    }
}
