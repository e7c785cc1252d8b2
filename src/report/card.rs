//! One payload as a small card: what came, at a glance.

use std::io::{self, Write};

use colored::Colorize;

use crate::checks::{DetailValue, Event, Events, HIDDEN, Named, Requestor, Summary};
use crate::contract::{self, Kind};
use crate::document::Position;

use super::escape::shown;
use super::{Record, Style, counted, style, wrap};

/// How many events of one name are written out.
const EVENTS: usize = 20;

/// How many names of events are.
const NAMES: usize = 50;

/// Writes the card.
pub(super) fn write(out: &mut impl Write, record: &Record<'_>, style: Style) -> io::Result<()> {
    let verdict = record.verdict;
    let summary = record.summary();
    let limit = style.limit();
    let mut card = Card { out, limit };
    card.title(record, &summary)?;
    card.text("kind", Some(kind(verdict.kind)))?;
    card.named("enterprise", summary.enterprise.as_ref())?;
    card.named("service", summary.service.as_ref())?;
    card.named("integration", summary.integration.as_ref())?;
    card.text("requested by", summary.requestor.as_ref().map(requestor))?;
    card.text("created", summary.created_utc.as_deref().map(time))?;
    card.text("deleted", summary.deleted_utc.as_deref().map(time))?;
    let enabled = summary.enabled.map(DetailValue::Flag);
    card.text("enabled", enabled.map(|flag| flag.to_string()))?;
    card.text("access token", summary.access_token.as_deref().map(secret))?;
    card.text("api key", summary.api_key.as_deref().map(secret))?;
    card.events(verdict.kind, &summary.events)
}

struct Card<'w, W> {
    out: &'w mut W,
    limit: Option<usize>,
}

impl<W: Write> Card<'_, W> {
    /// What happened and the verdict; where the payload stands, if not at the very start.
    fn title(&mut self, record: &Record<'_>, summary: &Summary<'_>) -> io::Result<()> {
        let verdict = record.verdict;
        let event = match (summary.event(), verdict.kind) {
            (Some(event), _) => shown(&event),
            (None, Some(Kind::Integration | Kind::Integration2019)) => "integration event".into(),
            (None, Some(kind)) => format!("{kind} message"),
            (None, None) => "unknown payload".into(),
        };
        let warnings = match (verdict.valid, verdict.warnings) {
            (true, warnings @ 1..) => format!(", {}", counted(warnings as u64, "warning")),
            _ => String::new(),
        };
        let place = match record.frame.payload.start {
            Position { line: 1, .. } => String::new(),
            Position { line, .. } => format!("  {}", format!("line {line}").dimmed()),
        };
        let word = style::verdict(verdict);
        let title = format!("{}  {word}{warnings}{place}", event.bold());
        wrap::write(self.out, self.limit, "", &title)
    }

    fn text(&mut self, label: &str, text: Option<String>) -> io::Result<()> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(());
        };
        let label = format!("  {} ", format!("{label:<13}").dimmed());
        wrap::write(self.out, self.limit, &label, &text)
    }

    fn named(&mut self, label: &str, named: Option<&Named<'_>>) -> io::Result<()> {
        let text = named.map(|named| {
            let name = named.name.as_deref().map(shown);
            let id = named.id.as_deref().map(|id| shown(id).dimmed().to_string());
            match (name, id) {
                (Some(name), Some(id)) => format!("{name}  {id}"),
                (Some(name), None) => name,
                (None, id) => id.unwrap_or_default(),
            }
        });
        self.text(label, text)
    }

    /// The only event's properties like those of the payload; several events by name, each on a
    /// line.
    fn events(&mut self, kind: Option<Kind>, events: &Events<'_>) -> io::Result<()> {
        let mut each = events.iter();
        let (first, second) = (each.next(), each.next());
        match (first, second) {
            (None, _) if matches!(kind, Some(Kind::General | Kind::Websocket)) => {
                self.text("events", Some("none".into()))
            }
            (None, _) => Ok(()),
            (Some(event), None) => self.event(&event),
            (Some(_), Some(_)) => self.groups(events),
        }
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.text("id", event.id().as_deref().map(shown))?;
        for detail in event.details() {
            self.text(label(detail.name), Some(value(&detail.value)))?;
        }
        self.text("fetch with", event.name().as_deref().and_then(fetch))
    }

    fn groups(&mut self, events: &Events<'_>) -> io::Result<()> {
        let groups = events.by_name(EVENTS);
        let total: usize = groups.iter().map(|group| group.count).sum();
        self.text("events", Some(total.to_string()))?;
        for group in groups.iter().take(NAMES) {
            let name = shown(group.name.as_deref().unwrap_or("(no name)"));
            let fetch = group.name.as_deref().and_then(fetch);
            let fetch = fetch.map_or(String::new(), |fetch| format!("  fetch with {fetch}"));
            let head = format!("{name} × {}{}", group.count, fetch.dimmed());
            wrap::write(self.out, self.limit, "    ", &head)?;
            for event in &group.first {
                let line = line(event);
                if !line.is_empty() {
                    // What does not fit stands below the id, a little to the right.
                    let line = wrap::hanging(&format!("{:6}{line}", ""), 8, self.limit);
                    writeln!(self.out, "{line}")?;
                }
            }
            if let more @ 1.. = group.count.saturating_sub(EVENTS) {
                let more = format!("and {more} more (`--format json` has them all)");
                wrap::write(self.out, self.limit, "      ", &more)?;
            }
        }
        if let more @ 1.. = groups.len().saturating_sub(NAMES) {
            let more = format!("and {more} more names (`--format json` has them all)");
            wrap::write(self.out, self.limit, "    ", &more)?;
        }
        Ok(())
    }
}

/// An event's id and details on a line.
fn line(event: &Event<'_>) -> String {
    let mut line = event.id().as_deref().map(shown).unwrap_or_default();
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

/// How the entities of an event are fetched.
fn fetch(event: &str) -> Option<String> {
    contract::fetch(event).map(|fetch| fetch.to_string())
}

/// What people call a detail.
pub(super) fn label(detail: &'static str) -> &'static str {
    match detail {
        "start_utc" => "start",
        "end_utc" => "end",
        "updated_utc" => "updated",
        "resource_id" => "resource",
        "rate_id" => "rate",
        "resource_category_id" => "category",
        "tip_amount" => "tip",
        "correction_amount" => "correction",
        "order_id" => "order",
        "payment_id" => "payment",
        "thread_id" => "thread",
        same => same,
    }
}

/// A detail's value, fit to be shown.
pub(super) fn value(value: &DetailValue<'_>) -> String {
    match value {
        DetailValue::Time(written) => time(written),
        other => shown(&other.to_string()),
    }
}

/// A time to the last digit that was sent.
fn time(written: &str) -> String {
    match contract::parse_utc(written) {
        Some(instant) => instant
            .to_utc()
            .format("%Y-%m-%d %H:%M:%S%.f UTC")
            .to_string(),
        None => shown(written),
    }
}

fn secret(secret: &str) -> String {
    if secret == HIDDEN {
        "present, hidden".into()
    } else {
        shown(secret)
    }
}

fn kind(kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => format!("{kind}: {}", kind.schema().title()),
        None => "none detected".into(),
    }
}

fn requestor(person: &Requestor<'_>) -> String {
    let name = person.name.as_deref().map(shown).unwrap_or_default();
    match person.email.as_deref().map(shown) {
        Some(email) if name.is_empty() => email,
        Some(email) => format!("{name} <{email}>"),
        None => name,
    }
}
