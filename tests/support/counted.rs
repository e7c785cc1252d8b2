//! What a piece of work costs: steps of scanners and bytes of memory, both of this thread alone, and
//! both the same in every run. Whoever includes this file has its allocations counted: it is no part
//! of `support`, so that other tests keep the usual allocator.

use allocation_counter::measure;
use mewshook::steps;

/// What some work cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Bytes and items that were passed over.
    pub steps: u64,
    /// How many allocations there were.
    pub allocations: u64,
    /// The bytes of all of them together.
    pub allocated: u64,
    /// The most bytes that were held at one time.
    pub peak: u64,
}

/// Does some work, and returns what it cost.
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
    /// Returns which of the counts grew faster than an input that grew by a factor, if one did.
    ///
    /// Twice as much as that is allowed: what grows step by step doubles its room, and one size may be
    /// just below such a step and the other just above it; and of small payloads more is remembered. So
    /// the factor should be 4 or more: then what is the square of the input stands out.
    pub fn outgrows(&self, small: &Self, factor: u64) -> Option<&'static str> {
        // What depends on no input: tables, buffers, schemas that are built when first needed.
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
        let mut faster = counts
            .into_iter()
            .filter(|(_, count, before, slack)| *count > slack + before * factor * 2);
        faster.next().map(|(name, ..)| name)
    }
}
