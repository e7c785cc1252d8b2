//! The `csv` format of statistics: a row for each number, for spreadsheets. All rows have the same
//! columns, so that one filter of the first column gives a table.

use std::io::{self, Write};

use chrono::SecondsFormat;

use crate::query::{ByName, CodeTally, EntityTally, Stats, Tally};
use crate::report::escape::escape_controls;
use crate::report::spreadsheet::defused;

use super::StatsFormat;
use super::periods::Periods;

pub(super) static FORMAT: StatsFormat = StatsFormat {
    name: "csv",
    about: "A row for each number, for spreadsheets",
    write: |out, stats, _| write(out, stats),
};

/// The names of the columns.
const COLUMNS: [&str; 10] = [
    "section", "key", "name", "count", "invalid", "errors", "warnings", "path", "line", "column",
];

/// The cells of a row. A cell without a value is empty.
#[derive(Default)]
struct Row<'r> {
    section: &'r str,
    key: &'r str,
    name: &'r str,
    count: Option<u64>,
    invalid: Option<u64>,
    errors: Option<u64>,
    warnings: Option<u64>,
    path: &'r str,
    line: Option<u64>,
    column: Option<u64>,
}

impl<'r> Row<'r> {
    /// Creates the row of a number of payloads or events.
    fn of_tally(section: &'r str, key: &'r str, tally: Tally) -> Self {
        Self {
            section,
            key,
            count: Some(tally.count),
            invalid: Some(tally.invalid),
            ..Self::default()
        }
    }
}

/// Writes rows.
struct RowWriter<W: Write>(csv::Writer<W>);

impl<W: Write> RowWriter<W> {
    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        let text = |text| defused(&escape_controls(text)).into_owned();
        let number = |number: Option<u64>| number.map_or(String::new(), |count| count.to_string());
        self.0.write_record([
            row.section.to_owned(),
            text(row.key),
            text(row.name),
            number(row.count),
            number(row.invalid),
            number(row.errors),
            number(row.warnings),
            text(row.path),
            number(row.line),
            number(row.column),
        ])?;
        Ok(())
    }

    fn write_total(&mut self, section: &str, key: &str, count: u64) -> io::Result<()> {
        self.write(&Row {
            section,
            key,
            count: Some(count),
            ..Row::default()
        })
    }

    fn write_names(&mut self, section: &str, tallies: &ByName<Tally>) -> io::Result<()> {
        for (name, tally) in tallies.by_count(|tally| tally.count) {
            self.write(&Row::of_tally(section, name, *tally))?;
        }
        Ok(())
    }

    fn write_entities(&mut self, section: &str, tallies: &ByName<EntityTally>) -> io::Result<()> {
        for (id, tally) in tallies.by_count(|tally| tally.payloads.count) {
            self.write(&Row {
                name: tally.name.as_ref().map_or("", |name| &name.name),
                ..Row::of_tally(section, id, tally.payloads)
            })?;
        }
        Ok(())
    }

    fn write_codes(&mut self, codes: &ByName<CodeTally>) -> io::Result<()> {
        for (code, tally) in codes.by_count(CodeTally::total) {
            let example = tally.example.as_ref();
            self.write(&Row {
                section: "code",
                key: code,
                count: Some(tally.total()),
                errors: Some(tally.errors),
                warnings: Some(tally.warnings),
                path: example.map_or("", |example| &example.path),
                line: example.map(|example| example.position.line),
                column: example.map(|example| example.position.column),
                ..Row::default()
            })?;
        }
        Ok(())
    }
}

fn write(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let mut rows = RowWriter(csv::Writer::from_writer(out));
    rows.0.write_record(COLUMNS)?;
    for (key, count) in [
        ("payloads", stats.payloads),
        ("bytes", stats.bytes),
        ("valid", stats.valid),
        ("expected", stats.expected),
        ("invalid", stats.invalid),
        ("errors", stats.errors),
        ("warnings", stats.warnings),
        ("unreadable", stats.unreadable),
        ("empty", stats.empty),
        ("skipped", stats.skipped),
        ("untimed", stats.untimed),
    ] {
        rows.write_total("total", key, count)?;
    }
    for (key, time) in [("first", stats.first), ("last", stats.last)] {
        let time = time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        rows.write(&Row {
            section: "time",
            key,
            name: time.as_deref().unwrap_or_default(),
            ..Row::default()
        })?;
    }
    if let Some(distinct) = &stats.distinct {
        rows.write_total("distinct", "entities", distinct.entities())?;
        rows.write_total("distinct", "bodies", distinct.bodies())?;
        rows.write_total("distinct", "duplicates", distinct.duplicates())?;
    }
    rows.write_names("kind", &stats.kinds)?;
    rows.write_names("event", &stats.events)?;
    if stats.unnamed_events.count > 0 {
        rows.write(&Row::of_tally("unnamed event", "", stats.unnamed_events))?;
    }
    rows.write_entities("enterprise", &stats.enterprises)?;
    rows.write_entities("integration", &stats.integrations)?;
    let periods = Periods::of(stats);
    for (start, tally) in &periods.payloads {
        rows.write(&Row::of_tally(periods.unit, start, *tally))?;
    }
    rows.write_codes(&stats.codes)?;
    rows.write_names("capture", &stats.captures)?;
    rows.0.flush()
}
