//! The records of `extract --with-delivery`.
//!
//! Such a record says what the payload is, so that nothing is searched for: the body may be broken,
//! or of no kind. Its `delivery` has the properties of [`Delivery`], and nothing else in the record
//! is about the delivery.

use crate::document::{Node, Object};

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

/// Returns the body of an object that is a record.
pub(super) fn body(object: Node<'_>) -> Option<Body<'_>> {
    const LENGTH: usize = 64;
    let sha256 = object.get("sha256")?.as_str()?;
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

/// Adds what a record says about the delivery, and returns `true`, if the object is a record.
pub(super) fn add_facts(object: Node<'_>, delivery: &mut Delivery) -> bool {
    if body(object).is_none() {
        return false;
    }
    let stated = object.get("delivery");
    let text = |name| Some(stated?.get(name)?.as_str()?.into_owned());
    let number = |name| stated?.get(name)?.as_number();
    let Delivery {
        time,
        method,
        url,
        headers,
        status,
        duration_ms,
        attempt,
        message_id,
    } = delivery;
    *time = time.take().or_else(|| text("time"));
    *method = method.take().or_else(|| text("method"));
    *url = url.take().or_else(|| text("url"));
    *status = status.or_else(|| number("status")?.as_u64()?.try_into().ok());
    *duration_ms = duration_ms.or_else(|| number("duration_ms")?.as_f64());
    *attempt = attempt.or_else(|| number("attempt")?.as_u64());
    *message_id = message_id.take().or_else(|| text("message_id"));
    if headers.is_empty()
        && let Some(pairs) = stated.and_then(|stated| stated.get("headers")?.as_array())
    {
        let pairs = pairs.items().filter_map(|pair| {
            Some(Header {
                name: pair.get("name")?.as_str()?.into_owned(),
                value: pair.get("value")?.as_str()?.into_owned(),
            })
        });
        headers.extend(pairs);
    }
    true
}
