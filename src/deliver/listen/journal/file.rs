//! The file of a journal: only complete records stay in it.

#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::input::describe;

/// The error when a journal can't be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file can't be opened, read or written.
    #[error("{}", describe(.0))]
    Open(io::Error),
    /// No temporary file can be created.
    #[error("can't create a temporary file in {}: {}", .folder.display(), describe(.error))]
    Spool {
        /// The folder.
        folder: PathBuf,
        /// Why it can't be created.
        error: io::Error,
    },
    /// It is not a regular file.
    #[error("not a regular file: deliveries are recorded in a new file, or appended to a capture")]
    NotRegular,
    /// The file contains something else.
    #[error(
        "the file does not start with a record: name a new file, or one that was recorded before"
    )]
    NotRecords,
    /// Another process appends to the file.
    #[error("another process records to this file: name another one")]
    Locked,
}

/// What was found in an existing file.
#[derive(Debug)]
pub(super) struct Found {
    /// The number of the line after the last one.
    pub(super) line: u64,
    /// The number of the line that had no line break at its end.
    pub(super) torn_line: Option<u64>,
    /// Whether others than the owner can read it.
    pub(super) is_shared: bool,
}

/// A file that records are appended to.
#[derive(Debug)]
pub(super) struct JournalFile {
    file: File,
    /// The end of the last complete record.
    end: u64,
    /// Whether there may be something after the end, since writing has failed.
    is_dirty: bool,
    /// The path of a temporary file, which is removed at the end.
    spool: Option<TempPath>,
}

impl JournalFile {
    /// Opens a file, or creates it.
    pub(super) fn open(path: &Path) -> Result<(Self, Found), JournalError> {
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(JournalError::NotRegular);
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(JournalError::Open)?;
        // Not every file system has locks, and on Windows one would also keep cursors from reading.
        #[cfg(unix)]
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(JournalError::Locked);
        }
        let mut journal = Self {
            file,
            end: 0,
            is_dirty: false,
            spool: None,
        };
        let found = journal.prepare()?;
        // The name of a new file must survive a crash as its content does.
        #[cfg(unix)]
        {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let folder = File::open(folder.unwrap_or(Path::new(".")));
            let _ = folder.and_then(|folder| folder.sync_all());
        }
        Ok((journal, found))
    }

    /// Creates a temporary file.
    pub(super) fn spool() -> Result<(Self, PathBuf), JournalError> {
        let folder = std::env::temp_dir();
        let created = tempfile::Builder::new().append(true).tempfile();
        let (file, spool) = created
            .map_err(|error| JournalError::Spool { folder, error })?
            .into_parts();
        let path = spool.to_path_buf();
        let journal = Self {
            file,
            end: 0,
            is_dirty: false,
            spool: Some(spool),
        };
        Ok((journal, path))
    }

    /// Reads an existing file to its end, and completes its last line.
    fn prepare(&mut self) -> Result<Found, JournalError> {
        let metadata = self.file.metadata().map_err(JournalError::Open)?;
        let mut lines = 0;
        let mut last = None;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        reader
            .seek(SeekFrom::Start(0))
            .map_err(JournalError::Open)?;
        loop {
            let bytes = reader.fill_buf().map_err(JournalError::Open)?;
            let Some(first) = bytes.first() else {
                break;
            };
            if last.is_none() && *first != b'{' {
                return Err(JournalError::NotRecords);
            }
            lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
            last = bytes.last().copied();
            let length = bytes.len();
            self.end += length as u64;
            reader.consume(length);
        }
        let is_torn = last.is_some_and(|last| last != b'\n');
        if is_torn {
            self.append(b"\n").map_err(JournalError::Open)?;
        }
        Ok(Found {
            line: lines + 1 + u64::from(is_torn),
            torn_line: is_torn.then_some(lines + 1),
            is_shared: last.is_some() && is_shared(&metadata),
        })
    }

    /// Appends records, and flushes them to the disk unless the file is temporary. If that fails, what was
    /// written is removed, at the latest before the next records.
    pub(super) fn append(&mut self, records: &[u8]) -> io::Result<()> {
        self.remove_rest()?;
        self.is_dirty = true;
        let written = self.file.write_all(records).and_then(|()| {
            if self.is_spool() {
                return Ok(());
            }
            self.file.sync_data()
        });
        if let Err(error) = written {
            let _ = self.remove_rest();
            return Err(error);
        }
        self.is_dirty = false;
        self.end += records.len() as u64;
        Ok(())
    }

    /// Removes what a failed write has left after the last complete record.
    fn remove_rest(&mut self) -> io::Result<()> {
        if self.is_dirty {
            self.file.set_len(self.end)?;
            self.is_dirty = false;
        }
        Ok(())
    }

    /// Removes all records.
    pub(super) fn empty(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.end = 0;
        Ok(())
    }

    /// Returns the number of bytes of complete records.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Returns `true` if the file is temporary.
    pub(super) fn is_spool(&self) -> bool {
        self.spool.is_some()
    }
}

#[cfg(unix)]
fn is_shared(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_shared(_: &std::fs::Metadata) -> bool {
    false
}
