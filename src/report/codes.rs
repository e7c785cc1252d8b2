//! The last line of a report for people: which command explains the codes that occurred.

use std::io::{self, Write};

use crate::checks::Verdict;

use super::wrap;

/// The codes of the reported diagnostics, each once, in order of first occurrence.
#[derive(Debug, Default)]
pub(super) struct Codes(Vec<&'static str>);

/// The maximum number of codes that the line names.
const MAX_NAMED: usize = 4;

impl Codes {
    /// Adds the codes of the diagnostics that are reported for a payload.
    pub(super) fn add(&mut self, verdict: &Verdict) {
        for diagnostic in verdict.reported() {
            self.insert(diagnostic.code);
        }
    }

    /// Adds the codes of a part of the run.
    pub(super) fn merge(&mut self, part: &Self) {
        for code in &part.0 {
            self.insert(code);
        }
    }

    fn insert(&mut self, code: &'static str) {
        if !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    /// Writes the line, if there are codes.
    pub(super) fn write_hint(
        &self,
        out: &mut impl Write,
        max_width: Option<usize>,
    ) -> io::Result<()> {
        let text = match self.0.as_slice() {
            [] => return Ok(()),
            [code] => format!("For more, try `mewshook explain {code}`."),
            codes => {
                let mut names = codes[..codes.len().min(MAX_NAMED)].join(", ");
                if let more @ 1.. = codes.len().saturating_sub(MAX_NAMED) {
                    names = format!("{names} and {more} more");
                }
                format!("For more, try `mewshook explain CODE`: {names}.")
            }
        };
        wrap::write(out, max_width, "", &text)
    }
}
