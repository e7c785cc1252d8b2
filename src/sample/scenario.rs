//! Makes a scenario: the events of several enterprises and their integrations over a period, in an
//! order that is possible.
//!
//! Each integration of an enterprise has a history. It contains the lifecycle events of the
//! integration in a possible order, and other events while the integration is enabled. The events
//! of each history get ascending times, and all histories are merged by time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::contract::{Event, Kind};

use super::fill::{FIRST_SECOND, SECONDS};
use super::random::{HOTELS, PRODUCTS, Random, SERVICES, TOWNS};
use super::{NamedId, Selection, Values};

/// The options of a scenario.
#[derive(Debug, Clone)]
pub struct ScenarioOptions<'p> {
    /// The kinds and events. For a kind of lifecycle events, the scenario chooses the events.
    pub selections: &'p [Selection],
    /// The number of payloads for each of them.
    pub count: u64,
    /// The number of enterprises.
    pub enterprises: u64,
    /// The start of the period.
    pub from: Option<DateTime<Utc>>,
    /// The end of the period; all times are before it.
    pub to: Option<DateTime<Utc>>,
    /// Values that all payloads share.
    pub values: Values,
    /// The seed of the made-up values.
    pub seed: u64,
}

/// The events of several enterprises in order of time.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The values that all payloads of an integration share.
    integrations: Vec<Values>,
    events: Vec<ScheduledEvent>,
}

/// One payload of a scenario.
#[derive(Debug, Clone, Copy)]
struct ScheduledEvent {
    time: DateTime<Utc>,
    /// The index of its integration.
    integration: usize,
    event: &'static Event,
    is_mixed: bool,
}

impl Scenario {
    /// Returns for each payload its event, whether it may contain other events of the kind, and its
    /// values.
    pub fn payloads(&self) -> impl ExactSizeIterator<Item = (&'static Event, bool, Values)> {
        self.events.iter().map(|scheduled| {
            let values = Values {
                time: Some(scheduled.time),
                ..self.integrations[scheduled.integration].clone()
            };
            (scheduled.event, scheduled.is_mixed, values)
        })
    }
}

impl ScenarioOptions<'_> {
    /// Returns the start and the end of the period, which is two years unless both are given.
    pub fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let default = TimeDelta::seconds(i64::from(SECONDS));
        let first = DateTime::from_timestamp(FIRST_SECOND, 0).unwrap_or_default();
        match (self.from, self.to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, from + default),
            (None, Some(to)) => (to - default, to),
            (None, None) => (first, first + default),
        }
    }

    /// Makes the scenario.
    pub fn build(&self) -> Scenario {
        let total = self.count.saturating_mul(self.selections.len() as u64);
        let mut scenario = Scenario {
            integrations: Vec::new(),
            events: Vec::new(),
        };
        for number in 0..self.enterprises.min(total) {
            // The random streams of the payloads count up from 0, so these count down.
            let mut random = Random::new(self.seed, u64::MAX - number);
            self.add_enterprise(number, &mut random, &mut scenario);
        }
        // The sort is stable, so events of the same second keep their order.
        scenario.events.sort_by_key(|scheduled| scheduled.time);
        scenario
    }

    /// Adds the events of an enterprise.
    fn add_enterprise(&self, number: u64, random: &mut Random, scenario: &mut Scenario) {
        let (enterprise, service) = self.identity(number, random);
        for history in self.histories(number, random) {
            let identity = self.values.integration.clone().unwrap_or_else(|| NamedId {
                id: random.uuid(),
                name: Some(format!("Sample {}", random.choose(&PRODUCTS))),
            });
            let index = scenario.integrations.len();
            scenario.integrations.push(Values {
                enterprise: Some(enterprise.clone()),
                integration: Some(identity),
                service: Some(service.clone()),
                time: None,
            });
            let history_events = history.merged(random);
            let times = self.times(history_events.len(), random);
            let events = history_events.into_iter().zip(times);
            scenario
                .events
                .extend(events.map(|((event, is_mixed), time)| ScheduledEvent {
                    time,
                    integration: index,
                    event,
                    is_mixed,
                }));
        }
    }

    /// Returns an enterprise and its service. The first 128 enterprises have different names.
    fn identity(&self, number: u64, random: &mut Random) -> (NamedId, NamedId) {
        let word_at = |words: &[&'static str], number: u64| {
            let index = number % words.len() as u64;
            words[usize::try_from(index).unwrap_or_default()]
        };
        // All enterprises of a seed start from the same name.
        let mut first = Random::new(self.seed, u64::MAX);
        let town = word_at(&TOWNS, u64::from(first.below(16)) + number);
        let hotel = word_at(
            &HOTELS,
            u64::from(first.below(8)) + number / TOWNS.len() as u64,
        );
        let made_up = NamedId {
            id: random.uuid(),
            name: Some(format!("Sample {hotel} {town}")),
        };
        let service = NamedId {
            id: random.uuid(),
            name: Some(random.choose(&SERVICES).to_owned()),
        };
        let given = &self.values;
        (
            given.enterprise.clone().unwrap_or(made_up),
            given.service.clone().unwrap_or(service),
        )
    }

    /// Returns the histories of an enterprise's integrations, with its share of the payloads.
    fn histories(&self, enterprise: u64, random: &mut Random) -> Vec<History> {
        let mut lengths: BTreeMap<Kind, u64> = BTreeMap::new();
        let mut given: BTreeMap<(Kind, u64), Vec<&'static Event>> = BTreeMap::new();
        let mut times: BTreeMap<(Kind, &str), u64> = BTreeMap::new();
        let mut others = Vec::new();
        for selection in self.selections {
            // The payloads are distributed to the enterprises in turn.
            let rest = u64::from(enterprise < self.count % self.enterprises);
            let share = self.count / self.enterprises + rest;
            match selection {
                Selection::Kind(kind) if is_lifecycle(*kind) => {
                    *lengths.entry(*kind).or_default() += share;
                }
                // If an event occurs several times, each is about another integration.
                Selection::Event(event) if is_lifecycle(event.kind) => {
                    for _ in 0..share {
                        let times = times.entry((event.kind, event.name)).or_default();
                        given.entry((event.kind, *times)).or_default().push(event);
                        *times += 1;
                    }
                }
                _ => {
                    let is_mixed = matches!(selection, Selection::Kind(_));
                    let events = (0..share).map(|turn| selection.event(turn + enterprise));
                    others.extend(events.map(|event| (event, is_mixed)));
                }
            }
        }
        let lengths = lengths.into_iter().filter(|(_, length)| *length > 0);
        let mut histories: Vec<History> = lengths
            .map(|(kind, length)| History::random(kind, length, random))
            .collect();
        histories.extend(given.into_values().map(History::of));
        if histories.is_empty() {
            histories.push(History::default());
        }
        let count = u32::try_from(histories.len()).unwrap_or(u32::MAX);
        for other in others {
            histories[random.below(count) as usize].others.push(other);
        }
        histories
    }

    /// Returns ascending random times.
    fn times(&self, count: usize, random: &mut Random) -> Vec<DateTime<Utc>> {
        let (from, to) = self.span();
        let seconds = u64::try_from((to - from).num_seconds()).unwrap_or_default();
        let mut times: Vec<_> = (0..count)
            .map(|_| {
                let second = i64::try_from(random.below_u64(seconds)).unwrap_or_default();
                from + TimeDelta::seconds(second)
            })
            .collect();
        times.sort_unstable();
        times
    }
}

/// Returns `true` if the events of a kind are about the lifecycle of an integration.
fn is_lifecycle(kind: Kind) -> bool {
    matches!(kind, Kind::Integration | Kind::Integration2019)
}

/// The order of lifecycle events if each occurs once.
const LIFECYCLE: [&str; 7] = [
    "IntegrationCreated",
    "IntegrationEnabled",
    "IntegrationApiKeyCreated",
    "IntegrationDisabled",
    "IntegrationCanceled",
    "IntegrationReinstated",
    "IntegrationDeleted",
];

/// Returns the events that can follow a lifecycle event. Deletion can follow at any time.
fn successors(name: &str) -> &'static [&'static str] {
    match name {
        "IntegrationCreated" | "IntegrationDisabled" => &["IntegrationEnabled"],
        "IntegrationCanceled" => &["IntegrationReinstated"],
        "IntegrationDeleted" => &[],
        _ => &[
            "IntegrationDisabled",
            "IntegrationApiKeyCreated",
            "IntegrationCanceled",
        ],
    }
}

/// The events of one integration.
#[derive(Default)]
struct History {
    lifecycle: Vec<&'static Event>,
    others: Vec<(&'static Event, bool)>,
}

impl History {
    /// Creates a history of given lifecycle events.
    fn of(mut lifecycle: Vec<&'static Event>) -> Self {
        lifecycle.sort_by_key(|event| LIFECYCLE.iter().position(|name| *name == event.name));
        Self {
            lifecycle,
            others: Vec::new(),
        }
    }

    /// Creates a history of `length` random lifecycle events of a kind, from the creation on.
    fn random(kind: Kind, length: u64, random: &mut Random) -> Self {
        let find = |name: &str| kind.events().find(|event| event.name == name);
        let mut lifecycle: Vec<&'static Event> = find(LIFECYCLE[0]).into_iter().collect();
        for number in 1..length {
            let before = lifecycle.last().map_or("", |event| event.name);
            let mut next: Vec<_> = successors(before)
                .iter()
                .copied()
                .filter_map(find)
                .collect();
            let is_end = number > 2 && number + 1 == length && random.below(3) == 0;
            if let Some(deleted) = find("IntegrationDeleted").filter(|_| is_end) {
                next = vec![deleted];
            }
            let count = u32::try_from(next.len()).unwrap_or_default();
            lifecycle.extend(next.get(random.below(count) as usize));
        }
        Self {
            lifecycle,
            others: Vec::new(),
        }
    }

    /// Returns `true` if the integration is enabled after the first `count` lifecycle events.
    fn is_enabled(&self, count: usize) -> bool {
        let name = |index: usize| self.lifecycle.get(index).map(|event| event.name);
        let next = name(count);
        match count.checked_sub(1).and_then(name) {
            // The integration was created before the period.
            None => !matches!(
                next,
                Some("IntegrationCreated" | "IntegrationEnabled" | "IntegrationReinstated")
            ),
            Some("IntegrationCreated") => next != Some("IntegrationEnabled"),
            Some(last) => matches!(
                last,
                "IntegrationEnabled" | "IntegrationApiKeyCreated" | "IntegrationReinstated"
            ),
        }
    }

    /// Returns all events in one possible order.
    fn merged(self, random: &mut Random) -> Vec<(&'static Event, bool)> {
        let gaps: Vec<usize> = (0..=self.lifecycle.len())
            .filter(|after| self.is_enabled(*after))
            .collect();
        let count = u32::try_from(gaps.len()).unwrap_or_default();
        let mut places: Vec<usize> = (0..self.others.len())
            .map(|_| gaps[random.below(count) as usize])
            .collect();
        places.sort_unstable();
        let mut others = places.into_iter().zip(self.others).peekable();
        let mut merged = Vec::new();
        for after in 0..=self.lifecycle.len() {
            while let Some((_, other)) = others.next_if(|(place, _)| *place == after) {
                merged.push(other);
            }
            merged.extend(self.lifecycle.get(after).map(|event| (*event, false)));
        }
        merged
    }
}
