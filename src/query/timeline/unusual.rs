//! What is unusual about the events of an integration.

use std::collections::HashSet;
use std::fmt;

use crate::steps;

use super::order::{OrderedBody, OrderedEntry};
use super::{LifecycleStep, PayloadPlace};

/// Something unusual about an integration event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusual {
    /// The integration had been deleted before.
    AfterDeleted,
    /// An access token that differs from those before.
    SecondToken {
        /// The hash of this token.
        token: TokenHash,
        /// The hash of the first token.
        first: TokenHash,
    },
    /// The integration was enabled before it was created.
    EnabledBeforeCreated,
    /// The body occurred before: this is a retry, or a second event. Nothing tells which.
    RepeatedBody {
        /// The first payload with this body.
        first: PayloadPlace,
    },
}

impl Unusual {
    /// Returns the name in JSON reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AfterDeleted => "after-deleted",
            Self::SecondToken { .. } => "second-token",
            Self::EnabledBeforeCreated => "enabled-before-created",
            Self::RepeatedBody { .. } => "repeated-body",
        }
    }
}

/// A hash of an access token, by which tokens are compared and that reveals nothing about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub(super) [u8; 8]);

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

/// Returns the index of the first deletion.
pub(super) fn first_deletion(entries: &[OrderedEntry], bodies: &[OrderedBody]) -> Option<usize> {
    let is_deletion = |entry: &OrderedEntry| entry.step(bodies) == Some(LifecycleStep::Deleted);
    entries.iter().position(is_deletion)
}

/// Returns what is unusual about each entry.
pub(super) fn find_unusual(entries: &[OrderedEntry], bodies: &[OrderedBody]) -> Vec<Vec<Unusual>> {
    steps::add(entries.len());
    let deletion = first_deletion(entries, bodies);
    let is_creation = |entry: &OrderedEntry| entry.step(bodies) == Some(LifecycleStep::Created);
    let creation = entries.iter().position(is_creation);
    let mut first_places: Vec<Option<&PayloadPlace>> = vec![None; bodies.len()];
    let mut first_token = None;
    let mut tokens = HashSet::new();
    let entries = entries.iter().enumerate();
    let unusual = entries.map(|(index, entry)| {
        let mut unusual = Vec::new();
        let step = entry.step(bodies);
        let first_place = &mut first_places[entry.body];
        // A repeat of the deletion reports nothing after it.
        let is_repeated_deletion = first_place.is_some() && step == Some(LifecycleStep::Deleted);
        if deletion.is_some_and(|deletion| deletion < index) && !is_repeated_deletion {
            unusual.push(Unusual::AfterDeleted);
        }
        if step == Some(LifecycleStep::Enabled) && creation.is_some_and(|created| index < created) {
            unusual.push(Unusual::EnabledBeforeCreated);
        }
        if let Some(token) = bodies[entry.body].facts.token {
            let first = *first_token.get_or_insert(token);
            if tokens.insert(token) && token != first {
                unusual.push(Unusual::SecondToken { token, first });
            }
        }
        match first_place {
            Some(first) => unusual.push(Unusual::RepeatedBody {
                first: (*first).clone(),
            }),
            none => *none = Some(&entry.place),
        }
        unusual
    });
    unusual.collect()
}
