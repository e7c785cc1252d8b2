//! Secrets behind a name and a colon: members of JSON objects, sound or not, and lines of plain
//! text.

use std::ops::Range;

use super::names::{LONGEST, Name};
use super::unescaped::{Unescaped, ends};
use super::{Form, Secret, What};

/// The values of names that say that they are secret. Each byte is passed over once for each
/// depth of embedding, which doubles what it takes to write a quote.
pub(super) fn values(text: &Unescaped<'_>, secrets: &mut Vec<Secret>) {
    let mut search = Search {
        text,
        covered: 0,
        hopeless: 0,
    };
    for colon in memchr::memchr_iter(b':', text.bytes()) {
        if colon >= search.covered
            && let Some(secret) = search.value(colon)
        {
            secrets.push(secret);
        }
    }
}

struct Search<'t> {
    text: &'t Unescaped<'t>,
    /// Up to where secrets have been found.
    covered: usize,
    /// Up to where brackets were looked at that are never closed.
    hopeless: usize,
}

/// A name before a colon.
struct Label {
    name: Name,
    start: usize,
    /// The place of its closing quote, if it has one that is JSON's.
    quote: Option<usize>,
}

impl Search<'_> {
    fn value(&mut self, colon: usize) -> Option<Secret> {
        let bytes = self.text.bytes();
        let label = self.label(colon);
        let what = label.name.member()?;
        let mut form = Form::Text;
        let is_space = |byte: &&u8| match label.quote {
            Some(_) => byte.is_ascii_whitespace(),
            None => matches!(byte, b' ' | b'\t'),
        };
        let space = bytes[colon + 1..].iter().take_while(is_space).count();
        let start = colon + 1 + space;
        let is_header_line = what == What::Header && label.quote.is_none();
        let (span, end) = match (bytes.get(start)?, label.quote) {
            (b'"', _) if self.text.is_quote(start) && !is_header_line => self.text.string(start),
            (b'[' | b'{', Some(quote)) => {
                let level = self.text.backslashes(quote);
                form = Form::Container { level };
                let end = self.container(start, level);
                (self.text.written(start..end), end)
            }
            (_, Some(_)) => {
                let end = self.scalar(start);
                match &bytes[start..end] {
                    b"null" | b"true" | b"false" => return None,
                    scalar if is_number(scalar) => form = Form::Number,
                    _ => {}
                }
                (self.text.written(start..end), end)
            }
            (_, None) => {
                let end = self.line(label.start, start);
                (self.text.written(start..end), end)
            }
        };
        self.covered = end;
        (!span.is_empty()).then_some(Secret { span, what, form })
    }

    fn label(&self, colon: usize) -> Label {
        let bytes = self.text.bytes();
        let end = bytes[..colon].trim_ascii_end().len();
        let mark = end.checked_sub(1).map(|last| bytes[last]);
        let (start, end, quote) = if let Some(mark @ (b'"' | b'\'')) = mark {
            let from = (end - 1).saturating_sub(LONGEST);
            let inside = &bytes[from..end - 1];
            let start = memchr::memrchr(mark, inside).map_or(from, |quote| from + quote + 1);
            let quote = (mark == b'"').then_some(end - 1);
            (start, end - 1, quote)
        } else {
            let is_letter =
                |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
            let letters = bytes[..end].iter().rev().take(LONGEST);
            (end - letters.take_while(is_letter).count(), end, None)
        };
        Label {
            name: Name::new(&bytes[start..end]),
            start,
            quote,
        }
    }

    /// Where an array or object ends whose quotes stand behind so many backslashes; if it isn't
    /// closed, or by the wrong bracket, the end of its line: what belongs to it is then unknown.
    fn container(&mut self, start: usize, level: usize) -> usize {
        let bytes = self.text.bytes();
        let mut open = Vec::new();
        let mut at = start;
        while start >= self.hopeless && at < bytes.len() {
            match bytes[at] {
                bracket @ (b'[' | b'{') => open.push(bracket),
                bracket @ (b']' | b'}') => {
                    // The closing brackets stand two places behind the opening ones.
                    if open.pop() != Some(bracket - 2) {
                        break;
                    }
                    if open.is_empty() {
                        return at + 1;
                    }
                }
                b'"' if self.text.is_quote(at) => {
                    if self.text.backslashes(at) < level {
                        break;
                    }
                    at = self.text.string(at).1;
                }
                _ => {}
            }
            at += 1;
        }
        self.hopeless = self.hopeless.max(at);
        let line = &bytes[start..];
        start + memchr::memchr(b'\n', line).unwrap_or(line.len())
    }

    /// Where a number or word ends.
    fn scalar(&self, start: usize) -> usize {
        let bytes = &self.text.bytes()[start..];
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'\n' | b'"');
        let length = bytes.iter().position(is_end).unwrap_or(bytes.len());
        start + bytes[..length].trim_ascii_end().len()
    }

    /// Where the value of a name without quotes ends: with the line that starts with the name, or
    /// with the string that it stands in.
    fn line(&self, name: usize, start: usize) -> usize {
        /// What a transcript of a request may have before a header.
        const MARGIN: usize = 8;
        let text = self.text;
        let bytes = text.bytes();
        let is_margin = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'>' | b'<' | b'*');
        let margin = bytes[..name].iter().rev().take(MARGIN);
        let first = name - margin.take_while(is_margin).count();
        let before = first.checked_sub(1);
        // The depth of the string that it stands in, if it starts one or a line of one.
        let level = match before.map(|at| (at, bytes[at])) {
            None => return self.line_end(start, |_, _| false),
            Some((at, b'\n')) if text.is_plain(at) => return self.line_end(start, |_, _| false),
            Some((at, b'\n')) => Some(text.backslashes(at) / 2),
            Some((at, b'"')) if text.is_quote(at) => Some(text.backslashes(at)),
            Some((_, b'\'')) => return self.line_end(start, |_, byte| byte == b'\''),
            Some(_) => None,
        };
        self.line_end(start, |at, byte| match (byte, level) {
            (b'"', Some(level)) => text.is_quote(at) && ends(text.backslashes(at), level),
            (b'"' | b'}', None) => true,
            (b'\n' | b'\r', _) => !text.is_percent(at),
            _ => false,
        })
    }

    /// The end of the line, or the first byte before it that is an end.
    fn line_end(&self, start: usize, is_end: impl Fn(usize, u8) -> bool) -> usize {
        let Range { mut end, .. } = 0..self.text.bytes().len();
        for (at, byte) in (start..).zip(&self.text.bytes()[start..]) {
            if is_end(at, *byte) || (*byte == b'\n' && self.text.is_plain(at)) {
                end = at;
                break;
            }
        }
        start + self.text.bytes()[start..end].trim_ascii_end().len()
    }
}

/// Whether this is one of JSON's numbers, which no token is.
fn is_number(scalar: &[u8]) -> bool {
    str::from_utf8(scalar).is_ok_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
}
