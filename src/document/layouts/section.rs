//! Divides a document into the sections that become steps of its layout.

use crate::document::{Document, Entry, Tag, parser::offset};

use super::step::{Close, StepEntries};
use super::{Classify, MAX_DEPTH, MAX_ENTRIES};

/// A part of a document that becomes a step.
#[derive(Debug)]
pub(super) struct Section<'t> {
    pub(super) literal: &'t [u8],
    pub(super) entries: StepEntries,
    pub(super) next: Next,
}

/// What follows a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The end of the document.
    End,
    /// A string of this class, and whether the class is plain.
    Text { class: u32, is_plain: bool },
    /// The items of an array, and whether there are none.
    List { is_empty: bool },
    /// The end of an item, and whether it is the last one.
    ItemEnd { is_last: bool },
}

/// Returns the sections of a document, or `None` if it is not learned.
pub(super) fn sections<'t, C: Classify>(document: &Document<'t>) -> Option<Vec<Section<'t>>> {
    let entries = document.entries();
    if entries.len() > MAX_ENTRIES || !document.repeated().is_empty() {
        return None;
    }
    let text = document.text().as_bytes();
    let mut divider = Divider {
        text,
        entries,
        sections: Vec::new(),
        start: 0,
        of_section: StepEntries::default(),
        depth: 0,
        is_in_list: false,
    };
    divider.add_value::<C>(0)?;
    divider.end_section(text.len(), Next::End);
    Some(divider.sections)
}

struct Divider<'t, 'd> {
    text: &'t [u8],
    entries: &'d [Entry],
    sections: Vec<Section<'t>>,
    /// The start of the current section.
    start: usize,
    /// The entries of the current section.
    of_section: StepEntries,
    depth: usize,
    is_in_list: bool,
}

impl Divider<'_, '_> {
    /// Adds the value at an index, and returns the index after it.
    fn add_value<C: Classify>(&mut self, index: usize) -> Option<usize> {
        let entry = self.entries[index];
        let (start, end) = (entry.start(), entry.end());
        let tag = Tag::of(self.text[start]);
        match tag {
            Tag::Number => return None,
            Tag::String if entry.is_escaped() => return None,
            Tag::Null | Tag::False | Tag::True => self.add_entry(entry, end),
            Tag::String => {
                self.add_entry(entry, start);
                let text = &self.text[start + 1..end - 1];
                let class = C::class(text);
                let is_plain = C::is_plain(class, text);
                self.end_section(start + 1, Next::Text { class, is_plain });
                self.start = end - 1;
            }
            Tag::Object | Tag::Array => {
                if self.depth == MAX_DEPTH {
                    return None;
                }
                self.depth += 1;
                let opened = offset(self.of_section.added.len());
                self.of_section.opened.push(opened);
                self.add_entry(entry, start);
                if tag == Tag::Object {
                    self.add_members::<C>(entry, index + 1)?;
                } else {
                    self.add_items::<C>(entry, index + 1)?;
                }
                self.depth -= 1;
                self.close(end);
            }
        }
        Some(entry.next() as usize)
    }

    fn add_members<C: Classify>(&mut self, object: Entry, mut index: usize) -> Option<()> {
        while index < object.next() as usize {
            let name = self.entries[index];
            if name.is_escaped() {
                return None;
            }
            self.add_entry(name, name.end());
            index = self.add_value::<C>(index + 1)?;
        }
        Some(())
    }

    fn add_items<C: Classify>(&mut self, array: Entry, mut index: usize) -> Option<()> {
        if std::mem::replace(&mut self.is_in_list, true) {
            return None;
        }
        let end = array.next() as usize;
        let is_empty = index == end;
        self.end_section(array.start() + 1, Next::List { is_empty });
        while index < end {
            let item_end = self.entries[index].end();
            index = self.add_value::<C>(index)?;
            let is_last = index == end;
            self.end_section(item_end, Next::ItemEnd { is_last });
        }
        self.is_in_list = false;
        Some(())
    }

    /// Adds an entry that starts in the section. If it ends in a later one, its end is set there.
    fn add_entry(&mut self, entry: Entry, end: usize) {
        let (start, end) = (self.relative(entry.start()), self.relative(end));
        let added = &mut self.of_section.added;
        added.push(Entry::new(start, end, offset(added.len() + 1)));
    }

    /// Ends the innermost object or array.
    fn close(&mut self, end: usize) {
        let end = self.relative(end);
        let StepEntries {
            closed,
            added,
            opened,
        } = &mut self.of_section;
        let next = offset(added.len());
        match opened.pop() {
            Some(index) => {
                added[index as usize].close(end, next);
            }
            None => closed.push(Close { end, next }),
        }
    }

    fn end_section(&mut self, end: usize, next: Next) {
        self.sections.push(Section {
            literal: &self.text[self.start..end],
            entries: std::mem::take(&mut self.of_section),
            next,
        });
        self.start = end;
    }

    /// Returns an offset from the start of the section.
    fn relative(&self, at: usize) -> u32 {
        offset(at - self.start)
    }
}
