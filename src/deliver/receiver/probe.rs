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
    let first = attempt(session, None)?;
    if first.is_complete(session) {
        return Ok(first.probe);
    }
    let second = attempt(session, Some("application/json"))?;
    let is_better = second.is_complete(session) || (second.is_accepted && !first.is_accepted);
    Ok(if is_better { second } else { first }.probe)
}

struct Attempt {
    probe: Probe,
    is_accepted: bool,
}

impl Attempt {
    /// Returns `true` if the handler does all that can be seen: the deliveries are accepted and, if
    /// there is an API, something is fetched.
    fn is_complete(&self, session: &Session<'_>) -> bool {
        self.is_accepted && (session.api.is_none() || !self.probe.observed.is_empty())
    }
}

/// Sends a message for each event, with a `Content-Type` or without one.
fn attempt(
    session: &mut Session<'_>,
    content_type: Option<&'static str>,
) -> Result<Attempt, Reaction> {
    session.probe.content_type = content_type;
    let start = session.call_count();
    let hotel = session.new_hotel();
    let reaction = session.deliver(&hotel.describe("IntegrationCreated"), &hotel.created_body());
    if reaction.is_unreachable {
        return Err(reaction);
    }
    let mut is_accepted = reaction.is_accepted();
    let mut named = Vec::new();
    for event in session.options.events.clone() {
        let message = session.message(&hotel, &[(event, 1)]);
        is_accepted &= session.deliver_message(&message).is_accepted();
        named.extend(message.entities);
    }
    let missing = session.missing(start, &named);
    let observed = named.iter().filter(|entity| {
        session.api.is_some() && !missing.iter().any(|missing| missing.id == entity.id)
    });
    Ok(Attempt {
        probe: Probe {
            content_type,
            observed: observed.map(|entity| entity.event).collect(),
        },
        is_accepted,
    })
}
