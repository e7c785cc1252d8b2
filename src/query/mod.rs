//! Answers questions about many payloads: which there are, how many, in which order they came, and which
//! requests they call for.
//!
//! What is computed is here; how it is printed is in [`report`](crate::report).

mod candidate;
mod condition;
mod counts;
mod field;
mod filter;
mod length;
mod name_counts;
mod overview;
mod pattern;
mod plan;
mod prefilter;
mod stats;
mod time;
mod time_counts;
mod timeline;
mod when;

pub use candidate::Candidate;
pub use condition::{Condition, ConditionError};
pub use counts::Counts;
pub use field::{FilterField, Operator};
pub use filter::Filter;
pub use length::{LengthError, parse_length};
pub use name_counts::{NameCount, NameCounts};
pub use overview::Overview;
pub use plan::{
    EnterprisePlan, EntityGroup, Plan, PlanCollector, PlanCounts, PlannedEntity, PlannedRequest,
    RequestBody, thread_requests,
};
pub(crate) use stats::Hashes;
pub use stats::{
    ByName, CodeTally, Distinct, EntityName, EntityTally, Example, NOT_WRAPPED, Stats, Tally,
    UNKNOWN_KIND,
};
pub(crate) use time::received;
pub use time::{PayloadTime, TimeSource};
pub use time_counts::{TimeCounts, TimeUnit};
pub use timeline::{
    LifecycleStep, MessageCount, PayloadPlace, Story, StoryEntity, StoryEntry, StoryOrder,
    Timeline, TimelineCollector, TimelineCounts, TimelineItem, TimelineItems, TokenHash, Unusual,
};
pub use when::When;
