//! Reads the rest of a large file at once, half of it on a second thread.
//!
//! Where a payload is long, most of the time is spent by the system to provide memory for it. Two threads need half of
//! that time.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::ops::RangeInclusive;
#[cfg(unix)]
use std::os::unix::fs::FileExt;
use std::thread;

/// The minimum number of bytes in the buffer. To start a thread takes longer than to read a few more.
const MIN_BUFFERED: u64 = 1 << 20;

/// The number of bytes that are read at once, for each byte in the buffer. If there are fewer, copying those in the
/// buffer takes too long; if there are more, too much memory may be used for a payload that ends soon.
const FACTOR: RangeInclusive<u64> = 4..=12;

/// Returns the number of bytes to read at once, if the rest of a file is to be read so: one more than there are left, so
/// that the end is seen. `length` is that of the file, and `buffered` the number of bytes in the buffer: if these are
/// many, they are the start of a payload. There are at most `max` bytes left then.
pub(super) fn rest(mut file: &File, length: u64, buffered: usize, max: usize) -> Option<usize> {
    let buffered = buffered as u64;
    if buffered < MIN_BUFFERED || !cfg!(any(unix, windows)) {
        return None;
    }
    let rest = length.checked_sub(file.stream_position().ok()?)?;
    let fits = rest <= max as u64 && FACTOR.contains(&(rest / buffered));
    fits.then(|| usize::try_from(rest + 1).ok()).flatten()
}

/// Appends the next `length` bytes of a file to `buffer`. Returns the number of bytes that were read, which is less if
/// the file ends before.
///
/// # Errors
/// The file can't be read. The bytes before the error are in the buffer.
pub(super) fn read(mut file: &File, buffer: &mut Vec<u8>, length: usize) -> io::Result<usize> {
    let start = file.stream_position()?;
    let buffered = buffer.len();
    // The system provides this memory where it is written to first, which `resize` would do on this thread.
    let mut bytes = vec![0; buffered + length];
    bytes[..buffered].copy_from_slice(buffer);
    let (first, second) = bytes[buffered..].split_at_mut(length / 2);
    let middle = start + first.len() as u64;
    let (first_part, second_part) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || Part::read(file, second, middle));
        let first_part = Part::read(file, first, start);
        (first_part, other.ok().and_then(|other| other.join().ok()))
    });
    let mut part = first_part;
    if part.length == first.len() && part.error.is_none() {
        let second_part = second_part.unwrap_or_else(|| Part::read(file, second, middle));
        part = Part {
            length: part.length + second_part.length,
            ..second_part
        };
    }
    bytes.truncate(buffered + part.length);
    *buffer = bytes;
    file.seek(SeekFrom::Start(start + part.length as u64))?;
    part.error.map_or(Ok(part.length), Err)
}

/// What was read of a part of a file.
struct Part {
    /// The number of bytes, which is less than requested if the file ends or the error occurs before.
    length: usize,
    error: Option<io::Error>,
}

impl Part {
    /// Reads the part of a file that starts at `offset`.
    fn read(file: &File, bytes: &mut [u8], offset: u64) -> Self {
        let mut length = 0;
        let error = loop {
            match read_at(file, &mut bytes[length..], offset + length as u64) {
                // Also if nothing is left to read.
                Ok(0) => break None,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(error),
            }
        };
        Self { length, error }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    /// Returns a file of these bytes, with its offset at `offset`.
    fn file_at(bytes: &[u8], offset: usize) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(offset as u64)).unwrap();
        file
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The file may be shorter or longer than when its length was read.
        #[test]
        fn the_next_bytes_are_appended(bytes: Vec<u8>, offset in 0_usize..50, length in 0_usize..200) {
            let file = file_at(&bytes, offset);
            let next = bytes.get(offset..).unwrap_or_default();
            let next = &next[..next.len().min(length)];
            let mut buffer = b"before ".to_vec();
            prop_assert_eq!(read(&file, &mut buffer, length).unwrap(), next.len());
            prop_assert_eq!(buffer, [b"before ", next].concat());
            prop_assert_eq!((&file).stream_position().unwrap(), (offset + next.len()) as u64);
        }
    }

    #[test]
    fn an_error_leaves_what_was_read_before() {
        let folder = tempfile::tempdir().unwrap();
        // This file can only be written.
        let file = File::create(folder.path().join("file")).unwrap();
        let mut buffer = b"before".to_vec();
        assert!(read(&file, &mut buffer, 10).is_err());
        assert_eq!(buffer, b"before");
    }

    #[test]
    fn the_rest_is_read_at_once_if_it_is_long_but_not_too_long() {
        const MIB: u64 = 1 << 20;
        let file = file_at(b"", 0);
        let rest_at = |offset: u64, length: u64| {
            (&file).seek(SeekFrom::Start(offset)).unwrap();
            let buffered = usize::try_from(offset).unwrap();
            rest(&file, length, buffered, 100 << 20).map(|rest| rest as u64)
        };
        assert_eq!(rest_at(8 * MIB, 90 * MIB), Some(82 * MIB + 1));
        assert_eq!(rest_at(MIB, 5 * MIB), Some(4 * MIB + 1));
        assert_eq!(rest_at(MIB, 14 * MIB - 1), Some(13 * MIB));
        assert_eq!(rest_at(MIB - 1, 5 * MIB), None);
        assert_eq!(rest_at(MIB, 5 * MIB - 1), None);
        assert_eq!(rest_at(MIB, 14 * MIB), None);
        assert_eq!(rest_at(20 * MIB, 120 * MIB), Some(100 * MIB + 1));
        assert_eq!(rest_at(20 * MIB, 120 * MIB + 1), None);
        // The file has become shorter.
        assert_eq!(rest_at(6 * MIB, 5 * MIB), None);
    }
}
