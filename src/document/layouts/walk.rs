//! Compares a text with the known layouts, and makes its entries.

use std::marker::PhantomData;

use crate::document::parser::offset;
use crate::document::{Tape, plain_length};
use crate::steps;

use super::Classify;
use super::step::{Branch, Class, List, Step, Then};

/// The number for the first item of a list that has no items.
const NO_ITEM: u64 = u64::MAX;

/// The comparison of one text.
pub(super) struct Walk<'t, C> {
    text: &'t [u8],
    at: usize,
    tape: Tape,
    /// The indexes of the open objects and arrays.
    open: &'t mut Vec<u32>,
    classes: PhantomData<C>,
}

impl<'t, C: Classify> Walk<'t, C> {
    /// Creates the comparison of a text, whose length must fit into an offset.
    pub(super) fn new(text: &'t str, mut tape: Tape, open: &'t mut Vec<u32>) -> Self {
        open.clear();
        tape.clear();
        // The number of the layout is set at the end.
        tape.layout.push(0);
        Self {
            text: text.as_bytes(),
            at: 0,
            tape,
            open,
            classes: PhantomData,
        }
    }

    /// Returns the tape with the entries and the layout, if the text has one of the layouts, and
    /// otherwise the empty tape.
    pub(super) fn read(mut self, start: &mut Branch) -> Result<Tape, Tape> {
        let number = start.find(self.text).and_then(|step| self.pass(step));
        steps::add(self.at);
        match number {
            Some(number) if self.at == self.text.len() => {
                self.tape.layout[0] = number;
                Ok(self.tape)
            }
            _ => {
                self.tape.clear();
                Err(self.tape)
            }
        }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    /// Passes a step that the rest of the text starts with, and those that follow it. Returns the number
    /// of the layout at its end.
    fn pass(&mut self, mut step: &mut Step) -> Option<u64> {
        loop {
            let base = offset(self.at);
            let entries = &mut self.tape.entries;
            step.entries.add_to(base, entries, self.open);
            self.at += step.literal.len();
            let branch = match &mut step.then {
                Then::End(number) => return Some(*number),
                Then::Text(classes) => self.pass_text(classes)?,
                Then::List(list) => {
                    self.pass_items(list)?;
                    &mut list.after
                }
            };
            step = branch.find(self.rest())?;
        }
    }

    /// Passes a string, and returns what follows a string of its class.
    fn pass_text<'b>(&mut self, classes: &'b mut [Class]) -> Option<&'b mut Branch> {
        let rest = self.rest();
        let expected = classes.first()?.number;
        let (class, length) = if let Some(length) = C::expected_length(expected, rest) {
            (expected, length)
        } else {
            let length = plain_length(rest);
            // Anything else is an escape, or an error.
            if rest.get(length) != Some(&b'"') {
                return None;
            }
            (C::class(&rest[..length]), length)
        };
        let index = classes.iter().position(|known| known.number == class)?;
        self.at += length;
        // The entry is the last one of the step before.
        let entry = self.tape.entries.last_mut()?;
        entry.end_string(offset(self.at + 1), classes[index].is_plain);
        // The classes that occur most often come first.
        let first = index.saturating_sub(1);
        classes.swap(index, first);
        Some(&mut classes[first].next)
    }

    /// Passes the items of a list, if there are any. Adds the number of the first item and the set of all
    /// items to the layout.
    fn pass_items(&mut self, list: &mut List) -> Option<()> {
        let (mut first, mut set) = (NO_ITEM, 0);
        if let Some(step) = list.first.find(self.rest()) {
            first = self.pass(step)?;
            set = 1 << first;
            while let Some(step) = list.rest.find(self.rest()) {
                set |= 1 << self.pass(step)?;
            }
        }
        self.tape.layout.extend([first, set]);
        Some(())
    }
}
