//! A text without its escapes that keeps each byte's position in the text as written.
//!
//! The searches for secrets read an [`UnescapedText`], so that they find a secret however it is
//! escaped. Escapes are decoded layer by layer, and each layer keeps the positions in the outermost
//! text: a name in a JSON string in a form body is reported where it stands in the form body.

use std::borrow::Cow;
use std::ops::Range;

use crate::steps;

use super::escape_depth::EscapeDepth;
use super::escapes::{self, Decoded};

/// How many times escapes are decoded that consist of escapes, such as `\u005c\u005c`.
const MAX_ROUNDS: usize = 4;

/// A byte of the unescaped text that is written as an escape.
#[derive(Debug, Clone, Copy)]
struct Escape {
    /// The offset of the byte in the unescaped text.
    offset: usize,
    /// The end of the escape in the outermost text.
    outer_end: usize,
    depth: EscapeDepth,
}

/// A text without its escapes. Offsets count its own bytes unless a name says `outer`.
#[derive(Debug)]
pub(crate) struct UnescapedText<'t> {
    bytes: Cow<'t, [u8]>,
    /// The offset of the first byte in the outermost text.
    outer_start: usize,
    escapes: Vec<Escape>,
}

impl<'t> UnescapedText<'t> {
    /// Creates a text that equals the text as written.
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(text),
            outer_start: 0,
            escapes: Vec::new(),
        }
    }

    /// Returns a part of the text.
    pub(crate) fn slice(&self, range: Range<usize>) -> UnescapedText<'_> {
        steps::add(range.len());
        let first = self.escapes.partition_point(|e| e.offset < range.start);
        let last = self.escapes.partition_point(|e| e.offset < range.end);
        let escapes = self.escapes[first..last].iter();
        let shifted = escapes.map(|escape| Escape {
            offset: escape.offset - range.start,
            ..*escape
        });
        UnescapedText {
            outer_start: self.outer_offset(range.start),
            escapes: shifted.collect(),
            bytes: Cow::Borrowed(&self.bytes[range]),
        }
    }

    /// Decodes the escapes of the inside of a valid JSON string.
    pub(crate) fn unescape_json(self) -> Self {
        let find = |bytes: &[u8]| memchr::memchr(b'\\', bytes);
        self.decode_escapes(find, escapes::read_json)
    }

    /// Decodes everything that looks like an escape: of JSON, URLs and HTML, in any order in which
    /// they are commonly nested.
    pub(super) fn unescape_all(self) -> Self {
        let backslash = |bytes: &[u8]| memchr::memchr(b'\\', bytes);
        let mut text = self.decode_escapes(backslash, escapes::read_backslashes);
        for _ in 1..MAX_ROUNDS {
            let before = text.bytes.len();
            text = text.decode_escapes(backslash, escapes::read_backslashes);
            if text.bytes.len() == before {
                break;
            }
        }
        let before = text.escapes.len();
        let mut text = text
            .decode_escapes(|bytes| memchr::memchr(b'%', bytes), escapes::read_percent)
            .decode_escapes(|bytes| memchr::memchr(b'&', bytes), escapes::read_entity);
        if text.escapes.len() != before {
            text = text.decode_escapes(backslash, escapes::read_backslashes);
        }
        text.decode_escapes(|bytes| memchr::memchr(b'\x1b', bytes), escapes::read_colour)
    }

    /// Decodes all escapes: `find` returns the offset of the next one, and `read` its length and
    /// the character that it stands for.
    fn decode_escapes(
        self,
        find: impl Fn(&[u8]) -> Option<usize>,
        read: impl Fn(&[u8]) -> (usize, Option<Decoded>),
    ) -> Self {
        steps::add(self.bytes.len());
        let mut bytes = Vec::new();
        let mut escapes = Vec::new();
        let mut pending = self.escapes.iter().peekable();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = find(&self.bytes[at..]) {
            let start = at + found;
            let (length, decoded) = read(&self.bytes[start..]);
            at = start + length;
            let Some(decoded) = decoded else { continue };
            while let Some(escape) = pending.next_if(|escape| escape.offset < start) {
                let offset = bytes.len() + (escape.offset - copied);
                escapes.push(Escape { offset, ..*escape });
            }
            bytes.extend_from_slice(&self.bytes[copied..start]);
            let mut depth = decoded.depth;
            while let Some(escape) = pending.next_if(|escape| escape.offset < at) {
                depth.percent_layers = depth.percent_layers.max(escape.depth.percent_layers);
                depth.entity_layers = depth.entity_layers.max(escape.depth.entity_layers);
                depth.backslashes = depth.backslashes.saturating_add(escape.depth.backslashes);
                depth.is_code |= escape.depth.is_code;
            }
            let outer_end = self.outer_offset(at);
            let mut character = [0; 4];
            for byte in decoded.character.encode_utf8(&mut character).bytes() {
                let offset = bytes.len();
                escapes.push(Escape {
                    offset,
                    outer_end,
                    depth,
                });
                bytes.push(byte);
            }
            copied = at;
        }
        if copied == 0 {
            return self;
        }
        for escape in pending {
            let offset = bytes.len() + (escape.offset - copied);
            escapes.push(Escape { offset, ..*escape });
        }
        bytes.extend_from_slice(&self.bytes[copied..]);
        Self {
            bytes: Cow::Owned(bytes),
            outer_start: self.outer_start,
            escapes,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the byte at an offset, or `None` after the end.
    pub(super) fn get(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Returns the offset of a byte in the outermost text.
    pub(super) fn outer_offset(&self, at: usize) -> usize {
        let before = self.escapes.partition_point(|escape| escape.offset < at);
        match before.checked_sub(1).map(|last| self.escapes[last]) {
            Some(escape) => escape.outer_end + (at - escape.offset - 1),
            None => self.outer_start + at,
        }
    }

    /// Returns the span of a range in the outermost text. A truncated escape before the range is
    /// included: the replacement's first digits could complete it.
    pub(crate) fn outer_span(&self, range: Range<usize>) -> Range<usize> {
        let start = range.start - self.truncated_escape(range.start);
        self.outer_offset(start)..self.outer_offset(range.end)
    }

    /// Returns the length of the truncated escape before an offset, or 0.
    fn truncated_escape(&self, at: usize) -> usize {
        let before = &self.bytes[..at];
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let digits = before.iter().rev().take(3).take_while(is_digit).count();
        if before[..at - digits].ends_with(b"\\u") {
            digits + 2
        } else {
            usize::from(before.ends_with(b"\\"))
        }
    }

    /// Returns how deeply a byte is escaped.
    pub(super) fn depth(&self, at: usize) -> EscapeDepth {
        let found = self.escapes.binary_search_by_key(&at, |e| e.offset);
        found.map_or(EscapeDepth::default(), |found| self.escapes[found].depth)
    }

    /// Returns `true` if any byte of a range is escaped other than by a single JSON escape, or if
    /// there is a truncated escape before the range.
    pub(super) fn is_nested(&self, range: Range<usize>) -> bool {
        if self.truncated_escape(range.start) > 0 {
            return true;
        }
        let first = self.escapes.partition_point(|e| e.offset < range.start);
        let within = self.escapes[first..].iter();
        within
            .take_while(|escape| escape.offset < range.end)
            .any(|escape| {
                escape.depth.percent_layers > 0
                    || escape.depth.entity_layers > 0
                    || escape.depth.backslashes > 1
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_with_their_positions() {
        let text = r#"a\u0041\\\"b%3Dc\xd%zz%253D&quot;&amp;lt;%5C%22é"#;
        let view = UnescapedText::new(text.as_bytes()).unescape_all();
        assert_eq!(
            String::from_utf8_lossy(view.bytes()),
            r#"aA"b=c\xd%zz="<"é"#
        );
        let outer_text = |range| &text[view.outer_span(range)];
        for (at, expected) in [
            (0, "a"),
            (1, r"\u0041"),
            (2, r#"\\\""#),
            (3, "b"),
            (4, "%3D"),
            (5, "c"),
            (12, "%253D"),
            (13, "&quot;"),
            (14, "&amp;lt;"),
            (15, "%5C%22"),
        ] {
            assert_eq!(outer_text(at..at + 1), expected);
        }
        let depth = |percent_layers, entity_layers, backslashes| EscapeDepth {
            percent_layers,
            entity_layers,
            backslashes,
            is_code: false,
        };
        assert_eq!(view.depth(2), depth(0, 0, 3));
        assert_eq!(view.depth(12), depth(2, 0, 0));
        assert_eq!(view.depth(14), depth(0, 2, 0));
        assert_eq!(view.depth(15), depth(1, 0, 1));
    }

    #[test]
    fn nested_strings_keep_their_positions() {
        let text = r#""{\"a\":\"\u00e9\\\"b\"}""#;
        let text_in_quotes = UnescapedText::new(text.as_bytes());
        let outer = text_in_quotes.slice(1..text.len() - 1).unescape_json();
        assert_eq!(String::from_utf8_lossy(outer.bytes()), r#"{"a":"é\"b"}"#);
        let at = outer.bytes().iter().position(|b| *b == 0xc3);
        let at = at.unwrap_or_default();
        let inner = outer.slice(at..at + 5).unescape_json();
        assert_eq!(String::from_utf8_lossy(inner.bytes()), "é\"b");
        assert_eq!(&text[inner.outer_span(0..2)], r"\u00e9");
        assert_eq!(&text[inner.outer_span(2..4)], r#"\\\"b"#);
    }
}
