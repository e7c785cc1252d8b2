//! Timelines for programs: a JSON object for each integration, on a line of its own.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Number, Value, json};

use crate::query::{
    MessageCount, PayloadPlace, Story, StoryEntity, StoryEntry, StoryOrder, TimeSource, Unusual,
};
use crate::report::escape::write_json;
use crate::report::object::VERSION;

use super::{TimelineContent, TimelineFormat};

pub(super) static FORMAT: TimelineFormat = TimelineFormat {
    name: "ndjson",
    about: "A line of JSON for each integration",
    write,
};

fn write(out: &mut dyn Write, content: &TimelineContent<'_>) -> io::Result<()> {
    for story in &content.timeline.stories {
        write_json(out, &StoryObject::from(story))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A story as it is serialized.
#[derive(Serialize)]
struct StoryObject<'s> {
    version: u32,
    integration: EntityObject<'s>,
    has_valid_id: bool,
    enterprise: EntityObject<'s>,
    service: EntityObject<'s>,
    order: &'static str,
    unusual: u64,
    messages_before: MessagesObject,
    entries: Vec<EntryObject<'s>>,
}

#[derive(Serialize)]
struct EntityObject<'s> {
    id: Option<&'s str>,
    name: Option<&'s str>,
}

#[derive(Serialize)]
struct MessagesObject {
    messages: u64,
    events: u64,
    repeats: u64,
    after_deletion: bool,
}

#[derive(Serialize)]
struct EntryObject<'s> {
    event: Option<&'s str>,
    time: Option<String>,
    time_source: Option<&'static str>,
    gap_seconds: Option<Number>,
    source: PlaceObject<'s>,
    unusual: Vec<Value>,
    not_listed: u64,
    messages_after: MessagesObject,
}

#[derive(Serialize)]
struct PlaceObject<'s> {
    path: &'s str,
    line: u64,
    column: u64,
}

impl<'s> From<&'s Story> for StoryObject<'s> {
    fn from(story: &'s Story) -> Self {
        Self {
            version: VERSION,
            integration: (&story.integration).into(),
            has_valid_id: story.has_valid_id,
            enterprise: (&story.enterprise).into(),
            service: (&story.service).into(),
            order: match story.order {
                StoryOrder::Time => "time",
                StoryOrder::Input => "input",
                StoryOrder::Mixed => "mixed",
            },
            unusual: story.unusual_count(),
            messages_before: story.messages_before.into(),
            entries: story.entries.iter().map(EntryObject::from).collect(),
        }
    }
}

impl<'s> From<&'s StoryEntity> for EntityObject<'s> {
    fn from(entity: &'s StoryEntity) -> Self {
        Self {
            id: entity.id.as_deref(),
            name: entity.name.as_deref(),
        }
    }
}

impl From<MessageCount> for MessagesObject {
    fn from(count: MessageCount) -> Self {
        Self {
            messages: count.messages,
            events: count.events,
            repeats: count.repeats,
            after_deletion: count.is_after_deletion,
        }
    }
}

impl<'s> From<&'s StoryEntry> for EntryObject<'s> {
    fn from(entry: &'s StoryEntry) -> Self {
        let source = entry.time.map(|time| match time.source {
            TimeSource::Delivery => "delivery",
            TimeSource::Payload => "payload",
        });
        Self {
            event: entry.event.as_deref(),
            time: entry.time.map(|time| rfc_3339(time.at)),
            time_source: source,
            gap_seconds: entry.gap.and_then(seconds),
            source: (&entry.place).into(),
            unusual: entry.unusual.iter().map(unusual).collect(),
            not_listed: entry.not_listed,
            messages_after: entry.messages_after.into(),
        }
    }
}

impl<'s> From<&'s PayloadPlace> for PlaceObject<'s> {
    fn from(place: &'s PayloadPlace) -> Self {
        Self {
            path: &place.path,
            line: place.start.line,
            column: place.start.column,
        }
    }
}

fn rfc_3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Returns a duration in seconds, with a fraction only if there is one.
fn seconds(duration: TimeDelta) -> Option<Number> {
    match duration.subsec_nanos() {
        0 => Some(duration.num_seconds().into()),
        _ => Number::from_f64(duration.as_seconds_f64()),
    }
}

/// Returns the object of something unusual.
fn unusual(unusual: &Unusual) -> Value {
    let what = unusual.name();
    match unusual {
        Unusual::SecondToken { token, first } => {
            json!({"what": what, "token": token.to_string(), "first_token": first.to_string()})
        }
        Unusual::RepeatedBody { first } => {
            let place: PlaceObject<'_> = first.into();
            json!({"what": what, "first": place})
        }
        _ => json!({"what": what}),
    }
}
