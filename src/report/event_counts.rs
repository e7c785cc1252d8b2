//! The last lines below rows: how many payloads there were of each kind, and events of each name.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use colored::Colorize;

use crate::checks::{Summary, Verdict};
use crate::contract::Kind;

use super::escape::display_text;
use super::wrap;

/// The maximum number of names that are counted. Names come from payloads, and memory must not grow
/// with them.
const MAX_NAMES: usize = 1000;

/// The maximum length of a name, in bytes. Longer names are shortened as messages shorten them.
const MAX_NAME_LENGTH: usize = 200;

/// The maximum number of names that are printed.
const MAX_PRINTED: usize = 12;

/// The number of payloads of each kind, and of events of each name.
#[derive(Debug, Default)]
pub(super) struct EventCounts {
    kinds: BTreeMap<&'static str, u64>,
    events: BTreeMap<String, u64>,
    /// The number of events with names beyond [`MAX_NAMES`].
    others: u64,
}

impl EventCounts {
    /// Counts a payload and its events.
    pub(super) fn add(&mut self, verdict: &Verdict, summary: &Summary<'_>) {
        let kind = verdict.kind.map_or("unknown", Kind::name);
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(action) = &summary.action {
            self.add_events(action, 1);
        } else {
            for event in summary.events.iter() {
                self.add_events(event.name().as_deref().unwrap_or("?"), 1);
            }
        }
    }

    /// Adds the counts of a part of the run.
    pub(super) fn merge(&mut self, part: &Self) {
        for (kind, count) in &part.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (name, count) in &part.events {
            self.add_events(name, *count);
        }
        self.others += part.others;
    }

    fn add_events(&mut self, name: &str, count: u64) {
        let name = match name.len() {
            ..=MAX_NAME_LENGTH => Cow::Borrowed(name),
            _ => Cow::Owned(display_text(name)),
        };
        let name = &*name;
        if let Some(sum) = self.events.get_mut(name) {
            *sum += count;
        } else if self.events.len() < MAX_NAMES {
            self.events.insert(name.to_owned(), count);
        } else {
            self.others += count;
        }
    }

    /// Writes the counts, those of events by descending frequency.
    pub(super) fn write(&self, out: &mut impl Write, max_width: Option<usize>) -> io::Result<()> {
        let kinds = self.kinds.iter();
        let kinds = kinds.map(|(kind, count)| format!("{kind} {count}"));
        write_list(out, max_width, "kinds: ", kinds)?;
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|(name, count)| (Reverse(**count), (*name).clone()));
        let more = events.len().saturating_sub(MAX_PRINTED);
        let mut items: Vec<_> = events
            .into_iter()
            .take(MAX_PRINTED)
            .map(|(name, count)| match name.len() {
                ..=MAX_NAME_LENGTH => format!("{} {count}", display_text(name)),
                _ => format!("{name} {count}"),
            })
            .collect();
        if more > 0 {
            items.push(format!("and {more} more names"));
        }
        if self.others > 0 {
            items.push(format!("others {}", self.others));
        }
        if items.is_empty() {
            return Ok(());
        }
        write_list(out, max_width, "events:", items)
    }
}

/// Writes a label and a list of names, each with its number. Lines break after commas only.
fn write_list(
    out: &mut impl Write,
    max_width: Option<usize>,
    label: &str,
    items: impl IntoIterator<Item = String>,
) -> io::Result<()> {
    const NO_BREAK_SPACE: &str = "\u{a0}";
    let items = items.into_iter().map(|item| match item.rsplit_once(' ') {
        Some((name, number)) if max_width.is_some() => format!("{name}{NO_BREAK_SPACE}{number}"),
        _ => item,
    });
    let items = items.collect::<Vec<_>>().join(", ");
    let label = format!("  {} ", label.dimmed());
    let mut lines = Vec::new();
    wrap::write(&mut lines, max_width, &label, &items)?;
    let lines = String::from_utf8_lossy(&lines);
    write!(out, "{}", lines.replace(NO_BREAK_SPACE, " "))
}
