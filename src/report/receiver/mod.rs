//! Reports of the checks of a handler, one file a format.

mod human;
mod json;
mod junit;
mod list;
mod wording;

use std::fmt;
use std::io::{self, Write};

use super::Style;

use crate::deliver::receiver::{CheckResult, ReceiverOptions, ReceiverTotals};

pub use list::write_check_list;

/// All formats, in the order in which they are documented.
pub static RECEIVER_FORMATS: [&ReceiverFormat; 3] = [&human::FORMAT, &json::FORMAT, &junit::FORMAT];

/// A format of the results of checks.
pub struct ReceiverFormat {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    report: CreateReport,
}

type CreateReport =
    for<'w> fn(Box<dyn Write + 'w>, Style, &ReceiverOptions) -> Box<dyn ReceiverReport + 'w>;

impl fmt::Debug for ReceiverFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiverFormat({})", self.name)
    }
}

impl ReceiverFormat {
    /// Returns the format with a name, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        RECEIVER_FORMATS
            .into_iter()
            .find(|format| format.name == name)
    }

    /// Creates a report of the checks that the options name.
    pub fn report<'w>(
        &self,
        out: impl Write + 'w,
        style: Style,
        options: &ReceiverOptions,
    ) -> Box<dyn ReceiverReport + 'w> {
        (self.report)(Box::new(out), style, options)
    }
}

/// A report of checks. It gets the results in order, and the totals at the end.
pub trait ReceiverReport {
    /// Adds a result.
    ///
    /// # Errors
    /// The report can't be written.
    fn add(&mut self, result: &CheckResult) -> io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    /// The report can't be written.
    fn finish(&mut self, totals: &ReceiverTotals) -> io::Result<()>;
}
