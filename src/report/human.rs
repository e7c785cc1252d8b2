//! What `validate` prints for people: diagnostics, and one closing line.

use std::io::{self, Write};

use super::snippet::Snippets;
use super::{Chunk, Formatter, Plain, Record, Style, Totals, counted, wrap};

impl<W: Write> Plain<W> {
    /// Diagnostics with their source lines, then the figures.
    pub fn human(out: W, style: Style) -> Self {
        Self::new(out, style).closing(move |out, totals, codes| {
            let limit = style.limit();
            wrap::write(out, limit, "", &closing_line(totals))?;
            codes.write(out, limit)
        })
    }
}

/// Diagnostics in this style.
impl Formatter for Style {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.codes.add(record.verdict);
        diagnostics(&mut chunk.text, record, *self)
    }
}

/// All diagnostics of a payload, each with its source line and a blank line behind it.
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

/// `12 payloads checked: 10 valid, 2 invalid, 3 warnings`
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
