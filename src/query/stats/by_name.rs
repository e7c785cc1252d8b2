//! Values by name. The names come from payloads, so there may be any number of them.
//!
//! A name is copied when it occurs for the first time only: counting payloads with known names
//! allocates nothing.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::steps;

/// Values by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByName<T>(HashMap<Box<str>, T, RandomState>);

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T> ByName<T> {
    /// Returns the number of names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there are no names.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(name)
    }

    /// Returns the values, in any order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values()
    }

    /// Returns the names and values by descending count; those with the same count by name.
    pub fn by_count(&self, count: impl Fn(&T) -> u64) -> Vec<(&str, &T)> {
        self.first_by_count(usize::MAX, count)
    }

    /// Returns the names and values of which the first `top` are those that [`by_count`](Self::by_count)
    /// returns first. The others are in any order, which takes less time.
    pub fn first_by_count<'s>(
        &'s self,
        top: usize,
        count: impl Fn(&T) -> u64,
    ) -> Vec<(&'s str, &'s T)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| (&**name, value))
            .collect();
        steps::add(all.len());
        let key = |(name, value): &(&'s str, &'s T)| (Reverse(count(value)), *name);
        if top < all.len() {
            all.select_nth_unstable_by_key(top, key);
        }
        let sorted = top.min(all.len());
        all[..sorted].sort_unstable_by_key(key);
        all
    }

    /// Changes the value of a name, which is the default at first.
    pub(super) fn update(&mut self, name: &str, change: impl FnOnce(&mut T))
    where
        T: Default,
    {
        if let Some(value) = self.0.get_mut(name) {
            change(value);
        } else {
            let mut value = T::default();
            change(&mut value);
            self.0.insert(name.into(), value);
        }
    }

    /// Adds values, with a function that adds one to another.
    pub(crate) fn merge(&mut self, part: Self, add: impl Fn(&mut T, T)) {
        steps::add(part.len());
        if self.is_empty() {
            *self = part;
            return;
        }
        for (name, value) in part.0 {
            self.insert(name, value, &add);
        }
    }

    /// Adds a value, with a function that adds it to the one that is there.
    pub(crate) fn insert(&mut self, name: Box<str>, value: T, add: impl Fn(&mut T, T)) {
        if let Some(sum) = self.0.get_mut(&name) {
            add(sum, value);
        } else {
            self.0.insert(name, value);
        }
    }
}
