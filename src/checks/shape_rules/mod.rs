//! Applies the schemas to shapes.
//!
//! For a payload of a new shape, the schema engine, the model and the survey take most of the time, and nearly
//! all such payloads have no errors. What these three depend on are the parts of a shape, so the schema can be
//! applied to the shape instead. The result is that a shape certainly follows the rules, or that this is unknown.
//! It is never that a shape breaks them: in doubt, the payload is checked in full.
//!
//! The rules are compiled from the schemas. A subschema with a keyword that is not supported here makes it
//! unknown for all values that it applies to.

mod compile;
mod rule;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use crate::contract::Kind;

use super::shape::shape_index;
use super::shape_cache::Shapes;
use compile::compile;
use rule::{ARRAY, END, NameSet, OBJECT, Rule, Types, after};

/// Returns `true` if payloads of a shape certainly have no errors by the rules of a kind, and no properties and
/// values that its schema does not list or that are deprecated. `shapes` has the shapes of items.
/// `active` is memory that is used again.
pub(super) fn follow(kind: Kind, shape: &[u32], shapes: &Shapes, active: &mut Vec<usize>) -> bool {
    static RULES: [OnceLock<Vec<Rule>>; Kind::ALL.len()] =
        [const { OnceLock::new() }; Kind::ALL.len()];
    let rules = RULES[kind as usize].get_or_init(|| compile(kind.schema().value()));
    active.clear();
    active.push(ROOT);
    let mut follower = Follower {
        rules,
        shapes,
        active,
    };
    follower.value(shape, 0, 0).is_some()
}

/// The index of the rule for the root.
const ROOT: usize = 0;

/// Compares a shape with rules.
struct Follower<'r> {
    rules: &'r [Rule],
    shapes: &'r Shapes,
    /// The rules that apply to the current value and to those around it, the innermost last.
    active: &'r mut Vec<usize>,
}

impl Follower<'_> {
    /// Returns the index after the value that starts at a part, if it certainly follows the active rules from
    /// `first` on.
    fn value(&mut self, shape: &[u32], at: usize, first: usize) -> Option<usize> {
        let part = shape[at];
        let value_type = Types::of_part(part);
        let mut index = first;
        while let Some(&rule) = self.active.get(index) {
            let rule = &self.rules[rule];
            if rule.is_unknown || !rule.types.contains(value_type) {
                return None;
            }
            for condition in &rule.conditions {
                let branch = if condition.test.holds(shape, at) {
                    condition.then
                } else {
                    condition.otherwise
                };
                self.active.extend(branch);
            }
            index += 1;
        }
        match part {
            OBJECT => self.object(shape, at + 1, first),
            ARRAY => self.array(shape, at + 1, first),
            _ => self.scalar(part, first).then_some(at + 1),
        }
    }

    fn object(&mut self, shape: &[u32], mut at: usize, first: usize) -> Option<usize> {
        let last = self.active.len();
        let mut found = NameSet::default();
        while shape[at] != END {
            let name = shape[at];
            let mut lists_any = false;
            let mut is_free = false;
            for index in first..last {
                let rule = &self.rules[self.active[index]];
                is_free |= rule.is_free;
                lists_any |= !rule.names.is_empty();
                if let Some(index) = rule.names.iter().position(|listed| *listed == name) {
                    let property = &rule.properties[index];
                    found.add(property.required);
                    self.active.extend(property.rule);
                }
            }
            at += 1;
            if self.active.len() > last {
                at = self.value(shape, at, last)?;
                self.active.truncate(last);
            } else if is_free || !lists_any {
                at = after(shape, at);
            } else {
                return None;
            }
        }
        let mut rules = self.active[first..last].iter();
        let has_required = rules.all(|rule| found.contains(self.rules[*rule].required));
        has_required.then_some(at + 1)
    }

    fn array(&mut self, shape: &[u32], at: usize, first: usize) -> Option<usize> {
        let last = self.active.len();
        let length = shape[at..].iter().position(|part| *part == END)?;
        // The first item is in the set of all items, too.
        let items = shape[at..at + length].iter().skip(1);
        for part in items {
            for index in first..last {
                let rule = &self.rules[self.active[index]];
                self.active.extend(rule.items);
            }
            if self.active.len() > last {
                let item = self.shapes.get_index(shape_index(*part)?)?;
                self.value(item, 0, last)?;
                self.active.truncate(last);
            }
        }
        Some(at + length + 1)
    }

    fn scalar(&self, part: u32, first: usize) -> bool {
        let is_text = Types::STRING.contains(Types::of_part(part));
        let mut has_list = false;
        let mut is_listed = false;
        for &rule in &self.active[first..] {
            let rule = &self.rules[rule];
            if is_text && rule.format.is_some_and(|format| format != part) {
                return false;
            }
            if let Some(values) = &rule.values
                && !values.contains(&part)
            {
                return false;
            }
            has_list |= !rule.listed.is_empty();
            is_listed |= rule.listed.contains(&part);
        }
        !is_text || !has_list || is_listed
    }
}
