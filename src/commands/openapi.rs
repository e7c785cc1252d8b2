//! Describes the webhooks in an OpenAPI 3.1 document, made from the bundled schemas and samples.

use mewshook::contract::{Event, Kind};
use serde_json::{Map, Value, json};

/// The dialect of the bundled schemas. The default dialect of OpenAPI 3.1 is based on it.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the document. It does not contain websocket messages, since OpenAPI describes HTTP
/// requests.
pub(super) fn document() -> serde_json::Result<Value> {
    let mut webhooks = Map::new();
    let mut schemas = Map::new();
    for kind in Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Websocket)
    {
        let schema: Value = serde_json::from_str(kind.schema().text())?;
        webhooks.insert(
            kind.name().to_owned(),
            json!({"post": operation(kind, &schema)?}),
        );
        add_schema(kind, schema, &mut schemas);
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mews webhooks",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The webhooks that Mews sends to integrations, as mewshook validates them. This document is not published by Mews; each schema lists its sources.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "jsonSchemaDialect": DIALECT,
        // Mews uses a secret in the URL, or a signature, and none of the schemes that OpenAPI knows.
        "security": [],
        "webhooks": webhooks,
        "components": {"schemas": schemas},
    }))
}

/// Returns the operation of a kind, with an example for each event.
fn operation(kind: Kind, schema: &Value) -> serde_json::Result<Value> {
    let mut examples = Map::new();
    for Event {
        name,
        summary,
        sample,
        ..
    } in kind.events()
    {
        let value: Value = serde_json::from_str(sample)?;
        examples.insert(
            (*name).to_owned(),
            json!({"summary": summary, "value": value}),
        );
    }
    let mut operation = json!({
        "operationId": kind.name(),
        "summary": schema["title"],
        "description": schema["description"],
        "requestBody": {
            "required": true,
            "content": {
                "application/json": {
                    "schema": {"$ref": format!("#/components/schemas/{kind}")},
                    "examples": examples,
                },
            },
        },
        "responses": {
            "2XX": {"description": "The message was received. Respond within 5 seconds, before processing it. After any other response, Mews sends the message again."},
        },
    });
    if kind == Kind::Integration2019 {
        operation["deprecated"] = true.into();
    }
    if kind == Kind::Pos {
        operation["parameters"] = json!([{
            "name": "X-Signature",
            "in": "header",
            "required": true,
            "description": "HMAC-SHA256 of the raw body with the shared secret, encoded as base64.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"},
        }]);
        operation["responses"]["2XX"]["description"] =
            "The message was received. Respond before processing it.".into();
    }
    Ok(operation)
}

/// Adds a schema, and each of its definitions as a schema of its own: many programs that read OpenAPI
/// resolve references from the root of the document only, and ignore `$id`.
fn add_schema(kind: Kind, mut schema: Value, schemas: &mut Map<String, Value>) {
    rewrite_references(kind, &mut schema);
    let Value::Object(mut members) = schema else {
        return;
    };
    for name in ["$schema", "$id"] {
        members.shift_remove(name);
    }
    let definitions = members.shift_remove("$defs");
    schemas.insert(kind.name().to_owned(), Value::Object(members));
    if let Some(Value::Object(definitions)) = definitions {
        for (name, definition) in definitions {
            schemas.insert(format!("{kind}.{name}"), definition);
        }
    }
}

/// Replaces references to definitions by references to schemas of the document.
fn rewrite_references(kind: Kind, schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                let definition = value
                    .as_str()
                    .and_then(|text| text.strip_prefix("#/$defs/"));
                if let Some(definition) = definition.filter(|_| name == "$ref") {
                    *value = format!("#/components/schemas/{kind}.{definition}").into();
                } else {
                    rewrite_references(kind, value);
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rewrite_references(kind, item)),
        _ => {}
    }
}
