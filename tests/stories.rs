//! Tests samples with given values, and scenarios: the payloads are valid and consistent for all
//! options.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use mewshook::checks::{Checker, Policy};
use mewshook::contract::{Event, Kind};
use mewshook::document::PayloadText;
use mewshook::sample::{self, Layout, Recipe, ScenarioOptions, Selection, Values};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use support::cases;

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
}

fn selections() -> impl Strategy<Value = Vec<Selection>> {
    let events: Vec<Selection> = sample::events().map(Selection::Event).collect();
    let kinds: Vec<Selection> = Kind::ALL.map(Selection::Kind).into();
    let one = prop_oneof![prop::sample::select(events), prop::sample::select(kinds)];
    prop::collection::vec(one, 1..4)
}

fn assert_clean(text: &str) -> Result<(), TestCaseError> {
    let policy = Policy::new(true, &[], &["live-token"]).unwrap();
    let checked = Checker::new(policy, None).check(&PayloadText::from(text));
    prop_assert_eq!(checked.verdict.diagnostics, vec![], "{}", text);
    Ok(())
}

/// Returns the event, the given values and the payload for each payload of a scenario.
fn payloads_of(options: &ScenarioOptions<'_>) -> Vec<(&'static Event, Values, Value)> {
    let scenario = options.build();
    let payloads = (0..).zip(scenario.payloads());
    payloads
        .map(|(number, (event, is_mixed, values))| {
            let recipe = Recipe {
                event,
                is_mixed,
                events: 2,
                seed: options.seed,
                number,
            };
            let payload = recipe.make_with(&values);
            (event, values, payload)
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(100))]

    /// A scenario has the requested number of payloads. They are valid, and their order is
    /// possible.
    #[test]
    fn scenarios_are_possible(
        selections in selections(), count in 1_u64..40, enterprises in 1_u64..8, seed: u64,
        from in time(), seconds in 1_i64..100_000_000,
    ) {
        let to = from + chrono::TimeDelta::seconds(seconds);
        let options = ScenarioOptions {
            selections: &selections, count, enterprises, from: Some(from), to: Some(to),
            values: Values::default(), seed,
        };
        let made = payloads_of(&options);
        prop_assert_eq!(made.len() as u64, count * selections.len() as u64);
        // The last lifecycle event of each integration.
        let mut last: HashMap<String, &str> = HashMap::new();
        let mut hotels = BTreeSet::new();
        let mut before = from;
        for (event, values, payload) in &made {
            assert_clean(&sample::write(payload, Layout::Line))?;
            let time = values.time.unwrap();
            prop_assert!(before <= time && time < to);
            before = time;
            hotels.insert(values.enterprise.clone().unwrap().id);
            let id = values.integration.clone().unwrap().id;
            let is_lifecycle = [Kind::Integration, Kind::Integration2019].contains(&event.kind);
            let state = last.get(&id).copied();
            prop_assert_ne!(state, Some("IntegrationDeleted"), "{} comes after the end", event.name);
            if !is_lifecycle {
                let stopped = ["IntegrationDisabled", "IntegrationCanceled"];
                prop_assert!(state.is_none_or(|state| !stopped.contains(&state)), "{:?}", state);
                continue;
            }
            let is_created = event.name == "IntegrationCreated";
            prop_assert!(!is_created || state.is_none(), "created after {:?}", state);
            prop_assert!(state != Some(event.name) || event.name == "IntegrationApiKeyCreated");
            last.insert(id, event.name);
        }
        prop_assert!(hotels.len() as u64 <= enterprises);
    }

    /// Given values are used, tokens start with the given id, and nothing else changes.
    #[test]
    fn given_values_are_used(event in any::<Index>(), seed: u64, events in 1_usize..4, at in time()) {
        let all: Vec<&'static Event> = sample::events().collect();
        let event = *event.get(&all);
        let recipe = Recipe { event, is_mixed: true, events, seed, number: 0 };
        let mut values = Values::default();
        values.enterprise = Some("851df8c8-90f2-4c4a-8e01-a4fc46b25178=My Hotel".parse().unwrap());
        values.integration = Some("c66ef7b2-39d2-4632-943d-115ede9cb810".parse().unwrap());
        values.service = Some("9745ce3a-8dbb-4cc0-a550-55f9ff67b242=Spa".parse().unwrap());
        values.time = Some(at);
        let text = sample::write(&recipe.make_with(&values), Layout::Line);
        assert_clean(&text)?;
        let made = recipe.make_with(&Values::default());
        prop_assert_eq!(&made, &recipe.make());
        let has_token = text.contains("-FACADE");
        prop_assert_eq!(has_token, text.contains("C66EF7B239D24632943D115EDE9CB810-FACADE"));
        if sample::Field::Time.occurs_in(recipe.event) {
            prop_assert!(text.contains(&at.format("\"%Y-%m-%dT%H:%M:%SZ\"").to_string()), "{}", text);
        }
        if sample::Field::Service.occurs_in(recipe.event) {
            prop_assert!(text.contains("\"9745ce3a-8dbb-4cc0-a550-55f9ff67b242\",\"Name\":\"Spa\""));
        }
    }
}
