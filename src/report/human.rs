//! The format for people: diagnostics with their source lines, and one closing line.

use std::io::{self, Write};

use super::chunks::ChunkReporter;
use super::codes::Codes;
use super::inspect::Inspect;
use super::snippet::Snippets;
use super::{Chunk, Format, Formatter, Record, ReportOptions, Style, Totals, View, counted, wrap};

/// Diagnostics with their source lines and the totals, or what `inspect` shows.
pub(super) static FORMAT: Format = Format {
    name: "human",
    about: "For people",
    reporter: |out, ReportOptions { style, view, .. }| match view {
        View::Payloads {
            inputs,
            is_followed,
        } => Box::new(Inspect::new(out, style, inputs, is_followed)),
        View::Diagnostics => {
            let closing = move |out: &mut Vec<u8>, totals: &Totals, codes: &Codes| {
                let limit = style.limit();
                wrap::write(out, limit, "", &closing_line(totals))?;
                codes.write(out, limit)
            };
            Box::new(ChunkReporter::new(out, style).with_closing(closing))
        }
    },
};

impl Formatter for Style {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.codes.add(record.verdict);
        diagnostics(&mut chunk.text, record, *self)
    }
}

/// Writes the diagnostics of a payload, each with its source line and a blank line after it.
pub(super) fn diagnostics(
    out: &mut impl Write,
    record: &Record<'_>,
    style: Style,
) -> io::Result<()> {
    let mut reported = record.verdict.reported().peekable();
    if reported.peek().is_none() {
        return Ok(());
    }
    let snippets = Snippets::new(record, style);
    for diagnostic in reported {
        writeln!(out, "{}", snippets.render(diagnostic))?;
    }
    match super::omitted(record.verdict.omitted) {
        Some(text) => {
            wrap::write(out, style.limit(), "", &text)?;
            writeln!(out)
        }
        None => Ok(()),
    }
}

/// Returns the totals as a line: `12 payloads checked: 10 valid, 2 invalid, 3 warnings`.
pub(super) fn closing_line(totals: &Totals) -> String {
    let unreadable = match totals.unreadable {
        0 => String::new(),
        count => format!("; {} not read", counted(count, "input")),
    };
    let expected = match totals.expected {
        0 => String::new(),
        count => format!("{count} invalid as expected, "),
    };
    format!(
        "{} checked: {} valid, {expected}{} invalid, {}{unreadable}",
        counted(totals.payloads, "payload"),
        totals.valid,
        totals.invalid,
        counted(totals.warnings, "warning"),
    )
}
