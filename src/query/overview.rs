//! What a run is about at a glance: how many payloads and errors there were over time, of each event
//! and of each enterprise.

use std::borrow::Cow;

use crate::checks::{Summary, Verdict};
use crate::shorten::shorten;

use super::{Counts, NameCounts, PayloadTime, TimeCounts};

/// The maximum length of a name that is not shortened, in bytes.
const MAX_NAME_LENGTH: usize = 100;

/// Counts of the payloads of a run, by what a chart shows.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Overview {
    /// The payloads with a time.
    pub times: TimeCounts,
    /// The payloads without a time.
    pub without_time: Counts,
    /// The payloads that contain an event of each name.
    pub events: NameCounts,
    /// The payloads of each enterprise, by its id.
    pub enterprises: NameCounts,
    /// The payloads that name no enterprise.
    pub without_enterprise: Counts,
}

impl Overview {
    /// Counts a payload.
    pub fn add(&mut self, verdict: &Verdict, summary: &Summary<'_>, time: Option<PayloadTime>) {
        let is_invalid = !verdict.passed;
        let of_events = |events: usize| Counts {
            payloads: 1,
            events: events as u64,
            invalid: is_invalid.into(),
            errors: verdict.errors as u64,
        };
        let events = if let Some(action) = &summary.action {
            // A POS message states its type once.
            let events = summary.events.iter().count().max(1);
            self.events.add(&short(action), None, of_events(events));
            events
        } else {
            let groups = summary.events.by_name(0);
            for group in &groups {
                let name = group.name.as_deref().map_or(Cow::Borrowed("?"), short);
                self.events.add(&name, None, of_events(group.count));
            }
            groups.iter().map(|group| group.count).sum()
        };
        let counts = of_events(events);
        match time {
            Some(time) => self.times.add(time.at, counts),
            None => self.without_time += counts,
        }
        let enterprise = summary.enterprise.as_ref();
        let name = enterprise.and_then(|enterprise| enterprise.name.as_deref());
        let id = enterprise.and_then(|enterprise| enterprise.id.as_deref());
        match id.or(name) {
            Some(id) => {
                let label = name.map(short);
                self.enterprises.add(&short(id), label.as_deref(), counts);
            }
            None => self.without_enterprise += counts,
        }
    }

    /// Adds the counts of a part of the run.
    pub fn merge(&mut self, part: &Self) {
        self.times.merge(&part.times);
        self.without_time += part.without_time;
        self.events.merge(&part.events);
        self.enterprises.merge(&part.enterprises);
        self.without_enterprise += part.without_enterprise;
    }
}

/// Returns a name as it is kept: only the start of a long one.
fn short(name: &str) -> Cow<'_, str> {
    match name.len() {
        ..=MAX_NAME_LENGTH => Cow::Borrowed(name),
        _ => Cow::Owned(shorten(name)),
    }
}
