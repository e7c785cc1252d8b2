//! The time of the fake API, which tests set, so that they don't wait.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

/// A clock: the time that has passed since it was created, and when that was.
#[derive(Clone)]
pub struct ApiClock {
    start: DateTime<Utc>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl ApiClock {
    /// Returns the clock of the system.
    pub fn system() -> Self {
        let start = Instant::now();
        Self::new(SystemTime::now().into(), move || start.elapsed())
    }

    /// Creates a clock that a function drives.
    pub fn new(
        start: DateTime<Utc>,
        elapsed: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self {
            start,
            elapsed: Arc::new(elapsed),
        }
    }

    pub(super) fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }

    pub(super) fn wall_time(&self) -> DateTime<Utc> {
        self.start + self.elapsed()
    }
}

impl fmt::Debug for ApiClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiClock").field(&self.elapsed()).finish()
    }
}
