//! The limit of requests with one token: a sliding window.
//!
//! Source: `connector-api/guidelines/environments.md`, 2026-08-07.

use std::collections::VecDeque;
use std::time::Duration;

use crate::contract::{MAX_REQUESTS, REQUEST_WINDOW};

/// The number of requests that are accepted within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of requests.
    pub requests: u64,
    /// The length of the window.
    pub window: Duration,
}

impl RateLimit {
    /// The documented limit: 200 requests in 30 s.
    pub const DOCUMENTED: Self = Self {
        requests: MAX_REQUESTS,
        window: REQUEST_WINDOW,
    };

    /// No limit.
    pub const NONE: Self = Self {
        requests: u64::MAX,
        window: Duration::ZERO,
    };
}

/// The times of the requests that were accepted within the window. Refused ones don't count: no source
/// says whether they do.
#[derive(Debug, Default)]
pub(super) struct SlidingWindow(VecDeque<Duration>);

impl SlidingWindow {
    /// Accepts a request, or returns the time after which one is accepted.
    pub(super) fn accept(&mut self, limit: RateLimit, now: Duration) -> Result<(), Duration> {
        while let Some(first) = self.0.front() {
            if *first + limit.window > now {
                break;
            }
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() as u64 >= limit.requests => {
                Err((*first + limit.window).saturating_sub(now))
            }
            _ => {
                self.0.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_leave_the_window_one_by_one() {
        let limit = RateLimit {
            requests: 3,
            window: Duration::from_secs(30),
        };
        let mut window = SlidingWindow::default();
        let seconds = Duration::from_secs;
        for second in [0, 10, 20] {
            assert_eq!(window.accept(limit, seconds(second)), Ok(()));
        }
        assert_eq!(window.accept(limit, seconds(20)), Err(seconds(10)));
        assert_eq!(window.accept(limit, seconds(29)), Err(seconds(1)));
        assert_eq!(window.accept(limit, seconds(30)), Ok(()));
        assert_eq!(window.accept(limit, seconds(30)), Err(seconds(10)));
        assert_eq!(window.accept(limit, seconds(90)), Ok(()));
    }
}
