//! Recognizes lines of an access log that lack the body of their request.
//!
//! nginx logs `$request_body` only if the body fits into its buffer, and writes `-` otherwise. Nearly
//! every access log has a `-` somewhere, so an earlier line must show in which field bodies stand.

use std::ops::Range;

use crate::steps;

/// The maximum length of the text before a body in its line, and of a line without its body.
pub(super) const MAX_LINE: u64 = 4 << 10;

/// The field of a log's lines in which bodies stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BodyField {
    /// The number of fields before it.
    index: usize,
    /// The number of fields before that with the line of the request.
    request: usize,
    is_quoted: bool,
}

impl BodyField {
    /// Returns the field of a body, of which `before` is the text before it in its line, if there is
    /// a request before it.
    pub(super) fn after(before: &[u8]) -> Option<Self> {
        steps::add(before.len());
        memchr::memmem::find(before, b" HTTP/")?;
        let (before, is_quoted) = match before {
            [fields @ .., b' ' | b'\t', b'"'] => (fields, true),
            [fields @ .., b' ' | b'\t'] => (fields, false),
            _ => return None,
        };
        let mut request = None;
        let mut index = 0;
        for field in Fields::new(before) {
            let (range, is_closed) = field;
            if !is_closed {
                return None;
            }
            if request.is_none() && is_request(&before[range]) {
                request = Some(index);
            }
            index += 1;
        }
        Some(Self {
            index,
            request: request?,
            is_quoted,
        })
    }

    /// Returns the range of the field if the line is that of a POST request and has no body in it.
    pub(super) fn missing(self, line: &[u8]) -> Option<Range<usize>> {
        steps::add(line.len());
        memchr::memmem::find(line, b"\"POST ")?;
        let mut fields = Fields::new(line);
        let (request, _) = fields.nth(self.request)?;
        let request = &line[request];
        if !request.starts_with(b"\"POST ") || !is_request(request) {
            return None;
        }
        let (field, _) = fields.nth(self.index.checked_sub(self.request + 1)?)?;
        let is_missing = match &line[field.clone()] {
            b"\"-\"" | b"\"\"" => self.is_quoted,
            b"-" => !self.is_quoted,
            _ => false,
        };
        is_missing.then_some(field)
    }
}

/// Returns `true` if a field is the quoted line of a request.
fn is_request(field: &[u8]) -> bool {
    field.starts_with(b"\"") && memchr::memmem::find(field, b" HTTP/").is_some()
}

/// The fields of a line: words, and texts in quotes or brackets. Each comes with whether it is closed.
struct Fields<'l> {
    line: &'l [u8],
    at: usize,
}

impl<'l> Fields<'l> {
    fn new(line: &'l [u8]) -> Self {
        Self { line, at: 0 }
    }
}

impl Iterator for Fields<'_> {
    type Item = (Range<usize>, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.line[self.at..];
        let start = self.at + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = &self.line[start..];
        let end = match rest[0] {
            b'"' => quote_end(rest),
            b'[' => memchr::memchr(b']', rest).map(|index| index + 1),
            _ => rest
                .iter()
                .position(u8::is_ascii_whitespace)
                .or(Some(rest.len())),
        };
        self.at = start + end.unwrap_or(rest.len());
        Some((start..self.at, end.is_some()))
    }
}

/// Returns the length of a text in quotes.
fn quote_end(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text of the missing field of `line`, after a line with a body after `before`.
    fn missing<'l>(before: &str, line: &'l str) -> Option<&'l str> {
        let field = BodyField::after(before.as_bytes())?;
        field.missing(line.as_bytes()).map(|range| &line[range])
    }

    #[test]
    fn the_field_of_an_earlier_body_is_missing() {
        let before = "127.0.0.1 - - [28/Nov/2026:19:18:03 +0000] \"POST /hooks HTTP/1.1\" 202 0 \"sender/1\" 0.005 ";
        let quoted = format!("{before}\"");
        for (body, before) in [("\"-\"", &*quoted), ("\"\"", &quoted), ("-", before)] {
            let line = format!(
                "10.0.0.9 - x [1/Dec/2026:01:00:00 +0000] \"POST /hooks?a=%20 HTTP/2.0\" 500 17 \"a \\\"b\\\" c\" - {body}\r"
            );
            assert_eq!(missing(before, &line), Some(body));
            for other in [
                line.replace("POST ", "GET "),
                line.replace("[1/Dec/2026:01:00:00 +0000]", "1/Dec/2026 01:00"),
                line.replace(body, "\"x\""),
                line.replace(body, ""),
            ] {
                assert_eq!(missing(before, &other), None, "{other}");
            }
        }
        assert_eq!(missing(before, &format!("{before}\"-\"")), None, "{before}");
    }

    #[test]
    fn other_lines_have_no_field_of_a_body() {
        for before in [
            "2026-11-28 INFO received ",
            "\"POST /hooks HTTP/1.1\" body=",
            "\"POST /hooks HTTP/1.1\" \"a ",
            "POST /hooks HTTP/1.1 ",
            "",
        ] {
            assert_eq!(BodyField::after(before.as_bytes()), None, "{before}");
        }
    }
}
