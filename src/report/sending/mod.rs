//! Reports of deliveries that are sent: each attempt as it ends, and the totals.

mod human;
mod junit;
mod ndjson;
mod wording;

use std::io::{self, Write};

use crate::deliver::send::{Attempt, PayloadResult, SendTotals};

use super::Style;

pub use wording::totals_lines;

/// All formats of deliveries, in the order in which they are documented.
pub static SEND_FORMATS: [&SendFormat; 3] = [&human::FORMAT, &ndjson::FORMAT, &junit::FORMAT];

/// A format of deliveries.
#[derive(Debug)]
pub struct SendFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Whether reports end with the totals.
    pub has_totals: bool,
    /// Creates a reporter.
    reporter: for<'w> fn(Box<dyn Write + 'w>, SendReportOptions) -> Box<dyn SendReporter + 'w>,
}

/// The options of a report of deliveries. A format uses those that concern it.
#[derive(Debug, Clone, Default)]
pub struct SendReportOptions {
    /// The width and colour of the `human` format.
    pub style: Style,
    /// The URL as it is shown.
    pub url: String,
}

impl SendFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        SEND_FORMATS.into_iter().find(|format| format.name == name)
    }

    /// Creates a reporter that writes to `out`.
    pub fn reporter<'w>(
        &self,
        out: impl Write + 'w,
        options: SendReportOptions,
    ) -> Box<dyn SendReporter + 'w> {
        (self.reporter)(Box::new(out), options)
    }
}

/// Writes a report of deliveries.
pub trait SendReporter {
    /// Adds an attempt that has ended.
    ///
    /// # Errors
    /// The output can't be written.
    fn add_attempt(&mut self, _attempt: &Attempt) -> io::Result<()> {
        Ok(())
    }

    /// Adds a payload all of whose deliveries have ended, or were interrupted.
    ///
    /// # Errors
    /// The output can't be written.
    fn add_payload(&mut self, _result: &PayloadResult) -> io::Result<()> {
        Ok(())
    }

    /// Ends the report.
    ///
    /// # Errors
    /// The output can't be written.
    fn finish(&mut self, _totals: &SendTotals) -> io::Result<()> {
        Ok(())
    }
}
