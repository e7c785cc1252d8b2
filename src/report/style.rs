//! The style of text for people: its width and its colours.

use colored::{ColoredString, Colorize};

use crate::checks::Verdict;
use crate::diagnostic::Severity;

/// The style of text for people.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to use colour. The `colored` crate's own switch must be set to the same value.
    pub colour: bool,
    /// The number of columns for source lines, which are always cut to fit.
    pub width: usize,
    /// Whether all other lines fit that width, too, as on a terminal. In a pipe they are neither cut
    /// nor wrapped, so that `grep` finds what they contain.
    pub is_fitted: bool,
}

impl Default for Style {
    /// Returns the style for a pipe, without colour.
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            is_fitted: false,
        }
    }
}

impl Style {
    /// Returns the maximum width of a line, if lines are fitted.
    pub(crate) fn max_width(&self) -> Option<usize> {
        self.is_fitted.then_some(self.width)
    }
}

/// Returns the coloured name of a verdict.
pub(super) fn verdict(verdict: &Verdict) -> ColoredString {
    match (verdict.valid, verdict.passed) {
        (true, _) => "valid".green().bold(),
        (false, true) => "invalid as expected".green().bold(),
        (false, false) => "invalid".red().bold(),
    }
}

/// Returns the coloured name of a severity.
pub(super) fn severity(severity: Severity) -> ColoredString {
    let name = severity.name();
    match severity {
        Severity::Error => name.red().bold(),
        Severity::Warning => name.yellow().bold(),
    }
}
