//! The `json` format: one JSON document with the objects of all payloads, as in `ndjson`, and the
//! totals. It is written while payloads are checked, so its size does not matter.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use super::chunk::copy;
use super::ndjson::ObjectFormatter;
use super::object::VERSION;
use super::{Chunk, Format, Formatter, Reporter, Totals};

pub(super) static FORMAT: Format = Format {
    name: "json",
    about: "One JSON document with totals",
    reporter: |out, _| {
        Box::new(JsonReporter {
            out,
            is_empty: true,
        })
    },
};

struct JsonReporter<W> {
    out: W,
    /// Whether nothing was written yet.
    is_empty: bool,
}

impl<W: Write> JsonReporter<W> {
    /// Writes the start of the document, up to the first payload.
    fn begin(&mut self) -> io::Result<()> {
        self.is_empty = false;
        write!(self.out, "{{\"version\":{VERSION},\"payloads\":[")
    }
}

impl<W: Write> Reporter for JsonReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(ObjectFormatter {
            prefix: b",\n",
            suffix: b"",
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if !self.is_empty || chunk.is_empty() {
            return chunk.write(&mut self.out);
        }
        self.begin()?;
        let mut text = chunk.read()?;
        // No comma before the first payload.
        if text.fill_buf()?.starts_with(b",") {
            text.consume(1);
        }
        copy(text, &mut self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        if self.is_empty {
            self.begin()?;
        }
        self.out.write_all(b"\n],\"totals\":")?;
        serde_json::to_writer(&mut self.out, totals)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
