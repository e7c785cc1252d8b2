//! The `html` format of timelines: a section for each integration, with its events on a line of time
//! and in a table.

use std::io::{self, Write};

use askama::Template;
use chrono::{DateTime, Utc};

use crate::query::{MessageCount, Story, StoryEntity, StoryEntry};
use crate::report::escape::display_text;
use crate::report::page::{Shell, filters};
use crate::report::wording::quantity;

use super::wording::{UNDECIDED, closing, describe, gap, label, order, place, time, time_note};
use super::{TimelineContent, TimelineFormat};

pub(super) static FORMAT: TimelineFormat = TimelineFormat {
    name: "html",
    about: "A page to look at in a browser, in one file",
    write,
};

/// The maximum number of integrations on a page. Other formats have all.
const MAX_STORIES: usize = 1_000;

/// The maximum number of entries of an integration on a page.
const MAX_ENTRIES: usize = 200;

/// The length of the lines of time.
const LENGTH: i64 = 1000;

/// The page of a timeline.
#[derive(Template)]
#[template(path = "timeline/page.html")]
struct TimelinePage {
    shell: Shell,
    note: Option<String>,
    /// The first and the last time of all integrations.
    span: Option<(String, String)>,
    stories: Vec<StorySection>,
    /// The number of integrations that are not shown.
    more: u64,
}

/// What happened to one integration, as it is shown.
struct StorySection {
    number: usize,
    title: String,
    /// Labels and texts of what is known of the integration.
    fields: Vec<(&'static str, String)>,
    unusual: u64,
    /// The offsets of the entries on the line of time.
    marks: Vec<StoryMark>,
    entries: Vec<EntryRow>,
    /// The number of entries that are not shown.
    more: u64,
}

/// An entry on a line of time.
struct StoryMark {
    offset: i64,
    is_unusual: bool,
    title: String,
}

/// A row of the table of a story: an event, or messages between two of them.
struct EntryRow {
    time: String,
    gap: String,
    event: String,
    /// Whether the event is of the integration itself.
    is_entry: bool,
    place: String,
    unusual: Vec<String>,
}

fn write(mut out: &mut dyn Write, content: &TimelineContent<'_>) -> io::Result<()> {
    let stories = &content.timeline.stories;
    let spans = stories.iter().filter_map(Story::span);
    let span = spans.reduce(|(first, last), (start, end)| (first.min(start), last.max(end)));
    let sections = stories.iter().take(MAX_STORIES).enumerate();
    let sections = sections.map(|(index, story)| section(index + 1, story, span));
    let as_text = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M").to_string();
    let title = format!(
        "Timeline of {}",
        quantity(stories.len() as u64, "integration")
    );
    let page = TimelinePage {
        shell: Shell::new(
            title,
            closing(content.timeline, content.totals),
            content.masking,
        ),
        note: time_note(stories),
        span: span.map(|(first, last)| (as_text(first), as_text(last))),
        stories: sections.collect(),
        more: stories.len().saturating_sub(MAX_STORIES) as u64,
    };
    page.write_into(&mut out)
}

fn section(
    number: usize,
    story: &Story,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
) -> StorySection {
    let shown = story.entries.iter().take(MAX_ENTRIES);
    let mut entries = Vec::new();
    entries.extend(messages(&story.messages_before));
    for entry in shown.clone() {
        entries.push(row(entry));
        entries.extend(messages(&entry.messages_after));
    }
    let name = story.integration.name.as_deref().map(display_text);
    let id = story.integration.id.as_deref().map(display_text);
    let id_text = match (&id, story.has_valid_id) {
        (None, _) => "none".to_owned(),
        (Some(id), true) => id.clone(),
        (Some(id), false) => format!("{id}, which is not a UUID"),
    };
    let fields = [
        ("id", id_text),
        ("enterprise", entity(&story.enterprise)),
        ("service", entity(&story.service)),
        ("order", order(story).to_owned()),
    ];
    StorySection {
        number,
        title: name
            .or(id)
            .unwrap_or_else(|| "unnamed integration".to_owned()),
        fields: fields
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        unusual: story.unusual_count(),
        marks: span.map_or_else(Vec::new, |span| {
            shown.filter_map(|entry| mark(entry, span)).collect()
        }),
        entries,
        more: story.entries.len().saturating_sub(MAX_ENTRIES) as u64,
    }
}

/// Returns the name and the id of an entity.
fn entity(entity: &StoryEntity) -> String {
    let parts = [&entity.name, &entity.id].into_iter().flatten();
    let parts = parts.map(|part| display_text(part));
    parts.collect::<Vec<_>>().join(" ")
}

fn event(entry: &StoryEntry) -> String {
    match entry.step {
        Some(step) => label(step).to_owned(),
        None => entry.event.as_deref().map_or("?".into(), display_text),
    }
}

fn mark(entry: &StoryEntry, (first, last): (DateTime<Utc>, DateTime<Utc>)) -> Option<StoryMark> {
    let known = entry.time?;
    let length = (last - first).num_seconds().max(1);
    let offset = (known.at - first).num_seconds();
    let offset = i128::from(offset) * i128::from(LENGTH) / i128::from(length);
    Some(StoryMark {
        offset: i64::try_from(offset).unwrap_or_default().clamp(0, LENGTH),
        is_unusual: !entry.unusual.is_empty(),
        title: format!("{}: {}", event(entry), time(known)),
    })
}

fn row(entry: &StoryEntry) -> EntryRow {
    let not_listed = entry.not_listed;
    let not_listed = (not_listed > 0).then(|| {
        let payloads = quantity(not_listed, "more payload");
        format!("and {payloads} with this body")
    });
    let unusual = entry.unusual.iter().map(describe);
    EntryRow {
        time: entry.time.map_or_else(|| "no time".to_owned(), time),
        gap: entry.gap.map_or(String::new(), gap),
        event: event(entry),
        is_entry: true,
        place: place(&entry.place),
        unusual: unusual.chain(not_listed).collect(),
    }
}

/// Returns the row of the general messages between two entries, if there are any.
fn messages(count: &MessageCount) -> Option<EntryRow> {
    if count.messages == 0 {
        return None;
    }
    let after_deletion = count
        .is_after_deletion
        .then(|| "after the deletion".to_owned());
    let repeats = (count.repeats > 0).then(|| {
        let times = quantity(count.repeats, "time");
        format!("bodies come again, {times} in all: {UNDECIDED}")
    });
    Some(EntryRow {
        time: String::new(),
        gap: String::new(),
        event: format!(
            "{}, {}",
            quantity(count.messages, "general message"),
            quantity(count.events, "event")
        ),
        is_entry: false,
        place: String::new(),
        unusual: after_deletion.into_iter().chain(repeats).collect(),
    })
}
