//! Copies payloads out of captures, as they are.
//!
//! Payloads are found as they are for a report, and only the formatter differs: it appends the text
//! of a payload and not what is known about it. So the pool runs it, and payloads are written in
//! input order. They are not checked, which takes longer than to find them, and nothing is masked.
//!
//! A text that is not JSON is a payload as well: those who extract payloads want the broken ones
//! above all. But in a stream it could swallow the next payload, or be read as several, so some are
//! left out of it (`stream`). A record with the delivery (`record`) and a file (`file`) hold any text.

mod file;
mod record;
mod stream;

use std::io::Write;

use crate::report::{ChunkReporter, Record, Reporter};

pub use file::{ExtractedFile, FileFormatter, is_file_name, read_files};

#[cfg(feature = "deliver")]
pub(crate) use record::received_record;

use record::RecordFormatter;
use stream::{Layout, StreamFormatter};

/// How payloads are written to a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamFormat {
    /// One payload a line. A payload of several lines is joined, outside of strings.
    #[default]
    Lines,
    /// Indented by two spaces a level.
    Indented,
    /// One record a line, with the payload, its source and its delivery.
    Records,
}

impl StreamFormat {
    /// Returns a reporter that writes the payloads to `out`.
    pub fn reporter<'w>(self, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
        match self {
            Self::Lines => Box::new(ChunkReporter::new(out, StreamFormatter(Layout::Line))),
            Self::Indented => Box::new(ChunkReporter::new(out, StreamFormatter(Layout::Indented))),
            Self::Records => Box::new(ChunkReporter::new(out, RecordFormatter)),
        }
    }
}

/// Returns why there is no payload to extract, if what was found is an error between payloads: a
/// missing bracket, a superfluous comma, or other text in a JSON stream.
pub(crate) fn stray_text(record: &Record<'_>) -> Option<String> {
    let starts_value = matches!(record.found.text.text.first(), Some(b'{' | b'['));
    // What stands inside of something, such as a record of this program, is not between payloads.
    let is_inside = record.found.capture().is_some();
    let is_payload = record.document.is_some() || starts_value || is_inside;
    (!is_payload).then(|| {
        format!(
            "an error between payloads is left out: {}",
            syntax_error(record)
        )
    })
}

/// Returns the message of the syntax error of a payload that is not JSON.
fn syntax_error<'r>(record: &Record<'r>) -> &'r str {
    let first = record.verdict.diagnostics.first();
    first.map_or("not JSON", |diagnostic| &diagnostic.message)
}
