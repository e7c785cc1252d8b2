//! Rows: one line for each of several payloads, in aligned columns.
//!
//! Rows are written as payloads arrive, so the widths of the columns are fixed before the first row
//! and depend on the terminal alone; what does not fit is cut. In a pipe nothing is cut, and a long
//! cell moves those after it to the right. The cell whose length varies most is the last.

use std::io::{self, Write};

use colored::Colorize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::checks::{Detail, DetailValue, EntitySummary, EventSummary, Summary, Verdict};
use crate::diagnostic::Diagnostic;
use crate::{contract, steps};

use super::escape::{display_text, escape_controls};
use super::per_rule::{ChunkCounts, Item, write_first};
use super::{Record, Style, detail, style, wrap};

const LINE_WIDTH: usize = 5;
const TIME_WIDTH: usize = 16;
const VERDICT_WIDTH: usize = 7;

/// The minimum width of a terminal for rows with a time.
const MIN_WIDTH_FOR_TIME: usize = 66;

/// The columns of all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    max_width: Option<usize>,
    event_width: usize,
    has_time: bool,
}

impl Columns {
    /// Creates the columns for a style.
    pub(super) fn new(style: Style) -> Self {
        let max_width = style.max_width();
        let (event_width, has_time) = match max_width {
            Some(width) => ((width * 3 / 10).clamp(12, 28), width >= MIN_WIDTH_FOR_TIME),
            None => (28, true),
        };
        Self {
            max_width,
            event_width,
            has_time,
        }
    }

    /// Writes the header.
    pub(super) fn write_header(self, out: &mut impl Write) -> io::Result<()> {
        let cells = self.first_cells("line", "event", "time");
        let line = format!("{cells} {:VERDICT_WIDTH$} details", "verdict");
        writeln!(out, "{}", line.dimmed())
    }

    /// Writes the row of a payload, and below it the diagnostics that may be among the first of the run.
    pub(super) fn write_row(
        self,
        out: &mut Vec<u8>,
        counts: &mut ChunkCounts,
        max_per_rule: Option<u64>,
        record: &Record<'_>,
        summary: &Summary<'_>,
    ) -> io::Result<()> {
        let verdict = record.verdict;
        let line = record.found.text.start.line.to_string();
        let cells = self.first_cells(
            &line,
            &event_names(verdict, summary),
            &time(record, summary),
        );
        let word = style::verdict(verdict);
        let word_width = word.chars().count();
        let padding = VERDICT_WIDTH.saturating_sub(word_width);
        let max_details = self.max_width.map(|max_width| {
            let before = cells.width() + 1 + word_width + padding + 1;
            max_width.saturating_sub(before)
        });
        match details(summary, max_details).as_str() {
            "" => writeln!(out, "{cells} {word}")?,
            details => writeln!(out, "{cells} {word}{:padding$} {details}", "")?,
        }
        write_first(out, counts, max_per_rule, verdict, |out, item| match item {
            Item::Diagnostic(diagnostic) => {
                self.write_below(out, &diagnostic_line(record.path, diagnostic))
            }
            Item::Note(text) => self.write_below(out, text),
        })
    }

    /// Writes a line below a row, indented.
    fn write_below(self, out: &mut impl Write, text: &str) -> io::Result<()> {
        wrap::write(out, self.max_width, &" ".repeat(LINE_WIDTH + 1), text)
    }

    /// Returns the cells before the verdict.
    fn first_cells(self, line: &str, event: &str, time: &str) -> String {
        let mut cells = format!("{line:>LINE_WIDTH$} {}", self.cell(event, self.event_width));
        if self.has_time {
            cells.push(' ');
            cells.push_str(&self.cell(time, TIME_WIDTH));
        }
        cells
    }

    /// Returns the text padded to `width` columns; on a terminal it is cut to them, too.
    fn cell(self, text: &str, width: usize) -> String {
        let text = match self.max_width {
            Some(_) => truncate(&display_text(text), width),
            None => escape_controls(text).into_owned(),
        };
        let padding = width.saturating_sub(text.width());
        format!("{text}{:padding$}", "")
    }
}

/// Returns as much of the text as `width` columns take, with an ellipsis if it was cut.
pub(super) fn truncate(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut truncated = String::new();
    let mut left = width.saturating_sub(1);
    for character in text.chars() {
        let character_width = character.width().unwrap_or(0);
        if character_width > left {
            break;
        }
        left -= character_width;
        truncated.push(character);
    }
    truncated.push('…');
    truncated
}

/// Returns a diagnostic in one line.
fn diagnostic_line(path: &str, diagnostic: &Diagnostic) -> String {
    // Of the help only a suggestion is printed, which is short and usually the answer.
    let help = diagnostic.help.as_deref();
    let suggestion = help.filter(|help| help.starts_with("did you mean"));
    let suggestion = suggestion.map_or(String::new(), |text| format!("; {}", display_text(text)));
    format!(
        "{}{} {}:{}:{} {}{suggestion}",
        style::severity(diagnostic.severity),
        format!("[{}]", diagnostic.code).bold(),
        escape_controls(path),
        diagnostic.start.line,
        diagnostic.start.column,
        display_text(&diagnostic.message),
    )
}

/// Returns the names of the events, each with the number of its events.
fn event_names(verdict: &Verdict, summary: &Summary<'_>) -> String {
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

/// Returns the time of what a payload reports, if it contains one.
fn time(record: &Record<'_>, summary: &Summary<'_>) -> String {
    let delivery = record.found.delivery();
    let received = delivery
        .as_ref()
        .and_then(|delivery| delivery.time.as_deref());
    let stated = summary.deleted_utc.as_deref();
    let stated = stated.or(summary.created_utc.as_deref());
    let written = received.or(stated);
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

/// Returns the last cell of a row: what each event contains, then names, then ids. With a maximum
/// width, it is cut to that.
fn details(summary: &Summary<'_>, max_width: Option<usize>) -> String {
    let mut details = Details {
        text: String::new(),
        width: 0,
        max_width,
    };
    let named = [
        ("enterprise", &summary.enterprise),
        ("service", &summary.service),
        ("integration", &summary.integration),
    ];
    let mut separator = "";
    for event in summary.events.iter() {
        if details.is_full() {
            break;
        }
        details.push_event(separator, &event);
        separator = "; ";
    }
    let mut separator = "; ";
    for (_, named) in named {
        if let Some(name) = named.as_ref().and_then(|named| named.name.as_deref()) {
            details.push(separator, name);
            separator = ", ";
        }
    }
    for (label, named) in named {
        let Some(EntitySummary { id: Some(id), name }) = named else {
            continue;
        };
        match name {
            Some(_) => details.push(separator, id),
            // Without a name, only the label says whose id it is.
            None => details.push(separator, &format!("{label} {id}")),
        }
        separator = ", ";
    }
    match max_width {
        Some(max_width) => truncate(&details.text, max_width),
        None => details.text,
    }
}

/// The last cell of a row while it is put together.
struct Details {
    text: String,
    /// The width of the text, kept so that each part is measured once.
    width: usize,
    max_width: Option<usize>,
}

impl Details {
    fn push_event(&mut self, separator: &str, event: &EventSummary<'_>) {
        let is_leading = |detail: &Detail<'_>| LEADING_DETAILS.contains(&detail.name);
        let mut separator = separator;
        let mut push = |text: &str| {
            self.push(separator, text);
            separator = ", ";
        };
        for detail in event.details().filter(is_leading) {
            push(&detail_text(&detail));
        }
        if let Some(id) = event.id() {
            push(&id);
        }
        for detail in event.details().filter(|detail| !is_leading(detail)) {
            push(&detail_text(&detail));
        }
    }

    fn push(&mut self, separator: &str, text: &str) {
        if text.is_empty() || self.is_full() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(separator);
            self.width += separator.width();
        }
        match self.max_width {
            Some(_) => {
                let text = display_text(text);
                steps::add(text.len());
                self.width += text.width();
                self.text.push_str(&text);
            }
            None => self.text.push_str(&escape_controls(text)),
        }
    }

    /// Returns `true` if everything after the text would be cut.
    fn is_full(&self) -> bool {
        self.max_width
            .is_some_and(|max_width| self.width > max_width)
    }
}

/// The event properties that stand before the id.
const LEADING_DETAILS: [&str; 6] = [
    "state",
    "status",
    "total",
    "tip_amount",
    "correction_amount",
    "available",
];

/// Returns an event property with its label, or without one if the value is clear by itself.
fn detail_text(detail: &Detail<'_>) -> String {
    let value = match &detail.value {
        // Neither cut nor escaped, since `Details::push` does both.
        DetailValue::Text(text) => text.clone().into_owned(),
        other => detail::value(other),
    };
    match detail.name {
        "state" | "status" | "type" => value,
        name => format!("{} {value}", detail::label(name)),
    }
}
