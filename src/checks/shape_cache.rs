//! What the contract can see of a payload: its form.
//!
//! Schema, model and most warnings look at types, at names, at the words that the contract lists,
//! and at whether some other text is an id, a time, an address or a token, but not at which one.
//! Frames that agree in all of that have one form, and if the checks had nothing to say of the
//! first, they have nothing to say of the others. A capture of a million payloads has some dozens
//! of forms, so they are numbered, and those without a finding are remembered.
//!
//! A form is exact: no two are taken for one because their hashes agree. An array's form is its
//! first item's and the set of all items' forms, since each item is held against the same rules.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::contract::{self, Kind, WORD_COUNT};
use crate::document::{Document, Tag};

use super::tokens::has_shape;

/// How many forms are remembered before all are forgotten: memory must not grow with a stream.
const MOST: usize = 4096;

/// From how many payloads on it's worth to look at forms.
const FEW: usize = 20;

/// From how many entries on the form of a payload is looked at in any case.
const LARGE: usize = 1000;

/// How much a form may have in it, or how many different items an array.
const LONGEST: usize = 256;

/// The forms of a run of payloads.
#[derive(Debug, Clone, Default)]
pub(super) struct ShapeCache {
    /// Those of payloads and of items, numbered.
    known: HashMap<Box<[u32]>, u32, RandomState>,
    /// The kinds of the payloads of which there was nothing to say, by their form's number.
    sound: HashMap<u32, Kind, RandomState>,
    /// What the form at hand has in it so far.
    parts: Vec<u32>,
    /// The entries of the items that have the form of an earlier one in the same array.
    alike: Vec<Range<u32>>,
    /// How many payloads there were before forms were looked at.
    unseen: usize,
}

/// What a form has in it, beside the words and the numbers of items' forms.
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
    /// A name that holds a part by which a schema lists names.
    PartlyListed,
    /// Starts an object: names and values follow.
    Object,
    /// Starts an array: the first item and the set of items follow.
    Array,
    /// Ends either.
    End,
    /// Words are counted from here on.
    Words,
}

impl ShapeCache {
    /// The form of a payload; none where it is out of the ordinary.
    pub(super) fn of(&mut self, document: &Document<'_>) -> Option<u32> {
        // A few payloads are checked sooner than the words of the contract are gathered.
        if self.unseen < FEW && document.entries().len() < LARGE {
            self.unseen += 1;
            return None;
        }
        if !document.repeated().is_empty() {
            return None;
        }
        if self.known.len() > MOST {
            self.known.clear();
            self.sound.clear();
        }
        self.parts.clear();
        self.alike.clear();
        self.value(document, 0)?;
        self.number(0)
    }

    /// The kind of the payloads of this form, if there is nothing to say of them.
    pub(super) fn sound(&self, form: u32) -> Option<Kind> {
        self.sound.get(&form).copied()
    }

    /// Remembers that there was nothing to say of a payload.
    pub(super) fn remember(&mut self, form: u32, kind: Kind) {
        self.sound.insert(form, kind);
    }

    /// Adds the form of the value at an entry; gives the entry behind it.
    fn value(&mut self, document: &Document<'_>, at: u32) -> Option<u32> {
        let node = document.node(at);
        let end = node.next_index();
        match node.tag() {
            Tag::Null => self.push(Part::Null),
            Tag::False => self.push(Part::False),
            Tag::True => self.push(Part::True),
            Tag::Number => self.push(Part::Number),
            Tag::String => self.parts.push(text(&node.bytes()?)),
            Tag::Object => {
                self.push(Part::Object);
                let mut name = at + 1;
                while name < end {
                    self.parts.push(self::name(&document.node(name).bytes()?));
                    name = self.value(document, name + 1)?;
                }
                self.push(Part::End);
            }
            Tag::Array => {
                self.push(Part::Array);
                self.items(document, at + 1, end)?;
                self.push(Part::End);
            }
        }
        (self.parts.len() <= LONGEST).then_some(end)
    }

    /// Adds the form of an array's first item, and the set of all items' forms.
    fn items(&mut self, document: &Document<'_>, mut item: u32, end: u32) -> Option<()> {
        let first = self.parts.len();
        while item < end {
            let set = self.parts.len();
            let next = self.value(document, item)?;
            let form = self.number(set)?;
            self.parts.truncate(set);
            if set == first {
                self.parts.push(form);
            }
            if self.parts[first + 1..].contains(&form) {
                self.skip(item..next);
            } else {
                self.parts.push(form);
            }
            item = next;
        }
        if let Some(set) = self.parts.get_mut(first + 1..) {
            set.sort_unstable();
        }
        Some(())
    }

    /// Notes that an item is like an earlier one.
    fn skip(&mut self, entries: Range<u32>) {
        while self
            .alike
            .last()
            .is_some_and(|last| last.start >= entries.start)
        {
            self.alike.pop();
        }
        match self.alike.last_mut() {
            Some(last) if last.end == entries.start => last.end = entries.end,
            _ => self.alike.push(entries),
        }
    }

    /// The payload without the items that are like an earlier one, if there are such: it has the
    /// same form.
    pub(super) fn digest<'t>(&self, document: &Document<'t>) -> Option<Document<'t>> {
        (!self.alike.is_empty()).then(|| document.without(&self.alike))
    }

    fn push(&mut self, part: Part) {
        self.parts.push(part as u32);
    }

    /// The number of the form whose parts are the last ones, from `first` on.
    fn number(&mut self, first: usize) -> Option<u32> {
        let parts = &self.parts[first..];
        if let Some(number) = self.known.get(parts) {
            return Some(*number);
        }
        // Also where one payload alone has too many.
        if self.known.len() > MOST {
            return None;
        }
        let next = u32::try_from(self.known.len()).ok()?;
        let number = Part::Words as u32 + WORD_COUNT + next;
        self.known.insert(parts.into(), number);
        Some(number)
    }
}

fn name(text: &[u8]) -> u32 {
    match word(text) {
        number if number == Part::Text as u32 && contract::has_listed_part(text) => {
            Part::PartlyListed as u32
        }
        number => number,
    }
}

/// A name, or a text of no other sort. What the contract does not list is all the same to it.
fn word(text: &[u8]) -> u32 {
    match contract::word(text) {
        Some(word) => Part::Words as u32 + word,
        None => Part::Text as u32,
    }
}

fn text(text: &[u8]) -> u32 {
    let is = |scalar: fn(&str) -> bool| str::from_utf8(text).is_ok_and(scalar);
    match text {
        _ if text.len() == 36 && contract::parse_uuid(text).is_some() => Part::Id as u32,
        _ if text.len() == 64 && is(has_shape) => Part::Token as u32,
        [b'0'..=b'9', ..] if is(contract::is_utc) => {
            if is(contract::is_in_utc) {
                Part::Utc as u32
            } else {
                Part::OtherTime as u32
            }
        }
        _ if memchr::memchr(b'@', text).is_some() && is(contract::is_email) => Part::Email as u32,
        _ => word(text),
    }
}
