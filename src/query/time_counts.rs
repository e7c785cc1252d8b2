//! Counts of payloads by hour, or by a longer period if there are many.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::Counts;

/// The maximum number of periods that are kept.
const MAX_PERIODS: usize = 10_000;

/// A period of time, by the calendar of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeUnit {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
    /// A hundred years.
    Century,
}

impl TimeUnit {
    const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::Month,
        Self::Year,
        Self::Century,
    ];

    /// Returns the name: `hour`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Century => "century",
        }
    }

    /// Returns the next longer unit.
    fn longer(self) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| *unit > self)
    }

    /// Returns the number of the period that a time is in. Successive periods have successive numbers.
    fn number(self, at: DateTime<Utc>) -> i64 {
        let year = i64::from(at.year());
        match self {
            Self::Hour => at.timestamp().div_euclid(60 * 60),
            Self::Day => at.timestamp().div_euclid(24 * 60 * 60),
            Self::Month => 12 * year + i64::from(at.month0()),
            Self::Year => year,
            Self::Century => year.div_euclid(100),
        }
    }

    /// Returns the start of the period with a number.
    fn start(self, number: i64) -> DateTime<Utc> {
        let first_of = |year: i64, month: i64| {
            let date = NaiveDate::from_ymd_opt(
                i32::try_from(year).unwrap_or_default(),
                u32::try_from(month).unwrap_or_default(),
                1,
            );
            date.unwrap_or_default()
                .and_time(chrono::NaiveTime::MIN)
                .and_utc()
        };
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        match self {
            Self::Hour => at(number * 60 * 60),
            Self::Day => at(number * 24 * 60 * 60),
            Self::Month => first_of(number.div_euclid(12), number.rem_euclid(12) + 1),
            Self::Year => first_of(number, 1),
            Self::Century => first_of(100 * number, 1),
        }
    }
}

/// Counts by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeCounts {
    /// The unit of the periods that are kept.
    unit: TimeUnit,
    periods: BTreeMap<i64, Counts>,
}

impl Default for TimeCounts {
    fn default() -> Self {
        Self {
            unit: TimeUnit::Hour,
            periods: BTreeMap::new(),
        }
    }
}

impl TimeCounts {
    /// Adds counts at a time.
    pub fn add(&mut self, at: DateTime<Utc>, counts: Counts) {
        *self.periods.entry(self.unit.number(at)).or_default() += counts;
        while self.periods.len() > MAX_PERIODS
            && let Some(longer) = self.unit.longer()
        {
            self.coarsen(longer);
        }
    }

    /// Adds payloads at a time, of which nothing else is known.
    pub(crate) fn add_payloads(&mut self, at: DateTime<Utc>, payloads: u64, invalid: u64) {
        let counts = Counts {
            payloads,
            invalid,
            ..Counts::default()
        };
        self.add(at, counts);
    }

    /// Adds the counts of a part of the run.
    pub fn merge(&mut self, part: &Self) {
        if part.unit > self.unit {
            self.coarsen(part.unit);
        }
        for (number, counts) in &part.periods {
            self.add(part.unit.start(*number), *counts);
        }
    }

    /// Returns `true` if nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// Returns successive periods from the first to the last one with counts, in the shortest unit that
    /// needs at most `max` of them; in hours only for at most two days.
    pub fn periods(&self, max: usize) -> (TimeUnit, Vec<(DateTime<Utc>, Counts)>) {
        const MAX_HOURS: usize = 48;
        let mut counts = self.clone();
        loop {
            let unit = counts.unit;
            let bounds = counts
                .periods
                .first_key_value()
                .zip(counts.periods.last_key_value());
            let Some(((&first, _), (&last, _))) = bounds else {
                return (unit, Vec::new());
            };
            let length = usize::try_from(last - first).map_or(usize::MAX, |count| count + 1);
            let max = if unit == TimeUnit::Hour {
                max.min(MAX_HOURS)
            } else {
                max
            };
            match unit.longer() {
                Some(longer) if length > max => counts.coarsen(longer),
                _ => {
                    let of = |number| counts.periods.get(&number).copied().unwrap_or_default();
                    let periods = (first..=last).map(|number| (unit.start(number), of(number)));
                    return (unit, periods.collect());
                }
            }
        }
    }

    fn coarsen(&mut self, unit: TimeUnit) {
        for (number, counts) in std::mem::take(&mut self.periods) {
            let number = unit.number(self.unit.start(number));
            *self.periods.entry(number).or_default() += counts;
        }
        self.unit = unit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    const ONE: Counts = Counts {
        payloads: 1,
        events: 2,
        invalid: 0,
        errors: 0,
    };

    #[test]
    fn periods_are_as_long_as_the_span_asks_for() {
        for (last, unit, length) in [
            ("2026-11-28T14:59:59Z", TimeUnit::Hour, 1),
            ("2026-11-30T13:00:00Z", TimeUnit::Hour, 48),
            ("2026-11-30T14:00:00Z", TimeUnit::Day, 3),
            ("2027-10-01T00:00:00Z", TimeUnit::Month, 12),
            ("2046-01-01T00:00:00Z", TimeUnit::Year, 21),
            ("9999-12-31T23:59:59Z", TimeUnit::Century, 80),
        ] {
            let mut counts = TimeCounts::default();
            counts.add(at("2026-11-28T14:00:00Z"), ONE);
            counts.add(at(last), ONE);
            let (found, periods) = counts.periods(100);
            assert_eq!((found, periods.len()), (unit, length), "{last}");
            let sum: u64 = periods.iter().map(|(_, counts)| counts.payloads).sum();
            assert_eq!(sum, 2);
            assert!(periods[0].0 <= at("2026-11-28T14:00:00Z"));
        }
        assert!(TimeCounts::default().periods(100).1.is_empty());
    }

    /// Years before 1970, and the start of the calendar, count as all others.
    #[test]
    fn a_period_starts_at_its_start() {
        for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
            for unit in TimeUnit::ALL {
                let start = unit.start(unit.number(at(text)));
                assert!(start <= at(text), "{unit:?} {start}");
                assert_eq!(unit.number(start), unit.number(at(text)));
            }
        }
    }

    #[test]
    fn counts_do_not_depend_on_the_parts_of_a_run() {
        let hours = (0..).step_by(7).take(3 * MAX_PERIODS);
        let times: Vec<_> = hours.map(|number| TimeUnit::Hour.start(number)).collect();
        let counts_of = |times: &[DateTime<Utc>]| {
            let mut counts = TimeCounts::default();
            for time in times {
                counts.add(*time, ONE);
            }
            counts
        };
        let all = counts_of(&times);
        assert_eq!(all.unit, TimeUnit::Day);
        for size in [1, 999, 20_000] {
            let mut merged = TimeCounts::default();
            for part in times.chunks(size) {
                merged.merge(&counts_of(part));
            }
            assert_eq!(merged, all, "{size}");
        }
    }
}
