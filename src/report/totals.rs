//! The totals of a run.

use serde::Serialize;

use crate::checks::Verdict;
use crate::input::Label;

use super::captures::CaptureCounts;

/// The totals of a run. They are serialized as the `json` format prints them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Payloads checked.
    pub payloads: u64,
    /// Payloads that a filter left out, if there is one. They count nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmatched: Option<u64>,
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
    /// Known wrappers and log records without a payload, and lines of text without one.
    pub skipped: u64,
    /// The lines of text among them.
    #[serde(skip)]
    pub skipped_lines: u64,
    /// The payloads that were wrapped in something, by the kind of capture.
    pub captures: CaptureCounts,
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

    /// Adds the totals of a part of an input.
    pub fn merge(&mut self, part: &Self, input: &Label) {
        self.payloads += part.payloads;
        if let Some(count) = part.unmatched {
            *self.unmatched.get_or_insert(0) += count;
        }
        self.valid += part.valid;
        self.expected += part.expected;
        self.invalid += part.invalid;
        self.errors += part.errors;
        self.warnings += part.warnings;
        self.unreadable += part.unreadable;
        self.empty += part.empty;
        self.skipped += part.skipped;
        self.skipped_lines += part.skipped_lines;
        self.captures.merge(&part.captures, input);
    }
}
