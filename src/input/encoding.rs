//! Recognizes by their first bytes which inputs are not text, so that the error can name the
//! format.
//!
//! Nothing is decoded here, so there is nothing for `encoding_rs` to do. A crate that detects file
//! types would still need this table, for the words and the hint of each.

use super::error::InputError;

/// The number of bytes that are examined at most.
const SAMPLE_SIZE: usize = 512;

/// The length of the longest signature.
const LONGEST_SIGNATURE: usize = 6;

const UNPACK: &str = "unpack it first, for instance with `gunzip -c FILE | mewshook`";
const CONVERT: &str = "convert it first, for instance with `iconv -f UTF-16 -t UTF-8`";
const JSON_ONLY: &str = "payloads are JSON";

/// The first bytes, the names, and the hints of formats that captures are kept in or mistaken for.
const SIGNATURES: [(&[u8], &str, &str); 13] = [
    (b"\x1f\x8b", "gzip-compressed data", UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data", UNPACK),
    (b"BZh", "bzip2-compressed data", UNPACK),
    (b"\xfd7zXZ\x00", "xz-compressed data", UNPACK),
    (b"PK\x03\x04", "a zip archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"\xff\xfe\x00\x00", "UTF-32", CONVERT),
    (b"\x00\x00\xfe\xff", "UTF-32", CONVERT),
    (b"\xff\xfe", "UTF-16", CONVERT),
    (b"\xfe\xff", "UTF-16", CONVERT),
    (b"%PDF-", "a PDF document", JSON_ONLY),
    (b"\x89PNG", "a PNG picture", JSON_ONLY),
    (b"\x7fELF", "a program", JSON_ONLY),
];

/// Returns `true` if an input that starts with `start` is text, and `false` if more bytes are
/// needed to decide. `is_complete` says that `start` is the whole input.
///
/// The answer depends on the input alone, not on how many of its bytes have arrived: it is given
/// once no further byte can change it. So text that arrives line by line is not held up.
///
/// # Errors
/// The input is not text.
pub(super) fn check(start: &[u8], is_complete: bool) -> Result<bool, InputError> {
    let start = &start[..start.len().min(SAMPLE_SIZE)];
    let is_complete = is_complete || start.len() == SAMPLE_SIZE;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let is_json = matches!(text.trim_ascii_start(), [b'{' | b'[', ..]);
    if is_json && matches!(start, [first, second, ..] if *first != 0 && *second != 0) {
        return Ok(true);
    }
    if start.len() < LONGEST_SIGNATURE && !is_complete {
        return Ok(false);
    }
    let signature = SIGNATURES
        .iter()
        .find(|(bytes, ..)| start.starts_with(bytes));
    if let Some(&(_, format, hint)) = signature {
        return Err(InputError::NotText { format, hint });
    }
    // UTF-16 without a byte-order mark: JSON starts with two ASCII characters.
    if matches!(start, [0, letter, 0, ..] | [letter, 0, _, 0, ..] if letter.is_ascii() && *letter != 0)
    {
        return Err(InputError::NotText {
            format: "UTF-16",
            hint: CONVERT,
        });
    }
    let line_end = memchr::memchr(b'\n', start);
    if line_end.is_some_and(|end| is_printable(&start[..end])) {
        return Ok(true);
    }
    if is_complete && !is_json && memchr::memchr(0, start).is_some() {
        return Err(InputError::NotText {
            format: "binary data",
            hint: JSON_ONLY,
        });
    }
    Ok(is_complete)
}

/// Returns `true` if a line is UTF-8 without control characters.
fn is_printable(line: &[u8]) -> bool {
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\r');
    str::from_utf8(line).is_ok_and(|line| !line.contains(is_control))
}
