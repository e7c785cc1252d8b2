//! When the deliveries of a schedule start: at once, at random distances, or at the distances of their
//! capture.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::query::{LengthError, parse_length};
use crate::sample::Random;

/// When deliveries start.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Timing {
    /// As soon as a worker is free.
    #[default]
    AtOnce,
    /// A random time after the start of the delivery before.
    Delay(DelayRange),
    /// At the distances of the times at which the capture received them.
    Replay(Speed),
}

/// When a delivery starts, at the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTime {
    /// Counted from the start of the delivery before.
    After(Duration),
    /// Counted from the start of the first delivery.
    At(Duration),
}

/// The shortest and the longest delay, as `100ms..2s` or `100ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayRange {
    min: Duration,
    max: Duration,
}

/// How fast a capture is replayed, as `60x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed(f64);

/// The error for a text that is not a delay, or not a speed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimingError {
    /// It is not a length of time.
    #[error("{0}: expected a number with a unit, such as `250ms`, `5s` or `2m`")]
    Length(#[from] LengthError),
    /// The shortest delay is longer than the longest one.
    #[error("the first delay is longer than the second one: expected a range such as `100ms..2s`")]
    Reversed,
    /// It is not a speed.
    #[error("expected a factor from `0.001x` to `1000000x`, such as `60x`")]
    Speed,
}

impl Default for Speed {
    fn default() -> Self {
        Self(1.0)
    }
}

impl FromStr for DelayRange {
    type Err = TimingError;

    fn from_str(text: &str) -> Result<Self, TimingError> {
        let (min, max) = text.split_once("..").unwrap_or((text, text));
        let (min, max) = (parse_duration(min)?, parse_duration(max)?);
        if min > max {
            return Err(TimingError::Reversed);
        }
        Ok(Self { min, max })
    }
}

impl FromStr for Speed {
    type Err = TimingError;

    fn from_str(text: &str) -> Result<Self, TimingError> {
        let factor = text.strip_suffix('x').and_then(|text| text.parse().ok());
        let factor = factor.filter(|factor| (0.001..=1e6).contains(factor));
        factor.map(Self).ok_or(TimingError::Speed)
    }
}

/// Parses a length of time, such as `250ms`.
///
/// # Errors
/// The text is not a number with a unit.
pub fn parse_duration(text: &str) -> Result<Duration, TimingError> {
    let length = parse_length(text)?;
    // A length has no sign.
    Ok(length.to_std().unwrap_or_default())
}

/// The stream of random numbers for delays.
const DELAYS: u64 = 4;

/// Computes when deliveries start.
#[derive(Debug)]
pub(super) struct Pace {
    timing: Timing,
    delays: Random,
    /// The time between the first payload of the captures and the latest one so far.
    elapsed: Duration,
    /// The latest time in the input.
    latest: Option<DateTime<Utc>>,
    starts_input: bool,
    /// The start of the delivery before, if a capture is replayed.
    last: Duration,
}

impl Pace {
    pub(super) fn new(timing: Timing, seed: u64) -> Self {
        Self {
            timing,
            delays: Random::new(seed, DELAYS),
            elapsed: Duration::ZERO,
            latest: None,
            starts_input: false,
            last: Duration::ZERO,
        }
    }

    /// Says that the next payloads are those of another input. Its first payload follows at the distance of
    /// its time, or at once if that is earlier.
    pub(super) fn start_input(&mut self) {
        self.starts_input = true;
    }

    pub(super) fn has_times(&self) -> bool {
        self.latest.is_some()
    }

    /// Returns the time since the first payload, for the next one of the input. A payload without a time
    /// follows the one before at once, and so does one that was received earlier.
    pub(super) fn offset(&mut self, received: Option<DateTime<Utc>>) -> Duration {
        if let Some(received) = received {
            let latest = self.latest.unwrap_or(received);
            self.elapsed += (received - latest).to_std().unwrap_or_default();
            let starts_input = std::mem::take(&mut self.starts_input);
            self.latest = Some(if starts_input {
                received
            } else {
                latest.max(received)
            });
        }
        self.elapsed
    }

    /// Returns when the next delivery of the schedule starts.
    pub(super) fn start(&mut self, offset: Duration) -> StartTime {
        match self.timing {
            Timing::AtOnce => StartTime::After(Duration::ZERO),
            Timing::Delay(DelayRange { min, max }) => {
                let micros = max.saturating_sub(min).as_micros();
                let micros = u64::try_from(micros).unwrap_or(u64::MAX - 1);
                let random = self.delays.below_u64(micros + 1);
                StartTime::After(min + Duration::from_micros(random))
            }
            Timing::Replay(Speed(factor)) => {
                self.last = self.last.max(offset.div_f64(factor));
                StartTime::At(self.last)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_and_speeds_are_parsed() {
        let milliseconds = Duration::from_millis;
        for (text, min, max) in [
            ("0", 0, 0),
            ("100ms", 100, 100),
            ("100ms..2s", 100, 2000),
            ("0..1m", 0, 60_000),
        ] {
            let expected = DelayRange {
                min: milliseconds(min),
                max: milliseconds(max),
            };
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for (text, message) in [
            ("", "it does not start with a number: expected"),
            ("5", "the unit is missing"),
            ("1s..", "it does not start with a number"),
            ("2s..1s", "the first delay is longer"),
            ("1s..2y", "`y` is not a unit of time"),
        ] {
            let error = text.parse::<DelayRange>().unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
        assert_eq!("60x".parse(), Ok(Speed(60.0)));
        assert_eq!("0.5x".parse(), Ok(Speed(0.5)));
        for text in ["", "x", "60", "0x", "-1x", "NaNx", "infx", "1e7x"] {
            assert_eq!(text.parse::<Speed>(), Err(TimingError::Speed), "{text}");
        }
    }

    /// Returns when deliveries of payloads with these times, in seconds, start; `None` starts an input.
    fn starts(speed: &str, times: &[Option<i64>]) -> Vec<u64> {
        let mut pace = Pace::new(Timing::Replay(speed.parse().unwrap()), 0);
        let mut starts = Vec::new();
        for time in times {
            let Some(time) = time else {
                pace.start_input();
                continue;
            };
            let offset = pace.offset(DateTime::from_timestamp(*time, 0));
            match pace.start(offset) {
                StartTime::At(at) => starts.push(at.as_secs()),
                StartTime::After(_) => panic!("{speed}"),
            }
        }
        starts
    }

    #[test]
    fn a_replay_has_the_gaps_of_the_capture() {
        let times = [Some(1000), Some(1060), Some(1030), Some(1120)];
        assert_eq!(starts("1x", &times), [0, 60, 60, 120]);
        assert_eq!(starts("60x", &times), [0, 1, 1, 2]);
        // An input of a later time keeps its distance, one of an earlier time only its own gaps.
        let later = [Some(1000), Some(1010), None, Some(1030), Some(1035)];
        assert_eq!(starts("1x", &later), [0, 10, 30, 35]);
        let earlier = [Some(1000), Some(1010), None, Some(500), Some(505)];
        assert_eq!(starts("1x", &earlier), [0, 10, 10, 15]);
    }

    #[test]
    fn payloads_without_a_time_follow_at_once() {
        let mut pace = Pace::new(Timing::Replay(Speed::default()), 0);
        assert_eq!(pace.offset(None), Duration::ZERO);
        assert!(!pace.has_times());
        assert_eq!(
            pace.offset(DateTime::from_timestamp(100, 0)),
            Duration::ZERO
        );
        let second = Duration::from_secs(1);
        assert_eq!(pace.offset(DateTime::from_timestamp(101, 0)), second);
        assert_eq!(pace.offset(None), second);
        assert!(pace.has_times());
    }
}
