//! Remembers how documents are laid out, so that the next one of the same layout need not be parsed.
//!
//! The payloads of a capture are written by a few programs, and differ only in some strings. The layout
//! of a document is the text between these strings, and for each string its class: an id, a time, a
//! token, another text. A text is first compared with the known layouts. If it has one of them, it is not
//! parsed: its entries are those of the document from which the layout was learned, at other offsets.
//! If it differs anywhere, the parser reads all of it.
//!
//! Layouts are stored as a tree. A [`Step`](step::Step) is a text up to the next string or array, and the class of
//! that string decides which steps may follow. So a text is read only once, whatever the number of
//! layouts. The items of an array have layouts of their own, and an array may have any number of items;
//! so messages of one and of a thousand events have the same layout.
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

use super::entry::MAX_LENGTH;
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

    /// Returns `true` if no string of a class holds a secret or a character that reports have to escape. `text`
    /// is one of its strings. This is an optimisation: `false` is always correct.
    fn is_plain(class: u32, text: &[u8]) -> bool;
}

/// The maximum size of all steps in bytes. If it is exceeded, steps that were not used are forgotten.
const MAX_SIZE: usize = 64 * 1024;

/// The maximum number of entries of a document that is learned.
const MAX_ENTRIES: usize = 1024;

/// The maximum depth of brackets of a document that is learned. If the limit for payloads is lower, all
/// texts are parsed, so that those that are too deep are found.
const MAX_DEPTH: usize = 16;

/// The cost of learning a document, which earlier documents must have earned: those of a known layout
/// earn this much, others 1. So if each document has another layout, only one in sixteen is learned.
const COST: usize = 16;

/// The maximum of what can be earned and not yet spent.
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
        if max_depth < MAX_DEPTH || text.len() > MAX_LENGTH {
            return Err(tape);
        }
        let read = Walk::<C>::new(text, tape, &mut self.open).read(&mut self.start);
        let earned = if read.is_ok() { COST } else { 1 };
        self.earned = (self.earned + earned).min(MAX_EARNED);
        read.map(|tape| Document { text, tape })
    }

    /// Learns the layout of a document that was parsed, if the document can be learned and enough was
    /// earned.
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

    /// Forgets the layouts that were not used since the last call, or all of them if too many were used.
    fn forget(&mut self) {
        self.size = self.start.forget_unused();
        if self.size > MAX_SIZE / 2 {
            self.start = Branch::default();
            self.size = 0;
        }
    }
}
