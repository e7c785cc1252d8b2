//! Verdicts as text: one file a format. Nothing outside of this module knows how anything looks.

mod card;
mod codes;
mod escape;
mod findings;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod inspect;
mod json;
mod junit;
mod layout;
mod object;
mod page;
mod plain;
mod rows;
mod sarif;
mod several;
mod short;
mod snippet;
mod style;
mod workspace;
mod wrap;

use std::io;
use std::sync::Arc;

use crate::checks::{Summary, Verdict};
use crate::document::{Document, Position};

pub use escape::{shown, visible};
pub use findings::Listing;
pub use inspect::Inspect;
pub use json::Json;
pub use junit::Junit;
pub use layout::indented;
pub use page::Page;
pub use plain::Plain;
pub use several::Several;
pub use style::Style;
pub use workspace::Workspace;

/// A payload with its verdict.
#[derive(Debug)]
pub struct Record<'r> {
    /// The label of the input: a path, or `<stdin>`.
    pub path: &'r str,
    /// Where the payload starts.
    pub start: Position,
    /// The same as bytes from the start of the input.
    pub offset: u64,
    /// The payload's number in the input, from 1.
    pub number: u64,
    /// The payload's text.
    pub text: &'r [u8],
    /// The end of what stands before the payload in its input.
    pub before: &'r [u8],
    /// What is to be said about it.
    pub verdict: &'r Verdict,
    /// The payload itself, if it's JSON.
    pub document: Option<&'r Document<'r>>,
}

impl<'r> Record<'r> {
    /// What the payload says, as far as it says anything that is known.
    pub fn summary(&self) -> Summary<'r> {
        match (self.verdict.kind, self.document) {
            (Some(kind), Some(document)) => Summary::of(kind, document),
            _ => Summary::default(),
        }
    }
}

/// The figures of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Payloads checked.
    pub payloads: u64,
    /// Those of them without an error.
    pub valid: u64,
    /// Those with just the errors that were expected.
    pub expected: u64,
    /// The others.
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
    /// Counts a verdict in.
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

    /// Adds the figures of a part of the run.
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

/// Something that could not be read or judged.
#[derive(Debug)]
pub struct Failure {
    /// The label of the input.
    pub path: Arc<str>,
    /// The line from which on it could not, if not all of it.
    pub line: Option<u64>,
    /// Why, and what to do.
    pub message: String,
}

/// The part of a format that says something about each payload, for several threads at once.
pub trait Scribe: Send + Sync {
    /// Says on a page what is to be said about a payload.
    ///
    /// # Errors
    /// What is to be said can't be written down.
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()>;
}

/// The part of a format that makes one report of pages.
pub trait Report {
    /// A scribe for this report.
    fn scribe(&self) -> Arc<dyn Scribe>;

    /// Adds a page, in the order of the payloads.
    ///
    /// # Errors
    /// The output can't be written.
    fn add(&mut self, page: Page) -> io::Result<()>;

    /// Adds an input, or the rest of one, that could not be read.
    ///
    /// # Errors
    /// The output can't be written.
    fn unreadable(&mut self, _failure: &Failure) -> io::Result<()> {
        Ok(())
    }

    /// Adds an input that was read and holds no payload, where that is not accepted.
    ///
    /// # Errors
    /// The output can't be written.
    fn empty(&mut self, _path: &Arc<str>) -> io::Result<()> {
        Ok(())
    }

    /// No more payloads come for now: what is written should be seen. This must not change what is
    /// written, before or after.
    ///
    /// # Errors
    /// The output can't be written.
    fn idle(&mut self) -> io::Result<()>;

    /// Whether a payload is not shown until another one or the end comes.
    fn is_holding_back(&self) -> bool {
        false
    }

    /// All payloads were checked.
    ///
    /// # Errors
    /// The output can't be written.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}

/// Says nothing: the exit status tells.
#[derive(Debug)]
pub struct Quiet;

impl Scribe for Quiet {
    fn payload(&self, _record: &Record<'_>, _page: &mut Page) -> io::Result<()> {
        Ok(())
    }
}

impl Report for Quiet {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(Self)
    }

    fn add(&mut self, _page: Page) -> io::Result<()> {
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}

/// What is said of an input without a payload.
const NO_PAYLOAD: &str = "there is no payload; --allow-empty accepts such a file";

/// `and 49,900 more diagnostics …`, where some of a payload's are not told.
fn omitted(count: usize) -> Option<String> {
    let noun = if count == 1 {
        "diagnostic"
    } else {
        "diagnostics"
    };
    (count > 0).then(|| {
        let count = grouped(count);
        format!("and {count} more {noun} of this payload; --max-diagnostics tells more")
    })
}

/// A number with a comma between thousands.
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

/// A number with its noun: `1 payload`, `2 payloads`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
