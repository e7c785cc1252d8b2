//! The input of formatters.

use crate::capture::{Delivery, FoundPayload};
use crate::checks::{Summary, Verdict};
use crate::document::Document;
use crate::secrets::Masking;

/// A payload with its verdict.
#[derive(Debug)]
pub struct Record<'r> {
    /// The label of the input: a path, or `<stdin>`.
    pub path: &'r str,
    /// The payload, and where it was found.
    pub found: &'r FoundPayload<'r>,
    /// The result of checking the payload.
    pub verdict: &'r Verdict,
    /// The parsed payload, if it is JSON.
    pub document: Option<&'r Document<'r>>,
    /// Whether secrets are masked.
    pub masking: Masking,
}

impl<'r> Record<'r> {
    /// Returns the summary of the payload, which is empty if its kind is unknown.
    pub fn summary(&self) -> Summary<'r> {
        match (self.verdict.kind, self.document) {
            (Some(kind), Some(document)) => Summary::of(kind, document, self.masking),
            _ => Summary::default(),
        }
    }

    /// Returns what is known about the delivery, with its secrets masked.
    pub fn delivery(&self) -> Option<Delivery> {
        let delivery = self.found.delivery()?;
        Some(delivery.masked(self.masking))
    }
}
