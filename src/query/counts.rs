//! Counts of payloads by time and by name, for charts.
//!
//! Times and names come from payloads, and memory must not grow with them. So beyond a number of
//! periods, longer ones are counted, and beyond a number of names, the rest is counted together. What
//! is counted does not depend on how a run was split into parts.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use foldhash::fast::RandomState;
use indexmap::IndexMap;

/// The maximum number of periods that are kept.
const MAX_PERIODS: usize = 10_000;

/// The maximum number of names that are kept.
const MAX_NAMES: usize = 1_000;

/// How much there was of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Payloads.
    pub payloads: u64,
    /// Events in them.
    pub events: u64,
    /// The payloads that are invalid, and not as expected.
    pub invalid: u64,
    /// Errors in them.
    pub errors: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.payloads += other.payloads;
        self.events += other.events;
        self.invalid += other.invalid;
        self.errors += other.errors;
    }
}

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

/// Counts by name, in order of first occurrence.
#[derive(Debug, Clone, Default)]
pub struct NameCounts {
    names: IndexMap<String, NameCount, RandomState>,
    /// The counts of names that are not kept.
    others: Counts,
}

/// The counts of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NameCount {
    /// What people call it, if the name is an id and that is known.
    pub label: Option<String>,
    /// The counts.
    pub counts: Counts,
}

impl NameCounts {
    /// Adds counts of a name. All names of a part of a run are kept.
    pub fn add(&mut self, name: &str, label: Option<&str>, counts: Counts) {
        self.add_within(usize::MAX, name, label, counts);
    }

    /// Adds the counts of a part of the run. Only the first names of a run are kept.
    pub fn merge(&mut self, part: &Self) {
        for (name, count) in &part.names {
            self.add_within(MAX_NAMES, name, count.label.as_deref(), count.counts);
        }
        self.others += part.others;
    }

    fn add_within(&mut self, max: usize, name: &str, label: Option<&str>, counts: Counts) {
        let index = match self.names.get_index_of(name) {
            Some(index) => index,
            None if self.names.len() < max => {
                let added = self
                    .names
                    .insert_full(name.to_owned(), NameCount::default());
                added.0
            }
            None => {
                self.others += counts;
                return;
            }
        };
        let count = &mut self.names[index];
        count.counts += counts;
        if count.label.is_none() {
            count.label = label.map(str::to_owned);
        }
    }

    /// Returns the names with their counts, those with the most payloads first.
    pub fn sorted(&self) -> Vec<(&str, &NameCount)> {
        let names = self.names.iter();
        let mut names: Vec<_> = names.map(|(name, count)| (&**name, count)).collect();
        names.sort_by(|(name, count), (other_name, other)| {
            let by_count = other.counts.payloads.cmp(&count.counts.payloads);
            by_count.then_with(|| name.cmp(other_name))
        });
        names
    }

    /// Returns the counts of the names that are not kept.
    pub fn others(&self) -> Counts {
        self.others
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

    #[test]
    fn the_first_names_are_kept_and_the_rest_is_counted() {
        let names: Vec<_> = (0..MAX_NAMES + 5)
            .map(|number| number.to_string())
            .collect();
        let mut found = Vec::new();
        for size in [1, 7, names.len()] {
            let mut merged = NameCounts::default();
            for part in names.chunks(size) {
                let mut counts = NameCounts::default();
                for name in part {
                    counts.add(name, None, ONE);
                }
                // A name that is known is counted, even if there are too many.
                counts.add("0", Some("Zero"), ONE);
                merged.merge(&counts);
            }
            assert_eq!(merged.sorted().len(), MAX_NAMES);
            let (name, first) = merged.sorted()[0];
            assert_eq!((name, first.label.as_deref()), ("0", Some("Zero")));
            found.push(merged.others());
        }
        assert!(found.iter().all(|others| others.payloads == 5), "{found:?}");
    }
}
