//! The shape cache changes no verdict.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use mewshook::checks::{Checker, Policy, rules, warnings};
use mewshook::contract::{Kind, detect};
use mewshook::diagnostic::Level;
use mewshook::document::{Document, PayloadText};
use mewshook::sample;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use support::invariants::assert_read_by_layout;
use support::{Change, apply, cases, change, changed_payload};

/// Any policy.
fn policy() -> impl Strategy<Value = Policy> {
    let warnings = rules().filter(|rule| rule.level == Level::Warning);
    let warnings: Vec<&str> = warnings.map(|rule| rule.code).collect();
    let allowed = prop::collection::vec(prop::sample::select(warnings), 0..6);
    (any::<bool>(), allowed, any::<bool>()).prop_map(|(strict, allowed, is_denied)| {
        let denied = is_denied.then_some("live-token");
        Policy::new(strict, &allowed, denied.as_slice()).unwrap()
    })
}

/// A few payloads, each many times: unchanged, or with a change.
fn capture() -> impl Strategy<Value = Vec<Value>> {
    let few = prop::collection::vec(changed_payload(), 1..6);
    let turns = prop::collection::vec((any::<Index>(), prop::option::of(change())), 60..90);
    (few, turns).prop_map(|(few, turns)| {
        let turns = turns.into_iter().map(|(index, change)| {
            let mut payload = index.get(&few).clone();
            if let Some(change) = change {
                apply(&mut payload, &change);
            }
            payload
        });
        turns.collect()
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn payloads_are_checked_as_if_alone(
        capture in capture(), policy in policy(), kind in prop::option::weighted(0.2, prop::sample::select(Kind::ALL.to_vec())),
    ) {
        let mut checker = Checker::new(policy.clone(), kind);
        for payload in capture {
            let text = payload.to_string();
            let source = PayloadText::from(&*text);
            let checked = checker.check(&source);
            let alone = Checker::new(policy.clone(), kind).check(&source);
            prop_assert_eq!(&checked.verdict, &alone.verdict, "{}", text);
            checker.recycle(checked);
        }
    }

    /// A payload whose layout is known is read as it is parsed, and so is any text that is nearly one.
    #[test]
    fn lines_are_read_as_they_are_parsed(
        event in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), "[]\"\\\\{},: 1aAé-]{0,2}", 0_usize..3), 1..20),
    ) {
        let events: Vec<_> = sample::events().collect();
        let payload: Value = serde_json::from_str(event.get(&events).sample).unwrap();
        let first = payload.to_string();
        let lines = edits.iter().map(|(at, text, removed)| {
            let at = at.index(first.len());
            let mut line = first.clone().into_bytes();
            line.splice(at..(at + removed).min(first.len()), text.bytes());
            String::from_utf8_lossy(&line).into_owned()
        });
        let lines: Vec<_> = std::iter::once(first.clone()).chain(lines).collect();
        assert_read_by_layout(&lines.join("\n"));
    }

    /// Of a large message, one item of each shape is checked. That finds something exactly if the
    /// schema or the warnings find something in the whole message.
    #[test]
    fn large_messages_are_checked_as_a_whole(
        few in prop::collection::vec((changed_payload(), prop::option::of(change())), 1..8),
        turns in prop::collection::vec(any::<Index>(), 400), first in any::<Index>(),
    ) {
        let events = few.iter().flat_map(|(payload, change)| {
            let mut payload = payload.clone();
            if let Some(change @ Change::Edit(..)) = change {
                apply(&mut payload, change);
            }
            payload["Events"].as_array().cloned().unwrap_or_default()
        });
        let events: Vec<Value> = events.collect();
        let mut message = first.get(&few).0.clone();
        if !events.is_empty() && message.is_object() {
            message["Events"] = turns.iter().map(|turn| turn.get(&events).clone()).collect();
        }
        let text = message.to_string();
        let checked = Checker::new(Policy::default(), None).check(&PayloadText::from(&*text));
        let document = Document::parse(&text).unwrap();
        let is_clean = detect(&document).is_some_and(|kind| {
            kind.schema().accepts(&document) && warnings(kind, &document).is_empty()
        });
        prop_assert_eq!(checked.verdict.diagnostics.is_empty(), is_clean, "{}", text);
    }
}
