//! The stories of integrations depend on what captures say, not on how it is distributed over them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;

use mewshook::Masking;
use mewshook::contract::Kind;
use mewshook::frame::{CaptureMode, Frames, Next};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, Task, TaskOutput};
use mewshook::report::{
    Reporter, Style, TIMELINE_FORMATS, TimelineFormat, TimelineReporter, Totals,
};
use mewshook::sample::{Recipe, ScenarioOptions, Selection, Values};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use support::cases;

const HOTEL: &str = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const TOKEN: &str = "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF";
const OTHER_TOKEN: &str = "9E5E84E9974D4F169662AB2200F27CB1-10B343A0DDA725CACAC028E38E3EABF";

/// The ids of the integrations, the last of which is invalid.
const INTEGRATIONS: [&str; 3] = [
    "9e5e84e9-974d-4f16-9662-ab2200f27cb1",
    "c66ef7b2-39d2-4632-943d-115ede9cb810",
    "9e5e84e9",
];

/// Returns the timeline of captures with names, as `threads` threads make it.
fn timeline(captures: &[(&str, String)], format: &str, threads: usize) -> String {
    let mut out = Vec::new();
    let format = TimelineFormat::by_name(format).unwrap();
    let mut reporter = TimelineReporter::new().with_output(format, &mut out, Style::default());
    let formatter = reporter.formatter();
    let mut pool = Pool::new(NonZero::new(threads), formatter, 1, Masking::On);
    let mut totals = Totals::default();
    let mut results = Vec::new();
    for (name, text) in captures {
        // Small batches, so that each capture becomes several chunks.
        let reader = support::Trickle::new(text, vec![300]);
        let mut frames = Frames::from_reader(reader);
        let (label, limits) = (*name, frames.limits());
        let options = Arc::default();
        let input = Input::new(Origin::Stdin, label, limits, CaptureMode::Auto, options);
        let input = Arc::new(input);
        loop {
            match frames.next().unwrap() {
                Next::Batch(batch) => {
                    let mut task = Task::default();
                    task.add_batch(&input, batch);
                    results.extend(pool.submit(task).unwrap().into_iter().flatten());
                }
                Next::Idle => {}
                Next::End => break,
            }
        }
    }
    while let Some(result) = pool.collect().unwrap() {
        results.extend(result);
    }
    for result in results {
        match result {
            TaskOutput::Chunk(chunk) => {
                totals.merge(&chunk.totals, &chunk.path);
                reporter.add(chunk).unwrap();
            }
            _ => panic!("a capture can be read"),
        }
    }
    reporter.finish(&totals).unwrap();
    drop(reporter);
    String::from_utf8(out).unwrap()
}

/// Returns the stories of captures.
fn stories(captures: &[(&str, String)]) -> Vec<Value> {
    let printed = timeline(captures, "ndjson", 1);
    let lines = printed.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns the stories without the places of payloads.
fn without_places(mut stories: Vec<Value>) -> Vec<Value> {
    for story in &mut stories {
        for entry in story["entries"].as_array_mut().unwrap() {
            entry["source"].take();
            for unusual in entry["unusual"].as_array_mut().unwrap() {
                unusual["first"].take();
            }
        }
    }
    stories
}

/// Returns an integration event.
fn event(action: &str, integration: &str, more: &Value) -> Value {
    let mut event = json!({
        "Action": format!("Integration{action}"),
        "Data": {"Integration": {"Id": integration, "Name": "Example"}},
    });
    let data = event["Data"].as_object_mut().unwrap();
    data.extend(more.as_object().unwrap().clone());
    event
}

/// Returns the event that creates an integration.
fn created(integration: &str, token: &str, name: &str) -> Value {
    let more = json!({"AccessToken": token, "Enterprise": {"Id": HOTEL, "Name": name}});
    event("Created", integration, &more)
}

/// Returns a general message with this number of events.
fn message(integration: &str, events: usize) -> Value {
    let event = json!({"Discriminator": "CustomerUpdated", "Value": {"Id": HOTEL}});
    json!({"EnterpriseId": HOTEL, "IntegrationId": integration, "Events": vec![event; events]})
}

/// Returns the record of a log in which a payload was received at a time.
fn received(minute: u32, payload: &Value) -> String {
    let time = format!("2026-03-01T{:02}:{:02}:00Z", minute / 60, minute % 60);
    let body = payload.to_string();
    json!({"time": time, "level": "info", "msg": "received", "body": body}).to_string() + "\n"
}

/// Returns a strategy for payloads of a few integrations, with many repeats.
fn payload() -> impl Strategy<Value = Value> {
    let integration = prop::sample::select(INTEGRATIONS.to_vec());
    (integration, 0_usize..9, any::<bool>()).prop_map(|(integration, choice, is_other)| {
        let actions = [
            "Enabled",
            "ApiKeyCreated",
            "Disabled",
            "Canceled",
            "Reinstated",
            "Deleted",
            "Misspelt",
        ];
        match actions.get(choice) {
            Some(action) => event(action, integration, &json!({"x": is_other})),
            None if choice == 7 && is_other => created(integration, OTHER_TOKEN, "One"),
            None if choice == 7 => created(integration, TOKEN, "Two"),
            None => message(integration, 1 + usize::from(is_other)),
        }
    })
}

const NAMES: [&str; 3] = ["a.ndjson", "b.ndjson", "c.ndjson"];

proptest! {
    #![proptest_config(cases(150))]

    /// Where all payloads have a time, neither the order of captures matters nor that within them.
    #[test]
    fn timed_payloads_have_one_order(
        payloads in prop::collection::vec((0_u32..30, payload(), 0_usize..3, any::<Index>()), 1..40),
    ) {
        let mut captures = NAMES.map(|name| (name, String::new()));
        let mut shuffled = captures.clone();
        for (minute, payload, capture, _) in &payloads {
            captures[*capture].1 += &received(*minute, payload);
        }
        let expected = stories(&captures);
        captures.reverse();
        prop_assert_eq!(&stories(&captures), &expected);

        let mut order: Vec<_> = payloads.iter().collect();
        order.sort_by_key(|(_, _, _, index)| index.index(usize::MAX));
        for (number, (minute, payload, ..)) in order.into_iter().enumerate() {
            shuffled[number % 3].1 += &received(*minute, payload);
        }
        prop_assert_eq!(without_places(stories(&shuffled)), without_places(expected));
    }

    /// With or without times, the number of threads does not matter, and all payloads are counted.
    #[test]
    fn any_payloads_have_one_order(
        payloads in prop::collection::vec((prop::option::of(0_u32..30), payload()), 1..40),
    ) {
        let lines = payloads.iter().map(|(minute, payload)| match minute {
            Some(minute) => received(*minute, payload),
            None => format!("{payload}\n"),
        });
        let captures = [("a.ndjson", lines.collect::<String>())];
        for format in ["human", "ndjson"] {
            let expected = timeline(&captures, format, 1);
            prop_assert_eq!(timeline(&captures, format, 4), expected);
        }
        let stories = stories(&captures);
        let number = |value: &Value| value.as_u64().unwrap();
        let messages = |count: &Value| number(&count["messages"]) + number(&count["repeats"]);
        let counted: u64 = stories.iter().map(|story| {
            let entries = story["entries"].as_array().unwrap().iter();
            let entries = entries.map(|entry| {
                1 + number(&entry["not_listed"]) + messages(&entry["messages_after"])
            });
            entries.sum::<u64>() + messages(&story["messages_before"])
        }).sum();
        prop_assert_eq!(counted, payloads.len() as u64);
        for story in &stories {
            let is_timed = |entry: &&Value| !entry["time"].is_null();
            let timed: Vec<_> = story["entries"].as_array().unwrap().iter().filter(is_timed).collect();
            prop_assert!(timed.is_sorted_by_key(|entry| entry["time"].as_str()));
        }
    }

    /// In a scenario, which is possible, only bodies that come again are unusual.
    #[test]
    fn a_scenario_is_not_unusual(
        count in 1_u64..15, enterprises in 1_u64..4, seed: u64, has_times: bool,
    ) {
        let payloads = scenario(count, enterprises, seed);
        let distinct: BTreeSet<_> = payloads.iter().map(Value::to_string).collect();
        let lines = (0..).zip(&payloads).map(|(minute, payload)| {
            if has_times { received(minute, payload) } else { format!("{payload}\n") }
        });
        let stories = stories(&[("a.ndjson", lines.collect())]);
        let found = unusual(&stories);
        prop_assert!(found.iter().all(|what| what == "repeated-body"), "{found:?}");
        prop_assert_eq!(found.len(), payloads.len() - distinct.len());
    }

    /// Each unusual thing is found, and nothing else is.
    #[test]
    fn what_is_unusual_is_found(planted in prop::collection::vec(any::<bool>(), PLANTED.len())) {
        let mut payloads = usual();
        let mut expected = Vec::new();
        for ((minute, payload, what), _) in PLANTED.iter().zip(&planted).filter(|(_, is)| **is) {
            payloads.push((*minute, payload()));
            expected.extend(what.iter().map(|what| (*what).to_owned()));
        }
        let lines = payloads.iter().map(|(minute, payload)| received(*minute, payload));
        let mut found = unusual(&stories(&[("a.ndjson", lines.collect())]));
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }
}

/// Returns the payloads of the integrations of a few enterprises, in a possible order.
fn scenario(count: u64, enterprises: u64, seed: u64) -> Vec<Value> {
    let scenario = ScenarioOptions {
        selections: &[Kind::Integration, Kind::General].map(Selection::Kind),
        count,
        enterprises,
        from: None,
        to: None,
        values: Values::default(),
        seed,
    };
    let scenario = scenario.build();
    let payloads = (0..).zip(scenario.payloads());
    let payloads = payloads.map(|(number, (event, is_mixed, values))| {
        let recipe = Recipe {
            event,
            is_mixed,
            events: 2,
            seed,
            number,
        };
        recipe.make_with(&values)
    });
    payloads.collect()
}

/// Returns a story in which nothing is unusual.
fn usual() -> Vec<(u32, Value)> {
    let id = INTEGRATIONS[0];
    let none = json!({});
    vec![
        (10, created(id, TOKEN, "Hotel")),
        (20, event("Enabled", id, &none)),
        (30, message(id, 1)),
        (
            40,
            event("ApiKeyCreated", id, &json!({"ApiKey": OTHER_TOKEN})),
        ),
        (50, message(id, 2)),
        (60, event("Canceled", id, &none)),
        (70, event("Reinstated", id, &none)),
        // What comes in the same minute as the deletion may have come before it.
        (80, event("Misspelt", id, &none)),
        (80, event("Deleted", id, &none)),
        (80, message(id, 4)),
        (90, created(INTEGRATIONS[1], OTHER_TOKEN, "Another hotel")),
    ]
}

/// A payload, its time, and what is unusual about it in the story that [`usual`] returns.
type Planted = (u32, fn() -> Value, &'static [&'static str]);

const PLANTED: [Planted; 7] = [
    (
        5,
        || event("Enabled", INTEGRATIONS[0], &json!({"x": 5})),
        &["enabled-before-created"],
    ),
    (
        25,
        || created(INTEGRATIONS[0], OTHER_TOKEN, "Hotel"),
        &["second-token"],
    ),
    (
        35,
        || event("Enabled", INTEGRATIONS[0], &json!({})),
        &["repeated-body"],
    ),
    (55, || message(INTEGRATIONS[0], 1), &["repeated-body"]),
    (
        85,
        || event("Deleted", INTEGRATIONS[0], &json!({})),
        &["repeated-body"],
    ),
    (
        86,
        || event("Disabled", INTEGRATIONS[0], &json!({})),
        &["after-deleted"],
    ),
    (87, || message(INTEGRATIONS[0], 3), &["after-deleted"]),
];

/// Returns what is unusual in stories, messages included.
fn unusual(stories: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for story in stories {
        let before = found.len();
        let add_messages = |count: &Value, found: &mut Vec<String>| {
            let repeats = usize::from(count["repeats"] != 0);
            let after = usize::from(count["after_deletion"] == true);
            found.extend(vec!["repeated-body".to_owned(); repeats]);
            found.extend(vec!["after-deleted".to_owned(); after]);
        };
        add_messages(&story["messages_before"], &mut found);
        for entry in story["entries"].as_array().unwrap() {
            let unusual = entry["unusual"].as_array().unwrap().iter();
            found.extend(unusual.map(|unusual| unusual["what"].as_str().unwrap().to_owned()));
            add_messages(&entry["messages_after"], &mut found);
        }
        assert_eq!(story["unusual"], found.len() - before);
    }
    found
}

#[test]
fn tokens_and_secrets_are_not_printed() {
    let id = INTEGRATIONS[0];
    let name = format!("Hotel {TOKEN}");
    let lines = [
        received(1, &created(id, TOKEN, &name)),
        received(2, &created(id, OTHER_TOKEN, &name)),
        received(3, &event("ApiKeyCreated", id, &json!({"ApiKey": TOKEN}))),
        received(4, &event(TOKEN, TOKEN, &json!({}))),
        received(5, &message(TOKEN, 1)),
    ];
    let captures = [("a.ndjson", lines.concat())];
    for format in TIMELINE_FORMATS {
        let printed = timeline(&captures, format.name, 1);
        let secret = &TOKEN[33..];
        assert!(
            !printed.contains(secret) && !printed.contains(&OTHER_TOKEN[33..]),
            "{printed}"
        );
    }
    assert_eq!(unusual(&stories(&captures)), ["second-token"]);
}

#[test]
fn tokens_of_the_same_value_have_the_same_hash_in_each_run() {
    let id = INTEGRATIONS[0];
    let lines = [created(id, TOKEN, "A"), created(id, OTHER_TOKEN, "A")];
    let lines = lines.map(|payload| format!("{payload}\n")).concat();
    let stories = stories(&[("a.ndjson", lines)]);
    let unusual = &stories[0]["entries"][1]["unusual"][0];
    // `printf 'mewshook timeline token\0…' | sha256sum` prints the same.
    assert_eq!(unusual["first_token"], "a93b87caf5a80820");
    assert_eq!(unusual["token"], "a02e80e9b6fdc77f");
}

#[test]
fn payloads_without_a_time_keep_their_place_in_the_input() {
    let id = INTEGRATIONS[0];
    let event = |action| format!("{}\n", event(action, id, &json!({})));
    let created = created(id, TOKEN, "Hotel");
    let actions = |stories: &[Value]| -> Vec<String> {
        let entries = stories[0]["entries"].as_array().unwrap().iter();
        let actions = entries.map(|entry| entry["event"].as_str().unwrap().to_owned());
        actions.collect()
    };
    let untimed = stories(&[("b", event("Disabled")), ("a", event("Enabled"))]);
    assert_eq!(untimed[0]["order"], "input");
    assert_eq!(
        actions(&untimed),
        ["IntegrationDisabled", "IntegrationEnabled"]
    );

    let later = received(20, &message(id, 1)) + &event("Disabled");
    let earlier = received(10, &created) + &event("Enabled");
    let mixed = stories(&[("first", event("Canceled")), ("b", later), ("a", earlier)]);
    assert_eq!(mixed[0]["order"], "mixed");
    let expected = ["Created", "Enabled", "Canceled", "Disabled"];
    let expected = expected.map(|action| format!("Integration{action}"));
    assert_eq!(actions(&mixed), expected);
}

#[test]
fn an_enterprise_has_the_name_that_another_integration_states() {
    let [first, second, _] = INTEGRATIONS;
    let lines = [created(first, TOKEN, "Hotel"), message(second, 1)];
    let lines = lines.map(|payload| format!("{payload}\n")).concat();
    let stories = stories(&[("a.ndjson", lines)]);
    let enterprises = stories.iter().map(|story| &story["enterprise"]);
    let expected = json!({"id": HOTEL, "name": "Hotel"});
    assert_eq!(enterprises.collect::<Vec<_>>(), [&expected, &expected]);
}
