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
    let before = steps::taken();
    let memory = measure(work);
    Cost {
        steps: steps::taken() - before,
        allocations: memory.count_total,
        allocated: memory.bytes_total,
        peak: memory.bytes_max,
    }
}

impl Cost {
    /// Returns which of the counts grew faster than an input that grew by a factor, if one did.
    ///
    /// Memory may be twice what it would be, since what grows step by step doubles its room: one
    /// size may be just below such a step and the other just above it. Steps have no such excuse.
    pub fn outgrows(&self, small: &Self, factor: u64) -> Option<&'static str> {
        // What depends on no input: tables, buffers, schemas that are built when first needed.
        const STEPS: u64 = 2_000;
        const ALLOCATIONS: u64 = 500;
        const BYTES: u64 = 200_000;
        let most = |count: u64, slack: u64| slack + count * factor * 5 / 4;
        let counts = [
            ("steps", self.steps, most(small.steps, STEPS)),
            (
                "allocations",
                self.allocations,
                most(small.allocations, ALLOCATIONS),
            ),
            (
                "bytes allocated",
                self.allocated,
                most(small.allocated, BYTES) * 2,
            ),
            ("bytes held", self.peak, most(small.peak, BYTES) * 2),
        ];
        let mut faster = counts.into_iter().filter(|(_, count, most)| count > most);
        faster.next().map(|(name, ..)| name)
    }
}
