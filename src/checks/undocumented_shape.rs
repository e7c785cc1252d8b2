//! POS messages with several events, which the text speaks of and no sample shows.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "undocumented-shape",
    level: Level::Warning,
    summary: "A POS message holds an array of events, which no sample shows.",
    why: "The documentation's text speaks of several events in one message, its sample has one \
          object. Handlers written to the sample fail on an array.",
    before: r#"{"data": [{"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}], "meta": {"eventType": "booking.status.updated"}}"#,
    after: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#,
    source: Source {
        what: "Mews POS API, Webhooks, 2025-02-20 to 2026-08-07",
        url: "https://docs.mews.com/pos-api/events/webhooks",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let data = subject.document.root().get("data");
    if let Some(data) = data.filter(|data| subject.kind == Kind::Pos && data.as_array().is_some()) {
        findings.add(&RULE, data, |found| {
            found
                .says("is an array, and every published sample has one object")
                .help("handle both shapes; in a fixture prefer the object")
        });
    }
}
