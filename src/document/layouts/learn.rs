//! Adds the layout of a document to the tree.

use std::slice::Iter;

use super::section::{Next, Section};
use super::step::{Branch, Class, List, Step, Then};

/// What was added to the tree.
pub(super) struct Added {
    /// Its size.
    pub(super) size: usize,
    /// Whether there was room for all sections. If not, those that were added stay, which is harmless.
    pub(super) is_complete: bool,
}

/// Adds the sections of a document below a branch, except for those that already exist.
pub(super) fn insert(
    branch: &mut Branch,
    sections: &[Section<'_>],
    next_number: &mut u64,
) -> Added {
    let mut inserter = Inserter {
        sections: sections.iter(),
        size: 0,
    };
    let numbers = Numbers {
        next: next_number,
        end: u64::MAX,
    };
    let is_complete = inserter.add(branch, numbers).is_some();
    Added {
        size: inserter.size,
        is_complete,
    }
}

/// Numbers the layouts of documents, or of the items of a list.
struct Numbers<'n> {
    next: &'n mut u64,
    end: u64,
}

impl Numbers<'_> {
    fn take(&mut self) -> Option<u64> {
        let number = *self.next;
        (number < self.end).then(|| {
            *self.next += 1;
            number
        })
    }
}

struct Inserter<'s, 't> {
    sections: Iter<'s, Section<'t>>,
    /// The size of the steps that were added.
    size: usize,
}

impl Inserter<'_, '_> {
    /// Adds the sections up to the end of the document or item, and returns which end that is. `None` if
    /// there is no room.
    fn add(&mut self, mut branch: &mut Branch, mut numbers: Numbers<'_>) -> Option<Next> {
        loop {
            let section = self.sections.next()?;
            let step = self.step(branch, section, &mut numbers)?;
            branch = match (section.next, &mut step.then) {
                (Next::Text { class, is_plain }, Then::Text(classes)) => {
                    let known = classes.iter().position(|known| known.number == class);
                    let index = known.unwrap_or(classes.len());
                    if index == Branch::MAX_STEPS {
                        return None;
                    }
                    if known.is_none() {
                        classes.push(Class {
                            number: class,
                            is_plain,
                            next: Branch::default(),
                        });
                    }
                    &mut classes[index].next
                }
                (Next::List { is_empty }, Then::List(list)) => {
                    if !is_empty {
                        self.add_items(list)?;
                    }
                    &mut list.after
                }
                (end, _) => return Some(end),
            };
        }
    }

    /// Adds the items of a list.
    fn add_items(&mut self, list: &mut List) -> Option<()> {
        let mut branch = &mut list.first;
        loop {
            let numbers = Numbers {
                next: &mut list.next_number,
                end: List::MAX_ITEMS,
            };
            if self.add(branch, numbers)? == (Next::ItemEnd { is_last: true }) {
                return Some(());
            }
            branch = &mut list.rest;
        }
    }

    /// Returns the step of a section, which is added if it is missing. `None` if there is no room.
    fn step<'b>(
        &mut self,
        branch: &'b mut Branch,
        section: &Section<'_>,
        numbers: &mut Numbers<'_>,
    ) -> Option<&'b mut Step> {
        let mut steps = branch.steps.iter();
        let index = match steps.position(|step| *step.literal == *section.literal) {
            Some(index) => index,
            None if branch.steps.len() == Branch::MAX_STEPS => return None,
            None => {
                let step = Step {
                    literal: section.literal.into(),
                    entries: section.entries.clone(),
                    then: match section.next {
                        Next::Text { .. } => Then::Text(Vec::new()),
                        Next::List { .. } => Then::List(Box::default()),
                        Next::End | Next::ItemEnd { .. } => Then::End(numbers.take()?),
                    },
                    is_used: true,
                };
                self.size += step.size();
                branch.steps.push(step);
                branch.steps.len() - 1
            }
        };
        branch.steps.get_mut(index)
    }
}
