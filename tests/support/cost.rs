//! Measures the cost of some work: the steps of scanners and the allocated memory, both of the
//! current thread only and both the same in every run. This file is not part of `support`, since it
//! counts all allocations of a test, and other tests keep the usual allocator.

use allocation_counter::measure;
use mewshook::steps;

/// The cost of some work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// The number of bytes and items that were read.
    pub steps: u64,
    /// The number of allocations.
    pub allocations: u64,
    /// The number of allocated bytes.
    pub allocated: u64,
    /// The maximum number of bytes that were held at one time.
    pub peak: u64,
}

/// Does some work and returns its cost.
pub fn cost(work: impl FnOnce()) -> Cost {
    let before = steps::count();
    let memory = measure(work);
    Cost {
        steps: steps::count() - before,
        allocations: memory.count_total,
        allocated: memory.bytes_total,
        peak: memory.bytes_max,
    }
}

impl Cost {
    /// Returns the name of a count that grew faster than the input, which grew by `factor`, if
    /// there is one.
    ///
    /// A count may grow twice as much as the input. Vectors double their capacity, so one size may
    /// be just below such a step and the other just above it; and caches hold small payloads only.
    /// So `factor` should be 4 or more, so that quadratic growth stands out.
    pub fn outgrows(&self, small: &Self, factor: u64) -> Option<&'static str> {
        // The allowance for work that does not depend on the input, such as tables, buffers, and
        // schemas that are built on first use.
        const STEPS: u64 = 2_000;
        const ALLOCATIONS: u64 = 500;
        const BYTES: u64 = 200_000;
        let counts = [
            ("steps", self.steps, small.steps, STEPS),
            (
                "allocations",
                self.allocations,
                small.allocations,
                ALLOCATIONS,
            ),
            ("bytes allocated", self.allocated, small.allocated, BYTES),
            ("bytes held", self.peak, small.peak, BYTES),
        ];
        let mut outgrown = counts
            .into_iter()
            .filter(|(_, count, before, slack)| *count > slack + before * factor * 2);
        outgrown.next().map(|(name, ..)| name)
    }
}
