//! What encloses a payload: objects, HTTP messages and lines, the innermost first.
//!
//! Scopes are a list on the stack of the search. They are only read for payloads that were found,
//! since most values of a capture hold none.

use crate::document::Node;

use super::body::BodyCache;
use super::damage::StatedSize;
use super::delivery::Delivery;
use super::facts::Facts;
use super::http::HttpMessage;
use super::line::is_cri_line;

/// The name of text in which an object stands.
const TEXT: &str = "text";

/// What directly encloses a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Enclosing<'s> {
    /// A property of an object.
    Property {
        object: Node<'s>,
        name: Node<'s>,
        value: Node<'s>,
        facts: &'s Facts,
        cache: &'s BodyCache,
    },
    /// An item of an array.
    Item(usize),
    /// A text that was decoded from a string or another notation.
    Decoding(Decoding<'s>),
    /// An HTTP message.
    Message {
        message: &'s HttpMessage<'s>,
        facts: &'s Facts,
        cache: &'s BodyCache,
    },
    /// A record of a tool that states the delivery of what is in it.
    Delivery {
        capture: &'static str,
        delivery: &'s Delivery,
    },
    /// The text before the value in its line.
    Line(&'s [u8]),
}

/// A text that was decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decoding<'s> {
    /// The name of the notation that it was decoded from.
    pub(super) name: &'static str,
    pub(super) text: &'s [u8],
    pub(super) stated_size: &'s StatedSize,
    pub(super) cache: &'s BodyCache,
}

/// A scope, and the scopes around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) enclosing: Enclosing<'s>,
    pub(super) around: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    /// Returns `true` if this is a property with a name.
    pub(super) fn is_property(&self, expected: &str) -> bool {
        match self.enclosing {
            Enclosing::Property { name, .. } => name.as_str().as_deref() == Some(expected),
            _ => false,
        }
    }

    /// Returns the name of the outermost notation.
    pub(super) fn notation(&self) -> Option<&'static str> {
        let names = self.outwards().filter_map(|scope| match scope.enclosing {
            Enclosing::Decoding(decoding) => Some(decoding.name),
            Enclosing::Message { .. } => Some("HTTP"),
            Enclosing::Delivery { capture, .. } => Some(capture),
            Enclosing::Line(line) if is_cri_line(line) => Some("Kubernetes"),
            Enclosing::Line(_) => Some(TEXT),
            Enclosing::Property { .. } | Enclosing::Item(_) => None,
        });
        names.max_by_key(|name| *name != TEXT)
    }

    /// Returns this scope and those around it.
    pub(super) fn outwards(&'s self) -> impl Iterator<Item = &'s Scope<'s>> {
        std::iter::successors(Some(self), |scope| scope.around)
    }
}
