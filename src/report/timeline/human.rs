//! Timelines for people: a paragraph for each integration, and a line for each of its events.
//!
//! Unlike the rows of `inspect`, lines are written when all of them are known, so the columns for
//! times are left out where no payload has one. On a terminal, a place that does not fit stands on a
//! line of its own; nothing is truncated.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::TimeDelta;
use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use crate::query::{
    LifecycleStep, MessageCount, PayloadPlace, PayloadTime, Story, StoryEntity, StoryEntry,
    StoryOrder, TimeSource, Timeline, Unusual,
};
use crate::report::escape::{display_text, escape_controls};
use crate::report::rows::truncate;
use crate::report::wording::{quantity, skipped};
use crate::report::{Totals, wrap};

use super::{TimelineContent, TimelineFormat, outside_stories};

pub(super) static FORMAT: TimelineFormat = TimelineFormat {
    name: "human",
    about: "Text for people",
    write,
};

/// The widths of columns. That of the time has room for [`STATED`].
const TIME_WIDTH: usize = 20;
const GAP_WIDTH: usize = 11;
const STEP_WIDTH: usize = 11;

/// The maximum width of an undocumented action on a terminal.
const MAX_STEP_WIDTH: usize = 28;

/// The minimum number of repeats in a row that share a line.
const MIN_IN_A_ROW: usize = 3;

/// Marks a time that the payload states, not the delivery.
const STATED: char = '*';

fn write(mut out: &mut dyn Write, content: &TimelineContent<'_>) -> io::Result<()> {
    let Timeline { stories, .. } = content.timeline;
    let max_width = content.style.max_width();
    for story in stories {
        let has_times = story.entries.iter().any(|entry| entry.time.is_some());
        let mut writer = StoryWriter {
            out: &mut out,
            max_width,
            has_times,
        };
        writer.write_story(story)?;
        writeln!(out)?;
    }
    let closing = closing(content.timeline, content.totals);
    wrap::write(&mut out, max_width, "", &closing)?;
    match time_note(stories) {
        Some(note) => wrap::write(&mut out, max_width, "", &note),
        None => Ok(()),
    }
}

/// Writes one story.
struct StoryWriter<'w, W> {
    out: &'w mut W,
    max_width: Option<usize>,
    /// Whether an entry of the story has a time.
    has_times: bool,
}

impl<W: Write> StoryWriter<'_, W> {
    fn write_story(&mut self, story: &Story) -> io::Result<()> {
        let title = match (&story.integration.name, &story.integration.id) {
            (None, None) => "unnamed integration".bold().to_string(),
            _ => entity(&story.integration, true),
        };
        let title = match (&story.integration.id, story.has_valid_id) {
            (None, _) => format!("{title}  without an id"),
            (Some(_), false) => format!("{title}  which is not a UUID"),
            (Some(_), true) => title,
        };
        wrap::write(self.out, self.max_width, "", &title)?;
        self.field("enterprise", &entity(&story.enterprise, false))?;
        self.field("service", &entity(&story.service, false))?;
        self.field("order", order(story))?;
        self.messages(&story.messages_before)?;
        let mut entries = &story.entries[..];
        while let Some(entry) = entries.first() {
            self.entry(entry)?;
            let repeats = repeats_in_a_row(entries);
            let last = repeats.last().unwrap_or(entry);
            if !repeats.is_empty() {
                let (count, place) = (repeats.len(), place(&last.place));
                self.unusual(&format!(
                    "this body {count} more times in a row, up to {place}: {UNDECIDED}"
                ))?;
            }
            if last.not_listed > 0 {
                let payloads = quantity(last.not_listed, "more payload");
                self.below(&format!("and {payloads} with this body"))?;
            }
            self.messages(&last.messages_after)?;
            entries = &entries[1 + repeats.len()..];
        }
        Ok(())
    }

    /// Writes a label and its value, unless that is empty.
    fn field(&mut self, label: &str, value: &str) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        let label = format!("  {} ", format!("{label:<11}").dimmed());
        wrap::write(self.out, self.max_width, &label, value)
    }

    fn entry(&mut self, entry: &StoryEntry) -> io::Result<()> {
        let step = match entry.step {
            Some(step) => Cow::Borrowed(label(step)),
            None => Cow::Owned(entry.event.as_deref().map_or("?".into(), display_text)),
        };
        let step = match self.max_width {
            Some(_) => truncate(&step, MAX_STEP_WIDTH),
            None => step.into_owned(),
        };
        let padding = STEP_WIDTH.saturating_sub(step.width());
        let step = match entry.step {
            Some(LifecycleStep::Deleted) => step.red(),
            _ => step.bold(),
        };
        let times = self.times(entry);
        let cells = format!("{times}  {step}{:padding$}  ", "");
        let place = place(&entry.place).dimmed().to_string();
        wrap::write(self.out, self.max_width, &cells, &place)?;
        for unusual in &entry.unusual {
            self.unusual(&describe(unusual))?;
        }
        Ok(())
    }

    /// Returns the cells of an entry for its time and for the gap before it.
    fn times(&self, entry: &StoryEntry) -> String {
        if !self.has_times {
            return String::new();
        }
        let time = match entry.time {
            Some(time) => format!("{:<TIME_WIDTH$}", self::time(time)),
            None => format!("{:<TIME_WIDTH$}", "no time").dimmed().to_string(),
        };
        let gap = entry.gap.map_or(String::new(), gap);
        format!("  {time} {gap:>GAP_WIDTH$}")
    }

    fn messages(&mut self, count: &MessageCount) -> io::Result<()> {
        if count.messages == 0 {
            return Ok(());
        }
        let messages = quantity(count.messages, "general message");
        let events = quantity(count.events, "event");
        self.below(&format!("{messages}, {events}"))?;
        if count.is_after_deletion {
            self.unusual("after the deletion")?;
        }
        if count.repeats > 0 {
            let text = match count.repeats {
                1 => "one of the bodies comes again".to_owned(),
                repeats => format!("bodies come again, {repeats} times in all"),
            };
            self.unusual(&format!("{text}: {UNDECIDED}"))?;
        }
        Ok(())
    }

    fn unusual(&mut self, text: &str) -> io::Result<()> {
        let text = format!("{} {text}", "unusual:".yellow().bold());
        self.below(&text)
    }

    /// Writes a line below an entry, where its step stands.
    fn below(&mut self, text: &str) -> io::Result<()> {
        let times = if self.has_times {
            2 + TIME_WIDTH + 1 + GAP_WIDTH
        } else {
            0
        };
        wrap::write(self.out, self.max_width, &" ".repeat(times + 2), text)
    }
}

/// What is known of a body that comes again.
const UNDECIDED: &str = "a retry or a second event, nothing tells which";

/// Returns the entries after the first that only repeat its body, if there are many.
fn repeats_in_a_row(entries: &[StoryEntry]) -> &[StoryEntry] {
    let Some((entry, next)) = entries.split_first() else {
        return &[];
    };
    let repeated = entry.unusual.iter().find_map(|unusual| match unusual {
        Unusual::RepeatedBody { first } => Some(first),
        _ => None,
    });
    let body = repeated.unwrap_or(&entry.place);
    let only_repeats = |(before, entry): (&StoryEntry, &StoryEntry)| {
        before.messages_after.messages == 0
            && matches!(&entry.unusual[..], [Unusual::RepeatedBody { first }] if first == body)
    };
    let in_a_row = entries.iter().zip(next);
    let count = in_a_row.take_while(|pair| only_repeats(*pair)).count();
    if count < MIN_IN_A_ROW {
        return &[];
    }
    &next[..count]
}

/// Returns the name and the id of an entity.
fn entity(entity: &StoryEntity, is_title: bool) -> String {
    let name = entity.name.as_deref().map(display_text);
    let name = name.map(|name| {
        if is_title {
            name.bold().to_string()
        } else {
            name
        }
    });
    let id = entity.id.as_deref().map(display_text);
    let id = id.map(|id| id.dimmed().to_string());
    name.into_iter().chain(id).collect::<Vec<_>>().join("  ")
}

/// Returns what the order of a story is based on, if there is one and it is not that of time.
fn order(story: &Story) -> &'static str {
    let following = story
        .entries
        .iter()
        .map(|entry| entry.messages_after.messages);
    let messages = story.messages_before.messages + following.sum::<u64>();
    match story.order {
        _ if story.entries.len() as u64 + messages < 2 => "",
        StoryOrder::Input => "of the input, since no payload has a time",
        StoryOrder::Mixed => {
            "by time; a payload without one follows the one before it in the input"
        }
        _ => "",
    }
}

/// Returns the name of a step.
fn label(step: LifecycleStep) -> &'static str {
    match step {
        LifecycleStep::Created => "created",
        LifecycleStep::Enabled => "enabled",
        LifecycleStep::ApiKeyCreated => "key created",
        LifecycleStep::Disabled => "disabled",
        LifecycleStep::Canceled => "canceled",
        LifecycleStep::Reinstated => "reinstated",
        LifecycleStep::Deleted => "deleted",
    }
}

fn place(place: &PayloadPlace) -> String {
    let PayloadPlace { path, start, .. } = place;
    format!("{}:{}:{}", escape_controls(path), start.line, start.column)
}

/// Returns a time to the second, with a mark if the payload states it.
fn time(time: PayloadTime) -> String {
    let at = time.at.format("%Y-%m-%d %H:%M:%S");
    match time.source {
        TimeSource::Payload => format!("{at}{STATED}"),
        TimeSource::Delivery => at.to_string(),
    }
}

/// Returns a gap in its two largest units: `+3 d 2 h`.
fn gap(gap: TimeDelta) -> String {
    let (days, hours) = (gap.num_days(), gap.num_hours() % 24);
    let (minutes, seconds) = (gap.num_minutes() % 60, gap.num_seconds() % 60);
    let milliseconds = gap.num_milliseconds() % 1000;
    let parts = match (days, hours, minutes, seconds) {
        (1.., ..) => [(days, "d"), (hours, "h")],
        (0, 1.., ..) => [(hours, "h"), (minutes, "min")],
        (0, 0, 1.., _) => [(minutes, "min"), (seconds, "s")],
        _ if milliseconds > 0 && seconds == 0 => [(milliseconds, "ms"), (0, "")],
        _ => [(seconds, "s"), (0, "")],
    };
    let parts = parts.into_iter().enumerate();
    let parts = parts.filter(|(index, (count, _))| *index == 0 || *count > 0);
    let parts = parts.map(|(_, (count, unit))| format!("{count} {unit}"));
    format!("+{}", parts.collect::<Vec<_>>().join(" "))
}

/// Returns what is unusual in words.
fn describe(unusual: &Unusual) -> String {
    match unusual {
        Unusual::AfterDeleted => "after the deletion".to_owned(),
        Unusual::EnabledBeforeCreated => "enabled before it was created".to_owned(),
        Unusual::SecondToken { token, first } => {
            format!("a second access token, of hash {token}; that of the first is {first}")
        }
        Unusual::RepeatedBody { first } => {
            format!("the body of {} again: {UNDECIDED}", place(first))
        }
    }
}

/// Returns the last line: the numbers of payloads, and of those that are in no story.
fn closing(timeline: &Timeline, totals: &Totals) -> String {
    let Timeline {
        stories, counts, ..
    } = timeline;
    let unusual = stories.iter().map(Story::unusual_count).sum();
    let mut closing = format!(
        "{}: {}, {}, {}",
        quantity(stories.len() as u64, "integration"),
        quantity(counts.integration_events, "integration event"),
        quantity(counts.messages, "general message"),
        match unusual {
            0 => "nothing unusual".to_owned(),
            unusual => format!("{unusual} unusual"),
        },
    );
    let captures = totals.captures.text();
    let outside = outside_stories(counts).map(|text| format!("in no story: {text}"));
    let skipped = skipped(totals).map(|text| format!("{text} skipped"));
    let unreadable = totals.unreadable;
    let unreadable = (unreadable > 0).then(|| quantity(unreadable, "input") + " not read");
    for text in [captures, outside, skipped, unreadable]
        .into_iter()
        .flatten()
    {
        closing.push_str("; ");
        closing.push_str(&text);
    }
    closing
}

/// Returns what times mean, if there are any.
fn time_note(stories: &[Story]) -> Option<String> {
    let entries = stories.iter().flat_map(|story| &story.entries);
    let times = entries.filter_map(|entry| entry.time);
    let is_stated = |time: PayloadTime| time.source == TimeSource::Payload;
    let is_any_stated = times.map(is_stated).reduce(|any, stated| any || stated)?;
    Some(if is_any_stated {
        format!(
            "Times are in UTC. Those with {STATED} are stated by payloads: the capture does not say \
             when they were received."
        )
    } else {
        "Times are in UTC.".to_owned()
    })
}
