//! Converts byte offsets to lines and columns.
//!
//! Offsets are converted in ascending order, in one pass over the text, so that fifty thousand
//! diagnostics of one payload cost one pass and not fifty thousand.

use crate::steps;

/// A position in an input. Both numbers are counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Position {
    /// The position of the first character of an input.
    pub const START: Self = Self { line: 1, column: 1 };

    /// Returns the position after `text`, which starts at this position. Invalid UTF-8 counts as
    /// the replacement characters that stand for it.
    #[must_use]
    pub fn after(self, text: &[u8]) -> Self {
        steps::add(text.len());
        match memchr::memrchr(b'\n', text) {
            None => Self {
                column: self.column + count_characters(text),
                ..self
            },
            Some(line_break) => Self {
                line: self.line + memchr::memchr_iter(b'\n', text).count() as u64,
                column: 1 + count_characters(&text[line_break + 1..]),
            },
        }
    }
}

/// Returns the number of characters of a text; invalid UTF-8 counts as replacement characters.
fn count_characters(text: &[u8]) -> u64 {
    if text.is_ascii() {
        return text.len() as u64;
    }
    text.utf8_chunks()
        .map(|chunk| {
            let valid = chunk.valid().chars().count();
            valid as u64 + u64::from(!chunk.invalid().is_empty())
        })
        .sum()
}

/// Converts ascending byte offsets of one text to positions.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t [u8],
    offset: usize,
    position: Position,
}

impl<'t> Positions<'t> {
    /// Creates a converter for a text that starts at the position `start`.
    pub fn new(text: &'t [u8], start: Position) -> Self {
        Self {
            text,
            offset: 0,
            position: start,
        }
    }

    /// Returns the position of an offset, which must not be lower than that of an earlier call.
    pub fn at(&mut self, offset: usize) -> Position {
        let offset = offset.clamp(self.offset, self.text.len());
        self.position = self.position.after(&self.text[self.offset..offset]);
        self.offset = offset;
        self.position
    }
}
