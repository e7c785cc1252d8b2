//! Warns of messages without events.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};
use crate::document::Node;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "empty-events",
    level: Level::Warning,
    summary: "A message has no events.",
    why: "A general or websocket message without events carries no information. Mews has no \
          reason to send one; a fixture may have lost its events.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": []}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: Source {
        title: "Mews Connector API, General webhooks, 2021-02-09 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-general",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(node) = subject.document.root().get("Events") else {
        return;
    };
    let is_empty = Node::as_array(node).is_some_and(|events| events.items().next().is_none());
    if matches!(subject.kind, Kind::General | Kind::Websocket) && is_empty {
        findings.add(&RULE, node, |found| {
            let message = "is empty: the message has no events";
            found.message(message).help("add at least one event")
        });
    }
}
