//! Reports of plans: the requests that fetch the entities which general messages name, for people, for
//! programs, and for the HTTP clients of editors.
//!
//! A plan is complete once the last payload was read, so everything is written at the end: workers only
//! collect entities.

mod http;
mod human;
mod ndjson;
mod wording;

use std::cell::OnceCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use crate::query::{Plan, PlanCollector, PlanCounts};

use super::outputs::Outputs;
use super::{Chunk, Formatter, Record, Reporter, Style, Totals};

pub use wording::outside_plan;

/// All formats of plans, in the order in which they are documented.
pub static PLAN_FORMATS: [&PlanFormat; 3] = [&human::FORMAT, &ndjson::FORMAT, &http::FORMAT];

/// The method of all requests.
const METHOD: &str = "POST";

/// The name of the placeholder for the access token of an enterprise.
const ACCESS_TOKEN: &str = "accessToken";

/// A format of plans.
#[derive(Debug)]
pub struct PlanFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Writes a plan.
    write: fn(&mut dyn Write, &PlanContent<'_>) -> io::Result<()>,
}

/// What a report of a plan contains.
struct PlanContent<'p> {
    plan: &'p Plan,
    /// The totals of the run.
    totals: &'p Totals,
    style: Style,
}

/// Collects the entities, and writes the plan in one or more formats.
#[derive(Default)]
pub struct PlanReporter<'w> {
    outputs: Outputs<'w, PlanFormat, Style>,
    collector: PlanCollector,
    counts: Rc<OnceCell<PlanCounts>>,
}

impl PlanFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PLAN_FORMATS.into_iter().find(|format| format.name == name)
    }
}

impl<'w> PlanReporter<'w> {
    /// Creates a reporter without outputs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an output.
    #[must_use]
    pub fn with_output(
        mut self,
        format: &'static PlanFormat,
        out: impl Write + 'w,
        style: Style,
    ) -> Self {
        self.outputs.add(format, out, style);
        self
    }

    /// Returns the cell that has the numbers of payloads once the report is finished.
    pub fn counts(&self) -> Rc<OnceCell<PlanCounts>> {
        Rc::clone(&self.counts)
    }
}

impl Reporter for PlanReporter<'_> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(PlanFormatter)
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        if let Some(part) = chunk.plan {
            self.collector.merge(*part);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let plan = self.collector.finish();
        self.outputs.write(|format, out, style| {
            let content = PlanContent {
                plan: &plan,
                totals,
                style: *style,
            };
            (format.write)(out, &content)
        })?;
        // Fails only if the report is finished twice, with the same counts.
        let _ = self.counts.set(plan.counts);
        Ok(())
    }
}

/// Collects the entities that payloads name.
struct PlanFormatter;

impl Formatter for PlanFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let part = chunk.plan.get_or_insert_default();
        part.add(record.verdict.kind, record.document);
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}
