//! Reports that list diagnostics and nothing else: `github`, `gitlab` and `sarif`.
//!
//! Workers write each diagnostic as a line of JSON, without secrets; one thread makes the list of
//! them, in order, since the fingerprint of a diagnostic depends on those before it. Payloads without
//! a diagnostic cost nothing.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Severity;
use crate::document::Position;

use super::escape::shown;
use super::object::masked_pointer;
use super::{Chunk, Failure, Formatter, NO_PAYLOAD, Record, Reporter, Totals, Workspace};

/// A diagnostic without secrets and without what the lists do not show.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ListedDiagnostic<'f> {
    #[serde(borrow)]
    pub(super) code: Cow<'f, str>,
    is_error: bool,
    pub(super) expected: bool,
    #[serde(borrow)]
    pub(super) message: Cow<'f, str>,
    #[serde(borrow)]
    pub(super) help: Option<Cow<'f, str>>,
    #[serde(borrow)]
    pub(super) pointer: Cow<'f, str>,
    #[serde(with = "Place")]
    pub(super) start: Position,
    #[serde(with = "Place")]
    pub(super) end: Position,
}

/// A position on a line of JSON.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Position")]
struct Place {
    line: u64,
    column: u64,
}

impl ListedDiagnostic<'_> {
    /// Creates a diagnostic that is no rule's.
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

    /// Returns the message and the help, on two lines.
    pub(super) fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone().into_owned(),
        }
    }

    fn write(&self, chunk: &mut Chunk) -> io::Result<()> {
        serde_json::to_writer(&mut chunk.text, self)?;
        chunk.text.push(b'\n');
        Ok(())
    }
}

/// An input that can't be read, as a diagnostic at its start: these formats know nothing else.
impl From<&Failure> for ListedDiagnostic<'_> {
    fn from(failure: &Failure) -> Self {
        Self::without_rule("not-read", true, shown(&failure.message), Position::START)
    }
}

/// Writes diagnostics as lines of JSON.
struct ListFormatter;

impl Formatter for ListFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        for diagnostic in &record.verdict.diagnostics {
            let diagnostic = ListedDiagnostic {
                code: diagnostic.code.into(),
                is_error: diagnostic.severity == Severity::Error,
                expected: diagnostic.expected,
                message: shown(&diagnostic.message).into(),
                help: diagnostic.help.as_deref().map(|help| shown(help).into()),
                pointer: shown(&masked_pointer(&diagnostic.pointer)).into(),
                start: diagnostic.start,
                end: diagnostic.end,
            };
            diagnostic.write(chunk)?;
        }
        match super::omitted(record.verdict.omitted) {
            Some(text) => {
                ListedDiagnostic::without_rule("more", false, text, record.frame.payload.start)
                    .write(chunk)
            }
            None => Ok(()),
        }
    }
}

/// A format that lists diagnostics.
pub(super) trait ListFormat {
    /// Writes a diagnostic of an input; `path` is the input's path in the workspace.
    fn diagnostic(
        &mut self,
        out: &mut dyn Write,
        path: &str,
        diagnostic: &ListedDiagnostic<'_>,
    ) -> io::Result<()>;

    /// Writes that an input could not be read, or holds no payload.
    fn input(
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
            self.format.diagnostic(&mut self.out, &path, &diagnostic)?;
            line.clear();
        }
        Ok(())
    }

    fn unreadable(&mut self, failure: &Failure) -> io::Result<()> {
        let path = self.workspace.path(&failure.path);
        self.format.input(&mut self.out, &path, &failure.into())
    }

    fn empty(&mut self, path: &Arc<str>) -> io::Result<()> {
        let path = self.workspace.path(path);
        let diagnostic =
            ListedDiagnostic::without_rule("no-payload", true, NO_PAYLOAD.into(), Position::START);
        self.format.input(&mut self.out, &path, &diagnostic)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.format.finish(&mut self.out, totals)?;
        self.out.flush()
    }
}
