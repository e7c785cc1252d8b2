//! Parses the start line and the headers of a message.

use std::ops::Range;

use super::{Header, Start};
use crate::steps;

/// The methods that a request without a version may have. Other words start sentences.
const METHODS: [&str; 10] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY",
];

/// A start line for `httparse`, which parses headers leniently only as part of a response.
const RESPONSE: &[u8] = b"HTTP/1.1 200\r\n";

/// Headers, and the offset where the body starts.
pub(super) struct Head<'t> {
    pub(super) headers: Vec<Header<'t>>,
    pub(super) end: usize,
}

/// Returns the range of the start line, without its line break: the first one that is not blank and
/// neither a comment nor a variable of a `.http` file.
pub(super) fn start_line(text: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    while start < text.len() {
        let end = start + line_length(&text[start..]);
        let line = text[start..end].trim_ascii_start();
        let is_skipped = line.is_empty()
            || line.starts_with(b"#")
            || line.starts_with(b"//")
            || (line.starts_with(b"@") && line.contains(&b'='));
        if !is_skipped {
            return Some(start..end);
        }
        start = after_line(text, end);
    }
    None
}

/// Returns the length of the first line without its line break.
fn line_length(text: &[u8]) -> usize {
    let Some(end) = memchr::memchr(b'\n', text) else {
        steps::add(text.len());
        return text.len();
    };
    steps::add(end);
    end - usize::from(text[..end].ends_with(b"\r"))
}

/// Returns the offset after the line break at an offset.
pub(super) fn after_line(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with(b"\r\n") {
        at + 2
    } else {
        at + usize::from(rest.starts_with(b"\n"))
    }
}

/// Parses a start line.
pub(super) fn parse_start(line: &[u8]) -> Option<Start<'_>> {
    let line = std::str::from_utf8(line).ok()?;
    let (first, rest) = line.split_once(' ')?;
    if is_version(first) {
        let (status, reason) = rest
            .trim_start()
            .split_once(' ')
            .unwrap_or((rest.trim(), ""));
        let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        return Some(Start::Response {
            status: status.parse().ok().filter(|_| is_status)?,
            reason: reason.trim(),
        });
    }
    let rest = rest.trim();
    let (target, version) = match rest.rsplit_once(' ') {
        Some((target, version)) if is_version(version) => (target.trim_end(), Some(version)),
        _ => (rest, None),
    };
    let is_request = match version {
        Some(_) => is_token(first) && !target.is_empty(),
        None => METHODS.contains(&first) && is_target(target),
    };
    is_request.then_some(Start::Request {
        method: first,
        target,
        version,
    })
}

fn is_version(word: &str) -> bool {
    let Some(version) = word.strip_prefix("HTTP/") else {
        return false;
    };
    matches!(
        version.as_bytes(),
        [b'0'..=b'9'] | [b'0'..=b'9', b'.', b'0'..=b'9']
    )
}

/// Whether a word may be a method.
fn is_token(word: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !word.is_empty() && word.bytes().all(is_token)
}

/// Whether a text is the target of a request without a version: a path, a URL, or one that starts
/// with a variable.
fn is_target(text: &str) -> bool {
    let starts = ["/", "http://", "https://", "{{"];
    starts.iter().any(|start| text.starts_with(start)) && !text.contains(['"', '<', '>'])
}

/// Parses the headers that start at an offset. They end with an empty line or with the text.
/// Invalid lines are skipped.
pub(super) fn headers(text: &[u8], start: usize) -> Option<Head<'_>> {
    let (length, end, count) = find_end(text, start);
    let mut block = Vec::with_capacity(RESPONSE.len() + length + 4);
    block.extend_from_slice(RESPONSE);
    block.extend_from_slice(&text[start..start + length]);
    blank_invalid(&mut block);
    block.extend_from_slice(b"\r\n\r\n");
    steps::add(2 * length);

    let mut parsed = vec![httparse::EMPTY_HEADER; count];
    let mut response = httparse::Response::new(&mut parsed);
    let mut config = httparse::ParserConfig::default();
    config
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    config.parse_response(&mut response, &block).ok()?;

    let place = |found: &[u8]| {
        let offset = (found.as_ptr() as usize).checked_sub(block.as_ptr() as usize)?;
        let at = start + offset.checked_sub(RESPONSE.len())?;
        // White space before the end may be that which was added.
        Some(at.min(text.len())..(at + found.len()).min(text.len()))
    };
    let headers = response.headers.iter().filter_map(|header| {
        let range = place(header.value)?;
        Some(Header {
            name: std::str::from_utf8(&text[place(header.name.as_bytes())?]).ok()?,
            value: &text[range.clone()],
            range,
        })
    });
    Some(Head {
        headers: headers.collect(),
        end,
    })
}

/// Replaces the characters with which `httparse` rejects all headers.
fn blank_invalid(block: &mut [u8]) {
    for at in 0..block.len() {
        let is_invalid = match block[at] {
            b'\0' => true,
            b'\r' => block.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if is_invalid {
            block[at] = b' ';
        }
    }
}

/// Returns the length of the headers without the empty line after them, the offset after that line,
/// and the number of lines.
fn find_end(text: &[u8], start: usize) -> (usize, usize, usize) {
    let (mut at, mut lines) = (start, 0);
    while at < text.len() {
        let end = at + line_length(&text[at..]);
        let next = after_line(text, end);
        if end == at {
            return (at - start, next, lines);
        }
        lines += 1;
        at = next;
    }
    (text.len() - start, text.len(), lines)
}
