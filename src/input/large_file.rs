//! Reads the rest of a large file at once, half of it on a second thread.
//!
//! Where a payload is long, most of the time is spent by the system to provide memory for it. Two threads need half of
//! that time.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
#[cfg(unix)]
use std::os::unix::fs::FileExt;
use std::thread;

/// The minimum number of bytes in the buffer. It takes longer to start a thread than to read a smaller rest.
const MIN_BUFFERED: u64 = 1 << 20;

/// The minimum size of the rest, for each byte in the buffer. For a smaller rest, it takes too long to copy the buffer.
const MIN_FACTOR: u64 = 4;

/// Returns the number of bytes to read at once: one more than a file has left, so that the end is seen. Returns `None`
/// if the rest is not to be read at once, because it is small or has more than `max` bytes. `length` is that of the
/// file, and `buffered` the number of bytes in the buffer.
pub(super) fn rest(mut file: &File, length: u64, buffered: usize, max: usize) -> Option<usize> {
    let buffered = buffered as u64;
    if buffered < MIN_BUFFERED || !cfg!(any(unix, windows)) {
        return None;
    }
    let rest = length.checked_sub(file.stream_position().ok()?)?;
    let fits = rest >= MIN_FACTOR * buffered && rest <= max as u64;
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
    // The system provides this memory when it is first written to, which `resize` would do on this thread.
    let mut bytes = vec![0; buffered + length];
    bytes[..buffered].copy_from_slice(buffer);
    let (first, second) = bytes[buffered..].split_at_mut(length / 2);
    let middle = start + first.len() as u64;
    let (first_part, second_part) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || Part::read(file, second, middle));
        let first_part = Part::read(file, first, start);
        (first_part, other.ok().and_then(|other| other.join().ok()))
    });
    // If no thread can be started, this one reads the second half too.
    let second_part = || second_part.unwrap_or_else(|| Part::read(file, second, middle));
    let part = first_part.followed_by(first.len(), second_part);
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
                // The file has ended, or all bytes were read.
                Ok(0) => break None,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(error),
            }
        };
        Self { length, error }
    }

    /// Returns this part joined with the next one, which is left out unless this has all of the `requested` bytes.
    fn followed_by(self, requested: usize, next: impl FnOnce() -> Self) -> Self {
        if self.length < requested || self.error.is_some() {
            return self;
        }
        let next = next();
        Self {
            length: self.length + next.length,
            ..next
        }
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
    use crate::input::reader::{Fill, Reader};

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
    fn an_error_leaves_the_buffer() {
        let folder = tempfile::tempdir().unwrap();
        // This file can only be written.
        let file = File::create(folder.path().join("file")).unwrap();
        let mut buffer = b"before".to_vec();
        assert!(read(&file, &mut buffer, 10).is_err());
        assert_eq!(buffer, b"before");
    }

    /// What follows the end or an error of the first half is not used.
    #[test]
    fn the_halves_are_joined_up_to_the_end_or_an_error() {
        let part = |length, is_error: bool| Part {
            length,
            error: is_error.then(|| io::Error::other("broken")),
        };
        for (first, second, expected) in [
            ((5, false), (4, false), (9, false)),
            ((5, false), (0, false), (5, false)),
            ((5, false), (3, true), (8, true)),
            ((4, false), (4, false), (4, false)),
            ((4, true), (4, false), (4, true)),
            ((5, true), (4, false), (5, true)),
        ] {
            let joined = part(first.0, first.1).followed_by(5, || part(second.0, second.1));
            let joined = (joined.length, joined.error.is_some());
            assert_eq!(joined, expected, "{first:?} {second:?}");
        }
    }

    #[test]
    fn the_rest_is_read_at_once_if_it_is_large_but_not_too_large() {
        const MIB: u64 = 1 << 20;
        let file = file_at(b"", 0);
        let rest_at = |offset: u64, length: u64| {
            (&file).seek(SeekFrom::Start(offset)).unwrap();
            let buffered = usize::try_from(offset).unwrap();
            rest(&file, length, buffered, 100 << 20).map(|rest| rest as u64)
        };
        assert_eq!(rest_at(8 * MIB, 90 * MIB), Some(82 * MIB + 1));
        assert_eq!(rest_at(MIB, 5 * MIB), Some(4 * MIB + 1));
        assert_eq!(rest_at(MIB - 1, 5 * MIB), None);
        assert_eq!(rest_at(MIB, 5 * MIB - 1), None);
        assert_eq!(rest_at(MIB, 101 * MIB), Some(100 * MIB + 1));
        assert_eq!(rest_at(MIB, 101 * MIB + 1), None);
        // The file has become shorter.
        assert_eq!(rest_at(6 * MIB, 5 * MIB), None);
    }

    /// A file of 8 MiB would otherwise take 33 reads.
    #[test]
    fn a_large_file_is_read_in_a_few_steps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes = b"1 ".repeat(4 << 20);
        std::fs::write(&path, &bytes).unwrap();
        let mut reader = Reader::open_file(&path, bytes.len()).unwrap();
        let (mut buffer, mut steps) = (Vec::new(), 1);
        while reader.fill(&mut buffer, true, bytes.len()).unwrap() != Fill::End {
            steps += 1;
        }
        assert!(buffer == bytes);
        // Four of 256 KiB each, and the rest.
        assert_eq!(steps, 5);
    }
}
