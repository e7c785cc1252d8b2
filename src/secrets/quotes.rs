//! Finds the ends of strings, arrays and objects in text that may be broken, truncated, or nested
//! in other text.

use std::ops::Range;

use crate::steps;

use super::escape_depth::EscapeDepth;
use super::name_occurrence::{NameOccurrence, is_name_byte};
use super::names::MAX_NAME_LENGTH;
use super::values::{ValueFinder, is_blank, opening_quote};

impl ValueFinder<'_> {
    /// Returns how deeply a quote is escaped. In single quotes, Python and others escape each
    /// backslash once more; that is undone.
    pub(super) fn depth(&self, at: usize, occurrence: &NameOccurrence) -> EscapeDepth {
        let depth = self.text.depth(at);
        let is_doubled = occurrence.in_single_quotes && depth.backslashes.is_multiple_of(2);
        EscapeDepth {
            backslashes: if is_doubled {
                depth.backslashes / 2
            } else {
                depth.backslashes
            },
            ..depth
        }
    }

    /// Returns the content and the end of the string that starts at an offset, or `None` if none
    /// does.
    pub(super) fn string(
        &self,
        start: usize,
        occurrence: &NameOccurrence,
    ) -> Option<(Range<usize>, usize)> {
        let bytes = self.bytes();
        let (closing, length) = opening_quote(bytes.get(start..)?)?;
        let opening = self.depth(start, occurrence);
        let is_triple = length == 1 && bytes[start..].starts_with(&[bytes[start]; 3]);
        let start = start + if is_triple { 3 } else { length };
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            let rest = &bytes[at..];
            let closes = closing.iter().find(|quote| rest.starts_with(quote));
            match byte {
                // The closing quote is probably missing, since strings seldom contain a line break.
                b'\n' if !is_triple && self.text.depth(at) == EscapeDepth::default() => {
                    steps::add(at - start);
                    return Some((start..at, at));
                }
                b'"' if occurrence
                    .outer_quote
                    .is_some_and(|outer_quote| self.depth(at, occurrence).ends(outer_quote)) =>
                {
                    return Some((start..at, at));
                }
                _ => {}
            }
            if let Some(quote) = closes
                && self.closes(at, occurrence, opening)
            {
                let end = at + quote.len();
                if self.is_member(end) {
                    // The closing quote is missing: this quote opens the next name.
                    return Some((start..at, at));
                }
                let continues = self
                    .text
                    .get(end)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                    && self.depth(at, occurrence).backslashes >= opening.backslashes;
                if !continues {
                    return Some((start..at, end));
                }
            }
            at += 1;
        }
        Some((start..at, at))
    }

    /// Returns the content and the end of the string that starts at an offset with doubled quotes,
    /// as in CSV.
    pub(super) fn csv_string(
        &self,
        start: usize,
        occurrence: &NameOccurrence,
    ) -> Option<(Range<usize>, usize)> {
        const QUOTES: &[u8] = b"\"\"";
        let bytes = self.bytes();
        let is_doubled = occurrence.is_quoted
            && bytes[occurrence.end - 1..].starts_with(QUOTES)
            && bytes[start..].starts_with(QUOTES);
        if !is_doubled {
            return None;
        }
        let start = start + QUOTES.len();
        let ends = memchr::memmem::find_iter(&bytes[start..], QUOTES);
        let mut ends = ends.map(|at| start + at);
        let end = ends.find(|at| self.text.depth(*at).ends(EscapeDepth::default()));
        let end = end.unwrap_or(bytes.len());
        Some((start..end, (end + QUOTES.len()).min(bytes.len())))
    }

    /// Returns `true` if the rest of a quoted name and a colon are at an offset.
    pub(super) fn is_member(&self, at: usize) -> bool {
        let word = self.bytes()[at..].iter().take(MAX_NAME_LENGTH);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let quote = matches!(self.text.get(at + length), Some(b'"' | b'\''));
        let colon = self.skip(at + length + 1, is_blank);
        length > 0 && quote && self.text.get(colon) == Some(b':')
    }

    /// Returns `true` if a quote closes a string. Only double quotes are escaped once more at each
    /// depth; other quotes are written the same at any depth, unless they are content.
    pub(super) fn closes(
        &self,
        at: usize,
        occurrence: &NameOccurrence,
        opening: EscapeDepth,
    ) -> bool {
        let depth = self.depth(at, occurrence);
        let is_apostrophe = matches!(self.bytes()[at], b'\'' | b'`');
        depth.ends(opening) && (!is_apostrophe || depth.backslashes <= opening.backslashes)
    }

    /// Returns `true` if an apostrophe at an offset opens a name or a value.
    pub(super) fn starts_string(&self, at: usize) -> bool {
        let before = &self.bytes()[..at];
        let before = &before[before.len().saturating_sub(8)..];
        matches!(
            before.trim_ascii_end().last(),
            Some(b'[' | b'{' | b',' | b':' | b'=' | b'>' | b'(')
        )
    }

    /// Returns `true` if a name has an opening quote but no closing one, and its value has quotes.
    pub(super) fn lacks_quote(&self, occurrence: &NameOccurrence, value: usize) -> bool {
        let before = occurrence.name.start.checked_sub(1);
        let before = before.and_then(|at| self.text.get(at));
        matches!(before, Some(b'"' | b'\'')) && self.text.get(value) == before
    }

    /// Returns the end of an array or object. If it is not closed, or closed by the wrong bracket,
    /// that is the end of its line, of which at most `max_distance` bytes are searched.
    pub(super) fn container_end(
        &mut self,
        start: usize,
        occurrence: &NameOccurrence,
        max_distance: usize,
    ) -> usize {
        let bytes = self.bytes();
        let mut open_brackets = Vec::new();
        let mut at = start;
        while start >= self.unclosed_until && at < bytes.len() {
            match bytes[at] {
                bracket @ (b'[' | b'{') => open_brackets.push(bracket),
                bracket @ (b']' | b'}') => {
                    // In ASCII, the code of each closing bracket is that of its opening bracket
                    // plus two.
                    if open_brackets.pop() != Some(bracket - 2) {
                        break;
                    }
                    if open_brackets.is_empty() {
                        steps::add(at - start);
                        return at + 1;
                    }
                }
                b'\'' if !self.starts_string(at) => {}
                b'"' | b'\'' => {
                    let depth = self.text.depth(at);
                    if bytes[at] == b'"'
                        && occurrence
                            .outer_quote
                            .is_some_and(|outer_quote| depth.ends(outer_quote))
                    {
                        break;
                    }
                    if let Some((_, end)) = self.string(at, occurrence) {
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        steps::add(at - start);
        self.unclosed_until = self.unclosed_until.max(at);
        let rest = start + 1..bytes.len().min(start.saturating_add(max_distance));
        let end = rest.clone().find(|&at| match bytes[at] {
            b'\n' => true,
            b'"' => {
                let outer_quote = occurrence.outer_quote;
                outer_quote.is_some_and(|outer_quote| self.depth(at, occurrence).ends(outer_quote))
            }
            b'\'' => {
                let next = self.text.get(at + 1);
                occurrence.in_single_quotes
                    && !next.is_some_and(|byte| byte.is_ascii_alphanumeric())
            }
            b'<' => self.text.get(at + 1) == Some(b'/'),
            b'&' => self.text.depth(at).percent_layers < self.text.depth(start).percent_layers,
            _ => false,
        });
        steps::add(end.unwrap_or(rest.end) - start);
        end.unwrap_or(rest.end)
    }
}
