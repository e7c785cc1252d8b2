//! How many deliveries there were, and what became of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ForwardResult, Note, SignatureStatus};

/// How many deliveries there were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListenCounts {
    /// The deliveries that were recorded.
    pub deliveries: u64,
    /// Those that were answered, by status.
    pub answered: BTreeMap<u16, u64>,
    /// Those that were not answered, as planned.
    pub unanswered: u64,
    /// The requests that were refused, by status. They were not recorded.
    pub refused: BTreeMap<u16, u64>,
    /// The deliveries that could not be recorded, and were answered with 503.
    pub not_recorded: u64,
    /// The deliveries by what their signature is worth, if signatures are checked.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub signatures: BTreeMap<&'static str, u64>,
    /// The deliveries that were passed on, if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<ForwardCounts>,
}

/// How many deliveries were passed on to the handler.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ForwardCounts {
    /// Those that the handler has answered, by status.
    pub answered: BTreeMap<u16, u64>,
    /// Those that it has not answered in time.
    pub late: u64,
    /// Those that did not reach it, or whose answer was not HTTP.
    pub failed: u64,
}

impl ListenCounts {
    /// Counts a delivery that was recorded, by the status that answers it, if one does.
    pub(super) fn add_delivery(&mut self, status: Option<u16>) {
        self.deliveries += 1;
        match status {
            Some(status) => *self.answered.entry(status).or_default() += 1,
            None => self.unanswered += 1,
        }
    }

    /// Counts a signature.
    pub fn add_signature(&mut self, status: SignatureStatus) {
        *self.signatures.entry(status.name()).or_default() += 1;
    }

    /// Counts what a note says.
    pub(super) fn add_note(&mut self, note: &Note) {
        match note {
            Note::Refused { status, .. } => *self.refused.entry(*status).or_default() += 1,
            Note::NotRecorded { .. } => self.not_recorded += 1,
            Note::Answered { .. } => {}
            Note::Forwarded { result, .. } => {
                self.forwarded.get_or_insert_default().add(result);
            }
        }
    }
}

impl ForwardCounts {
    fn add(&mut self, result: &ForwardResult) {
        match &result.status {
            Ok(status) => *self.answered.entry(*status).or_default() += 1,
            Err(crate::deliver::ClientError::Timeout(_)) => self.late += 1,
            Err(_) => self.failed += 1,
        }
    }
}
