//! The `csv` format: a row for each payload, for spreadsheets and databases. `docs/csv.md` documents the
//! columns.
//!
//! The columns are the same for each capture, so that files can be joined. Text is escaped as for a
//! terminal, so that a row is a line, and cells that a spreadsheet would run as formulas are defused.

use std::io;

use csv::{StringRecord, WriterBuilder};

use crate::checks::{EntitySummary, Summary};
use crate::contract::Kind;

use super::chunk_reporter::ChunkReporter;
use super::escape::escape_controls;
use super::record::{body_sha256, received};
use super::spreadsheet::defused;
use super::{Chunk, Format, Formatter, Record};

pub(super) static FORMAT: Format = Format {
    name: "csv",
    about: "A row for each payload, for spreadsheets and databases",
    reporter: |out, _| {
        let header = COLUMNS.join(",") + "\n";
        Box::new(ChunkReporter::new(out, RowFormatter).with_opening(header.into()))
    },
};

/// The names of the columns. Their meaning never changes; new ones may be added at the end.
const COLUMNS: [&str; 31] = [
    "path",
    "line",
    "column",
    "offset",
    "length",
    "record",
    "capture",
    "pointer",
    "received",
    "method",
    "url",
    "status",
    "attempt",
    "kind",
    "event",
    "event_names",
    "events",
    "enterprise_id",
    "enterprise_name",
    "integration_id",
    "integration_name",
    "service_id",
    "service_name",
    "valid",
    "passed",
    "errors",
    "warnings",
    "codes",
    "omitted",
    "bytes",
    "body_sha256",
];

/// Formats each payload as a row.
struct RowFormatter;

impl Formatter for RowFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let mut row = Row::default();
        row.source(record);
        row.contents(record.verdict.kind, &record.summary());
        row.verdict(record);
        debug_assert_eq!(row.cells.len(), COLUMNS.len());
        // The default buffer is far longer than a row.
        let mut writer = WriterBuilder::new()
            .buffer_capacity(1 << 10)
            .from_writer(&mut *chunk.text);
        writer.write_record(&row.cells)?;
        writer.flush()
    }
}

/// A row while it is put together.
#[derive(Default)]
struct Row {
    cells: StringRecord,
}

impl Row {
    /// Adds where the payload was found, and what is known about its delivery.
    fn source(&mut self, record: &Record<'_>) {
        let found = record.found;
        let pointer = found.pointer();
        self.text(Some(&**record.path));
        self.number(Some(found.text.start.line));
        self.number(Some(found.text.start.column));
        self.number(Some(found.offset));
        self.number(Some(found.text.written().len() as u64));
        self.number(Some(found.record));
        self.text(found.capture());
        let pointer = pointer.as_deref().map(|text| record.masking.mask(text));
        self.text(pointer.as_deref());
        let delivery = record.delivery();
        self.text(received(delivery.as_ref()).as_deref());
        let delivery = delivery.unwrap_or_default();
        self.text(delivery.method.as_deref());
        self.text(delivery.url.as_deref());
        self.number(delivery.status.map(u64::from));
        self.number(delivery.attempt);
    }

    /// Adds what the payload says.
    fn contents(&mut self, kind: Option<Kind>, summary: &Summary<'_>) {
        self.text(kind.map(Kind::name));
        self.text(summary.event().as_deref());
        let groups = summary.events.by_name(0);
        let names = groups.iter().filter_map(|group| group.name.as_deref());
        let names = names.collect::<Vec<_>>().join(" ");
        let events: usize = groups.iter().map(|group| group.count).sum();
        // An action is an event by itself.
        let (names, events) = match &summary.action {
            Some(action) if events == 0 => (&**action, 1),
            _ => (&*names, events),
        };
        self.text(Some(names));
        self.number(kind.map(|_| events as u64));
        self.entity(summary.enterprise.as_ref());
        self.entity(summary.integration.as_ref());
        self.entity(summary.service.as_ref());
    }

    /// Adds the result of the checks, and the payload's bytes.
    fn verdict(&mut self, record: &Record<'_>) {
        let verdict = record.verdict;
        self.flag(verdict.valid);
        self.flag(verdict.passed);
        self.number(Some(verdict.errors as u64));
        self.number(Some(verdict.warnings as u64));
        let codes = verdict.diagnostics.iter().map(|diagnostic| diagnostic.code);
        self.text(Some(&distinct(codes).join(" ")));
        self.number(Some(verdict.omitted as u64));
        let body = record.body();
        self.number(body.map(|body| body.len() as u64));
        self.text(body.map(body_sha256).as_deref());
    }

    fn entity(&mut self, entity: Option<&EntitySummary<'_>>) {
        self.text(entity.and_then(|entity| entity.id.as_deref()));
        self.text(entity.and_then(|entity| entity.name.as_deref()));
    }

    fn flag(&mut self, flag: bool) {
        self.cells.push_field(if flag { "true" } else { "false" });
    }

    fn number(&mut self, number: Option<u64>) {
        let number = number.map_or(String::new(), |number| number.to_string());
        self.cells.push_field(&number);
    }

    /// Adds text that may come from a payload or a file name.
    fn text(&mut self, text: Option<&str>) {
        let text = escape_controls(text.unwrap_or_default());
        self.cells.push_field(&defused(&text));
    }
}

/// Returns each code once, in order of first occurrence.
fn distinct(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut distinct = Vec::new();
    for code in codes {
        if !distinct.contains(&code) {
            distinct.push(code);
        }
    }
    distinct
}
