//! Warns of names and states in the spelling of an earlier edition.

use crate::contract::Property;
use crate::diagnostic::{Finding, Level, Rule, Source};
use crate::document::Node;

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "older-spelling",
    level: Level::Warning,
    summary: "A property or state has the spelling of an earlier edition.",
    why: "It was renamed: `AssignedSpaceId` to `AssignedResourceId` and `SpaceCategoryId` to \
          `ResourceCategoryId` on 2020-09-21, `updated_at` in POS payloads to `updatedAt` on \
          2025-10-07, `event_type` to `eventType` and `noShow` to `no_show` on 2025-11-25. \
          From 2025-10-07 to 2025-12-04, the documentation of `order.status.updated` listed \
          values that are now states of `order.state.updated`. Handlers for the current \
          edition read only the new spelling.",
    before: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"event_type": "booking.status.updated"}}"#,
    after: r#"{"data": {"id": "dc65bc8f-68ff-4c1f-9c2f-0a4a1d9bc1e0", "type": "bookings", "attributes": {"status": "confirmed", "updatedAt": "2025-02-20T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#,
    source: Source {
        title: "Mews POS API, Webhooks, 2025-02-20 to 2026-08-07",
        url: "https://docs.mews.com/pos-api/events/webhooks",
    },
};

/// An older spelling and the one that replaced it.
pub(super) struct Spelling {
    older: &'static str,
    newer: &'static str,
    /// The date of the newer spelling.
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

/// The values of `order.status.updated` that were documented before `order.state.updated` existed.
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

/// Returns the spellings of a property's name, if it is an older one.
pub(super) fn newer_name(name: Node<'_>) -> Option<&'static Spelling> {
    NAMES.iter().find(|spelling| name.is_str(spelling.older))
}

/// The reason why a name, a state or a status belongs to an earlier edition.
enum Older {
    /// It has an older spelling.
    Name(&'static Spelling),
    /// It is a status that is a state now.
    Status(&'static str),
}

/// Returns why a state or status belongs to an earlier edition, if it does.
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

/// Returns `true` if a state or status belongs to an earlier edition.
pub(super) fn is_older_state(subject: &Subject<'_>, property: Property<'_>) -> bool {
    older_state(subject, property).is_some()
}

impl Older {
    /// Adds the message and the help.
    fn describe(&self, found: Finding) -> Finding {
        match self {
            Self::Name(Spelling {
                older,
                newer,
                since,
            }) => found
                .message(format!(
                    "has an older spelling: `{older}` was renamed to `{newer}` on {since}"
                ))
                .help(format!("write `{newer}`")),
            Self::Status(older) => found
                .message(format!(
                    "is `{older}`, which has been a state of orders, not a status, since 2025-12-04"
                ))
                .help("send it as `state` in an `order.state.updated` event"),
        }
    }
}

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let names = subject
        .survey
        .deprecated
        .iter()
        .filter_map(|property| Some((property.value, Older::Name(newer_name(property.name)?))));
    let states = subject.survey.unknown_values.iter().filter_map(|unknown| {
        Some((
            unknown.property.value,
            older_state(subject, unknown.property)?,
        ))
    });
    for (value, older) in names.chain(states) {
        findings.add(&RULE, value, |found| older.describe(found));
    }
}
