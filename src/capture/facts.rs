//! Reads what a capture says about a delivery from what encloses a payload.
//!
//! The nearest object that states a fact counts. The names are those of the tools in `contract`'s
//! list of wrappers, and of common loggers.

use std::cell::{Cell, OnceCell};

use crate::document::{Array, Document, Node, Object, Tag};

use super::delivery::{Delivery, Header};
use super::extracted;
use super::http::{HttpMessage, Start};
use super::line::line_facts;
use super::scope::{Enclosing, Scope};
use super::time;

/// A path of property names from an object.
type Path = &'static [&'static str];

const TIMES: &[Path] = &[
    &["startedDateTime"],
    &["start"],
    &["requestContext", "timeEpoch"],
    &["requestContext", "requestTimeEpoch"],
    &["approximateArrivalTimestamp"],
    &["kinesis", "approximateArrivalTimestamp"],
    &["ApproximateArrivalTimestamp"],
    &["publishTime"],
    &["created_at"],
    &["attributes", "SentTimestamp"],
    &["Attributes", "SentTimestamp"],
    &["timestamp"],
    &["Timestamp"],
    &["@timestamp"],
    &["receivedAt"],
    &["received_at"],
    &["receivedTimestamp"],
    &["date"],
    &["time"],
    &["ts"],
];

const METHODS: &[Path] = &[
    &["method"],
    &["httpMethod"],
    &["requestContext", "http", "method"],
    &["requestContext", "httpMethod"],
    &["httpRequest", "requestMethod"],
    &["request", "method"],
    &["req", "method"],
];

const URLS: &[Path] = &[
    &["url"],
    &["uri"],
    &["rawPath"],
    &["path"],
    &["requestContext", "http", "path"],
    &["httpRequest", "requestUrl"],
    &["request", "url"],
    &["request", "uri"],
    &["req", "url"],
];

const HEADERS: &[Path] = &[
    &["headers"],
    &["request", "headers"],
    &["req", "headers"],
    &["multiValueHeaders"],
];

const STATUSES: &[Path] = &[
    &["response", "status"],
    &["response", "status_code"],
    &["response", "statusCode"],
    &["res", "statusCode"],
    &["httpRequest", "status"],
    &["response_status"],
    &["statusCode"],
    &["status_code"],
    &["status"],
];

const ATTEMPTS: &[Path] = &[
    &["attempt"],
    &["attempts"],
    &["attempt_number"],
    &["attemptNumber"],
    &["deliveryAttempt"],
    &["attributes", "ApproximateReceiveCount"],
    &["Attributes", "ApproximateReceiveCount"],
];

const IDS: &[Path] = &[
    &["messageId"],
    &["MessageId"],
    &["message_id"],
    &["requestContext", "requestId"],
    &["eventID"],
    &["insertId"],
    &["_id"],
    &["uuid"],
];

/// What one scope says about deliveries, and its size. Many payloads may stand in a scope, so it is
/// read only once.
pub(super) type Facts = OnceCell<(Delivery, usize)>;

/// The number of bytes that may be said about the deliveries of a frame. Payloads that share much of
/// that, such as long headers, have a copy each.
#[derive(Debug, Clone)]
pub(super) struct FactBudget(Cell<usize>);

impl FactBudget {
    /// The number of bytes for each byte of a frame, and of a payload.
    const FACTOR: usize = 16;
    /// The number of bytes for each payload, in which usual headers fit.
    const PAYLOAD: usize = 1024;

    /// Creates the budget of a frame of this length.
    pub(super) fn new(frame: usize) -> Self {
        Self(Cell::new(frame.saturating_mul(Self::FACTOR)))
    }

    /// Adds what a payload of this length may have.
    pub(super) fn add(&self, payload: usize) {
        let more = Self::PAYLOAD.saturating_add(payload.saturating_mul(Self::FACTOR));
        self.0.set(self.0.get().saturating_add(more));
    }

    /// Subtracts a size. Returns `false` if that is more than there is.
    fn take(&self, size: usize) -> bool {
        let rest = self.0.get().checked_sub(size);
        self.0.set(rest.unwrap_or(self.0.get()));
        rest.is_some()
    }
}

/// Returns what is known about the delivery of a payload, if anything is.
pub(super) fn delivery(scope: &Scope<'_>, budget: Option<&FactBudget>) -> Option<Delivery> {
    let mut delivery = Delivery::default();
    let take = |size| budget.is_none_or(|budget| budget.take(size));
    for scope in scope.outwards() {
        let (facts, size) = match scope.enclosing {
            Enclosing::Property { object, facts, .. } => {
                facts.get_or_init(|| sized(of_object(object)))
            }
            Enclosing::Message { message, facts, .. } => {
                facts.get_or_init(|| sized(of_message(message)))
            }
            Enclosing::Delivery {
                delivery: outer, ..
            } => {
                if take(outer.size()) {
                    delivery.complete(outer);
                }
                continue;
            }
            Enclosing::Line(line) => {
                line_facts(line, &mut delivery);
                continue;
            }
            Enclosing::Item(_) | Enclosing::Decoding(_) => continue,
        };
        if take(*size) {
            delivery.complete(facts);
        }
    }
    (!delivery.is_empty()).then_some(delivery)
}

/// Returns `true` if an object states the headers of a request.
pub(super) fn has_headers(object: Node<'_>, facts: &Facts) -> bool {
    let (delivery, _) = facts.get_or_init(|| sized(of_object(object)));
    !delivery.headers.is_empty()
}

fn sized(delivery: Delivery) -> (Delivery, usize) {
    let size = delivery.size();
    (delivery, size)
}

/// Returns what an HTTP message says about its delivery.
fn of_message(message: &HttpMessage<'_>) -> Delivery {
    let headers = message.headers.iter().map(|header| Header {
        name: header.name.to_owned(),
        value: String::from_utf8_lossy(header.value).into_owned(),
    });
    let headers = headers.collect();
    match &message.start {
        Start::Request { method, target, .. } => Delivery {
            method: Some((*method).to_owned()),
            url: Some((*target).to_owned()),
            headers,
            ..Delivery::default()
        },
        Start::Response { status, .. } => Delivery {
            status: Some(*status),
            headers,
            ..Delivery::default()
        },
    }
}

/// Returns what the properties of an object say about a delivery.
fn of_object(object: Node<'_>) -> Delivery {
    if let Some(delivery) = extracted::delivery(object) {
        return delivery;
    }
    let all = |paths: &'static [Path]| paths.iter().filter_map(|path| object.at(path));
    let first = |paths| all(paths).next();
    let time = all(TIMES).find_map(time::of_node);
    // Many objects have an id; it is that of the delivery where the object states a time, too.
    let id = || object.get("id").filter(|_| time.is_some());
    Delivery {
        method: first(METHODS).and_then(text).filter(|text| is_method(text)),
        url: first(URLS).and_then(text),
        headers: match first(HEADERS) {
            Some(node) => headers(node),
            None => headers_beside(object),
        },
        status: all(STATUSES).find_map(status),
        duration_ms: duration(object),
        attempt: first(ATTEMPTS).and_then(|attempt| digits(attempt)?.parse().ok()),
        message_id: first(IDS).or_else(id).and_then(text),
        time,
    }
}

fn text(node: Node<'_>) -> Option<String> {
    Some(node.as_str()?.into_owned()).filter(|text| !text.is_empty())
}

/// Returns the text of a number, or of a string.
fn digits(node: Node<'_>) -> Option<String> {
    match node.tag() {
        Tag::Number => Some(node.text().to_owned()),
        _ => text(node),
    }
}

fn is_method(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn status(node: Node<'_>) -> Option<u16> {
    let status = digits(node)?.parse().ok()?;
    (100..=599).contains(&status).then_some(status)
}

/// Returns the time until the response in milliseconds.
fn duration(object: Node<'_>) -> Option<f64> {
    const NANOSECONDS: f64 = 1e6;
    let number = |name| {
        let value = object.get(name)?;
        let value: f64 = digits(value)?.parse().ok()?;
        (value >= 0.0).then_some(value)
    };
    if object.get("startedDateTime").is_some() {
        return number("time");
    }
    // As ngrok's API states it.
    if object.get("request").is_some()
        && let Some(duration) = number("duration")
    {
        return Some(duration / NANOSECONDS);
    }
    if let Some(latency) = object.at(&["httpRequest", "latency"]).and_then(text) {
        // As Google Cloud Logging states it: `0.012s`.
        let seconds: f64 = latency.strip_suffix('s')?.parse().ok()?;
        return (seconds >= 0.0).then_some(seconds * 1e3);
    }
    if let Some(seconds) = number("request_time") {
        // As nginx states it.
        return Some(seconds * 1e3);
    }
    [
        "duration_ms",
        "durationMs",
        "responseTime",
        "response_time",
        "response_latency",
    ]
    .into_iter()
    .find_map(number)
}

/// Returns the headers of an object of names and values, of a list of pairs, or of a JSON text of one
/// of these.
fn headers(node: Node<'_>) -> Vec<Header> {
    if let Some(json) = node.as_str() {
        let document = Document::parse(&json);
        return document.map_or(Vec::new(), |document| {
            let root = document.root();
            if root.tag() == Tag::String {
                Vec::new()
            } else {
                headers(root)
            }
        });
    }
    if let Some(object) = node.as_object() {
        let members = Object::members(object);
        return members
            .flat_map(|(name, value)| {
                let values: Vec<_> = match value.as_array() {
                    Some(values) => values.items().filter_map(digits).collect(),
                    None => digits(value).into_iter().collect(),
                };
                let name = name.as_str().unwrap_or_default().into_owned();
                values.into_iter().map(move |value| Header {
                    name: name.clone(),
                    value,
                })
            })
            .collect();
    }
    let items = node.as_array().into_iter().flat_map(Array::items);
    items.filter_map(header).collect()
}

/// Returns the headers that are properties of the same object as the body, as smee writes them.
fn headers_beside(object: Node<'_>) -> Vec<Header> {
    const OTHERS: [&str; 4] = ["body", "bodyB", "query", "timestamp"];
    let has_header = ["content-type", "content-length", "user-agent"]
        .iter()
        .any(|name| object.get(name).is_some());
    if !has_header || OTHERS.iter().all(|name| object.get(name).is_none()) {
        return Vec::new();
    }
    let members = object.as_object().into_iter().flat_map(Object::members);
    let headers = members.filter_map(|(name, value)| {
        let name = text(name).filter(|name| !OTHERS.contains(&name.as_str()))?;
        let value = text(value)?;
        Some(Header { name, value })
    });
    headers.collect()
}

/// Returns the header of a pair: `{"name": …, "value": …}` or `[name, value]`.
fn header(pair: Node<'_>) -> Option<Header> {
    let (name, value) = match pair.as_array() {
        Some(array) => {
            let mut items = array.items();
            (items.next()?, items.next()?)
        }
        None => (pair.get("name")?, pair.get("value")?),
    };
    Some(Header {
        name: text(name)?,
        value: digits(value)?,
    })
}
