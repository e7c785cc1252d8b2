//! Compiles the bundled schemas.
//!
//! The schema engine first compiles the metaschema of the draft that a schema is in, to validate the schema
//! with it. For draft 2020-12, this takes most of the time of a run with one payload, and the bundled schemas
//! are tested. So what it compiles is a reference to the schema, in draft 7, which has the smallest
//! metaschema. A schema that is referred to is compiled as its own draft says.

use std::sync::Arc;

use jsonschema::{Registry, RegistryBuilder, Resource, Retrieve, ValidationOptions, Validator};
use serde_json::{Value, json};

use crate::document::SpannedJson;

/// A bundled schema that references can be compiled to.
pub(super) struct Compiler {
    id: String,
    registry: Registry<'static>,
}

impl Compiler {
    #[expect(
        clippy::expect_used,
        reason = "the schemas are part of the program, and tested"
    )]
    pub(super) fn of(schema: &Value) -> Self {
        let id = schema["$id"].as_str().expect("bundled schemas have ids");
        let registry = Registry::new()
            .add(id, Resource::from_contents(schema.clone()))
            .and_then(RegistryBuilder::prepare)
            .expect("bundled schemas are schemas");
        Self {
            id: id.to_owned(),
            registry,
        }
    }

    /// Compiles the schema at a pointer. The paths in its errors start at the root of the schema.
    #[expect(
        clippy::expect_used,
        reason = "the schemas are part of the program, and tested"
    )]
    pub(super) fn compile<'r>(
        &'r self,
        options: ValidationOptions<'r, Arc<dyn Retrieve>, SpannedJson>,
        pointer: &str,
    ) -> Validator<SpannedJson> {
        let reference = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$ref": format!("{}#{pointer}", self.id),
        });
        let options = options.with_registry(&self.registry);
        options.build(&reference).expect("bundled schemas compile")
    }
}
