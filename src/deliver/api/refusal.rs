//! Why a request is refused, as the API says it: a status, and JSON with a `Message`.
//!
//! Source: `connector-api/guidelines/responses.md`, 2026-08-07. It names statuses, and only few messages:
//! the others are our own.

use std::time::Duration;

use serde_json::json;

use super::super::server::Response;
use super::{json_response, request_id};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such operation, or the method is not POST.
    NotFound,
    /// The request is invalid.
    Invalid(String),
    /// A token is missing, unknown or revoked.
    Unauthorized(&'static str),
    /// There were too many requests.
    TooMany(Duration),
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// Returns the response to the request with a number.
    pub(super) fn response(&self, number: usize) -> Response {
        let (status, message) = match self {
            Self::NotFound => (404, "Not found: check the path and the method"),
            Self::Invalid(message) => (400, message.as_str()),
            Self::Unauthorized(message) => (401, *message),
            Self::TooMany(_) => (429, "Too many requests"),
        };
        let body = json!({ "Message": message, "RequestId": request_id(number) });
        let response = json_response(status, &body);
        match self {
            Self::TooMany(wait) => response.header("Retry-After", seconds(*wait).to_string()),
            _ => response,
        }
    }
}

/// Returns a time in whole seconds, so that no wait is too short.
fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up() {
        for (milliseconds, rounded) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (30_000, 30)] {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), rounded);
        }
    }
}
