//! Reports of statistics: what is counted about payloads, for people, spreadsheets and programs.
//!
//! Statistics are complete when the last payload was read. So workers only count, and everything is
//! written at the end.

mod csv;
mod html;
mod human;
mod json;
mod lists;
mod object;
mod periods;
mod read;

use std::io::{self, Write};
use std::sync::Arc;

use crate::query::Stats;

use super::outputs::Outputs;
use super::{Chunk, Formatter, Record, Reporter, Style, Totals};

pub use read::{StatsError, read_stats};

/// All formats of statistics, in the order in which they are documented.
pub static STATS_FORMATS: [&StatsFormat; 4] =
    [&human::FORMAT, &json::FORMAT, &csv::FORMAT, &html::FORMAT];

/// A format of statistics.
#[derive(Debug)]
pub struct StatsFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Writes statistics.
    write: fn(&mut dyn Write, &Stats, StatsOptions) -> io::Result<()>,
}

/// The options of a report of statistics. A format uses those that concern it.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatsOptions {
    /// The width and colour of the `human` format.
    pub style: Style,
    /// The maximum number of names in a list of the `human` format; all if this is `None`.
    pub top: Option<usize>,
}

/// Counts payloads, and writes their statistics in one or more formats.
pub struct StatsReporter<'w> {
    outputs: Outputs<'w, StatsFormat, StatsOptions>,
    stats: Stats,
}

impl StatsFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        STATS_FORMATS.into_iter().find(|format| format.name == name)
    }
}

impl<'w> StatsReporter<'w> {
    /// Creates a reporter without outputs, which adds to these statistics.
    pub fn new(stats: Stats) -> Self {
        Self {
            outputs: Outputs::default(),
            stats,
        }
    }

    /// Adds an output.
    #[must_use]
    pub fn with_output(
        mut self,
        format: &'static StatsFormat,
        out: impl Write + 'w,
        options: StatsOptions,
    ) -> Self {
        self.outputs.add(format, out, options);
        self
    }

    /// Writes the statistics to all outputs.
    ///
    /// # Errors
    /// An output can't be written. One that was closed by its reader is skipped.
    pub fn write(&mut self) -> io::Result<()> {
        let stats = &self.stats;
        self.outputs
            .write(|format, out, options| (format.write)(out, stats, *options))
    }
}

impl Reporter for StatsReporter<'_> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(StatsFormatter {
            is_distinct: self.stats.distinct.is_some(),
        })
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        if let Some(stats) = chunk.stats {
            self.stats.merge(*stats);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.stats.unreadable += totals.unreadable;
        self.stats.empty += totals.empty;
        self.stats.skipped += totals.skipped;
        self.write()
    }
}

/// Counts payloads.
struct StatsFormatter {
    /// Whether distinct entities and bodies are counted.
    is_distinct: bool,
}

impl Formatter for StatsFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let new = || Box::new(Stats::new(self.is_distinct, record.masking));
        let stats = chunk.stats.get_or_insert_with(new);
        stats.add(record.path, record.found, record.verdict, &record.summary());
        Ok(())
    }
}
