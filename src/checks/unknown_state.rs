//! Warns of states that are not listed. The lists are open, since Mews has renamed states before.

use crate::diagnostic::{Level, Rule, Source};

use super::older_spelling::is_older_state;
use super::unknown_event::describe_unlisted;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-state",
    level: Level::Warning,
    summary: "A state or status is not listed in the documentation.",
    why: "Mews has renamed states before (`Enquired` became `Inquired`), so an unlisted one \
          is not an error, and handlers need a default for it. If the state is misspelt, the \
          message suggests the listed one.",
    before: r#"{"Events": [{"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clear"}]}"#,
    after: r#"{"Events": [{"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clean"}]}"#,
    source: Source {
        title: "Mews Connector API, Websockets, 2018-05-01 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/websockets",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unknown in &subject.survey.unknown_values {
        let name = unknown.property.name.as_str().unwrap_or_default();
        let value = unknown.property.value;
        let is_state = matches!(&*name, "State" | "state" | "status");
        if is_state && !is_older_state(subject, unknown.property) {
            findings.add(&RULE, value, |found| {
                let listed = subject.survey.listed(unknown.listed);
                describe_unlisted(found, value, &name.to_lowercase(), listed)
            });
        }
    }
}
