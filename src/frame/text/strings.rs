//! Recognizes JSON that stands in text in another notation: in strings, CSV, XML, and as programming
//! languages print it.

use crate::steps;

use super::broken::BrokenScan;
use super::notation::{self, Notation};
use super::quoted::{QuotedEnd, QuotedScan};
use super::view::View;
use super::{Found, FrameKind, Scan, TextCutter, frame, has_payload_names};

/// The maximum length of text before a brace in which the opening quote of a string is searched.
const MAX_BEFORE: u64 = 64 << 10;

/// The nearest quote before a place that has no backslash before it.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    last: Option<u64>,
    /// The offset up to which quotes were searched.
    scanned: u64,
}

impl TextCutter {
    /// Recognizes the notation of an object that is not plain JSON.
    pub(super) fn scan_notation(&mut self, start: u64, view: View<'_>) -> Option<Found> {
        let text = view.from(start);
        let notation = notation::of(text, view.is_complete)?;
        let (first, is_found) = match notation {
            Notation::Other => return Some(Found::Text(start + 1)),
            Notation::Language => {
                if start < self.unmarked_end {
                    return Some(Found::Text(start + 1));
                }
                let name = text
                    .iter()
                    .skip(1)
                    .take_while(|byte| byte.is_ascii_whitespace());
                let scan = BrokenScan::new(&text[..=name.count()], 1, false);
                return Some(Found::Next(Scan::Language(
                    start,
                    scan.with_single_quotes(),
                )));
            }
            Notation::JsonString => match self.opening_quote(view, start) {
                Some(quote) => (quote, true),
                None => (start, start >= self.unmarked_end),
            },
            Notation::CsvField => match self.opening_quote(view, start) {
                // A doubled quote is part of a field.
                Some(quote) if !view.range(self.frame_end, quote).ends_with(b"\"") => {
                    (quote, start >= self.unclosed_end)
                }
                _ => (start, false),
            },
            Notation::HexEscapes | Notation::XmlText => (start, true),
        };
        if !is_found {
            return Some(Found::Text(start + 1));
        }
        let brace = usize::try_from(start - first).unwrap_or(usize::MAX);
        let scan = QuotedScan::new(notation, brace, self.limits.payload);
        Some(Found::Next(Scan::Quoted(first, scan)))
    }

    /// Ends a string or another text with escaped JSON.
    pub(super) fn end_quoted(
        &mut self,
        view: View<'_>,
        start: u64,
        quoted: &QuotedScan,
        QuotedEnd { length, is_closed }: QuotedEnd,
    ) -> Found {
        let end = start + length as u64;
        let kind = match quoted.notation() {
            Notation::JsonString => FrameKind::JsonString,
            Notation::CsvField => FrameKind::CsvField,
            Notation::HexEscapes => FrameKind::HexEscapes,
            _ => FrameKind::XmlText,
        };
        let is_in_quotes = is_closed && view.from(start).starts_with(b"\"");
        if is_in_quotes || matches!(kind, FrameKind::HexEscapes | FrameKind::XmlText) {
            return frame(start, length, kind);
        }
        if kind == FrameKind::CsvField {
            self.unclosed_end = end;
        }
        if self.at >= self.unmarked_end && self.has_marks(view, self.at, end) {
            // Cut off, or without quotes: an error, and not nothing.
            return Found::Frame {
                start: self.at,
                end,
                kind: FrameKind::Object,
            };
        }
        Found::Text(self.at + 1)
    }

    /// Returns `true` if a text has the names of a payload. If it does not, it is not searched again.
    pub(super) fn has_marks(&mut self, view: View<'_>, start: u64, end: u64) -> bool {
        let has_marks = has_payload_names(view.range(start, end));
        if !has_marks {
            self.unmarked_end = self.unmarked_end.max(end);
        }
        has_marks
    }

    /// Returns the offset of the first byte that matters for the string around the offset `at`: that
    /// before its quote, which may be a backslash or another quote.
    pub(super) fn before_string(&mut self, view: View<'_>, at: u64) -> u64 {
        let quote = self.opening_quote(view, at).unwrap_or(at);
        quote.saturating_sub(1).max(self.frame_end)
    }

    /// Returns the offset of the quote that opens the string around the offset `at`: the nearest one
    /// before it in its line that is not escaped.
    pub(super) fn opening_quote(&mut self, view: View<'_>, at: u64) -> Option<u64> {
        let limit = at
            .saturating_sub(MAX_BEFORE)
            .max(self.lines.start())
            .max(self.frame_end);
        let from = self.quotes.scanned.max(limit);
        if from < at {
            let mut text = view.range(from, at);
            let is_escaped = |index: usize| {
                let index = view.index(from) + index;
                index > 0 && view.bytes[index - 1] == b'\\'
            };
            while let Some(index) = memchr::memrchr(b'"', text) {
                steps::add(text.len() - index);
                if !is_escaped(index) {
                    self.quotes.last = Some(from + index as u64);
                    break;
                }
                text = &text[..index];
            }
            self.quotes.scanned = at;
        }
        self.quotes
            .last
            .filter(|quote| *quote >= limit && *quote < at)
    }
}
