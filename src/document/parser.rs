//! Parses JSON text into entries in one pass.
//!
//! The parser follows RFC 8259 and accepts exactly what `serde_json` accepts as a `Value`, which a
//! property test checks. The maximum depth of the text limits the recursion.

#![expect(
    clippy::unnecessary_box_returns,
    reason = "so what every value returns fits a register, and parsing takes a tenth less time"
)]

use super::strings::plain_length;
use crate::steps;

use super::entry::MAX_LENGTH;
use super::{Entry, SyntaxError, SyntaxErrorKind, Tape, repeated};

/// Fills the tape with the entries of a text with at most `max_depth` levels of brackets.
pub(super) fn parse(text: &str, max_depth: usize, tape: &mut Tape) -> Result<(), SyntaxError> {
    if text.len() > MAX_LENGTH {
        return Err(SyntaxError {
            offset: 0,
            length: 0,
            kind: SyntaxErrorKind::TooLong,
        });
    }
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        max_depth,
        depth: 0,
        entries: std::mem::take(&mut tape.entries),
        candidates: Vec::new(),
    };
    let result = parser.text();
    steps::add(parser.at);
    let candidates = std::mem::take(&mut parser.candidates);
    tape.entries = parser.entries;
    if result.is_ok() && !candidates.is_empty() {
        repeated::find(text, &candidates, tape);
    }
    result.map_err(|error| *error)
}

/// The errors are boxed, so that results are small.
type Parsed<T> = Result<T, Box<SyntaxError>>;

/// The maximum number of names that are compared one by one.
const MAX_COMPARED: usize = 16;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    max_depth: usize,
    depth: usize,
    entries: Vec<Entry>,
    /// The objects that may have a repeated name.
    candidates: Vec<u32>,
}

impl Parser<'_> {
    fn text(&mut self) -> Parsed<()> {
        self.skip_space();
        self.value()?;
        self.skip_space();
        match self.found() {
            None => Ok(()),
            Some(found) => Err(self.error(SyntaxErrorKind::TextAfterValue { found })),
        }
    }

    fn value(&mut self) -> Parsed<()> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(self.value_error()),
        }
    }

    /// Parses an array or object: adds its entry, and completes it after its content.
    fn nested(&mut self, inside: impl FnOnce(&mut Self, u32) -> Parsed<()>) -> Parsed<()> {
        if self.depth >= self.max_depth {
            let max_depth = self.max_depth;
            return Err(self.error(SyntaxErrorKind::TooDeep { max_depth }));
        }
        self.depth += 1;
        let index = self.push(self.at, self.at);
        self.at += 1;
        inside(self, index)?;
        self.depth -= 1;
        let next = self.next_index();
        self.entries[index as usize].close(offset(self.at), next);
        Ok(())
    }

    fn object(&mut self, index: u32) -> Parsed<()> {
        // A set of 64 buckets in one integer. Only a name whose bucket is taken is compared with
        // the names before it. A name with an escape may equal any other; `repeated` checks that
        // later.
        let mut buckets = 0_u64;
        let mut is_candidate = false;
        self.skip_space();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.name_error());
            }
            self.string()?;
            let name = &self.bytes[start..self.at];
            let bucket = 1 << bucket(name);
            is_candidate |= self.entries.last().is_some_and(|name| name.is_escaped())
                || (buckets & bucket != 0 && self.may_repeat(name, index));
            buckets |= bucket;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.colon_error());
            }
            self.skip_space();
            self.value()?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.after_comma(b'}')?,
                Some(b'}') => break,
                _ => return Err(self.unexpected("`,` or `}`")),
            }
        }
        self.at += 1;
        if is_candidate {
            self.candidates.push(index);
        }
        Ok(())
    }

    /// Returns `true` if the last name may repeat an earlier name of its object. In an object with
    /// many members, any name may.
    #[cold]
    fn may_repeat(&self, name: &[u8], object: u32) -> bool {
        let last = self.entries.len() - 1;
        let mut earlier = object as usize + 1;
        for _ in 0..MAX_COMPARED {
            if earlier == last {
                return false;
            }
            steps::add(1);
            let entry = &self.entries[earlier];
            if self.bytes[entry.start()..entry.end()] == *name {
                return true;
            }
            earlier = self.entries[earlier + 1].next() as usize;
        }
        true
    }

    fn array(&mut self, _index: u32) -> Parsed<()> {
        self.skip_space();
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.after_comma(b']')?,
                Some(b']') => break,
                _ => return Err(self.item_error()),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Skips a comma and white space. The closing bracket must not follow.
    fn after_comma(&mut self, close: u8) -> Parsed<()> {
        let comma = self.at;
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(close) {
            self.at = comma;
            let close = char::from(close);
            return Err(self.error(SyntaxErrorKind::TrailingComma { close }));
        }
        Ok(())
    }

    /// Parses a string or a name from its opening quote on.
    fn string(&mut self) -> Parsed<()> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            // Skip plain bytes at once: most strings have no others.
            self.at += plain_length(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let index = self.push(start, self.at);
                    if escaped {
                        self.entries[index as usize].set_escaped();
                    }
                    return Ok(());
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                found => return Err(self.unclosed_string(start, found)),
            }
        }
    }

    /// Parses an escape from its backslash on.
    fn escape(&mut self) -> Parsed<()> {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.code_unit(start)? {
                0xD800..=0xDBFF => {
                    let low = (self.bytes.get(start + 6..start + 8) == Some(b"\\u"))
                        .then(|| self.code_unit(start + 6))
                        .transpose()?;
                    if !matches!(low, Some(0xDC00..=0xDFFF)) {
                        return Err(error_at(start, 6, SyntaxErrorKind::LoneSurrogate));
                    }
                    self.at += 12;
                }
                0xDC00..=0xDFFF => return Err(error_at(start, 6, SyntaxErrorKind::LoneSurrogate)),
                _ => self.at += 6,
            },
            Some(_) => {
                let found = self.text[start + 1..].chars().next().unwrap_or_default();
                let length = 1 + found.len_utf8();
                return Err(error_at(start, length, SyntaxErrorKind::Escape { found }));
            }
            None => {
                self.at += 1;
                return Err(self.unexpected("the rest of an escape"));
            }
        }
        Ok(())
    }

    /// Returns the code unit of the `\u` escape at `start`.
    fn code_unit(&self, start: usize) -> Parsed<u16> {
        let digits = self.bytes[start + 2..].iter().take(4);
        let valid_digits = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
        if valid_digits < 4 {
            return Err(error_at(
                start,
                2 + valid_digits,
                SyntaxErrorKind::UnicodeEscape,
            ));
        }
        let digits = &self.text[start + 2..start + 6];
        Ok(u16::from_str_radix(digits, 16).unwrap_or_default())
    }

    fn number(&mut self) -> Parsed<()> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.number_error(start, "with a leading zero"));
            }
        } else {
            self.digits(start, "without a digit")?;
        }
        let mut is_integer = true;
        if self.take(b'.') {
            is_integer = false;
            self.digits(start, "without a digit after its point")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_integer = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(start, "without a digit in its exponent")?;
        }
        // Only such numbers can exceed the range of a double.
        let may_overflow = !is_integer || self.at - start > 300;
        if may_overflow
            && serde_json::from_str::<serde_json::Number>(&self.text[start..self.at]).is_err()
        {
            return Err(self.number_error(start, "beyond the range of a double"));
        }
        self.push(start, self.at);
        Ok(())
    }

    fn digits(&mut self, start: usize, reason: &'static str) -> Parsed<()> {
        let first = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > first {
            Ok(())
        } else {
            Err(self.number_error(start, reason))
        }
    }

    fn literal(&mut self, word: &str) -> Parsed<()> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.value_error());
        }
        self.push(self.at, end);
        self.at = end;
        Ok(())
    }

    fn push(&mut self, start: usize, end: usize) -> u32 {
        let index = self.next_index();
        self.entries
            .push(Entry::new(offset(start), offset(end), index + 1));
        index
    }

    fn next_index(&self) -> u32 {
        offset(self.entries.len())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let matches = self.peek() == Some(byte);
        self.at += usize::from(matches);
        matches
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Returns the next character, or `None` at the end.
    pub(super) fn found(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn error(&self, kind: SyntaxErrorKind) -> Box<SyntaxError> {
        error_at(self.at, self.found().map_or(0, char::len_utf8), kind)
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> Box<SyntaxError> {
        self.error(match self.found() {
            Some(found) => SyntaxErrorKind::Unexpected { found, expected },
            None => SyntaxErrorKind::UnexpectedEnd { expected },
        })
    }

    /// Returns the error for a number that starts at `start`.
    fn number_error(&self, start: usize, reason: &'static str) -> Box<SyntaxError> {
        let length = (self.at - start).max(1);
        error_at(start, length, SyntaxErrorKind::Number { reason })
    }
}

/// Converts an offset to `u32`. It fits, since a longer text is rejected before it is parsed.
#[expect(
    clippy::cast_possible_truncation,
    reason = "texts of 2 GiB or more are rejected"
)]
#[inline]
pub(super) fn offset(at: usize) -> u32 {
    at as u32
}

pub(super) fn error_at(offset: usize, length: usize, kind: SyntaxErrorKind) -> Box<SyntaxError> {
    Box::new(SyntaxError {
        offset,
        length,
        kind,
    })
}

/// Returns a hash from 0 to 63 of a name as written, with its quotes.
fn bucket(name: &[u8]) -> u32 {
    let end = match name.last_chunk() {
        Some(end) => u64::from_le_bytes(*end),
        None => name
            .iter()
            .fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
    };
    // Any odd number with well-mixed bits works. This one is derived from the golden ratio.
    let mixed = (end ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 58) as u32
}
