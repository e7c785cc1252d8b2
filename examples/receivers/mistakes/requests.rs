//! Mistakes of the requests to the API.

use std::time::Duration;

use super::super::worker::{self, Problem, Retry};
use super::Steps;

/// As `for (const event of events) await getById(event.Value.Id)` with `Limitation: { Count: 1 }`. Two
/// hundred events reach the limit of requests.
pub const ONE_BY_ONE: Steps = Steps {
    max_ids: 1,
    count: 1,
    ..Steps::GOOD
};

/// As `ReservationIds: ids` without chunks: the API refuses a filter of more than 1,000 ids, and none
/// of them is fetched.
pub const UNLIMITED_IDS: Steps = Steps {
    max_ids: usize::MAX,
    ..Steps::GOOD
};

/// As `Limitation: { Count: 10 }` in the documentation's examples, copied. Only the ten newest entities
/// come, and the response says by its `Cursor` that there are more.
pub const FIRST_PAGE_ONLY: Steps = Steps {
    count: 10,
    cursor: |_| None,
    ..Steps::GOOD
};

/// As a `switch` over discriminators, each of which fetches for itself. A new customer is both added and
/// updated.
pub const FETCHES_TWICE: Steps = Steps {
    group: |change| change.discriminator.clone(),
    ..Steps::GOOD
};

/// As `retry(3)` without a wait: all three are refused, since the window of requests has 30 seconds.
pub const RETRIES_AT_ONCE: Steps = Steps {
    retry: |problem, failures| match problem {
        Problem::TooMany(_) if failures <= 3 => Retry::After(Duration::ZERO),
        Problem::TooMany(_) => Retry::Never,
        problem => worker::retry(problem, failures),
    },
    ..Steps::GOOD
};

/// As `if (!response.ok) console.error(…)`: what the events named is never fetched.
pub const GIVES_UP_ON_429: Steps = Steps {
    retry: |problem, failures| match problem {
        Problem::TooMany(_) => Retry::Never,
        problem => worker::retry(problem, failures),
    },
    ..Steps::GOOD
};
