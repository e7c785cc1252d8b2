//! What the contract can see of a payload: its form.
//!
//! Schema, model and most remarks look at types, at names, at the words that the contract lists,
//! and at whether some other text is an id, a time, an address or a token, but not at which one.
//! Payloads that agree in all of that have one form, and if the checks had nothing to say of the
//! first, they have nothing to say of the others. A capture of a million payloads has some dozens
//! of forms, so they are numbered, and those without a finding are remembered.
//!
//! A form is exact: no two are taken for one because their hashes agree. An array's form is its
//! first item's and the set of all items' forms, since each item is held against the same rules.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::contract::{self, Kind};
use crate::document::{Document, Node, Tag};

use super::tokens::has_shape;

/// How many parts are remembered before all is forgotten: memory must not grow with a stream.
const PARTS: usize = 10_000;

/// How many names and values a part may have, or different items an array.
const LONGEST: usize = 512;

/// The forms of a run of payloads.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// Objects and arrays by what is in them, numbered.
    parts: HashMap<Box<[u32]>, u32, RandomState>,
    /// The kinds of the payloads of which there was nothing to say, by their form.
    sound: HashMap<u32, Kind, RandomState>,
    /// What is in the open objects and arrays.
    stack: Vec<u32>,
}

/// Forms of what has no parts; those of words and of parts come behind them.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
enum Leaf {
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
    /// Starts an object's parts.
    Object,
    /// Starts an array's.
    Array,
    Words,
}

impl Forms {
    /// The form of a payload; none where it is out of the ordinary.
    pub(super) fn of(&mut self, document: &Document<'_>) -> Option<u32> {
        if !document.repeated().is_empty() {
            return None;
        }
        if self.parts.len() > PARTS {
            self.parts.clear();
            self.sound.clear();
        }
        self.stack.clear();
        self.value(document.root())
    }

    /// The kind of the payloads of this form, if all of them are without a finding.
    pub(super) fn sound(&self, form: u32) -> Option<Kind> {
        self.sound.get(&form).copied()
    }

    /// Remembers that there was nothing to say of a payload.
    pub(super) fn remember(&mut self, form: u32, kind: Kind) {
        self.sound.insert(form, kind);
    }

    fn value(&mut self, node: Node<'_>) -> Option<u32> {
        Some(match node.tag() {
            Tag::Null => Leaf::Null as u32,
            Tag::False => Leaf::False as u32,
            Tag::True => Leaf::True as u32,
            Tag::Number => Leaf::Number as u32,
            Tag::String => text(&node.as_str().unwrap_or_default()),
            Tag::Object => {
                let first = self.open(Leaf::Object);
                for (name, value) in node.as_object()?.members() {
                    self.stack.push(self::name(name.as_str()));
                    let value = self.value(value)?;
                    self.stack.push(value);
                }
                self.close(first)?
            }
            Tag::Array => {
                let first = self.open(Leaf::Array);
                for item in node.as_array()?.items() {
                    let item = self.value(item)?;
                    // The first one stands once more in front of the set.
                    if self.stack.len() == first + 1 {
                        self.stack.push(item);
                    }
                    if !self.stack[first + 2..].contains(&item) {
                        self.stack.push(item);
                    }
                    if self.stack.len() - first > LONGEST {
                        return None;
                    }
                }
                if let Some(set) = self.stack.get_mut(first + 2..) {
                    set.sort_unstable();
                }
                self.close(first)?
            }
        })
    }

    fn open(&mut self, leaf: Leaf) -> usize {
        self.stack.push(leaf as u32);
        self.stack.len() - 1
    }

    /// The number of the part whose content is on the stack from `first` on.
    fn close(&mut self, first: usize) -> Option<u32> {
        let content = &self.stack[first..];
        if content.len() > LONGEST {
            return None;
        }
        let number = if let Some(number) = self.parts.get(content) {
            *number
        } else {
            let next = Leaf::Words as u32 + contract::words() + u32::try_from(self.parts.len()).ok()?;
            self.parts.insert(content.into(), next);
            next
        };
        self.stack.truncate(first);
        Some(number)
    }
}

/// The form of a property's name: names that the contract does not list are all the same to it.
fn name(name: Option<Cow<'_, str>>) -> u32 {
    let word = name.and_then(|name| contract::word(&name));
    word.map_or(Leaf::Text as u32, |word| Leaf::Words as u32 + word)
}

fn text(text: &str) -> u32 {
    let leaf = match text.as_bytes() {
        bytes if bytes.len() == 36 && contract::is_uuid(text) => Leaf::Id,
        bytes if bytes.len() == 64 && has_shape(text) => Leaf::Token,
        [b'0'..=b'9', ..] if contract::is_utc(text) => {
            if contract::is_in_utc(text) {
                Leaf::Utc
            } else {
                Leaf::OtherTime
            }
        }
        bytes if memchr::memchr(b'@', bytes).is_some() && contract::is_email(text) => Leaf::Email,
        _ => {
            let word = contract::word(text);
            return word.map_or(Leaf::Text as u32, |word| Leaf::Words as u32 + word);
        }
    };
    leaf as u32
}
