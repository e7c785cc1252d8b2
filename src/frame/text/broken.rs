//! Finds the end of an object that is not valid JSON, in other text.
//!
//! Its brackets may never be balanced, and it must not contain what follows it. So an object of one
//! line ends with that line, and one of several lines before a line that cannot belong to it.

use crate::frame::json_scan::JsonScan;
use crate::frame::names::Names;
use crate::steps;

/// The length of the indentation that is examined.
const MAX_INDENTATION: usize = 256;

/// The scan for the end of a broken object, as its bytes arrive.
#[derive(Debug)]
pub(super) struct BrokenScan {
    scanned: usize,
    /// The number of open brackets.
    depth: usize,
    /// The quote of the open string.
    quote: Option<u8>,
    /// The offset of the string that was scanned last.
    string: usize,
    /// The names in the object itself, and not in those inside of it.
    names: Names,
    /// Whether strings may be in single quotes.
    has_single_quotes: bool,
    /// Whether the object has more than one line so far.
    has_line_break: bool,
}

impl BrokenScan {
    /// Creates a scan that starts after the first `scanned` bytes of an object, in which `depth`
    /// brackets are open then.
    pub(super) fn new(object: &[u8], depth: usize, is_in_string: bool) -> Self {
        steps::add(object.len());
        Self {
            scanned: object.len(),
            depth,
            quote: is_in_string.then_some(b'"'),
            string: object.len(),
            names: Names::NONE,
            has_single_quotes: false,
            has_line_break: memchr::memchr(b'\n', object).is_some(),
        }
    }

    /// Creates the scan of an object that breaks, as `scan` has found, after the first `length` bytes
    /// of `text`. It is the open one with the index `level`.
    pub(super) fn of_json(text: &[u8], scan: &JsonScan, level: usize, length: usize) -> Self {
        // The object may end in the line of its last byte, and what breaks it stand in a later one.
        let object = if scan.is_in_string() {
            &text[..length]
        } else {
            text[..length].trim_ascii_end()
        };
        Self {
            names: scan.names(level),
            ..Self::new(object, scan.open_levels(level), scan.is_in_string())
        }
    }

    /// Returns the names of the properties that were scanned.
    pub(super) fn names(&self) -> Names {
        self.names
    }

    /// Takes strings in single quotes for strings too.
    pub(super) fn with_single_quotes(self) -> Self {
        Self {
            has_single_quotes: true,
            ..self
        }
    }

    /// Continues the scan, and returns the length of the object if that is known. `bytes` are those
    /// of the earlier calls and what has arrived since; `is_complete` says that no more follow.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> Option<usize> {
        let before = self.scanned;
        let end = self.find_end(bytes, is_complete);
        steps::add(self.scanned - before);
        end.or(is_complete.then_some(bytes.len()))
    }

    fn find_end(&mut self, bytes: &[u8], is_complete: bool) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.scanned) {
            match (self.quote, byte) {
                (_, b'\n') => {
                    self.quote = None;
                    let next = &bytes[self.scanned + 1..];
                    if !self.has_line_break || ends_object(next, is_complete)? {
                        return Some(self.scanned);
                    }
                }
                // The escaped byte may not have arrived: the backslash is scanned again then.
                (Some(_), b'\\') => match bytes.get(self.scanned + 1) {
                    None => return None,
                    Some(b'\n') => {}
                    Some(_) => self.scanned += 1,
                },
                (Some(quote), _) if quote == byte => {
                    self.quote = None;
                    if self.depth == 1 {
                        self.names.add(Names::of(&bytes[self.string..self.scanned]));
                    }
                }
                (None, b'"' | b'\'') if byte == b'"' || self.has_single_quotes => {
                    self.quote = Some(byte);
                    self.string = self.scanned + 1;
                }
                (None, b'{' | b'[') => self.depth += 1,
                (None, b'}' | b']') => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.scanned += 1;
                        return Some(self.scanned);
                    }
                }
                _ => {}
            }
            self.scanned += 1;
        }
        None
    }
}

/// Returns whether a line with this start cannot belong to the object before it, or `None` if that
/// depends on bytes that have yet to arrive.
///
/// The lines of a pretty-printed object are indented, start with a closing bracket, or, without
/// indentation, with a quote. Blank lines, the fences of Markdown and lines of a log end it.
fn ends_object(next: &[u8], is_complete: bool) -> Option<bool> {
    let start = &next[..next.len().min(MAX_INDENTATION)];
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let Some(indentation) = start.iter().position(|byte| !is_blank(byte)) else {
        return (is_complete || start.len() == MAX_INDENTATION).then_some(is_complete);
    };
    steps::add(indentation);
    let byte = start[indentation];
    Some(match byte {
        b'\n' | b'`' => true,
        b'}' | b']' | b',' | b':' | b'"' | b'\'' => false,
        _ => indentation == 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end_of(text: &str, start: usize) -> usize {
        let new = || BrokenScan::new(&text.as_bytes()[..start], 1, false).with_single_quotes();
        let end = new().scan(text.as_bytes(), true).unwrap();
        let mut by_byte = new();
        let trickled = (start..=text.len())
            .find_map(|length| by_byte.scan(&text.as_bytes()[..length], length == text.len()));
        assert_eq!(trickled, Some(end), "{text:?}");
        end
    }

    #[test]
    fn an_object_of_one_line_ends_in_it() {
        assert_eq!(end_of("{'a': {'}': 1}} x", 1), 15);
        assert_eq!(end_of("{'a': {'}': 1}\n}", 1), 14);
        assert_eq!(end_of("{'a': 'cut\n}", 1), 10);
        assert_eq!(end_of("{'a': 'cut", 1), 10);
    }

    #[test]
    fn an_object_of_several_lines_ends_before_a_line_that_cannot_belong_to_it() {
        let object = "{\n  a: 1,\n  b: [";
        for next in [
            "",
            "   \t",
            "```",
            "  ```",
            "### x",
            "{\"a\": 1}",
            "2026-11-28 INFO",
            "[x]",
        ] {
            let text = format!("{object}\n{next}\n  c: 1\n}}\n");
            assert_eq!(end_of(&text, 2), object.len(), "{text}");
        }
        for next in ["  c: 1", "}", "\"c\": {},", "\t{"] {
            let text = format!("{object}\n{next}\n\n}}\n");
            assert_eq!(end_of(&text, 2), object.len() + 1 + next.len(), "{text}");
        }
    }
}
