//! What lines and their indentation say of a name and its value.

use std::ops::Range;

use super::labels::{Label, is_name_byte};
use super::names::{LONGEST, Name};
use super::values::{Values, is_blank};

/// How far the first name of a line may be from the line's start.
const MARGIN: usize = 12;

impl Values<'_> {
    /// Returns the lines of a block of YAML whose first line, `>-` or the like, starts at a place.
    pub(super) fn block(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let mark = bytes[start..]
            .strip_prefix(b">")
            .or(bytes[start..].strip_prefix(b"|"))?;
        // How much is indented, and what becomes of line breaks at its end.
        let is_mark = |byte: &&u8| matches!(**byte, b'-' | b'+' | b'1'..=b'9');
        let length = mark.iter().take(2).take_while(is_mark).count();
        let at = bytes.len() - mark.len() + length;
        let at = self.skip(at, |byte| is_blank(byte) || byte == b'\r');
        if self.text.get(at) != Some(b'\n') {
            return None;
        }
        let start = at + 1;
        let mut end = start;
        while self
            .text
            .get(end)
            .is_some_and(|byte| is_blank(byte) || matches!(byte, b'\r' | b'\n'))
        {
            let line = memchr::memchr(b'\n', &bytes[end..]);
            end = line.map_or(bytes.len(), |line| end + line + 1);
        }
        Some(start..end)
    }

    /// Returns the lines after a name at the end of its line that are indented further than that.
    pub(super) fn indented(&self, start: usize, label: &Label) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let start = self.skip(start, |byte| byte == b'\r');
        if label.is_quoted || self.text.get(start) != Some(b'\n') || !self.starts_line(label) {
            return None;
        }
        let before = &bytes[..label.name.start];
        let margin = before
            .iter()
            .rev()
            .take(MARGIN)
            .take_while(|b| is_blank(**b));
        let margin = margin.count();
        let mut end = start + 1;
        loop {
            let text = self.skip(end, is_blank);
            let is_blank_line = matches!(self.text.get(text), Some(b'\r' | b'\n'));
            let is_item = text == end + margin && bytes[text..].starts_with(b"- ");
            let is_inside = text > end + margin || is_blank_line || is_item;
            if !is_inside || text >= bytes.len() {
                break;
            }
            let line = memchr::memchr(b'\n', &bytes[end..]);
            end = line.map_or(bytes.len(), |line| end + line + 1);
        }
        let has_text = !bytes[start..end].trim_ascii().is_empty();
        has_text.then_some(start + 1..end)
    }

    /// Returns whether a name is the first of its line, or of the string that it stands in, margins
    /// aside that a transcript, a list or a script may have.
    pub(super) fn starts_line(&self, label: &Label) -> bool {
        let bytes = self.bytes();
        let start = label.name.start - usize::from(label.is_quoted).min(label.name.start);
        let mut rest = &bytes[..start];
        for word in [&b"export "[..], b"set ", b"env "] {
            rest = rest.strip_suffix(word).unwrap_or(rest);
        }
        let is_margin = |byte: &&u8| b" \t><*-+|$\"'".contains(byte);
        let margin = rest.iter().rev().take(MARGIN).take_while(is_margin);
        let first = rest.len() - margin.count();
        first == 0
            || matches!(bytes[first - 1], b'\n' | b'\r')
            || (label.around.is_some() && rest.last() == Some(&b'"'))
    }

    /// Returns whether a name is in a list of names and values, such as `{a: b, c: d}`.
    pub(super) fn is_in_list(&self, label: &Label) -> bool {
        let before = &self.bytes()[..label.name.start];
        let blanks = before.iter().rev().take(8);
        let blanks = blanks.take_while(|byte| is_blank(**byte)).count();
        matches!(
            before[..before.len() - blanks].last(),
            Some(b'{' | b',' | b'[' | b'(')
        )
    }

    /// Returns a name together with the word before it.
    pub(super) fn two_words(&self, label: &Label) -> Name {
        let before = &self.bytes()[..label.name.start];
        let before = before.strip_suffix(b" ").unwrap_or_default();
        let letters = before.iter().rev().take(LONGEST / 2);
        let length = letters.take_while(|byte| is_name_byte(**byte)).count();
        Name::new(
            &self.bytes()[label.name.start - usize::from(length > 0) - length..label.name.end],
        )
    }
}
