//! Remembers how documents are laid out, so that the next one of the same layout need not be parsed.
//!
//! The payloads of a capture are written by a few programs, and differ only in some strings. The layout
//! of a document is the text between these strings, and for each string its class: an id, a time, a
//! token, another text. A text of a known layout is compared with it instead of being parsed, and then
//! its entries are known: they are those of the document from which the layout was learned, at other
//! offsets. Where the text differs, nothing is known of it, and the parser reads it.
//!
//! Layouts are stored as a tree. A [`Step`](step::Step) is a text up to the next string or array, and the class of
//! that string decides which steps may follow. So a text is compared with each byte only once, whatever
//! the number of layouts. The items of an array are layouts too, and an array may have any number of
//! them; so messages of one and of a thousand events have the same layout.
//!
//! A document with an escape, a number, a repeated name, or arrays in arrays is not learned. White space
//! and the order of names are part of a layout.

mod learn;
mod section;
mod step;
#[cfg(test)]
mod tests;
mod walk;

use std::marker::PhantomData;

use crate::steps;

use super::{Document, Tape};

use section::{Section, sections};
use step::Branch;
use walk::Walk;

/// Divides strings into classes.
pub(crate) trait Classify {
    /// Returns the class of a string without escapes.
    fn class(text: &[u8]) -> u32;

    /// Returns the length of the string that `rest` starts with, if it is clearly of this class and a
    /// quote follows. This is an optimisation: `None` is always correct.
    fn expected_length(class: u32, rest: &[u8]) -> Option<usize>;
}

/// The size of all steps, in bytes of their texts, from which those that were not used are forgotten.
const MAX_SIZE: usize = 64 * 1024;

/// The number of entries of a document up to which it is learned.
const MAX_ENTRIES: usize = 1024;

/// The depth of brackets up to which a document is learned. Texts with a lower limit are parsed.
const MAX_DEPTH: usize = 16;

/// What learning a document costs. Each document that is read earns 1, and each one of a known layout as
/// much as learning costs. So if each document has another layout, only some of them are learned.
const COST: usize = 16;

/// The most that can be earned.
const MAX_EARNED: usize = 64 * COST;

/// The known layouts, for strings of the classes `C`.
#[derive(Debug, Clone)]
pub(crate) struct Layouts<C> {
    start: Branch,
    /// The number of the next layout. Numbers are not used again.
    next_number: u64,
    /// The size of all steps.
    size: usize,
    /// What was earned and not spent on learning.
    earned: usize,
    /// The memory of [`Walk`].
    open: Vec<u32>,
    classes: PhantomData<C>,
}

impl<C> Default for Layouts<C> {
    fn default() -> Self {
        Self {
            start: Branch::default(),
            next_number: 0,
            size: 0,
            earned: MAX_EARNED,
            open: Vec::new(),
            classes: PhantomData,
        }
    }
}

impl<C: Classify> Layouts<C> {
    /// Returns the document that the parser would return for a text, if its layout is known, and
    /// otherwise the tape.
    pub(crate) fn read<'t>(
        &mut self,
        tape: Tape,
        text: &'t str,
        max_depth: usize,
    ) -> Result<Document<'t>, Tape> {
        if max_depth < MAX_DEPTH || u32::try_from(text.len()).is_err() {
            return Err(tape);
        }
        let read = Walk::<C>::new(text, tape, &mut self.open).read(&mut self.start);
        let earned = if read.is_ok() { COST } else { 1 };
        self.earned = (self.earned + earned).min(MAX_EARNED);
        read.map(|tape| Document { text, tape })
    }

    /// Learns the layout of a document that was parsed, unless it is one that is not learned.
    pub(crate) fn learn(&mut self, document: &Document<'_>) {
        if self.earned < COST {
            return;
        }
        self.earned -= COST;
        steps::add(document.text().len());
        let Some(sections) = sections::<C>(document) else {
            return;
        };
        if !self.insert(&sections) {
            self.forget();
            self.insert(&sections);
        }
    }

    /// Adds the layout of a document. Returns `false` if there is no room.
    fn insert(&mut self, sections: &[Section<'_>]) -> bool {
        let added = learn::insert(&mut self.start, sections, &mut self.next_number);
        self.size += added.size;
        added.is_complete && self.size <= MAX_SIZE
    }

    /// Forgets the layouts that were not used since this was done last, or all if too many were.
    fn forget(&mut self) {
        self.size = self.start.forget_unused();
        if self.size > MAX_SIZE / 2 {
            self.start = Branch::default();
            self.size = 0;
        }
    }
}
