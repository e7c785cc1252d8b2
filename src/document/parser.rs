//! JSON text to entries, in one pass.
//!
//! The grammar is RFC 8259's, and what is accepted is exactly what `serde_json` accepts as a
//! `Value` (a property test holds the two together). Recursion is bounded by the levels that a text may have.

#![expect(
    clippy::unnecessary_box_returns,
    reason = "so what every value returns fits a register, and parsing takes a tenth less time"
)]

use super::strings::plain;
use crate::steps;

use super::{Entry, SyntaxError, SyntaxErrorKind, Tag, Tape, repeated};

/// Fills the tape with the entries of a text that may have so many levels of brackets.
pub(super) fn parse(text: &str, levels: usize, tape: &mut Tape) -> Result<(), SyntaxError> {
    if u32::try_from(text.len()).is_err() {
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
        levels,
        depth: 0,
        entries: std::mem::take(&mut tape.entries),
        suspects: Vec::new(),
    };
    let result = parser.text();
    steps::add(parser.at);
    let suspects = std::mem::take(&mut parser.suspects);
    tape.entries = parser.entries;
    if result.is_ok() && !suspects.is_empty() {
        repeated::find(text, &suspects, tape);
    }
    result.map_err(|error| *error)
}

type Parsed<T> = Result<T, Box<SyntaxError>>;

/// What a value must be preceded by, for messages.
const VALUE: &str = "a value";
const NAME: &str = "a property name in double quotes";

/// Values of other languages that are mistaken for JSON.
const WORDS: [&str; 11] = [
    "None",
    "nil",
    "undefined",
    "NaN",
    "Infinity",
    "True",
    "TRUE",
    "False",
    "FALSE",
    "Null",
    "NULL",
];

/// How many names are compared one by one.
const MANY: usize = 16;

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    levels: usize,
    depth: usize,
    entries: Vec<Entry>,
    /// Objects that may have a repeated name.
    suspects: Vec<u32>,
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
            Some(b'{') => self.nested(Tag::Object, Self::object),
            Some(b'[') => self.nested(Tag::Array, Self::array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Tag::True),
            Some(b'f') => self.literal("false", Tag::False),
            Some(b'n') => self.literal("null", Tag::Null),
            _ => Err(self.no_value()),
        }
    }

    /// A bracketed value: pushes its entry, and completes it once the inside is read.
    fn nested(
        &mut self,
        tag: Tag,
        inside: impl FnOnce(&mut Self, u32) -> Parsed<()>,
    ) -> Parsed<()> {
        if self.depth >= self.levels {
            let levels = self.levels;
            return Err(self.error(SyntaxErrorKind::TooDeep { levels }));
        }
        self.depth += 1;
        let index = self.push(self.at, self.at, tag, false);
        self.at += 1;
        inside(self, index)?;
        self.depth -= 1;
        let next = self.next_index();
        let entry = &mut self.entries[index as usize];
        entry.end = offset(self.at);
        entry.next = next;
        Ok(())
    }

    fn object(&mut self, index: u32) -> Parsed<()> {
        // A set of 64 buckets, as one word: only a name whose bucket is taken is compared with
        // those before it. A name with an escape can equal any other, which is left for later.
        let mut seen = 0_u64;
        let mut suspect = false;
        self.skip_space();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.no_name());
            }
            self.string()?;
            let name = &self.bytes[start..self.at];
            let bucket = 1 << bucket(name);
            suspect |= self.entries.last().is_some_and(|name| name.escaped)
                || (seen & bucket != 0 && self.may_repeat(name, index));
            seen |= bucket;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.no_colon());
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
        if suspect {
            self.suspects.push(index);
        }
        Ok(())
    }

    /// Whether a name, which was read last, stands in its object already. Of objects with many
    /// members this is left open.
    #[cold]
    fn may_repeat(&self, name: &[u8], object: u32) -> bool {
        let last = self.entries.len() - 1;
        let mut earlier = object as usize + 1;
        for _ in 0..MANY {
            if earlier == last {
                return false;
            }
            steps::add(1);
            let entry = &self.entries[earlier];
            if self.bytes[entry.start as usize..entry.end as usize] == *name {
                return true;
            }
            earlier = self.entries[earlier + 1].next as usize;
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
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Steps over a comma and to what follows it, which must not be the closing bracket.
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

    /// A string or a name, from its opening quote.
    fn string(&mut self) -> Parsed<()> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            // Plain bytes first: nearly every string is nothing else.
            self.at += plain(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    self.push(start, self.at, Tag::String, escaped);
                    return Ok(());
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                found => return Err(self.unclosed(start, found)),
            }
        }
    }

    /// A string that something keeps from being closed.
    #[cold]
    fn unclosed(&self, start: usize, found: Option<u8>) -> Box<SyntaxError> {
        match found {
            Some(b'\n' | b'\r') => {
                error_at(start, self.at - start, SyntaxErrorKind::UnclosedString)
            }
            Some(byte) => {
                let found = char::from(byte);
                self.error(SyntaxErrorKind::ControlCharacter { found })
            }
            None => self.unexpected("the closing quote of a string"),
        }
    }

    /// An escape, from its backslash.
    fn escape(&mut self) -> Parsed<()> {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit(start)? {
                0xD800..=0xDBFF => {
                    let low = (self.bytes.get(start + 6..start + 8) == Some(b"\\u"))
                        .then(|| self.unit(start + 6))
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

    /// The code unit of a `\u` escape that starts at `start`.
    fn unit(&self, start: usize) -> Parsed<u16> {
        let digits = self.bytes[start + 2..].iter().take(4);
        let good = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
        if good < 4 {
            return Err(error_at(start, 2 + good, SyntaxErrorKind::UnicodeEscape));
        }
        let digits = &self.text[start + 2..start + 6];
        Ok(u16::from_str_radix(digits, 16).unwrap_or_default())
    }

    fn number(&mut self) -> Parsed<()> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.bad_number(start, "with a leading zero"));
            }
        } else {
            self.digits(start, "without a digit")?;
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.digits(start, "without a digit after its point")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(start, "without a digit in its exponent")?;
        }
        // Only these can leave a double's range.
        let far = !whole || self.at - start > 300;
        if far && serde_json::from_str::<serde_json::Number>(&self.text[start..self.at]).is_err() {
            return Err(self.bad_number(start, "beyond the range of a double"));
        }
        self.push(start, self.at, Tag::Number, false);
        Ok(())
    }

    fn digits(&mut self, start: usize, or_else: &'static str) -> Parsed<()> {
        let first = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > first {
            Ok(())
        } else {
            Err(self.bad_number(start, or_else))
        }
    }

    fn literal(&mut self, word: &str, tag: Tag) -> Parsed<()> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.no_value());
        }
        self.push(self.at, end, tag, false);
        self.at = end;
        Ok(())
    }

    fn push(&mut self, start: usize, end: usize, tag: Tag, escaped: bool) -> u32 {
        let index = self.next_index();
        self.entries.push(Entry {
            start: offset(start),
            end: offset(end),
            next: index + 1,
            tag,
            escaped,
            shadowed: false,
        });
        index
    }

    fn next_index(&self) -> u32 {
        offset(self.entries.len())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The character here; none at the end.
    fn found(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn error(&self, kind: SyntaxErrorKind) -> Box<SyntaxError> {
        error_at(self.at, self.found().map_or(0, char::len_utf8), kind)
    }

    fn unexpected(&self, expected: &'static str) -> Box<SyntaxError> {
        self.error(match self.found() {
            Some(found) => SyntaxErrorKind::Unexpected { found, expected },
            None => SyntaxErrorKind::UnexpectedEnd { expected },
        })
    }

    fn bad_number(&self, start: usize, reason: &'static str) -> Box<SyntaxError> {
        let length = (self.at - start).max(1);
        error_at(start, length, SyntaxErrorKind::Number { reason })
    }

    fn no_value(&self) -> Box<SyntaxError> {
        if let Some(error) = self.odd_quote() {
            return error;
        }
        let word = self.word();
        match self.found() {
            Some('\'') => self.error(SyntaxErrorKind::SingleQuotes),
            Some('/' | '#') => self.error(SyntaxErrorKind::Comment),
            Some(_) if !word.is_empty() => {
                let known = WORDS.into_iter().find(|known| *known == word);
                let kind = known.map_or(SyntaxErrorKind::BareWord, |word| SyntaxErrorKind::Word {
                    word,
                });
                error_at(self.at, word.len(), kind)
            }
            _ => self.unexpected(VALUE),
        }
    }

    fn no_colon(&self) -> Box<SyntaxError> {
        if self.bytes[self.at..].starts_with(b"=>") {
            return error_at(self.at, 2, SyntaxErrorKind::Arrow);
        }
        self.unexpected("`:` after the property name")
    }

    /// A quote that is not JSON's, in any place where one is due.
    fn odd_quote(&self) -> Option<Box<SyntaxError>> {
        match self.found()? {
            found @ ('\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{ff02}') => {
                Some(self.error(SyntaxErrorKind::CurlyQuote { found }))
            }
            '\\' if self.bytes.get(self.at + 1) == Some(&b'"') => {
                Some(error_at(self.at, 2, SyntaxErrorKind::EscapedQuote))
            }
            _ => None,
        }
    }

    fn no_name(&self) -> Box<SyntaxError> {
        if let Some(error) = self.odd_quote() {
            return error;
        }
        let word = self.word();
        match self.found() {
            Some('\'') => self.error(SyntaxErrorKind::SingleQuotedName),
            Some('/' | '#') => self.error(SyntaxErrorKind::Comment),
            Some(_) if !word.is_empty() => {
                error_at(self.at, word.len(), SyntaxErrorKind::UnquotedName)
            }
            _ => self.unexpected(NAME),
        }
    }

    /// The bare word that starts here, at most 32 letters of it.
    fn word(&self) -> &str {
        let rest = &self.text[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = rest.bytes().take(32).take_while(is_part).count();
        &rest[..length]
    }
}

/// Offsets fit, since a longer text is refused before it is parsed.
#[expect(
    clippy::cast_possible_truncation,
    reason = "texts of over u32::MAX bytes are refused"
)]
fn offset(at: usize) -> u32 {
    at as u32
}

fn error_at(offset: usize, length: usize, kind: SyntaxErrorKind) -> Box<SyntaxError> {
    Box::new(SyntaxError {
        offset,
        length,
        kind,
    })
}

/// A small hash of a name as written with its quotes, 0 to 63.
fn bucket(name: &[u8]) -> u32 {
    let end = match name.last_chunk() {
        Some(end) => u64::from_le_bytes(*end),
        None => name
            .iter()
            .fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
    };
    // Any odd number with well mixed bits will do: this is the golden ratio's.
    let mixed = (end ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 58) as u32
}
