//! How text for people looks: its width, and whether it has colour.

use colored::{ColoredString, Colorize};

/// The look of a report for people.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether there is colour. The switch of the `colored` crate is set to the same.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

/// The word for a verdict.
pub(super) fn verdict(valid: bool) -> ColoredString {
    if valid {
        "valid".green().bold()
    } else {
        "invalid".red().bold()
    }
}
