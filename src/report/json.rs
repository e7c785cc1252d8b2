//! Verdicts for programs: `ndjson`, one object a payload as it is checked, and `json`, the same
//! objects in one document with the totals.
//!
//! Version 1. Property names never change their meaning within a version; new ones may be added.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::secrets;

use super::chunk::copy;
use super::escape::escape_json;
use super::{Chunk, Formatter, Plain, Record, Reporter, Totals, object};

pub(super) const VERSION: u32 = 1;

/// One finding.
#[derive(Serialize)]
pub(super) struct DiagnosticObject<'r> {
    code: &'static str,
    severity: &'static str,
    expected: bool,
    message: Cow<'r, str>,
    pointer: Cow<'r, str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pointer_encloses: bool,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    offset: u64,
    length: usize,
    help: Option<Cow<'r, str>>,
    docs: &'static str,
    rule: &'r str,
}

impl<'r> DiagnosticObject<'r> {
    pub(super) fn new(record: &Record<'_>, diagnostic: &'r Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity.name(),
            expected: diagnostic.expected,
            message: secrets::mask(&diagnostic.message),
            pointer: masked(&diagnostic.pointer),
            pointer_encloses: diagnostic.encloses,
            line: diagnostic.start.line,
            column: diagnostic.start.column,
            end_line: diagnostic.end.line,
            end_column: diagnostic.end.column,
            offset: record.frame.offset + diagnostic.span.start as u64,
            length: diagnostic.span.len(),
            help: diagnostic.help.as_deref().map(secrets::mask),
            docs: diagnostic.docs,
            rule: &diagnostic.rule,
        }
    }
}

/// A pointer whose names show no secrets.
pub(super) fn masked(pointer: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
    if pointer.bytes().all(is_plain) {
        return Cow::Borrowed(pointer);
    }
    // Each for itself, since a part of a token is one at the start or the end of a name.
    let names = pointer.split('/').map(|name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        let name = secrets::mask(&name).replace('~', "~0");
        name.replace('/', "~1")
    });
    Cow::Owned(names.collect::<Vec<_>>().join("/"))
}

/// The figures of a run.
#[derive(Serialize)]
struct TotalsObject {
    payloads: u64,
    valid: u64,
    expected: u64,
    invalid: u64,
    errors: u64,
    warnings: u64,
    unreadable: u64,
    empty: u64,
}

impl From<&Totals> for TotalsObject {
    fn from(totals: &Totals) -> Self {
        Self {
            payloads: totals.payloads,
            valid: totals.valid,
            expected: totals.expected,
            invalid: totals.invalid,
            errors: totals.errors,
            warnings: totals.warnings,
            unreadable: totals.unreadable,
            empty: totals.empty,
        }
    }
}

/// Puts a payload's object between two texts.
struct ObjectFormatter {
    before: &'static [u8],
    after: &'static [u8],
}

impl Formatter for ObjectFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.text.extend_from_slice(self.before);
        let start = chunk.text.len();
        object::write(&mut chunk.text, record);
        escape_json(&mut chunk.text, start);
        chunk.text.extend_from_slice(self.after);
        Ok(())
    }
}

impl<W: Write> Plain<W> {
    /// One object a line.
    pub fn ndjson(out: W) -> Self {
        let formatter = ObjectFormatter {
            before: b"",
            after: b"\n",
        };
        Self::new(out, formatter)
    }
}

/// One document, written as it grows.
pub struct Json<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            is_empty: true,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        self.is_empty = false;
        write!(self.out, "{{\"version\":{VERSION},\"payloads\":[")
    }
}

impl<W: Write> Reporter for Json<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(ObjectFormatter {
            before: b",\n",
            after: b"",
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if !self.is_empty || chunk.is_empty() {
            return chunk.write(&mut self.out);
        }
        self.begin()?;
        let mut text = chunk.read()?;
        // There is nothing before the first one that a comma would separate it from.
        if text.fill_buf()?.starts_with(b",") {
            text.consume(1);
        }
        copy(text, &mut self.out)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        if self.is_empty {
            self.begin()?;
        }
        self.out.write_all(b"\n],\"totals\":")?;
        serde_json::to_writer(&mut self.out, &TotalsObject::from(totals))?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
