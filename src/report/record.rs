//! The input of formatters.

use chrono::SecondsFormat;
use sha2::{Digest, Sha256};

use crate::capture::{Delivery, FoundPayload};
use crate::checks::{Summary, Verdict};
use crate::document::Document;
use crate::input::Label;
use crate::secrets::Masking;
use crate::{query, steps};

/// A payload with its verdict.
#[derive(Debug)]
pub struct Record<'r> {
    /// The label of the input: a path, or `<stdin>`.
    pub path: &'r Label,
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

    /// Returns the payload's bytes, or `None` if the capture lacks them.
    pub fn body(&self) -> Option<&'r [u8]> {
        let found = self.found;
        (!found.is_missing).then_some(found.text.text)
    }
}

/// Returns the SHA-256 of a payload in hex, by which copies of it are found.
pub(crate) fn body_sha256(body: &[u8]) -> String {
    String::from_utf8_lossy(&hex_sha256(body)).into_owned()
}

/// Returns the SHA-256 of a payload in hex, as ASCII.
pub(super) fn hex_sha256(body: &[u8]) -> [u8; 64] {
    steps::add(body.len());
    let mut hex = [0; 64];
    let result = faster_hex::hex_encode(&Sha256::digest(body), &mut hex);
    debug_assert!(result.is_ok(), "the buffer has twice the length");
    hex
}

/// Returns when a payload was received, as RFC 3339 in UTC, if the notation of its capture is known.
pub(super) fn received(delivery: Option<&Delivery>) -> Option<String> {
    let received = query::received(delivery?)?;
    Some(received.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
