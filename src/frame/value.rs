//! Finds the end of a value without parsing it, and as its bytes arrive.
//!
//! A bare word or a number ends where something else starts, a string with its quote, and a valid
//! value in brackets where its brackets are balanced. The brackets of a broken value may never be
//! balanced, and it must not contain the payloads after it. So two things end a value as well:
//!
//! - A line that starts with a bracket is taken for the next payload, unless a value may stand
//!   there: after a colon, or as an item of an array.
//! - JSON strings have no line breaks, so a string that isn't closed ends with its line. If that is
//!   the value's first line, and the next one starts with nothing that could belong to the value,
//!   the value ends there too.

use crate::document::plain_length;
use crate::steps;

use super::brackets::Brackets;

/// The scan for the end of a value, as the value's bytes arrive.
#[derive(Debug, Default)]
pub(super) struct ValueScan {
    /// The number of bytes scanned.
    scanned: usize,
    brackets: Brackets,
    /// The offset of the value's first byte, as the offsets of brackets are counted.
    start: usize,
    end: ValueEnd,
    in_string: bool,
    /// The last byte outside of strings that isn't white space; a quote stands for a string.
    last: u8,
}

/// Where a value ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ValueEnd {
    /// After this length its brackets are balanced, its quote is closed, or something else follows.
    Complete(usize),
    /// It is broken, and after this length the next value starts.
    Broken(usize),
    /// Not in the bytes that have arrived.
    #[default]
    Unknown,
}

impl ValueEnd {
    /// Returns the length of a value that is complete.
    pub(super) fn complete(self) -> Option<usize> {
        match self {
            Self::Complete(length) => Some(length),
            Self::Broken(_) | Self::Unknown => None,
        }
    }
}

impl ValueScan {
    /// Creates the scan of a value with at most `max_depth` levels of brackets.
    pub(super) fn new(max_depth: usize) -> Self {
        Self {
            brackets: Brackets::new(max_depth),
            ..Self::default()
        }
    }

    /// Starts the scan of another value, and keeps the memory.
    pub(super) fn reset(&mut self) {
        let mut brackets = std::mem::take(&mut self.brackets);
        brackets.clear();
        *self = Self {
            brackets,
            ..Self::default()
        };
    }

    /// Returns `true` if the scan has found the end of a value that isn't broken in its brackets.
    pub(super) fn is_complete(&self) -> bool {
        matches!(self.end, ValueEnd::Complete(_))
    }

    /// Returns the number of bytes scanned.
    pub(super) fn scanned(&self) -> usize {
        self.scanned
    }

    /// Continues the scan. `bytes` are those of the earlier calls and what has arrived since.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> ValueEnd {
        if self.end == ValueEnd::Unknown {
            let before = self.scanned;
            self.end = self.find_end(bytes);
            steps::add(self.scanned - before);
        }
        self.end
    }

    /// Continues with the value `offset` bytes into this one, if that starts with a bracket that is
    /// still open: what was seen so far then holds for it too. `bytes` start with that value.
    /// Returns `false`, and changes nothing, if it doesn't.
    pub(super) fn enter(&mut self, offset: usize, bytes: &[u8]) -> bool {
        let start = self.start + offset;
        // Where its first line ends inside of a string, that may end the inner value, though it did
        // not end this one.
        let ends_value = |line_end: usize| {
            let next = bytes.get(line_end + 1 - start);
            next.is_some_and(|next| !may_continue_value(*next))
        };
        if !self.brackets.enter(start, ends_value) {
            return false;
        }
        self.start = start;
        self.scanned -= offset;
        self.end = ValueEnd::Unknown;
        true
    }

    fn find_end(&mut self, bytes: &[u8]) -> ValueEnd {
        while let Some(&byte) = bytes.get(self.scanned) {
            if self.in_string {
                let Some(is_closed) = self.skip_string(bytes) else {
                    return ValueEnd::Unknown;
                };
                if self.brackets.depth() == 0 {
                    return ValueEnd::Complete(self.scanned);
                }
                if !is_closed {
                    self.brackets
                        .record_unclosed_string(self.start + self.scanned);
                    if !self.brackets.has_line_break() {
                        match bytes.get(self.scanned + 1) {
                            None => {
                                self.in_string = true;
                                return ValueEnd::Unknown;
                            }
                            Some(next) if !may_continue_value(*next) => {
                                return ValueEnd::Broken(self.scanned + 1);
                            }
                            Some(_) => {}
                        }
                    }
                }
                continue;
            }
            let depth = self.brackets.depth();
            if depth == 0 && self.scanned > 0 && is_delimiter(byte) {
                return ValueEnd::Complete(self.scanned);
            }
            match byte {
                b'{' | b'[' => {
                    let starts_line = self.scanned > 0 && bytes[self.scanned - 1] == b'\n';
                    if starts_line && depth > 0 {
                        self.brackets.record_next_payload(self.start + self.scanned);
                        if self.brackets.is_full() || !self.may_be_followed_by_value() {
                            return ValueEnd::Broken(self.length_at_end(self.scanned));
                        }
                    }
                    self.brackets.push(self.start + self.scanned, byte == b'[');
                }
                b'}' | b']' => {
                    self.brackets.pop();
                    if self.brackets.depth() == 0 {
                        return ValueEnd::Complete(self.scanned + 1);
                    }
                }
                b',' | b':' if depth == 0 => return ValueEnd::Complete(self.scanned + 1),
                b'"' => self.in_string = true,
                b'\n' => self.brackets.record_line_break(),
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                self.last = byte;
            }
            self.scanned += 1;
        }
        ValueEnd::Unknown
    }

    /// Returns the length of the value, which is broken, if no byte follows the first `length` ones.
    pub(super) fn length_at_end(&self, length: usize) -> usize {
        let next_payload = self.brackets.next_payload();
        next_payload.map_or(length, |offset| offset - self.start)
    }

    /// Scans to the end of the open string, if that has arrived. Returns `true` if it is a quote,
    /// and `false` if it is a line break.
    fn skip_string(&mut self, bytes: &[u8]) -> Option<bool> {
        loop {
            self.scanned += plain_length(&bytes[self.scanned..]);
            match *bytes.get(self.scanned)? {
                // The escaped byte may not have arrived: the backslash is scanned again then.
                b'\\' if self.scanned + 1 >= bytes.len() => return None,
                b'\\' if bytes[self.scanned + 1] != b'\n' => self.scanned += 2,
                end @ (b'"' | b'\n') => {
                    self.scanned += usize::from(end == b'"');
                    self.in_string = false;
                    return Some(end == b'"');
                }
                // Another control character, or a backslash at the end of a line.
                _ => self.scanned += 1,
            }
        }
    }

    /// Returns `true` if a value may follow the last byte.
    fn may_be_followed_by_value(&self) -> bool {
        match self.last {
            b':' => true,
            b',' | b'[' => self.brackets.is_in_array(),
            _ => false,
        }
    }
}

/// Returns `true` if a line that starts with this byte may belong to a broken value that started in
/// an earlier line.
fn may_continue_value(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'}' | b']' | b',' | b':' | b'"')
}

/// Returns `true` if this byte ends a bare word.
fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Scans a text at once and byte by byte, which must have the same result.
    fn scan(text: &str) -> ValueEnd {
        let end = ValueScan::new(128).scan(text.as_bytes());
        let mut value_scan = ValueScan::new(128);
        let by_byte = (1..=text.len())
            .map(|length| value_scan.scan(&text.as_bytes()[..length]))
            .find(|end| *end != ValueEnd::Unknown);
        assert_eq!(by_byte.unwrap_or(ValueEnd::Unknown), end, "{text:?}");
        end
    }

    #[test]
    fn valid_values_end_with_their_bracket() {
        for (text, length) in [
            (r#"{"a": "}{"} {"#, 11),
            (r#"{"a": "\"}"}"#, 12),
            ("{\"a\":\n{\"b\": 1}\n} x", 16),
            ("{\"a\": [\n{\"b\": 1},\n{}\n]}", 23),
            (r#"{"a": [1}]"#, 10),
        ] {
            assert_eq!(scan(text), ValueEnd::Complete(length), "{text:?}");
        }
    }

    #[test]
    fn values_without_brackets_end_with_themselves() {
        for (text, length) in [
            ("true {", 4),
            ("12{}", 2),
            ("oops, {", 4),
            (r#""a \" b" c"#, 8),
            (r#""a {" {"#, 5),
            ("} x", 1),
            (", {", 1),
            ("\"cut\n{", 4),
        ] {
            assert_eq!(scan(text), ValueEnd::Complete(length), "{text:?}");
        }
        assert_eq!(scan("tru"), ValueEnd::Unknown);
    }

    #[test]
    fn broken_values_end_where_the_next_payload_starts() {
        for text in [
            "{\"a\": \"cut",
            "{\"a\": 1",
            "{\"a\": 1,",
            "{\"a\"",
            "{\"a\": {\"b\": 1}",
            "{\"a\": [1",
            "{\"a\": \"ends in a backslash\\",
        ] {
            let stream = format!("{text}\n{{\"next\": 1}}\n{{\"last\": 1}}\n");
            assert_eq!(
                scan(&stream),
                ValueEnd::Broken(text.len() + 1),
                "{stream:?}"
            );
        }
    }

    /// The first line ends inside of a string, and the next one can't belong to the value.
    #[test]
    fn a_line_truncated_in_a_string_ends_there() {
        assert_eq!(scan("{\"a\": \"cut\n0"), ValueEnd::Broken(11));
        assert_eq!(scan("{\"a\": \"cut\\\n0"), ValueEnd::Broken(12));
        assert_eq!(scan("{\"a\": \"cut\n "), ValueEnd::Unknown);
        assert_eq!(scan("{\"a\": \"x\"\n0"), ValueEnd::Unknown);
    }

    /// After a colon or a comma in an array, the next line could belong to the payload: only the line
    /// after that shows that it doesn't.
    #[test]
    fn a_payload_truncated_before_a_value_ends_at_its_line() {
        for text in ["{\"a\":", "{\"a\": [", "{\"a\": [1,"] {
            let stream = format!("{text}\n{{\"next\": 1}}\n{{\"last\": 1}}\n");
            assert_eq!(
                scan(&stream),
                ValueEnd::Broken(text.len() + 1),
                "{stream:?}"
            );
            let stream = format!("{text}\n{{\"next\": 1}}\n");
            let mut value_scan = ValueScan::new(128);
            assert_eq!(value_scan.scan(stream.as_bytes()), ValueEnd::Unknown);
            assert_eq!(value_scan.length_at_end(stream.len()), text.len() + 1);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Entering a value inside of a broken one gives the same result as a scan of that value.
        #[test]
        fn entering_a_value_is_like_scanning_it(
            text in r#"[{\[](["{}\[\]:,xy \\]|\n|\n\{|\n\[|\{"a":\n|\[\n){0,40}"#,
            levels in 1_usize..6,
            index: prop::sample::Index,
        ) {
            let bytes = text.as_bytes();
            // Some of the bytes have arrived, and then all of them.
            for length in [1 + index.index(bytes.len()), bytes.len()] {
                for offset in 1..length {
                    let mut outer = ValueScan::new(levels);
                    let end = outer.scan(&bytes[..length]);
                    let is_inside = !matches!(end, ValueEnd::Complete(_)) && offset < outer.scanned();
                    if !is_inside || !outer.enter(offset, &bytes[offset..length]) {
                        continue;
                    }
                    let mut inner = ValueScan::new(levels);
                    inner.scan(&bytes[offset..length]);
                    for value_scan in [&mut outer, &mut inner] {
                        value_scan.scan(&bytes[offset..]);
                    }
                    let end = inner.scan(&bytes[offset..]);
                    prop_assert_eq!(outer.scan(&bytes[offset..]), end);
                    if end == ValueEnd::Unknown {
                        let rest = bytes.len() - offset;
                        prop_assert_eq!(outer.length_at_end(rest), inner.length_at_end(rest));
                    }
                }
            }
        }
    }
}
