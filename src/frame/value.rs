//! Where a value ends, found without parsing it, and as its bytes arrive.
//!
//! A bare word or number ends where something else starts, a string with its quote. A sound
//! bracketed value ends where its brackets are balanced. In a broken one they may never be, and it
//! must not take the payloads behind it along. So a line that starts with a bracket is taken for
//! the next payload, unless a value may stand there: after a colon, or as an array's item. A quote
//! that is not closed ends with its line, since JSON strings have no line breaks; if that is the
//! value's first line and the next one looks like nothing that could belong to it, so does the
//! value.

use crate::document::plain;
use crate::steps;

use super::brackets::Brackets;

/// The search for a value's end, given the bytes from the value's first on.
#[derive(Debug, Default)]
pub(super) struct ValueScan {
    /// Bytes already looked at.
    at: usize,
    brackets: Brackets,
    /// The place of the value's first byte in those that the places of brackets are counted by.
    start: usize,
    found: ValueEnd,
    in_string: bool,
    /// The last byte outside of strings that is no white space; a quote for a string.
    last: u8,
}

/// How long a value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ValueEnd {
    /// Its brackets are balanced, its quote is closed, or something else follows it.
    Whole(usize),
    /// It is broken, and this is where the next one starts.
    Broken(usize),
    /// Not in the bytes that there are.
    #[default]
    NotYet,
}

impl ValueScan {
    /// Creates the scan of a value with at most `levels` levels of brackets.
    pub(super) fn within(levels: usize) -> Self {
        Self {
            brackets: Brackets::within(levels),
            ..Self::default()
        }
    }

    /// Returns a scan of another value, reusing this one's memory.
    #[must_use]
    pub(super) fn cleared(mut self) -> Self {
        self.brackets.clear();
        Self {
            brackets: self.brackets,
            ..Self::default()
        }
    }

    /// Continues the scan; `bytes` are those of earlier calls and what was added since.
    pub(super) fn find(&mut self, bytes: &[u8]) -> ValueEnd {
        if self.found == ValueEnd::NotYet {
            let before = self.at;
            self.found = self.look(bytes);
            steps::add(self.at - before);
        }
        self.found
    }

    /// Returns `true` if the value's end was found.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.found, ValueEnd::Whole(_))
    }

    /// Returns the number of bytes scanned.
    pub(super) fn looked(&self) -> usize {
        self.at
    }

    /// Continues with the value `offset` bytes into this one, if that starts with a bracket that is
    /// still open: what was scanned so far then holds for it too. `bytes` start with that value.
    /// Returns `false`, and changes nothing, if it doesn't.
    pub(super) fn enter(&mut self, offset: usize, bytes: &[u8]) -> bool {
        let place = self.start + offset;
        // Such a value ends with its first line, and not where this one does.
        let ends = |line: usize| {
            let next = bytes.get(line + 1 - place);
            next.is_some_and(|next| !may_go_on(*next))
        };
        if !self.brackets.enter(place, ends) {
            return false;
        }
        self.start = place;
        self.at -= offset;
        self.found = ValueEnd::NotYet;
        true
    }

    fn look(&mut self, bytes: &[u8]) -> ValueEnd {
        while let Some(&byte) = bytes.get(self.at) {
            if self.in_string {
                let Some(is_closed) = self.skip_string(bytes) else {
                    return ValueEnd::NotYet;
                };
                if self.brackets.depth() == 0 {
                    return ValueEnd::Whole(self.at);
                }
                if !is_closed {
                    self.brackets.unclosed(self.start + self.at);
                    if !self.brackets.has_lines() {
                        match bytes.get(self.at + 1) {
                            None => {
                                self.in_string = true;
                                return ValueEnd::NotYet;
                            }
                            Some(next) if !may_go_on(*next) => {
                                return ValueEnd::Broken(self.at + 1);
                            }
                            Some(_) => {}
                        }
                    }
                }
                continue;
            }
            let depth = self.brackets.depth();
            if depth == 0 && self.at > 0 && is_delimiter(byte) {
                return ValueEnd::Whole(self.at);
            }
            match byte {
                b'{' | b'[' => {
                    let starts_line = self.at > 0 && bytes[self.at - 1] == b'\n';
                    if starts_line && depth > 0 {
                        self.brackets.candidate(self.start + self.at);
                        if self.brackets.is_full() || !self.may_hold_value() {
                            return ValueEnd::Broken(self.give_up(self.at));
                        }
                    }
                    self.brackets.push(self.start + self.at, byte == b'[');
                }
                b'}' | b']' => {
                    self.brackets.pop();
                    if self.brackets.depth() == 0 {
                        return ValueEnd::Whole(self.at + 1);
                    }
                }
                b',' | b':' if depth == 0 => return ValueEnd::Whole(self.at + 1),
                b'"' => self.in_string = true,
                b'\n' => self.brackets.end_line(),
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                self.last = byte;
            }
            self.at += 1;
        }
        ValueEnd::NotYet
    }

    /// Where the value ends if no more bytes come.
    pub(super) fn give_up(&self, length: usize) -> usize {
        let candidate = self.brackets.first_candidate();
        candidate.map_or(length, |place| place - self.start)
    }

    /// Steps behind the string that is open, if its end is there; says whether that is a quote.
    fn skip_string(&mut self, bytes: &[u8]) -> Option<bool> {
        loop {
            self.at += plain(&bytes[self.at..]);
            match *bytes.get(self.at)? {
                // What is escaped may not be there yet: then the backslash is looked at again.
                b'\\' if self.at + 1 >= bytes.len() => return None,
                b'\\' if bytes[self.at + 1] != b'\n' => self.at += 2,
                end @ (b'"' | b'\n') => {
                    self.at += usize::from(end == b'"');
                    self.in_string = false;
                    return Some(end == b'"');
                }
                // Other control characters, and a backslash at the end of a line.
                _ => self.at += 1,
            }
        }
    }

    /// Whether a value may follow what was read last.
    fn may_hold_value(&self) -> bool {
        match self.last {
            b':' => true,
            b',' | b'[' => self.brackets.is_in_array(),
            _ => false,
        }
    }
}

/// Whether a line that starts so may belong to a broken value of the lines before it.
fn may_go_on(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'}' | b']' | b',' | b':' | b'"')
}

/// What ends a bare word.
fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> ValueEnd {
        let mut value_scan = ValueScan::within(128);
        let found = value_scan.find(text.as_bytes());
        // The same, however the bytes arrive.
        let mut value_scan = ValueScan::within(128);
        let last = (1..=text.len())
            .map(|end| value_scan.find(&text.as_bytes()[..end]))
            .find(|found| *found != ValueEnd::NotYet);
        assert_eq!(
            last.unwrap_or(ValueEnd::NotYet),
            found,
            "{text:?} byte by byte"
        );
        found
    }

    #[test]
    fn sound_values_end_with_their_bracket() {
        for (text, length) in [
            (r#"{"a": "}{"} {"#, 11),
            (r#"{"a": "\"}"}"#, 12),
            ("{\"a\":\n{\"b\": 1}\n} x", 16),
            ("{\"a\": [\n{\"b\": 1},\n{}\n]}", 23),
            (r#"{"a": [1}]"#, 10),
        ] {
            assert_eq!(whole(text), ValueEnd::Whole(length), "{text:?}");
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
            assert_eq!(whole(text), ValueEnd::Whole(length), "{text:?}");
        }
        assert_eq!(whole("tru"), ValueEnd::NotYet);
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
                whole(&stream),
                ValueEnd::Broken(text.len() + 1),
                "{stream:?}"
            );
        }
    }

    /// A quote that is open at the end of the first line, and a line that can't belong to it.
    #[test]
    fn a_line_cut_in_a_string_ends_there() {
        assert_eq!(whole("{\"a\": \"cut\n0"), ValueEnd::Broken(11));
        assert_eq!(whole("{\"a\": \"cut\\\n0"), ValueEnd::Broken(12));
        assert_eq!(whole("{\"a\": \"cut\n "), ValueEnd::NotYet);
        assert_eq!(whole("{\"a\": \"x\"\n0"), ValueEnd::NotYet);
    }

    /// FrameRange behind a colon or an array's comma, a payload could go on in the next line: only the
    /// line after that shows that it does not.
    #[test]
    fn a_payload_cut_where_a_value_is_due_ends_at_its_line() {
        for text in ["{\"a\":", "{\"a\": [", "{\"a\": [1,"] {
            let stream = format!("{text}\n{{\"next\": 1}}\n{{\"last\": 1}}\n");
            assert_eq!(
                whole(&stream),
                ValueEnd::Broken(text.len() + 1),
                "{stream:?}"
            );
            let stream = format!("{text}\n{{\"next\": 1}}\n");
            let mut value_scan = ValueScan::within(128);
            assert_eq!(value_scan.find(stream.as_bytes()), ValueEnd::NotYet);
            assert_eq!(value_scan.give_up(stream.len()), text.len() + 1);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is taken over from a broken value around is what one sees by looking anew.
        #[test]
        fn values_inside_are_read_on_as_if_from_their_start(
            text in r#"[{\[](["{}\[\]:,xy \\]|\n|\n\{|\n\[|\{"a":\n|\[\n){0,40}"#,
            levels in 1_usize..6,
            range: prop::sample::Index,
        ) {
            let bytes = text.as_bytes();
            // Of what there is so far, and then of all.
            for length in [1 + range.index(bytes.len()), bytes.len()] {
                for offset in 1..length {
                    let mut outer = ValueScan::within(levels);
                    let found = outer.find(&bytes[..length]);
                    let is_inside = !matches!(found, ValueEnd::Whole(_)) && offset < outer.looked();
                    if !is_inside || !outer.enter(offset, &bytes[offset..length]) {
                        continue;
                    }
                    let mut anew = ValueScan::within(levels);
                    anew.find(&bytes[offset..length]);
                    for value_scan in [&mut outer, &mut anew] {
                        value_scan.find(&bytes[offset..]);
                    }
                    let found = anew.find(&bytes[offset..]);
                    prop_assert_eq!(outer.find(&bytes[offset..]), found);
                    if found == ValueEnd::NotYet {
                        let rest = bytes.len() - offset;
                        prop_assert_eq!(outer.give_up(rest), anew.give_up(rest));
                    }
                }
            }
        }
    }
}
