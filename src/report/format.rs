//! The description of a format, and the options of a report.

use std::io::Write;
use std::path::PathBuf;

use super::{Reporter, Style, Workspace};

/// A report format.
#[derive(Debug)]
pub struct Format {
    /// The name, as passed to `--format`.
    pub name: &'static str,
    /// A description of one line, for `--help`.
    pub about: &'static str,
    /// Creates a reporter.
    pub(super) reporter: for<'w> fn(Box<dyn Write + 'w>, ReportOptions) -> Box<dyn Reporter + 'w>,
}

impl Format {
    /// Creates a reporter that writes to `out`.
    pub fn reporter<'w>(
        &self,
        out: impl Write + 'w,
        options: ReportOptions,
    ) -> Box<dyn Reporter + 'w> {
        (self.reporter)(Box::new(out), options)
    }
}

/// The options of a report. A format uses those that concern it.
#[derive(Debug, Clone, Default)]
pub struct ReportOptions {
    /// The width and colour of the `human` format.
    pub style: Style,
    /// What the `human` format prints.
    pub view: View,
    /// The number of diagnostics of each rule and place that the `human` format shows, or all.
    pub max_per_rule: Option<u64>,
    /// The repository to which paths are relative in formats for CI services.
    pub workspace: Workspace,
    /// The file of the GitHub step summary, to which the `github` format appends.
    pub summary: Option<PathBuf>,
}

/// What the `human` format prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum View {
    /// Diagnostics with their source lines, and the totals.
    #[default]
    Diagnostics,
    /// The contents of each payload: a card for a single one, rows and totals for several.
    Payloads {
        /// The number of inputs.
        inputs: usize,
        /// Whether an input is followed. Rows are then printed at once, and cards never.
        is_followed: bool,
    },
}
