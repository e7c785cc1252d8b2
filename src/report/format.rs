//! The formats: one line each, in the order in which they are documented.

use std::io::Write;
use std::path::PathBuf;

use super::{Reporter, Style, Workspace, github, gitlab, human, json, junit, ndjson, sarif, short};

/// A report format.
#[derive(Debug)]
pub struct Format {
    /// The name, as `--format` takes it.
    pub name: &'static str,
    /// What the format is, in a line for `--help`.
    pub about: &'static str,
    pub(super) reporter: for<'w> fn(Box<dyn Write + 'w>, ReportOptions) -> Box<dyn Reporter + 'w>,
}

/// All formats.
pub static FORMATS: [&Format; 8] = [
    &human::FORMAT,
    &json::FORMAT,
    &ndjson::FORMAT,
    &short::FORMAT,
    &github::FORMAT,
    &gitlab::FORMAT,
    &sarif::FORMAT,
    &junit::FORMAT,
];

impl Format {
    /// Returns the format of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.into_iter().find(|format| format.name == name)
    }

    /// Creates a reporter that writes to `out`.
    pub fn reporter<'w>(
        &self,
        out: impl Write + 'w,
        options: ReportOptions,
    ) -> Box<dyn Reporter + 'w> {
        (self.reporter)(Box::new(out), options)
    }
}

/// How a report is written.
#[derive(Debug, Clone, Default)]
pub struct ReportOptions {
    /// The look of text for people.
    pub style: Style,
    /// What the format for people shows.
    pub view: View,
    /// Where the paths of formats for services start.
    pub workspace: Workspace,
    /// The file of a GitHub step's summary, which the `github` format appends to.
    pub summary: Option<PathBuf>,
}

/// What the format for people shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// Diagnostics with their source lines, and the totals.
    #[default]
    Diagnostics,
    /// Each payload: a card for a single one, rows and totals for several.
    Payloads {
        /// The number of inputs.
        inputs: usize,
        /// Whether inputs are followed, so that rows are shown at once and cards never.
        is_followed: bool,
    },
}
