//! Warns of a required time that is null, as in the only sample that Mews drafted.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};
use crate::document::Node;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "null-required",
    level: Level::Warning,
    summary: "A required property is null, as in a draft of the documentation.",
    why: "The documentation says that `DeletedUtc` is required, but in the only sample that \
          Mews drafted it is null. Handlers need to accept both.",
    before: r#"{"Action": "IntegrationDeleted", "Data": {"DeletedUtc": null, "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationDeleted", "Data": {"DeletedUtc": "2026-02-28T07:35:35Z", "Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let root = subject.document.root();
    let is_deletion = || {
        root.get("Action")
            .is_some_and(|action| action.is_str("IntegrationDeleted"))
    };
    if subject.kind == Kind::Integration
        && is_deletion()
        && let Some(deleted) = root
            .at(&["Data", "DeletedUtc"])
            .filter(|node| Node::is_null(*node))
    {
        findings.add(&RULE, deleted, |found| {
            found
                .message("is null, but the documentation requires a time")
                .help("write the time of the deletion, as in `2026-02-28T07:35:35Z`")
        });
    }
}
