//! Counts payloads by what they say, when they came, and what is wrong with them.
//!
//! Statistics of parts can be merged in any order, and give those of all: counts are added, the first
//! and the last time are the least and the greatest, and an example is the first by path and line.
//! So each worker counts on its own, and so does each of several machines.

mod by_name;
mod distinct;
mod tally;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::capture::FoundPayload;
use crate::checks::{EntitySummary, Summary, Verdict};
use crate::contract::{Kind, is_uuid};
use crate::document::Position;
use crate::secrets::Masking;

use super::PayloadTime;

pub use by_name::ByName;
pub use distinct::Distinct;
pub(crate) use distinct::Hashes;
pub use tally::{CodeTally, EntityName, EntityTally, Example, Tally};

/// The statistics of payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Whether secrets in names are masked.
    pub masking: Masking,
    /// Payloads, including those that a capture lacks.
    pub payloads: u64,
    /// The bytes of the payloads.
    pub bytes: u64,
    /// Payloads without an error.
    pub valid: u64,
    /// Payloads whose only errors were expected.
    pub expected: u64,
    /// All other payloads.
    pub invalid: u64,
    /// Errors that were not expected.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: u64,
    /// Inputs without a payload, unless such inputs are accepted.
    pub empty: u64,
    /// Records and lines of text without a payload.
    pub skipped: u64,
    /// The first time of a payload.
    pub first: Option<DateTime<Utc>>,
    /// The last time of a payload.
    pub last: Option<DateTime<Utc>>,
    /// Payloads whose time is not known.
    pub untimed: u64,
    /// The payloads of each kind, by its name; [`UNKNOWN_KIND`] if none was detected.
    pub kinds: ByName<Tally>,
    /// The events of each name. A message may have several events.
    pub events: ByName<Tally>,
    /// The events without a name.
    pub unnamed_events: Tally,
    /// The payloads of each enterprise, by its id.
    pub enterprises: ByName<EntityTally>,
    /// The payloads of each integration, by its id.
    pub integrations: ByName<EntityTally>,
    /// The payloads of each hour, by its start.
    pub hours: BTreeMap<DateTime<Utc>, Tally>,
    /// The diagnostics of each code.
    pub codes: ByName<CodeTally>,
    /// The payloads in each shape of a capture; [`NOT_WRAPPED`] if they are not wrapped in anything.
    pub captures: ByName<Tally>,
    /// The distinct entities and bodies, if they are counted.
    pub distinct: Option<Distinct>,
}

/// The name in [`Stats::kinds`] of payloads whose kind was not detected.
pub const UNKNOWN_KIND: &str = "unknown";

/// The name in [`Stats::captures`] of payloads that are not wrapped in anything.
pub const NOT_WRAPPED: &str = "plain";

impl Stats {
    /// Creates the statistics of no payload. If `is_distinct`, distinct entities and bodies are counted,
    /// which takes memory for each of them. `masking` is that of the summaries that are added.
    pub fn new(is_distinct: bool, masking: Masking) -> Self {
        Self {
            masking,
            distinct: is_distinct.then(Distinct::default),
            ..Self::default()
        }
    }

    /// Counts a payload. `path` is the label of its input.
    pub fn add(
        &mut self,
        path: &str,
        found: &FoundPayload<'_>,
        verdict: &Verdict,
        summary: &Summary<'_>,
    ) {
        let payload = Tally {
            count: 1,
            invalid: u64::from(!verdict.passed),
        };
        self.payloads += 1;
        match (verdict.valid, verdict.passed) {
            (true, _) => self.valid += 1,
            (false, true) => self.expected += 1,
            (false, false) => self.invalid += 1,
        }
        self.errors += verdict.errors as u64;
        self.warnings += verdict.warnings as u64;
        let kind = verdict.kind.map_or(UNKNOWN_KIND, Kind::name);
        self.kinds.update(kind, |sum| sum.add(payload));
        let capture = found.capture().unwrap_or(NOT_WRAPPED);
        self.captures.update(capture, |sum| sum.add(payload));
        self.add_events(payload, summary);
        let time = PayloadTime::of(found.delivery().as_ref(), summary).map(|time| time.at);
        self.add_time(payload, time);
        for (tallies, entity) in [
            (&mut self.enterprises, &summary.enterprise),
            (&mut self.integrations, &summary.integration),
        ] {
            if let Some(entity) = entity {
                add_entity(tallies, payload, entity, time);
            }
        }
        self.add_codes(path, found.text.start, verdict);
        if !found.is_missing {
            let body = found.text.text;
            self.bytes += body.len() as u64;
            if let Some(distinct) = &mut self.distinct {
                distinct.add_body(body);
                for id in summary
                    .events
                    .unmasked()
                    .iter()
                    .filter_map(|event| event.id())
                {
                    distinct.add_entity(&normalized(&id));
                }
            }
        }
    }

    /// Adds the statistics of a part. Distinct values are known only if both have them.
    pub fn merge(&mut self, part: Self) {
        if part.masking == Masking::Off {
            self.masking = Masking::Off;
        }
        for (sum, count) in [
            (&mut self.payloads, part.payloads),
            (&mut self.bytes, part.bytes),
            (&mut self.valid, part.valid),
            (&mut self.expected, part.expected),
            (&mut self.invalid, part.invalid),
            (&mut self.errors, part.errors),
            (&mut self.warnings, part.warnings),
            (&mut self.unreadable, part.unreadable),
            (&mut self.empty, part.empty),
            (&mut self.skipped, part.skipped),
            (&mut self.untimed, part.untimed),
        ] {
            *sum = sum.saturating_add(count);
        }
        self.first = self.first.into_iter().chain(part.first).min();
        self.last = self.last.max(part.last);
        self.kinds.merge(part.kinds, Tally::add);
        self.events.merge(part.events, Tally::add);
        self.unnamed_events.add(part.unnamed_events);
        self.enterprises.merge(part.enterprises, EntityTally::add);
        self.integrations.merge(part.integrations, EntityTally::add);
        for (hour, payloads) in part.hours {
            self.hours.entry(hour).or_default().add(payloads);
        }
        self.codes.merge(part.codes, CodeTally::add);
        self.captures.merge(part.captures, Tally::add);
        self.distinct = match (self.distinct.take(), part.distinct) {
            (Some(mut distinct), Some(part)) => {
                distinct.merge(part);
                Some(distinct)
            }
            _ => None,
        };
    }

    /// Counts the events of a payload: its action, or each event of a message.
    fn add_events(&mut self, payload: Tally, summary: &Summary<'_>) {
        if let Some(action) = &summary.action {
            self.events.update(action, |sum| sum.add(payload));
            return;
        }
        for event in summary.events.iter() {
            match event.name() {
                Some(name) => self.events.update(&name, |sum| sum.add(payload)),
                None => self.unnamed_events.add(payload),
            }
        }
    }

    fn add_time(&mut self, payload: Tally, time: Option<DateTime<Utc>>) {
        let Some(time) = time else {
            self.untimed += 1;
            return;
        };
        self.first = self.first.into_iter().chain([time]).min();
        self.last = self.last.max(Some(time));
        self.hours.entry(hour_of(time)).or_default().add(payload);
    }

    /// Counts the diagnostics of a payload that starts at `start`.
    fn add_codes(&mut self, path: &str, start: Position, verdict: &Verdict) {
        for code in verdict.codes.iter().filter(|code| !code.expected) {
            let reported = verdict.reported().filter(|found| found.code == code.code);
            let first = reported.map(|found| found.start).min();
            self.codes.update(code.code, |sum| {
                sum.add_place(path, first.unwrap_or(start));
                *sum.count(code.severity) += code.count as u64;
            });
        }
    }
}

/// Counts the payload of an entity, if its id is known.
fn add_entity(
    tallies: &mut ByName<EntityTally>,
    payload: Tally,
    entity: &EntitySummary<'_>,
    time: Option<DateTime<Utc>>,
) {
    let Some(id) = &entity.id else {
        return;
    };
    tallies.update(&normalized(id), |sum| {
        sum.payloads.add(payload);
        let Some(name) = entity.name.as_deref() else {
            return;
        };
        let known = sum.name.as_ref();
        if known.is_none_or(|known| (time, name) > (known.at, &*known.name)) {
            sum.name = Some(EntityName {
                at: time,
                name: name.to_owned(),
            });
        }
    });
}

/// Returns an id as it is counted: UUIDs are the same in any letter case.
fn normalized(id: &str) -> Cow<'_, str> {
    if id.bytes().any(|byte| byte.is_ascii_uppercase()) && is_uuid(id) {
        Cow::Owned(id.to_ascii_lowercase())
    } else {
        Cow::Borrowed(id)
    }
}

/// Returns the start of the hour.
fn hour_of(time: DateTime<Utc>) -> DateTime<Utc> {
    const HOUR: i64 = 60 * 60;
    let seconds = time.timestamp();
    let start = seconds - seconds.rem_euclid(HOUR);
    DateTime::from_timestamp(start, 0).unwrap_or(time)
}
