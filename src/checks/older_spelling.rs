//! Names and states that were spelt otherwise in an earlier edition.

use crate::contract::Property;
use crate::diagnostic::{Finding, Level, Rule, Source};
use crate::document::Node;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "older-spelling",
    level: Level::Warning,
    summary: "A property or state is written in the spelling of an earlier edition.",
    why: "It was renamed: `AssignedSpaceId` became `AssignedResourceId` and `SpaceCategoryId` \
          became `ResourceCategoryId` on 2020-09-21; POS payloads wrote `updated_at` until \
          2025-10-07, `event_type` and `noShow` until 2025-11-25. From 2025-10-07 to 2025-12-04 \
          `order.status.updated` was documented with the values that are now states of \
          `order.state.updated`. Handlers for the current edition look for the new \
          spelling.",
    before: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"event_type": "booking.status.updated"}}"#,
    after: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#,
    source: Source {
        what: "Mews POS API, Webhooks, 2025-02-20 to 2026-08-07",
        url: "https://docs.mews.com/pos-api/events/webhooks",
    },
};

/// How something was spelt earlier.
pub(super) struct Spelling {
    older: &'static str,
    newer: &'static str,
    /// When the newer spelling came.
    since: &'static str,
}

const fn spelling(older: &'static str, newer: &'static str, since: &'static str) -> Spelling {
    Spelling {
        older,
        newer,
        since,
    }
}

static NAMES: [Spelling; 4] = [
    spelling("AssignedSpaceId", "AssignedResourceId", "2020-09-21"),
    spelling("SpaceCategoryId", "ResourceCategoryId", "2020-09-21"),
    spelling("updated_at", "updatedAt", "2025-10-07"),
    spelling("event_type", "eventType", "2025-11-25"),
];

static STATES: [Spelling; 1] = [spelling("noShow", "no_show", "2025-11-25")];

/// What `order.status.updated` was documented with before `order.state.updated` was, and not since.
const STATES_AS_STATUSES: [&str; 8] = [
    "draft",
    "sent",
    "paid",
    "discarded",
    "cart",
    "pending_payment",
    "open",
    "open_web",
];

/// Returns the current spelling of a property's name, where this is an older one.
pub(super) fn newer_name(name: Node<'_>) -> Option<&'static Spelling> {
    NAMES.iter().find(|spelling| name.is_str(spelling.older))
}

/// What is older about a name, a state or a status.
enum Older {
    /// Its spelling.
    Name(&'static Spelling),
    /// That this state was a status.
    Status(&'static str),
}

/// Returns what is older about a state or status; nothing where it is none.
fn older_state(subject: &Subject<'_>, property: Property<'_>) -> Option<Older> {
    let state = property.value;
    if let Some(spelling) = STATES.iter().find(|older| state.is_str(older.older)) {
        return Some(Older::Name(spelling));
    }
    let is_order = || {
        let meta = subject.document.root().get("meta");
        let event = ["eventType", "event_type"].map(|name| meta?.get(name));
        let event = event.into_iter().flatten().next();
        event.is_some_and(|event| event.is_str("order.status.updated"))
    };
    let older = STATES_AS_STATUSES
        .iter()
        .find(|older| state.is_str(older))?;
    (property.name.is_str("status") && is_order()).then_some(Older::Status(older))
}

/// Returns whether a state or status is one of an earlier edition.
pub(super) fn is_older_state(subject: &Subject<'_>, property: Property<'_>) -> bool {
    older_state(subject, property).is_some()
}

impl Older {
    /// Says what is older, and what to write.
    fn word(&self, found: Finding) -> Finding {
        match self {
            Self::Name(Spelling {
                older,
                newer,
                since,
            }) => found
                .says(format!(
                    "has an older spelling: `{older}` was renamed to `{newer}` on {since}"
                ))
                .help(format!("write `{newer}`")),
            Self::Status(older) => found
                .says(format!(
                    "is `{older}`, which has been a state of orders since 2025-12-04, not a status"
                ))
                .help("send it as `state` in an `order.state.updated` event"),
        }
    }
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let names = subject
        .finds
        .deprecated
        .iter()
        .filter_map(|property| Some((property.value, Older::Name(newer_name(property.name)?))));
    let states = subject.finds.unknown_values.iter().filter_map(|unknown| {
        Some((
            unknown.property.value,
            older_state(subject, unknown.property)?,
        ))
    });
    for (value, older) in names.chain(states) {
        findings.add(&RULE, value, |found| older.word(found));
    }
}
