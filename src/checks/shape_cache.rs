//! Remembers the shapes of payloads that had no findings, so that payloads of the same shape need not
//! be checked in full.
//!
//! Schema, model and most warnings depend on types, on names, on the words that the contract lists,
//! and on whether any other text is an id, a time, an address or a token, but not on its value. This
//! is the shape of a payload. If a payload has no findings, then no payload of the same shape has
//! any. A capture of a million payloads has a few dozen shapes.
//!
//! Shapes are compared in full, not by their hashes. The shape of an array consists of the shape of
//! its first item and the set of all items' shapes, since all items follow the same rules.
//!
//! A shape that occurs again has its layout learned. Then payloads of this layout are not parsed, and
//! their shapes are not computed: documents of the same layout have the same shape.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::contract::{self, Kind, WORD_COUNT};
use crate::document::{Classify, Document, Layouts, Tag, Tape};

use super::tokens::has_token_format;

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
    /// The numbers of the shapes of payloads and of array items.
    numbers: HashMap<Box<[u32]>, u32, RandomState>,
    /// The kinds of the payloads without findings, by the number of their shape.
    kinds: HashMap<u32, Kind, RandomState>,
    layouts: Layouts<TextClass>,
    /// The kinds of the payloads without findings, by their layout.
    kinds_by_layout: HashMap<Box<[u64]>, Kind, RandomState>,
    /// The parts of the shape that is being computed.
    parts: Vec<u32>,
    /// The entries of the items that have the same shape as an earlier one in the same array.
    duplicates: Vec<Range<u32>>,
    /// The number of payloads for which no shape was computed.
    skipped: usize,
}

/// A part of a shape. Other parts are the contract's words and the numbers of items' shapes.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
enum Part {
    Null,
    False,
    True,
    Number,
    Text,
    Id,
    Utc,
    OtherTime,
    Email,
    Token,
    /// A name that contains a part by which a schema lists names.
    PartlyListed,
    /// Starts an object: names and values follow.
    Object,
    /// Starts an array: the first item and the set of items follow.
    Array,
    /// Ends an object or an array.
    End,
    /// The number of the first word.
    Words,
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

    /// Remembers that the payloads of a document's layout have no findings, as their shape says.
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
        if self.numbers.len() > CAPACITY {
            self.numbers.clear();
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
        if let Some(number) = self.numbers.get(parts) {
            return Some(*number);
        }
        // A single payload may have too many as well.
        if self.numbers.len() > CAPACITY {
            return None;
        }
        let next = u32::try_from(self.numbers.len()).ok()?;
        let number = Part::Words as u32 + WORD_COUNT + next;
        self.numbers.insert(parts.into(), number);
        Some(number)
    }
}

/// Classifies strings by the part that they are of a shape.
#[derive(Debug, Clone)]
struct TextClass;

impl Classify for TextClass {
    fn class(text: &[u8]) -> u32 {
        text_part(text)
    }

    fn expected_length(class: u32, rest: &[u8]) -> Option<usize> {
        const ID: u32 = Part::Id as u32;
        const LENGTH: usize = 36;
        let is_id = class == ID
            && rest.get(LENGTH) == Some(&b'"')
            && contract::is_uuid_text(&rest[..LENGTH]);
        is_id.then_some(LENGTH)
    }
}

fn name_part(text: &[u8]) -> u32 {
    match word_part(text) {
        number if number == Part::Text as u32 && contract::has_listed_part(text) => {
            Part::PartlyListed as u32
        }
        number => number,
    }
}

/// Returns the part for a name, or for a text that is not an id, time, address or token. All words
/// that the contract does not list have the same part.
fn word_part(text: &[u8]) -> u32 {
    match contract::word(text) {
        Some(word) => Part::Words as u32 + word,
        None => Part::Text as u32,
    }
}

fn text_part(text: &[u8]) -> u32 {
    let is = |scalar: fn(&str) -> bool| str::from_utf8(text).is_ok_and(scalar);
    if text.len() == 36 && contract::is_uuid_text(text) {
        return Part::Id as u32;
    }
    if text.len() == 64 && is(has_token_format) {
        return Part::Token as u32;
    }
    // Most other texts are words.
    match word_part(text) {
        part if part != Part::Text as u32 => part,
        _ if text.first().is_some_and(u8::is_ascii_digit) && is(contract::is_utc) => {
            if is(contract::is_in_utc) {
                Part::Utc as u32
            } else {
                Part::OtherTime as u32
            }
        }
        _ if memchr::memchr(b'@', text).is_some() && is(contract::is_email) => Part::Email as u32,
        part => part,
    }
}
