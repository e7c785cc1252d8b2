//! The reporter for formats in which a report is its chunks one after the other, with an optional
//! closing text.

use std::io::{self, Write};
use std::sync::Arc;

use super::codes::Codes;
use super::{Chunk, Formatter, Reporter, Totals};

/// Writes the text of each chunk, then a closing text.
pub(crate) struct ChunkReporter<W> {
    out: W,
    formatter: Arc<dyn Formatter>,
    codes: Codes,
    closing: Option<Closing>,
}

/// A function that appends the closing text.
type Closing = Box<dyn Fn(&mut Vec<u8>, &Totals, &Codes) -> io::Result<()>>;

impl<W: Write> ChunkReporter<W> {
    /// Creates a reporter of the chunks that `formatter` makes.
    pub(crate) fn new(out: W, formatter: impl Formatter + 'static) -> Self {
        Self {
            out,
            formatter: Arc::new(formatter),
            codes: Codes::default(),
            closing: None,
        }
    }

    /// Sets the function that appends the closing text.
    pub(super) fn with_closing(
        self,
        closing: impl Fn(&mut Vec<u8>, &Totals, &Codes) -> io::Result<()> + 'static,
    ) -> Self {
        let closing: Closing = Box::new(closing);
        let closing = Some(closing);
        Self { closing, ..self }
    }
}

impl<W: Write> Reporter for ChunkReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::clone(&self.formatter)
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.codes.merge(&chunk.codes);
        chunk.write(&mut self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
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
