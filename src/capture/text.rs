//! A text that is searched, and the way back from it to the frame.

use crate::document::SourceMap;
use crate::frame::Frame;

/// A text that is searched: the frame's own, or one that was decoded from it.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) bytes: &'t [u8],
    /// The offset of the bytes in the text that `map` maps from, or in the frame.
    pub(super) offset: usize,
    /// The map to the frame, if the text was decoded.
    pub(super) map: Option<&'t SourceMap>,
    /// The name of the encoding, if people can't read the text in the frame.
    pub(super) encoding: Option<&'static str>,
}

impl<'t> Text<'t> {
    pub(super) fn of(frame: &Frame<'t>) -> Self {
        Self {
            bytes: frame.payload.text,
            offset: 0,
            map: None,
            encoding: None,
        }
    }

    /// Returns a text that was decoded. `map` maps to the frame.
    pub(super) fn decoded(
        bytes: &'t [u8],
        map: &'t SourceMap,
        encoding: Option<&'static str>,
    ) -> Self {
        Self {
            bytes,
            offset: 0,
            map: Some(map),
            encoding,
        }
    }

    /// Returns the text as one that people can't read, in this encoding.
    pub(super) fn encoded(self, encoding: &'static str) -> Self {
        Self {
            encoding: Some(encoding),
            ..self
        }
    }

    /// Returns a part of the text, of which `bytes` may be a copy.
    pub(super) fn part(self, offset: usize, bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            offset: self.offset + offset,
            ..self
        }
    }

    /// Returns the map to the frame of a text that was decoded from this one.
    pub(super) fn map_of(self, decoded: &SourceMap) -> SourceMap {
        let shifted = decoded.clone().shifted(self.offset);
        match self.map {
            None => shifted,
            Some(map) => map.then(&shifted),
        }
    }
}
