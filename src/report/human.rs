//! The `human` format: diagnostics with their source lines, or the contents of each payload.

use std::io::{self, Write};
use std::sync::Arc;

use super::codes::Codes;
use super::inspect::Inspect;
use super::per_rule::RunCounts;
use super::snippet::write_diagnostics;
use super::wording::totals_line;
use super::{Chunk, Format, Formatter, Record, ReportOptions, Reporter, Style, Totals, View, wrap};

pub(super) static FORMAT: Format = Format {
    name: "human",
    about: "Text for people",
    reporter: |out, options| {
        let ReportOptions {
            style,
            max_per_rule,
            ..
        } = options;
        match options.view {
            View::Payloads {
                inputs,
                is_followed,
            } => Box::new(Inspect::new(out, style, max_per_rule, inputs, is_followed)),
            View::Diagnostics => Box::new(DiagnosticReporter {
                out,
                style,
                max_per_rule,
                codes: Codes::default(),
                counts: RunCounts::new(max_per_rule),
            }),
        }
    },
};

/// Writes diagnostics and totals.
struct DiagnosticReporter<W> {
    out: W,
    style: Style,
    max_per_rule: Option<u64>,
    codes: Codes,
    counts: RunCounts,
}

impl<W: Write> Reporter for DiagnosticReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(DiagnosticFormatter {
            style: self.style,
            max_per_rule: self.max_per_rule,
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.codes.merge(&chunk.codes);
        self.counts.write_chunk(&mut chunk, &mut self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let max_width = self.style.max_width();
        self.counts.write_table(&mut self.out, max_width)?;
        wrap::write(&mut self.out, max_width, "", &totals_line(totals))?;
        self.codes.write_hint(&mut self.out, max_width)?;
        self.out.flush()
    }
}

/// Formats diagnostics with their source lines.
struct DiagnosticFormatter {
    style: Style,
    max_per_rule: Option<u64>,
}

impl Formatter for DiagnosticFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.codes.add(record.verdict);
        let (text, counts) = (&mut chunk.text, &mut chunk.counts);
        write_diagnostics(text, counts, self.max_per_rule, record, self.style)
    }
}
