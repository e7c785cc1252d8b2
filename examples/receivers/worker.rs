//! The worker: fetches batch by batch, and decides what to do when a request fails.
//!
//! Nothing sleeps here: entities that could not be fetched wait with the others, and the requests of
//! their integration are paused.

use std::time::Duration;

use mewshook::models::Secret;

use super::api::Api;
use super::fetch::fetch;
use super::receiver::Receiver;

/// Why a request failed.
#[derive(Debug)]
pub enum Problem {
    /// No request may be made for the integration now.
    NoToken,
    /// The API refuses this token.
    Unauthorized(Secret),
    /// Too many requests; the API may say how long to wait.
    TooMany(Option<Duration>),
    /// Another status.
    Status(u16),
    /// There was no answer, or not one of this API.
    NoAnswer,
}

/// What to do after a failed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Make it again after this time.
    After(Duration),
    /// Make it again when the integration has a valid token.
    WithToken,
    /// Give up.
    Never,
}

/// Fetches entities until the receiver is closed.
pub fn work(receiver: &Receiver, api: &Api) {
    while let Some(batch) = receiver.next_batch() {
        let token = || receiver.token(batch.group.integration);
        let result = fetch(api, receiver.steps, &batch, &token);
        receiver.finish(batch, result);
    }
}

/// Decides what to do when a request failed, for the nth time.
pub fn retry(problem: &Problem, failures: u32) -> Retry {
    // 1, 2, 4 … 64 seconds, as the documentation recommends where the API says nothing.
    let backoff = Duration::from_secs(1 << failures.saturating_sub(1).min(6));
    match problem {
        Problem::NoToken | Problem::Unauthorized(_) => Retry::WithToken,
        Problem::TooMany(wait) => Retry::After(wait.unwrap_or(backoff)),
        Problem::NoAnswer | Problem::Status(408 | 500..) => Retry::After(backoff),
        // The request is wrong, and would be wrong again.
        Problem::Status(_) => Retry::Never,
    }
}
