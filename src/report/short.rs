//! One line a diagnostic, `path:line:column: level[code] message`, as editors and `grep` take it.

use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::document::Position;

use super::chunks::ChunkReporter;
use super::escape::shown;
use super::{Chunk, Format, Formatter, Record};

/// A line for each diagnostic, and nothing else.
pub(super) static FORMAT: Format = Format {
    name: "short",
    about: "One line a diagnostic: `path:line:column: level[code] message`",
    reporter: |out, _| Box::new(ChunkReporter::new(out, LineFormatter)),
};

struct LineFormatter;

impl Formatter for LineFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        for diagnostic in record.verdict.reported() {
            writeln!(chunk.text, "{}", line(record.path, diagnostic))?;
        }
        if let Some(text) = super::omitted(record.verdict.omitted) {
            let (path, Position { line, column }) =
                (super::visible(record.path), record.frame.payload.start);
            writeln!(chunk.text, "{path}:{line}:{column}: note: {text}")?;
        }
        Ok(())
    }
}

/// Returns a diagnostic as a line, without the line break.
pub(super) fn line(path: &str, diagnostic: &Diagnostic) -> String {
    format!(
        "{}:{}:{}: {}[{}] {}",
        super::visible(path),
        diagnostic.start.line,
        diagnostic.start.column,
        diagnostic.severity.name(),
        diagnostic.code,
        shown(&diagnostic.message),
    )
}
