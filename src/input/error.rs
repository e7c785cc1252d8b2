//! Why an input can't be read.

use std::io;
use std::path::PathBuf;

use crate::decode::DecodeError;

/// The error when an input can't be opened, or can't be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The operating system reported an error.
    #[error("{}", describe(.0))]
    Io(io::Error),
    /// The input is compressed or UTF-16, and can't be decoded to its end.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The path is that of a folder.
    #[error("this is a folder: name its files, as in `{}/*.json`", .0.display())]
    Folder(PathBuf),
    /// The bytes are not UTF-8 text.
    #[error("this is {format}, not UTF-8 text: {hint}")]
    NotText {
        /// The format of the bytes, with an article where it needs one.
        format: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A glob that selects files in folders is invalid.
    #[error("invalid glob `{glob}`: {reason}")]
    Glob {
        /// The glob, or its start.
        glob: String,
        /// Why it is invalid.
        reason: String,
    },
    /// What is compressed inside of a record is larger than the limit.
    #[error("the compressed text in the record at line {line} is larger than {} MiB, so not all of it was searched; --max-payload sets the limit", limit >> 20)]
    TooLargeInside {
        /// The line where the record starts.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// A payload is larger than the limit.
    #[error("the payload at line {line} is larger than {} MiB, which no Mews payload is; --max-payload sets the limit", limit >> 20)]
    TooLarge {
        /// The line where the payload starts.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        match error.downcast() {
            Ok(error) => Self::Decode(error),
            Err(error) => Self::Io(error),
        }
    }
}

/// Returns the message of an I/O error, without the error number at its end.
pub fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let Some((message, _)) = text.split_once(" (os error") else {
        return text;
    };
    if error.raw_os_error().is_none() {
        // Something precedes the system's own message, such as a path.
        return message.to_owned();
    }
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
