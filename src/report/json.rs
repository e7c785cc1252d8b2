//! The `json` format: one document with the objects of all payloads, as in `ndjson`, and the totals.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use super::chunk::copy;
use super::ndjson::ObjectFormatter;
use super::object::VERSION;
use super::{Chunk, Format, Formatter, Reporter, Totals};

/// One document, written as payloads are checked.
pub(super) static FORMAT: Format = Format {
    name: "json",
    about: "One JSON document",
    reporter: |out, _| {
        Box::new(Json {
            out,
            is_empty: true,
        })
    },
};

/// Writes the document as it grows.
struct Json<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> Json<W> {
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
        serde_json::to_writer(&mut self.out, totals)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
