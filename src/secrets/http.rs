//! Finds secrets in HTTP messages: the head is searched as text, and the body by what it is, since
//! JSON is searched by its structure, and chunks and compression hide what they contain.

use std::ops::Range;

use crate::steps;

use super::json::MAX_LEVELS;
use super::unescape::UnescapedText;
use super::{Container, Encoding, Finder, base64};

/// An HTTP message in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The start line and the headers, without the empty line after them.
    pub(crate) head: Range<usize>,
    /// The body. Unless another message follows, it extends to the end of the text.
    pub(crate) body: Range<usize>,
}

/// A chunk of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// The line with the size, with its line break.
    size_line: Vec<u8>,
    /// The size that the line states.
    size: usize,
    /// The range of the data in the body; shorter than the size if the body was cut.
    data: Range<usize>,
    line_break: Vec<u8>,
}

impl Message {
    /// Splits the first HTTP message of a text. Returns `None` if it does not start with one.
    pub(crate) fn split(text: &[u8]) -> Option<Self> {
        if !starts_message(text) {
            return None;
        }
        let mut head_end = None;
        for line_end in memchr::memchr_iter(b'\n', text) {
            let length = match &text[line_end + 1..] {
                [b'\n', ..] => 1,
                [b'\r', b'\n', ..] => 2,
                _ => continue,
            };
            head_end = Some((line_end + 1, line_end + 1 + length));
            break;
        }
        let (head_end, body_start) = head_end?;
        steps::add(head_end);
        let message = Self {
            head: 0..head_end,
            body: body_start..text.len(),
        };
        let length = message.header(text, b"content-length").and_then(|value| {
            let length = text[value].trim_ascii();
            str::from_utf8(length).ok()?.parse::<usize>().ok()
        });
        // Without a length, a message that follows at once shows that there is no body.
        let end = body_start.checked_add(length.unwrap_or(0));
        let end = end.filter(|end| {
            let rest = text.get(*end..).unwrap_or_default().trim_ascii_start();
            rest.starts_with(b"###") || starts_message(rest)
        });
        Some(Self {
            body: body_start..end.unwrap_or(text.len()),
            ..message
        })
    }

    /// Returns the range of the value of a header, whose name is given in lower case.
    pub(crate) fn header(&self, text: &[u8], name: &[u8]) -> Option<Range<usize>> {
        let mut start = self.head.start;
        for line in text[self.head.clone()].split_inclusive(|byte| *byte == b'\n') {
            let colon = memchr::memchr(b':', line);
            if let Some(colon) = colon.filter(|at| line[..*at].eq_ignore_ascii_case(name)) {
                let value = &line[colon + 1..];
                let blank = value.len() - value.trim_ascii_start().len();
                let from = start + colon + 1 + blank;
                return Some(from..from + value.trim_ascii().len());
            }
            start += line.len();
        }
        None
    }

    /// Returns the names of the headers.
    #[cfg(feature = "cli")]
    pub(crate) fn header_names<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = &'t [u8]> {
        let lines = text[self.head.clone()].split(|byte| *byte == b'\n').skip(1);
        lines.map(|line| &line[..memchr::memchr(b':', line).unwrap_or(line.len())])
    }

    /// Returns the body of a text without its chunks, the chunks, the end of the last of them that
    /// has data, and the end of the body; `None` if the body has no chunks.
    pub(crate) fn chunks(&self, text: &[u8]) -> Option<(Vec<u8>, Vec<Chunk>, usize, usize)> {
        let encoding = self.header(text, b"transfer-encoding")?;
        if !text[encoding].eq_ignore_ascii_case(b"chunked") {
            return None;
        }
        let body = &text[self.body.clone()];
        let (mut data, mut chunks, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(chunk) = read_chunk(body, at).filter(|chunk| chunk.size > 0) {
            data.extend_from_slice(&body[chunk.data.clone()]);
            at = chunk.data.end + chunk.line_break.len();
            chunks.push(chunk);
        }
        steps::add(at);
        let rest = &body[at..];
        let last = [&b"0\r\n\r\n"[..], b"0\n\n"].into_iter();
        let length = last
            .filter(|last| rest.starts_with(last))
            .map(<[u8]>::len)
            .max();
        let data_end = self.body.start + at;
        (!chunks.is_empty()).then_some((data, chunks, data_end, data_end + length.unwrap_or(0)))
    }
}

/// Reads the chunk at an offset.
fn read_chunk(body: &[u8], at: usize) -> Option<Chunk> {
    const MAX_LINE: usize = 256;
    let rest = body.get(at..)?;
    let line = &rest[..rest.len().min(MAX_LINE)];
    let line = &line[..=memchr::memchr(b'\n', line)?];
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let digits = str::from_utf8(&line[..digits.count()]).ok()?;
    let size = usize::from_str_radix(digits, 16).ok()?;
    if !matches!(line[digits.len()..].trim_ascii_start(), [] | [b';', ..]) {
        return None;
    }
    let start = at + line.len();
    let end = start.saturating_add(size).min(body.len());
    let line_break = match &body[end..] {
        [b'\r', b'\n', ..] => &b"\r\n"[..],
        [b'\n', ..] => b"\n",
        // Cut off.
        [] => b"",
        // The size is wrong, so this is not a chunk.
        _ => return None,
    };
    Some(Chunk {
        size_line: line.to_vec(),
        size,
        data: start..end,
        line_break: line_break.to_vec(),
    })
}

/// Writes a body in chunks. All but the last keep their sizes where the body is long enough.
#[cfg(feature = "cli")]
pub(crate) fn write_chunks(body: &[u8], chunks: &[Chunk]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + chunks.len() * 8);
    let mut rest = body;
    for (number, chunk) in chunks.iter().enumerate() {
        let is_last = number + 1 == chunks.len();
        let length = if is_last {
            rest.len()
        } else {
            chunk.data.len().min(rest.len())
        };
        if length == 0 {
            // A chunk without data would end the body.
            continue;
        }
        let (data, after) = rest.split_at(length);
        rest = after;
        if length == chunk.data.len() {
            out.extend_from_slice(&chunk.size_line);
        } else {
            let digits = chunk.size_line.iter();
            let digits = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
            let size = chunk.size - chunk.data.len() + length;
            out.extend_from_slice(format!("{size:x}").as_bytes());
            out.extend_from_slice(&chunk.size_line[digits..]);
        }
        out.extend_from_slice(data);
        out.extend_from_slice(&chunk.line_break);
    }
    out
}

/// Returns `true` if a text starts with the first line of a request or a response.
fn starts_message(text: &[u8]) -> bool {
    /// The maximum length of a start line: servers refuse longer URLs.
    const MAX_LINE: usize = 1 << 14;
    if text.starts_with(b"HTTP/") {
        return true;
    }
    let method = text.iter().take(24).take_while(|b| b.is_ascii_uppercase());
    let length = method.count();
    if length < 3 || text.get(length) != Some(&b' ') {
        return false;
    }
    let line = &text[..text.len().min(MAX_LINE)];
    let Some(end) = memchr::memchr(b'\n', line) else {
        return false;
    };
    steps::add(end);
    let line = line[..end].trim_ascii_end();
    let version = memchr::memrchr(b' ', line).map_or(line, |at| &line[at + 1..]);
    version.starts_with(b"HTTP/")
}

/// Finds the secrets of a text that is an HTTP message, or several. Returns `false` if it is not.
pub(super) fn find(text: &UnescapedText<'_>, level: usize, finder: &mut Finder) -> bool {
    if level >= MAX_LEVELS {
        return false;
    }
    let mut at = 0;
    while let Some(message) = text.bytes().get(at..).and_then(Message::split) {
        let shift = |range: Range<usize>| at + range.start..at + range.end;
        finder.search_text(text.slice(shift(message.head.clone())), level, None);
        let rest = &text.bytes()[at..];
        let body = shift(message.body.clone());
        let mut end = body.end;
        if let Some((bytes, chunks, data_end, body_end)) = message.chunks(rest) {
            let span = body.start..at + data_end;
            find_in_chunks(text, span, (bytes, chunks), level, finder);
            end = at + body_end;
        } else if level == 0 && finder.includes_personal && base64::is_gzip(&rest[message.body]) {
            finder.containers.push(Container {
                span: text.outer_span(body.clone()),
                bytes: text.bytes()[body].to_vec(),
                encoding: Encoding::Binary,
            });
        } else {
            finder.search_body(text.slice(body), level);
        }
        if end == text.bytes().len() {
            return true;
        }
        // Between two messages there may be blank lines.
        let rest = &text.bytes()[end..];
        at = end + rest.len() - rest.trim_ascii_start().len();
    }
    if at > 0 {
        finder.search_text(text.slice(at..text.bytes().len()), level, None);
    }
    at > 0
}

/// Finds the secrets of a body in chunks.
fn find_in_chunks(
    text: &UnescapedText<'_>,
    span: Range<usize>,
    (bytes, chunks): (Vec<u8>, Vec<Chunk>),
    level: usize,
    finder: &mut Finder,
) {
    if finder.includes_personal {
        finder.containers.push(Container {
            span: text.outer_span(span),
            bytes,
            encoding: Encoding::Chunked(chunks, level),
        });
        return;
    }
    let mut starts = Vec::with_capacity(chunks.len());
    let mut length = 0;
    for chunk in &chunks {
        starts.push(length);
        length += chunk.data.len();
    }
    let offset = |at: usize| {
        let number = starts.partition_point(|start| *start <= at) - 1;
        span.start + chunks[number].data.start + (at - starts[number])
    };
    let mut inner = Finder::new(false);
    inner.search(UnescapedText::new(&bytes), level + 1, None);
    for secret in inner.matches {
        let last = secret.span.end.saturating_sub(1);
        let range = offset(secret.span.start)..offset(last) + 1;
        finder.add(text, range, secret.class, secret.notation);
    }
}
