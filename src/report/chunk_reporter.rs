//! The reporter for formats in which a report is its chunks one after the other.

use std::io::{self, Write};
use std::sync::Arc;

use super::{Chunk, Formatter, Reporter, Totals};

/// Writes the text of each chunk.
pub(crate) struct ChunkReporter<W> {
    out: W,
    formatter: Arc<dyn Formatter>,
    /// The text before the first chunk, until it is written.
    opening: Vec<u8>,
}

impl<W: Write> ChunkReporter<W> {
    /// Creates a reporter of the chunks that `formatter` makes.
    pub(crate) fn new(out: W, formatter: impl Formatter + 'static) -> Self {
        Self {
            out,
            formatter: Arc::new(formatter),
            opening: Vec::new(),
        }
    }

    /// Sets the text before the first chunk. It is written even if there is no chunk.
    pub(super) fn with_opening(self, opening: Vec<u8>) -> Self {
        Self { opening, ..self }
    }

    fn open(&mut self) -> io::Result<()> {
        self.out.write_all(&std::mem::take(&mut self.opening))
    }
}

impl<W: Write> Reporter for ChunkReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::clone(&self.formatter)
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.open()?;
        chunk.write(&mut self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.open()?;
        self.out.flush()
    }
}
