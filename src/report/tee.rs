//! Several reports of one run: one on standard output, the others in files.

use std::io;
use std::sync::Arc;

use super::{Chunk, Failure, Formatter, Quiet, Record, Reporter, Totals};

/// Passes everything on to several reporters.
pub struct Tee<'w> {
    reports: Vec<Box<dyn Reporter + 'w>>,
}

impl<'w> Tee<'w> {
    /// Creates a reporter from several.
    pub fn new(reports: Vec<Box<dyn Reporter + 'w>>) -> Self {
        Self { reports }
    }
}

impl<'w> Tee<'w> {
    /// Calls `act` for each reporter. One whose reader has gone away is dropped; the others go on.
    fn each(
        &mut self,
        mut act: impl FnMut(&mut (dyn Reporter + 'w)) -> io::Result<()>,
    ) -> io::Result<()> {
        for report in &mut self.reports {
            match act(&mut **report) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    *report = Box::new(Quiet);
                }
                done => done?,
            }
        }
        Ok(())
    }
}

struct Formatters(Vec<Arc<dyn Formatter>>);

impl Formatter for Formatters {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        if chunk.parts.is_empty() {
            let parts = self.0.iter().map(|_| Chunk::new(Arc::clone(&chunk.path)));
            chunk.parts = parts.collect();
        }
        for (formatter, part) in self.0.iter().zip(&mut chunk.parts) {
            part.totals = chunk.totals;
            formatter.format(record, part)?;
        }
        Ok(())
    }
}

impl Reporter for Tee<'_> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(Formatters(
            self.reports
                .iter()
                .map(|report| report.formatter())
                .collect(),
        ))
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        let mut parts = chunk.parts.into_iter();
        self.each(|report| parts.next().map_or(Ok(()), |part| report.add(part)))
    }

    fn unreadable(&mut self, failure: &Failure) -> io::Result<()> {
        self.each(|report| report.unreadable(failure))
    }

    fn empty(&mut self, path: &Arc<str>) -> io::Result<()> {
        self.each(|report| report.empty(path))
    }

    fn idle(&mut self) -> io::Result<()> {
        self.each(Reporter::idle)
    }

    fn is_holding_back(&self) -> bool {
        self.reports.iter().any(|report| report.is_holding_back())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.each(|report| report.finish(totals))
    }
}
