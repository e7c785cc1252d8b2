//! A report that is its pages, one after the other, and perhaps a closing line.

use std::io::{self, Write};
use std::sync::Arc;

use super::{Page, Report, Scribe, Totals};

/// What most formats are. Each makes its own in its file.
pub struct Plain<W> {
    out: W,
    scribe: Arc<dyn Scribe>,
    closing: fn(&Totals) -> String,
}

impl<W: Write> Plain<W> {
    /// Pages by a scribe, and a text behind them.
    pub(super) fn new(
        out: W,
        scribe: impl Scribe + 'static,
        closing: fn(&Totals) -> String,
    ) -> Self {
        Self {
            out,
            scribe: Arc::new(scribe),
            closing,
        }
    }
}

impl<W: Write> Report for Plain<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::clone(&self.scribe)
    }

    fn add(&mut self, page: Page) -> io::Result<()> {
        self.out.write_all(&page.text)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.out.write_all((self.closing)(totals).as_bytes())?;
        self.out.flush()
    }
}
