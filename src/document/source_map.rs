//! Maps a decoded text to the text that it was decoded from.
//!
//! A payload may stand in a JSON string, in base64, behind the headers of HTTP chunks. Its
//! diagnostics have offsets in the decoded text, and are reported at the characters of the file. A
//! map has one segment for each run of bytes that were decoded alike, and not one for each byte:
//! one for a text without escapes, one for base64 without line breaks.

use std::ops::Range;

use crate::steps;

#[cfg(test)]
mod tests;
mod then;

/// Maps the offsets of a decoded text to those of the text that it was decoded from.
///
/// ```
/// use mewshook::document::SourceMap;
///
/// // `a\"b` is decoded to `a"b`.
/// let mut map = SourceMap::new();
/// map.copy(0, 1);
/// map.unit(1, 1..3);
/// map.copy(3, 1);
/// assert_eq!(map.range(1..3), 1..4);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    segments: Vec<Segment>,
    /// The number of decoded bytes.
    length: u32,
    /// The outer offset after the last decoded byte.
    end: u32,
}

/// The start of a run of bytes that were decoded alike. It ends where the next one starts. Offsets
/// are limited as those of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    inner: u32,
    outer: u32,
    notation: Notation,
}

/// How the bytes of a segment stand in the outer text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// As themselves.
    Copy,
    /// In units of `length` decoded and `width` outer bytes, one after the other.
    Units { length: u16, width: u32 },
    /// All in a single unit of `width` outer bytes.
    Single { width: u32 },
    /// In base64. The first byte starts after `bits` bits of the first character: 0, 2 or 4.
    Base64 { bits: u8 },
}

/// A segment with its end.
#[derive(Debug, Clone)]
struct Run {
    inner: Range<usize>,
    outer: usize,
    notation: Notation,
}

impl SourceMap {
    /// Creates the map of an empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reserves memory for a text with as many escapes as JSON in a string has, up to a limit.
    #[cfg(feature = "cli")]
    pub(crate) fn reserve(&mut self, length: usize) {
        self.segments.reserve((length / 4).min(1024));
    }

    /// Adds `length` bytes that are the same in both texts, from `outer` on.
    #[inline]
    pub fn copy(&mut self, outer: usize, length: usize) {
        self.push(length, outer, Notation::Copy);
    }

    /// Adds `length` decoded bytes that stand for the outer bytes in `outer` as a unit, such as an
    /// escape.
    #[inline]
    pub fn unit(&mut self, length: usize, outer: Range<usize>) {
        let width = narrow(outer.len());
        let notation = match u16::try_from(length) {
            Ok(length) => Notation::Units { length, width },
            Err(_) => Notation::Single { width },
        };
        self.push(length, outer.start, notation);
    }

    /// Adds `length` bytes that were decoded from base64 without line breaks, from the character at
    /// `outer` on.
    pub fn base64(&mut self, outer: usize, length: usize) {
        self.push(length, outer, Notation::Base64 { bits: 0 });
    }

    /// Returns the outer range of a range of the decoded text: from the first byte of the character
    /// or escape at its start to the end of those at its end. An empty range is a point.
    pub fn range(&self, inner: Range<usize>) -> Range<usize> {
        let start = match self.run_at(inner.start) {
            Some(run) => run.outer(inner.start).start,
            None => self.end as usize,
        };
        if inner.is_empty() {
            return start..start;
        }
        let end = match self.run_at(inner.end - 1) {
            Some(run) => run.outer(inner.end - 1).end,
            None => self.end as usize,
        };
        start..end.max(start)
    }

    /// Returns the number of decoded bytes.
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether the decoded text is empty.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns the map to an outer text in which the text that this one maps to starts at `offset`.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        let offset = narrow(offset);
        for segment in &mut self.segments {
            segment.outer = segment.outer.saturating_add(offset);
        }
        self.end = self.end.saturating_add(offset);
        self
    }

    /// Returns the map of a part of the decoded text, to the outer text from the start of that part
    /// on.
    #[must_use]
    pub fn part(&self, inner: Range<usize>) -> Self {
        let start = narrow(self.range(inner.clone()).start);
        let mut map = if inner == (0..self.len()) {
            self.clone()
        } else {
            let mut part = Self::new();
            part.copy(inner.start, inner.len());
            self.then(&part)
        };
        for segment in &mut map.segments {
            segment.outer = segment.outer.saturating_sub(start);
        }
        map.end = map.end.saturating_sub(start);
        map
    }

    /// Adds a run, or extends the last one by it. An empty run only sets where an empty text is.
    #[inline]
    fn push(&mut self, length: usize, outer: usize, notation: Notation) {
        let inner = self.length;
        if length == 0 {
            if inner == 0 {
                self.end = narrow(outer);
            }
            return;
        }
        if !self.continues(outer, notation) {
            self.segments.push(Segment {
                inner,
                outer: narrow(outer),
                notation,
            });
        }
        self.length = narrow(self.len().saturating_add(length));
        self.end = narrow(outer.saturating_add(notation.width(length)));
    }

    /// Whether a run at `outer` is the continuation of the last one.
    #[inline]
    fn continues(&self, outer: usize, notation: Notation) -> bool {
        let Some(last) = self.segments.last() else {
            return false;
        };
        match (last.notation, notation) {
            (Notation::Base64 { bits: first }, Notation::Base64 { bits }) => {
                let decoded = (self.length - last.inner) as usize;
                let end = last.outer as usize * 6 + usize::from(first) + decoded * 8;
                end == outer * 6 + usize::from(bits)
            }
            (Notation::Single { .. }, _) => false,
            (last, notation) => last == notation && self.end as usize == outer,
        }
    }

    /// Returns the run that contains a decoded byte.
    fn run_at(&self, inner: usize) -> Option<Run> {
        if inner >= self.len() {
            return None;
        }
        self.run(self.index_at(inner))
    }

    /// Returns the index of the run that contains a decoded byte.
    fn index_at(&self, inner: usize) -> usize {
        let after = |segment: &Segment| segment.inner as usize <= inner;
        let index = self.segments.partition_point(after);
        steps::add(self.segments.len().checked_ilog2().unwrap_or(0) as usize);
        index.saturating_sub(1)
    }

    fn run(&self, index: usize) -> Option<Run> {
        let segment = self.segments.get(index)?;
        let end = self.segments.get(index + 1).map(|next| next.inner);
        Some(Run {
            inner: segment.inner as usize..end.unwrap_or(self.length) as usize,
            outer: segment.outer as usize,
            notation: segment.notation,
        })
    }
}

impl Notation {
    /// Returns the number of outer bytes of `length` decoded ones.
    #[inline]
    fn width(self, length: usize) -> usize {
        match self {
            Self::Copy => length,
            Self::Units {
                length: unit,
                width,
            } => {
                let is_single = length == usize::from(unit);
                let units = if is_single {
                    1
                } else {
                    length / usize::from(unit.max(1))
                };
                units * width as usize
            }
            Self::Single { width } => width as usize,
            Self::Base64 { bits } => (usize::from(bits) + length * 8).div_ceil(6),
        }
    }
}

impl Run {
    /// Returns the outer range of a decoded byte.
    fn outer(&self, inner: usize) -> Range<usize> {
        let distance = inner - self.inner.start;
        let (start, width) = match self.notation {
            Notation::Copy => (distance, 1),
            Notation::Units { length, width } => {
                let number = distance / usize::from(length.max(1));
                (number * width as usize, width as usize)
            }
            Notation::Single { width } => (0, width as usize),
            Notation::Base64 { bits } => {
                let first = usize::from(bits) + distance * 8;
                (first / 6, (first + 7) / 6 + 1 - first / 6)
            }
        };
        let start = self.outer + start;
        start..start + width
    }
}

/// Returns an offset as it is stored. Texts of over `u32::MAX` bytes are rejected before.
#[inline]
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
