//! The contents of payloads for people: a card for a single payload, rows and totals for several.
//!
//! Which of them to print is known when a second payload arrives or the last input ends. Until then
//! the first payload is held back, however long it takes: the report must not depend on when bytes
//! arrive. If an input is followed, there are only rows, and nothing is held back.

use std::io::{self, Write};
use std::sync::Arc;

use crate::input::Label;

use super::codes::Codes;
use super::escape::escape_controls;
use super::event_counts::EventCounts;
use super::per_rule::{ChunkCounts, RunCounts};
use super::rows::Columns;
use super::snippet::write_diagnostics;
use super::wording::{matching, totals_line};
use super::{Chunk, Formatter, Record, Reporter, Style, Totals, card, wrap};

/// Writes a card or rows.
pub(super) struct Inspect<W> {
    out: W,
    style: Style,
    max_per_rule: Option<u64>,
    event_counts: EventCounts,
    codes: Codes,
    counts: RunCounts,
    /// The chunk of the first payload, until it is known whether there is another one.
    held_back: Option<Chunk>,
    /// Whether the header was written.
    has_header: bool,
    /// The input of the rows written last.
    path: Option<Label>,
    inputs: usize,
    is_followed: bool,
}

impl<W: Write> Inspect<W> {
    /// Creates a reporter for the payloads of `inputs` inputs. If they are followed, it writes rows
    /// even for a single payload.
    pub(super) fn new(
        out: W,
        style: Style,
        max_per_rule: Option<u64>,
        inputs: usize,
        is_followed: bool,
    ) -> Self {
        Self {
            out,
            style,
            max_per_rule,
            event_counts: EventCounts::default(),
            codes: Codes::default(),
            counts: RunCounts::new(max_per_rule),
            held_back: None,
            has_header: false,
            path: None,
            inputs,
            is_followed,
        }
    }

    fn write_rows(&mut self, chunk: &mut Chunk) -> io::Result<()> {
        if self.inputs > 1 && self.path.as_ref() != Some(&chunk.path) {
            if self.has_header {
                writeln!(self.out)?;
            }
            writeln!(self.out, "{}", escape_controls(&chunk.path))?;
            self.path = Some(chunk.path.clone());
        }
        if !self.has_header {
            Columns::new(self.style).write_header(&mut self.out)?;
            self.has_header = true;
        }
        self.counts.write_chunk(chunk, &mut self.out)
    }
}

impl<W: Write> Reporter for Inspect<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(RowFormatter {
            style: self.style,
            max_per_rule: self.max_per_rule,
            columns: Columns::new(self.style),
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.event_counts.merge(&chunk.event_counts);
        self.codes.merge(&chunk.codes);
        if chunk.totals.payloads == 0 {
            return Ok(());
        }
        let is_first = !self.has_header && self.held_back.is_none();
        if chunk.totals.payloads == 1 && is_first && !self.is_followed {
            self.held_back = Some(chunk);
            return Ok(());
        }
        if let Some(mut first) = self.held_back.take() {
            self.write_rows(&mut first)?;
        }
        self.write_rows(&mut chunk)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn is_holding_back(&self) -> bool {
        self.held_back.is_some()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let max_width = self.style.max_width();
        let held_back = self.held_back.take();
        if let Some((card, counts)) = held_back.and_then(|chunk| Some((chunk.card?, chunk.counts)))
        {
            self.counts.write_text(&*card, &mut self.out)?;
            self.counts.add(&counts);
            self.counts.write_table(&mut self.out, max_width)?;
            if let Some(unmatched) = totals.unmatched {
                let text = matching(totals.payloads, unmatched);
                writeln!(self.out)?;
                wrap::write(&mut self.out, max_width, "", &text)?;
            }
        } else if totals.payloads > 0 {
            writeln!(self.out)?;
            self.counts.write_table(&mut self.out, max_width)?;
            wrap::write(&mut self.out, max_width, "", &totals_line(totals))?;
            self.event_counts.write(&mut self.out, max_width)?;
        } else if totals.empty + totals.unreadable == 0 && totals.unmatched.is_none() {
            // Inputs without payloads are accepted, so nothing else says that there are none.
            wrap::write(&mut self.out, max_width, "", &totals_line(totals))?;
        }
        self.codes.write_hint(&mut self.out, max_width)?;
        self.out.flush()
    }
}

/// Formats payloads as rows, and the first payload of a chunk as a card, too.
struct RowFormatter {
    style: Style,
    max_per_rule: Option<u64>,
    columns: Columns,
}

impl Formatter for RowFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let summary = record.summary();
        chunk.event_counts.add(record.verdict, &summary);
        chunk.codes.add(record.verdict);
        chunk.card = match chunk.totals.payloads {
            1 => Some(self.card(record)?),
            _ => None,
        };
        let (text, counts) = (&mut chunk.text, &mut chunk.counts);
        self.columns
            .write_row(text, counts, self.max_per_rule, record, &summary)
    }
}

impl RowFormatter {
    /// Returns a payload's card, with its diagnostics below.
    fn card(&self, record: &Record<'_>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        card::write(&mut text, record, self.style)?;
        if record.verdict.reported().next().is_some() {
            writeln!(text)?;
        }
        let mut counts = ChunkCounts::default();
        let max = self.max_per_rule;
        write_diagnostics(&mut text, &mut counts, max, record, self.style)?;
        Ok(text)
    }
}
