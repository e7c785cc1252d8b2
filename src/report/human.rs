//! What `validate` prints for people: diagnostics, and one closing line.

use std::io::{self, Write};
use std::sync::Arc;

use super::snippet::Snippets;
use super::{Page, Record, Report, Scribe, Style, Totals, counted};

/// Diagnostics with their source lines, then the figures.
pub struct Human<W> {
    out: W,
    style: Style,
}

impl<W: Write> Human<W> {
    /// Writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self { out, style }
    }
}

impl<W: Write> Report for Human<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(self.style)
    }

    fn add(&mut self, page: Page) -> io::Result<()> {
        self.out.write_all(&page.text)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        writeln!(self.out, "{}", closing_line(totals))?;
        self.out.flush()
    }
}

/// Diagnostics in this style.
impl Scribe for Style {
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()> {
        diagnostics(&mut page.text, record, *self)
    }
}

/// All diagnostics of a payload, each with its source line and a blank line behind it.
pub(super) fn diagnostics(
    out: &mut impl Write,
    record: &Record<'_>,
    style: Style,
) -> io::Result<()> {
    if record.verdict.diagnostics.is_empty() {
        return Ok(());
    }
    let snippets = Snippets::new(record, style);
    for diagnostic in &record.verdict.diagnostics {
        writeln!(out, "{}", snippets.render(diagnostic))?;
    }
    Ok(())
}

/// `12 payloads checked: 10 valid, 2 invalid, 3 remarks`
pub(super) fn closing_line(totals: &Totals) -> String {
    let unreadable = match totals.unreadable {
        0 => String::new(),
        count => format!("; {} not read", counted(count, "input")),
    };
    format!(
        "{} checked: {} valid, {} invalid, {}{unreadable}",
        counted(totals.payloads, "payload"),
        totals.valid,
        totals.invalid,
        counted(totals.remarks, "remark"),
    )
}
