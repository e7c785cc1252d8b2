//! Puts the payloads of a story in order, and makes the story.

use chrono::{DateTime, Utc};

use crate::query::PayloadTime;

use super::collector::{Draft, EventBody};
use super::item::{EntityKey, EventFacts, StoryKey};
use super::moment::Moment;
use super::unusual::{Unusual, find_unusual, first_deletion};
use super::{LifecycleStep, MessageCount, PayloadPlace};
use super::{Story, StoryEntity, StoryEntry, StoryOrder};

/// A story whose entries are in order, while its general messages are counted.
pub(super) struct OrderedStory {
    key: StoryKey,
    /// The number of its first payload in the input.
    number: u64,
    first_time: Option<DateTime<Utc>>,
    /// The earliest time of a payload.
    earliest: Option<DateTime<Utc>>,
    has_untimed: bool,
    enterprise: Option<EntityKey>,
    bodies: Vec<OrderedBody>,
    entries: Vec<OrderedEntry>,
    /// The messages before the first entry, and after each.
    messages: Vec<MessageCount>,
}

/// A body of integration events.
pub(super) struct OrderedBody {
    pub(super) facts: EventFacts,
    not_listed: u64,
}

/// An entry of a story.
pub(super) struct OrderedEntry {
    moment: Moment,
    /// The index of its body.
    pub(super) body: usize,
    time: Option<PayloadTime>,
    pub(super) place: PayloadPlace,
}

impl OrderedStory {
    /// Puts the entries of a story in order.
    pub(super) fn new(draft: Draft) -> Self {
        let mut story = Self {
            key: draft.key,
            number: draft.number,
            first_time: draft.first_time,
            earliest: None,
            has_untimed: false,
            enterprise: draft.enterprise,
            bodies: Vec::new(),
            entries: Vec::new(),
            messages: Vec::new(),
        };
        let mut bodies: Vec<_> = draft.bodies.into_iter().collect();
        bodies.sort_unstable_by_key(|(hash, _)| *hash);
        for (_, body) in bodies {
            story.add_body(body);
        }
        let Self {
            bodies, entries, ..
        } = &mut story;
        entries.sort_by(|entry, other| entry.key(bodies).cmp(&other.key(bodies)));
        story.messages = vec![MessageCount::default(); story.entries.len() + 1];
        story
    }

    fn add_body(&mut self, body: EventBody) {
        let index = self.bodies.len();
        for occurrence in body.listed {
            let moment = self.place_in_story(occurrence.moment);
            self.entries.push(OrderedEntry {
                moment,
                body: index,
                time: occurrence.time,
                place: occurrence.place,
            });
        }
        self.bodies.push(OrderedBody {
            facts: body.facts,
            not_listed: body.not_listed,
        });
    }

    /// Counts general messages with one body, the first of which has this moment.
    pub(super) fn add_messages(&mut self, events: u32, repeats: u32, moment: Moment) {
        let moment = self.place_in_story(moment);
        let entries = &self.entries;
        // A message of the same time as an event comes before it: then it is not taken for one that
        // came after a deletion.
        let index = entries.partition_point(|entry| entry.moment < moment);
        let count = &mut self.messages[index];
        count.messages += 1;
        count.events += u64::from(events);
        count.repeats += u64::from(repeats);
    }

    fn place_in_story(&mut self, moment: Moment) -> Moment {
        match moment.time() {
            Some(time) => {
                self.earliest = Some(self.earliest.map_or(time, |earliest| earliest.min(time)));
            }
            None => self.has_untimed = true,
        }
        moment.resolved(self.first_time)
    }

    /// Returns a key for the order of stories: those with times by their first time, then the others
    /// by their first payload in the input.
    pub(super) fn key(&self) -> impl Ord + use<'_> {
        let number = self.earliest.is_none().then_some(self.number);
        (self.earliest.is_none(), self.earliest, number, &self.key)
    }

    /// Returns the story.
    pub(super) fn finish(mut self) -> Story {
        let unusual = find_unusual(&self.entries, &self.bodies);
        if let Some(deletion) = first_deletion(&self.entries, &self.bodies) {
            for count in &mut self.messages[deletion + 1..] {
                count.is_after_deletion = count.messages > 0;
            }
        }
        let order = match (self.earliest, self.has_untimed) {
            (Some(_), false) => StoryOrder::Time,
            (Some(_), true) => StoryOrder::Mixed,
            (None, _) => StoryOrder::Input,
        };
        let integration = match &self.key {
            StoryKey::Id(id) => Some(id),
            _ => None,
        };
        let text = |id: Option<&EntityKey>| id.map(EntityKey::text);
        let integration = StoryEntity {
            id: text(integration),
            name: self.last(|facts| facts.integration_name.as_deref()),
        };
        let enterprise = StoryEntity {
            id: text(self.enterprise.as_ref()),
            name: self.last(|facts| facts.enterprise_name.as_deref()),
        };
        let service = StoryEntity {
            id: self.last(|facts| facts.service_id.as_deref()),
            name: self.last(|facts| facts.service_name.as_deref()),
        };
        let has_valid_id = matches!(self.key, StoryKey::Id(EntityKey::Valid(_)));
        let messages_before = self.messages[0];
        let messages = self.messages.split_off(1);
        let entries = entries(self.entries, &self.bodies, unusual, messages);
        Story {
            integration,
            has_valid_id,
            enterprise,
            service,
            order,
            messages_before,
            entries,
        }
    }

    /// Returns what the last entry states that states it.
    fn last<'s>(&'s self, fact: impl Fn(&'s EventFacts) -> Option<&'s str>) -> Option<String> {
        let mut bodies = self
            .entries
            .iter()
            .rev()
            .map(|entry| &self.bodies[entry.body]);
        bodies.find_map(|body| fact(&body.facts)).map(str::to_owned)
    }
}

impl OrderedEntry {
    /// Returns the step that the event reports, if it is a documented one.
    pub(super) fn step(&self, bodies: &[OrderedBody]) -> Option<LifecycleStep> {
        bodies[self.body].facts.step
    }

    /// Returns a key for the order of entries. At the same time, the steps of a life come in the order
    /// that is possible, and undocumented events before them.
    fn key<'e>(&'e self, bodies: &'e [OrderedBody]) -> impl Ord + use<'e> {
        let step = self.step(bodies);
        (self.moment, step, self.body, &self.place)
    }
}

/// Returns the entries with the gaps between them.
fn entries(
    ordered: Vec<OrderedEntry>,
    bodies: &[OrderedBody],
    unusual: Vec<Vec<Unusual>>,
    messages: Vec<MessageCount>,
) -> Vec<StoryEntry> {
    let mut last_indices = vec![0; bodies.len()];
    for (index, entry) in ordered.iter().enumerate() {
        last_indices[entry.body] = index;
    }
    let mut last_time: Option<DateTime<Utc>> = None;
    let entries = ordered.into_iter().zip(unusual).zip(messages).enumerate();
    let entries = entries.map(|(index, ((entry, unusual), messages_after))| {
        let at = entry.time.map(|time| time.at);
        let gap = at.zip(last_time).map(|(at, last)| at - last);
        last_time = at.or(last_time);
        let body = &bodies[entry.body];
        let is_last = last_indices[entry.body] == index;
        StoryEntry {
            event: body.facts.action.clone(),
            step: body.facts.step,
            time: entry.time,
            gap,
            place: entry.place,
            unusual,
            not_listed: if is_last { body.not_listed } else { 0 },
            messages_after,
        }
    });
    entries.collect()
}
