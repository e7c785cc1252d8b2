//! Warns of actions that are not listed. The list is open, so they are valid.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};

use super::unknown_event::describe_unlisted;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-action",
    level: Level::Warning,
    summary: "An action is not listed in the documentation.",
    why: "The list of actions is open: `IntegrationApiKeyCreated` was added in 2025. A \
          handler should ignore actions that it does not know. If the name is misspelt, the \
          message suggests the listed one.",
    before: r#"{"Action": "IntegrationEnable", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unknown in &subject.survey.unknown_values {
        if !unknown.property.name.is_str("Action") {
            continue;
        }
        // The list of 2019 ends in "…", so the actions of the current edition count as listed there.
        let listed: Vec<&str> = Kind::Integration.events().map(|event| event.name).collect();
        if !listed
            .iter()
            .any(|name| unknown.property.value.is_str(name))
        {
            let value = unknown.property.value;
            findings.add(&RULE, value, |found| {
                describe_unlisted(found, value, "action", &listed)
            });
        }
    }
}
