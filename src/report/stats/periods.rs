//! The days of statistics, or the hours if there are few.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::query::{Stats, Tally};

/// The longest time for which hours are shown.
const MAX_HOURS: TimeDelta = TimeDelta::hours(48);

/// The numbers of payloads of successive days or hours, without those that have none.
pub(super) struct Periods {
    /// What each of them is: `day` or `hour`.
    pub(super) unit: &'static str,
    /// The payloads of each, by its start in UTC.
    pub(super) payloads: BTreeMap<String, Tally>,
}

impl Periods {
    /// Returns the hours if there are at most two days from the first payload to the last, else the
    /// days.
    pub(super) fn of(stats: &Stats) -> Self {
        let time = stats.first.zip(stats.last);
        let is_short = time.is_some_and(|(first, last)| last - first <= MAX_HOURS);
        let (unit, pattern) = if is_short {
            ("hour", "%Y-%m-%d %H:00")
        } else {
            ("day", "%Y-%m-%d")
        };
        let start = |hour: &DateTime<Utc>| hour.format(pattern).to_string();
        let mut payloads = BTreeMap::<_, Tally>::new();
        for (hour, tally) in &stats.hours {
            payloads.entry(start(hour)).or_default().add(*tally);
        }
        Self { unit, payloads }
    }
}
