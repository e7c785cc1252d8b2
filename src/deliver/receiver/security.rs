//! Checks of security: what a handler must refuse.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::contract::Kind;
use crate::deliver::{SecretText, signature};

use super::evidence::{Reaction, fail, not_observable};
use super::hotel::recipe;
use super::session::{Delivery, accepted};
use super::wrong_token::wrong_targets;
use super::{Checked, Session};

pub(super) fn wrong_token(session: &mut Session<'_>) -> Checked {
    let options = session.options;
    let targets = wrong_targets(&options.target, options.token_parameter.as_deref());
    let targets = targets.map_err(|error| not_observable(error.to_string()))?;
    if targets.is_empty() {
        return Err(not_observable(
            "no secret is recognised in the URL: --token-param names the parameter that has it",
        ));
    }
    let hotel = session.hotel()?;
    let event = options.events[0];
    for (what, target) in &targets {
        let message = session.message(&hotel, &[(event, 1)]);
        let reaction = session.send(Delivery {
            what: format!("{}, with {what} in the URL", message.describe()),
            method: Method::POST,
            target,
            content_type: session.probe.content_type,
            headers: Vec::new(),
            body: &message.body(),
        });
        refused(&reaction, what)?;
    }
    Ok(())
}

/// JSON that no library writes like this: a handler that checks the signature of what it has parsed
/// and written again refuses it.
pub(super) fn signed(session: &mut Session<'_>) -> Checked {
    let secret = secret(session)?;
    let pretty = format!("\r\n{:#} \n", payload(session)).replace("\": ", "\" :\t");
    let escaped = pretty.replacen("meta", "\\u006deta", 1);
    let body = escaped.into_bytes();
    let value = signature::sign(secret, &body);
    let reaction = send(
        session,
        "a signed booking in an unusual layout",
        &body,
        Some(&value),
    );
    accepted(&reaction, "a valid signature over the bytes of the body")
}

pub(super) fn other_secret(session: &mut Session<'_>) -> Checked {
    control(session)?;
    let (body, right) = signed_payload(session)?;
    let value = changed_digest(&right, |_| true);
    refuses(
        session,
        "a signature by another secret",
        &body,
        Some(&value),
    )
}

pub(super) fn hexadecimal(session: &mut Session<'_>) -> Checked {
    control(session)?;
    let (body, right) = signed_payload(session)?;
    let value = HEXLOWER.encode(&digest(&right));
    refuses(session, "a signature in hexadecimal", &body, Some(&value))
}

pub(super) fn partial_signature(session: &mut Session<'_>) -> Checked {
    control(session)?;
    for (what, part) in PARTS {
        let (body, right) = signed_payload(session)?;
        refuses(session, what, &body, Some(&part(&right)))?;
    }
    Ok(())
}

/// What is not a signature, although a part of it is right.
const PARTS: [(&str, Part); 4] = [
    ("the first 8 characters of the signature", |right| {
        right[..8].to_owned()
    }),
    ("the first 16 bytes of the signature", |right| {
        BASE64.encode(&digest(right)[..16])
    }),
    ("a signature of which the second half differs", |right| {
        changed_digest(right, |place| place >= 16)
    }),
    ("an empty signature", |_| String::new()),
];

type Part = fn(&str) -> String;

pub(super) fn changed_body(session: &mut Session<'_>) -> Checked {
    control(session)?;
    let (_, right) = signed_payload(session)?;
    let (other, _) = signed_payload(session)?;
    refuses(
        session,
        "the signature of another body",
        &other,
        Some(&right),
    )?;
    let (mut body, right) = signed_payload(session)?;
    body.push(b' ');
    refuses(
        session,
        "the signature of the body without the space at its end",
        &body,
        Some(&right),
    )
}

pub(super) fn unsigned(session: &mut Session<'_>) -> Checked {
    control(session)?;
    let (body, _) = signed_payload(session)?;
    refuses(session, "no signature", &body, None)
}

/// Delivers a signed payload, which the handler must accept before a refusal says something.
fn control(session: &mut Session<'_>) -> Checked {
    let (body, right) = signed_payload(session)?;
    let reaction = send(session, "a booking with its signature", &body, Some(&right));
    if reaction.is_accepted() {
        return Ok(());
    }
    let reaction = reaction.describe();
    Err(not_observable(format!(
        "a delivery with a valid signature is not accepted either: {reaction}"
    )))
}

/// Makes up a payload that was not delivered yet, so that a handler that knows it can't be taken for one
/// that accepts it. Returns the body and its signature.
fn signed_payload(session: &mut Session<'_>) -> Checked<(Vec<u8>, String)> {
    let secret = secret(session)?;
    let body = payload(session).to_string().into_bytes();
    let right = signature::sign(secret, &body);
    Ok((body, right))
}

/// Checks that a handler refuses a payload of Mews POS with this signature.
fn refuses(session: &mut Session<'_>, what: &str, body: &[u8], value: Option<&str>) -> Checked {
    let reaction = send(session, &format!("a booking with {what}"), body, value);
    refused(&reaction, what)
}

fn secret<'r>(session: &Session<'r>) -> Checked<&'r SecretText> {
    let secret = session.options.secret.as_ref();
    secret.ok_or(not_observable(
        "needs --secret-file or --secret-env, the secret of Mews POS",
    ))
}

/// Makes up a payload of Mews POS, each time another one.
fn payload(session: &mut Session<'_>) -> Value {
    let number = session.next_number();
    let seed = session.options.seed;
    let mut payload = recipe(Kind::Pos, "booking.status.updated", seed, number).make();
    payload["data"]["id"] = json!(format!("made-up-{number}"));
    payload
}

fn send(session: &mut Session<'_>, what: &str, body: &[u8], value: Option<&str>) -> Reaction {
    let options = session.options;
    session.send(Delivery {
        what: what.to_owned(),
        method: Method::POST,
        target: &options.target,
        content_type: session.probe.content_type,
        headers: value
            .map(|value| (signature::HEADER, value))
            .into_iter()
            .collect(),
        body,
    })
}

fn refused(reaction: &Reaction, what: &str) -> Checked {
    if reaction.is_refused() {
        return Ok(());
    }
    let reaction = reaction.describe();
    Err(fail(format!(
        "{what}: {reaction}, expected a status from 400 to 499, such as 401"
    )))
}

fn digest(signature: &str) -> Vec<u8> {
    BASE64.decode(signature.as_bytes()).unwrap_or_default()
}

/// Returns a signature with other bytes at some places.
fn changed_digest(signature: &str, is_changed: impl Fn(usize) -> bool) -> String {
    let mut digest = digest(signature);
    for (place, byte) in digest.iter_mut().enumerate() {
        if is_changed(place) {
            *byte ^= 0x55;
        }
    }
    BASE64.encode(&digest)
}
