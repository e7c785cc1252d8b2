//! What is said about some payloads, on its way from a worker to the report.
//!
//! Many chunks are under way at once, and of small payloads hundreds of times their size can be said.
//! So a long text goes to a file that nobody else sees.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::sync::Arc;

use super::Totals;
use super::codes::Codes;
use super::rows::Tally;
use crate::input::describe;

/// How many bytes of text are kept in memory.
const IN_MEMORY: usize = 1 << 20;

/// What is to be said about some payloads of one input, in a row.
#[derive(Debug)]
pub struct Chunk {
    /// The label of the input.
    pub path: Arc<str>,
    /// The figures of these payloads.
    pub totals: Totals,
    /// How many bytes of the input they took.
    pub size: usize,
    /// What was said before `text`, where that was much.
    spilt: Option<File>,
    /// What is said about each payload, by the formatter of the report's format.
    pub(super) text: Vec<u8>,
    pub(super) tally: Tally,
    /// The codes of the diagnostics, for reports that say where to read about them.
    pub(super) codes: Codes,
    /// The chunks of several reports that are made side by side.
    pub(super) parts: Vec<Chunk>,
    /// What is said where there is no other payload in the whole run.
    pub(super) alone: Option<Vec<u8>>,
}

impl Chunk {
    /// An empty chunk.
    pub fn new(path: Arc<str>) -> Self {
        Self {
            path,
            totals: Totals::default(),
            size: 0,
            spilt: None,
            text: Vec::new(),
            tally: Tally::default(),
            codes: Codes::default(),
            parts: Vec::new(),
            alone: None,
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.spilt.is_none() && self.parts.iter().all(Self::is_empty)
    }

    /// Puts a long text aside, so that memory does not grow with what is said about the next payload.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn spill(&mut self) -> io::Result<()> {
        self.parts.iter_mut().try_for_each(Self::spill)?;
        if self.text.len() <= IN_MEMORY {
            return Ok(());
        }
        let spilt = match &mut self.spilt {
            Some(spilt) => spilt,
            none => none.insert(tempfile::tempfile().map_err(|error| {
                let folder = env::temp_dir();
                let reason = describe(&error);
                io::Error::other(format!(
                    "no temporary file in {}: {reason}",
                    folder.display()
                ))
            })?),
        };
        spilt.write_all(&self.text)?;
        self.text = Vec::new();
        Ok(())
    }

    /// The text from its start.
    pub(super) fn read(&mut self) -> io::Result<impl BufRead> {
        if let Some(spilt) = &mut self.spilt {
            spilt.rewind()?;
        }
        let spilt: Box<dyn Read> = match &self.spilt {
            Some(spilt) => Box::new(spilt),
            None => Box::new(io::empty()),
        };
        Ok(BufReader::new(spilt).chain(&*self.text))
    }

    /// Writes the text.
    pub(super) fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        match self.spilt {
            None => out.write_all(&self.text),
            Some(_) => copy(self.read()?, out),
        }
    }
}

/// Writes all that can be read. In contrast to `io::copy`, it leaves to `out` when to flush.
pub(super) fn copy(mut text: impl BufRead, out: &mut impl Write) -> io::Result<()> {
    loop {
        let part = text.fill_buf()?;
        if part.is_empty() {
            return Ok(());
        }
        out.write_all(part)?;
        let length = part.len();
        text.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_put_aside_and_read_in_order() -> io::Result<()> {
        let mut chunk = Chunk::new("a.json".into());
        assert!(chunk.is_empty());
        let mut expected = Vec::new();
        for byte in *b"abc" {
            let line = vec![byte; IN_MEMORY];
            chunk.text.extend_from_slice(&line);
            chunk.spill()?;
            assert_eq!(chunk.text.len(), IN_MEMORY, "this much is kept");
            chunk.text.push(b'\n');
            chunk.spill()?;
            assert!(chunk.text.is_empty() && !chunk.is_empty());
            expected.extend(line);
            expected.push(b'\n');
        }
        chunk.text.push(b'!');
        expected.push(b'!');
        let mut written = Vec::new();
        chunk.write(&mut written)?;
        assert!(written == expected);
        let mut read = Vec::new();
        chunk.read()?.read_to_end(&mut read)?;
        assert!(read == expected);
        Ok(())
    }
}
