//! Several payloads as aligned rows, and the totals below them.
//!
//! Rows are written as payloads come, so the columns are laid out before the first: by the width
//! of the terminal alone. What does not fit is cut.

use std::collections::BTreeMap;
use std::io::{self, Write};

use colored::{ColoredString, Colorize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::checks::{Named, Summary, Verdict};
use crate::contract;
use crate::diagnostic::{Diagnostic, Severity};

use super::escape::shown;
use super::human::closing_line;
use super::style;
use super::{Record, Totals};

/// How many names of events the totals list.
const EVENTS: usize = 12;

const LINE: usize = 5;
const TIME: usize = 16;
const VERDICT: usize = 7;
const GAPS: usize = 5;

/// The widths of the columns that share what the others leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    event: usize,
    enterprise: usize,
    integration: usize,
}

impl Columns {
    /// The layout for a terminal of some width.
    pub(super) fn new(width: usize) -> Self {
        let room = width.clamp(80, 160) - (LINE + TIME + VERDICT + GAPS) - 1;
        let event = room * 2 / 5;
        let enterprise = (room - event) / 2;
        Self {
            event,
            enterprise,
            integration: room - event - enterprise,
        }
    }

    /// Writes the names of the columns.
    pub(super) fn head(self, out: &mut impl Write) -> io::Result<()> {
        let names = ["event", "enterprise", "integration", "time"];
        let line = self.row(&format!("{:>LINE$}", "line"), names);
        writeln!(out, "{}", format!("{line} verdict").dimmed())
    }

    /// Writes a payload's row, and its diagnostics below it.
    pub(super) fn write(
        self,
        out: &mut impl Write,
        record: &Record<'_>,
        summary: &Summary<'_>,
    ) -> io::Result<()> {
        let verdict = record.verdict;
        let line = format!("{:>LINE$}", record.start.line);
        let cells = [
            &*event(verdict, summary),
            &*label(summary.enterprise.as_ref()),
            &*label(summary.integration.as_ref()),
            &*time(summary),
        ];
        let word = style::verdict(verdict);
        writeln!(out, "{} {word}", self.row(&line, cells))?;
        let path = super::visible(record.path);
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
            writeln!(
                out,
                "{:LINE$} {}{} {path}:{}:{} {}{}",
                "",
                severity(diagnostic.severity),
                format!("[{code}]").bold(),
                start.line,
                start.column,
                shown(message),
                meant.map_or(String::new(), |meant| format!("; {}", shown(meant))),
            )?;
        }
        if let Some(text) = super::omitted(verdict.omitted) {
            writeln!(out, "{:LINE$} {text}", "")?;
        }
        Ok(())
    }

    fn row(self, line: &str, [event, enterprise, integration, time]: [&str; 4]) -> String {
        [
            line.to_owned(),
            fit(event, self.event),
            fit(enterprise, self.enterprise),
            fit(integration, self.integration),
            fit(time, TIME),
        ]
        .join(" ")
    }
}

fn severity(severity: Severity) -> ColoredString {
    match severity {
        Severity::Error => "error".red().bold(),
        Severity::Warning => "warning".yellow().bold(),
    }
}

/// The text in exactly `width` columns: filled up, or cut with an ellipsis.
fn fit(text: &str, width: usize) -> String {
    let text = shown(text);
    let taken = text.width();
    if taken <= width {
        return format!("{text}{:1$}", "", width - taken);
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
    format!("{cut}…{:room$}", "")
}

fn event(verdict: &Verdict, summary: &Summary<'_>) -> String {
    if let Some(action) = &summary.action {
        return action.clone().into_owned();
    }
    if summary.events.is_empty() {
        return verdict.kind.map_or("?", contract::Kind::name).to_owned();
    }
    let names = summary.events.iter().map(|event| {
        let name = event.name.as_deref().unwrap_or("?");
        if event.count == 1 {
            name.to_owned()
        } else {
            format!("{name} ×{}", event.count)
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

fn label(named: Option<&Named<'_>>) -> String {
    let text = named.and_then(|named| named.name.clone().or_else(|| named.id.clone()));
    text.unwrap_or_default().into_owned()
}

fn time(summary: &Summary<'_>) -> String {
    let written = summary
        .deleted_utc
        .as_deref()
        .or(summary.created_utc.as_deref())
        .or(summary.updated_utc.as_deref());
    let instant = written.and_then(contract::parse_utc);
    match instant {
        Some(instant) => instant.to_utc().format("%Y-%m-%d %H:%M").to_string(),
        None => written.unwrap_or_default().to_owned(),
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

impl Tally {
    pub(super) fn add(&mut self, verdict: &Verdict, summary: &Summary<'_>) {
        let kind = verdict.kind.map_or("unknown", contract::Kind::name);
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(action) = &summary.action {
            self.count(action, 1);
        } else {
            for event in &summary.events {
                let name = event.name.as_deref().unwrap_or("?");
                self.count(name, event.count as u64);
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
        if let Some(known) = self.events.get_mut(name) {
            *known += count;
        } else if self.events.len() < NAMES {
            self.events.insert(name.to_owned(), count);
        } else {
            self.others += count;
        }
    }

    /// Writes the totals.
    pub(super) fn write(&self, out: &mut impl Write, totals: &Totals) -> io::Result<()> {
        writeln!(out)?;
        writeln!(out, "{}", closing_line(totals))?;
        let kinds = self
            .kinds
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"));
        writeln!(
            out,
            "  {} {}",
            "kinds: ".dimmed(),
            kinds.collect::<Vec<_>>().join(", ")
        )?;
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
        let more = events.len().saturating_sub(EVENTS);
        let mut names: Vec<_> = events
            .into_iter()
            .take(EVENTS)
            .map(|(name, count)| format!("{} {count}", shown(name)))
            .collect();
        if more > 0 || self.others > 0 {
            names.push(format!("and {more} more names"));
        }
        if names.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {} {}", "events:".dimmed(), names.join(", "))
    }
}
