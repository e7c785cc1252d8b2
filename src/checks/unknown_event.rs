//! Warns of events that are not listed. The lists are open, so they are valid.

use crate::contract::is_unconfirmed;
use crate::diagnostic::{Finding, Level, Rule, Source};
use crate::document::Node;
use crate::suggestion;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-event",
    level: Level::Warning,
    summary: "A discriminator or event type is not listed in the documentation.",
    why: "Mews sends events that the documentation does not list yet: `PaymentUpdated` was \
          sent for over a year before it was documented. A handler should ignore events that \
          it does not know. Names are case-sensitive; if this one is misspelt, the message \
          suggests the listed one.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerUpdate", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerUpdated", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: Source {
        title: "Mews Connector API, General webhooks, 2021-02-09 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-general",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unknown in &subject.survey.unknown_values {
        let name = unknown.property.name.as_str().unwrap_or_default();
        if matches!(
            &*name,
            "Discriminator" | "Type" | "eventType" | "event_type"
        ) {
            let event = unknown.property.value;
            let is_unconfirmed = &*name == "Discriminator"
                && event.as_str().is_some_and(|event| is_unconfirmed(&event));
            findings.add(&RULE, event, |found| {
                if !is_unconfirmed {
                    let listed = subject.survey.listed(unknown.listed);
                    return describe_unlisted(found, event, "event", listed);
                }
                let name = event.as_str().unwrap_or_default();
                found
                    .message(format!(
                        "is `{name}`, which third-party texts of 2026-09 and 2026-10 list, but \
                         the documentation of 2026-08-07 does not"
                    ))
                    .help("treat it as an unlisted event: no documentation describes its value")
            });
        }
    }
}

/// Adds the message that an open list does not contain a value, and suggests a similar one.
pub(super) fn describe_unlisted(
    finding: Finding,
    value: Node<'_>,
    noun: &str,
    listed: &[&str],
) -> Finding {
    let text = value.as_str().unwrap_or_default();
    let message = if text.chars().count() <= 64 {
        format!("is `{text}`, which is not a listed {noun}")
    } else {
        format!("is not a listed {noun}")
    };
    let finding = finding.message(message);
    match suggestion::nearest(&text, listed.iter().copied()) {
        Some(listed) => finding.help(format!("did you mean `{listed}`?")),
        None => finding.help(format!("the documentation lists {}", listed.join(", "))),
    }
}
