//! Names and states that were spelt otherwise in an earlier edition.

use crate::diagnostic::{Finding, Level, Rule, Source};
use crate::document::Node;

use super::Subject;

pub(super) static RULE: Rule = Rule {
    code: "older-spelling",
    level: Level::Warning,
    summary: "A property or state is written in the spelling of an earlier edition.",
    why: "It was renamed: `AssignedSpaceId` became `AssignedResourceId` and `SpaceCategoryId` \
          became `ResourceCategoryId` on 2020-09-21; POS payloads wrote `event_type`, \
          `updated_at` and `noShow` before 2025-11-25. Handlers for the current edition look \
          for the new spelling.",
    before: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"event_type": "booking.status.updated"}}"#,
    after: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#,
    source: Source {
        what: "Mews POS API, Webhooks, 2025-02-20 to 2026-08-07",
        url: "https://docs.mews.com/pos-api/events/webhooks",
    },
};

/// Older names of properties, the current one, and when it came.
const NAMES: [(&str, &str, &str); 4] = [
    ("AssignedSpaceId", "AssignedResourceId", "2020-09-21"),
    ("SpaceCategoryId", "ResourceCategoryId", "2020-09-21"),
    ("event_type", "eventType", "2025-11-25"),
    ("updated_at", "updatedAt", "2025-11-25"),
];

/// The same of states.
const STATES: [(&str, &str, &str); 1] = [("noShow", "no_show", "2025-11-25")];

type Spelling = (&'static str, &'static str, &'static str);

/// The current name of a property, where this is an older one.
pub(super) fn newer_name(name: Node<'_>) -> Option<Spelling> {
    NAMES.into_iter().find(|(older, ..)| name.is_str(older))
}

/// The current spelling of a state, where this is an older one.
pub(super) fn newer_state(state: Node<'_>) -> Option<Spelling> {
    STATES.into_iter().find(|(older, ..)| state.is_str(older))
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let names = subject.finds.deprecated.iter();
    let names = names.map(|property| (property.value, newer_name(property.name)));
    let states = subject.finds.unknown_values.iter();
    let states =
        states.map(|unknown| (unknown.property.value, newer_state(unknown.property.value)));
    for (value, spelling) in names.chain(states) {
        if let Some((older, newer, since)) = spelling {
            let says =
                format!("is in an older spelling: `{older}` has been `{newer}` since {since}");
            findings.push(Finding::new(&RULE, value, says).help(format!("write `{newer}`")));
        }
    }
}
