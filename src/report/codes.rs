//! How to learn more: said once a run, of the codes that occurred in it.

use std::io::{self, Write};

use crate::checks::Verdict;

use super::wrap;

/// The codes that occurred, in that order.
#[derive(Debug, Default)]
pub(super) struct Codes(Vec<&'static str>);

/// How many codes are named.
const NAMED: usize = 4;

impl Codes {
    /// Adds the codes of what is reported of a payload.
    pub(super) fn add(&mut self, verdict: &Verdict) {
        for diagnostic in verdict.reported() {
            self.insert(diagnostic.code);
        }
    }

    /// Adds those of another part of the run.
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

    /// Writes the line.
    pub(super) fn write(&self, out: &mut impl Write, limit: Option<usize>) -> io::Result<()> {
        let text = match self.0.as_slice() {
            [] => return Ok(()),
            [code] => format!("For more, try `mewshook explain {code}`."),
            codes => {
                let mut named = codes[..codes.len().min(NAMED)].join(", ");
                if let more @ 1.. = codes.len().saturating_sub(NAMED) {
                    named = format!("{named} and {more} more");
                }
                format!("For more, try `mewshook explain CODE`: {named}.")
            }
        };
        wrap::write(out, limit, "", &text)
    }
}
