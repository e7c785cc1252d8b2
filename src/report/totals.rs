//! The totals of a run.

use serde::Serialize;

use crate::checks::Verdict;

/// The totals of a run. They are serialized as the `json` format prints them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Payloads checked.
    pub payloads: u64,
    /// Payloads without an error.
    pub valid: u64,
    /// Payloads whose only errors were expected.
    pub expected: u64,
    /// All other payloads.
    pub invalid: u64,
    /// Errors that were not expected.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: u64,
    /// Inputs without a payload, unless such inputs are accepted.
    pub empty: u64,
}

impl Totals {
    /// Counts a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        self.payloads += 1;
        match (verdict.valid, verdict.passed) {
            (true, _) => self.valid += 1,
            (false, true) => self.expected += 1,
            (false, false) => self.invalid += 1,
        }
        self.errors += verdict.errors as u64;
        self.warnings += verdict.warnings as u64;
    }

    /// Adds the totals of a part of the run.
    pub fn merge(&mut self, part: &Self) {
        self.payloads += part.payloads;
        self.valid += part.valid;
        self.expected += part.expected;
        self.invalid += part.invalid;
        self.errors += part.errors;
        self.warnings += part.warnings;
        self.unreadable += part.unreadable;
        self.empty += part.empty;
    }
}
