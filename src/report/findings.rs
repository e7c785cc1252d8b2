//! Reports that list findings and nothing else: `github`, `gitlab` and `sarif`.
//!
//! Workers only note down what was found, without secrets, as JSON on lines; the list is made in
//! order, by one thread, since what identifies a finding depends on those before it. Frames without
//! a finding cost nothing.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Severity;
use crate::document::Position;

use super::escape::shown;
use super::json::masked;
use super::{Chunk, Failure, Formatter, NO_PAYLOAD, Record, Reporter, Totals, Workspace};

/// A diagnostic, fit to be shown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Found<'f> {
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

/// How a position is noted down.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Position")]
struct Place {
    line: u64,
    column: u64,
}

impl Found<'_> {
    /// What is no rule's finding.
    fn aside(code: &'static str, is_error: bool, message: String, start: Position) -> Self {
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

    /// The message and what to do, on two lines.
    pub(super) fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone().into_owned(),
        }
    }

    fn note(&self, chunk: &mut Chunk) -> io::Result<()> {
        serde_json::to_writer(&mut chunk.text, self)?;
        chunk.text.push(b'\n');
        Ok(())
    }
}

/// What can't be read, as a finding at its place, for formats that know nothing else.
impl From<&Failure> for Found<'_> {
    fn from(failure: &Failure) -> Self {
        Self::aside("not-read", true, shown(&failure.message), Position::START)
    }
}

/// Notes diagnostics down.
struct Notes;

impl Formatter for Notes {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        for diagnostic in &record.verdict.diagnostics {
            let found = Found {
                code: diagnostic.code.into(),
                is_error: diagnostic.severity == Severity::Error,
                expected: diagnostic.expected,
                message: shown(&diagnostic.message).into(),
                help: diagnostic.help.as_deref().map(|help| shown(help).into()),
                pointer: shown(&masked(&diagnostic.pointer)).into(),
                start: diagnostic.start,
                end: diagnostic.end,
            };
            found.note(chunk)?;
        }
        match super::omitted(record.verdict.omitted) {
            Some(text) => Found::aside("more", false, text, record.frame.payload.start).note(chunk),
            None => Ok(()),
        }
    }
}

/// The form of a list.
pub(super) trait Form {
    /// Adds a finding of an input, whose path is that in the workspace.
    fn finding(&mut self, out: &mut dyn Write, path: &str, found: &Found<'_>) -> io::Result<()>;

    /// Adds what is wrong with an input itself: that it could not be read, or holds no payload.
    fn input(&mut self, out: &mut dyn Write, path: &str, found: &Found<'_>) -> io::Result<()>;

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

impl<W: Write> Reporter for Listing<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(Notes)
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if chunk.is_empty() {
            return Ok(());
        }
        let path = self.workspace.path(&chunk.path);
        let mut notes = chunk.read()?;
        let mut line = Vec::new();
        while notes.read_until(b'\n', &mut line)? > 0 {
            let found = serde_json::from_slice(&line)?;
            self.form.finding(&mut self.out, &path, &found)?;
            line.clear();
        }
        Ok(())
    }

    fn unreadable(&mut self, failure: &Failure) -> io::Result<()> {
        let path = self.workspace.path(&failure.path);
        self.form.input(&mut self.out, &path, &failure.into())
    }

    fn empty(&mut self, path: &Arc<str>) -> io::Result<()> {
        let path = self.workspace.path(path);
        let found = Found::aside("no-payload", true, NO_PAYLOAD.into(), Position::START);
        self.form.input(&mut self.out, &path, &found)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.form.finish(&mut self.out, totals)?;
        self.out.flush()
    }
}
