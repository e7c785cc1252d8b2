//! The `short` format: one line for each diagnostic, `path:line:column: level[code] message`, as
//! editors and `grep` read it.

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::document::Position;

use super::chunk_reporter::ChunkReporter;
use super::escape::{display_text, escape_controls};
use super::wording::omitted;
use super::{Chunk, Format, Formatter, Record};

pub(super) static FORMAT: Format = Format {
    name: "short",
    about: "A line for each diagnostic: `path:line:column: level[code] message`",
    reporter: |out, _| Box::new(ChunkReporter::new(out, LineFormatter)),
};

struct LineFormatter;

impl Formatter for LineFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        for diagnostic in record.verdict.reported() {
            writeln!(chunk.text, "{}", line(record.path, diagnostic))?;
        }
        if let Some(text) = omitted(record.verdict.omitted) {
            let path = escape_controls(record.path);
            let Position { line, column } = record.found.text.start;
            writeln!(chunk.text, "{path}:{line}:{column}: note: {text}")?;
        }
        Ok(())
    }
}

/// Returns a diagnostic as a line, without the line break.
pub(super) fn line(path: &str, diagnostic: &Diagnostic) -> String {
    format!(
        "{}:{}:{}: {}[{}] {}",
        escape_controls(path),
        diagnostic.start.line,
        diagnostic.start.column,
        diagnostic.severity.name(),
        diagnostic.code,
        display_text(&diagnostic.message),
    )
}
