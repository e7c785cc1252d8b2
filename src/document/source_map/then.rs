//! Joins two maps: a text that was decoded from a decoded text.
//!
//! Both maps are walked at once, so that the time is linear in their segments, and runs stay runs
//! where they are not interrupted: base64 in a JSON string without escapes is one segment.

use std::ops::Range;

use super::{Notation, Run, SourceMap, narrow};
use crate::steps;

impl SourceMap {
    /// Returns the map of a text that was decoded from this map's decoded text; `inner` maps that
    /// text to this map's.
    #[must_use]
    pub fn then(&self, inner: &Self) -> Self {
        let mut joined = Self {
            end: narrow(self.range(inner.end as usize..inner.end as usize).start),
            ..Self::default()
        };
        let first = inner.segments.first();
        let first = first.map_or(0, |segment| segment.outer as usize);
        let mut cursor = Cursor {
            map: self,
            index: self.index_at(first),
        };
        for index in 0..inner.segments.len() {
            let Some(run) = inner.run(index) else { break };
            let mut at = run.inner.start;
            while at < run.inner.end {
                steps::add(1);
                at += cursor.join(&run, at, &mut joined).max(1);
            }
        }
        joined
    }
}

/// A place in a map that moves forward.
#[derive(Clone, Copy)]
struct Cursor<'m> {
    map: &'m SourceMap,
    index: usize,
}

impl Cursor<'_> {
    /// Adds bytes of `run` from `at` on to `joined`, and returns their number.
    fn join(&mut self, run: &Run, at: usize, joined: &mut SourceMap) -> usize {
        let rest = run.inner.end - at;
        let middle = run.outer(at);
        let Some(outer) = self.seek(middle.start) else {
            let end = self.map.end as usize;
            joined.unit(rest, end..end);
            return rest;
        };
        let available = outer.inner.end - middle.start;
        if run.notation == Notation::Copy {
            return joined.copy_part(&outer, middle.start, rest.min(available));
        }
        if outer.notation == Notation::Copy {
            let (length, notation) = run.within(at, available);
            if length > 0 {
                joined.push(length, outer.outer(middle.start).start, notation);
                return length;
            }
        }
        let length = match run.notation {
            Notation::Units { length, .. } => usize::from(length).min(rest),
            Notation::Single { .. } => rest,
            Notation::Copy | Notation::Base64 { .. } => 1,
        };
        joined.unit(length, self.range(middle));
        length
    }

    /// Returns the outer range of a range that starts at or after the last one.
    fn range(self, inner: Range<usize>) -> Range<usize> {
        let end = self.map.end as usize;
        let mut cursor = self;
        let start = cursor.seek(inner.start);
        let start = start.map_or(end, |run| run.outer(inner.start).start);
        if inner.is_empty() {
            return start..start;
        }
        let last = cursor.seek(inner.end - 1);
        let end = last.map_or(end, |run| run.outer(inner.end - 1).end);
        start..end.max(start)
    }

    /// Moves to the run that contains a byte.
    fn seek(&mut self, inner: usize) -> Option<Run> {
        let segments = &self.map.segments;
        if inner >= self.map.len() {
            return None;
        }
        let starts_by = |index: usize| segments.get(index).map(|next| next.inner as usize <= inner);
        if starts_by(self.index) == Some(false) {
            self.index = self.map.index_at(inner);
        }
        while starts_by(self.index + 1) == Some(true) {
            self.index += 1;
            steps::add(1);
        }
        self.map.run(self.index)
    }
}

impl SourceMap {
    /// Adds the first of `length` bytes of another map's run, from `from` on, and returns their
    /// number.
    fn copy_part(&mut self, run: &Run, from: usize, length: usize) -> usize {
        let start = run.outer(from).start;
        match run.notation {
            Notation::Copy => self.copy(start, length),
            Notation::Single { width } => self.unit(length, start..start + width as usize),
            Notation::Base64 { .. } => self.push(length, start, run.notation_at(from)),
            Notation::Units {
                length: unit,
                width,
            } => {
                let unit = usize::from(unit.max(1));
                let skipped = (from - run.inner.start) % unit;
                if skipped == 0 && length >= unit {
                    let length = length - length % unit;
                    self.push(length, start, run.notation);
                    return length;
                }
                let length = length.min(unit - skipped);
                self.unit(length, start..start + width as usize);
                return length;
            }
        }
        length
    }
}

impl Run {
    /// Returns the notation of a run that starts at the byte `at` of this one.
    fn notation_at(&self, at: usize) -> Notation {
        match self.notation {
            Notation::Base64 { bits } => {
                let bits = (usize::from(bits) + (at - self.inner.start) * 8) % 6;
                Notation::Base64 {
                    bits: u8::try_from(bits).unwrap_or(0),
                }
            }
            notation => notation,
        }
    }

    /// Returns how many bytes from `at` on stand within the next `available` outer bytes, and the
    /// notation of the run that they are.
    fn within(&self, at: usize, available: usize) -> (usize, Notation) {
        let rest = self.inner.end - at;
        let notation = self.notation_at(at);
        let length = match notation {
            Notation::Copy => available,
            Notation::Units { length, width } => {
                let units = available / (width as usize).max(1);
                units.saturating_mul(usize::from(length))
            }
            Notation::Single { width } if width as usize <= available => rest,
            Notation::Single { .. } => 0,
            Notation::Base64 { bits } => {
                available.saturating_mul(6).saturating_sub(bits.into()) / 8
            }
        };
        (length.min(rest), notation)
    }
}
