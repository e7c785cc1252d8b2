//! Tests the OpenAPI document: validates it against the schema of the OpenAPI Initiative, and uses
//! it like other programs that read it.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeSet;
use std::process::Command;

use mewshook::contract::Kind;
use mewshook::sample;
use serde_json::{Value, json};

fn document() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(["schema", "--openapi"])
        .output()
        .unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The kinds that come as HTTP requests.
fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Websocket)
}

#[test]
fn the_document_keeps_the_schema_of_openapi() {
    let schema: Value =
        serde_json::from_str(include_str!("specifications/openapi-3.1.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = document();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    // That schema takes any object for a schema: the metaschema does not.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
    // It would have found something.
    let mut wrong = document;
    wrong["webhooks"]["pos"]["post"]["parameters"][0]["in"] = "body".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn each_kind_is_a_webhook_and_each_event_an_example() {
    let document = document();
    let webhooks = document["webhooks"].as_object().unwrap();
    let names: BTreeSet<&str> = webhooks.keys().map(String::as_str).collect();
    assert_eq!(names, kinds().map(Kind::name).collect());
    for kind in kinds() {
        let operation = &webhooks[kind.name()]["post"];
        let content = &operation["requestBody"]["content"]["application/json"];
        assert_eq!(
            content["examples"].as_object().unwrap().len(),
            kind.events().count()
        );
        assert!(operation["responses"]["2XX"].is_object());
        let header = &operation["parameters"][0]["name"];
        assert_eq!(header == "X-Signature", kind == Kind::Pos);
    }
}

/// The schemas of the document say the same as the bundled ones, with references that are
/// resolved from its root.
#[test]
fn the_schemas_of_the_document_work() {
    let document = document();
    for kind in kinds() {
        let reference = &document["webhooks"][kind.name()]["post"]["requestBody"]["content"]["application/json"]
            ["schema"];
        let mut schema = json!({"components": document["components"]});
        schema["$ref"] = reference["$ref"].clone();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        for event in kind.events() {
            let payload: Value = serde_json::from_str(event.sample).unwrap();
            assert!(validator.is_valid(&payload), "{kind}/{}", event.name);
            let broken = sample::invalidate(&payload, "wrong-type", sample::Layout::Line).unwrap();
            let broken: Value = serde_json::from_str(&broken).unwrap();
            assert!(
                !validator.is_valid(&broken),
                "{kind}/{}: {broken}",
                event.name
            );
        }
    }
}
