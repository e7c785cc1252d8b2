//! The table of all codes, in the order in which they are listed.

use crate::diagnostic::Rule;

use super::{
    Findings, Subject, damage, deprecated_event, deprecated_property, disagreement, empty_events,
    errors, expectation, live_token, not_utc, null_required, older_edition, older_spelling,
    redundant_event, stringly_boolean, token_integration_mismatch, token_shape, undocumented_shape,
    unknown_action, unknown_event, unknown_property, unknown_state,
};

/// The errors. The parser, the detection of the kind and the schemas find them. The last two come from
/// unmet expectations, and from a contradiction between schema and model.
static ERRORS: [&Rule; 10] = [
    &errors::JSON_SYNTAX,
    &errors::DUPLICATE_KEY,
    &errors::UNKNOWN_KIND,
    &errors::MISSING_PROPERTY,
    &errors::WRONG_TYPE,
    &errors::INVALID_UUID,
    &errors::INVALID_UTC,
    &errors::INVALID_EMAIL,
    &expectation::RULE,
    &disagreement::RULE,
];

/// Adds the findings of one warning in a payload.
type Check = fn(&Subject<'_>, &mut Findings<'_>);

/// The part of a payload that a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    /// Only the payload's shape: see `shape_cache`.
    Shape,
    /// The values as well.
    Values,
}

/// The warnings, each with its check.
pub(super) static WARNINGS: [(&Rule, Sees, Check); 17] = [
    (
        &unknown_property::RULE,
        Sees::Shape,
        unknown_property::check,
    ),
    (&unknown_action::RULE, Sees::Shape, unknown_action::check),
    (&unknown_event::RULE, Sees::Shape, unknown_event::check),
    (&unknown_state::RULE, Sees::Shape, unknown_state::check),
    (&older_edition::RULE, Sees::Shape, older_edition::check),
    (&older_spelling::RULE, Sees::Shape, older_spelling::check),
    (
        &deprecated_property::RULE,
        Sees::Shape,
        deprecated_property::check,
    ),
    (
        &deprecated_event::RULE,
        Sees::Shape,
        deprecated_event::check,
    ),
    (
        &stringly_boolean::RULE,
        Sees::Shape,
        stringly_boolean::check,
    ),
    (&null_required::RULE, Sees::Shape, null_required::check),
    (&not_utc::RULE, Sees::Shape, not_utc::check),
    (&empty_events::RULE, Sees::Shape, empty_events::check),
    (
        &undocumented_shape::RULE,
        Sees::Shape,
        undocumented_shape::check,
    ),
    (&token_shape::RULE, Sees::Shape, token_shape::check),
    (
        &token_integration_mismatch::RULE,
        Sees::Values,
        token_integration_mismatch::check,
    ),
    (&redundant_event::RULE, Sees::Values, redundant_event::check),
    (&live_token::RULE, Sees::Values, live_token::check),
];

/// The warnings that speak of the capture instead of the payload, which no check of a payload finds.
static OF_CAPTURES: [&Rule; 3] = [&damage::GARBLED, &damage::TRUNCATED, &damage::RESERIALIZED];

/// Returns the rules of all codes, errors first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let warnings = WARNINGS.iter().map(|(rule, ..)| *rule);
    ERRORS.into_iter().chain(warnings).chain(capture_rules())
}

/// Returns the rules of the codes that speak of the capture instead of the payload. Their examples
/// are captures.
pub fn capture_rules() -> impl Iterator<Item = &'static Rule> {
    OF_CAPTURES.into_iter()
}

/// Returns the rule of a code, if the code exists.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}
