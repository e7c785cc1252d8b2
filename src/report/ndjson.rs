//! The `ndjson` format: one object a payload, on a line of its own, as payloads are checked.

use std::io;

use super::chunks::ChunkReporter;
use super::escape::escape_json;
use super::{Chunk, Format, Formatter, Record, object};

/// A line for each payload.
pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    about: "One JSON object a payload, as they come",
    reporter: |out, _| {
        let formatter = ObjectFormatter {
            before: b"",
            after: b"\n",
        };
        Box::new(ChunkReporter::new(out, formatter))
    },
};

/// Writes the object of each payload between two texts.
pub(super) struct ObjectFormatter {
    pub(super) before: &'static [u8],
    pub(super) after: &'static [u8],
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
