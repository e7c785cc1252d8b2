//! Recognizes records of access logs that lack the body of their request.
//!
//! nginx logs `$request_body` only if the body fits into its buffer, and otherwise writes `-`, or
//! nothing with `escape=json`. Most access logs log no bodies, so the record itself must show that
//! there was one to log.

use std::ops::Range;

use crate::checks::{Damage, DamageKind};
use crate::document::{Node, Tag};

/// The properties with the name of nginx's variable. They are always those of a request.
const REQUEST_BODIES: [&str; 2] = ["request_body", "requestBody"];

/// The property that may also be the body of something else.
const BODY: &str = "body";

/// The properties that state the length of the body.
const LENGTHS: [&str; 4] = [
    "content_length",
    "http_content_length",
    "contentLength",
    "content-length",
];

/// The properties that access logs have, of which one must stand beside a `body`.
const TARGETS: [&str; 5] = ["uri", "request_uri", "request", "url", "path"];

/// Returns the damage of a record that has an empty body for a POST request.
pub(super) fn missing_body(record: Node<'_>) -> Option<Damage> {
    let is_empty = |node: &Node<'_>| matches!(node.as_str().as_deref(), Some("" | "-"));
    let mut bodies = REQUEST_BODIES.iter().filter_map(|name| record.get(name));
    let body = match bodies.next() {
        Some(body) => body,
        // A request has no status, so this is a record of one that was answered.
        None => record.get(BODY).filter(|_| {
            record.get("status").is_some() && TARGETS.iter().any(|name| record.get(name).is_some())
        })?,
    };
    if !is_empty(&body) || !is_post(record) || states_no_body(record) {
        return None;
    }
    Some(damage(body.span()))
}

/// Returns the damage of a line whose field for the body has this length.
pub(super) fn missing_field(length: usize) -> Damage {
    damage(0..length)
}

fn damage(span: Range<usize>) -> Damage {
    Damage::new(
        DamageKind::Truncated,
        span,
        "the body of this request is missing, so its payload is not checked",
        "nginx logs only bodies that fit into its buffer: raise `client_body_buffer_size`",
    )
}

fn is_post(record: Node<'_>) -> bool {
    let names = ["method", "request_method", "requestMethod"];
    let mut methods = names.iter().filter_map(|name| record.get(name)?.as_str());
    if let Some(method) = methods.next() {
        return method == "POST";
    }
    let line = record.get("request").and_then(Node::as_str);
    line.is_some_and(|line| line.starts_with("POST "))
}

/// Returns `true` if the record states a length, and that is zero.
fn states_no_body(record: Node<'_>) -> bool {
    let mut lengths = LENGTHS.iter().filter_map(|name| record.get(name));
    lengths.any(|length| match length.tag() {
        Tag::Number => length.text() == "0",
        _ => matches!(length.as_str().as_deref(), Some("" | "-" | "0")),
    })
}
