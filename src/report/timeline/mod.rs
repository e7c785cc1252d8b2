//! Reports of timelines: the stories of integrations, for people and for programs.
//!
//! A story is known when the last payload was read, so everything is written at the end: workers only
//! take from payloads what a story needs.

mod html;
mod human;
mod ndjson;
mod wording;

use std::cell::OnceCell;
use std::io::{self, Write};
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use crate::query::{Timeline, TimelineCollector, TimelineCounts};
use crate::secrets::Masking;

use super::outputs::Outputs;
use super::wording::other_payloads;
use super::{Chunk, Formatter, Record, Reporter, Style, Totals};

/// All formats of timelines, in the order in which they are documented.
pub static TIMELINE_FORMATS: [&TimelineFormat; 3] =
    [&human::FORMAT, &ndjson::FORMAT, &html::FORMAT];

/// A format of timelines.
#[derive(Debug)]
pub struct TimelineFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Writes a timeline.
    write: fn(&mut dyn Write, &TimelineContent<'_>) -> io::Result<()>,
}

/// What a report of a timeline contains.
struct TimelineContent<'t> {
    timeline: &'t Timeline,
    /// The totals of the run.
    totals: &'t Totals,
    style: Style,
    /// Whether secrets in names are masked, which the `html` format says.
    masking: Masking,
}

/// Collects the timeline, and writes it in one or more formats.
#[derive(Default)]
pub struct TimelineReporter<'w> {
    outputs: Outputs<'w, TimelineFormat, Style>,
    collector: TimelineCollector,
    masking: Masking,
    counts: Rc<OnceCell<TimelineCounts>>,
}

impl TimelineFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        TIMELINE_FORMATS
            .into_iter()
            .find(|format| format.name == name)
    }
}

impl<'w> TimelineReporter<'w> {
    /// Creates a reporter without outputs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an output.
    #[must_use]
    pub fn with_output(
        mut self,
        format: &'static TimelineFormat,
        out: impl Write + 'w,
        style: Style,
    ) -> Self {
        self.outputs.add(format, out, style);
        self
    }

    /// Sets whether secrets in names are masked.
    #[must_use]
    pub fn with_masking(self, masking: Masking) -> Self {
        Self { masking, ..self }
    }

    /// Returns where the numbers of payloads can be read after the report was finished.
    pub fn counts(&self) -> Rc<OnceCell<TimelineCounts>> {
        Rc::clone(&self.counts)
    }
}

impl Reporter for TimelineReporter<'_> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(TimelineFormatter)
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        self.collector
            .add(&chunk.path, mem::take(&mut chunk.timeline));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let timeline = mem::take(&mut self.collector).finish();
        let masking = self.masking;
        self.outputs.write(|format, out, style| {
            let content = TimelineContent {
                timeline: &timeline,
                totals,
                style: *style,
                masking,
            };
            (format.write)(out, &content)
        })?;
        // Fails only if the report is finished twice, with the same counts.
        let _ = self.counts.set(timeline.counts);
        Ok(())
    }
}

/// Takes from payloads what their stories need.
struct TimelineFormatter;

impl Formatter for TimelineFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let Record {
            found,
            verdict,
            document,
            masking,
            ..
        } = *record;
        chunk.timeline.add(found, verdict.kind, document, masking);
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}

/// Returns what the payloads are that are in no story, if there are any: `1 pos message, 2 payloads of
/// unknown kind, 3 broken payloads`.
pub fn outside_stories(counts: &TimelineCounts) -> Option<String> {
    let all = other_payloads(&counts.other_kinds, counts.unknown, counts.broken);
    let all = all.collect::<Vec<_>>();
    (!all.is_empty()).then(|| all.join(", "))
}
