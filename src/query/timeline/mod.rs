//! Tells what happened to each integration: its events in order, and what is unusual about them.
//!
//! Captures overlap, and arrive in any order. So payloads are ordered by time: that of the delivery,
//! else the one that the payload states. A payload without either follows the payload that comes
//! before it in the input and has a time. If no payload of an integration has a time, the order is
//! that of the input, and [`StoryOrder`] says so.
//!
//! A thread of the pool takes from each payload what its story needs ([`TimelineItem`]), and a
//! [`TimelineCollector`] puts the items together. What it keeps grows with the number of
//! integrations and of different bodies: a body that comes again is counted.

mod collector;
mod item;
mod lifecycle;
mod moment;
mod order;
mod unusual;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::contract::Kind;
use crate::document::Position;
use crate::input::Label;

use super::PayloadTime;

pub use collector::TimelineCollector;
pub use item::{TimelineItem, TimelineItems};
pub use lifecycle::LifecycleStep;
pub use unusual::{TokenHash, Unusual};

/// The stories of all integrations, and the number of payloads.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Timeline {
    /// The stories: first those with times, by their first time, then the others in the order of the
    /// input.
    pub stories: Vec<Story>,
    /// How many payloads there are, also those that are in no story.
    pub counts: TimelineCounts,
}

/// What happened to one integration.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Story {
    /// The integration.
    pub integration: StoryEntity,
    /// `true` if the id of the integration is a UUID. If there is no id, or an invalid one, payloads
    /// that agree in the id, else in the name, else in the enterprise, have a story together.
    pub has_valid_id: bool,
    /// The enterprise.
    pub enterprise: StoryEntity,
    /// The service.
    pub service: StoryEntity,
    /// How the entries and messages are ordered.
    pub order: StoryOrder,
    /// The general messages before the first entry.
    pub messages_before: MessageCount,
    /// The integration events, in order.
    pub entries: Vec<StoryEntry>,
}

/// An entity with what is known of it. Secrets in it are masked unless they are shown, and long texts
/// are shortened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoryEntity {
    /// The id, in lower case if it is valid.
    pub id: Option<String>,
    /// The name that the last payload states.
    pub name: Option<String>,
}

/// What the order of a story is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoryOrder {
    /// All payloads have a time.
    Time,
    /// No payload has a time: the order is that of the input.
    Input,
    /// Some payloads have no time: they follow the payload before them in the input.
    Mixed,
}

/// An integration event of a story.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoryEntry {
    /// The action of the payload, if it has one.
    pub event: Option<Cow<'static, str>>,
    /// What happened, if the action is a documented one.
    pub step: Option<LifecycleStep>,
    /// When it happened, or was received.
    pub time: Option<PayloadTime>,
    /// The time since the last entry before this one that has a time.
    pub gap: Option<TimeDelta>,
    /// Where the payload is.
    pub place: PayloadPlace,
    /// What is unusual about it.
    pub unusual: Vec<Unusual>,
    /// The number of further payloads with this body that are counted but have no entry. Of each body,
    /// the first few payloads have one.
    pub not_listed: u64,
    /// The general messages after this entry and before the next.
    pub messages_after: MessageCount,
}

/// Where a payload starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PayloadPlace {
    /// The label of the input: a path, or `<stdin>`.
    pub path: Label,
    /// The line and the column.
    pub start: Position,
}

/// The number of general messages in a part of a story.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageCount {
    /// The messages with different bodies. A body counts where it occurs first.
    pub messages: u64,
    /// The events in them.
    pub events: u64,
    /// How often these bodies occur again, here or later.
    pub repeats: u64,
    /// `true` if there are messages, and they come after the deletion of the integration.
    pub is_after_deletion: bool,
}

/// The number of payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimelineCounts {
    /// The integration events.
    pub integration_events: u64,
    /// The general messages.
    pub messages: u64,
    /// How many of both have the body of another one.
    pub repeats: u64,
    /// The payloads of kinds that name no integration.
    pub other_kinds: BTreeMap<Kind, u64>,
    /// The payloads of no known kind.
    pub unknown: u64,
    /// The payloads that are not JSON.
    pub broken: u64,
}

impl Story {
    /// Returns the number of unusual things in the story.
    pub fn unusual_count(&self) -> u64 {
        let messages = self.entries.iter().map(|entry| &entry.messages_after);
        let messages = messages.chain([&self.messages_before]);
        let of_entries: usize = self.entries.iter().map(|entry| entry.unusual.len()).sum();
        let of_messages: u64 = messages.map(MessageCount::unusual_count).sum();
        of_entries as u64 + of_messages
    }

    /// Returns the first and the last time of the entries.
    pub fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let times = self.entries.iter().filter_map(|entry| entry.time);
        let mut times = times.map(|time| time.at);
        let first = times.next()?;
        Some((first, times.next_back().unwrap_or(first)))
    }
}

impl MessageCount {
    /// Returns the number of unusual things: messages after the deletion, and repeats.
    pub fn unusual_count(&self) -> u64 {
        u64::from(self.is_after_deletion) + u64::from(self.repeats > 0)
    }
}

impl TimelineCounts {
    /// Returns the number of payloads that are in no story.
    pub fn outside(&self) -> u64 {
        self.other_kinds.values().sum::<u64>() + self.unknown + self.broken
    }

    /// Adds the counts of a part of the run.
    fn merge(&mut self, part: &Self) {
        self.integration_events += part.integration_events;
        self.messages += part.messages;
        self.repeats += part.repeats;
        self.unknown += part.unknown;
        self.broken += part.broken;
        for (kind, count) in &part.other_kinds {
            *self.other_kinds.entry(*kind).or_default() += count;
        }
    }
}
