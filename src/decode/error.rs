//! Why encoded data can't be decoded to its end.

use std::io;

use super::container::Encoding;

/// The error when encoded data can't be decoded to its end. What precedes the place was decoded.
///
/// Offsets are those in the encoded data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The data ends before its end.
    #[error(
        "the {encoding} ends early, at byte {offset}: what it held up to there was read; get the complete file for the rest"
    )]
    Truncated {
        /// The encoding.
        encoding: Encoding,
        /// The number of bytes that there are.
        offset: u64,
    },
    /// The data is not what its encoding requires.
    #[error(
        "the {encoding} is corrupt at byte {offset} ({reason}): what it held up to there was read; get the file again for the rest"
    )]
    Corrupt {
        /// The encoding.
        encoding: Encoding,
        /// Where the fault was noticed.
        offset: u64,
        /// The fault.
        reason: String,
    },
    /// Other data follows the end.
    #[error(
        "other data follows the {encoding}, from byte {offset} on, and was not read: remove it, or pack it too"
    )]
    Trailing {
        /// The encoding.
        encoding: Encoding,
        /// Where the other data starts.
        offset: u64,
    },
    /// Decoding takes more memory than is granted.
    #[error(
        "unpacking this zstd-compressed data takes more than 128 MiB of memory: unpack it first, with `zstd -dc --memory=2048MB FILE | mewshook`"
    )]
    Memory,
    /// The data was compressed with a dictionary.
    #[error(
        "this zstd-compressed data needs its dictionary: unpack it first, with `zstd -dc -D DICTIONARY FILE | mewshook`"
    )]
    Dictionary,
    /// Compressed data contains compressed data, and so on.
    #[error(
        "this is compressed more than {0} times: unpack it first, for instance with `gunzip -c FILE | mewshook`"
    )]
    Depth(usize),
}

impl From<DecodeError> for io::Error {
    fn from(error: DecodeError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}
