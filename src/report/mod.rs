//! Verdicts as text: one file a format. No other module knows how anything looks.
//!
//! Workers format payloads into chunks ([`Formatter`]); one thread joins the chunks into a report
//! ([`Reporter`]). [`FORMATS`] lists the formats.

mod card;
mod chunk;
mod chunks;
mod codes;
mod escape;
mod fingerprint;
mod format;
mod github;
mod gitlab;
mod human;
mod inspect;
mod json;
mod junit;
mod layout;
mod list;
mod ndjson;
mod object;
mod rows;
mod sarif;
mod short;
mod snippet;
mod style;
mod tee;
mod workspace;
mod wrap;

use std::io;
use std::sync::Arc;

use serde::Serialize;

use crate::checks::{Summary, Verdict};
use crate::document::Document;
use crate::frame::Frame;

pub use chunk::Chunk;
pub use escape::{shown, visible};
pub use format::{FORMATS, Format, ReportOptions, View};
pub use layout::indented;
pub use style::Style;
pub use tee::Tee;
pub use workspace::Workspace;

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
}

impl<'r> Record<'r> {
    /// Returns the summary of the payload, empty if its kind is unknown.
    pub fn summary(&self) -> Summary<'r> {
        match (self.verdict.kind, self.document) {
            (Some(kind), Some(document)) => Summary::of(kind, document),
            _ => Summary::default(),
        }
    }
}

/// The totals of a run, as the JSON formats have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Payloads checked.
    pub payloads: u64,
    /// Payloads without an error.
    pub valid: u64,
    /// Payloads whose only errors were expected.
    pub expected: u64,
    /// All other payloads.
    pub invalid: u64,
    /// Errors that were not expected.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: u64,
    /// Inputs that hold no payload, where that is not accepted.
    pub empty: u64,
}

impl Totals {
    /// Counts a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        self.payloads += 1;
        match (verdict.valid, verdict.passed) {
            (true, _) => self.valid += 1,
            (false, true) => self.expected += 1,
            (false, false) => self.invalid += 1,
        }
        self.errors += verdict.errors as u64;
        self.warnings += verdict.warnings as u64;
    }

    /// Adds the totals of a part of the run.
    pub fn merge(&mut self, part: &Self) {
        self.payloads += part.payloads;
        self.valid += part.valid;
        self.expected += part.expected;
        self.invalid += part.invalid;
        self.errors += part.errors;
        self.warnings += part.warnings;
        self.unreadable += part.unreadable;
        self.empty += part.empty;
    }
}

/// An input that could not be read, or not to its end.
#[derive(Debug)]
pub struct Failure {
    /// The label of the input.
    pub path: Arc<str>,
    /// Why it could not be read, and what to do.
    pub message: String,
}

/// Formats the verdict on one payload. Several threads use one formatter at once.
pub trait Formatter: Send + Sync {
    /// Appends what the format says about a payload to a chunk.
    ///
    /// # Errors
    /// The text can't be stored.
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()>;
}

/// Joins chunks into a report, and writes it.
pub trait Reporter {
    /// Returns the formatter of the chunks that this reporter takes.
    fn formatter(&self) -> Arc<dyn Formatter>;

    /// Adds a chunk. Chunks arrive in input order.
    ///
    /// # Errors
    /// The output can't be written.
    fn add(&mut self, chunk: Chunk) -> io::Result<()>;

    /// Adds an input that could not be read, or not to its end.
    ///
    /// # Errors
    /// The output can't be written.
    fn unreadable(&mut self, _failure: &Failure) -> io::Result<()> {
        Ok(())
    }

    /// Adds an input that was read and holds no payload, unless such inputs are accepted.
    ///
    /// # Errors
    /// The output can't be written.
    fn empty(&mut self, _path: &Arc<str>) -> io::Result<()> {
        Ok(())
    }

    /// Flushes the output while no payload arrives. This never changes what is written.
    ///
    /// # Errors
    /// The output can't be written.
    fn idle(&mut self) -> io::Result<()>;

    /// Returns `true` if a payload is held back until the next one or the end.
    fn is_holding_back(&self) -> bool {
        false
    }

    /// Ends the report, after all chunks.
    ///
    /// # Errors
    /// The output can't be written.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}

/// Prints nothing, for callers that need the exit status alone.
#[derive(Debug)]
pub struct Quiet;

impl Formatter for Quiet {
    fn format(&self, _record: &Record<'_>, _chunk: &mut Chunk) -> io::Result<()> {
        Ok(())
    }
}

impl Reporter for Quiet {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(Self)
    }

    fn add(&mut self, _chunk: Chunk) -> io::Result<()> {
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}

/// The message for an input without a payload.
const NO_PAYLOAD: &str = "there is no payload; --allow-empty accepts such a file";

/// Returns the message for diagnostics that are not reported: `and 49,900 more diagnostics …`.
fn omitted(count: usize) -> Option<String> {
    let noun = if count == 1 {
        "diagnostic"
    } else {
        "diagnostics"
    };
    (count > 0).then(|| {
        let count = grouped(count);
        format!("and {count} more {noun} of this payload; --max-diagnostics shows more")
    })
}

/// Returns a number with commas between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a number with its noun: `1 payload`, `2 payloads`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
