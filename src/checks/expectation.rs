//! Negative fixtures: payloads that must have exactly the expected errors.

use crate::diagnostic::{Diagnostic, Level, Rule, Severity, Source};
use crate::document::PayloadText;

use super::verdict::CodeCount;

pub(super) static RULE: Rule = Rule {
    code: "unmet-expectation",
    level: Level::Expectation,
    summary: "A payload lacks an expected error.",
    why: "A fixture that a handler must reject tests nothing once it is valid. With `--expect \
          CODE`, or `expect` in `mewshook.toml`, each payload must have errors of exactly \
          these codes, any number of each. In this example, `invalid-uuid` is expected. Break \
          the fixture as intended, or change what is expected.",
    before: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662", "Name": "Example"}}}"#,
    source: Source {
        title: "mewshook, `--expect`, 2026-11-23",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

/// Returns the number of diagnostics for expected codes that did not occur, if there are any.
pub(super) fn count(unmet: usize) -> Option<CodeCount> {
    (unmet > 0).then_some(CodeCount {
        code: RULE.code,
        severity: Severity::Error,
        expected: false,
        count: unmet,
    })
}

/// Returns the diagnostic for an expected code that did not occur, at the start of the payload.
pub(super) fn unmet(code: &str, source: &PayloadText<'_>) -> Diagnostic {
    let first = source.text.utf8_chunks().next();
    let first = first.and_then(|chunk| chunk.valid().chars().next());
    let span = 0..first.map_or(1, char::len_utf8).min(source.text.len());
    let place = source.place(span.clone());
    Diagnostic {
        code: RULE.code,
        severity: Severity::Error,
        expected: false,
        message: format!("the payload lacks the expected error `{code}`"),
        help: Some("break the payload as intended, or change what is expected".into()),
        pointer: String::new(),
        encloses: false,
        rule: format!("checks/{}", RULE.code),
        docs: RULE.source.url,
        span,
        written_span: place.range,
        start: place.start,
        end: place.end,
    }
}
