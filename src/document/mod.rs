//! One payload, parsed once: a tree that borrows from the text and knows where everything stands.
//!
//! Every later stage reads this tree: the schema engine validates it in place (`engine`), the
//! typed models are deserialized from it (`de`), and the warnings walk it. So no payload is
//! parsed twice, repeated names stay visible, and each finding has its place for nothing.
//!
//! The tree is a flat list of `Entry`s in text order, whose memory is handed from one payload
//! to the next. Why it is our own is told in `docs/decisions/0001-spanned-document.md`.

use std::ops::Range;

mod de;
mod engine;
mod node;
mod parser;
mod payload_text;
mod place;
mod repeated;
mod strings;
mod syntax;

use crate::steps;

pub use de::DeserializeError;
pub(crate) use engine::SpannedJson;
pub use node::{Array, Items, Members, Node, Object};
pub use payload_text::PayloadText;
pub(crate) use place::{Paths, push_dotted};
pub use place::{Position, Positions};
pub(crate) use strings::escape;
#[cfg(feature = "cli")]
pub(crate) use strings::plain;
pub use syntax::{SyntaxError, SyntaxErrorKind};

/// How many levels of arrays and objects a text may have; the next one is a syntax error.
pub const MAX_DEPTH: usize = 128;

/// What an [`Entry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

/// One value, or one property's name, at its place in the text.
///
/// An array is followed by its items, an object by name, value, name, value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Byte offsets in the text, quotes and brackets included.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The entry after this one and all that is inside it.
    pub(crate) next: u32,
    pub(crate) tag: Tag,
    /// A string with at least one backslash.
    pub(crate) escaped: bool,
    /// A name that comes again later in the same object, where the last one counts.
    pub(crate) shadowed: bool,
}

/// The memory of a document, kept between payloads.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    entries: Vec<Entry>,
    repeated: Vec<Repeated>,
}

/// A name that stands a second time in one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// The entry of the name that repeats.
    pub(crate) name: u32,
    /// The entry of the same name's first occurrence.
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
    /// Parses one JSON text by RFC 8259, as `serde_json` would: the number range is that of a
    /// double, and escapes must name whole characters. Repeated names are no error here.
    ///
    /// # Errors
    /// The first place at which the text is not JSON.
    pub fn parse(text: &'t str) -> Result<Self, SyntaxError> {
        Self::parse_with(Tape::default(), text, MAX_DEPTH).map_err(|(error, _)| error)
    }

    /// Parses a text that may have so many levels of brackets, into the memory of `tape`, which
    /// comes back with the error where there is one.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_with(
        mut tape: Tape,
        text: &'t str,
        levels: usize,
    ) -> Result<Self, (SyntaxError, Tape)> {
        tape.entries.clear();
        tape.repeated.clear();
        match parser::parse(text, levels, &mut tape) {
            Ok(()) => Ok(Self { text, tape }),
            Err(error) => Err((error, tape)),
        }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }

    /// Gives the memory back, for the next payload.
    pub fn into_tape(self) -> Tape {
        self.tape
    }

    /// The same document without some items of arrays, given as the entries that they take, in
    /// order and apart. Values stay where they are in the text.
    pub(crate) fn without(&self, items: &[Range<u32>]) -> Self {
        // How many entries are gone before an index that stays.
        let mut gone = vec![0];
        for range in items {
            gone.push(gone[gone.len() - 1] + (range.end - range.start));
        }
        steps::add(self.entries().len());
        let moved = |index: u32| {
            let before = items.partition_point(|range| range.start < index);
            // A container may end where only some of a range's items do.
            let last = before.checked_sub(1).map_or(0, |last| items[last].end);
            index + last.saturating_sub(index) - gone[before]
        };
        let mut kept = Vec::new();
        let mut from = 0;
        let end = Range {
            start: u32::MAX,
            end: u32::MAX,
        };
        for range in items.iter().chain([&end]) {
            let until = (range.start as usize).min(self.entries().len());
            kept.extend(self.entries()[from..until].iter().map(|entry| Entry {
                next: moved(entry.next),
                ..*entry
            }));
            from = range.end as usize;
        }
        Self {
            text: self.text,
            tape: Tape {
                entries: kept,
                repeated: Vec::new(),
            },
        }
    }

    /// The names that stand more than once in one object.
    pub(crate) fn repeated(&self) -> &[Repeated] {
        &self.tape.repeated
    }

    /// The value or name at a known index.
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

    /// Once out of bounds: the first inner array ends in the middle of the range.
    #[test]
    fn items_that_end_several_arrays_can_be_left_out() {
        let document =
            Document::parse("[[1, 2], [3, 4], 5]").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            document.root().to_value(),
            serde_json::json!([[1, 2], [3, 4], 5])
        );
        let without = document.without(&[3..4, 6..7]);
        assert_eq!(without.root().to_value(), serde_json::json!([[1], [3], 5]));
        let range = 3..7;
        let without = document.without(std::slice::from_ref(&range));
        assert_eq!(without.root().to_value(), serde_json::json!([[1], 5]));
    }
}
