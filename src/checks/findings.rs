//! The findings of a payload, limited while they are found.
//!
//! A payload of a megabyte can have half a million findings, and a hundred are told. Each check adds
//! to [`Findings`], which counts all and keeps those that are told: errors first, in text order. What
//! a finding says is written down only if it is kept, so that the others cost nothing but time.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use foldhash::fast::RandomState;

use crate::diagnostic::{Finding, Rule, Severity};
use crate::document::Node;

use super::Policy;

/// Collects findings by a policy.
#[derive(Debug)]
pub(crate) struct Findings<'p> {
    policy: &'p Policy,
    /// How many are kept.
    most: usize,
    /// How many came before, those that are not reported among them.
    added: u64,
    errors: Kept,
    /// Warnings, and errors that were expected.
    others: Kept,
    counts: Counts,
    /// The expected codes that occurred.
    met: Vec<&'static str>,
    /// The entries of property names whose own findings are explained by another one.
    explained: HashSet<u32, RandomState>,
}

/// How many findings there are, kept or not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Errors that were expected.
    pub(super) expected: usize,
}

impl Counts {
    pub(super) fn all(self) -> usize {
        self.errors + self.warnings + self.expected
    }
}

impl<'p> Findings<'p> {
    pub(super) fn new(policy: &'p Policy, most: usize) -> Self {
        Self {
            policy,
            most,
            added: 0,
            errors: Kept::default(),
            others: Kept::default(),
            counts: Counts::default(),
            met: Vec::new(),
            explained: HashSet::default(),
        }
    }

    /// Adds a rule's finding at a value or a property's name. `word` says what was found, and is only
    /// asked if the finding is kept.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        node: Node<'_>,
        word: impl FnOnce(Finding) -> Finding,
    ) {
        let entry = node.index();
        self.added += 1;
        if self.explained.contains(&entry) {
            return;
        }
        let place = (entry, self.added);
        let most = self.most;
        if let Some(kept) = self.count(rule) {
            kept.add(most, place, || word(Finding::new(rule, node)));
        }
    }

    /// Counts a finding, and returns where it belongs if it is reported.
    pub(super) fn count(&mut self, rule: &'static Rule) -> Option<&mut Kept> {
        let severity = self.policy.severity(rule)?;
        let is_expected = self.policy.expected().contains(&rule.code);
        if is_expected && !self.met.contains(&rule.code) {
            self.met.push(rule.code);
        }
        let (count, kept) = match severity {
            _ if is_expected => (&mut self.counts.expected, &mut self.others),
            Severity::Error => (&mut self.counts.errors, &mut self.errors),
            Severity::Warning => (&mut self.counts.warnings, &mut self.others),
        };
        *count += 1;
        Some(kept)
    }

    /// Notes that the findings at a property's name, of which none was added yet, are explained by
    /// another one: one mistake gets one message.
    pub(super) fn explain(&mut self, name: Node<'_>) {
        self.explained.insert(name.index());
    }

    /// Returns whether nothing was found, not even what the policy does not report.
    pub(super) fn is_empty(&self) -> bool {
        self.added == 0
    }

    /// Returns how many there are.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the codes that the policy expects and that did not occur.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &'static str> {
        let expected = self.policy.expected().iter().copied();
        expected.filter(|code| !self.met.contains(code))
    }

    /// Returns at most so many findings, errors before others where not all have room, in text order.
    pub(super) fn into_first(self, most: usize) -> Vec<Finding> {
        let mut kept = self.errors.into_first(most);
        let room = most - kept.len();
        kept.extend(self.others.into_first(room));
        kept.sort_unstable_by_key(|kept| kept.place);
        kept.into_iter().map(|kept| kept.finding).collect()
    }
}

/// The first findings of some sort: the last of them is on top, and makes way for an earlier one.
#[derive(Debug, Default)]
pub(super) struct Kept(BinaryHeap<Placed>);

impl Kept {
    fn add(&mut self, most: usize, place: (u32, u64), finding: impl FnOnce() -> Finding) {
        if self.0.len() < most {
            let finding = finding();
            self.0.push(Placed { place, finding });
        } else if let Some(mut last) = self.0.peek_mut()
            && place < last.place
        {
            let finding = finding();
            *last = Placed { place, finding };
        }
    }

    fn into_first(self, most: usize) -> Vec<Placed> {
        let mut kept = self.0.into_sorted_vec();
        kept.truncate(most);
        kept
    }
}

/// A finding with its entry and its number: of one entry, what was found first comes first.
#[derive(Debug)]
struct Placed {
    place: (u32, u64),
    finding: Finding,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Placed {}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
    }
}
