//! A report that is its pages, one after the other, and perhaps a closing line.

use std::io::{self, Write};
use std::sync::Arc;

use super::codes::Codes;
use super::{Page, Report, Scribe, Totals};

/// What most formats are. Each makes its own in its file.
pub struct Plain<W> {
    out: W,
    scribe: Arc<dyn Scribe>,
    codes: Codes,
    closing: Option<Closing>,
}

/// Writes what stands behind the pages.
type Closing = Box<dyn Fn(&mut Vec<u8>, &Totals, &Codes) -> io::Result<()>>;

impl<W: Write> Plain<W> {
    /// Pages by a scribe.
    pub(super) fn new(out: W, scribe: impl Scribe + 'static) -> Self {
        Self {
            out,
            scribe: Arc::new(scribe),
            codes: Codes::default(),
            closing: None,
        }
    }

    /// And a text behind them.
    pub(super) fn closing(
        self,
        closing: impl Fn(&mut Vec<u8>, &Totals, &Codes) -> io::Result<()> + 'static,
    ) -> Self {
        let closing: Closing = Box::new(closing);
        let closing = Some(closing);
        Self { closing, ..self }
    }
}

impl<W: Write> Report for Plain<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::clone(&self.scribe)
    }

    fn add(&mut self, mut page: Page) -> io::Result<()> {
        self.codes.merge(&page.codes);
        page.write(&mut self.out)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        if let Some(closing) = &self.closing {
            let mut text = Vec::new();
            closing(&mut text, totals, &self.codes)?;
            self.out.write_all(&text)?;
        }
        self.out.flush()
    }
}
