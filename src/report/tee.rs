//! Several reports of one run: one on standard output, the others in files.

use std::io;
use std::sync::Arc;

use crate::input::Label;

use super::{Chunk, Failure, Formatter, Quiet, Record, Reporter, Totals};

/// A reporter that passes everything to several others.
pub struct Tee<'w> {
    reporters: Vec<Box<dyn Reporter + 'w>>,
}

impl<'w> Tee<'w> {
    /// Creates a reporter from several.
    pub fn new(reporters: Vec<Box<dyn Reporter + 'w>>) -> Self {
        Self { reporters }
    }

    /// Calls a function for each reporter. A reporter whose output was closed by its reader is
    /// replaced by [`Quiet`], and the others continue.
    fn try_for_each(
        &mut self,
        mut call: impl FnMut(&mut (dyn Reporter + 'w)) -> io::Result<()>,
    ) -> io::Result<()> {
        for reporter in &mut self.reporters {
            match call(&mut **reporter) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    *reporter = Box::new(Quiet);
                }
                result => result?,
            }
        }
        Ok(())
    }
}

/// Formats a payload with several formatters, each into a chunk of its own.
struct TeeFormatter(Vec<Arc<dyn Formatter>>);

impl Formatter for TeeFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        if chunk.chunks.is_empty() {
            let empty = || Chunk::with_memory(chunk.path.clone(), chunk.text.spare());
            chunk.chunks = self.0.iter().map(|_| empty()).collect();
        }
        for (formatter, inner) in self.0.iter().zip(&mut chunk.chunks) {
            inner.totals.clone_from(&chunk.totals);
            formatter.format(record, inner)?;
        }
        Ok(())
    }
}

impl Reporter for Tee<'_> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        let formatters = self.reporters.iter().map(|reporter| reporter.formatter());
        Arc::new(TeeFormatter(formatters.collect()))
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        let mut chunks = chunk.chunks.into_iter();
        self.try_for_each(|reporter| chunks.next().map_or(Ok(()), |chunk| reporter.add(chunk)))
    }

    fn add_failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.try_for_each(|reporter| reporter.add_failure(failure))
    }

    fn add_empty(&mut self, path: &Label, message: &str) -> io::Result<()> {
        self.try_for_each(|reporter| reporter.add_empty(path, message))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.try_for_each(Reporter::flush)
    }

    fn is_holding_back(&self) -> bool {
        self.reporters
            .iter()
            .any(|reporter| reporter.is_holding_back())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.try_for_each(|reporter| reporter.finish(totals))
    }
}
