//! Reads HTTP messages as tools record them: dumps of a proxy, and `.http` files of editors.
//!
//! The headers are parsed by `httparse`. The start line is not, since `.http` files leave out the
//! version and dumps of HTTP/2 have another one. Line ends may have been converted to line feeds,
//! and the end of the message may be missing.

use std::ops::Range;

use crate::decode::text::Decoded;
use crate::steps;

mod body;
mod chunked;
mod head;
#[cfg(test)]
mod tests;

/// A request or a response. Ranges are those of the text that was parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpMessage<'t> {
    pub(crate) start: Start<'t>,
    pub(crate) headers: Vec<Header<'t>>,
    pub(crate) body: Body,
    /// The range from the start line to the end of the body.
    pub(crate) range: Range<usize>,
}

/// The start line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start<'t> {
    Request {
        method: &'t str,
        target: &'t str,
        /// The version, such as `HTTP/1.1`, which `.http` files may leave out.
        version: Option<&'t str>,
    },
    Response {
        status: u16,
        reason: &'t str,
    },
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header<'t> {
    pub(crate) name: &'t str,
    /// The value without white space around it. It may contain obsolete line folding, and may not be
    /// UTF-8.
    pub(crate) value: &'t [u8],
    /// The range of the value.
    pub(crate) range: Range<usize>,
}

/// The body, without transfer coding and `gzip`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) decoded: Decoded,
    /// The range of the body in its transfer coding.
    pub(crate) range: Range<usize>,
    /// How the text stands in that range.
    pub(crate) coding: Coding,
    /// Whether bytes are missing: fewer than stated, a broken chunk, or damaged `gzip`.
    pub(crate) is_truncated: bool,
    /// Whether the text is in a content coding that was not decoded.
    pub(crate) is_encoded: bool,
}

/// How the text of a body stands in the message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Coding {
    pub(crate) is_chunked: bool,
    pub(crate) is_gzip: bool,
}

impl<'t> HttpMessage<'t> {
    /// Returns the value of the first header with a name. Names are compared without case.
    pub(crate) fn header(&self, name: &str) -> Option<&'t [u8]> {
        header(&self.headers, name)
    }
}

/// Parses the message at the start of a text, after blank lines, comments and variables of `.http`
/// files. At most `limit` bytes of a compressed body are decoded. Text after the body, such as
/// another message, starts at the end of the message's range.
pub(crate) fn parse_message(text: &[u8], limit: usize) -> Option<HttpMessage<'_>> {
    let start_line = head::start_line(text)?;
    let start = head::parse_start(&text[start_line.clone()])?;
    let head = head::headers(text, head::after_line(text, start_line.end))?;
    let body = body::read(text, head.end, start, &head.headers, limit);
    steps::add(head.end - start_line.start);
    Some(HttpMessage {
        start,
        range: start_line.start..body.range.end,
        headers: head.headers,
        body,
    })
}

fn header<'t>(headers: &[Header<'t>], name: &str) -> Option<&'t [u8]> {
    let header = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(header.value)
}
