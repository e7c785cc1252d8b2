//! The part of a source line that is printed with a diagnostic.
//!
//! A minified payload is a single line of any length, so the line is cut to a window around the text
//! that is underlined. Secrets in the window are masked, and characters that a terminal would act on
//! are replaced, both one for one, so that the underline stays under its text.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::document::Position;
use crate::steps;

use super::escape::{is_unsafe, starts_command};

/// Part of a source line, ready to be printed.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// The text. An ellipsis stands where the line was cut.
    pub(super) text: String,
    /// The bytes of the text to underline.
    pub(super) underlined: Range<usize>,
}

impl Window {
    /// Creates a window of at most `width` columns around `underlined`, a span of a text that starts
    /// at a position of the input. `secrets` are the spans to mask.
    pub(super) fn new(
        text: &[u8],
        text_start: Position,
        secrets: &[Range<usize>],
        underlined: &Range<usize>,
        width: usize,
    ) -> Self {
        // No more bytes than the window could hold are searched for the ends of the line.
        let first = underlined.start.saturating_sub(width * 4);
        let last = text.len().min(underlined.start + width * 4);
        let line_start = memchr::memrchr(b'\n', &text[first..underlined.start])
            .map_or(first, |index| first + index + 1);
        let line_end = memchr::memchr(b'\n', &text[underlined.start..last])
            .map_or(last, |index| underlined.start + index);
        // A third of the window is for the text before the underlined part.
        let start = before(text, line_start, underlined.start, width / 3);
        let starts_mid_line = match start.checked_sub(1) {
            Some(previous) => text[previous] != b'\n',
            None => text_start.column > 1,
        };
        let mut window = Self::default();
        if starts_mid_line {
            window.text.push('…');
        }
        let bytes = &text[start..line_end];
        steps::add(bytes.len());
        // Two columns are for the ellipses.
        let mut left = width.saturating_sub(2);
        let mut offset = start;
        let mut underline_start = None;
        for (character, length) in characters(bytes) {
            let printed = printed(character, &text[..offset], secrets);
            let columns = printed.width().unwrap_or(0).max(1);
            if columns > left {
                break;
            }
            if offset >= underlined.start && underline_start.is_none() {
                underline_start = Some(window.text.len());
            }
            window.text.push(printed);
            if offset < underlined.end {
                window.underlined.end = window.text.len();
            }
            offset += length;
            left -= columns;
        }
        window.underlined.start = underline_start.unwrap_or(window.text.len());
        window.underlined.end = window.underlined.end.max(window.underlined.start);
        let is_window_full = offset < line_end && text[offset..line_end] != *b"\r";
        let is_search_incomplete = line_end == last && line_end < text.len();
        if is_window_full || is_search_incomplete {
            window.text.push('…');
        }
        window
    }
}

/// Returns the characters of a text with their lengths in bytes. Invalid UTF-8 yields replacement
/// characters.
pub(super) fn characters(text: &[u8]) -> impl Iterator<Item = (char, usize)> {
    text.utf8_chunks().flat_map(|chunk| {
        let invalid = chunk.invalid().len();
        let replacement = (invalid > 0).then_some((char::REPLACEMENT_CHARACTER, invalid));
        let valid = chunk.valid().chars();
        let valid = valid.map(|character| (character, character.len_utf8()));
        valid.chain(replacement)
    })
}

/// Returns the character to print for a character of the payload. `before` is the text before it.
fn printed(character: char, before: &[u8], secrets: &[Range<usize>]) -> char {
    let offset = before.len();
    let next = secrets.partition_point(|span| span.end <= offset);
    if secrets.get(next).is_some_and(|span| span.start <= offset) {
        '*'
    } else if character == '\t' {
        ' '
    } else if is_unsafe(character) || character == '[' && starts_command(before) {
        char::REPLACEMENT_CHARACTER
    } else {
        character
    }
}

/// Returns the offset `count` characters before `end`, but not before `start`.
fn before(text: &[u8], start: usize, end: usize, count: usize) -> usize {
    let is_boundary = |byte: u8| byte & 0xC0 != 0x80;
    let mut offset = end;
    for _ in 0..count {
        if offset <= start {
            break;
        }
        offset -= 1;
        while offset > start && !is_boundary(text[offset]) {
            offset -= 1;
        }
    }
    offset
}
