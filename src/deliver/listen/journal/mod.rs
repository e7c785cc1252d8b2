//! A file of records that many threads append to and others follow.
//!
//! A record is durable when [`Journal::append`] returns. Flushing to the disk takes about as long for
//! one record as for a hundred, so they share it: while one thread writes and flushes, the others
//! collect what comes next, and then one of them writes all of that at once.

mod cursor;
mod file;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

pub use cursor::{Cursor, Line};
pub use file::JournalError;

use file::JournalFile;

/// The size from which a spool is emptied once everything in it was read.
const MAX_READ_SIZE: u64 = 1 << 20;

/// A file of records, one a line.
#[derive(Debug)]
pub struct Journal {
    state: Mutex<State>,
    /// Notified when a group was written, or could not be.
    written: Condvar,
    /// Notified when there is more to read, or the journal is closed.
    grown: Condvar,
}

/// A journal that was opened, and what was found in its file.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The cursors, at the end of what the file contained.
    pub cursors: Vec<Cursor>,
    /// The number of the line without a line break at the end of the file, if there was one: an earlier
    /// run was killed while it wrote. The line break was added.
    pub torn_line: Option<u64>,
    /// Whether others than the owner can read the file, which existed before.
    pub is_shared: bool,
}

#[derive(Debug)]
struct State {
    /// The file, unless a thread is writing to it.
    file: Option<JournalFile>,
    /// The records that are written next.
    pending: Group,
    /// The offset of the end of what was written.
    end: u64,
    /// The number of the next line.
    line: u64,
    /// The offset of the first byte in the file: more than 0 once a spool was emptied.
    base: u64,
    /// The offset up to which each cursor has read.
    read: Vec<u64>,
    is_closed: bool,
}

/// The records of several threads, which are written together.
#[derive(Debug, Default)]
struct Group {
    bytes: Vec<u8>,
    lines: u64,
    outcome: Arc<OnceLock<Outcome>>,
}

/// The number of the first line of a group, or why it was not written.
type Outcome = Result<u64, Arc<io::Error>>;

impl Journal {
    /// Opens a file to append to, or creates it so that only its owner can read it. Records are durable
    /// once they are appended.
    ///
    /// # Errors
    /// The file can't be opened, read or locked, or it doesn't contain records.
    pub fn open(path: &Path, cursors: usize) -> Result<Opened, JournalError> {
        let (file, found) = JournalFile::open(path)?;
        let (journal, cursors) = Self::new(file, found.line, path, cursors)?;
        Ok(Opened {
            journal,
            cursors,
            torn_line: found.torn_line,
            is_shared: found.is_shared,
        })
    }

    /// Creates a temporary file, for records that need not outlive the process.
    ///
    /// # Errors
    /// The file can't be created.
    pub fn spool(cursors: usize) -> Result<Opened, JournalError> {
        let (file, path) = JournalFile::spool()?;
        let (journal, cursors) = Self::new(file, 1, &path, cursors)?;
        Ok(Opened {
            journal,
            cursors,
            torn_line: None,
            is_shared: false,
        })
    }

    fn new(
        file: JournalFile,
        line: u64,
        path: &Path,
        cursors: usize,
    ) -> Result<(Arc<Self>, Vec<Cursor>), JournalError> {
        let end = file.end();
        let journal = Arc::new(Self {
            state: Mutex::new(State {
                file: Some(file),
                pending: Group::default(),
                end,
                line,
                base: 0,
                read: vec![end; cursors],
                is_closed: false,
            }),
            written: Condvar::new(),
            grown: Condvar::new(),
        });
        let cursors = (0..cursors).map(|number| Cursor::open(&journal, number, path, end, line));
        let cursors = cursors.collect::<io::Result<_>>();
        Ok((journal, cursors.map_err(JournalError::Open)?))
    }

    /// Nothing panics while the lock is held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a record, which ends with its only line break. Returns the number of its line once it is
    /// durable.
    ///
    /// # Errors
    /// The record can't be written. Then nothing of it is in the file.
    pub fn append(&self, record: &[u8]) -> Result<u64, Arc<io::Error>> {
        let mut state = self.state();
        let index = state.pending.lines;
        state.pending.lines += 1;
        state.pending.bytes.extend_from_slice(record);
        let outcome = Arc::clone(&state.pending.outcome);
        loop {
            if let Some(outcome) = outcome.get() {
                return outcome.clone().map(|first| first + index);
            }
            state = if let Some(file) = state.file.take() {
                self.write_group(state, file)
            } else {
                let waited = self.written.wait(state);
                waited.unwrap_or_else(PoisonError::into_inner)
            };
        }
    }

    /// Writes the pending records without holding the lock.
    fn write_group<'j>(
        &'j self,
        mut state: MutexGuard<'j, State>,
        mut file: JournalFile,
    ) -> MutexGuard<'j, State> {
        let group = std::mem::take(&mut state.pending);
        let is_read = state.read.iter().all(|read| *read >= state.end);
        drop(state);
        let is_full = file.is_spool() && file.end() > MAX_READ_SIZE;
        let is_emptied = is_read && is_full && file.empty().is_ok();
        let written = file.append(&group.bytes);
        let mut state = self.state();
        if is_emptied {
            state.base = state.end;
        }
        let outcome = written.map_err(Arc::new).map(|()| {
            let first = state.line;
            state.line += group.lines;
            state.end += group.bytes.len() as u64;
            first
        });
        state.file = Some(file);
        let _ = group.outcome.set(outcome);
        self.written.notify_all();
        self.grown.notify_all();
        state
    }

    /// Ends the waiting of cursors: nothing is appended any more.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.grown.notify_all();
    }

    /// Returns the offset of the end of what was written.
    pub fn end(&self) -> u64 {
        self.state().end
    }
}
