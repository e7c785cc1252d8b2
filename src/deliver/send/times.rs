//! The times of many responses in little memory.

use std::collections::BTreeMap;
use std::time::Duration;

/// The times of responses, each rounded down to three digits. So there are at most a thousand different
/// ones for each power of ten, however many responses there are.
#[derive(Debug, Clone, Default)]
pub struct ResponseTimes {
    /// The number of responses by time, in microseconds.
    counts: BTreeMap<u64, u64>,
    count: u64,
    max: Duration,
}

impl ResponseTimes {
    /// Adds the time of a response.
    pub fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let digits = micros.checked_ilog10().unwrap_or_default();
        let unit = 10u64.pow(digits.saturating_sub(2));
        *self.counts.entry(micros / unit * unit).or_default() += 1;
        self.count += 1;
        self.max = self.max.max(time);
    }

    /// Returns the time within which this percentage of the responses came, or `None` if there is no
    /// response.
    pub fn percentile(&self, percent: u8) -> Option<Duration> {
        let rank = (self.count * u64::from(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        let mut counts = self.counts.iter();
        let found = counts.find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map(|(micros, _)| Duration::from_micros(*micros))
    }

    /// Returns the longest time, or `None` if there is no response.
    pub fn max(&self) -> Option<Duration> {
        (self.count > 0).then_some(self.max)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percentiles_are_times_that_occurred() {
        let mut times = ResponseTimes::default();
        assert_eq!((times.percentile(50), times.max()), (None, None));
        for milliseconds in 1..=100 {
            times.add(Duration::from_millis(milliseconds));
        }
        for percent in [1, 50, 90, 99, 100] {
            let expected = Duration::from_millis(percent.into());
            assert_eq!(times.percentile(percent), Some(expected));
        }
        assert_eq!(times.percentile(0), Some(Duration::from_millis(1)));
        times.add(Duration::from_micros(1_234_567));
        assert_eq!(times.percentile(100), Some(Duration::from_millis(1230)));
        assert_eq!(times.max(), Some(Duration::from_micros(1_234_567)));
    }

    proptest! {
        #[test]
        fn percentiles_agree_with_sorted_times(
            micros in prop::collection::vec(0..10_000_000u64, 1..300), percent in 0..=100u8,
        ) {
            let mut times = ResponseTimes::default();
            for micros in &micros {
                times.add(Duration::from_micros(*micros));
            }
            let mut sorted = micros;
            sorted.sort_unstable();
            let rank = (sorted.len() * usize::from(percent)).div_ceil(100).max(1);
            let exact = sorted[rank - 1];
            let found = times.percentile(percent).unwrap().as_micros();
            let found = u64::try_from(found).unwrap();
            prop_assert!(found <= exact && exact - found <= exact / 100, "{found} {exact}");
        }
    }
}
