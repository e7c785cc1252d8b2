//! Times as arguments state them: a time, a day, or how long ago.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::contract;

use super::ConditionError;
use super::length::{LengthError, parse_length};

/// A time as an argument states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// An RFC 3339 date-time.
    At(DateTime<Utc>),
    /// A day in UTC.
    Day(NaiveDate),
    /// As long ago, counted back from now.
    Ago(TimeDelta),
}

impl When {
    /// Returns the first moment.
    pub(super) fn start(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(time) => time,
            Self::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
            Self::Ago(length) => now - length,
        }
    }

    /// Returns the first moment of the day after, or `None` if this is not a day.
    pub(super) fn day_after(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Day(day) => Some(Self::Day(day.succ_opt()?).start(DateTime::UNIX_EPOCH)),
            Self::At(_) | Self::Ago(_) => None,
        }
    }
}

impl FromStr for When {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        if let Some(time) = contract::parse_utc(text) {
            return Ok(Self::At(time.to_utc()));
        }
        if let Some(day) = day(text) {
            return Ok(Self::Day(day));
        }
        let error = |reason: Option<String>| ConditionError::Time {
            text: text.to_owned(),
            reason,
        };
        parse_length(text).map(Self::Ago).map_err(|reason| {
            error(match reason {
                // What is wrong with a date-time is said of no other text.
                LengthError::NoNumber => None,
                LengthError::UnknownUnit(unit) if unit.starts_with('-') => {
                    let is_dated = text.find('-') == Some(4);
                    contract::utc_fault(text).filter(|_| is_dated)
                }
                reason => Some(reason.to_string()),
            })
        })
    }
}

/// Parses a day as RFC 3339 writes it.
fn day(text: &str) -> Option<NaiveDate> {
    const LENGTH: usize = 10;
    let is_plain = text.len() == LENGTH && text.starts_with(|first: char| first.is_ascii_digit());
    let day = is_plain.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    day.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(text: &str) -> Result<String, String> {
        let now = "2026-11-28T12:00:00Z".parse().unwrap_or_default();
        let when: Result<When, _> = text.parse();
        let when = when.map_err(|error| error.to_string())?;
        Ok(when.start(now).to_rfc3339())
    }

    #[test]
    fn times_days_and_lengths_are_understood() {
        for (text, expected) in [
            ("2026-11-28T10:00:00+02:00", "2026-11-28T08:00:00+00:00"),
            ("2026-11-28", "2026-11-28T00:00:00+00:00"),
            ("7d", "2026-11-21T12:00:00+00:00"),
            ("2w", "2026-11-14T12:00:00+00:00"),
            ("12h", "2026-11-28T00:00:00+00:00"),
            ("30m", "2026-11-28T11:30:00+00:00"),
        ] {
            assert_eq!(start(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_error_says_what_is_wrong() {
        for (text, reason) in [
            ("2026-13-01", "there is no month 13"),
            ("2026-02-30", "2026-02 has no day 30"),
            ("7", "the unit is missing"),
            ("7y", "`y` is not a unit"),
            ("99999999w", "longer than a century"),
            ("99999999999999999999d", "longer than a century"),
            ("yesterday", "`yesterday` is not a time; write"),
            ("-7d", "`-7d` is not a time; write"),
            ("+026-11-28", "is not a time; write"),
        ] {
            let error = start(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
        let error = start("2026-11-28T10:00:00").unwrap_err();
        assert!(error.contains("offset"), "{error}");
    }
}
