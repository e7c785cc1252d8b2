//! Finds base64 in a text, so that a secret is also found if its text is encoded.
//!
//! Any sequence of characters of base64 that is long enough is decoded, whatever stands around it.
//! It counts as base64 if the decoded bytes start like text or gzip; other words do so only by
//! chance, and then contain no secret. The encoding keeps what a redacted text needs to be written
//! in the same way: the alphabet, the padding and the line breaks.

use std::ops::Range;
use std::sync::LazyLock;

#[cfg(feature = "cli")]
use data_encoding::{BASE64, BASE64URL};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding};

use crate::steps;

use super::unescape::UnescapedText;

/// The minimum number of characters: shorter texts have no room for a name and its value.
pub(super) const MIN_LENGTH: usize = 20;

/// The minimum number of characters of a line after which base64 continues on the next line.
const MIN_LINE: usize = 40;

/// The first bytes of gzip data: its signature, and the only method of compression.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// How some bytes are written as base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base64Format {
    is_url_safe: bool,
    is_padded: bool,
    /// The number of characters of a line, and the line break, if there is more than one line.
    lines: Option<(usize, &'static str)>,
}

/// Bytes that are written as base64 in a text.
#[derive(Debug, Clone)]
pub(super) struct Base64 {
    /// The range of the characters, with line breaks and padding.
    pub(super) range: Range<usize>,
    pub(super) bytes: Vec<u8>,
    pub(super) format: Base64Format,
}

/// Returns `true` if bytes are gzip data.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP)
}

/// Returns an encoding that reads base64 without padding that may be truncated anywhere: the last
/// character may have bits of a byte that is missing.
fn truncatable(encoding: &Encoding) -> Encoding {
    let mut specification = encoding.specification();
    specification.check_trailing_bits = false;
    specification
        .encoding()
        .unwrap_or_else(|_| encoding.clone())
}

/// Returns the encoding to decode an alphabet with.
fn decoding(is_url_safe: bool) -> &'static Encoding {
    static STANDARD: LazyLock<Encoding> = LazyLock::new(|| truncatable(&BASE64_NOPAD));
    static URL_SAFE: LazyLock<Encoding> = LazyLock::new(|| truncatable(&BASE64URL_NOPAD));
    if is_url_safe { &URL_SAFE } else { &STANDARD }
}

impl Base64Format {
    /// Returns bytes as base64.
    #[cfg(feature = "cli")]
    pub(crate) fn encode(&self, bytes: &[u8]) -> String {
        let encoding = match (self.is_url_safe, self.is_padded) {
            (false, false) => BASE64_NOPAD,
            (false, true) => BASE64,
            (true, false) => BASE64URL_NOPAD,
            (true, true) => BASE64URL,
        };
        let text = encoding.encode(bytes);
        let Some((width, line_break)) = self.lines else {
            return text;
        };
        let mut lines = String::with_capacity(text.len() + text.len() / width * line_break.len());
        for (number, character) in text.chars().enumerate() {
            if number > 0 && number % width == 0 {
                lines.push_str(line_break);
            }
            lines.push(character);
        }
        lines
    }

    /// Returns the range of the characters that decode to a range of bytes.
    pub(super) fn characters(&self, bytes: &Range<usize>) -> Range<usize> {
        let at = |character: usize| match self.lines {
            Some((width, line_break)) => character + character / width * line_break.len(),
            None => character,
        };
        let last = (bytes.end * 8).div_ceil(6).saturating_sub(1);
        at(bytes.start * 8 / 6)..at(last) + 1
    }
}

/// Returns `true` if a text may contain base64: if not, [`find`] finds none.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(run) = next_run(text, at) {
        at = run.range.end;
        if start(text, &run).is_some() {
            return true;
        }
    }
    false
}

/// Returns all base64 of a text.
pub(super) fn find(text: &UnescapedText<'_>) -> Vec<Base64> {
    let bytes = text.bytes();
    steps::add(bytes.len());
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(run) = next_run(bytes, at) {
        at = run.range.end;
        let base64 = start(bytes, &run).and_then(|start| decode(bytes, start..at, run.lines));
        if let Some(base64) = base64 {
            at = base64.range.end.max(at.min(base64.range.end + 1));
            found.push(base64);
        }
    }
    found
}

/// Returns the signs and line breaks in a range, each with the span of its first occurrence.
pub(super) fn signs(text: &UnescapedText<'_>, range: &Range<usize>) -> Vec<(char, Range<usize>)> {
    let span = |sign: &char| {
        let byte = u8::try_from(*sign).ok()?;
        let at = range.start + memchr::memchr(byte, &text.bytes()[range.clone()])?;
        Some((*sign, text.outer_span(at..at + 1)))
    };
    ['+', '/', '=', '\r', '\n']
        .iter()
        .filter_map(span)
        .collect()
}

/// A sequence of characters of base64.
struct Run {
    range: Range<usize>,
    lines: Option<(usize, &'static str)>,
}

/// Returns the first sequence of characters of base64 after an offset that is long enough.
fn next_run(bytes: &[u8], from: usize) -> Option<Run> {
    let mut at = from;
    while bytes.len().saturating_sub(at) >= MIN_LENGTH {
        at += bytes[at..].iter().position(|byte| is_digit(*byte))?;
        let run = run(bytes, at);
        if run.range.len() >= MIN_LENGTH {
            return Some(run);
        }
        at = run.range.end;
    }
    None
}

/// Returns the longest sequence of characters of base64 from an offset on. It continues after a
/// line break if all lines but the last are equally long.
fn run(bytes: &[u8], start: usize) -> Run {
    let line = |from: usize| {
        let length = bytes[from..].iter().position(|byte| !is_digit(*byte));
        length.unwrap_or(bytes.len() - from)
    };
    let width = line(start);
    let mut end = start + width;
    let mut lines = None;
    while (end - start) >= MIN_LINE {
        let line_break = match &bytes[end..] {
            [b'\r', b'\n', ..] => "\r\n",
            [b'\n', ..] => "\n",
            _ => break,
        };
        let length = line(end + line_break.len());
        if length == 0
            || length > width
            || lines.is_some_and(|(_, before)| before != line_break)
            // The last line is often shorter, but then it ends the text or a paragraph.
            || (length < width && length < MIN_LENGTH && !ends(bytes, end + line_break.len() + length))
        {
            break;
        }
        lines = Some((width, line_break));
        end += line_break.len() + length;
        if length < width {
            break;
        }
    }
    let padding = bytes[end..]
        .iter()
        .take(2)
        .take_while(|byte| **byte == b'=');
    Run {
        range: start..end + padding.count(),
        lines,
    }
}

/// Returns `true` if no further word is on the line at an offset.
fn ends(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at)
        .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'<'))
}

/// Returns the offset at which base64 starts in a sequence of characters: a path or a prefix may
/// precede it, and the start of a text that was cut may be in the middle of a group.
fn start(bytes: &[u8], run: &Run) -> Option<usize> {
    let characters = &bytes[run.range.clone()];
    if run.lines.is_some() {
        return is_likely(characters).then_some(run.range.start);
    }
    // What precedes base64 is likely not to have whole groups, so each start is tried.
    let after_sign = memchr::memchr3_iter(b'/', b'-', b'_', characters).map(|at| at + 1);
    let shifts = if run.range.start <= 1 { 4 } else { 1 };
    let mut starts = (0..shifts).chain(after_sign);
    let start = starts.find(|start| is_likely(&characters[*start..]))?;
    Some(run.range.start + start)
}

/// Returns `true` if the first characters decode to what text or gzip starts with.
fn is_likely(characters: &[u8]) -> bool {
    steps::add(MIN_LENGTH);
    let Some(first) = characters.get(..MIN_LENGTH) else {
        return false;
    };
    // These stand for the first bits of a byte that neither starts a character of UTF-8 nor gzip.
    if matches!(first[0], b'g'..=b'v' | b'+' | b'/' | b'-' | b'_') {
        return false;
    }
    let is_url_safe = first.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let padding = first.iter().rev().take_while(|byte| **byte == b'=');
    let first = &first[..MIN_LENGTH - padding.count()];
    let (mut decoded, encoding) = ([0; MIN_LENGTH], decoding(is_url_safe));
    let Ok(length) = encoding.decode_len(first.len()) else {
        return false;
    };
    let decoded = &mut decoded[..length];
    if encoding.decode_mut(first, decoded).is_err() {
        return false;
    }
    // JSON permits U+007F in strings, so it is no mark of binary data.
    let is_control = |byte: &u8| *byte < b' ' && !b"\t\r\n\x1b".contains(byte);
    let text = match str::from_utf8(decoded) {
        Ok(_) => true,
        // The last character may be incomplete.
        Err(error) => error.error_len().is_none(),
    };
    is_gzip(decoded) || (text && !decoded.iter().any(is_control))
}

fn decode(
    bytes: &[u8],
    range: Range<usize>,
    lines: Option<(usize, &'static str)>,
) -> Option<Base64> {
    let written = &bytes[range.clone()];
    // A character of the other alphabet belongs to the text around it.
    let is_url_sign = |byte: &u8| matches!(byte, b'-' | b'_');
    let is_sign = |byte: &&u8| is_url_sign(byte) || matches!(byte, b'+' | b'/');
    let is_url_safe = written.iter().find(is_sign).is_some_and(is_url_sign);
    let is_other = |byte: &u8| is_sign(&byte) && is_url_sign(byte) != is_url_safe;
    let end = written.iter().position(is_other);
    let range = range.start..end.map_or(range.end, |end| range.start + end);
    let written = &bytes[range.clone()];
    steps::add(range.len());
    let padding = written.iter().rev().take_while(|byte| **byte == b'=');
    let padding = padding.count();
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut digits: Vec<u8> = written[..written.len() - padding].to_vec();
    digits.retain(|byte| !is_break(byte));
    // A single character after the last group is left of a cut text and stands for no byte.
    let is_truncated = digits.len() % 4 == 1;
    digits.truncate(digits.len() - usize::from(is_truncated));
    let decoded = decoding(is_url_safe).decode(&digits).ok()?;
    let is_complete = digits.len().is_multiple_of(4) && !is_truncated;
    let is_padded = padding > 0 || (is_complete && !is_url_safe);
    // Base64 for URLs may have none of its signs, but then has no padding.
    let is_url_safe = is_url_safe || (!is_padded && !written.iter().any(|byte| is_sign(&byte)));
    Some(Base64 {
        range,
        bytes: decoded,
        format: Base64Format {
            is_url_safe,
            is_padded,
            lines,
        },
    })
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
