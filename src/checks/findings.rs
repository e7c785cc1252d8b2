//! Collects the findings of a payload, and limits them while they are found.
//!
//! A payload of a megabyte can have half a million findings, but at most a hundred are reported. Each
//! check adds to [`Findings`], which counts all and keeps the ones to report: errors first, in text
//! order. A message is only formatted if the finding is kept, so the others take no memory.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use foldhash::fast::RandomState;

use crate::diagnostic::{Finding, Rule, Severity};
use crate::document::Node;

use super::Policy;
use super::verdict::CodeCount;

/// Collects findings by a policy.
#[derive(Debug)]
pub(crate) struct Findings<'p> {
    policy: &'p Policy,
    /// The number of errors, and of other findings, that are kept.
    limit: usize,
    /// The number of findings that were added, including those that are not reported.
    added: u64,
    errors: Kept,
    /// Warnings, and errors that were expected.
    others: Kept,
    counts: Counts,
    /// The number of findings of each code, kept or not, in order of first occurrence.
    codes: Vec<CodeCount>,
    /// The expected codes that occurred.
    met: Vec<&'static str>,
    /// The entries of property names whose own findings are covered by another one, once there are any: few
    /// payloads need the set.
    explained: Option<HashSet<u32, RandomState>>,
}

/// The number of findings, kept or not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Errors that were expected.
    pub(super) expected: usize,
}

impl Counts {
    pub(super) fn total(self) -> usize {
        self.errors + self.warnings + self.expected
    }
}

impl<'p> Findings<'p> {
    pub(super) fn new(policy: &'p Policy, limit: usize) -> Self {
        Self {
            policy,
            limit,
            added: 0,
            errors: Kept::default(),
            others: Kept::default(),
            counts: Counts::default(),
            codes: Vec::new(),
            met: Vec::new(),
            explained: None,
        }
    }

    /// Adds a rule's finding at a value or a property's name. `describe` adds the message, and is
    /// called only if the finding is kept.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        node: Node<'_>,
        describe: impl FnOnce(Finding) -> Finding,
    ) {
        let entry = node.index();
        self.added += 1;
        let explained = self.explained.as_ref();
        if explained.is_some_and(|explained| explained.contains(&entry)) {
            return;
        }
        let place = (entry, self.added);
        let limit = self.limit;
        if let Some(kept) = self.count(rule) {
            kept.add(limit, place, || describe(Finding::new(rule, node)));
        }
    }

    /// Counts a finding; returns the collection it belongs to, or `None` if it is not reported.
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
        match self.codes.iter_mut().find(|known| known.code == rule.code) {
            Some(known) => known.count += 1,
            None => self.codes.push(CodeCount {
                code: rule.code,
                severity,
                expected: is_expected,
                count: 1,
            }),
        }
        Some(kept)
    }

    /// Counts a finding that is not kept here. Returns its severity, or `None` if it is not reported.
    pub(super) fn count_rule(&mut self, rule: &'static Rule) -> Option<Severity> {
        self.count(rule)?;
        self.policy.severity(rule)
    }

    /// Ignores later findings at a property's name, because another finding covers them: one mistake
    /// gets one message.
    pub(super) fn explain(&mut self, name: Node<'_>) {
        self.explained.get_or_insert_default().insert(name.index());
    }

    /// Returns `true` if nothing was found, not even findings that the policy does not report.
    pub(super) fn is_empty(&self) -> bool {
        self.added == 0
    }

    /// Returns the number of findings.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes the number of findings of each code, kept or not, in order of first occurrence.
    pub(super) fn take_codes(&mut self) -> Vec<CodeCount> {
        std::mem::take(&mut self.codes)
    }

    /// Returns the expected codes that did not occur.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &'static str> {
        let expected = self.policy.expected().iter().copied();
        expected.filter(|code| !self.met.contains(code))
    }

    /// Returns at most `limit` findings in text order. If there are more, errors are preferred.
    pub(super) fn into_first(self, limit: usize) -> Vec<Finding> {
        let mut kept = self.errors.into_first(limit);
        let rest = limit - kept.len();
        kept.extend(self.others.into_first(rest));
        kept.sort_unstable_by_key(|kept| kept.place);
        kept.into_iter().map(|kept| kept.finding).collect()
    }
}

/// The first findings in text order. The heap has the last of them on top, to be replaced by an
/// earlier one.
#[derive(Debug, Default)]
pub(super) struct Kept(BinaryHeap<Placed>);

impl Kept {
    fn add(&mut self, limit: usize, place: (u32, u64), finding: impl FnOnce() -> Finding) {
        if self.0.len() < limit {
            let finding = finding();
            self.0.push(Placed { place, finding });
        } else if let Some(mut last) = self.0.peek_mut()
            && place < last.place
        {
            let finding = finding();
            *last = Placed { place, finding };
        }
    }

    fn into_first(self, limit: usize) -> Vec<Placed> {
        let mut kept = self.0.into_sorted_vec();
        kept.truncate(limit);
        kept
    }
}

/// A finding with its entry and its number. Findings at the same entry stay in the order in which
/// they were added.
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
