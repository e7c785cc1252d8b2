//! Negative fixtures: payloads that must have just the errors that are expected of them.

use crate::diagnostic::{Diagnostic, Level, Rule, Severity, Source};
use crate::document::PayloadText;

pub(super) static RULE: Rule = Rule {
    code: "unmet-expectation",
    level: Level::Expectation,
    summary: "A payload lacks an error that is expected of it.",
    why: "A fixture that must be rejected tests nothing once it is valid: with `--expect CODE`, or \
          `expect` in `mewshook.toml`, each payload must have errors of just these codes, however \
          many of each. Here, `invalid-uuid` is expected. Break the fixture as it was meant to be, or expect something else of it.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662", "Name": "Example"}}}"#,
    source: Source {
        what: "mewshook, `--expect`, 2026-11-23",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

/// Returns the diagnostic for an expected code that did not occur, at the start of the payload.
pub(super) fn unmet(code: &str, source: &PayloadText<'_>) -> Diagnostic {
    let first = source.text.utf8_chunks().next();
    let first = first.and_then(|chunk| chunk.valid().chars().next());
    let span = 0..first.map_or(1, char::len_utf8).min(source.text.len());
    let places = crate::diagnostic::places(source.text, source.start, std::slice::from_ref(&span));
    let (start, end) = places[0];
    Diagnostic {
        code: RULE.code,
        severity: Severity::Error,
        expected: false,
        message: format!("the payload has no `{code}`, which is expected of it"),
        help: Some("break the payload as it was meant to be, or expect something else".into()),
        pointer: String::new(),
        encloses: false,
        rule: format!("checks/{}", RULE.code),
        docs: RULE.source.url,
        span,
        start,
        end,
    }
}
