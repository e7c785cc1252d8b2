//! Remembers the shapes of payloads that had no findings, so that payloads of the same shape need not
//! be checked in full.
//!
//! If a payload has no findings, then no payload of the same shape has any, except for findings about
//! values. A capture of a million payloads has a few dozen shapes. They are compared in full, not by their
//! hashes.
//!
//! If a shape occurs again, the layout of the payload is learned. Later payloads of this layout are not
//! parsed, and their shapes are not computed: documents of the same layout have the same shape.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use indexmap::IndexSet;

use crate::contract::Kind;
use crate::document::{Document, Layouts, Tag, Tape};

use super::shape::{Part, TextClass, name_part, shape_part, text_part};
use super::shape_rules;

/// The shapes of payloads and of array items. The index of a shape is the one of its part.
pub(super) type Shapes = IndexSet<Box<[u32]>, RandomState>;

/// The number of shapes after which the cache is cleared, so that memory does not grow with a stream.
const CAPACITY: usize = 4096;

/// The number of payloads that are checked in full before shapes are computed: for only a few, it is
/// not worth it.
const WARM_UP: usize = 20;

/// The number of entries from which a payload's shape is computed in any case.
const LARGE: usize = 1000;

/// The number of parts that a shape may have, and of different items in an array.
const MAX_PARTS: usize = 256;

/// The shapes seen so far.
#[derive(Debug, Clone, Default)]
pub(super) struct ShapeCache {
    shapes: Shapes,
    /// The kinds of the payloads without findings, by the number of their shape.
    kinds: HashMap<u32, Kind, RandomState>,
    layouts: Layouts<TextClass>,
    /// The kinds of the payloads without findings, by their layout.
    kinds_by_layout: HashMap<Box<[u64]>, Kind, RandomState>,
    /// The parts of the shape that is being computed.
    parts: Vec<u32>,
    /// Memory for [`shape_rules::follow`].
    active_rules: Vec<usize>,
    /// The entries of the items that have the same shape as an earlier one in the same array.
    duplicates: Vec<Range<u32>>,
    /// The number of payloads for which no shape was computed, until the warm-up ends.
    skipped: usize,
}

impl ShapeCache {
    /// Returns the document that the parser would return for a text, if its layout is known, and
    /// otherwise the tape.
    #[inline]
    pub(super) fn read<'t>(
        &mut self,
        tape: Tape,
        text: &'t str,
        max_depth: usize,
    ) -> Result<Document<'t>, Tape> {
        self.layouts.read(tape, text, max_depth)
    }

    /// Returns the kind of the payloads of a document's layout, if it is known that they have no
    /// findings.
    pub(super) fn kind_by_layout(&self, document: &Document<'_>) -> Option<Kind> {
        self.kinds_by_layout.get(document.layout()?).copied()
    }

    /// Remembers that the payloads of a document's layout have no findings, since their shape has none.
    pub(super) fn remember_layout(&mut self, document: &Document<'_>, kind: Kind) {
        let Some(layout) = document.layout() else {
            self.layouts.learn(document);
            return;
        };
        if self.kinds_by_layout.len() > CAPACITY {
            self.kinds_by_layout.clear();
        }
        self.kinds_by_layout.insert(layout.into(), kind);
    }

    /// Computes the shape of each payload from now on, however small.
    pub(super) fn end_warm_up(&mut self) {
        self.skipped = WARM_UP;
    }

    /// Returns the number of a payload's shape, or `None` if it should be checked in full.
    pub(super) fn shape(&mut self, document: &Document<'_>) -> Option<u32> {
        // Checking a few payloads takes less time than collecting the words of the contract.
        if self.skipped < WARM_UP && document.entries().len() < LARGE {
            self.skipped += 1;
            return None;
        }
        if !document.repeated().is_empty() {
            return None;
        }
        if self.shapes.len() > CAPACITY {
            self.shapes.clear();
            self.kinds.clear();
        }
        self.parts.clear();
        self.duplicates.clear();
        self.add_value(document, 0)?;
        self.number(0)
    }

    /// Returns the kind of the payloads of a shape, if they have no findings.
    pub(super) fn kind(&self, shape: u32) -> Option<Kind> {
        self.kinds.get(&shape).copied()
    }

    /// Returns `true` if it is certain that the payload whose shape was computed last has no errors by the
    /// rules of a kind, and nothing that a survey would find.
    pub(super) fn follows(&mut self, kind: Kind) -> bool {
        shape_rules::follow(kind, &self.parts, &self.shapes, &mut self.active_rules)
    }

    /// Remembers that the payloads of a shape have no findings.
    pub(super) fn remember(&mut self, shape: u32, kind: Kind) {
        self.kinds.insert(shape, kind);
    }

    /// Adds the shape of the value at an entry, and returns the entry after it.
    fn add_value(&mut self, document: &Document<'_>, at: u32) -> Option<u32> {
        let node = document.node(at);
        let end = node.next_index();
        match node.tag() {
            Tag::Null => self.push(Part::Null),
            Tag::False => self.push(Part::False),
            Tag::True => self.push(Part::True),
            Tag::Number => self.push(Part::Number),
            Tag::String => self.parts.push(text_part(&node.bytes()?)),
            Tag::Object => {
                self.push(Part::Object);
                let mut name = at + 1;
                while name < end {
                    self.parts.push(name_part(&document.node(name).bytes()?));
                    name = self.add_value(document, name + 1)?;
                }
                self.push(Part::End);
            }
            Tag::Array => {
                self.push(Part::Array);
                self.add_items(document, at + 1, end)?;
                self.push(Part::End);
            }
        }
        (self.parts.len() <= MAX_PARTS).then_some(end)
    }

    /// Adds the shape of an array's first item, and the set of all items' shapes.
    fn add_items(&mut self, document: &Document<'_>, mut item: u32, end: u32) -> Option<()> {
        let first = self.parts.len();
        while item < end {
            let set = self.parts.len();
            let next = self.add_value(document, item)?;
            let shape = self.number(set)?;
            self.parts.truncate(set);
            if set == first {
                self.parts.push(shape);
            }
            if self.parts[first + 1..].contains(&shape) {
                self.add_duplicate(item..next);
            } else {
                self.parts.push(shape);
            }
            item = next;
        }
        if let Some(set) = self.parts.get_mut(first + 1..) {
            set.sort_unstable();
        }
        Some(())
    }

    /// Notes that an item has the same shape as an earlier one.
    fn add_duplicate(&mut self, entries: Range<u32>) {
        while self
            .duplicates
            .last()
            .is_some_and(|last| last.start >= entries.start)
        {
            self.duplicates.pop();
        }
        match self.duplicates.last_mut() {
            Some(last) if last.end == entries.start => last.end = entries.end,
            _ => self.duplicates.push(entries),
        }
    }

    /// Returns the payload without items of the same shape as an earlier one, if it has any. The
    /// result has the same shape.
    pub(super) fn without_duplicates<'t>(&self, document: &Document<'t>) -> Option<Document<'t>> {
        (!self.duplicates.is_empty()).then(|| document.without_items(&self.duplicates))
    }

    fn push(&mut self, part: Part) {
        self.parts.push(part as u32);
    }

    /// Returns the number of the shape whose parts start at `first`.
    fn number(&mut self, first: usize) -> Option<u32> {
        let parts = &self.parts[first..];
        if let Some(index) = self.shapes.get_index_of(parts) {
            return shape_part(index);
        }
        // A single payload may have too many as well.
        if self.shapes.len() > CAPACITY {
            return None;
        }
        let (index, _) = self.shapes.insert_full(parts.into());
        shape_part(index)
    }
}
