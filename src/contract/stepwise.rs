//! Validates a payload one array item at a time.
//!
//! The schema engine collects all errors of a payload before it returns the first one. For an array
//! of a million invalid items, this takes hundreds of bytes per item. So `items` is replaced by a
//! keyword that only reports the array, and the items are then validated one after the other by
//! their subschema. An object has few errors of its own: at most one for each property that its
//! subschema lists.

use std::collections::HashMap;
use std::fmt::Write as _;

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::Value;

use crate::document::{Array, Node, SpannedJson};

use super::compiled::Compiler;
use super::engine_options::engine_options;

/// The name of the keyword, and of the errors by which it reports an array.
const ITEMS: &str = "items";

/// A compiled schema, and the compiled subschemas of array items by their pointers.
#[derive(Debug)]
pub(super) struct Stepwise {
    root: Validator<SpannedJson>,
    items: HashMap<String, Validator<SpannedJson>>,
}

impl Stepwise {
    pub(super) fn of(schema: &Value) -> Self {
        let compiler = Compiler::of(schema);
        let compile = |pointer: &str| {
            let options =
                engine_options().with_keyword(ITEMS, |_, _, _: Location| Ok(Box::new(Items)));
            compiler.compile(options, pointer)
        };
        let mut pointers = Vec::new();
        find(schema, &mut String::new(), &mut pointers);
        Self {
            root: compile(""),
            items: pointers
                .into_iter()
                .map(|pointer| {
                    let validator = compile(&pointer);
                    (pointer, validator)
                })
                .collect(),
        }
    }

    /// Calls `visit` with each error of a value and the index of its entry.
    pub(super) fn each(&self, root: Node<'_>, visit: &mut dyn FnMut(u32, &ValidationError<'_>)) {
        self.errors(&self.root, root, visit);
    }

    fn errors(
        &self,
        validator: &Validator<SpannedJson>,
        node: Node<'_>,
        visit: &mut dyn FnMut(u32, &ValidationError<'_>),
    ) {
        for error in validator.iter_errors(node) {
            // `engine` stores the index of the entry as the instance of an error.
            let entry = error.instance().as_u64();
            let entry = entry.and_then(|entry| u32::try_from(entry).ok());
            let entry = entry.unwrap_or_default();
            if !matches!(error.kind(), ValidationErrorKind::Custom { .. }) {
                visit(entry, &error);
                continue;
            }
            let Some(validator) = self.items.get(error.schema_path().as_str()) else {
                debug_assert!(false, "{} is no subschema", error.schema_path());
                continue;
            };
            let array = node.document().node(entry).as_array();
            for item in array.into_iter().flat_map(Array::items) {
                self.errors(validator, item, visit);
            }
        }
    }
}

/// Adds the pointers of all `items` in a schema.
fn find(schema: &Value, pointer: &mut String, found: &mut Vec<String>) {
    for (name, value) in schema.as_object().into_iter().flatten() {
        let length = pointer.len();
        let _ = write!(pointer, "/{name}");
        if name == ITEMS {
            found.push(pointer.clone());
        }
        find(value, pointer, found);
        pointer.truncate(length);
    }
    for (number, value) in schema.as_array().into_iter().flatten().enumerate() {
        let length = pointer.len();
        let _ = write!(pointer, "/{number}");
        find(value, pointer, found);
        pointer.truncate(length);
    }
}

/// The keyword that replaces `items`. Its `is_valid` accepts any items, since no `if` of a bundled
/// schema depends on the items of an array.
struct Items;

impl<'i> Keyword<'i, SpannedJson> for Items {
    fn validate(&self, instance: Node<'i>) -> Result<(), ValidationError<'i>> {
        match instance.as_array() {
            Some(array) if array.items().next().is_some() => Err(ValidationError::custom(ITEMS)),
            _ => Ok(()),
        }
    }

    fn is_valid(&self, _instance: Node<'i>) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::Kind;
    use crate::document::Document;

    /// The errors have the same messages and places as those of the engine alone.
    #[test]
    fn errors_are_those_of_the_engine() {
        let items = "[0, {}, {\"Type\": 1}, {\"type\": 1, \"attributes\": {}}, [[0]], \
                     {\"attributes\": {\"status\": 1, \"total\": []}}]";
        let events = [
            "booking.created",
            "order.state.updated",
            "booking.status.updated",
            "x",
        ];
        let names = ["Events", "data", "Entities"];
        for kind in Kind::ALL {
            for (event, name) in events
                .iter()
                .flat_map(|event| names.map(|name| (event, name)))
            {
                let entities = format!("{{\"Resources\": {items}, \"Messages\": {items}}}");
                let value = if name == "Entities" { &entities } else { items };
                let text =
                    format!("{{\"meta\": {{\"eventType\": \"{event}\"}}, \"{name}\": {value}}}");
                let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
                let root = document.root();
                let schema = kind.schema();
                let mut expected = Vec::new();
                for error in schema.validator().iter_errors(root) {
                    let entry = error.instance().as_u64().unwrap_or_default();
                    expected.push((
                        entry,
                        error.schema_path().to_string(),
                        format!("{:?}", error.kind()),
                    ));
                }
                let mut found = Vec::new();
                schema.each_error(root, &mut |entry, error| {
                    found.push((
                        u64::from(entry),
                        error.schema_path().to_string(),
                        format!("{:?}", error.kind()),
                    ));
                });
                // The sort is stable, so errors at the same place keep their order.
                expected.sort_by_key(|error| error.0);
                found.sort_by_key(|error| error.0);
                assert_eq!(found, expected, "{kind} {text}");
            }
        }
    }
}
