//! Properties of all payloads, tested with thousands of random ones.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use mewshook::check;
use mewshook::checks::{Checker, Policy, Verdict};
use mewshook::contract::{Event, Kind};
use mewshook::diagnostic::Diagnostic;
use mewshook::document::{Document, PayloadText};
use mewshook::models::Payload;
use mewshook::sample::{self, Layout, Recipe};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use support::invariants::assert_parses_as_serde_json;
use support::{apply, cases, change, changed_payload, pointers};

/// Text that is JSON, or nearly.
fn json_like() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "\t",
            "\"",
            "\\",
            "null",
            "true",
            "false",
            "nul",
            "0",
            "-",
            "1",
            "12",
            "01",
            "1.5",
            "1.",
            ".5",
            "1e5",
            "1e400",
            "-1e-400",
            "1E+",
            "123456789012345678901234567890",
            "\"a\"",
            "\"b\"",
            "\"\"",
            "\"\\n\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\\uD8\"",
            "\"\\x\"",
            "\"\u{7f}\"",
            "\"\u{2028}\"",
            "\u{feff}",
            "'a'",
            "//",
            "NaN",
            "\u{0}",
            "\"a\":1",
            "\"b\":[",
            "[1,2]",
            "{\"c\":null}",
            ",]",
            ",}",
            "\u{1f600}",
            "\"\t\"",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

/// The text of a payload with some characters changed.
fn edited_text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        prop::sample::select(vec![
            '{', '}', '[', ']', ',', ':', '"', '\\', '\n', ' ', '0', 'e', '-', '.', 'u'
        ]),
        any::<char>(),
    ];
    let edit = (any::<Index>(), prop::option::of(letter), any::<bool>());
    let edits = prop::collection::vec(edit, 0..4);
    (changed_payload(), any::<bool>(), edits).prop_map(|(payload, is_pretty, edits)| {
        let text = if is_pretty {
            format!("{payload:#}")
        } else {
            payload.to_string()
        };
        let mut letters: Vec<char> = text.chars().collect();
        for (index, letter, replaces) in edits {
            if letters.is_empty() {
                break;
            }
            let at = index.index(letters.len());
            match letter {
                Some(letter) if replaces => letters[at] = letter,
                Some(letter) => letters.insert(at, letter),
                None => drop(letters.remove(at)),
            }
        }
        letters.into_iter().collect()
    })
}

/// Whether schema and model gave the same answer.
fn agree(verdict: &Verdict) -> bool {
    let mut codes = verdict.diagnostics.iter().map(|found| found.code);
    codes.all(|code| code != "internal-disagreement")
}

proptest! {
    #![proptest_config(cases(4000))]

    /// (1) The schema and the model give the same verdict: whatever kind the payload is taken
    /// for, no check ends in a disagreement. The model reads alike with plain serde.
    #[test]
    fn schema_and_model_agree(payload in changed_payload()) {
        let text = payload.to_string();
        for kind in Kind::ALL {
            let mut checker = Checker::new(Policy::default(), Some(kind));
            let verdict = checker.check(&PayloadText::from(&*text)).verdict;
            prop_assert!(agree(&verdict), "{kind}: {verdict:?}");
            if payload.is_object() {
                let reader = &mut serde_json::Deserializer::from_str(&text);
                let model = Payload::<String>::read(kind, reader);
                let accepts = kind.schema().accepts(&Document::parse(&text).unwrap());
                prop_assert_eq!(accepts, model.is_ok(), "{} {:?}", kind, model);
                let is_other = verdict.diagnostics.iter().any(|found| found.code == "unknown-kind");
                prop_assert_eq!(verdict.valid, accepts && !is_other, "{}", kind);
            }
        }
        let verdict = check(&text);
        prop_assert!(agree(&verdict), "{verdict:?}");
        let model = serde_json::from_str::<Payload>(&text);
        prop_assert_eq!(verdict.valid, model.is_ok(), "{:?}", model);
        if let Ok(model) = model {
            prop_assert_eq!(verdict.kind, Some(model.kind()));
        }
    }

    /// (2) Parsing agrees with `serde_json` on arbitrary text …
    #[test]
    fn arbitrary_text_parses_as_serde_json_has_it(text in json_like()) {
        assert_parses_as_serde_json(&text);
    }

    /// (2) … and on edited payloads.
    #[test]
    fn edited_payloads_parse_as_serde_json_has_them(text in edited_text()) {
        assert_parses_as_serde_json(&text);
    }

    /// (3) A sample keeps all rules and has no warning, whatever the seed.
    #[test]
    fn samples_are_valid_and_free_of_warnings(
        event in any::<Index>(), is_mixed: bool, events in 1_usize..20, seed: u64, number: u64, is_pretty: bool,
    ) {
        let all: Vec<&Event> = sample::events().collect();
        let event = *event.get(&all);
        let recipe = Recipe { event, is_mixed, events, seed, number };
        let layout = if is_pretty { Layout::Pretty } else { Layout::Line };
        let text = sample::write(&recipe.make(), layout);
        let policy = Policy::new(true, &[], &["live-token"]).unwrap();
        let verdict = Checker::new(policy, None).check(&PayloadText::from(&*text)).verdict;
        prop_assert_eq!(verdict.kind, Some(event.kind));
        prop_assert_eq!(&verdict.diagnostics, &Vec::new());
        prop_assert_eq!(&text, &sample::write(&recipe.make(), layout));
    }

    /// (5) A payload that breaks the rules of its own kind is invalid also where the kind is not
    /// given: no other edition and no other kind excuses it. Only a new `Action` can make another
    /// event of it, with rules of its own: `IntegrationCreated` needs no more than an
    /// `Integration` in the edition of 2019.
    #[test]
    fn a_broken_value_is_invalid_whatever_kind_is_detected(event in any::<Index>(), change in change()) {
        let all: Vec<&Event> = sample::events().collect();
        let event = *event.get(&all);
        let mut payload = serde_json::from_str(event.sample).unwrap();
        apply(&mut payload, &change);
        let text = payload.to_string();
        let is_created_now = payload["Action"] == "IntegrationCreated" && event.name != "IntegrationCreated";
        let is_kept = event.kind.schema().accepts(&Document::parse(&text).unwrap());
        let verdict = check(&text);
        prop_assert!(is_kept || is_created_now || !verdict.valid, "{}", text);
    }

    /// (6) One mistake in a sample gets one message: a value of a wrong type or form, a misspelt
    /// name, or a missing property.
    #[test]
    fn one_mistake_gets_one_message(
        event in any::<Index>(), at in any::<Index>(), mistake in mistake(), is_pinned: bool,
    ) {
        let all: Vec<&Event> = sample::events().collect();
        let event = *event.get(&all);
        let mut payload = serde_json::from_str(event.sample).unwrap();
        let Some(what) = make(&mut payload, at, &mistake) else {
            return Ok(()); // Nothing that could go wrong so stands there.
        };
        let text = payload.to_string();
        let kind = is_pinned.then_some(event.kind);
        let verdict = Checker::new(Policy::default(), kind).check(&PayloadText::from(&*text)).verdict;
        let codes: Vec<_> = verdict.diagnostics.iter().map(|found| &found.message).collect();
        prop_assert!(codes.len() <= 1, "{}: {:?} in {}", what, codes, text);
    }

    /// (4) Every diagnostic's span, line, column and pointer point at the same thing.
    #[test]
    fn places_point_at_what_they_claim(payload in changed_payload(), is_pretty: bool) {
        let text = if is_pretty { format!("{payload:#}") } else { payload.to_string() };
        let policy = Policy::new(false, &[], &["live-token"]).unwrap();
        let verdict = Checker::new(policy, None).check(&PayloadText::from(&*text)).verdict;
        for diagnostic in &verdict.diagnostics {
            place_is_right(&text, &payload, diagnostic)?;
        }
        let offsets: Vec<_> = verdict.diagnostics.iter().map(|found| found.span.start).collect();
        prop_assert!(offsets.is_sorted(), "{offsets:?}");
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// (3) A payload made invalid has the one error that was asked for.
    #[test]
    fn invalid_samples_have_their_code_alone(seed: u64, is_pretty: bool, event in any::<Index>()) {
        let layout = if is_pretty { Layout::Pretty } else { Layout::Line };
        let all: Vec<&'static Event> = sample::events().collect();
        for code in sample::error_codes() {
            // Not every event can have every error, but some event can.
            let wanted = *event.get(&all);
            let recipe = |event| Recipe { event, is_mixed: false, events: 2, seed, number: 0 };
            let invalidate = |event| sample::invalidate(&recipe(event).make(), code, layout);
            let made = invalidate(wanted).or_else(|| all.iter().find_map(|event| invalidate(event)));
            let text = made.expect("some event can have it");
            let verdict = check(&text);
            let codes: Vec<_> = verdict.diagnostics.iter().map(|found| found.code).collect();
            prop_assert_eq!(codes, [code]);
            prop_assert!(!text.contains(code), "the code is never told in the payload");
        }
    }
}

/// A mistake that somebody could make.
#[derive(Debug, Clone)]
enum Mistake {
    /// Another value.
    Value(Value),
    /// A name with one letter less.
    Shorter(Index),
    /// A name with two letters exchanged.
    Swapped(Index),
    /// A name in lower case, or with its first letter in the other case.
    Case(bool),
    /// No property.
    Missing,
}

fn mistake() -> impl Strategy<Value = Mistake> {
    let values = vec![
        Value::Null,
        Value::from(42),
        Value::from(true),
        Value::from(""),
        Value::from("x"),
        serde_json::json!([]),
        serde_json::json!({}),
    ];
    prop_oneof![
        4 => prop::sample::select(values).prop_map(Mistake::Value),
        1 => any::<Index>().prop_map(Mistake::Shorter),
        1 => any::<Index>().prop_map(Mistake::Swapped),
        1 => any::<bool>().prop_map(Mistake::Case),
        2 => Just(Mistake::Missing),
    ]
}

/// Makes a mistake at a property; says what was done, if anything was.
fn make(payload: &mut Value, at: Index, mistake: &Mistake) -> Option<String> {
    let all: Vec<String> = pointers(payload).into_iter().skip(1).collect();
    let pointer = at.get(&all);
    if let Mistake::Value(value) = mistake {
        let place = payload.pointer_mut(pointer)?;
        // An array or object in the place of another lacks as much as it had: many mistakes.
        if place.is_object() && value.is_object() || *place == *value {
            return None;
        }
        *place = value.clone();
        return Some(format!("{pointer} = {value}"));
    }
    let (parent, name) = pointer.rsplit_once('/')?;
    let object = payload.pointer_mut(parent)?.as_object_mut()?;
    let mut letters: Vec<char> = name.chars().collect();
    match mistake {
        Mistake::Shorter(index) => drop(letters.remove(index.index(letters.len()))),
        Mistake::Swapped(index) => {
            let first = index.index(letters.len() - 1);
            letters.swap(first, first + 1);
        }
        Mistake::Case(true) => letters = name.to_lowercase().chars().collect(),
        Mistake::Case(false) => {
            let first = letters[0];
            letters[0] = if first.is_lowercase() {
                first.to_ascii_uppercase()
            } else {
                first.to_ascii_lowercase()
            };
        }
        _ => letters.clear(),
    }
    let new: String = letters.into_iter().collect();
    if new == name || object.contains_key(&new) {
        return None;
    }
    let value = object.shift_remove(name)?;
    if !new.is_empty() {
        object.insert(new.clone(), value);
    }
    Some(format!("{pointer} is now `{new}`"))
}

/// Codes that are placed at a property's name.
const AT_NAMES: [&str; 3] = ["unknown-property", "duplicate-key", "deprecated-property"];

fn place_is_right(text: &str, payload: &Value, found: &Diagnostic) -> Result<(), TestCaseError> {
    let Diagnostic {
        code,
        pointer,
        span,
        start,
        end,
        ..
    } = found;
    let slice = text.get(span.clone());
    prop_assert!(
        slice.is_some(),
        "{found:?} splits a character or is out of range"
    );
    let slice: Value = serde_json::from_str(slice.unwrap()).unwrap();
    let value = payload.pointer(pointer);
    prop_assert!(value.is_some(), "{found:?}: nothing is there");
    if AT_NAMES.contains(code) {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let name = name.replace("~1", "/").replace("~0", "~");
        prop_assert_eq!(&slice, &Value::from(name), "{:?}", found);
    } else {
        prop_assert_eq!(&slice, value.unwrap(), "{:?}", found);
    }
    for (offset, position) in [(span.start, start), (span.end, end)] {
        let before = &text[..offset];
        let line = before.matches('\n').count() as u64 + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count() as u64
            + 1;
        prop_assert_eq!(
            (line, column),
            (position.line, position.column),
            "{:?}",
            found
        );
    }
    Ok(())
}

/// The rules above would hold of nothing if the changes broke nothing, or everything.
#[test]
fn changes_make_all_codes() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut codes = std::collections::BTreeMap::<_, u32>::new();
    let mut valid = 0;
    for _ in 0..4000 {
        let payload = changed_payload().new_tree(&mut runner).unwrap();
        let payload = proptest::strategy::ValueTree::current(&payload);
        assert_eq!(pointers(&payload)[0], "");
        let verdict = check(&payload.to_string());
        valid += u32::from(verdict.valid);
        for found in verdict.diagnostics {
            *codes.entry(found.code).or_default() += 1;
        }
    }
    assert!((400..3600).contains(&valid), "{valid} of 4000 are valid");
    // Text is made from values here, so these two can't come up.
    let rare = ["json-syntax", "duplicate-key"];
    let missing: Vec<_> = sample::error_codes()
        .filter(|code| !rare.contains(code) && codes.get(code).copied().unwrap_or_default() < 10)
        .collect();
    assert!(missing.is_empty(), "{missing:?} hardly come up: {codes:?}");
}
