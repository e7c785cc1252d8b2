//! Formats that list diagnostics and nothing else: `github`, `gitlab` and `sarif`.
//!
//! Workers serialize each diagnostic as a line of JSON, with its secrets masked. One thread reads the
//! lines and writes the list: it needs all diagnostics in order, since the fingerprint of one depends
//! on those before it. A payload without diagnostics adds nothing to a chunk.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Severity;
use crate::document::Position;
use crate::input::Label;

use super::escape::display_text;
use super::wording::omitted;
use super::{Chunk, Failure, Formatter, Record, Reporter, Totals, Workspace};

/// A diagnostic with its secrets masked, and only with what lists contain.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ListedDiagnostic<'d> {
    #[serde(borrow)]
    pub(super) code: Cow<'d, str>,
    is_error: bool,
    pub(super) expected: bool,
    #[serde(borrow)]
    pub(super) message: Cow<'d, str>,
    #[serde(borrow)]
    pub(super) help: Option<Cow<'d, str>>,
    #[serde(borrow)]
    pub(super) pointer: Cow<'d, str>,
    #[serde(with = "SerializedPosition")]
    pub(super) start: Position,
    #[serde(with = "SerializedPosition")]
    pub(super) end: Position,
}

/// The serialized form of a [`Position`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Position")]
struct SerializedPosition {
    line: u64,
    column: u64,
}

impl ListedDiagnostic<'_> {
    /// Creates a diagnostic that is not an instance of a rule.
    fn without_rule(code: &'static str, is_error: bool, message: String, start: Position) -> Self {
        Self {
            code: code.into(),
            is_error,
            expected: false,
            message: message.into(),
            help: None,
            pointer: "".into(),
            start,
            end: start,
        }
    }

    pub(super) fn severity(&self) -> Severity {
        if self.is_error {
            Severity::Error
        } else {
            Severity::Warning
        }
    }

    /// Returns the message and, on a second line, the help.
    pub(super) fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone().into_owned(),
        }
    }

    fn write(&self, chunk: &mut Chunk) -> io::Result<()> {
        serde_json::to_writer(&mut *chunk.text, self)?;
        chunk.text.push(b'\n');
        Ok(())
    }
}

/// Places the failure at the start of the input, since a list has no other entries.
impl From<&Failure> for ListedDiagnostic<'_> {
    fn from(failure: &Failure) -> Self {
        let message = display_text(&failure.message);
        Self::without_rule("not-read", true, message, Position::START)
    }
}

/// Formats diagnostics as lines of JSON.
struct ListFormatter;

impl Formatter for ListFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        for diagnostic in &record.verdict.diagnostics {
            let help = diagnostic.help.as_deref();
            let diagnostic = ListedDiagnostic {
                code: diagnostic.code.into(),
                is_error: diagnostic.severity == Severity::Error,
                expected: diagnostic.expected,
                message: display_text(&diagnostic.message).into(),
                help: help.map(|help| display_text(help).into()),
                pointer: display_text(&diagnostic.pointer).into(),
                start: diagnostic.start,
                end: diagnostic.end,
            };
            diagnostic.write(chunk)?;
        }
        match omitted(record.verdict.omitted) {
            Some(text) => {
                ListedDiagnostic::without_rule("more", false, text, record.found.text.start)
                    .write(chunk)
            }
            None => Ok(()),
        }
    }
}

/// A format that lists diagnostics.
pub(super) trait ListFormat {
    /// Writes a diagnostic. `path` is the input's path in the workspace.
    fn write_diagnostic(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()>;

    /// Writes that an input could not be read or has no payload.
    fn write_failure(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()>;

    /// Ends the list.
    fn finish(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()>;
}

/// Writes a list of diagnostics.
pub(super) struct ListReporter<W> {
    out: W,
    workspace: Workspace,
    format: Box<dyn ListFormat>,
}

impl<W: Write> ListReporter<W> {
    /// Creates a reporter that writes paths relative to the root of `workspace`.
    pub(super) fn new(out: W, workspace: Workspace, format: impl ListFormat + 'static) -> Self {
        Self {
            out,
            workspace,
            format: Box::new(format),
        }
    }
}

impl<W: Write> Reporter for ListReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(ListFormatter)
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        let path = self.workspace.path(&chunk.path);
        let mut lines = chunk.read()?;
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let diagnostic = serde_json::from_slice(&line)?;
            self.format
                .write_diagnostic(&mut self.out, &path, &diagnostic)?;
            line.clear();
        }
        Ok(())
    }

    fn add_failure(&mut self, failure: &Failure) -> io::Result<()> {
        let path = self.workspace.path(&failure.path);
        self.format
            .write_failure(&mut self.out, &path, &failure.into())
    }

    fn add_empty(&mut self, path: &Label, message: &str) -> io::Result<()> {
        let path = self.workspace.path(path);
        let diagnostic =
            ListedDiagnostic::without_rule("no-payload", true, message.into(), Position::START);
        self.format.write_failure(&mut self.out, &path, &diagnostic)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.format.finish(&mut self.out, totals)?;
        self.out.flush()
    }
}
