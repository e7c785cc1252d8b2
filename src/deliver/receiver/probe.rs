//! Finds out, before the checks, what a handler accepts and which entities it fetches.
//!
//! The checks send what the handler accepts, and judge only the entities that it fetches. So a handler
//! that needs a `Content-Type` fails the check of that, and not all others.

use crate::contract::Event;

use super::Session;
use super::evidence::Reaction;

/// What is known of a handler.
#[derive(Debug, Clone, Default)]
pub(super) struct Probe {
    /// The `Content-Type` that deliveries have.
    pub(super) content_type: Option<&'static str>,
    /// The events whose entities the handler fetches.
    pub(super) observed: Vec<&'static Event>,
}

/// Probes a handler. Returns the first reaction as an error if the handler can't be connected to.
pub(super) fn probe(session: &mut Session<'_>) -> Result<Probe, Reaction> {
    let first = attempt(session, None);
    if first.created.is_unreachable {
        return Err(first.created);
    }
    if first.is_complete {
        return Ok(first.probe);
    }
    let second = attempt(session, Some("application/json"));
    let is_better = second.score() > first.score();
    Ok(if is_better { second } else { first }.probe)
}

struct Attempt {
    probe: Probe,
    /// The reaction to the first delivery.
    created: Reaction,
    /// The number of deliveries that were accepted.
    accepted: usize,
    /// Whether the handler does all that can be seen: the deliveries are accepted and, if there is an
    /// API, something is fetched.
    is_complete: bool,
}

impl Attempt {
    fn score(&self) -> (usize, usize) {
        (self.probe.observed.len(), self.accepted)
    }
}

/// Sends a message for each event, with a `Content-Type` or without one.
fn attempt(session: &mut Session<'_>, content_type: Option<&'static str>) -> Attempt {
    session.probe.content_type = content_type;
    let start = session.call_count();
    let hotel = session.new_hotel();
    let created = session.deliver(&hotel.describe("IntegrationCreated"), &hotel.created_body());
    let mut reactions = vec![created.clone()];
    let mut named = Vec::new();
    if !created.is_unreachable {
        for event in session.options.events.clone() {
            let message = session.message(&hotel, &[(event, 1)]);
            reactions.push(session.deliver_message(&message));
            named.extend(message.entities);
        }
    }
    let has_api = session.api().is_ok();
    let missing = session.missing(start, &named);
    named.retain(|entity| has_api && !missing.iter().any(|missing| missing.id == entity.id));
    let accepted = reactions.iter().filter(|it| it.is_accepted()).count();
    Attempt {
        is_complete: accepted == reactions.len() && (!has_api || !named.is_empty()),
        probe: Probe {
            content_type,
            observed: named.iter().map(|entity| entity.event).collect(),
        },
        created,
        accepted,
    }
}
