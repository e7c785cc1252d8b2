//! The text of a payload before it is parsed, and where it stands in the input.
//!
//! A payload may stand in the input as it is, or in a notation that it was decoded from, such as a
//! JSON string or base64. Everything works on offsets of the payload's own text; only here are they
//! converted to places in the input.

use std::ops::Range;

use super::{MAX_DEPTH, Position, Positions, SourceMap, SyntaxError};

/// The text of a payload, and its position.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PayloadText<'t> {
    /// The text, without white space around it.
    pub text: &'t [u8],
    /// The position in the input of the text, or of the outer text if there is one.
    pub start: Position,
    /// The text in the input that the payload was decoded from, unless it stands there as it is.
    pub outer: Option<OuterText<'t>>,
    /// The maximum nesting depth of brackets.
    pub max_depth: usize,
    /// A syntax error that was found when the frame was cut from the stream.
    pub syntax_error: Option<SyntaxError>,
}

/// The text in an input that a payload was decoded from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OuterText<'t> {
    /// The text.
    pub text: &'t [u8],
    /// Maps offsets of the payload to offsets of this text.
    pub map: &'t SourceMap,
    /// The name of the encoding, such as `base64`, if people can't read the payload in this text.
    pub encoding: Option<&'static str>,
    /// The position of its end, if that is known.
    end: Option<Position>,
}

impl<'t> OuterText<'t> {
    /// Creates an outer text.
    pub fn new(text: &'t [u8], map: &'t SourceMap, encoding: Option<&'static str>) -> Self {
        Self {
            text,
            map,
            encoding,
            end: None,
        }
    }

    /// Sets the position of the end. Many payloads may stand in one text, such as compressed ones, of
    /// which it is then found only once.
    #[cfg(feature = "cli")]
    pub(crate) fn ending_at(self, end: Option<Position>) -> Self {
        Self { end, ..self }
    }
}

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The byte range in the payload's text, or in its outer text if there is one.
    pub(crate) range: Range<usize>,
    /// The position of the first character.
    pub(crate) start: Position,
    /// The position after the last character.
    pub(crate) end: Position,
}

impl<'t> PayloadText<'t> {
    /// Creates the text of a payload that was decoded from an outer text, which starts at `start`.
    pub fn decoded(
        text: &'t [u8],
        outer: OuterText<'t>,
        start: Position,
        max_depth: usize,
    ) -> Self {
        Self {
            text,
            start,
            outer: Some(outer),
            max_depth,
            syntax_error: None,
        }
    }

    /// Creates the text of a payload that stands in the input as it is.
    pub fn plain(text: &'t [u8], start: Position, max_depth: usize) -> Self {
        Self {
            text,
            start,
            outer: None,
            max_depth,
            syntax_error: None,
        }
    }

    /// Returns the text as it stands in the input.
    pub fn written(&self) -> &'t [u8] {
        self.outer.map_or(self.text, |outer| outer.text)
    }

    /// Returns the places of spans of the payload, in linear time. The spans are in ascending order
    /// of their starts.
    pub(crate) fn places(&self, spans: &[Range<usize>]) -> Vec<Place> {
        let ranges: Vec<_> = match self.outer {
            None => spans.to_vec(),
            Some(outer) => {
                let map = outer.map;
                spans.iter().map(|span| map.range(span.clone())).collect()
            }
        };
        let mut ends: Vec<_> = (0..ranges.len()).collect();
        ends.sort_by_key(|&at| ranges[at].end);
        let mut positions = Positions::new(self.written(), self.start);
        let mut places: Vec<_> = ranges
            .into_iter()
            .map(|range| {
                let start = positions.at(range.start);
                Place {
                    range,
                    start,
                    end: start,
                }
            })
            .collect();
        let mut positions = Positions::new(self.written(), self.start);
        let known = self.outer.and_then(|outer| outer.end);
        for at in ends {
            let end = places[at].range.end;
            places[at].end = match known {
                Some(position) if end == self.written().len() => position,
                _ => positions.at(end),
            };
        }
        places
    }

    /// Returns the place of a span.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let mut places = self.places(std::slice::from_ref(&span));
        places.pop().unwrap_or(Place {
            range: span,
            start: self.start,
            end: self.start,
        })
    }
}

impl<'t> From<&'t str> for PayloadText<'t> {
    fn from(text: &'t str) -> Self {
        Self::plain(text.as_bytes(), Position::START, MAX_DEPTH)
    }
}
