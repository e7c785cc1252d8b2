//! Checks of transport: what a handler must accept, and how fast.

use crate::contract::Event;
use crate::report::grouped;

use super::evidence::{fail, not_observable};
use super::session::{Delivery, accepted, must_prepare, not_requested};
use super::{Checked, Outcome, Session, exchange};

pub(super) fn one_event(session: &mut Session<'_>) -> Checked {
    accepts_events(session, 1)
}

/// The documentation says that a message has at most an order of hundreds of events.
pub(super) fn hundreds_of_events(session: &mut Session<'_>) -> Checked {
    accepts_events(session, 300)
}

/// The documentation says that the maximum may change.
pub(super) fn thousands_of_events(session: &mut Session<'_>) -> Checked {
    accepts_events(session, 2_000)
}

fn accepts_events(session: &mut Session<'_>, count: usize) -> Checked {
    // The limit of requests is not what is tested.
    let hotel = must_prepare(session.unlimited_hotel())?;
    let event = some_event(session);
    let message = session.message(&hotel, &[(event, count)]);
    let reaction = session.deliver_message(&message);
    if session.observed().is_ok() {
        // The handler may still work on it, which the next check should not notice.
        session.marker(&hotel, event);
    }
    let size = grouped(message.body().len());
    accepted(&reaction, &format!("a message of {size} bytes"))
}

/// Returns an event that the handler handles, if that can be seen.
fn some_event(session: &Session<'_>) -> &'static Event {
    match session.observed() {
        Ok((_, event)) => event,
        Err(_) => session.options.events[0],
    }
}

pub(super) fn without_content_type(session: &mut Session<'_>) -> Checked {
    reads_body(session, None)
}

pub(super) fn with_content_type(session: &mut Session<'_>) -> Checked {
    reads_body(session, Some("application/json"))?;
    reads_body(session, Some("application/json; charset=utf-8"))
}

/// Checks that a message with this `Content-Type` is accepted and, if that can be seen, handled.
fn reads_body(session: &mut Session<'_>, content_type: Option<&str>) -> Checked {
    let hotel = must_prepare(session.hotel())?;
    let event = some_event(session);
    let message = session.message(&hotel, &[(event, 1)]);
    let start = session.call_count();
    let options = session.options;
    let reaction = session.send(Delivery {
        what: message.describe(),
        method: ureq::http::Method::POST,
        target: &options.target,
        content_type,
        headers: Vec::new(),
        body: &message.body(),
    });
    let header = match content_type {
        Some(content_type) => format!("with Content-Type {content_type}"),
        None => "without Content-Type".to_owned(),
    };
    accepted(&reaction, &header)?;
    if session.observed().is_err() {
        return Ok(());
    }
    match session.missing(start, &message.entities) {
        missing if missing.is_empty() => Ok(()),
        missing => Err(fail(format!(
            "{header}: accepted, but {}",
            not_requested(&missing, message.entities.len())
        ))),
    }
}

pub(super) fn connection_reuse(session: &mut Session<'_>) -> Checked {
    let hotel = must_prepare(session.hotel())?;
    let event = some_event(session);
    let messages: Vec<_> = (0..3)
        .map(|_| session.message(&hotel, &[(event, 1)]))
        .collect();
    if session.options.target.is_encrypted() {
        return Err(not_observable(
            "only connections that are not encrypted are checked",
        ));
    }
    exchange::over_one_connection(session, &messages)
}

pub(super) fn response_before_work(session: &mut Session<'_>) -> Checked {
    let (api, event) = session.observed()?;
    let hotel = session.hotel()?;
    let message = session.message(&hotel, &[(event, 1)]);
    let start = session.call_count();
    let hold = api.hold();
    let reaction = session.deliver_message(&message);
    let is_called = api.wait(start, session.options.settle, |calls| !calls.is_empty());
    drop(hold);
    session.marker(&hotel, event);
    if reaction.is_accepted() && !is_called {
        return Err(not_observable(
            "the handler made no request for the message",
        ));
    }
    let what = "while the fake API held back its answers";
    accepted(&reaction, what).map_err(|outcome| match outcome {
        Outcome::Fail(reason) if is_called => fail(format!(
            "{reason}; respond first, and make requests afterwards"
        )),
        outcome => outcome,
    })
}
