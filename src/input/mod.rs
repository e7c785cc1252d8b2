//! Where bytes come from, and how a stream of them is cut into payloads.
//!
//! An input is a stream of JSON values with white space between them: one payload, pretty ones in
//! a row, one a line; the elements of a root array are payloads too. [`Frames`] holds no more
//! than the payload at hand, so memory stays flat however long the stream is.

pub(crate) mod encoding;
mod find;
pub(crate) mod reader;
mod repository;
mod skipped;
mod walk;

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::document::MAX_DEPTH;

pub use find::{Found, Search, chosen, find};
pub use repository::repository;
pub use skipped::{SkipReason, Skipped, summary};

/// What a payload may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Levels of brackets, at least one; those of an array around payloads count.
    pub depth: usize,
    /// Bytes.
    pub payload: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: MAX_DEPTH,
            payload: 256 << 20,
        }
    }
}

/// The label of standard input.
pub const STDIN: &str = "<stdin>";

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Origin {
    /// What a path on the command line means: `-` is standard input.
    pub fn named(path: &Path) -> Self {
        if path == Path::new("-") {
            Self::Stdin
        } else {
            Self::File(path.to_path_buf())
        }
    }

    /// The file; standard input is `-`.
    pub fn path(&self) -> &Path {
        match self {
            Self::Stdin => Path::new("-"),
            Self::File(path) => path,
        }
    }

    /// The length of a regular file.
    pub fn length(&self) -> Option<usize> {
        let Self::File(path) = self else {
            return None;
        };
        let metadata = path.metadata().ok().filter(Metadata::is_file)?;
        usize::try_from(metadata.len()).ok()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str(STDIN),
            // A file of that name is not standard input.
            Self::File(path) if path == Path::new(STDIN) => write!(f, "./{STDIN}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// Why an input can't be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The system says no.
    #[error("{}", describe(.0))]
    Io(#[from] io::Error),
    /// A folder in the place of a file.
    #[error("this is a folder: name its files, as in `{}/*.json`", .0.display())]
    Folder(PathBuf),
    /// The bytes are no UTF-8 text.
    #[error("this is {what}, not UTF-8 text: {hint}")]
    Encoding {
        /// What the bytes are.
        what: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A single payload is larger than any that is worth holding.
    #[error("the payload at line {line} is larger than {} MiB, which no Mews payload is; --max-payload sets the limit", limit >> 20)]
    TooLarge {
        /// Where the payload starts.
        line: u64,
        /// How large it may be, in bytes.
        limit: usize,
    },
}

/// The system's message without the number that it ends with.
pub fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let Some((message, _)) = text.split_once(" (os error") else {
        return text;
    };
    if error.raw_os_error().is_none() {
        // Something stands before it, such as a path.
        return message.to_owned();
    }
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
