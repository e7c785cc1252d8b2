//! Checks of robustness. They come last, since a handler may not survive them.

use ureq::http::Method;

use super::evidence::{Reaction, fail};
use super::session::{Delivery, accepted, must_prepare, not_requested};
use super::{Checked, Session};

pub(super) fn get(session: &mut Session<'_>) -> Checked {
    let reaction = send_get(session);
    refused(&reaction, "GET")
}

pub(super) fn broken_json(session: &mut Session<'_>) -> Checked {
    for (what, reaction) in send_broken(session) {
        refused(&reaction, what)?;
    }
    Ok(())
}

pub(super) fn next_delivery(session: &mut Session<'_>) -> Checked {
    send_get(session);
    send_broken(session);
    let hotel = must_prepare(session.hotel())?;
    let observed = session.observed().ok();
    let event = observed.map_or(session.options.events[0], |(_, event)| event);
    let message = session.message(&hotel, &[(event, 1)]);
    let start = session.call_count();
    accepted(&session.deliver_message(&message), "the next delivery")?;
    if observed.is_none() {
        return Ok(());
    }
    match session.missing(start, &message.entities) {
        missing if missing.is_empty() => Ok(()),
        missing => Err(fail(format!(
            "of the next delivery, {}",
            not_requested(&missing, 1)
        ))),
    }
}

fn refused(reaction: &Reaction, what: &str) -> Checked {
    if reaction.is_refused() {
        return Ok(());
    }
    let reaction = reaction.describe();
    Err(fail(format!(
        "{what}: {reaction}, expected a status from 400 to 499"
    )))
}

fn send_get(session: &mut Session<'_>) -> Reaction {
    let options = session.options;
    session.send(Delivery {
        what: "GET".to_owned(),
        method: Method::GET,
        target: &options.target,
        content_type: None,
        headers: Vec::new(),
        body: &[],
    })
}

fn send_broken(session: &mut Session<'_>) -> Vec<(&'static str, Reaction)> {
    let hotel = session.new_hotel();
    let event = session.options.events[0];
    let mut truncated = session.message(&hotel, &[(event, 2)]).body();
    truncated.truncate(truncated.len() / 2);
    let bodies: [(&'static str, &[u8]); 3] = [
        ("a message that ends in its middle", &truncated),
        ("an empty body", b""),
        ("a body that is not JSON", b"Events=made+up"),
    ];
    let bodies = bodies.into_iter();
    bodies
        .map(|(what, body)| (what, session.deliver(what, body)))
        .collect()
}
