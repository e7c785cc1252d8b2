//! Several payloads as aligned rows, and the totals below them.
//!
//! Rows are written as payloads come, so the columns are laid out before the first: by the width
//! of the terminal alone, where what does not fit is cut. In a pipe nothing is: longer cells push
//! the next ones to the right. What differs most in length stands last.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use colored::{ColoredString, Colorize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::checks::{Detail, DetailValue, Event, Named, Summary, Verdict};
use crate::contract;
use crate::diagnostic::{Diagnostic, Severity};

use super::escape::{shown, visible};
use super::human::closing_line;
use super::{Record, Style, Totals, card, style, wrap};

/// How many names of events the totals list.
const EVENTS: usize = 12;

const LINE: usize = 5;
const TIME: usize = 16;
const VERDICT: usize = 7;

/// The narrowest terminal on which the time has a column.
const TIMED: usize = 66;

/// The widths of the columns that depend on that of the terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    limit: Option<usize>,
    event: usize,
    time: Option<usize>,
}

impl Columns {
    /// The layout in some style.
    pub(super) fn new(style: Style) -> Self {
        let limit = style.limit();
        let (event, has_time) = match limit {
            Some(width) => ((width * 3 / 10).clamp(12, 28), width >= TIMED),
            None => (28, true),
        };
        Self {
            limit,
            event,
            time: has_time.then_some(TIME),
        }
    }

    /// Writes the names of the columns.
    pub(super) fn head(self, out: &mut impl Write) -> io::Result<()> {
        let names = self.row(format!("{:>LINE$}", "line"), "event", "time");
        let line = format!("{names} {:VERDICT$} details", "verdict");
        writeln!(out, "{}", line.dimmed())
    }

    /// Writes a payload's row, and its diagnostics below it.
    pub(super) fn write(
        self,
        out: &mut impl Write,
        record: &Record<'_>,
        summary: &Summary<'_>,
    ) -> io::Result<()> {
        let verdict = record.verdict;
        let line = format!("{:>LINE$}", record.frame.payload.start.line);
        let row = self.row(line, &event(verdict, summary), &time(summary));
        let word = style::verdict(verdict);
        let taken = word.chars().count();
        let padding = VERDICT.saturating_sub(taken);
        let room = self.limit.map(|limit| {
            let before = row.width() + 1 + taken + padding + 1;
            limit.saturating_sub(before)
        });
        let mut details = Details::new(room);
        details.add_all(summary);
        match details.text.as_str() {
            "" => writeln!(out, "{row} {word}")?,
            details => writeln!(out, "{row} {word}{:padding$} {details}", "")?,
        }
        let path = visible(record.path);
        for diagnostic in verdict.reported() {
            let Diagnostic {
                code,
                message,
                start,
                help,
                ..
            } = diagnostic;
            // What to do would not fit, but what was meant is most of the answer.
            let meant = help
                .as_deref()
                .filter(|help| help.starts_with("did you mean"));
            let text = format!(
                "{}{} {path}:{}:{} {}{}",
                severity(diagnostic.severity),
                format!("[{code}]").bold(),
                start.line,
                start.column,
                shown(message),
                meant.map_or(String::new(), |meant| format!("; {}", shown(meant))),
            );
            self.below(out, &text)?;
        }
        match super::omitted(verdict.omitted) {
            Some(text) => self.below(out, &text),
            None => Ok(()),
        }
    }

    /// Writes a line that belongs to a row.
    fn below(self, out: &mut impl Write, text: &str) -> io::Result<()> {
        wrap::write(out, self.limit, &" ".repeat(LINE + 1), text)
    }

    fn row(self, line: String, event: &str, time: &str) -> String {
        let mut row = line;
        let cells = [(event, Some(self.event)), (time, self.time)];
        for (cell, width) in cells {
            if let Some(width) = width {
                row.push(' ');
                row.push_str(&self.fit(cell, width));
            }
        }
        row
    }

    /// The text in exactly `width` columns on a terminal, and in at least as many in a pipe.
    fn fit(self, text: &str, width: usize) -> String {
        let text = match self.limit {
            Some(_) => cut(&shown(text), width),
            None => visible(text).into_owned(),
        };
        let padding = width.saturating_sub(text.width());
        format!("{text}{:padding$}", "")
    }
}

/// The text in at most `width` columns, with an ellipsis where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut room = width.saturating_sub(1);
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if wide > room {
            break;
        }
        room -= wide;
        cut.push(character);
    }
    cut.push('…');
    cut
}

/// The last cell of a row: names and ids, and what each event says.
struct Details {
    text: String,
    room: Option<usize>,
}

impl Details {
    fn new(room: Option<usize>) -> Self {
        let text = String::new();
        Self { text, room }
    }

    /// Adds what a payload says, in order of what one looks for; on a terminal, as much as fits.
    fn add_all(&mut self, summary: &Summary<'_>) {
        let parts = [
            ("enterprise", &summary.enterprise),
            ("service", &summary.service),
            ("integration", &summary.integration),
        ];
        let mut has_events = false;
        for event in summary.events.iter() {
            if self.is_full() {
                break;
            }
            self.event(&event, if has_events { "; " } else { "" });
            has_events = true;
        }
        let mut separator = "; ";
        for (_, named) in parts {
            if let Some(name) = named.as_ref().and_then(|named| named.name.as_deref()) {
                self.add(separator, name);
                separator = ", ";
            }
        }
        for (label, named) in parts {
            let Some(Named { id: Some(id), name }) = named else {
                continue;
            };
            match name {
                Some(_) => self.add(separator, id),
                // Without a name, only the label says what the id is of.
                None => self.add(separator, &format!("{label} {id}")),
            }
            separator = ", ";
        }
        if let Some(room) = self.room {
            self.text = cut(&self.text, room);
        }
    }

    fn event(&mut self, event: &Event<'_>, separator: &str) {
        let is_leading = |detail: &Detail<'_>| LEADING.contains(&detail.name);
        let mut separator = separator;
        let mut add = |details: &mut Self, text: &str| {
            details.add(separator, text);
            separator = ", ";
        };
        for detail in event.details().filter(is_leading) {
            add(self, &named(&detail));
        }
        if let Some(id) = event.id() {
            add(self, &id);
        }
        for detail in event.details().filter(|detail| !is_leading(detail)) {
            add(self, &named(&detail));
        }
    }

    fn add(&mut self, separator: &str, text: &str) {
        if text.is_empty() || self.is_full() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(separator);
        }
        match self.room {
            Some(_) => self.text.push_str(&shown(text)),
            None => self.text.push_str(&visible(text)),
        }
    }

    /// Whether nothing more would be seen.
    fn is_full(&self) -> bool {
        self.room.is_some_and(|room| self.text.width() > room)
    }
}

/// The details that stand before the id.
const LEADING: [&str; 6] = [
    "state",
    "status",
    "total",
    "tip_amount",
    "correction_amount",
    "available",
];

/// A detail as it stands in a row: what is clear by itself is not named.
fn named(detail: &Detail<'_>) -> String {
    let value = match &detail.value {
        // In whole: a terminal's width cuts the cell.
        DetailValue::Text(text) => text.clone().into_owned(),
        other => card::value(other),
    };
    match detail.name {
        "state" | "status" | "type" => value,
        name => format!("{} {value}", card::label(name)),
    }
}

fn severity(severity: Severity) -> ColoredString {
    match severity {
        Severity::Error => "error".red().bold(),
        Severity::Warning => "warning".yellow().bold(),
    }
}

/// What happened, and how often.
fn event(verdict: &Verdict, summary: &Summary<'_>) -> String {
    if let Some(action) = &summary.action {
        return action.clone().into_owned();
    }
    let groups = summary.events.by_name(0);
    if groups.is_empty() {
        return verdict.kind.map_or("?", contract::Kind::name).to_owned();
    }
    let names = groups.iter().map(|group| {
        let name = group.name.as_deref().unwrap_or("?");
        match group.count {
            1 => name.to_owned(),
            count => format!("{name} ×{count}"),
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// When it happened, as far as the payload says so.
fn time(summary: &Summary<'_>) -> String {
    let written = summary.deleted_utc.as_deref();
    let written = written.or(summary.created_utc.as_deref());
    let updated = || {
        let mut details = summary.events.iter().next()?.details();
        details.find(|detail| detail.name == "updated_utc")
    };
    let written = match written {
        Some(written) => written.to_owned(),
        None => updated().map_or(String::new(), |detail| detail.value.to_string()),
    };
    match contract::parse_utc(&written) {
        Some(instant) => instant.to_utc().format("%Y-%m-%d %H:%M").to_string(),
        None => written,
    }
}

/// How many payloads there were of each kind, and how many of each event.
#[derive(Debug, Default)]
pub(super) struct Tally {
    kinds: BTreeMap<&'static str, u64>,
    events: BTreeMap<String, u64>,
    /// Events of names that the tally has no room for.
    others: u64,
}

/// How many names are counted: names come from payloads, and memory must not grow with them.
const NAMES: usize = 1000;

/// How long a name is counted as it is.
const LONGEST: usize = 200;

impl Tally {
    pub(super) fn add(&mut self, verdict: &Verdict, summary: &Summary<'_>) {
        let kind = verdict.kind.map_or("unknown", contract::Kind::name);
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(action) = &summary.action {
            self.count(action, 1);
        } else {
            for event in summary.events.iter() {
                self.count(event.name().as_deref().unwrap_or("?"), 1);
            }
        }
    }

    /// Adds the counts of another part of the run.
    pub(super) fn merge(&mut self, part: &Self) {
        for (kind, count) in &part.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (name, count) in &part.events {
            self.count(name, *count);
        }
        self.others += part.others;
    }

    fn count(&mut self, name: &str, count: u64) {
        // Of a long name, as much as is shown of it.
        let name = match name.len() {
            ..=LONGEST => Cow::Borrowed(name),
            _ => Cow::Owned(shown(name)),
        };
        let name = &*name;
        if let Some(known) = self.events.get_mut(name) {
            *known += count;
        } else if self.events.len() < NAMES {
            self.events.insert(name.to_owned(), count);
        } else {
            self.others += count;
        }
    }

    /// Writes the totals.
    pub(super) fn write(
        &self,
        out: &mut impl Write,
        totals: &Totals,
        limit: Option<usize>,
    ) -> io::Result<()> {
        writeln!(out)?;
        wrap::write(out, limit, "", &closing_line(totals))?;
        let kinds = self.kinds.iter();
        let kinds = kinds.map(|(kind, count)| format!("{kind} {count}"));
        list(out, limit, "kinds: ", kinds)?;
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
        let more = events.len().saturating_sub(EVENTS);
        let mut names: Vec<_> = events
            .into_iter()
            .take(EVENTS)
            .map(|(name, count)| match name.len() {
                ..=LONGEST => format!("{} {count}", shown(name)),
                _ => format!("{name} {count}"),
            })
            .collect();
        if more > 0 {
            names.push(format!("and {more} more names"));
        }
        if self.others > 0 {
            names.push(format!("others {}", self.others));
        }
        if names.is_empty() {
            return Ok(());
        }
        list(out, limit, "events:", names)
    }
}

/// Writes a list of names and numbers below the totals, broken at commas.
fn list(
    out: &mut impl Write,
    limit: Option<usize>,
    label: &str,
    items: impl IntoIterator<Item = String>,
) -> io::Result<()> {
    // A space that is none to break a line at.
    const HARD: &str = "\u{a0}";
    let items = items.into_iter().map(|item| match item.rsplit_once(' ') {
        Some((name, number)) if limit.is_some() => format!("{name}{HARD}{number}"),
        _ => item,
    });
    let items = items.collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    wrap::write(&mut lines, limit, &format!("  {} ", label.dimmed()), &items)?;
    let lines = String::from_utf8_lossy(&lines);
    write!(out, "{}", lines.replace(HARD, " "))
}
