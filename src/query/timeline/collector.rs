//! Puts the items of all chunks together.
//!
//! An integration event is kept once for each body, with the first few of its places; a general
//! message as a hash of its body with its first time. What occurs again is only counted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use foldhash::fast::RandomState;

use crate::input::Label;
use crate::query::PayloadTime;

use super::item::{BodyHash, EntityKey, EventFacts, ItemContent, StoryKey};
use super::moment::Moment;
use super::order::OrderedStory;
use super::{PayloadPlace, Story, StoryEntity, Timeline};
use super::{TimelineCounts, TimelineItem, TimelineItems};

/// The maximum number of payloads with one body that have an entry. The others are counted.
const MAX_LISTED: usize = 10;

/// Collects the items of payloads, which are added in input order, and makes the timeline.
#[derive(Debug, Default)]
pub struct TimelineCollector {
    /// The index of the draft of each story.
    indices: HashMap<StoryKey, usize, RandomState>,
    drafts: Vec<Draft>,
    messages: HashMap<BodyHash, MessageBody, RandomState>,
    /// The number of items so far.
    items: u64,
    counts: TimelineCounts,
}

/// A story while its payloads are collected.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) key: StoryKey,
    /// The number of its first item in the input.
    pub(super) number: u64,
    /// The first and the last time in the input.
    pub(super) first_time: Option<DateTime<Utc>>,
    last_time: Option<DateTime<Utc>>,
    pub(super) enterprise: Option<EntityKey>,
    pub(super) bodies: HashMap<BodyHash, EventBody, RandomState>,
}

/// The integration events with one body.
#[derive(Debug)]
pub(super) struct EventBody {
    pub(super) facts: EventFacts,
    /// The first of them, in order.
    pub(super) listed: Vec<Occurrence>,
    /// The number of the others.
    pub(super) not_listed: u64,
}

/// A payload with a known body.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    pub(super) moment: Moment,
    pub(super) time: Option<PayloadTime>,
    pub(super) place: PayloadPlace,
}

/// The general messages with one body. This is what memory grows with most, so it is small.
#[derive(Debug)]
struct MessageBody {
    draft: u32,
    events: u32,
    repeats: u32,
    moment: Moment,
}

impl TimelineCollector {
    /// Adds the items of the next chunk. `path` is the label of its input.
    pub fn add(&mut self, path: &Label, items: TimelineItems) {
        self.counts.merge(&items.counts);
        for item in items.items {
            self.add_item(path, item);
        }
    }

    fn add_item(&mut self, path: &Label, item: TimelineItem) {
        self.items += 1;
        let number = self.items;
        let index = self.draft(item.story, number);
        let draft = &mut self.drafts[index];
        let moment = draft.moment(item.time, number);
        if let Some(enterprise) = item.enterprise {
            // Nearly always, all are the same. The least does not depend on the order.
            let least = draft
                .enterprise
                .take()
                .map_or(enterprise.clone(), |known| known.min(enterprise));
            draft.enterprise = Some(least);
        }
        let is_repeat = match item.content {
            ItemContent::Event(facts) => {
                let place = PayloadPlace {
                    path: path.clone(),
                    start: item.start,
                };
                let occurrence = Occurrence {
                    moment,
                    time: item.time,
                    place,
                };
                draft.add_event(item.body, *facts, occurrence)
            }
            ItemContent::Message { events } => self.add_message(item.body, index, events, moment),
        };
        self.counts.repeats += u64::from(is_repeat);
    }

    /// Returns the index of the draft of a story.
    fn draft(&mut self, key: StoryKey, number: u64) -> usize {
        if let Some(index) = self.indices.get(&key) {
            return *index;
        }
        let index = self.drafts.len();
        self.indices.insert(key.clone(), index);
        self.drafts.push(Draft::new(key, number));
        index
    }

    /// Adds a general message, and returns `true` if its body is known.
    fn add_message(&mut self, body: BodyHash, draft: usize, events: u32, moment: Moment) -> bool {
        let mut is_repeat = true;
        let known = self.messages.entry(body).or_insert_with(|| {
            is_repeat = false;
            MessageBody {
                draft: u32::try_from(draft).unwrap_or(u32::MAX),
                events,
                repeats: 0,
                moment,
            }
        });
        if is_repeat {
            known.repeats = known.repeats.saturating_add(1);
            if moment.among_repeats() < known.moment.among_repeats() {
                known.moment = moment;
            }
        }
        is_repeat
    }

    /// Returns the timeline.
    pub fn finish(self) -> Timeline {
        let Self {
            drafts,
            messages,
            counts,
            ..
        } = self;
        let mut stories: Vec<_> = drafts.into_iter().map(OrderedStory::new).collect();
        for message in messages.into_values() {
            let MessageBody {
                draft,
                events,
                repeats,
                moment,
            } = message;
            if let Some(story) = stories.get_mut(draft as usize) {
                story.add_messages(events, repeats, moment);
            }
        }
        stories.sort_by(|story, other| story.key().cmp(&other.key()));
        let mut stories: Vec<Story> = stories.into_iter().map(OrderedStory::finish).collect();
        name_enterprises(&mut stories);
        Timeline { stories, counts }
    }
}

impl Draft {
    fn new(key: StoryKey, number: u64) -> Self {
        Self {
            key,
            number,
            first_time: None,
            last_time: None,
            enterprise: None,
            bodies: HashMap::default(),
        }
    }

    /// Returns the moment of the next payload of the story in the input.
    fn moment(&mut self, time: Option<PayloadTime>, number: u64) -> Moment {
        let time = time.map(|time| time.at);
        let moment = Moment::new(time, self.last_time, number);
        self.first_time = self.first_time.or(time);
        self.last_time = time.or(self.last_time);
        moment
    }

    /// Adds an integration event, and returns `true` if its body is known.
    fn add_event(&mut self, hash: BodyHash, facts: EventFacts, occurrence: Occurrence) -> bool {
        let body = self.bodies.entry(hash).or_insert_with(|| EventBody {
            facts,
            listed: Vec::new(),
            not_listed: 0,
        });
        let is_repeat = !body.listed.is_empty();
        let at = body
            .listed
            .partition_point(|known| known.key() <= occurrence.key());
        body.listed.insert(at, occurrence);
        if body.listed.len() > MAX_LISTED {
            body.listed.pop();
            body.not_listed += 1;
        }
        is_repeat
    }
}

impl Occurrence {
    /// Returns a key by which the first payload with a body is the least. It does not depend on the
    /// order of inputs if there is a time.
    fn key(&self) -> impl Ord + use<'_> {
        (self.moment.among_repeats(), &self.place)
    }
}

/// Names enterprises whose name only the events of another integration state.
fn name_enterprises(stories: &mut [Story]) {
    let enterprises = stories.iter().map(|story| &story.enterprise);
    let known = enterprises.filter_map(|entity| Some((entity.id.clone()?, entity.name.clone()?)));
    let names: HashMap<String, String> = known.collect();
    for StoryEntity { id, name } in stories.iter_mut().map(|story| &mut story.enterprise) {
        if name.is_none() {
            *name = id.as_ref().and_then(|id| names.get(id)).cloned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Position;
    use crate::query::{LifecycleStep, TimeSource};

    /// Returns the item of a payload with this body, an event or a message.
    fn item(body: u64, second: i64, is_event: bool) -> TimelineItem {
        let facts = EventFacts {
            action: None,
            step: Some(LifecycleStep::Enabled),
            integration_name: None,
            enterprise_name: None,
            service_id: None,
            service_name: None,
            token: None,
        };
        let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
        let source = TimeSource::Delivery;
        TimelineItem {
            story: StoryKey::Nothing,
            body: BodyHash(body),
            time: Some(PayloadTime { at, source }),
            start: Position::START,
            enterprise: None,
            content: if is_event {
                ItemContent::Event(Box::new(facts))
            } else {
                ItemContent::Message { events: 1 }
            },
        }
    }

    /// Returns the number of stories, of places of events and of bodies of messages that are kept.
    fn kept(collector: &TimelineCollector) -> [usize; 3] {
        let bodies = collector
            .drafts
            .iter()
            .flat_map(|draft| draft.bodies.values());
        let places = bodies.map(|body| body.listed.len()).sum();
        [collector.drafts.len(), places, collector.messages.len()]
    }

    #[test]
    fn what_is_kept_grows_with_bodies_and_not_with_payloads() {
        for payloads in [1000, 3000] {
            let mut collector = TimelineCollector::default();
            let path = Label::from("a.ndjson");
            for number in 0..payloads {
                let second = i64::try_from(number).unwrap_or_default();
                let items = [
                    item(number % 3, second, true),
                    item(number % 5, second, false),
                ];
                let items = TimelineItems {
                    items: items.into(),
                    counts: TimelineCounts::default(),
                };
                collector.add(&path, items);
            }
            assert_eq!(kept(&collector), [1, 3 * MAX_LISTED, 5]);
            let timeline = collector.finish();
            let [story] = &timeline.stories[..] else {
                panic!("{timeline:?}");
            };
            let not_listed: u64 = story.entries.iter().map(|entry| entry.not_listed).sum();
            assert_eq!(not_listed + story.entries.len() as u64, payloads);
            assert_eq!(timeline.counts.repeats, 2 * payloads - 8);
        }
    }
}
