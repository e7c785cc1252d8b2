//! Telling what is no text by its first bytes, so that the error can name it.

use super::InputError;

/// How many bytes are wanted for a good answer.
const SAMPLE: usize = 512;

/// The length of the longest signature.
const LONGEST: usize = 6;

const UNPACK: &str = "unpack it first, for instance with `gunzip -c FILE | mewshook`";
const CONVERT: &str = "convert it first, for instance with `iconv -f UTF-16 -t UTF-8`";

/// First bytes of formats that captures come in, or are mistaken for.
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
    (b"%PDF-", "a PDF document", "payloads are JSON"),
    (b"\x89PNG", "a PNG picture", "payloads are JSON"),
    (b"\x7fELF", "a program", "payloads are JSON"),
];

/// Whether the first bytes of an input are those of text; false if more are needed to say so. The
/// answer depends on the first bytes of the whole input, not on how many there are by now: it is
/// given once no more of them can change it, so that text that comes line by line is not held up.
pub(crate) fn check(start: &[u8], is_all: bool) -> Result<bool, InputError> {
    let start = &start[..start.len().min(SAMPLE)];
    let is_all = is_all || start.len() == SAMPLE;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let is_json = matches!(text.trim_ascii_start(), [b'{' | b'[', ..]);
    if is_json && matches!(start, [first, second, ..] if *first != 0 && *second != 0) {
        return Ok(true);
    }
    if start.len() < LONGEST && !is_all {
        return Ok(false);
    }
    let found = SIGNATURES
        .iter()
        .find(|(bytes, ..)| start.starts_with(bytes));
    if let Some(&(_, what, hint)) = found {
        return Err(InputError::Encoding { what, hint });
    }
    // UTF-16 without a byte-order mark: JSON starts with two ASCII characters.
    if matches!(start, [0, letter, 0, ..] | [letter, 0, _, 0, ..] if letter.is_ascii() && *letter != 0)
    {
        return Err(InputError::Encoding {
            what: "UTF-16",
            hint: CONVERT,
        });
    }
    let end = memchr::memchr(b'\n', start);
    if end.is_some_and(|end| is_plain(&start[..end])) {
        return Ok(true);
    }
    if is_all && !is_json && memchr::memchr(0, start).is_some() {
        return Err(InputError::Encoding {
            what: "binary data",
            hint: "payloads are JSON",
        });
    }
    Ok(is_all)
}

/// Whether a line is text without control characters.
fn is_plain(line: &[u8]) -> bool {
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\r');
    str::from_utf8(line).is_ok_and(|line| !line.contains(is_control))
}
