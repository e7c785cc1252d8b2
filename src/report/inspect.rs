//! What `inspect` prints for people: a card for one payload, rows and totals for several.
//!
//! Whether there are several is known with the second, so the first is held back until then; but
//! not while an input is silent, since somebody may be waiting for it.

use std::io::{self, Write};

use crate::checks::Verdict;
use crate::document::Position;

use super::human::diagnostics;
use super::rows::{Columns, Tally};
use super::{Record, Report, Style, Totals, card};

/// Cards or rows.
pub struct Inspect<W> {
    out: W,
    style: Style,
    columns: Columns,
    tally: Tally,
    held: Option<Held>,
    /// Whether rows have begun.
    has_rows: bool,
    /// The input that rows were last headed with.
    headed: Option<String>,
    inputs: usize,
}

/// The first payload, until it is known whether it is the only one.
struct Held {
    path: String,
    start: Position,
    offset: u64,
    number: u64,
    text: Vec<u8>,
    verdict: Verdict,
}

impl Held {
    fn record(&self) -> Record<'_> {
        Record {
            path: &self.path,
            start: self.start,
            offset: self.offset,
            number: self.number,
            text: &self.text,
            verdict: &self.verdict,
        }
    }
}

impl<W: Write> Inspect<W> {
    /// Writes to `out` what comes from so many inputs.
    pub fn new(out: W, style: Style, inputs: usize) -> Self {
        Self {
            out,
            style,
            columns: Columns::new(style.width),
            tally: Tally::default(),
            held: None,
            has_rows: false,
            headed: None,
            inputs,
        }
    }

    fn row(&mut self, record: &Record<'_>) -> io::Result<()> {
        let is_new = self.headed.as_deref() != Some(record.path);
        if self.inputs > 1 && is_new {
            if self.has_rows {
                writeln!(self.out)?;
            }
            writeln!(self.out, "{}", super::visible(record.path))?;
            self.headed = Some(record.path.to_owned());
        }
        if !self.has_rows {
            self.columns.head(&mut self.out)?;
            self.has_rows = true;
        }
        self.columns.write(&mut self.out, record)
    }

    fn release(&mut self) -> io::Result<()> {
        match self.held.take() {
            Some(held) => self.row(&held.record()),
            None => Ok(()),
        }
    }
}

impl<W: Write> Report for Inspect<W> {
    fn payload(&mut self, record: &Record<'_>) -> io::Result<()> {
        self.tally.add(record.verdict);
        if !self.has_rows && self.held.is_none() {
            self.held = Some(Held {
                path: record.path.to_owned(),
                start: record.start,
                offset: record.offset,
                number: record.number,
                text: record.text.to_vec(),
                verdict: record.verdict.clone(),
            });
            return Ok(());
        }
        self.release()?;
        self.row(record)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.release()?;
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        if let Some(held) = self.held.take() {
            let record = held.record();
            card::write(&mut self.out, &record)?;
            if !record.verdict.diagnostics.is_empty() {
                writeln!(self.out)?;
            }
            diagnostics(&mut self.out, &record, self.style)?;
        } else if totals.payloads > 0 {
            self.tally.write(&mut self.out, totals)?;
        }
        self.out.flush()
    }
}
