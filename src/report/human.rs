//! The `human` format: diagnostics with their source lines, or the contents of each payload.

use std::io;

use super::chunk_reporter::ChunkReporter;
use super::codes::Codes;
use super::inspect::Inspect;
use super::snippet::write_diagnostics;
use super::wording::totals_line;
use super::{Chunk, Format, Formatter, Record, ReportOptions, Style, Totals, View, wrap};

pub(super) static FORMAT: Format = Format {
    name: "human",
    about: "Text for people",
    reporter: |out, ReportOptions { style, view, .. }| match view {
        View::Payloads {
            inputs,
            is_followed,
        } => Box::new(Inspect::new(out, style, inputs, is_followed)),
        View::Diagnostics => {
            let closing = move |out: &mut Vec<u8>, totals: &Totals, codes: &Codes| {
                let max_width = style.max_width();
                wrap::write(out, max_width, "", &totals_line(totals))?;
                codes.write_hint(out, max_width)
            };
            let formatter = DiagnosticFormatter { style };
            Box::new(ChunkReporter::new(out, formatter).with_closing(closing))
        }
    },
};

/// Formats diagnostics with their source lines.
struct DiagnosticFormatter {
    style: Style,
}

impl Formatter for DiagnosticFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.codes.add(record.verdict);
        write_diagnostics(&mut chunk.text, record, self.style)
    }
}
