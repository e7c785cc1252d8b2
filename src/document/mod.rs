//! Parses a payload into a tree that borrows from the text and has the span of each value.
//!
//! All later stages read this tree: the schema engine validates it in place (`engine`), the typed
//! models are deserialized from it (`de`), and the warnings walk it. So a payload is parsed only
//! once, repeated names stay visible, and each diagnostic has a position.
//!
//! The tree is a flat list of `Entry`s in text order, whose memory is reused for the next payload.
//! `docs/decisions/0001-spanned-document.md` explains why this project has its own parser.

use std::ops::Range;

mod de;
mod engine;
mod entry;
#[cfg(feature = "cli")]
pub(crate) mod layout;
mod layouts;
mod node;
mod parser;
mod parser_errors;
mod payload_text;
mod position;
mod printed;
mod repeated;
mod source_map;
mod strings;
mod syntax;

use crate::steps;

pub use de::DeserializeError;
pub(crate) use engine::SpannedJson;
pub(crate) use entry::{Entry, Tag};
pub(crate) use layouts::{Classify, Layouts};
pub use node::{Array, Items, Members, Node, Object};
pub use payload_text::{OuterText, PayloadText};
pub use position::{Position, Positions};
pub use source_map::SourceMap;
pub(crate) use strings::decode_escape;
pub(crate) use strings::plain_length;
pub use syntax::{Language, SyntaxError, SyntaxErrorKind};

/// The default maximum depth of nested arrays and objects. A deeper text is a syntax error.
pub const MAX_DEPTH: usize = 128;

/// The memory of a document, which can be reused for the next payload.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    entries: Vec<Entry>,
    repeated: Vec<RepeatedName>,
    /// The layout of the document, if it is known: see [`Document::layout`].
    layout: Vec<u64>,
}

impl Tape {
    fn clear(&mut self) {
        self.entries.clear();
        self.repeated.clear();
        self.layout.clear();
    }
}

/// A name that repeats an earlier one of the same object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RepeatedName {
    /// The index of the name.
    pub(crate) name: u32,
    /// The index of the first name that is equal.
    pub(crate) first: u32,
}

/// A parsed JSON text.
///
/// ```
/// use mewshook::document::Document;
///
/// let document = Document::parse(r#"{"Action": "IntegrationEnabled"}"#)?;
/// let action = document.root().get("Action").unwrap();
/// assert_eq!(action.as_str().as_deref(), Some("IntegrationEnabled"));
/// assert_eq!(action.span(), 11..31);
/// # Ok::<(), mewshook::document::SyntaxError>(())
/// ```
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    tape: Tape,
}

impl<'t> Document<'t> {
    /// Parses a JSON text as RFC 8259 and `serde_json` do: numbers must be in the range of a
    /// double, and escapes must stand for complete characters. Repeated names are not an error.
    ///
    /// # Errors
    /// The text is not JSON. The error has the first invalid span.
    pub fn parse(text: &'t str) -> Result<Self, SyntaxError> {
        Self::parse_with(Tape::default(), text, MAX_DEPTH).map_err(|(error, _)| error)
    }

    /// Parses a text with at most `max_depth` levels of brackets into the memory of `tape`. An
    /// error returns the tape, too.
    ///
    /// # Errors
    /// See [`Document::parse`].
    pub fn parse_with(
        mut tape: Tape,
        text: &'t str,
        max_depth: usize,
    ) -> Result<Self, (SyntaxError, Tape)> {
        tape.clear();
        // Payloads have about as many entries. A hostile text gets no more memory than it needs.
        tape.entries.reserve((text.len() / 16).min(1024));
        match parser::parse(text, max_depth, &mut tape) {
            Ok(()) => Ok(Self { text, tape }),
            Err(error) => Err((error, tape)),
        }
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Returns the outermost value.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// Returns the memory, which can be reused for the next payload.
    pub fn into_tape(self) -> Tape {
        self.tape
    }

    /// Returns the document without some array items. They are given as ranges of entries in
    /// ascending order that do not overlap. Spans of the other values stay the same.
    pub(crate) fn without_items(&self, items: &[Range<u32>]) -> Self {
        // For each range, the number of entries that are removed before it.
        let mut removed = vec![0];
        for range in items {
            removed.push(removed[removed.len() - 1] + (range.end - range.start));
        }
        steps::add(self.entries().len());
        let new_index = |index: u32| {
            let before = items.partition_point(|range| range.start < index);
            // A container may end within a range.
            let last = before.checked_sub(1).map_or(0, |last| items[last].end);
            index + last.saturating_sub(index) - removed[before]
        };
        let mut kept = Vec::new();
        let mut from = 0;
        let end = Range {
            start: u32::MAX,
            end: u32::MAX,
        };
        for range in items.iter().chain([&end]) {
            let until = (range.start as usize).min(self.entries().len());
            let entries = self.entries()[from..until].iter();
            kept.extend(entries.map(|entry| entry.with_next(new_index(entry.next()))));
            from = range.end as usize;
        }
        Self {
            text: self.text,
            tape: Tape {
                entries: kept,
                ..Tape::default()
            },
        }
    }

    /// Returns the names that repeat an earlier name of the same object.
    pub(crate) fn repeated(&self) -> &[RepeatedName] {
        &self.tape.repeated
    }

    /// Returns the layout, if it is a known one. Documents with equal layouts from the same [`Layouts`]
    /// differ only in their strings and in the number of items of arrays. Strings at the same place have
    /// the same class; arrays at the same place have items of the same layouts, and first items of the
    /// same layout.
    pub(crate) fn layout(&self) -> Option<&[u64]> {
        let layout = &*self.tape.layout;
        (!layout.is_empty()).then_some(layout)
    }

    /// Returns the value or name with an index.
    pub(crate) fn node(&self, index: u32) -> Node<'_> {
        Node::new(self, index)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.tape.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first inner array ends in the middle of a removed range.
    #[test]
    fn items_that_end_several_arrays_can_be_removed() {
        let document =
            Document::parse("[[1, 2], [3, 4], 5]").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            document.root().to_value(),
            serde_json::json!([[1, 2], [3, 4], 5])
        );
        let without_items = document.without_items(&[3..4, 6..7]);
        assert_eq!(
            without_items.root().to_value(),
            serde_json::json!([[1], [3], 5])
        );
        let range = 3..7;
        let without_items = document.without_items(std::slice::from_ref(&range));
        assert_eq!(without_items.root().to_value(), serde_json::json!([[1], 5]));
    }
}
