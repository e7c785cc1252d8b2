//! One request, and what comes next.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{PostResult, ScheduledPayload};

/// One request of a delivery.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// The delivery.
    pub delivery: Arc<ScheduledPayload>,
    /// The number of the attempt, from 1.
    pub number: u32,
    /// The maximum number of attempts.
    pub max: u32,
    /// When the request started.
    pub started: DateTime<Utc>,
    /// What came back.
    pub result: PostResult,
    /// What it means for the delivery.
    pub outcome: AttemptOutcome,
}

/// What an attempt means for its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// The receiver has accepted the payload.
    Accepted,
    /// The receiver has not accepted it, and there will be another attempt.
    Retried,
    /// The receiver has not accepted it, and this was the last attempt.
    Failed,
}

impl AttemptOutcome {
    /// Returns the name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Retried => "retried",
            Self::Failed => "failed",
        }
    }
}

impl Attempt {
    /// Returns why the payload was not accepted, or `None` if it was: the error, or what the response says.
    pub fn reason(&self) -> Option<String> {
        if self.result.is_success() {
            return None;
        }
        let PostResult {
            status,
            response,
            error,
            ..
        } = &self.result;
        let is_redirect = status.is_some_and(|status| (300..400).contains(&status));
        let redirect = is_redirect.then(|| "only 307 and 308 are followed".to_owned());
        let response = response.as_ref().map(|text| format!("`{text}`"));
        error.clone().or(redirect).or(response)
    }
}
