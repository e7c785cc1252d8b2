//! The tree of layouts.

use crate::document::Entry;
use crate::document::parser::offset;

/// The ways in which a text may go on. At most one of them fits, since all steps end where a string or an
/// array starts; those that are used most often come first.
#[derive(Debug, Clone, Default)]
pub(super) struct Branch {
    pub(super) steps: Vec<Step>,
}

/// A text up to the start of a string or to the first item of an array, or to the end.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) literal: Box<[u8]>,
    pub(super) entries: StepEntries,
    pub(super) then: Then,
    /// Whether it was used since unused steps were last forgotten.
    pub(super) is_used: bool,
}

/// The entries that start or end in the text of a step. Their offsets and indexes count from its start.
#[derive(Debug, Clone, Default)]
pub(super) struct StepEntries {
    /// The ends of entries of earlier steps, the innermost first.
    pub(super) closed: Vec<Close>,
    /// The entries that start in the step. One that ends in a later step has no end yet.
    pub(super) added: Vec<Entry>,
    /// The indexes of the objects and arrays that end in a later step, the outermost first.
    pub(super) opened: Vec<u32>,
}

/// The end of an object or array that starts in an earlier step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Close {
    pub(super) end: u32,
    /// The index of the next entry.
    pub(super) next: u32,
}

/// What follows a step.
#[derive(Debug, Clone)]
pub(super) enum Then {
    /// The end of the document, or of an item of an array, with the number of its layout.
    End(u64),
    /// The content of a string, which has one of these classes.
    Text(Vec<Class>),
    /// The items of an array.
    List(Box<List>),
}

/// A class of strings, and what follows a string of it.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) number: u32,
    /// See [`Classify::is_plain`](super::Classify::is_plain).
    pub(super) is_plain: bool,
    /// What follows, from the closing quote on.
    pub(super) next: Branch,
}

/// The items of an array, each a layout of its own, and what follows.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    /// The first item.
    pub(super) first: Branch,
    /// The other items, from the comma on.
    pub(super) rest: Branch,
    /// What follows the last item.
    pub(super) after: Branch,
    /// The number of the next layout of an item. The layouts of first and other items are counted
    /// together: see [`List::MAX_ITEMS`].
    pub(super) next_number: u64,
}

impl List {
    /// The maximum number of layouts of the items of a list. It is limited because those that occur in a
    /// document are stored as a bit set.
    pub(super) const MAX_ITEMS: u64 = 64;
}

impl Branch {
    /// The maximum number of steps of a branch. A text may have to be compared with each of them.
    pub(super) const MAX_STEPS: usize = 32;

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns the step that a text starts with.
    #[inline]
    pub(super) fn find(&mut self, rest: &[u8]) -> Option<&mut Step> {
        let mut index = self
            .steps
            .iter()
            .position(|step| rest.starts_with(&step.literal))?;
        if index > 0 {
            self.steps.swap(index, index - 1);
            index -= 1;
        }
        let step = &mut self.steps[index];
        step.is_used = true;
        Some(step)
    }

    /// Removes the steps that were not used since the last call, and returns the size of the rest.
    pub(super) fn forget_unused(&mut self) -> usize {
        self.steps.retain(|step| step.is_used);
        let sizes = self.steps.iter_mut().map(|step| {
            step.is_used = false;
            let rest = match &mut step.then {
                Then::End(_) => 0,
                Then::Text(classes) => {
                    let sizes = classes.iter_mut().map(|class| class.next.forget_unused());
                    let size = sizes.sum();
                    classes.retain(|class| !class.next.is_empty());
                    size
                }
                Then::List(list) => {
                    list.first.forget_unused()
                        + list.rest.forget_unused()
                        + list.after.forget_unused()
                }
            };
            step.size() + rest
        });
        sizes.sum()
    }
}

impl Step {
    /// Returns the number of bytes that the step takes.
    pub(super) fn size(&self) -> usize {
        let StepEntries {
            closed,
            added,
            opened,
        } = &self.entries;
        size_of::<Self>()
            + self.literal.len()
            + size_of_val(&**closed)
            + size_of_val(&**added)
            + size_of_val(&**opened)
    }
}

impl StepEntries {
    /// Adds the entries to those of a document in which the step starts at `base`. `open` has the
    /// indexes of the open objects and arrays.
    #[inline]
    pub(super) fn add_to(&self, base: u32, entries: &mut Vec<Entry>, open: &mut Vec<u32>) {
        let count = offset(entries.len());
        for close in &self.closed {
            if let Some(entry) = open.pop().and_then(|index| entries.get_mut(index as usize)) {
                entry.close(base + close.end, count + close.next);
            }
        }
        entries.extend(self.added.iter().map(|entry| entry.moved(base, count)));
        open.extend(self.opened.iter().map(|index| count + index));
    }
}
