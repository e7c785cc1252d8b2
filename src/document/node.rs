//! Looking at the tree: a [`Node`] is a value at its place, cheap to copy.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::{Document, Entry, Tag, strings};
use crate::steps;

/// One value of a [`Document`], or one property's name.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(document: &'d Document<'d>, index: u32) -> Self {
        Self { document, index }
    }

    fn entry(self) -> &'d Entry {
        &self.document.entries()[self.index as usize]
    }

    pub(crate) fn tag(self) -> Tag {
        self.entry().tag
    }

    /// Which entry of the document this is; entries are in text order.
    pub(crate) fn index(self) -> u32 {
        self.index
    }

    /// The index of the first entry behind this value.
    pub(crate) fn next_index(self) -> u32 {
        self.entry().next
    }

    pub(crate) fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// The bytes of the text that this value takes, its quotes or brackets included.
    pub fn span(self) -> Range<usize> {
        let entry = self.entry();
        entry.start as usize..entry.end as usize
    }

    /// The value as it is written.
    pub fn text(self) -> &'d str {
        &self.document.text()[self.span()]
    }

    /// The value's type, in JSON's words.
    pub fn type_name(self) -> &'static str {
        match self.tag() {
            Tag::Null => "null",
            Tag::False | Tag::True => "boolean",
            Tag::Number => "number",
            Tag::String => "string",
            Tag::Array => "array",
            Tag::Object => "object",
        }
    }

    /// Whether this is `null`.
    pub fn is_null(self) -> bool {
        self.tag() == Tag::Null
    }

    /// The boolean, if this is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// The string's content, if this is one; borrowed unless it has escapes.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let entry = self.entry();
        (entry.tag == Tag::String).then(|| {
            let inner = self.inner();
            if entry.escaped {
                Cow::Owned(strings::unescape(inner))
            } else {
                Cow::Borrowed(inner)
            }
        })
    }

    /// Whether this is a string of exactly this content.
    pub fn is_str(self, expected: &str) -> bool {
        let entry = self.entry();
        if entry.escaped {
            // No escape stands for less than a sixth of itself: long strings need no look.
            let inner = self.inner();
            return entry.tag == Tag::String
                && inner.len() <= 6 * expected.len()
                && strings::unescape(inner) == expected;
        }
        // The length settles most comparisons, and none of what follows is then looked at.
        let (start, end) = (entry.start as usize + 1, entry.end as usize);
        start + expected.len() + 1 == end
            && entry.tag == Tag::String
            && self.document.text().as_bytes()[start..end - 1] == *expected.as_bytes()
    }

    /// The same as bytes, which are cheaper to cut out.
    pub(crate) fn bytes(self) -> Option<Cow<'d, [u8]>> {
        let entry = self.entry();
        if entry.escaped {
            return self
                .as_str()
                .map(|text| Cow::Owned(text.into_owned().into_bytes()));
        }
        let (start, end) = (entry.start as usize + 1, entry.end as usize);
        (entry.tag == Tag::String)
            .then(|| Cow::Borrowed(&self.document.text().as_bytes()[start..end - 1]))
    }

    /// A string's text between its quotes, escapes as written.
    fn inner(self) -> &'d str {
        let span = self.span();
        &self.document.text()[span.start + 1..span.end - 1]
    }

    /// The number, if this is one.
    pub fn as_number(self) -> Option<Number> {
        steps::add(self.span().len());
        (self.tag() == Tag::Number)
            .then(|| serde_json::from_str(self.text()).ok())
            .flatten()
    }

    /// The object, if this is one.
    pub fn as_object(self) -> Option<Object<'d>> {
        (self.tag() == Tag::Object).then_some(Object { node: self })
    }

    /// The array, if this is one.
    pub fn as_array(self) -> Option<Array<'d>> {
        (self.tag() == Tag::Array).then_some(Array { node: self })
    }

    /// The value of an object's property; nothing for what is no object.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.as_object()?.get(name)
    }

    /// The value at the end of a path of property names.
    pub(crate) fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// A copy that stands alone; where a name is repeated, its last value counts.
    pub fn to_value(self) -> Value {
        match self.tag() {
            Tag::Null => Value::Null,
            Tag::False => Value::Bool(false),
            Tag::True => Value::Bool(true),
            Tag::Number => self.as_number().map_or(Value::Null, Value::Number),
            Tag::String => Value::String(self.as_str().unwrap_or_default().into_owned()),
            Tag::Array => Array { node: self }.items().map(Node::to_value).collect(),
            Tag::Object => Object { node: self }
                .members()
                .map(|(name, value)| {
                    let name = name.as_str().unwrap_or_default().into_owned();
                    (name, value.to_value())
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.span(), self.text())
    }
}

/// An object of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Object<'d> {
    node: Node<'d>,
}

impl<'d> Object<'d> {
    /// The value that a name has; the last one where the name is repeated.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.members()
            .find(|(key, _)| key.is_str(name))
            .map(|(_, value)| value)
    }

    /// Names and values in text order, the last of each name.
    pub fn members(self) -> Members<'d> {
        Members {
            cursor: Cursor::inside(self.node),
        }
    }
}

/// An array of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Array<'d> {
    node: Node<'d>,
}

impl<'d> Array<'d> {
    /// The items in order.
    pub fn items(self) -> Items<'d> {
        Items {
            cursor: Cursor::inside(self.node),
        }
    }
}

/// Steps from value to value inside a container.
#[derive(Debug, Clone)]
struct Cursor<'d> {
    document: &'d Document<'d>,
    index: u32,
    end: u32,
}

impl<'d> Cursor<'d> {
    fn inside(node: Node<'d>) -> Self {
        Self {
            document: node.document,
            index: node.index + 1,
            end: node.next_index(),
        }
    }

    fn step(&mut self) -> Option<Node<'d>> {
        steps::add(1);
        (self.index < self.end).then(|| {
            let node = Node::new(self.document, self.index);
            self.index = node.next_index();
            node
        })
    }
}

/// An object's members: see [`Object::members`].
#[derive(Debug, Clone)]
pub struct Members<'d> {
    cursor: Cursor<'d>,
}

impl<'d> Iterator for Members<'d> {
    type Item = (Node<'d>, Node<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let name = self.cursor.step()?;
            let value = self.cursor.step()?;
            if !name.entry().shadowed {
                return Some((name, value));
            }
        }
    }
}

/// An array's items: see [`Array::items`].
#[derive(Debug, Clone)]
pub struct Items<'d> {
    cursor: Cursor<'d>,
}

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        self.cursor.step()
    }
}
