//! A card: what one payload contains, one labelled line for each property.

use std::io::{self, Write};

use colored::Colorize;
use textwrap::core::display_width;

use crate::checks::{
    DetailValue, EntitySummary, EventSummary, Events, HIDDEN, RequestorSummary, Summary,
};
use crate::contract::{self, Kind};
use crate::document::Position;

use super::detail::{label, time, value};
use super::escape::display_text;
use super::wording::quantity;
use super::{Record, Style, style, wrap};

/// The maximum number of events that are listed for each name.
const MAX_EVENTS: usize = 20;

/// The maximum number of event names that are listed.
const MAX_NAMES: usize = 50;

/// Writes the card of a payload.
pub(super) fn write(out: &mut impl Write, record: &Record<'_>, style: Style) -> io::Result<()> {
    let verdict = record.verdict;
    let summary = record.summary();
    let max_width = style.max_width();
    let mut card = Card { out, max_width };
    card.title(record, &summary)?;
    card.field("kind", Some(kind(verdict.kind)))?;
    card.capture(record)?;
    card.named_field("enterprise", summary.enterprise.as_ref())?;
    card.named_field("service", summary.service.as_ref())?;
    card.named_field("integration", summary.integration.as_ref())?;
    card.field("requested by", summary.requestor.as_ref().map(requestor))?;
    card.field("created", summary.created_utc.as_deref().map(time))?;
    card.field("deleted", summary.deleted_utc.as_deref().map(time))?;
    let enabled = summary.enabled.map(DetailValue::Flag);
    card.field("enabled", enabled.map(|flag| flag.to_string()))?;
    card.field("access token", summary.access_token.as_deref().map(secret))?;
    card.field("api key", summary.api_key.as_deref().map(secret))?;
    card.events(verdict.kind, &summary.events)
}

struct Card<'w, W> {
    out: &'w mut W,
    max_width: Option<usize>,
}

impl<W: Write> Card<'_, W> {
    /// Writes the first line: the event, the verdict, and the payload's line unless it is the first.
    fn title(&mut self, record: &Record<'_>, summary: &Summary<'_>) -> io::Result<()> {
        let verdict = record.verdict;
        let event = match (summary.event(), verdict.kind) {
            (Some(event), _) => display_text(&event),
            (None, Some(Kind::Integration | Kind::Integration2019)) => "integration event".into(),
            (None, Some(kind)) => format!("{kind} message"),
            (None, None) => "unknown payload".into(),
        };
        let warnings = match (verdict.valid, verdict.warnings) {
            (true, warnings @ 1..) => format!(", {}", quantity(warnings as u64, "warning")),
            _ => String::new(),
        };
        let place = match record.found.text.start {
            Position { line: 1, .. } => String::new(),
            Position { line, .. } => format!("  {}", format!("line {line}").dimmed()),
        };
        let verdict = style::verdict(verdict);
        let title = format!("{}  {verdict}{warnings}{place}", event.bold());
        wrap::write(self.out, self.max_width, "", &title)
    }

    /// Writes what the payload was wrapped in, and what is known about its delivery.
    fn capture(&mut self, record: &Record<'_>) -> io::Result<()> {
        let found = record.found;
        let pointer = found.pointer().unwrap_or_default();
        let pointer = display_text(&record.masking.mask(&pointer));
        let capture = found.capture().map(|name| format!("{name} {pointer}"));
        self.field("found in", capture.map(|text| text.trim_end().to_owned()))?;
        let Some(delivery) = record.delivery() else {
            return Ok(());
        };
        let text = |text: &Option<String>| text.as_deref().map(display_text);
        self.field("received", delivery.time.as_deref().map(time))?;
        let request = [text(&delivery.method), text(&delivery.url)];
        let request = request.into_iter().flatten().collect::<Vec<_>>();
        self.field("request", Some(request.join(" ")))?;
        let status = delivery.status.map(|status| status.to_string());
        let duration = delivery
            .duration_ms
            .map(|duration| format!("after {duration} ms"));
        let answer = [status, duration].into_iter().flatten().collect::<Vec<_>>();
        self.field("answered", Some(answer.join(" ")))?;
        let attempt = delivery.attempt.map(|attempt| attempt.to_string());
        self.field("attempt", attempt)?;
        self.field("message id", text(&delivery.message_id))
    }

    /// Writes a label and its value, unless there is none.
    fn field(&mut self, label: &str, value: Option<String>) -> io::Result<()> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(());
        };
        let label = format!("  {} ", format!("{label:<13}").dimmed());
        // The terminal breaks a word that is wider than itself, such as a long URL, wherever it stands.
        let max_width = self.max_width;
        let max_width =
            max_width.filter(|max| value.split(' ').map(display_width).all(|word| word <= *max));
        wrap::write(self.out, max_width, &label, &value)
    }

    /// Writes a label with a name and an id.
    fn named_field(&mut self, label: &str, named: Option<&EntitySummary<'_>>) -> io::Result<()> {
        let value = named.map(|named| {
            let name = named.name.as_deref().map(display_text);
            let id = named.id.as_deref();
            let id = id.map(|id| display_text(id).dimmed().to_string());
            match (name, id) {
                (Some(name), Some(id)) => format!("{name}  {id}"),
                (Some(name), None) => name,
                (None, id) => id.unwrap_or_default(),
            }
        });
        self.field(label, value)
    }

    /// Writes the events: the fields of a single one, or a list of several, grouped by name.
    fn events(&mut self, kind: Option<Kind>, events: &Events<'_>) -> io::Result<()> {
        let mut iter = events.iter();
        match (iter.next(), iter.next()) {
            (None, _) if matches!(kind, Some(Kind::General | Kind::Websocket)) => {
                self.field("events", Some("none".into()))
            }
            (None, _) => Ok(()),
            (Some(event), None) => self.single_event(&event),
            (Some(_), Some(_)) => self.grouped_events(events),
        }
    }

    fn single_event(&mut self, event: &EventSummary<'_>) -> io::Result<()> {
        self.field("id", event.id().as_deref().map(display_text))?;
        for detail in event.details() {
            self.field(label(detail.name), Some(value(&detail.value)))?;
        }
        let operation = event.name().as_deref().and_then(fetch_operation);
        self.field("fetch with", operation)
    }

    fn grouped_events(&mut self, events: &Events<'_>) -> io::Result<()> {
        let groups = events.by_name(MAX_EVENTS);
        let total: usize = groups.iter().map(|group| group.count).sum();
        self.field("events", Some(total.to_string()))?;
        for group in groups.iter().take(MAX_NAMES) {
            let name = display_text(group.name.as_deref().unwrap_or("(no name)"));
            let operation = group.name.as_deref().and_then(fetch_operation);
            let operation = operation.map_or(String::new(), |name| format!("  fetch with {name}"));
            let heading = format!("{name} × {}{}", group.count, operation.dimmed());
            wrap::write(self.out, self.max_width, "    ", &heading)?;
            for event in &group.first {
                let line = event_line(event);
                if !line.is_empty() {
                    // Wrapped lines are indented further than the id.
                    let line = wrap::hanging(&format!("{:6}{line}", ""), 8, self.max_width);
                    writeln!(self.out, "{line}")?;
                }
            }
            if let more @ 1.. = group.count.saturating_sub(MAX_EVENTS) {
                let more = format!("and {more} more (`--format json` lists all)");
                wrap::write(self.out, self.max_width, "      ", &more)?;
            }
        }
        if let more @ 1.. = groups.len().saturating_sub(MAX_NAMES) {
            let more = format!("and {more} more names (`--format json` lists all)");
            wrap::write(self.out, self.max_width, "    ", &more)?;
        }
        Ok(())
    }
}

/// Returns the id and the properties of an event in one line.
fn event_line(event: &EventSummary<'_>) -> String {
    let mut line = event.id().as_deref().map(display_text).unwrap_or_default();
    for (number, detail) in event.details().enumerate() {
        if !line.is_empty() {
            line.push_str(if number == 0 { "  " } else { ", " });
        }
        line.push_str(label(detail.name));
        line.push(' ');
        line.push_str(&value(&detail.value));
    }
    line
}

/// Returns the API operation that fetches the entities of an event.
fn fetch_operation(event: &str) -> Option<String> {
    contract::fetch(event).map(|fetch| fetch.to_string())
}

fn secret(secret: &str) -> String {
    if secret == HIDDEN {
        "present, hidden".into()
    } else {
        display_text(secret)
    }
}

fn kind(kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => format!("{kind}: {}", kind.schema().title()),
        None => "none detected".into(),
    }
}

fn requestor(person: &RequestorSummary<'_>) -> String {
    let name = person.name.as_deref().map(display_text).unwrap_or_default();
    match person.email.as_deref().map(display_text) {
        Some(email) if name.is_empty() => email,
        Some(email) => format!("{name} <{email}>"),
        None => name,
    }
}
