//! The clock of deliveries, which tests replace by one that never sleeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

/// A clock that can be waited on, until all work is to be stopped.
pub trait Clock: Sync {
    /// Returns the time, for distances.
    fn now(&self) -> Instant;

    /// Returns the time of day, for people.
    fn time(&self) -> DateTime<Utc>;

    /// Waits until a time. Returns `false` if the work is to be stopped, at once when that is known.
    fn wait_until(&self, time: Instant) -> bool;
}

/// The clock of the system.
#[derive(Debug, Clone, Default)]
pub struct SystemClock {
    /// The flag that stops all work. A signal handler sets it, which can't wake a thread.
    pub is_stopped: Arc<AtomicBool>,
}

/// The interval at which a waiting thread looks whether it is stopped.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn time(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    fn wait_until(&self, time: Instant) -> bool {
        loop {
            if self.is_stopped.load(Ordering::SeqCst) {
                return false;
            }
            let left = time.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(STOP_INTERVAL));
        }
    }
}
