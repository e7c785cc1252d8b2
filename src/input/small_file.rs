//! Reads small files, of which there may be thousands, with as few system calls as possible.

use std::io::{self, Read};

use super::chunks::read_chunk;

/// Appends a file of about `length` bytes to `buffer`, at most `max` bytes of it. Returns the number of
/// bytes that were read; the end is reached if these are fewer than `max`.
///
/// The length need not be right: another program may write to the file, and some file systems state a
/// length of 0 for all files. So one byte more than the length is requested. If exactly the length is
/// read, the end was seen; in every other case, reading goes on until a read returns nothing.
pub(super) fn read(
    mut file: impl Read,
    buffer: &mut Vec<u8>,
    length: usize,
    max: usize,
) -> io::Result<usize> {
    let start = buffer.len();
    let wanted = (length + 1).min(max);
    buffer.reserve_exact(wanted);
    buffer.resize(start + wanted, 0);
    let first = read_chunk(&mut file, &mut buffer[start..]);
    buffer.truncate(start + first.as_ref().map_or(0, |read| *read));
    let read = first?;
    if read == 0 || read == length && read < wanted {
        return Ok(read);
    }
    let rest = max - read;
    Ok(read + file.take(rest as u64).read_to_end(buffer)?)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::read;

    /// A file that gives its bytes in parts, and counts the reads.
    struct File {
        parts: Vec<io::Result<&'static str>>,
        reads: usize,
    }

    impl Read for File {
        fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
            self.reads += 1;
            if self.parts.is_empty() {
                return Ok(0);
            }
            let part = self.parts.remove(0)?;
            let (now, later) = part.split_at(part.len().min(output.len()));
            output[..now.len()].copy_from_slice(now.as_bytes());
            if !later.is_empty() {
                self.parts.insert(0, Ok(later));
            }
            Ok(now.len())
        }
    }

    fn read_parts(parts: &[&'static str], length: usize, max: usize) -> (String, usize) {
        let mut file = File {
            parts: parts.iter().map(|part| Ok(*part)).collect(),
            reads: 0,
        };
        let mut buffer = b"before ".to_vec();
        let read = read(&mut file, &mut buffer, length, max).unwrap();
        let text = String::from_utf8(buffer).unwrap();
        let text = text.strip_prefix("before ").unwrap();
        assert_eq!(read, text.len());
        (text.to_owned(), file.reads)
    }

    #[test]
    fn a_file_of_the_expected_length_is_read_once() {
        assert_eq!(read_parts(&["{}"], 2, 10), ("{}".to_owned(), 1));
        assert_eq!(read_parts(&[], 0, 10), (String::new(), 1));
        assert_eq!(read_parts(&[], 5, 10), (String::new(), 1));
    }

    #[test]
    fn a_file_of_another_length_is_read_to_its_end() {
        for (parts, length) in [
            (&["{\"a\": 1}"][..], 2),
            (&["{\"a\": 1}"], 7),
            (&["{\"a\": 1}"], 9),
            (&["{\"a\"", ": 1}"], 8),
            (&["{", "\"a\": 1}"], 0),
        ] {
            let (text, reads) = read_parts(parts, length, 100);
            assert_eq!(text, "{\"a\": 1}", "{parts:?}, {length}");
            assert!(reads > 1, "the end was seen");
        }
    }

    #[test]
    fn no_more_is_read_than_the_maximum() {
        for length in [0, 2, 3, 4, 8] {
            assert_eq!(read_parts(&["{\"a\": 1}"], length, 3).0, "{\"a");
        }
    }

    #[test]
    fn what_precedes_an_error_is_kept() {
        for (parts, expected) in [(&["{", "}"][..], "{}"), (&[], "")] {
            let parts = parts.iter().map(|part| Ok(*part));
            let mut file = File {
                parts: parts.chain([Err(io::Error::other("broken"))]).collect(),
                reads: 0,
            };
            let mut buffer = Vec::new();
            assert!(read(&mut file, &mut buffer, 5, 10).is_err());
            assert_eq!(buffer, expected.as_bytes());
        }
    }
}
