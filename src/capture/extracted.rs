//! The records of `extract --with-delivery`.
//!
//! Such a record says what the payload is, so that nothing is searched for: the body may be broken,
//! or of no kind. Its `delivery` has the properties of [`Delivery`], and nothing else in the record
//! is about the delivery.

#[cfg(feature = "deliver")]
use data_encoding::BASE64;

#[cfg(feature = "deliver")]
use crate::document::Document;
use crate::document::{Array, Node, Object};

use super::delivery::{Delivery, Header};

/// The body of a record.
#[derive(Clone, Copy)]
pub(super) struct Body<'d> {
    /// The name of the property.
    pub(super) name: Node<'d>,
    /// The string.
    pub(super) value: Node<'d>,
    /// Whether the string is base64.
    pub(super) is_base64: bool,
}

/// Returns the delivery and the body of a text that is a record.
#[cfg(feature = "deliver")]
pub(crate) fn read(record: &str) -> Option<(Delivery, Vec<u8>)> {
    let document = Document::parse(record).ok()?;
    let root = document.root();
    let body = body(root)?;
    let text = body.value.as_str()?;
    let bytes = if body.is_base64 {
        BASE64.decode(text.as_bytes()).ok()?
    } else {
        text.into_owned().into_bytes()
    };
    Some((delivery(root)?, bytes))
}

/// Returns the body of an object that is a record.
pub(super) fn body(object: Node<'_>) -> Option<Body<'_>> {
    const LENGTH: usize = 64;
    let sha256 = object.get("body_sha256")?.as_str()?;
    if sha256.len() != LENGTH || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let members = object.as_object().into_iter().flat_map(Object::members);
    let mut bodies = members.filter_map(|(name, value)| {
        let is_base64 = match &*name.as_str()? {
            "body" => false,
            "body_base64" => true,
            _ => return None,
        };
        value.as_str().map(|_| Body {
            name,
            value,
            is_base64,
        })
    });
    bodies.next()
}

/// Returns what a record says about the delivery, if the object is a record.
pub(super) fn delivery(object: Node<'_>) -> Option<Delivery> {
    body(object)?;
    let stated = object.get("delivery");
    let text = |name| Some(stated?.get(name)?.as_str()?.into_owned());
    let number = |name| stated?.get(name)?.as_number();
    let pairs = stated.and_then(|stated| stated.get("headers")?.as_array());
    let pairs = pairs.into_iter().flat_map(Array::items);
    let headers = pairs.filter_map(|pair| {
        Some(Header {
            name: pair.get("name")?.as_str()?.into_owned(),
            value: pair.get("value")?.as_str()?.into_owned(),
        })
    });
    Some(Delivery {
        time: text("time"),
        method: text("method"),
        url: text("url"),
        headers: headers.collect(),
        status: number("status").and_then(|status| status.as_u64()?.try_into().ok()),
        duration_ms: number("duration_ms").and_then(|duration| duration.as_f64()),
        attempt: number("attempt").and_then(|attempt| attempt.as_u64()),
        message_id: text("message_id"),
    })
}
