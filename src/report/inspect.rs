//! What `inspect` prints for people: a card for one payload, rows and totals for several.
//!
//! Whether there are several is known with the second payload, or with the end of the last input.
//! Until then the first one is held back, however long it takes: which of the two is printed must
//! not depend on when bytes arrive. Where a stream is followed, there are only rows.

use std::io::{self, Write};
use std::sync::Arc;

use super::codes::Codes;
use super::human::diagnostics;
use super::rows::{Columns, Tally};
use super::{Chunk, Formatter, Record, Reporter, Style, Totals, card};

/// Writes a card or rows.
pub(super) struct Inspect<W> {
    out: W,
    style: Style,
    tally: Tally,
    codes: Codes,
    /// The chunk of the first payload, until it is known whether it is the only one.
    held: Option<Chunk>,
    /// Whether rows have begun.
    has_rows: bool,
    /// The input that rows were last headed with.
    headed: Option<Arc<str>>,
    inputs: usize,
    /// Whether there are rows even for a single payload.
    is_followed: bool,
}

impl<W: Write> Inspect<W> {
    /// Creates a reporter for the payloads of `inputs` inputs. With `is_followed` there are rows
    /// even for a single payload, so that nothing is held back.
    pub(super) fn new(out: W, style: Style, inputs: usize, is_followed: bool) -> Self {
        Self {
            out,
            style,
            tally: Tally::default(),
            codes: Codes::default(),
            held: None,
            has_rows: false,
            headed: None,
            inputs,
            is_followed,
        }
    }

    fn rows(&mut self, chunk: &mut Chunk) -> io::Result<()> {
        let is_new = self.headed.as_ref() != Some(&chunk.path);
        if self.inputs > 1 && is_new {
            if self.has_rows {
                writeln!(self.out)?;
            }
            writeln!(self.out, "{}", super::visible(&chunk.path))?;
            self.headed = Some(Arc::clone(&chunk.path));
        }
        if !self.has_rows {
            Columns::new(self.style).head(&mut self.out)?;
            self.has_rows = true;
        }
        chunk.write(&mut self.out)
    }

    fn release(&mut self) -> io::Result<()> {
        match self.held.take() {
            Some(mut chunk) => self.rows(&mut chunk),
            None => Ok(()),
        }
    }
}

impl<W: Write> Reporter for Inspect<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(RowFormatter {
            style: self.style,
            columns: Columns::new(self.style),
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.tally.merge(&chunk.tally);
        self.codes.merge(&chunk.codes);
        if chunk.totals.payloads == 0 {
            return Ok(());
        }
        let is_first = !self.has_rows && self.held.is_none();
        if chunk.totals.payloads == 1 && is_first && !self.is_followed {
            self.held = Some(chunk);
            return Ok(());
        }
        self.release()?;
        self.rows(&mut chunk)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn is_holding_back(&self) -> bool {
        self.held.is_some()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let limit = self.style.limit();
        if let Some(card) = self.held.take().and_then(|chunk| chunk.alone) {
            self.out.write_all(&card)?;
        } else if totals.payloads > 0 {
            self.tally.write(&mut self.out, totals, limit)?;
        }
        self.codes.write(&mut self.out, limit)?;
        self.out.flush()
    }
}

/// Writes rows, and for the first payload of a chunk a card, too.
struct RowFormatter {
    style: Style,
    columns: Columns,
}

impl Formatter for RowFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let summary = record.summary();
        chunk.tally.add(record.verdict, &summary);
        chunk.codes.add(record.verdict);
        chunk.alone = match chunk.totals.payloads {
            1 => Some(self.card(record)?),
            _ => None,
        };
        self.columns.write(&mut chunk.text, record, &summary)
    }
}

impl RowFormatter {
    fn card(&self, record: &Record<'_>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        card::write(&mut text, record, self.style)?;
        if record.verdict.reported().next().is_some() {
            writeln!(text)?;
        }
        diagnostics(&mut text, record, self.style)?;
        Ok(text)
    }
}
