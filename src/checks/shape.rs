//! The parts that the shape of a payload consists of.
//!
//! Schema, model and most warnings depend on types, on names, on the words that the contract lists, and on
//! whether any other text is an id, a time, an address or a token, but not on its value. So the shape is the
//! sequence of these parts, in text order. An array has the number of the shape of its first item, and the set of
//! the numbers of all items' shapes, since all items follow the same rules.

use crate::contract::{self, WORD_COUNT};
use crate::document::Classify;
use crate::secrets::is_plain;

use super::tokens::has_token_format;

/// A part of a shape. Other parts are the contract's words and the numbers of items' shapes.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum Part {
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

/// The part for the first shape of an item. Those of the other shapes follow.
const SHAPES: u32 = Part::Words as u32 + WORD_COUNT;

/// Returns the part for the shape of an item, by the index of the shape.
pub(super) fn shape_part(index: usize) -> Option<u32> {
    SHAPES.checked_add(u32::try_from(index).ok()?)
}

/// Returns the index of the shape that a part stands for.
pub(super) fn shape_index(part: u32) -> Option<usize> {
    part.checked_sub(SHAPES).map(|index| index as usize)
}

/// Returns the part for a name.
pub(super) fn name_part(text: &[u8]) -> u32 {
    match word_part(text) {
        number if number == Part::Text as u32 && contract::has_listed_part(text) => {
            Part::PartlyListed as u32
        }
        number => number,
    }
}

/// Returns the part for a name, or for a text that is not an id, time, address or token. All words
/// that the contract does not list have the same part.
pub(super) fn word_part(text: &[u8]) -> u32 {
    match contract::word(text) {
        Some(word) => Part::Words as u32 + word,
        None => Part::Text as u32,
    }
}

/// Returns the part for a string.
pub(super) fn text_part(text: &[u8]) -> u32 {
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

/// Classifies strings as shapes do.
#[derive(Debug, Clone)]
pub(super) struct TextClass;

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

    fn is_plain(class: u32, text: &[u8]) -> bool {
        // All strings of the class of a word are that word, so what is true of this text is true of all.
        let is_word = class >= Part::Words as u32;
        (class == Part::Id as u32 || is_word) && is_plain(text)
    }
}
