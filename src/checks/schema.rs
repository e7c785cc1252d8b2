//! Turns the errors of the schema engine into findings with messages about the payload.
//!
//! The bundled schemas are written so that each error has one of four causes: a type, a required
//! property, a format, or a string other than the two that stand for booleans. This module decides
//! which code each one gets.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::types::JsonTypeSet;

use crate::contract::{self, Kind, Survey};
use crate::diagnostic::{About, Finding, Rule};
use crate::document::{Document, Node};
use crate::suggestion;

use super::{Findings, errors};

/// Adds all errors of a payload by its kind's schema. If a property is missing and an unlisted one
/// has a similar name, both are reported as one misspelling.
pub(super) fn add_errors(
    kind: Kind,
    document: &Document<'_>,
    survey: &Survey<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let schema = kind.schema();
    schema.each_error(document.root(), &mut |entry, error| {
        let node = document.node(entry);
        let misspelt = match error.kind() {
            ValidationErrorKind::Required { property } => {
                misspelt(node, property.as_str().unwrap_or_default(), survey)
            }
            _ => None,
        };
        if let Some(name) = misspelt {
            findings.explain(name);
        }
        findings.add(rule(error), node, |found| Finding {
            path: Some(format!("{}#{}", schema.file_name(), error.schema_path())),
            ..describe(found, node, error, misspelt)
        });
    });
}

/// Returns the rule that an error breaks.
fn rule(error: &ValidationError<'_>) -> &'static Rule {
    match error.kind() {
        ValidationErrorKind::Required { .. } => &errors::MISSING_PROPERTY,
        ValidationErrorKind::Format { format } => match format.as_str() {
            "uuid" => &errors::INVALID_UUID,
            "date-time" => &errors::INVALID_UTC,
            _ => &errors::INVALID_EMAIL,
        },
        _ => &errors::WRONG_TYPE,
    }
}

/// Adds the message and the help.
fn describe(
    finding: Finding,
    node: Node<'_>,
    error: &ValidationError<'_>,
    misspelt: Option<Node<'_>>,
) -> Finding {
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            missing(finding, property.as_str().unwrap_or_default(), misspelt)
        }
        ValidationErrorKind::Type { kind } => wrong_type(finding, node, kind),
        ValidationErrorKind::Format { format } => {
            let text = node.as_str().unwrap_or_default();
            let (expected, fault) = match format.as_str() {
                "uuid" => ("a UUID", contract::uuid_fault(&text)),
                "date-time" => ("a date-time", contract::utc_fault(&text)),
                _ => ("an email address", contract::email_fault(&text)),
            };
            let message = match fault {
                Some(fault) => format!("is not {expected}: {fault}"),
                None => format!("is not {expected}"),
            };
            finding.message(message).help(example(format))
        }
        // The only `enum` in the schemas: a string in place of a boolean.
        _ => finding
            .message("is a string other than \"true\" and \"false\", expected a boolean")
            .help("write `true` or `false` without quotes"),
    }
}

fn example(format: &str) -> &'static str {
    match format {
        "uuid" => "write 8-4-4-4-12 hex digits, as in `c66ef7b2-39d2-4632-943d-115ede9cb810`",
        "date-time" => "write an RFC 3339 date-time, as in `2019-05-24T07:35:35Z`",
        _ => "write a single address, as in `name@example.com`",
    }
}

fn missing(finding: Finding, name: &str, misspelt: Option<Node<'_>>) -> Finding {
    let finding = finding.about(About::Missing(name.to_owned()));
    match misspelt {
        Some(written) => {
            let text = written.as_str().unwrap_or_default();
            finding
                .message(format!("is missing, but there is `{text}`"))
                .help(format!("rename `{text}` to `{name}`"))
        }
        None => finding
            .message("is missing")
            .help(format!("add `{name}`: it is required here")),
    }
}

/// Returns the name in an object that is a misspelling of a missing one, if there is one. A name
/// that the contract lists elsewhere counts only if it is not listed for this object.
fn misspelt<'d>(object: Node<'d>, name: &str, survey: &Survey<'_, '_>) -> Option<Node<'d>> {
    let is_unlisted = |written: Node<'_>| {
        survey
            .unlisted
            .binary_search_by_key(&written.index(), |unlisted| unlisted.name)
            .is_ok()
    };
    let mut names = object.as_object()?.members().map(|(name, _)| name);
    names.find(|written| {
        let text = written.as_str().unwrap_or_default();
        is_misspelling(&text, name)
            && (is_unlisted(*written)
                || text.eq_ignore_ascii_case(name)
                || contract::word(text.as_bytes()).is_none())
    })
}

fn wrong_type(finding: Finding, node: Node<'_>, expected: &TypeKind) -> Finding {
    let found = node.type_name();
    let types: Vec<String> = match expected {
        TypeKind::Single(name) => vec![name.to_string()],
        TypeKind::Multiple(names) => names_of(*names),
    };
    let message = format!(
        "is {}, expected {}",
        errors::with_article(found),
        one_of(&types)
    );
    let finding = finding.message(message);
    let expects = |name: &str| types.iter().any(|expected| expected == name);
    match found {
        "null" => finding.help("give it a value: this property is required"),
        "string" if expects("boolean") => finding.help("write `true` or `false` without quotes"),
        "number" | "boolean" if expects("string") => finding.help("put the value in double quotes"),
        "string"
            if expects("object")
                && node
                    .as_str()
                    .is_some_and(|text| text.trim_start().starts_with('{')) =>
        {
            finding.help("this is JSON inside a string: write the object itself")
        }
        _ => finding,
    }
}

fn names_of(types: JsonTypeSet) -> Vec<String> {
    types.iter().map(|name| name.to_string()).collect()
}

fn one_of(types: &[String]) -> String {
    let names: Vec<String> = types
        .iter()
        .map(|name| errors::with_article(name))
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// Returns `true` if `written` is a misspelling of `name`, for a context where `name` is expected.
/// So one letter may differ in a short name, too.
fn is_misspelling(written: &str, name: &str) -> bool {
    suggestion::nearest(written, [name]).is_some()
        || (written.len().max(name.len()) <= 4 && strsim::damerau_levenshtein(written, name) == 1)
}
