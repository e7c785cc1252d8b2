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
use super::{Page, Record, Report, Scribe, Style, Totals, card};

/// Cards or rows.
pub struct Inspect<W> {
    out: W,
    style: Style,
    tally: Tally,
    codes: Codes,
    /// The page of the first payload, until it is known whether it is the only one.
    held: Option<Page>,
    /// Whether rows have begun.
    has_rows: bool,
    /// The input that rows were last headed with.
    headed: Option<Arc<str>>,
    inputs: usize,
    /// Whether there are rows even for a single payload.
    is_followed: bool,
}

impl<W: Write> Inspect<W> {
    /// Writes to `out` what comes from so many inputs.
    pub fn new(out: W, style: Style, inputs: usize) -> Self {
        Self {
            out,
            style,
            tally: Tally::default(),
            codes: Codes::default(),
            held: None,
            has_rows: false,
            headed: None,
            inputs,
            is_followed: false,
        }
    }

    /// The same with rows only, so that nothing is held back.
    #[must_use]
    pub fn following(self) -> Self {
        Self {
            is_followed: true,
            ..self
        }
    }

    fn rows(&mut self, page: &mut Page) -> io::Result<()> {
        let is_new = self.headed.as_ref() != Some(&page.path);
        if self.inputs > 1 && is_new {
            if self.has_rows {
                writeln!(self.out)?;
            }
            writeln!(self.out, "{}", super::visible(&page.path))?;
            self.headed = Some(Arc::clone(&page.path));
        }
        if !self.has_rows {
            Columns::new(self.style).head(&mut self.out)?;
            self.has_rows = true;
        }
        page.write(&mut self.out)
    }

    fn release(&mut self) -> io::Result<()> {
        match self.held.take() {
            Some(mut page) => self.rows(&mut page),
            None => Ok(()),
        }
    }
}

impl<W: Write> Report for Inspect<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(RowScribe {
            style: self.style,
            columns: Columns::new(self.style),
        })
    }

    fn add(&mut self, mut page: Page) -> io::Result<()> {
        self.tally.merge(&page.tally);
        self.codes.merge(&page.codes);
        if page.totals.payloads == 0 {
            return Ok(());
        }
        let is_first = !self.has_rows && self.held.is_none();
        if page.totals.payloads == 1 && is_first && !self.is_followed {
            self.held = Some(page);
            return Ok(());
        }
        self.release()?;
        self.rows(&mut page)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn is_holding_back(&self) -> bool {
        self.held.is_some()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let limit = self.style.limit();
        if let Some(card) = self.held.take().and_then(|page| page.alone) {
            self.out.write_all(&card)?;
        } else if totals.payloads > 0 {
            self.tally.write(&mut self.out, totals, limit)?;
        }
        self.codes.write(&mut self.out, limit)?;
        self.out.flush()
    }
}

/// Writes rows, and for the first payload of a page a card, too.
struct RowScribe {
    style: Style,
    columns: Columns,
}

impl Scribe for RowScribe {
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()> {
        let summary = record.summary();
        page.tally.add(record.verdict, &summary);
        page.codes.add(record.verdict);
        page.alone = match page.totals.payloads {
            1 => Some(self.card(record)?),
            _ => None,
        };
        self.columns.write(&mut page.text, record, &summary)
    }
}

impl RowScribe {
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
