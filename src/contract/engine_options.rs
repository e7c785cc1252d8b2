//! The options of the schema engine: our own format checks, and keywords that repeat a format.

use std::sync::Arc;

use jsonschema::{Keyword, ValidationError, ValidationOptions};
use serde_json::Value;

use crate::document::{Node, SpannedJson};

use super::{is_email, is_utc, is_uuid};

/// Returns the options with which the bundled schemas are compiled.
pub(super) fn engine_options()
-> ValidationOptions<'static, Arc<dyn jsonschema::Retrieve>, SpannedJson> {
    jsonschema::options_for::<SpannedJson>()
        .offline()
        .should_validate_formats(true)
        .with_format("uuid", is_uuid)
        .with_format("date-time", is_utc)
        .with_format("idn-email", is_email)
        // Next to a `format`, `pattern` and `maxLength` repeat the rule for validators with less
        // strict format checks. They are ignored here, since the format check is sufficient.
        .with_keyword("pattern", |parent, _, _| restatement(parent))
        .with_keyword("maxLength", |parent, _, _| restatement(parent))
}

/// A keyword that repeats the rule of the `format` next to it, and is therefore ignored.
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
            "`pattern` and `maxLength` are allowed only beside a `format`",
        ))
    }
}
