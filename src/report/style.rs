//! How text for people looks: its width, and whether it has colour.

use colored::{ColoredString, Colorize};

use crate::checks::Verdict;

/// The look of a report for people.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether there is colour. The switch of the `colored` crate is set to the same.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

/// The word for a verdict.
pub(super) fn verdict(verdict: &Verdict) -> ColoredString {
    match (verdict.valid, verdict.passed) {
        (true, _) => "valid".green().bold(),
        (false, true) => "invalid as expected".green().bold(),
        (false, false) => "invalid".red().bold(),
    }
}
