//! Finds the end of JSON that stands in other text with its quotes escaped.
//!
//! The text around it has a quote, a tag or a line break where it ends. If that is missing, the
//! JSON was cut off there.

use crate::steps;

use super::notation::Notation;

/// The length of white space in a line that may be blank.
const MAX_BLANK: usize = 256;

/// The end of a text in escaped notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuotedEnd {
    pub(super) length: usize,
    /// Whether the closing quote was found.
    pub(super) is_closed: bool,
}

/// The scan for the end of a text in escaped notation, as its bytes arrive.
#[derive(Debug)]
pub(super) struct QuotedScan {
    notation: Notation,
    scanned: usize,
    /// The maximum length.
    limit: usize,
    /// The number of open braces.
    depth: usize,
}

impl QuotedScan {
    /// Creates the scan of a text whose first brace is at the offset `brace`.
    pub(super) fn new(notation: Notation, brace: usize, limit: usize) -> Self {
        Self {
            notation,
            scanned: brace,
            limit,
            depth: 0,
        }
    }

    /// Returns the notation of the text.
    pub(super) fn notation(&self) -> Notation {
        self.notation
    }

    /// Continues the scan. `bytes` are those of the earlier calls and what has arrived since;
    /// `is_complete` says that no more follow.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> Option<QuotedEnd> {
        let before = self.scanned;
        let bytes = &bytes[..bytes.len().min(self.limit)];
        let is_complete = is_complete || bytes.len() == self.limit;
        let end = match self.notation {
            Notation::JsonString => self.find_string_end(bytes),
            Notation::CsvField => self.find_field_end(bytes, is_complete),
            Notation::XmlText => self.find_xml_end(bytes, is_complete),
            _ => self.find_hex_end(bytes),
        };
        steps::add(self.scanned - before);
        end.or(is_complete.then_some(QuotedEnd {
            length: bytes.len(),
            is_closed: false,
        }))
    }

    /// Ends the text at the current byte.
    fn end(&self, is_closed: bool) -> QuotedEnd {
        QuotedEnd {
            length: self.scanned,
            is_closed,
        }
    }

    /// A JSON string ends with its quote.
    fn find_string_end(&mut self, bytes: &[u8]) -> Option<QuotedEnd> {
        loop {
            match self.skip_to(bytes, |rest| memchr::memchr3(b'"', b'\\', b'\n', rest))? {
                b'\\' => match bytes.get(self.scanned + 1) {
                    None => return None,
                    Some(b'\n') => self.scanned += 1,
                    Some(_) => self.scanned += 2,
                },
                b'"' => {
                    self.scanned += 1;
                    return Some(self.end(true));
                }
                _ => return Some(self.end(false)),
            }
        }
    }

    /// A field of CSV ends with a quote that is not doubled. A blank line ends it too, since a file
    /// with an odd number of quotes would be one field.
    fn find_field_end(&mut self, bytes: &[u8], is_complete: bool) -> Option<QuotedEnd> {
        loop {
            let byte = self.skip_to(bytes, |rest| memchr::memchr2(b'"', b'\n', rest))?;
            match (byte, bytes.get(self.scanned + 1)) {
                (_, None) if !is_complete => return None,
                (b'"', Some(b'"')) => self.scanned += 2,
                (b'"', _) => {
                    self.scanned += 1;
                    return Some(self.end(true));
                }
                _ if is_blank_line(&bytes[self.scanned + 1..], is_complete)? => {
                    return Some(self.end(false));
                }
                _ => self.scanned += 1,
            }
        }
    }

    /// Text with the escapes of nginx ends with the quote of the log's format, or with its line.
    fn find_hex_end(&mut self, bytes: &[u8]) -> Option<QuotedEnd> {
        self.skip_to(bytes, |rest| memchr::memchr2(b'"', b'\n', rest))?;
        Some(self.end(true))
    }

    /// Text in XML ends with a tag or a quote; with its line, if its braces are balanced there; and
    /// before a blank line.
    fn find_xml_end(&mut self, bytes: &[u8], is_complete: bool) -> Option<QuotedEnd> {
        loop {
            let is_end = |byte: &u8| matches!(byte, b'<' | b'"' | b'\n' | b'{' | b'}');
            let byte = self.skip_to(bytes, |rest| rest.iter().position(is_end))?;
            match byte {
                b'{' => self.depth += 1,
                b'}' => self.depth = self.depth.saturating_sub(1),
                b'\n' if self.depth > 0 => {
                    if is_blank_line(&bytes[self.scanned + 1..], is_complete)? {
                        return Some(self.end(false));
                    }
                }
                _ => return Some(self.end(true)),
            }
            self.scanned += 1;
        }
    }

    /// Skips to the next byte that `find` finds, and returns it.
    fn skip_to(&mut self, bytes: &[u8], find: impl FnOnce(&[u8]) -> Option<usize>) -> Option<u8> {
        let rest = &bytes[self.scanned..];
        let Some(offset) = find(rest) else {
            self.scanned = bytes.len();
            return None;
        };
        self.scanned += offset;
        Some(bytes[self.scanned])
    }
}

/// Returns whether the line that `bytes` start with is blank, or `None` if that depends on bytes
/// that have yet to arrive.
fn is_blank_line(bytes: &[u8], is_complete: bool) -> Option<bool> {
    let start = &bytes[..bytes.len().min(MAX_BLANK)];
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    match start.iter().find(|byte| !is_blank(byte)) {
        Some(byte) => Some(*byte == b'\n'),
        None => (is_complete || start.len() == MAX_BLANK).then_some(is_complete),
    }
}
