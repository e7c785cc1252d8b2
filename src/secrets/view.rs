//! A text as it is read: without its escapes, and with the place of each byte in the text as
//! written.
//!
//! A secret is found however it is written, since what looks for it sees a [`View`]. Decoding is
//! done layer by layer, and the map back is carried along, so that a name in JSON in a string in a
//! form body has its place in the outermost text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use crate::steps;

use super::decode::{self, Decoded};

/// How a byte is written, other than as itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// How many layers of percent-encoding are around it.
    pub(super) layers: u8,
    /// How many layers of HTML entities are around it.
    pub(super) entities: u8,
    /// How many backslashes are before it: those of a quote say how deep its string is embedded.
    pub(super) slashes: u32,
    /// Whether it is written by its number, as in `\u0022`. That is no quote to what is around, and
    /// needs no entity there.
    pub(super) is_number: bool,
}

impl Mark {
    /// Returns whether a quote of this mark ends a string whose first quote has the mark `opening`.
    ///
    /// JSON in a string has one backslash before each quote, JSON in a string in that three, then
    /// seven. A quote of less depth ends the string around it, and so this one.
    pub(super) fn ends(self, opening: Self) -> bool {
        let layers = self.layers.cmp(&opening.layers);
        let entities = if self.is_number || opening.is_number {
            Ordering::Equal
        } else {
            self.entities.cmp(&opening.entities)
        };
        match layers.then(entities) {
            // What is escaped once more is content, however it is encoded.
            Ordering::Less => return self.slashes <= opening.slashes,
            Ordering::Greater => return false,
            Ordering::Equal => {}
        }
        let (mut closing, mut opening) = (self.slashes, opening.slashes);
        loop {
            if closing.is_multiple_of(2) {
                return true;
            }
            if opening == 0 {
                return false;
            }
            closing /= 2;
            opening = (opening - 1) / 2;
        }
    }
}

/// How often backslashes are read that are themselves written as escapes.
const ROUNDS: usize = 4;

/// A byte that is written as something else.
#[derive(Debug, Clone, Copy)]
struct Escape {
    /// Which byte of the view it is.
    place: usize,
    /// Where what is written for it ends.
    end: usize,
    mark: Mark,
}

/// A text without its escapes. Places are counted in its own bytes.
#[derive(Debug)]
pub(super) struct View<'t> {
    bytes: Cow<'t, [u8]>,
    /// Where its first byte is written.
    base: usize,
    escapes: Vec<Escape>,
}

impl<'t> View<'t> {
    /// Returns a text as it is written.
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(text),
            base: 0,
            escapes: Vec::new(),
        }
    }

    /// Returns a part of a view.
    pub(super) fn part(&self, range: Range<usize>) -> View<'_> {
        steps::add(range.len());
        let first = self.escapes.partition_point(|e| e.place < range.start);
        let last = self.escapes.partition_point(|e| e.place < range.end);
        let escapes = self.escapes[first..last].iter();
        let shifted = escapes.map(|escape| Escape {
            place: escape.place - range.start,
            ..*escape
        });
        View {
            base: self.start(range.start),
            escapes: shifted.collect(),
            bytes: Cow::Borrowed(&self.bytes[range]),
        }
    }

    /// Returns the content of a sound JSON string, whose inside this is.
    pub(super) fn json_content(self) -> Self {
        let find = |bytes: &[u8]| memchr::memchr(b'\\', bytes);
        self.decoded(find, decode::json)
    }

    /// Returns the text without whatever looks like an escape: of JSON, URLs and HTML, in any order
    /// in which they are commonly nested.
    pub(super) fn flat(self) -> Self {
        let backslash = |bytes: &[u8]| memchr::memchr(b'\\', bytes);
        let mut flat = self.decoded(backslash, decode::backslashes);
        for _ in 1..ROUNDS {
            let before = flat.bytes.len();
            flat = flat.decoded(backslash, decode::backslashes);
            if flat.bytes.len() == before {
                break;
            }
        }
        let before = flat.escapes.len();
        let mut flat = flat
            .decoded(|bytes| memchr::memchr(b'%', bytes), decode::percent)
            .decoded(|bytes| memchr::memchr(b'&', bytes), decode::entity);
        if flat.escapes.len() != before {
            flat = flat.decoded(backslash, decode::backslashes);
        }
        flat.decoded(|bytes| memchr::memchr(b'\x1b', bytes), decode::colour)
    }

    /// Decodes what `find` finds as `read` says, which returns how many bytes it has read.
    fn decoded(
        self,
        find: impl Fn(&[u8]) -> Option<usize>,
        read: impl Fn(&[u8]) -> (usize, Option<Decoded>),
    ) -> Self {
        steps::add(self.bytes.len());
        let mut bytes = Vec::new();
        let mut escapes = Vec::new();
        let mut old = self.escapes.iter().peekable();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = find(&self.bytes[at..]) {
            let start = at + found;
            let (length, decoded) = read(&self.bytes[start..]);
            at = start + length;
            let Some(decoded) = decoded else { continue };
            while let Some(escape) = old.next_if(|escape| escape.place < start) {
                let place = bytes.len() + (escape.place - copied);
                escapes.push(Escape { place, ..*escape });
            }
            bytes.extend_from_slice(&self.bytes[copied..start]);
            let mut mark = decoded.mark;
            while let Some(escape) = old.next_if(|escape| escape.place < at) {
                mark.layers = mark.layers.max(escape.mark.layers);
                mark.entities = mark.entities.max(escape.mark.entities);
                mark.slashes = mark.slashes.saturating_add(escape.mark.slashes);
                mark.is_number |= escape.mark.is_number;
            }
            let end = self.start(at);
            let mut character = [0; 4];
            for byte in decoded.character.encode_utf8(&mut character).bytes() {
                let place = bytes.len();
                escapes.push(Escape { place, end, mark });
                bytes.push(byte);
            }
            copied = at;
        }
        if copied == 0 {
            return self;
        }
        for escape in old {
            let place = bytes.len() + (escape.place - copied);
            escapes.push(Escape { place, ..*escape });
        }
        bytes.extend_from_slice(&self.bytes[copied..]);
        Self {
            bytes: Cow::Owned(bytes),
            base: self.base,
            escapes,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the byte at a place, or nothing after the end.
    pub(super) fn get(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Returns where a byte starts in the outermost text.
    pub(super) fn start(&self, at: usize) -> usize {
        let before = self.escapes.partition_point(|escape| escape.place < at);
        match before.checked_sub(1).map(|last| self.escapes[last]) {
            Some(escape) => escape.end + (at - escape.place - 1),
            None => self.base + at,
        }
    }

    /// Returns where a range is written in the outermost text. An escape that is cut off before it
    /// belongs to it: other digits in its place could make that whole.
    pub(super) fn written(&self, range: Range<usize>) -> Range<usize> {
        let start = range.start - self.cut_escape(range.start);
        self.start(start)..self.start(range.end)
    }

    /// Returns the length of the escape that is cut off before a place, if there is one.
    fn cut_escape(&self, at: usize) -> usize {
        let before = &self.bytes[..at];
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let digits = before.iter().rev().take(3).take_while(is_digit).count();
        if before[..at - digits].ends_with(b"\\u") {
            digits + 2
        } else {
            usize::from(before.ends_with(b"\\"))
        }
    }

    /// Returns how a byte is written.
    pub(super) fn mark(&self, at: usize) -> Mark {
        let found = self.escapes.binary_search_by_key(&at, |e| e.place);
        found.map_or(Mark::default(), |found| self.escapes[found].mark)
    }

    /// Returns whether any byte of a range is written as something else than itself or a single
    /// JSON escape, or an escape is cut off before it.
    pub(super) fn is_embedded(&self, range: Range<usize>) -> bool {
        if self.cut_escape(range.start) > 0 {
            return true;
        }
        let first = self.escapes.partition_point(|e| e.place < range.start);
        let within = self.escapes[first..].iter();
        within
            .take_while(|escape| escape.place < range.end)
            .any(|escape| {
                escape.mark.layers > 0 || escape.mark.entities > 0 || escape.mark.slashes > 1
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_what_they_stand_for_and_keep_their_place() {
        let text = r#"a\u0041\\\"b%3Dc\xd%zz%253D&quot;&amp;lt;%5C%22é"#;
        let view = View::new(text.as_bytes()).flat();
        assert_eq!(
            String::from_utf8_lossy(view.bytes()),
            r#"aA"b=c\xd%zz="<"é"#
        );
        let written = |range| &text[view.written(range)];
        for (at, written_as) in [
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
            assert_eq!(written(at..at + 1), written_as);
        }
        let mark = |layers, entities, slashes| Mark {
            layers,
            entities,
            slashes,
            is_number: false,
        };
        assert_eq!(view.mark(2), mark(0, 0, 3));
        assert_eq!(view.mark(12), mark(2, 0, 0));
        assert_eq!(view.mark(14), mark(0, 2, 0));
        assert_eq!(view.mark(15), mark(1, 0, 1));
    }

    #[test]
    fn strings_in_strings_keep_their_places() {
        let text = r#""{\"a\":\"\u00e9\\\"b\"}""#;
        let whole = View::new(text.as_bytes());
        let outer = whole.part(1..text.len() - 1).json_content();
        assert_eq!(String::from_utf8_lossy(outer.bytes()), r#"{"a":"é\"b"}"#);
        let at = outer.bytes().iter().position(|b| *b == 0xc3);
        let at = at.unwrap_or_default();
        let inner = outer.part(at..at + 5).json_content();
        assert_eq!(String::from_utf8_lossy(inner.bytes()), "é\"b");
        assert_eq!(&text[inner.written(0..2)], r"\u00e9");
        assert_eq!(&text[inner.written(2..4)], r#"\\\"b"#);
    }
}
