//! The table of all codes, in the order in which they are listed.

use crate::diagnostic::Rule;

use super::{
    deprecated_event, deprecated_property, empty_events, errors, live_token, not_utc,
    null_required, older_edition, older_spelling, redundant_event, stringly_boolean,
    token_integration_mismatch, token_shape, undocumented_shape, unknown_action, unknown_event,
    unknown_property, unknown_state,
};

/// Every code, errors first.
pub static RULES: &[&Rule] = &[
    &errors::JSON_SYNTAX,
    &errors::DUPLICATE_KEY,
    &errors::UNKNOWN_KIND,
    &errors::MISSING_PROPERTY,
    &errors::WRONG_TYPE,
    &errors::INVALID_UUID,
    &errors::INVALID_UTC,
    &errors::INVALID_EMAIL,
    &unknown_property::RULE,
    &unknown_action::RULE,
    &unknown_event::RULE,
    &unknown_state::RULE,
    &older_edition::RULE,
    &older_spelling::RULE,
    &deprecated_property::RULE,
    &deprecated_event::RULE,
    &stringly_boolean::RULE,
    &null_required::RULE,
    &not_utc::RULE,
    &empty_events::RULE,
    &undocumented_shape::RULE,
    &token_shape::RULE,
    &token_integration_mismatch::RULE,
    &redundant_event::RULE,
    &live_token::RULE,
];

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}
