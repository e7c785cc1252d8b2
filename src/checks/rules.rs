//! The table of all codes, in the order in which they are listed.

use crate::diagnostic::Rule;

use super::{
    Findings, Subject, deprecated_event, deprecated_property, disagreement, empty_events, errors,
    expectation, live_token, not_utc, null_required, older_edition, older_spelling,
    redundant_event, stringly_boolean, token_integration_mismatch, token_shape, undocumented_shape,
    unknown_action, unknown_event, unknown_property, unknown_state,
};

/// The errors. They are found by the parser, the detection of kinds and the schemas; the last two
/// by what was expected, and by a contradiction between schema and model.
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

/// Finds what a warning speaks of in a payload.
type Check = fn(&Subject<'_>, &mut Findings<'_>);

/// What a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    /// The payload's form alone: see `form`.
    Form,
    /// The values themselves.
    Values,
}

/// The warnings, each with its check.
pub(super) static WARNINGS: [(&Rule, Sees, Check); 17] = [
    (&unknown_property::RULE, Sees::Form, unknown_property::check),
    (&unknown_action::RULE, Sees::Form, unknown_action::check),
    (&unknown_event::RULE, Sees::Form, unknown_event::check),
    (&unknown_state::RULE, Sees::Form, unknown_state::check),
    (&older_edition::RULE, Sees::Form, older_edition::check),
    (&older_spelling::RULE, Sees::Form, older_spelling::check),
    (
        &deprecated_property::RULE,
        Sees::Form,
        deprecated_property::check,
    ),
    (&deprecated_event::RULE, Sees::Form, deprecated_event::check),
    (&stringly_boolean::RULE, Sees::Form, stringly_boolean::check),
    (&null_required::RULE, Sees::Form, null_required::check),
    (&not_utc::RULE, Sees::Form, not_utc::check),
    (&empty_events::RULE, Sees::Form, empty_events::check),
    (
        &undocumented_shape::RULE,
        Sees::Form,
        undocumented_shape::check,
    ),
    (&token_shape::RULE, Sees::Form, token_shape::check),
    (
        &token_integration_mismatch::RULE,
        Sees::Values,
        token_integration_mismatch::check,
    ),
    (&redundant_event::RULE, Sees::Values, redundant_event::check),
    (&live_token::RULE, Sees::Values, live_token::check),
];

/// Every code, errors first.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let warnings = WARNINGS.iter().map(|(rule, ..)| *rule);
    ERRORS.into_iter().chain(warnings)
}

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code == code)
}
