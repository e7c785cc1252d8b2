//! Warns of POS messages with an array of events, which the documentation mentions but no sample shows.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "undocumented-shape",
    level: Level::Warning,
    summary: "A POS message has an array of events, which no published sample shows.",
    why: "The documentation mentions several events in one message, but its sample has a \
          single object. Handlers written from the sample fail on an array.",
    before: r#"{"data": [{"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}], "meta": {"eventType": "booking.status.updated"}}"#,
    after: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#,
    source: Source {
        title: "Mews POS API, Webhooks, 2025-02-20 to 2026-08-07",
        url: "https://docs.mews.com/pos-api/events/webhooks",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let data = subject.document.root().get("data");
    if let Some(data) = data.filter(|data| subject.kind == Kind::Pos && data.as_array().is_some()) {
        findings.add(&RULE, data, |found| {
            found
                .message("is an array, but every published sample has a single object")
                .help("handle both; in a fixture, prefer the object")
        });
    }
}
