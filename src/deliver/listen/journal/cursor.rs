//! Reads a journal line by line, behind those that append to it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::Journal;

/// The number of bytes that are read at a time, unless a line is longer.
const READ_SIZE: usize = 1 << 16;

/// A place in a journal, and the lines that were read there.
#[derive(Debug)]
pub struct Cursor {
    journal: Arc<Journal>,
    number: usize,
    file: File,
    /// Complete lines, of which those before `taken` were returned.
    buffer: Vec<u8>,
    taken: usize,
    /// The offset of the next line in the journal.
    offset: u64,
    /// The number of the next line.
    line: u64,
}

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The bytes, with the line break.
    pub bytes: Vec<u8>,
    /// The number, from 1.
    pub number: u64,
    /// The offset of the first byte.
    pub offset: u64,
}

impl Cursor {
    pub(super) fn open(
        journal: &Arc<Journal>,
        number: usize,
        path: &Path,
        offset: u64,
        line: u64,
    ) -> io::Result<Self> {
        Ok(Self {
            journal: Arc::clone(journal),
            number,
            file: File::open(path)?,
            buffer: Vec::new(),
            taken: 0,
            offset,
            line,
        })
    }

    /// Returns the next line. If there is none, waits for it, and returns `None` once the journal is
    /// closed.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        self.line(true)
    }

    /// Returns the next line if there is one.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn try_next_line(&mut self) -> io::Result<Option<Line>> {
        self.line(false)
    }

    /// Returns the offset of the next line.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn line(&mut self, waits: bool) -> io::Result<Option<Line>> {
        if self.taken == self.buffer.len() && !self.fill(waits)? {
            return Ok(None);
        }
        let rest = &self.buffer[self.taken..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = Line {
            bytes: rest[..length].to_vec(),
            number: self.line,
            offset: self.offset,
        };
        self.taken += length;
        self.offset += length as u64;
        self.line += 1;
        Ok(Some(line))
    }

    /// Reads complete lines. Returns `false` if there are none.
    fn fill(&mut self, waits: bool) -> io::Result<bool> {
        let mut state = self.journal.state();
        while waits && state.end == self.offset && !state.is_closed {
            let waited = self.journal.grown.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let (end, base) = (state.end, state.base);
        drop(state);
        if end == self.offset {
            return Ok(false);
        }
        self.taken = 0;
        self.buffer.clear();
        // A line may have been long.
        self.buffer.shrink_to(READ_SIZE);
        self.file.seek(SeekFrom::Start(self.offset - base))?;
        loop {
            let left = end - self.offset - self.buffer.len() as u64;
            let read = (&self.file)
                .take(left.min(READ_SIZE as u64))
                .read_to_end(&mut self.buffer)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // Only what was read last can contain the first line break.
            let searched = self.buffer.len() - read;
            if let Some(last) = memchr::memrchr(b'\n', &self.buffer[searched..]) {
                self.buffer.truncate(searched + last + 1);
                break;
            }
        }
        self.journal.state().read[self.number] = self.offset + self.buffer.len() as u64;
        Ok(true)
    }
}

impl Drop for Cursor {
    /// What this cursor has not read is not kept for it.
    fn drop(&mut self) {
        self.journal.state().read[self.number] = u64::MAX;
    }
}
