//! Reports that list findings and nothing else: `github`, `gitlab` and `sarif`.
//!
//! Workers only note down what was found, without secrets; the list is made in order, by one
//! thread, since what identifies a finding depends on those before it. Payloads without a finding
//! cost nothing.

use std::io::{self, Write};
use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::document::Position;

use super::escape::shown;
use super::json::masked;
use super::{Failure, Page, Record, Report, Scribe, Totals, Workspace};

/// A diagnostic, fit to be shown.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) expected: bool,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) pointer: String,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Found {
    /// What is no rule's finding.
    fn aside(code: &'static str, message: String, start: Position) -> Self {
        Self {
            code,
            severity: Severity::Warning,
            expected: false,
            message,
            help: None,
            pointer: String::new(),
            start,
            end: start,
        }
    }

    /// The message and what to do, on two lines.
    pub(super) fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        }
    }
}

/// What can't be read, as a finding at its place, for formats that know nothing else.
impl From<&Failure> for Found {
    fn from(failure: &Failure) -> Self {
        let line = failure.line.unwrap_or(1);
        let start = Position { line, column: 1 };
        Self {
            severity: Severity::Error,
            ..Self::aside("not-read", shown(&failure.message), start)
        }
    }
}

/// Notes diagnostics down.
struct Notes;

impl Scribe for Notes {
    fn payload(&self, record: &Record<'_>, page: &mut Page) -> io::Result<()> {
        for diagnostic in &record.verdict.diagnostics {
            page.findings.push(Found {
                code: diagnostic.code,
                severity: diagnostic.severity,
                expected: diagnostic.expected,
                message: shown(&diagnostic.message),
                help: diagnostic.help.as_deref().map(shown),
                pointer: shown(&masked(&diagnostic.pointer)),
                start: diagnostic.start,
                end: diagnostic.end,
            });
        }
        if let Some(text) = super::omitted(record.verdict.omitted) {
            page.findings.push(Found::aside("more", text, record.start));
        }
        Ok(())
    }
}

/// The form of a list.
pub(super) trait Form {
    /// Adds a finding of an input, whose path is that in the workspace.
    fn finding(&mut self, out: &mut dyn Write, path: &str, found: &Found) -> io::Result<()>;

    /// Adds an input that could not be read, or not from some line on.
    fn unreadable(&mut self, out: &mut dyn Write, path: &str, failure: &Failure) -> io::Result<()>;

    /// There is no more.
    fn finish(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()>;
}

/// A list of findings in some form.
pub struct Listing<W> {
    out: W,
    workspace: Workspace,
    form: Box<dyn Form>,
}

impl<W: Write> Listing<W> {
    pub(super) fn new(out: W, workspace: Workspace, form: impl Form + 'static) -> Self {
        Self {
            out,
            workspace,
            form: Box::new(form),
        }
    }
}

impl<W: Write> Report for Listing<W> {
    fn scribe(&self) -> Arc<dyn Scribe> {
        Arc::new(Notes)
    }

    fn add(&mut self, page: Page) -> io::Result<()> {
        if page.findings.is_empty() {
            return Ok(());
        }
        let path = self.workspace.path(&page.path);
        for found in &page.findings {
            self.form.finding(&mut self.out, &path, found)?;
        }
        Ok(())
    }

    fn unreadable(&mut self, failure: &Failure) -> io::Result<()> {
        let path = self.workspace.path(&failure.path);
        self.form.unreadable(&mut self.out, &path, failure)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.form.finish(&mut self.out, totals)?;
        self.out.flush()
    }
}
