//! The bundled schemas: their text as published, and the engine that holds payloads against them.

use std::sync::{Arc, LazyLock};

use jsonschema::{Keyword, ValidationError, ValidationOptions, Validator};
use serde_json::Value;

use crate::document::{Document, Node, SpannedJson};

use super::outline::Outline;
use super::stepwise::Stepwise;
use super::{Kind, is_email, is_utc, is_uuid};

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

    /// The kind that this schema describes.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The schema byte for byte as bundled.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The file's name, and what rule paths start with.
    pub fn file_name(&self) -> String {
        format!("{}.schema.json", self.kind)
    }

    /// The schema's title.
    pub fn title(&self) -> &str {
        self.string("title")
    }

    /// Where the schema comes from, and since when Mews sends such payloads.
    pub fn source(&self) -> &str {
        self.string("$comment")
    }

    fn string(&self, name: &str) -> &str {
        self.value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether a payload keeps this schema.
    pub fn accepts(&self, document: &Document<'_>) -> bool {
        self.validator.is_valid(document.root())
    }

    /// The compiled schema.
    #[cfg(test)]
    pub(crate) fn validator(&self) -> &Validator<SpannedJson> {
        &self.validator
    }

    /// Calls `visit` with each error of a payload and the entry that it is at, without keeping any.
    pub(crate) fn each_error(
        &self,
        root: Node<'_>,
        visit: &mut dyn FnMut(u32, &ValidationError<'_>),
    ) {
        self.stepwise.each(root, visit);
    }

    /// The schema itself.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The listed properties and values.
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

#[expect(
    clippy::expect_used,
    reason = "the schemas are part of the program, and tested"
)]
fn compile(schema: &Value) -> Validator<SpannedJson> {
    options().build(schema).expect("bundled schemas compile")
}

/// How the bundled schemas are compiled.
pub(super) fn options() -> ValidationOptions<'static, Arc<dyn jsonschema::Retrieve>, SpannedJson> {
    jsonschema::options_for::<SpannedJson>()
        .offline()
        .should_validate_formats(true)
        .with_format("uuid", is_uuid)
        .with_format("date-time", is_utc)
        .with_format("idn-email", is_email)
        // Beside a `format`, `pattern` and `maxLength` restate the rule for validators whose own
        // format check is laxer; ours is the rule itself.
        .with_keyword("pattern", |parent, _, _| restatement(parent))
        .with_keyword("maxLength", |parent, _, _| restatement(parent))
}

/// A keyword that says again what the `format` beside it says.
struct Restatement;

impl<'i> Keyword<'i, SpannedJson> for Restatement {
    fn validate(&self, _instance: Node<'i>) -> Result<(), ValidationError<'i>> {
        Ok(())
    }

    fn is_valid(&self, _instance: Node<'i>) -> bool {
        true
    }
}

fn restatement<'a>(
    parent: &serde_json::Map<String, Value>,
) -> Result<Box<dyn for<'i> Keyword<'i, SpannedJson>>, ValidationError<'a>> {
    if parent.contains_key("format") {
        Ok(Box::new(Restatement))
    } else {
        Err(ValidationError::custom(
            "`pattern` and `maxLength` stand beside a `format` only",
        ))
    }
}
