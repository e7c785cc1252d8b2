//! The input of formatters.

use crate::checks::{Summary, Verdict};
use crate::document::Document;
use crate::frame::Frame;
use crate::secrets::Masking;

/// A payload with its verdict.
#[derive(Debug)]
pub struct Record<'r> {
    /// The label of the input: a path, or `<stdin>`.
    pub path: &'r str,
    /// The frame that the payload was found in.
    pub frame: &'r Frame<'r>,
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
}
