//! Timelines for people: a paragraph for each integration, and a line for each of its events.
//!
//! Unlike the rows of `inspect`, lines are written when all of them are known, so the columns for
//! times are left out where no payload has one. On a terminal, a place that does not fit stands on a
//! line of its own, and only undocumented actions are truncated.

use std::borrow::Cow;
use std::io::{self, Write};

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use crate::query::{
    LifecycleStep, MessageCount, Story, StoryEntity, StoryEntry, Timeline, Unusual,
};
use crate::report::escape::display_text;
use crate::report::rows::truncate;
use crate::report::wording::quantity;
use crate::report::wrap;

use super::wording::{UNDECIDED, closing, describe, gap, label, order, place, time, time_note};
use super::{TimelineContent, TimelineFormat};

pub(super) static FORMAT: TimelineFormat = TimelineFormat {
    name: "human",
    about: "Text for people",
    write,
};

/// The widths of columns. That of the time has room for a mark.
const TIME_WIDTH: usize = 20;
const GAP_WIDTH: usize = 11;
const STEP_WIDTH: usize = 11;

/// The minimum width of a terminal for times in columns.
const MIN_WIDTH_FOR_COLUMNS: usize = 66;

/// The maximum width of an undocumented action on a terminal.
const MAX_STEP_WIDTH: usize = 28;

/// The minimum number of repeats in a row that share a line.
const MIN_IN_A_ROW: usize = 3;

fn write(mut out: &mut dyn Write, content: &TimelineContent<'_>) -> io::Result<()> {
    let Timeline { stories, .. } = content.timeline;
    let max_width = content.style.max_width();
    for story in stories {
        let times = match story.entries.iter().any(|entry| entry.time.is_some()) {
            true if max_width.is_none_or(|width| width >= MIN_WIDTH_FOR_COLUMNS) => Times::Columns,
            true => Times::Above,
            false => Times::None,
        };
        let mut writer = StoryWriter {
            out: &mut out,
            max_width,
            times,
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
    times: Times,
}

/// Where the times of a story stand.
#[derive(Debug, Clone, Copy)]
enum Times {
    /// Its entries have none.
    None,
    /// In columns before the events.
    Columns,
    /// On lines of their own, since the terminal is narrow.
    Above,
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
        let times = times(entry);
        let times = match self.times {
            Times::Columns => times,
            Times::Above => {
                writeln!(self.out, "{}", times.trim_end())?;
                "  ".to_owned()
            }
            Times::None => String::new(),
        };
        let cells = format!("{times}  {step}{:padding$}  ", "");
        let place = place(&entry.place).dimmed().to_string();
        wrap::write(self.out, self.max_width, &cells, &place)?;
        for unusual in &entry.unusual {
            self.unusual(&describe(unusual))?;
        }
        Ok(())
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
        let indent = match self.times {
            Times::Columns => 2 + TIME_WIDTH + 1 + GAP_WIDTH + 2,
            Times::Above => 4,
            Times::None => 2,
        };
        wrap::write(self.out, self.max_width, &" ".repeat(indent), text)
    }
}

/// Returns the cells of an entry for its time and for the gap before it.
fn times(entry: &StoryEntry) -> String {
    let time = match entry.time {
        Some(time) => format!("{:<TIME_WIDTH$}", self::time(time)),
        None => format!("{:<TIME_WIDTH$}", "no time").dimmed().to_string(),
    };
    let gap = entry.gap.map_or(String::new(), gap);
    format!("  {time} {gap:>GAP_WIDTH$}")
}

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
