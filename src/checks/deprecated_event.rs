//! Warns of events that were withdrawn.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};

use super::events::event_nodes;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "deprecated-event",
    level: Level::Warning,
    summary: "An event is documented only in an earlier edition.",
    why: "The websocket event `Space` was renamed to `Resource` on 2020-09-21. Handlers for \
          the current edition look for the new name.",
    before: r#"{"Events": [{"Type": "Space", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clean"}]}"#,
    after: r#"{"Events": [{"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clean"}]}"#,
    source: Source {
        title: "Mews Connector API, Websockets, 2018-05-01 to 2020-09-21",
        url: "https://docs.mews.com/connector-api/events/websockets",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    if subject.kind != Kind::Websocket {
        return;
    }
    for event in event_nodes(subject.document.root()) {
        if let Some(name) = event.get("Type").filter(|name| name.is_str("Space")) {
            let message = "is a withdrawn event: `Space` was renamed to `Resource` on 2020-09-21";
            findings.add(&RULE, name, |found| {
                found.message(message).help("write `Resource`")
            });
        }
    }
}
