//! Several reports of one run: the first goes where reports go, the others into files.

use std::io;
use std::sync::Arc;

use super::{Failure, Page, Quiet, Record, Report, Scribe, Totals};

/// Reports that are made side by side.
pub struct Several<'w> {
    reports: Vec<Box<dyn Report + 'w>>,
}

impl<'w> Several<'w> {
    /// All that these say.
    pub fn new(reports: Vec<Box<dyn Report + 'w>>) -> Self {
        Self { reports }
    }
}

impl<'w> Several<'w> {
    /// Where nobody reads one report any more, the others are still wanted.
    fn each(
        &mut self,
        mut act: impl FnMut(&mut (dyn Report + 'w)) -> io::Result<()>,
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

struct Scribes(Vec<Arc<dyn Scribe>>);

impl Scribe for Scribes {
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()> {
        if page.parts.is_empty() {
            let parts = self.0.iter().map(|_| Page::new(Arc::clone(&page.path)));
            page.parts = parts.collect();
        }
        for (scribe, part) in self.0.iter().zip(&mut page.parts) {
            part.totals = page.totals;
            scribe.payload(record, part)?;
        }
        Ok(())
    }
}

impl Report for Several<'_> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(Scribes(
            self.reports.iter().map(|report| report.scribe()).collect(),
        ))
    }

    fn add(&mut self, page: Page) -> io::Result<()> {
        let mut parts = page.parts.into_iter();
        self.each(|report| parts.next().map_or(Ok(()), |part| report.add(part)))
    }

    fn unreadable(&mut self, failure: &Failure) -> io::Result<()> {
        self.each(|report| report.unreadable(failure))
    }

    fn empty(&mut self, path: &Arc<str>) -> io::Result<()> {
        self.each(|report| report.empty(path))
    }

    fn idle(&mut self) -> io::Result<()> {
        self.each(Report::idle)
    }

    fn is_holding_back(&self) -> bool {
        self.reports.iter().any(|report| report.is_holding_back())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.each(|report| report.finish(totals))
    }
}
