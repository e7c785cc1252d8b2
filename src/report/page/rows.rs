//! The rows of the table of payloads: those that come first, up to a number and a size.
//!
//! The rows stand behind everything that is known only at the end of a run. Until then they are kept,
//! many of them in a temporary file.

use std::cell::RefCell;
use std::fmt::{self, Display};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askama::Template;
use tempfile::SpooledTempFile;

use super::row::{NumberedRow, PayloadRow};

/// The maximum number of rows.
pub(super) const MAX_ROWS: u64 = 5_000;

/// The maximum number of bytes of all rows.
const MAX_SIZE: usize = 16_000_000;

/// The maximum number of bytes of rows in memory.
const MAX_IN_MEMORY: usize = 1 << 20;

/// The rows of a table.
pub(super) struct Rows {
    file: SpooledTempFile,
    /// The number of rows.
    pub(super) count: u64,
    size: usize,
    /// Whether no payload gets a row any more. Workers read it, and make no rows in vain.
    is_full: Arc<AtomicBool>,
}

impl Rows {
    pub(super) fn new(is_full: Arc<AtomicBool>) -> Self {
        Self {
            file: SpooledTempFile::new(MAX_IN_MEMORY),
            count: 0,
            size: 0,
            is_full,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// Adds the rows of a part of the run, each of which is a line of JSON.
    pub(super) fn add(&mut self, mut lines: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        while !self.is_full() && lines.read_until(b'\n', &mut line)? > 0 {
            let row: PayloadRow = serde_json::from_slice(&line)?;
            self.add_row(&row)?;
            line.clear();
        }
        Ok(())
    }

    fn add_row(&mut self, row: &PayloadRow) -> io::Result<()> {
        let number = self.count + 1;
        let html = NumberedRow { number, row };
        let html = html.render().map_err(io::Error::other)?;
        self.size += html.len();
        if self.size <= MAX_SIZE {
            self.file.write_all(html.as_bytes())?;
            self.count = number;
        }
        if self.size > MAX_SIZE || number == MAX_ROWS {
            self.is_full.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Returns the rows as text, to be written once.
    pub(super) fn into_text(mut self) -> io::Result<RowText> {
        self.file.rewind()?;
        Ok(RowText {
            file: RefCell::new(BufReader::new(self.file)),
            error: RefCell::new(None),
        })
    }
}

/// The text of all rows, which is read from a file while it is written.
pub(super) struct RowText {
    file: RefCell<BufReader<SpooledTempFile>>,
    /// Why the file could not be read.
    error: RefCell<Option<io::Error>>,
}

impl RowText {
    /// Returns why the text is not complete, if it is not.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        self.error.borrow_mut().take()
    }
}

impl Display for RowText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut file = self.file.borrow_mut();
        let mut line = String::new();
        loop {
            line.clear();
            match file.read_line(&mut line) {
                Ok(0) => return Ok(()),
                Ok(_) => f.write_str(&line)?,
                Err(error) => {
                    *self.error.borrow_mut() = Some(error);
                    return Err(fmt::Error);
                }
            }
        }
    }
}
