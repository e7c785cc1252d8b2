//! Many payloads that hang together: hotels with their integrations, and what happens to them over
//! a time, in an order that is possible.
//!
//! A hotel has a strand for each of its integrations. On a strand, the events of the integration
//! itself come in the order of its life, and everything else where the integration is enabled.
//! Then each strand gets ascending times, and all of them are merged.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::contract::{Event, Kind};

use super::dice::{Dice, HOTELS, PRODUCTS, SERVICES, TOWNS};
use super::fill::{FIRST_SECOND, SECONDS};
use super::{Named, Request, Values};

/// What to make.
#[derive(Debug, Clone)]
pub struct Plan<'p> {
    /// Kinds and events. Of a kind that tells an integration's life, the story chooses events.
    pub requests: &'p [Request],
    /// How many payloads for each of them.
    pub count: u64,
    /// How many hotels they spread over.
    pub enterprises: u64,
    /// Where they start.
    pub from: Option<DateTime<Utc>>,
    /// They end before this.
    pub to: Option<DateTime<Utc>>,
    /// What all of them have in common.
    pub values: Values,
    /// Where the made-up values start.
    pub seed: u64,
}

/// What happens, in the order of time.
#[derive(Debug, Clone)]
pub struct Story {
    strands: Vec<Values>,
    scenes: Vec<Scene>,
}

/// One payload of a story.
#[derive(Debug, Clone, Copy)]
struct Scene {
    time: DateTime<Utc>,
    strand: usize,
    event: &'static Event,
    is_mixed: bool,
}

impl Story {
    /// The payloads' events, whether each may hold others of its kind, and their values.
    pub fn payloads(&self) -> impl ExactSizeIterator<Item = (&'static Event, bool, Values)> {
        self.scenes.iter().map(|scene| {
            let values = Values {
                time: Some(scene.time),
                ..self.strands[scene.strand].clone()
            };
            (scene.event, scene.is_mixed, values)
        })
    }
}

impl Plan<'_> {
    /// The time that the story takes: two years, unless both ends are given.
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

    /// Makes the story.
    pub fn story(&self) -> Story {
        let total = self.count.saturating_mul(self.requests.len() as u64);
        let mut story = Story {
            strands: Vec::new(),
            scenes: Vec::new(),
        };
        for number in 0..self.enterprises.min(total) {
            // Far from the streams of the payloads themselves.
            let mut dice = Dice::new(self.seed, u64::MAX - number);
            self.hotel(number, &mut dice, &mut story);
        }
        // Stable: what happens in the same second stays in its order.
        story.scenes.sort_by_key(|scene| scene.time);
        story
    }

    /// Adds what happens at a hotel.
    fn hotel(&self, number: u64, dice: &mut Dice, story: &mut Story) {
        let (enterprise, service) = self.identity(number, dice);
        for strand in self.strands(number, dice) {
            let integration = self.values.integration.clone().unwrap_or_else(|| Named {
                id: dice.id(),
                name: Some(format!("Sample {}", dice.pick(&PRODUCTS))),
            });
            let index = story.strands.len();
            story.strands.push(Values {
                enterprise: Some(enterprise.clone()),
                integration: Some(integration),
                service: Some(service.clone()),
                time: None,
            });
            let happenings = strand.woven(dice);
            let times = self.times(happenings.len(), dice);
            let scenes = happenings.into_iter().zip(times);
            story
                .scenes
                .extend(scenes.map(|((event, is_mixed), time)| Scene {
                    time,
                    strand: index,
                    event,
                    is_mixed,
                }));
        }
    }

    /// A hotel and its service. The first 128 hotels have different names.
    fn identity(&self, number: u64, dice: &mut Dice) -> (Named, Named) {
        let pick = |words: &[&'static str], number: u64| {
            let index = number % words.len() as u64;
            words[usize::try_from(index).unwrap_or_default()]
        };
        // Where the names start is the same for all hotels of a seed.
        let mut first = Dice::new(self.seed, u64::MAX);
        let town = pick(&TOWNS, u64::from(first.below(16)) + number);
        let hotel = pick(
            &HOTELS,
            u64::from(first.below(8)) + number / TOWNS.len() as u64,
        );
        let made = Named {
            id: dice.id(),
            name: Some(format!("Sample {hotel} {town}")),
        };
        let service = Named {
            id: dice.id(),
            name: Some(dice.pick(&SERVICES).to_owned()),
        };
        let given = &self.values;
        (
            given.enterprise.clone().unwrap_or(made),
            given.service.clone().unwrap_or(service),
        )
    }

    /// The strands of a hotel, with what was asked for dealt out to them.
    fn strands(&self, hotel: u64, dice: &mut Dice) -> Vec<Strand> {
        let mut walks: BTreeMap<Kind, u64> = BTreeMap::new();
        let mut given: BTreeMap<(Kind, u64), Vec<&'static Event>> = BTreeMap::new();
        let mut times: BTreeMap<(Kind, &str), u64> = BTreeMap::new();
        let mut others = Vec::new();
        for request in self.requests {
            // The payloads are dealt out to the hotels in turn.
            let rest = u64::from(hotel < self.count % self.enterprises);
            let turns = self.count / self.enterprises + rest;
            match request {
                Request::Kind(kind) if is_life(*kind) => *walks.entry(*kind).or_default() += turns,
                // Of events that come several times, each is about another integration.
                Request::Event(event) if is_life(event.kind) => {
                    for _ in 0..turns {
                        let times = times.entry((event.kind, event.name)).or_default();
                        given.entry((event.kind, *times)).or_default().push(event);
                        *times += 1;
                    }
                }
                _ => {
                    let is_mixed = matches!(request, Request::Kind(_));
                    let events = (0..turns).map(|turn| request.event(turn + hotel));
                    others.extend(events.map(|event| (event, is_mixed)));
                }
            }
        }
        let walks = walks.into_iter().filter(|(_, length)| *length > 0);
        let mut strands: Vec<Strand> = walks
            .map(|(kind, length)| Strand::walk(kind, length, dice))
            .collect();
        strands.extend(given.into_values().map(Strand::of));
        if strands.is_empty() {
            strands.push(Strand::default());
        }
        let count = u32::try_from(strands.len()).unwrap_or(u32::MAX);
        for other in others {
            strands[dice.below(count) as usize].others.push(other);
        }
        strands
    }

    /// Ascending times.
    fn times(&self, count: usize, dice: &mut Dice) -> Vec<DateTime<Utc>> {
        let (from, to) = self.span();
        let seconds = u64::try_from((to - from).num_seconds()).unwrap_or_default();
        let mut times: Vec<_> = (0..count)
            .map(|_| {
                let second = i64::try_from(dice.far_below(seconds)).unwrap_or_default();
                from + TimeDelta::seconds(second)
            })
            .collect();
        times.sort_unstable();
        times
    }
}

/// Whether the events of a kind are about an integration's own life.
fn is_life(kind: Kind) -> bool {
    matches!(kind, Kind::Integration | Kind::Integration2019)
}

/// The order in which the events of a life come, if each comes once.
const LIFE: [&str; 7] = [
    "IntegrationCreated",
    "IntegrationEnabled",
    "IntegrationApiKeyCreated",
    "IntegrationDisabled",
    "IntegrationCanceled",
    "IntegrationReinstated",
    "IntegrationDeleted",
];

/// What can come after an event of a life; deletion can end it at any time.
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

/// What happens around one integration.
#[derive(Default)]
struct Strand {
    life: Vec<&'static Event>,
    others: Vec<(&'static Event, bool)>,
}

impl Strand {
    /// A life of events that were asked for.
    fn of(mut life: Vec<&'static Event>) -> Self {
        life.sort_by_key(|event| LIFE.iter().position(|name| *name == event.name));
        Self {
            life,
            others: Vec::new(),
        }
    }

    /// A life of `length` events of a kind, from its start.
    fn walk(kind: Kind, length: u64, dice: &mut Dice) -> Self {
        let find = |name: &str| kind.events().find(|event| event.name == name);
        let mut life: Vec<&'static Event> = find(LIFE[0]).into_iter().collect();
        for number in 1..length {
            let before = life.last().map_or("", |event| event.name);
            let mut next: Vec<_> = successors(before)
                .iter()
                .copied()
                .filter_map(find)
                .collect();
            let is_end = number > 2 && number + 1 == length && dice.below(3) == 0;
            if let Some(deleted) = find("IntegrationDeleted").filter(|_| is_end) {
                next = vec![deleted];
            }
            let count = u32::try_from(next.len()).unwrap_or_default();
            life.extend(next.get(dice.below(count) as usize));
        }
        Self {
            life,
            others: Vec::new(),
        }
    }

    /// Whether the integration is enabled when `after` events of its life have come.
    fn is_enabled(&self, after: usize) -> bool {
        let name = |index: usize| self.life.get(index).map(|event| event.name);
        let next = name(after);
        match after.checked_sub(1).and_then(name) {
            // It was there before.
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

    /// All of it in one order.
    fn woven(self, dice: &mut Dice) -> Vec<(&'static Event, bool)> {
        let gaps: Vec<usize> = (0..=self.life.len())
            .filter(|after| self.is_enabled(*after))
            .collect();
        let count = u32::try_from(gaps.len()).unwrap_or_default();
        let mut places: Vec<usize> = (0..self.others.len())
            .map(|_| gaps[dice.below(count) as usize])
            .collect();
        places.sort_unstable();
        let mut others = places.into_iter().zip(self.others).peekable();
        let mut woven = Vec::new();
        for after in 0..=self.life.len() {
            while let Some((_, other)) = others.next_if(|(place, _)| *place == after) {
                woven.push(other);
            }
            woven.extend(self.life.get(after).map(|event| (*event, false)));
        }
        woven
    }
}
