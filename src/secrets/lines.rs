//! Uses lines and their indentation to find names and the ends of values.

use std::ops::Range;

use super::name_occurrence::{NameOccurrence, is_name_byte};
use super::names::{MAX_NAME_LENGTH, NormalisedName};
use super::values::{ValueFinder, is_blank};

/// The maximum distance of the first name of a line from the start of the line.
const MAX_MARGIN: usize = 12;

impl ValueFinder<'_> {
    /// Returns the lines of a YAML block whose indicator, such as `>-`, is at an offset.
    pub(super) fn block(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let indicator = bytes[start..]
            .strip_prefix(b">")
            .or(bytes[start..].strip_prefix(b"|"))?;
        // The indicator may state the indentation and how to treat line breaks at the end.
        let is_indicator = |byte: &&u8| matches!(**byte, b'-' | b'+' | b'1'..=b'9');
        let length = indicator.iter().take(2).take_while(is_indicator).count();
        let at = bytes.len() - indicator.len() + length;
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

    /// Returns the lines that follow a name at the end of its line and are indented more than the
    /// name.
    pub(super) fn indented(
        &self,
        start: usize,
        occurrence: &NameOccurrence,
    ) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let start = self.skip(start, |byte| byte == b'\r');
        if occurrence.is_quoted
            || self.text.get(start) != Some(b'\n')
            || !self.starts_line(occurrence)
        {
            return None;
        }
        let before = &bytes[..occurrence.name.start];
        let margin = before
            .iter()
            .rev()
            .take(MAX_MARGIN)
            .take_while(|b| is_blank(**b));
        let margin = margin.count();
        let mut end = start + 1;
        loop {
            let text = self.skip(end, is_blank);
            let is_blank_line = matches!(self.text.get(text), Some(b'\r' | b'\n'));
            let in_list = text == end + margin && bytes[text..].starts_with(b"- ");
            let is_inside = text > end + margin || is_blank_line || in_list;
            if !is_inside || text >= bytes.len() {
                break;
            }
            let line = memchr::memchr(b'\n', &bytes[end..]);
            end = line.map_or(bytes.len(), |line| end + line + 1);
        }
        let has_text = !bytes[start..end].trim_ascii().is_empty();
        has_text.then_some(start + 1..end)
    }

    /// Returns `true` if a name is the first of its line or string. Margins of transcripts, lists
    /// and scripts are ignored.
    pub(super) fn starts_line(&self, occurrence: &NameOccurrence) -> bool {
        let bytes = self.bytes();
        let start =
            occurrence.name.start - usize::from(occurrence.is_quoted).min(occurrence.name.start);
        let mut rest = &bytes[..start];
        for word in [&b"export "[..], b"set ", b"env "] {
            rest = rest.strip_suffix(word).unwrap_or(rest);
        }
        let is_margin = |byte: &&u8| b" \t><*-+|$\"'".contains(byte);
        let margin = rest.iter().rev().take(MAX_MARGIN).take_while(is_margin);
        let first = rest.len() - margin.count();
        first == 0
            || matches!(bytes[first - 1], b'\n' | b'\r')
            || (occurrence.outer_quote.is_some() && rest.last() == Some(&b'"'))
    }

    /// Returns `true` if a name is in a list of names and values, such as `{a: b, c: d}`.
    pub(super) fn is_in_list(&self, occurrence: &NameOccurrence) -> bool {
        let before = &self.bytes()[..occurrence.name.start];
        let blanks = before.iter().rev().take(8);
        let blanks = blanks.take_while(|byte| is_blank(**byte)).count();
        matches!(
            before[..before.len() - blanks].last(),
            Some(b'{' | b',' | b'[' | b'(')
        )
    }

    /// Returns a name joined with the word before it.
    pub(super) fn with_previous_word(&self, occurrence: &NameOccurrence) -> NormalisedName {
        let before = &self.bytes()[..occurrence.name.start];
        let before = before.strip_suffix(b" ").unwrap_or_default();
        let letters = before.iter().rev().take(MAX_NAME_LENGTH / 2);
        let length = letters.take_while(|byte| is_name_byte(**byte)).count();
        NormalisedName::new(
            &self.bytes()
                [occurrence.name.start - usize::from(length > 0) - length..occurrence.name.end],
        )
    }
}
