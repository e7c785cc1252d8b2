//! The traits that formats implement.

use std::io;
use std::sync::Arc;

use crate::input::Label;

use super::{Chunk, Record, Totals};

/// Formats payloads. One formatter is used by several threads at once.
pub trait Formatter: Send + Sync {
    /// Appends the text for a payload to a chunk.
    ///
    /// # Errors
    /// The text can't be stored.
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()>;

    /// Returns `true` if payloads must be checked, and not only found: otherwise verdicts have only
    /// the kind, and the error of a payload that is not JSON.
    fn needs_checks(&self) -> bool {
        true
    }
}

/// Joins chunks into a report and writes it.
pub trait Reporter {
    /// Returns the formatter of the chunks that this reporter takes.
    fn formatter(&self) -> Arc<dyn Formatter>;

    /// Adds a chunk. Chunks must be added in input order.
    ///
    /// # Errors
    /// The output can't be written.
    fn add(&mut self, chunk: Chunk) -> io::Result<()>;

    /// Adds an input that could not be read, or not to its end.
    ///
    /// # Errors
    /// The output can't be written.
    fn add_failure(&mut self, _failure: &Failure) -> io::Result<()> {
        Ok(())
    }

    /// Adds an input without a payload. Not called where such inputs are accepted.
    ///
    /// # Errors
    /// The output can't be written.
    fn add_empty(&mut self, _path: &Label, _message: &str) -> io::Result<()> {
        Ok(())
    }

    /// Flushes the output while no payload arrives. This never changes what the report contains.
    ///
    /// # Errors
    /// The output can't be written.
    fn flush(&mut self) -> io::Result<()>;

    /// Returns `true` if a payload is held back until the next one arrives or the input ends.
    fn is_holding_back(&self) -> bool {
        false
    }

    /// Ends the report, after all chunks.
    ///
    /// # Errors
    /// The output can't be written.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}

/// An input that could not be read, or not to its end.
#[derive(Debug)]
pub struct Failure {
    /// The label of the input.
    pub path: Label,
    /// Why it could not be read, and what to do.
    pub message: String,
}

/// Reports nothing, for callers that need the exit status alone.
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

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}
