//! States that are not listed: the lists are open, for Mews has renamed states before.

use crate::diagnostic::{Level, Rule, Source};

use super::older_spelling::is_older_state;
use super::unknown_event::unknown_value;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "unknown-state",
    level: Level::Warning,
    summary: "A state or status is not listed in the documentation.",
    why: "Mews has renamed states before (`Enquired` became `Inquired`), so another one is no \
          error. A handler needs a way to deal with it. If it is misspelt, the one that it \
          resembles is shown.",
    before: r#"{"Events": [{"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clear"}]}"#,
    after: r#"{"Events": [{"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clean"}]}"#,
    source: Source {
        what: "Mews Connector API, Websockets, 2018-05-01 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/websockets",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for unknown in &subject.finds.unknown_values {
        let name = unknown.property.name.as_str().unwrap_or_default();
        let value = unknown.property.value;
        let is_state = matches!(&*name, "State" | "state" | "status");
        if is_state && !is_older_state(subject, unknown.property) {
            findings.add(&RULE, value, |found| {
                let listed = subject.finds.listed(unknown.listed);
                unknown_value(found, value, &name.to_lowercase(), listed)
            });
        }
    }
}
