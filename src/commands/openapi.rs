//! The webhooks as an OpenAPI 3.1 document, made of the bundled schemas and samples.

use mewshook::contract::{Event, Kind};
use serde_json::{Map, Value, json};

/// The dialect of the bundled schemas, which is OpenAPI 3.1's base as well.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Makes the document. Websocket messages are not in it: OpenAPI describes HTTP requests.
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
        add(kind, schema, &mut schemas);
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mews webhooks",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What Mews posts to the webhook addresses of integrations, as mewshook checks it. Not published by Mews: each schema names the pages that it was made from.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "jsonSchemaDialect": DIALECT,
        // None that OpenAPI knows: a secret in the address, or a signature.
        "security": [],
        "webhooks": webhooks,
        "components": {"schemas": schemas},
    }))
}

/// The request of a kind, with an example of each event.
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
            "2XX": {"description": "The message has arrived. Answer before it is worked on: within 5 seconds. Anything else makes Mews send it again."},
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
            "description": "The base64 of the HMAC-SHA256 of the raw body under the shared secret.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"},
        }]);
        operation["responses"]["2XX"]["description"] =
            "The message has arrived. Answer before it is worked on.".into();
    }
    Ok(operation)
}

/// Adds a schema, and each of its definitions as a schema of its own: many programs that read
/// OpenAPI resolve references from the document's root alone, and know no `$id`.
fn add(kind: Kind, mut schema: Value, schemas: &mut Map<String, Value>) {
    refer(kind, &mut schema);
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

/// Makes references to definitions ones to schemas of the document.
fn refer(kind: Kind, schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                let definition = value
                    .as_str()
                    .and_then(|text| text.strip_prefix("#/$defs/"));
                if let Some(definition) = definition.filter(|_| name == "$ref") {
                    *value = format!("#/components/schemas/{kind}.{definition}").into();
                } else {
                    refer(kind, value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(kind, item)),
        _ => {}
    }
}
