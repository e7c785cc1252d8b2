//! One line a diagnostic, `path:line:column: level[code] message`, as editors and `grep` take it.

use std::io::{self, Write};
use std::sync::Arc;

use super::escape::shown;
use super::{Page, Record, Report, Scribe, Totals};

/// Diagnostics and nothing else.
pub struct Short<W> {
    out: W,
}

impl<W: Write> Short<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

struct LineScribe;

impl Scribe for LineScribe {
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()> {
        let path = super::visible(record.path);
        for diagnostic in &record.verdict.diagnostics {
            writeln!(
                page.text,
                "{path}:{}:{}: {}[{}] {}",
                diagnostic.start.line,
                diagnostic.start.column,
                diagnostic.severity.name(),
                diagnostic.code,
                shown(&diagnostic.message),
            )?;
        }
        Ok(())
    }
}

impl<W: Write> Report for Short<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(LineScribe)
    }

    fn add(&mut self, page: Page) -> io::Result<()> {
        self.out.write_all(&page.text)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}
