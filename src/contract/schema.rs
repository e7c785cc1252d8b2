//! The bundled schemas: their text as published, compiled for the schema engine.

use std::sync::LazyLock;

use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::document::{Document, Node, SpannedJson};

use super::Kind;
use super::compiled::Compiler;
use super::engine_options::engine_options;
use super::outline::Outline;
use super::stepwise::Stepwise;

/// One kind's bundled JSON Schema (draft 2020-12).
#[derive(Debug)]
pub struct Schema {
    kind: Kind,
    text: &'static str,
    value: LazyLock<Value>,
    validator: LazyLock<Validator<SpannedJson>>,
    stepwise: LazyLock<Stepwise>,
    outline: LazyLock<Outline>,
}

macro_rules! bundled {
    ($kind:ident, $file:literal) => {{
        static SCHEMA: Schema = Schema {
            kind: Kind::$kind,
            text: include_str!(concat!("../../schemas/", $file, ".schema.json")),
            value: LazyLock::new(|| parse(SCHEMA.text)),
            validator: LazyLock::new(|| compile(&SCHEMA.value)),
            stepwise: LazyLock::new(|| Stepwise::of(&SCHEMA.value)),
            outline: LazyLock::new(|| Outline::of(&SCHEMA.value)),
        };
        &SCHEMA
    }};
}

impl Schema {
    pub(super) fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::Integration => bundled!(Integration, "integration"),
            Kind::Integration2019 => bundled!(Integration2019, "integration-2019"),
            Kind::General => bundled!(General, "general"),
            Kind::Websocket => bundled!(Websocket, "websocket"),
            Kind::Pos => bundled!(Pos, "pos"),
        }
    }

    /// Returns the kind that this schema describes.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the schema's text, byte for byte as bundled.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the name of the schema's file, with which the paths of its rules start.
    pub fn file_name(&self) -> String {
        format!("{}.schema.json", self.kind)
    }

    /// Returns the schema's title.
    pub fn title(&self) -> &str {
        self.string("title")
    }

    /// Returns the source of the schema, and since when Mews sends such payloads.
    pub fn source(&self) -> &str {
        self.string("$comment")
    }

    fn string(&self, name: &str) -> &str {
        self.value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns `true` if a payload is valid by this schema.
    pub fn accepts(&self, document: &Document<'_>) -> bool {
        self.validator.is_valid(document.root())
    }

    /// Returns the compiled schema.
    #[cfg(test)]
    pub(crate) fn validator(&self) -> &Validator<SpannedJson> {
        &self.validator
    }

    /// Calls `visit` with each error of a payload and the index of its node. No errors are collected.
    pub(crate) fn each_error(
        &self,
        root: Node<'_>,
        visit: &mut dyn FnMut(u32, &ValidationError<'_>),
    ) {
        self.stepwise.each(root, visit);
    }

    /// Returns the parsed schema.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the properties and values that the schema lists.
    pub(crate) fn outline(&self) -> &Outline {
        &self.outline
    }
}

#[expect(
    clippy::expect_used,
    reason = "the schemas are part of the program, and tested"
)]
fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("bundled schemas are JSON")
}

fn compile(schema: &Value) -> Validator<SpannedJson> {
    Compiler::of(schema).compile(engine_options(), "")
}
