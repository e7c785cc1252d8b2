//! Counts of payloads by time and by name, for charts.
//!
//! Times and names come from payloads, and memory must not grow with them. So beyond a number of
//! periods, longer ones are counted, and beyond a number of names, the rest is counted together. What
//! is counted does not depend on how a run was split into parts.

use std::ops::AddAssign;

/// How much there was of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Payloads.
    pub payloads: u64,
    /// Events in them.
    pub events: u64,
    /// The payloads that are invalid, and not as expected.
    pub invalid: u64,
    /// Errors in them.
    pub errors: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.payloads += other.payloads;
        self.events += other.events;
        self.invalid += other.invalid;
        self.errors += other.errors;
    }
}
