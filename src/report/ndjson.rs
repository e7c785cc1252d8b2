//! The `ndjson` format: a JSON object for each payload, on a line of its own.

use std::io;

use super::chunk_reporter::ChunkReporter;
use super::{Chunk, Format, Formatter, Record, object};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    about: "A line of JSON for each payload",
    reporter: |out, _| {
        let formatter = ObjectFormatter {
            prefix: b"",
            suffix: b"\n",
        };
        Box::new(ChunkReporter::new(out, formatter))
    },
};

/// Formats each payload as a JSON object between a prefix and a suffix.
pub(super) struct ObjectFormatter {
    pub(super) prefix: &'static [u8],
    pub(super) suffix: &'static [u8],
}

impl Formatter for ObjectFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        chunk.text.extend_from_slice(self.prefix);
        object::write(&mut chunk.text, record);
        chunk.text.extend_from_slice(self.suffix);
        Ok(())
    }
}
