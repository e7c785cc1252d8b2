//! One payload as a small card: what came, at a glance.

use std::io::{self, Write};

use colored::Colorize;

use crate::checks::{EventCount, Named, Requestor, Summary};
use crate::contract::{self, Kind};
use crate::document::Position;

use super::escape::shown;
use super::style;
use super::{Record, counted};

/// How many ids of one event are written out.
const IDS: usize = 20;

/// Writes the card.
pub(super) fn write(out: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    let verdict = record.verdict;
    let summary = record.summary();
    let mut card = Card { out };
    card.title(record, &summary)?;
    card.text("kind", Some(kind(verdict.kind)))?;
    card.named("enterprise", summary.enterprise.as_ref())?;
    card.named("service", summary.service.as_ref())?;
    card.named("integration", summary.integration.as_ref())?;
    card.text("requested by", summary.requestor.as_ref().map(requestor))?;
    card.time("created", summary.created_utc.as_deref())?;
    card.time("deleted", summary.deleted_utc.as_deref())?;
    card.time("updated", summary.updated_utc.as_deref())?;
    card.text(
        "enabled",
        summary
            .enabled
            .map(|flag| if flag { "yes" } else { "no" }.into()),
    )?;
    card.events(verdict.kind, &summary.events)
}

struct Card<'w, W> {
    out: &'w mut W,
}

impl<W: Write> Card<'_, W> {
    /// What happened and the verdict; where the payload stands, if not at the very start.
    fn title(&mut self, record: &Record<'_>, summary: &Summary<'_>) -> io::Result<()> {
        let verdict = record.verdict;
        let event = match (summary.event(), verdict.kind) {
            (Some(event), _) => shown(event),
            (None, Some(Kind::Integration | Kind::Integration2019)) => "integration event".into(),
            (None, Some(kind)) => format!("{kind} message"),
            (None, None) => "unknown payload".into(),
        };
        let warnings = verdict.diagnostics.len();
        let warnings = match (verdict.valid, warnings) {
            (true, 1..) => format!(", {}", counted(warnings as u64, "warning")),
            _ => String::new(),
        };
        let place = match record.start {
            Position::START => String::new(),
            Position { line, .. } => format!("  {}", format!("line {line}").dimmed()),
        };
        writeln!(
            self.out,
            "{}  {}{warnings}{place}",
            event.bold(),
            style::verdict(verdict)
        )
    }

    fn text(&mut self, label: &str, text: Option<String>) -> io::Result<()> {
        match text {
            Some(text) => writeln!(self.out, "  {} {text}", format!("{label:<13}").dimmed()),
            None => Ok(()),
        }
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
        self.text(label, text.filter(|text| !text.is_empty()))
    }

    fn time(&mut self, label: &str, time: Option<&str>) -> io::Result<()> {
        let text = time.map(|time| match contract::parse_utc(time) {
            Some(instant) => instant.to_utc().format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            None => shown(time),
        });
        self.text(label, text)
    }

    /// The events by name, with their ids; a POS message's entity, too.
    fn events(&mut self, kind: Option<Kind>, events: &[EventCount<'_>]) -> io::Result<()> {
        let is_message = matches!(kind, Some(Kind::General | Kind::Websocket));
        if is_message {
            let total: usize = events.iter().map(|event| event.count).sum();
            self.text("events", Some(total.to_string()))?;
        }
        for event in events {
            if is_message {
                let fetch = event.name.as_deref().and_then(contract::fetch);
                let fetch = fetch.map_or(String::new(), |fetch| format!("  fetch with {fetch}"));
                let name = shown(event.name.as_deref().unwrap_or("(no name)"));
                writeln!(self.out, "    {name} × {}{}", event.count, fetch.dimmed())?;
                self.ids(event, "      ")?;
            } else if kind == Some(Kind::Pos) {
                self.text("entity", event.ids.first().map(|id| shown(id)))?;
            }
        }
        Ok(())
    }

    fn ids(&mut self, event: &EventCount<'_>, indent: &str) -> io::Result<()> {
        for id in event.ids.iter().take(IDS) {
            writeln!(self.out, "{indent}{}", shown(id))?;
        }
        match event.ids.len().saturating_sub(IDS) {
            0 => Ok(()),
            more => writeln!(
                self.out,
                "{indent}and {more} more (`--format json` has them all)"
            ),
        }
    }
}

fn kind(kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => format!("{kind}: {}", kind.schema().title()),
        None => "none could be told".into(),
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
