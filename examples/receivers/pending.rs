//! The entities that are not fetched yet, each once, however many events name it.
//!
//! A set of ids instead of a queue of payloads: an entity that changes three times before it is fetched
//! needs one request, and what waits while requests are limited is fetched in full batches afterwards.

use std::collections::{BTreeMap, BTreeSet};

use mewshook::contract::Operation;
use mewshook::models::Id;

/// What entities must have in common to be fetched by one request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// The integration, whose token is used.
    pub integration: Id,
    /// The enterprise.
    pub enterprise: Id,
    /// The name of the operation.
    pub name: String,
}

/// Entities that are fetched together.
#[derive(Debug)]
pub struct Batch {
    /// What they have in common.
    pub group: Group,
    /// The operation.
    pub operation: &'static Operation,
    /// Their ids.
    pub ids: BTreeSet<String>,
}

/// The entities that are not fetched yet.
#[derive(Default)]
pub struct Pending {
    groups: BTreeMap<Group, (&'static Operation, BTreeSet<String>)>,
    /// The group of the last batch. The next is from a later one, so that each has its turn.
    last: Option<Group>,
}

impl Pending {
    /// Adds entities.
    pub fn add(&mut self, batch: Batch) {
        let group = self.groups.entry(batch.group);
        let (_, ids) = group.or_insert_with(|| (batch.operation, BTreeSet::new()));
        ids.extend(batch.ids);
    }

    /// Takes at most `max` entities of one group whose integration is ready.
    pub fn take(&mut self, max: usize, is_ready: impl Fn(Id) -> bool) -> Option<Batch> {
        let mut ready = self.groups.keys().filter(|it| is_ready(it.integration));
        let first = ready.next()?;
        let is_later = |group: &&Group| Some(*group) > self.last.as_ref();
        let later = Some(first).into_iter().chain(ready).find(is_later);
        let group = later.unwrap_or(first).clone();

        let (operation, mut ids) = self.groups.remove(&group)?;
        if let Some(next) = ids.iter().nth(max).cloned() {
            let rest = ids.split_off(&next);
            self.groups.insert(group.clone(), (operation, rest));
        }
        self.last = Some(group.clone());
        Some(Batch {
            group,
            operation,
            ids,
        })
    }

    /// Removes the entities of an integration.
    pub fn remove(&mut self, integration: Id) {
        self.groups
            .retain(|group, _| group.integration != integration);
    }

    /// Returns the integrations that have entities.
    pub fn integrations(&self) -> impl Iterator<Item = Id> {
        self.groups.keys().map(|group| group.integration)
    }

    /// Returns the number of entities.
    pub fn len(&self) -> usize {
        self.groups.values().map(|(_, ids)| ids.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mewshook::contract::MESSAGE_THREADS;
    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn group(number: u8) -> Group {
        let id = |number: u8| format!("\"c2f1d888-232e-49eb-87ac-0000000000{number:02}\"");
        let id = |number| serde_json::from_str(&id(number)).expect("an id");
        Group {
            integration: id(number % 3),
            enterprise: id(number % 2),
            name: String::new(),
        }
    }

    proptest! {
        /// Whatever is added is taken once, in batches of one group that are not longer than they may be, and
        /// every group has its turn.
        #[test]
        fn what_is_added_is_taken_once(
            added in vec((0..12_u8, 0..40_u8), 0..200),
            max in 1..9_usize,
            is_closed in any::<bool>(),
        ) {
            let mut pending = Pending::default();
            let mut expected = BTreeMap::<Group, BTreeSet<String>>::new();
            for (number, id) in added {
                let (group, id) = (group(number), id.to_string());
                expected.entry(group.clone()).or_default().insert(id.clone());
                pending.add(Batch { group, operation: &MESSAGE_THREADS, ids: [id].into() });
            }
            let closed = group(0).integration;
            let is_ready = |integration| !is_closed || integration != closed;
            let mut turns = BTreeMap::<Group, usize>::new();
            while let Some(batch) = pending.take(max, is_ready) {
                prop_assert!(is_ready(batch.group.integration));
                prop_assert!((1..=max).contains(&batch.ids.len()));
                let turn = *turns.entry(batch.group.clone()).and_modify(|turn| *turn += 1).or_insert(1);
                let left = expected.get_mut(&batch.group).expect("a group");
                for id in &batch.ids {
                    prop_assert!(left.remove(id));
                }
                let is_behind = |(group, ids): (&Group, &BTreeSet<String>)| {
                    is_ready(group.integration)
                        && !ids.is_empty()
                        && turns.get(group).copied().unwrap_or(0) + 1 < turn
                };
                prop_assert!(!expected.iter().any(is_behind));
            }
            expected.retain(|group, ids| !ids.is_empty() || !is_ready(group.integration));
            prop_assert!(expected.keys().all(|group| !is_ready(group.integration)));
            prop_assert_eq!(pending.len(), expected.values().map(BTreeSet::len).sum::<usize>());
            pending.remove(closed);
            prop_assert_eq!(pending.len(), 0);
        }
    }
}
