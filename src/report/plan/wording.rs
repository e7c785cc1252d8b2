//! Phrases of plans.

use std::time::Duration;

use crate::contract::{MAX_REQUESTS, REQUEST_WINDOW, fetch};
use crate::query::{EntityGroup, Plan, PlanCounts, PlannedEntity};
use crate::report::Totals;
use crate::report::wording::{other_payloads, quantity, skipped};

/// Returns why no request can fetch entities, and which requests find them.
pub(super) fn reason(group: &EntityGroup) -> &'static str {
    let mut events = group.events();
    let fetch = events.next().and_then(fetch);
    fetch.map_or("", |fetch| fetch.note)
}

/// Describes entities: `2 customers named by CustomerAdded and CustomerUpdated`.
pub(super) fn entities<'e>(
    noun: &str,
    entities: &[PlannedEntity],
    events: impl Iterator<Item = &'e str>,
) -> String {
    let entities = quantity(entities.len() as u64, noun);
    let events = events.collect::<Vec<_>>().join(" and ");
    format!("{entities} named by {events}")
}

/// Returns how many requests there are, and how long they take: `450 requests, the last one 60 s after the
/// first`.
pub(super) fn requests(count: u64, min_duration: Duration) -> String {
    let requests = quantity(count, "request");
    if min_duration.is_zero() {
        return requests;
    }
    format!("{requests}, the last one {}", after(min_duration))
}

/// Returns when a request can be made that has to wait.
pub(super) fn after(duration: Duration) -> String {
    format!("{} s after the first", duration.as_secs())
}

/// Returns how long all requests take, and what that is based on.
pub(super) fn time_note(plan: &Plan) -> Option<String> {
    if plan.request_count() == 0 {
        return None;
    }
    let last = |duration: Duration| {
        if duration.is_zero() {
            "all requests can be made at once".to_owned()
        } else {
            format!("the last request can be made {}", after(duration))
        }
    };
    let (own, shared) = (plan.min_duration(), plan.min_duration_of_shared_token());
    let window = REQUEST_WINDOW.as_secs();
    let limit =
        format!("At most {MAX_REQUESTS} requests in {window} s can be made with one access token");
    Some(if own == shared {
        format!("{limit}: {}.", last(own))
    } else {
        format!(
            "{limit}: if each enterprise has its own, {}; if all share one, {}.",
            last(own),
            last(shared)
        )
    })
}

/// Returns what all requests are for, and what is not part of the plan.
pub(super) fn closing(plan: &Plan, totals: &Totals) -> String {
    let Plan {
        enterprises,
        counts,
        ..
    } = plan;
    let mut closing = format!(
        "{} for {} of {}: {}, {}",
        quantity(plan.request_count(), "request"),
        match plan.entity_count() {
            1 => "1 entity".to_owned(),
            count => format!("{count} entities"),
        },
        quantity(enterprises.len() as u64, "enterprise"),
        quantity(counts.messages, "general message"),
        quantity(counts.events, "event"),
    );
    let captures = totals.captures.text();
    let outside = outside_plan(counts).map(|text| format!("not in the plan: {text}"));
    let skipped = skipped(totals).map(|text| format!("{text} skipped"));
    let unreadable = totals.unreadable;
    let unreadable = (unreadable > 0).then(|| quantity(unreadable, "input") + " not read");
    for text in [captures, outside, skipped, unreadable]
        .into_iter()
        .flatten()
    {
        closing.push_str("; ");
        closing.push_str(&text);
    }
    closing
}

/// Returns what is not part of the plan, if there is anything: `1 event that is not documented, 2 broken
/// payloads`.
pub fn outside_plan(counts: &PlanCounts) -> Option<String> {
    let unlisted = match counts.unlisted_events {
        1 => "1 event that is not documented".to_owned(),
        count => format!("{count} events that are not documented"),
    };
    let without_id = quantity(counts.events_without_id, "event") + " without a valid id";
    let without_enterprise = quantity(counts.messages_without_enterprise, "general message")
        + " without a valid enterprise";
    let own = [
        (counts.unlisted_events, unlisted),
        (counts.events_without_id, without_id),
        (counts.messages_without_enterprise, without_enterprise),
    ];
    let own = own.into_iter().filter(|(count, _)| *count > 0);
    let others = other_payloads(&counts.other_kinds, counts.unknown, counts.broken);
    let all: Vec<_> = own.map(|(_, text)| text).chain(others).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
