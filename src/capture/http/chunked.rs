//! Joins the chunks of a body: `Transfer-Encoding: chunked`, RFC 9112, section 7.1.

use super::head::after_line;
use crate::decode::text::Decoded;
use crate::steps;

/// The joined chunks.
pub(super) struct Chunked {
    pub(super) decoded: Decoded,
    /// The offset after the trailers.
    pub(super) end: usize,
    /// Whether chunks are missing or broken.
    pub(super) is_truncated: bool,
}

/// Joins the chunks that start at an offset. Returns `None` if there is no chunk: many tools store a
/// body without its chunks, and headers that still state them.
pub(super) fn read(text: &[u8], start: usize) -> Option<Chunked> {
    let mut chunked = Chunked {
        decoded: Decoded::default(),
        end: start,
        is_truncated: true,
    };
    chunked.decoded.copy(text, start..start);
    if start < text.len() {
        chunk_size(text, start)?;
    }
    let mut at = start;
    while let Some((size, data)) = chunk_size(text, at) {
        if size == 0 {
            chunked.end = after_trailers(text, data);
            chunked.is_truncated = false;
            break;
        }
        let end = data.saturating_add(size).min(text.len());
        chunked.decoded.copy(text, data..end);
        chunked.end = after_line(text, end);
        if chunked.end == end {
            // The chunk is longer than stated, or the text ends.
            break;
        }
        at = chunked.end;
    }
    steps::add(chunked.end - start);
    Some(chunked)
}

/// Returns the size of a chunk and the offset of its data. Extensions are skipped.
fn chunk_size(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let digits = text[at..].iter().take(17);
    let digits = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
    let number = std::str::from_utf8(&text[at..at + digits]).ok()?;
    let size = usize::from_str_radix(number, 16).ok()?;
    let rest = &text[at + digits..];
    let line_break = memchr::memchr(b'\n', rest)?;
    steps::add(line_break);
    let extension = rest[..line_break].trim_ascii();
    let is_valid = extension.is_empty() || extension.starts_with(b";");
    is_valid.then_some((size, at + digits + line_break + 1))
}

/// Returns the offset after the trailers and the empty line, which may be missing.
fn after_trailers(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(line_break) = memchr::memchr(b'\n', &text[at..]) {
        let line = &text[at..at + line_break];
        let is_empty = line.trim_ascii_end().is_empty();
        if !is_empty && !line.contains(&b':') {
            // Text of something else.
            break;
        }
        at += line_break + 1;
        if is_empty {
            break;
        }
    }
    steps::add(at - start);
    at
}
