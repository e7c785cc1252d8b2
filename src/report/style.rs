//! How text for people looks: its width, and whether it has colour.

use colored::{ColoredString, Colorize};

use crate::checks::Verdict;

/// The look of a report for people.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether there is colour. The switch of the `colored` crate is set to the same.
    pub colour: bool,
    /// How many columns there are for source lines, which are always shown in part.
    pub width: usize,
    /// Whether everything else is fitted to that width, too: on a terminal. In a pipe, nothing is
    /// cut or broken, so that `grep` finds it.
    pub is_fitted: bool,
}

impl Default for Style {
    /// Without colour, for a pipe.
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            is_fitted: false,
        }
    }
}

impl Style {
    /// Returns how long a line may be.
    pub(super) fn limit(&self) -> Option<usize> {
        self.is_fitted.then_some(self.width)
    }
}

/// The word for a verdict.
pub(super) fn verdict(verdict: &Verdict) -> ColoredString {
    match (verdict.valid, verdict.passed) {
        (true, _) => "valid".green().bold(),
        (false, true) => "invalid as expected".green().bold(),
        (false, false) => "invalid".red().bold(),
    }
}
