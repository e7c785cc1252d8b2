//! Where strings, arrays and objects end, in text that is perhaps broken, cut, or embedded.

use std::ops::Range;

use crate::steps;

use super::labels::{Label, is_name_byte};
use super::names::LONGEST;
use super::values::{Values, is_blank};
use super::view::Mark;

impl Values<'_> {
    /// Returns how a quote is written; in single quotes, without the backslash before each backslash
    /// that Python and others write there.
    pub(super) fn mark(&self, at: usize, label: &Label) -> Mark {
        let mark = self.text.mark(at);
        let is_doubled = label.is_single && mark.slashes.is_multiple_of(2);
        Mark {
            slashes: if is_doubled {
                mark.slashes / 2
            } else {
                mark.slashes
            },
            ..mark
        }
    }

    /// Returns the content of the string that starts at a place, if one does, and its end.
    pub(super) fn string(&self, start: usize, label: &Label) -> Option<(Range<usize>, usize)> {
        let bytes = self.bytes();
        let (closing, length) = opening_quote(bytes.get(start..)?)?;
        let opening = self.mark(start, label);
        let is_triple = length == 1 && bytes[start..].starts_with(&[bytes[start]; 3]);
        let start = start + if is_triple { 3 } else { length };
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            let rest = &bytes[at..];
            let closes = closing.iter().find(|quote| rest.starts_with(quote));
            match byte {
                // A line break in a string is more likely the end of one that lacks its quote.
                b'\n' if !is_triple && self.text.mark(at) == Mark::default() => {
                    steps::add(at - start);
                    return Some((start..at, at));
                }
                b'"' if label
                    .around
                    .is_some_and(|around| self.mark(at, label).ends(around)) =>
                {
                    return Some((start..at, at));
                }
                _ => {}
            }
            if let Some(quote) = closes
                && self.closes(at, label, opening)
            {
                let end = at + quote.len();
                if self.is_member(end) {
                    // The closing quote is missing: this one opens the next name.
                    return Some((start..at, at));
                }
                let goes_on = self
                    .text
                    .get(end)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                    && self.mark(at, label).slashes >= opening.slashes;
                if !goes_on {
                    return Some((start..at, end));
                }
            }
            at += 1;
        }
        Some((start..at, at))
    }

    /// Returns the content of the string that starts at a place and its end, where quotes are
    /// doubled, as in CSV.
    pub(super) fn doubled(&self, start: usize, label: &Label) -> Option<(Range<usize>, usize)> {
        const QUOTES: &[u8] = b"\"\"";
        let bytes = self.bytes();
        let is_doubled = label.is_quoted
            && bytes[label.end - 1..].starts_with(QUOTES)
            && bytes[start..].starts_with(QUOTES);
        if !is_doubled {
            return None;
        }
        let start = start + QUOTES.len();
        let ends = memchr::memmem::find_iter(&bytes[start..], QUOTES);
        let mut ends = ends.map(|at| start + at);
        let end = ends.find(|at| self.text.mark(*at).ends(Mark::default()));
        let end = end.unwrap_or(bytes.len());
        Some((start..end, (end + QUOTES.len()).min(bytes.len())))
    }

    /// Returns whether the rest of a name in quotes and a colon are at a place.
    pub(super) fn is_member(&self, at: usize) -> bool {
        let word = self.bytes()[at..].iter().take(LONGEST);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let quote = matches!(self.text.get(at + length), Some(b'"' | b'\''));
        let colon = self.skip(at + length + 1, is_blank);
        length > 0 && quote && self.text.get(colon) == Some(b':')
    }

    /// Returns whether a quote closes a string. Only of double quotes is there one form for each
    /// depth; others stay as they are when they are embedded, unless they are content.
    pub(super) fn closes(&self, at: usize, label: &Label, opening: Mark) -> bool {
        let mark = self.mark(at, label);
        let is_apostrophe = matches!(self.bytes()[at], b'\'' | b'`');
        mark.ends(opening) && (!is_apostrophe || mark.slashes <= opening.slashes)
    }

    /// Returns whether an apostrophe at a place is the first quote of a name or value.
    pub(super) fn starts_string(&self, at: usize) -> bool {
        let before = &self.bytes()[..at];
        let before = &before[before.len().saturating_sub(8)..];
        matches!(
            before.trim_ascii_end().last(),
            Some(b'[' | b'{' | b',' | b':' | b'=' | b'>' | b'(')
        )
    }

    /// Returns whether a name has a first quote and no last one, and its value has quotes.
    pub(super) fn lacks_quote(&self, label: &Label, value: usize) -> bool {
        let before = label.name.start.checked_sub(1);
        let before = before.and_then(|at| self.text.get(at));
        matches!(before, Some(b'"' | b'\'')) && self.text.get(value) == before
    }

    /// Returns where an array or object ends. If it is not closed, or by the wrong bracket, that is
    /// the end of its line: what belongs to it is unknown. At most `reach` bytes of that line are
    /// looked at.
    pub(super) fn container(&mut self, start: usize, label: &Label, reach: usize) -> usize {
        let bytes = self.bytes();
        let mut open = Vec::new();
        let mut at = start;
        while start >= self.hopeless && at < bytes.len() {
            match bytes[at] {
                bracket @ (b'[' | b'{') => open.push(bracket),
                bracket @ (b']' | b'}') => {
                    // In ASCII, each closing bracket is two after its opening one.
                    if open.pop() != Some(bracket - 2) {
                        break;
                    }
                    if open.is_empty() {
                        steps::add(at - start);
                        return at + 1;
                    }
                }
                b'\'' if !self.starts_string(at) => {}
                b'"' | b'\'' => {
                    let mark = self.text.mark(at);
                    if bytes[at] == b'"' && label.around.is_some_and(|around| mark.ends(around)) {
                        break;
                    }
                    if let Some((_, end)) = self.string(at, label) {
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        steps::add(at - start);
        self.hopeless = self.hopeless.max(at);
        let rest = start + 1..bytes.len().min(start.saturating_add(reach));
        let end = rest.clone().find(|&at| match bytes[at] {
            b'\n' => true,
            b'"' => {
                let around = label.around;
                around.is_some_and(|around| self.mark(at, label).ends(around))
            }
            b'\'' => {
                let next = self.text.get(at + 1);
                label.is_single && !next.is_some_and(|byte| byte.is_ascii_alphanumeric())
            }
            b'<' => self.text.get(at + 1) == Some(b'/'),
            b'&' => self.text.mark(at).layers < self.text.mark(start).layers,
            _ => false,
        });
        steps::add(end.unwrap_or(rest.end) - start);
        end.unwrap_or(rest.end)
    }
}

/// Returns what may close the quotes that a text starts with, and the length of the opening one.
pub(super) fn opening_quote(text: &[u8]) -> Option<(&'static [&'static [u8]], usize)> {
    const KINDS: [(&[u8], &[&[u8]]); 7] = [
        (b"\"", &[b"\""]),
        (b"'", &[b"'"]),
        (b"`", &[b"`"]),
        ("“".as_bytes(), &["”".as_bytes(), b"\""]),
        ("„".as_bytes(), &["“".as_bytes(), "”".as_bytes(), b"\""]),
        ("‘".as_bytes(), &["’".as_bytes(), b"'"]),
        ("”".as_bytes(), &["”".as_bytes(), b"\""]),
    ];
    let (quote, closing) = KINDS.iter().find(|(quote, _)| text.starts_with(quote))?;
    Some((closing, quote.len()))
}
