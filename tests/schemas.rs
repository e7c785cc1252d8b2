//! Tests the schemas with the metaschema and other validators, and that samples and events agree
//! with them.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::collections::BTreeSet;
use std::fs;

use boon::{Compiler, SchemaIndex, Schemas};
use mewshook::Masking;
use mewshook::checks::{Checker, Policy, Summary};
use mewshook::contract::{Event, Kind};
use mewshook::document::{Document, PayloadText};
use mewshook::sample;
use proptest::prelude::*;
use serde_json::Value;

use support::{changed_payload, pointers};

fn schema(kind: Kind) -> Value {
    serde_json::from_str(kind.schema().text()).unwrap()
}

#[test]
fn schemas_keep_their_metaschema() {
    for kind in Kind::ALL {
        let schema = schema(kind);
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{kind}"
        );
        let result = jsonschema::meta::validate(&schema);
        assert!(result.is_ok(), "{kind}: {}", result.unwrap_err());
    }
}

/// Title, description and source, and references that stay in the file.
#[test]
fn schemas_are_documents_of_their_own() {
    for kind in Kind::ALL {
        let schema = schema(kind);
        for name in ["title", "description", "$comment"] {
            assert!(
                schema[name].as_str().is_some_and(|text| text.len() > 10),
                "{kind}: {name}"
            );
        }
        for pointer in pointers(&schema) {
            let value = schema.pointer(&pointer).unwrap();
            let Some((parent, name)) = pointer.rsplit_once('/') else {
                continue;
            };
            if name == "$ref" {
                let target = value
                    .as_str()
                    .unwrap()
                    .strip_prefix('#')
                    .unwrap_or("outside");
                assert!(
                    schema.pointer(target).is_some(),
                    "{kind}: {pointer} leads nowhere"
                );
            }
            let is_test = pointer.contains("/if/");
            if parent.ends_with("/properties") && !is_test && !pointer.contains("/examples/") {
                let restates = value
                    .as_object()
                    .is_some_and(|keys| keys.keys().all(|key| key == "$ref"));
                let says = value["description"]
                    .as_str()
                    .is_some_and(|text| text.len() > 5);
                assert!(
                    says || restates && pointer.contains("/then/") || pointer.contains("/else/"),
                    "{kind}: {pointer} has no description"
                );
            }
        }
    }
}

/// What the engine leaves out beside a `format` must say the same as the format does.
#[test]
fn patterns_stand_beside_formats_only() {
    for kind in Kind::ALL {
        let schema = schema(kind);
        for pointer in pointers(&schema) {
            let value = schema.pointer(&pointer).unwrap();
            if value.get("pattern").is_some_and(Value::is_string)
                || value.get("maxLength").is_some()
            {
                assert!(value["format"].is_string(), "{kind}: {pointer}");
            }
        }
    }
}

/// The bundled samples, the catalog and the lists in the schemas name the same events.
#[test]
fn samples_catalog_and_schemas_are_in_step() {
    for kind in Kind::ALL {
        let catalog: BTreeSet<String> = kind.events().map(|event| event.name.to_owned()).collect();
        let files = fs::read_dir(format!("samples/{kind}")).unwrap();
        let files: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .map(|name| {
                name.strip_suffix(".json")
                    .expect("samples are JSON")
                    .to_owned()
            })
            .collect();
        assert_eq!(files, catalog, "{kind}: files and catalog");

        let schema = schema(kind);
        let list = pointers(&schema).into_iter().find(|pointer| {
            [
                "/Action/examples",
                "/Discriminator/examples",
                "/Type/examples",
                "/eventType/examples",
            ]
            .iter()
            .any(|end| pointer.ends_with(end))
        });
        let list = schema.pointer(&list.expect("an open list")).unwrap();
        let mut listed: BTreeSet<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        // Withdrawn: it can have no sample that is free of warnings.
        listed.remove("Space");
        assert_eq!(listed, catalog, "{kind}: schema and catalog");
    }
}

/// Each sample is of its kind and event, and has nothing to warning on.
#[test]
fn bundled_samples_are_clean() {
    let strict = || Policy::new(true, &[], &["live-token"]).unwrap();
    for event in sample::events() {
        let checked = Checker::new(strict(), None).check(&PayloadText::from(event.sample));
        let (verdict, document) = (checked.verdict, checked.document.unwrap());
        let Event { kind, name, .. } = event;
        assert_eq!(verdict.kind, Some(*kind), "{kind}/{name}");
        assert_eq!(verdict.diagnostics, [], "{kind}/{name}");
        let summary = Summary::of(*kind, &document, Masking::On);
        assert_eq!(summary.event().as_deref(), Some(*name), "{kind}/{name}");
    }
}

/// Every property that a schema lists comes up in a sample of its kind, unless it's of an earlier
/// edition.
#[test]
fn samples_show_every_listed_property() {
    for kind in Kind::ALL {
        let shown: BTreeSet<String> = kind
            .events()
            .map(|event| serde_json::from_str(event.sample).unwrap())
            .flat_map(|sample: Value| pointers(&sample))
            .filter_map(|pointer| Some(pointer.rsplit_once('/')?.1.to_owned()))
            .collect();
        let schema = schema(kind);
        for pointer in pointers(&schema) {
            let Some((parent, name)) = pointer.rsplit_once('/') else {
                continue;
            };
            let is_old = schema.pointer(&pointer).unwrap()["deprecated"] == true
                || pointer.contains("/Entities/");
            if parent.ends_with("/properties") && !is_old && !pointer.contains("/if/") {
                assert!(
                    shown.contains(name),
                    "{kind}: no sample has {name} ({pointer})"
                );
            }
        }
    }
}

/// The same verdict from an engine that shares no code with ours, with its own format checks.
struct Boon {
    schemas: Schemas,
    indices: Vec<SchemaIndex>,
}

impl Boon {
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let indices = Kind::ALL
            .iter()
            .map(|kind| {
                let location = format!("urn:mewshook:schema:{kind}");
                compiler.add_resource(&location, schema(*kind)).unwrap();
                compiler.compile(&location, &mut schemas).unwrap()
            })
            .collect();
        Self { schemas, indices }
    }

    fn accepts(&self, kind: Kind, payload: &Value) -> bool {
        let index = Kind::ALL.iter().position(|known| *known == kind).unwrap();
        self.schemas.validate(payload, self.indices[index]).is_ok()
    }
}

/// Whether a payload has an email address that was changed: the other engines have no check of
/// internationalized ones.
fn has_odd_email(payload: &Value) -> bool {
    pointers(payload).iter().any(|pointer| {
        let text = payload
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        pointer.ends_with("/Email") && !text.ends_with("@example.com")
    })
}

#[test]
fn another_engine_reaches_the_same_verdict() {
    let boon = Boon::new();
    let stock: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| {
            jsonschema::options()
                .should_validate_formats(true)
                .build(&schema(*kind))
                .unwrap()
        })
        .collect();
    let config = support::cases(3000);
    proptest!(config, |(payload in changed_payload())| {
        prop_assume!(!has_odd_email(&payload) && payload.is_object());
        let text = payload.to_string();
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            let accepts = kind.schema().accepts(&Document::parse(&text).unwrap());
            prop_assert_eq!(accepts, boon.accepts(kind, &payload), "boon, {}: {}", kind, text);
            prop_assert_eq!(accepts, stock[number].is_valid(&payload), "jsonschema, {}: {}", kind, text);
        }
    });
}
