//! Recognizes by their first bytes which inputs are encoded text, and which are not text, so
//! that the error can name the format.
//!
//! A crate that detects file types would still need this table, for the words and the hint of each.

use crate::decode::Encoding;
use crate::decode::text::tnetstring::starts_tnetstring;

use super::error::InputError;

/// The number of bytes that are examined at most.
const SAMPLE_SIZE: usize = 512;

/// The length of the longest signature.
const LONGEST_SIGNATURE: usize = 6;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const CONVERT: &str = "convert it first, for instance with `iconv -f UTF-32 -t UTF-8`";
const JSON_ONLY: &str = "payloads are JSON";

/// The first bytes of the encodings that are decoded.
const ENCODINGS: [(&[u8], Encoding); 4] = [
    (b"\x1f\x8b", Encoding::Gzip),
    (b"\x28\xb5\x2f\xfd", Encoding::Zstd),
    (b"\xff\xfe", Encoding::Utf16Le),
    (b"\xfe\xff", Encoding::Utf16Be),
];

/// The first bytes, the names, and the hints of formats that captures are kept in or mistaken for.
const FORMATS: [(&[u8], &str, &str); 10] = [
    (
        b"BZh",
        "bzip2-compressed data",
        "unpack it first, for instance with `bzip2 -dc FILE | mewshook`",
    ),
    (
        b"\xfd7zXZ\x00",
        "xz-compressed data",
        "unpack it first, for instance with `xz -dc FILE | mewshook`",
    ),
    (
        b"PK\x03\x04",
        "a zip archive",
        "unpack it first, for instance with `unzip -p FILE | mewshook`",
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        "a 7z archive",
        "unpack it first, for instance with `7z x -so FILE | mewshook`",
    ),
    (
        b"\x04\x22\x4d\x18",
        "lz4-compressed data",
        "unpack it first, for instance with `lz4 -dc FILE | mewshook`",
    ),
    (b"\xff\xfe\x00\x00", "UTF-32", CONVERT),
    (b"\x00\x00\xfe\xff", "UTF-32", CONVERT),
    (b"%PDF-", "a PDF document", JSON_ONLY),
    (b"\x89PNG", "a PNG picture", JSON_ONLY),
    (b"\x7fELF", "a program", JSON_ONLY),
];

/// The place of the signature in a tar archive, after the name of the first file.
const TAR: (usize, &[u8]) = (257, b"ustar");
const UNPACK_TAR: &str = "unpack it first, for instance with `tar -xOf FILE | mewshook`";

/// What the first bytes of an input say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// More bytes are needed to decide.
    Undecided,
    /// It is text.
    Text,
    /// It is encoded, and what it contains may be encoded too.
    Encoded(Encoding),
}

/// Returns what an input is that starts with `start`. `is_complete` says that `start` is the whole
/// input.
///
/// The answer depends on the input alone, not on how many of its bytes have arrived: it is given
/// once no further byte can change it. So text that arrives line by line is not held up.
///
/// # Errors
/// The input is neither text nor encoded text.
pub(super) fn check(start: &[u8], is_complete: bool) -> Result<Start, InputError> {
    let start = &start[..start.len().min(SAMPLE_SIZE)];
    let is_complete = is_complete || start.len() == SAMPLE_SIZE;
    let text = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
    let is_json = matches!(text.trim_ascii_start(), [b'{' | b'[', ..]);
    if is_json && matches!(start, [first, second, ..] if *first != 0 && *second != 0) {
        return Ok(Start::Text);
    }
    if start.len() < LONGEST_SIGNATURE && !is_complete {
        return Ok(Start::Undecided);
    }
    let format = FORMATS.iter().find(|(bytes, ..)| start.starts_with(bytes));
    if let Some(&(_, format, hint)) = format {
        return Err(InputError::NotText { format, hint });
    }
    // UTF-32 without a byte-order mark.
    if matches!(start, [0, 0, 0, first, 0, 0, ..] | [first, 0, 0, 0, 1..=255, 0, ..] if is_letter(*first))
    {
        return Err(InputError::NotText {
            format: "UTF-32",
            hint: CONVERT,
        });
    }
    if let Some(encoding) = encoding(start) {
        return Ok(Start::Encoded(encoding));
    }
    let line_end = memchr::memchr(b'\n', start);
    if line_end.is_some_and(|end| is_printable(&start[..end])) {
        return Ok(Start::Text);
    }
    let (place, signature) = TAR;
    if start
        .get(place..)
        .is_some_and(|header| header.starts_with(signature))
    {
        return Err(InputError::NotText {
            format: "a tar archive",
            hint: UNPACK_TAR,
        });
    }
    // A flow of mitmproxy may have any bytes as bodies.
    if starts_tnetstring(text) == Some(true) {
        return Ok(Start::Text);
    }
    if is_complete && !is_json && memchr::memchr(0, start).is_some() {
        return Err(InputError::NotText {
            format: "binary data",
            hint: JSON_ONLY,
        });
    }
    Ok(if is_complete {
        Start::Text
    } else {
        Start::Undecided
    })
}

/// Returns the encoding of an input, if it is decoded.
fn encoding(start: &[u8]) -> Option<Encoding> {
    for (bytes, encoding) in ENCODINGS {
        // An input that is cut off so early is still what it was.
        let is_truncated = start.len() < bytes.len() && bytes.starts_with(start) && !is_text(start);
        if start.starts_with(bytes) || is_truncated {
            return Some(encoding);
        }
    }
    match start {
        // Skippable frames, which may precede the first frame of zstd.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Encoding::Zstd),
        // UTF-16 without a byte-order mark: JSON starts with two ASCII characters, as most text does.
        [0, first, 0, second, ..] if is_letter(*first) && is_letter(*second) => {
            Some(Encoding::Utf16Be)
        }
        [first, 0, second, 0, ..] if is_letter(*first) && is_letter(*second) => {
            Some(Encoding::Utf16Le)
        }
        _ => None,
    }
}

/// Returns `true` for the ASCII characters of text.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// Returns `true` if bytes are text, such as none.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_letter(*byte))
}

/// Returns `true` if a line is UTF-8 without control characters.
fn is_printable(line: &[u8]) -> bool {
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\r');
    str::from_utf8(line).is_ok_and(|line| !line.contains(is_control))
}
