//! Access to the values of a document. A [`Node`] is cheap to copy.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::parser::offset;
use super::{Document, Entry, Tag, strings};
use crate::steps;

/// A value or a property name of a [`Document`].
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Node<'d> {
    pub(super) fn new(document: &'d Document<'d>, index: u32) -> Self {
        Self { document, index }
    }

    fn entry(self) -> Entry {
        self.document.entries()[self.index as usize]
    }

    #[inline]
    pub(crate) fn tag(self) -> Tag {
        Tag::of(self.first_byte())
    }

    /// Returns the first byte of the text of the value, from which its type is known.
    #[inline]
    fn first_byte(self) -> u8 {
        self.document.text().as_bytes()[self.entry().start()]
    }

    #[inline]
    fn is_string(self) -> bool {
        self.first_byte() == b'"'
    }

    /// Returns the index of the entry. Entries are in text order.
    pub(crate) fn index(self) -> u32 {
        self.index
    }

    /// Returns the index of the first entry after this value.
    pub(crate) fn next_index(self) -> u32 {
        self.entry().next()
    }

    pub(crate) fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// Returns the byte span in the text, including quotes or brackets.
    pub fn span(self) -> Range<usize> {
        let entry = self.entry();
        entry.start()..entry.end()
    }

    /// Returns the text of the value.
    pub fn text(self) -> &'d str {
        &self.document.text()[self.span()]
    }

    /// Returns the name of the value's JSON type.
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

    /// Returns `true` if this is `null`.
    pub fn is_null(self) -> bool {
        self.tag() == Tag::Null
    }

    /// Returns the boolean, or `None` if this is another type.
    pub fn as_bool(self) -> Option<bool> {
        match self.tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// Returns the content of the string, or `None` if this is another type. The content is
    /// borrowed unless it has escapes.
    #[inline]
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        self.is_string().then(|| {
            let inner = self.inner();
            if self.entry().is_escaped() {
                Cow::Owned(strings::unescape(inner))
            } else {
                Cow::Borrowed(inner)
            }
        })
    }

    /// Returns `true` if this is a string with exactly this content.
    pub fn is_str(self, expected: &str) -> bool {
        let entry = self.entry();
        if entry.is_escaped() {
            // An escape has at most six times the length of its character, so longer strings are
            // not decoded.
            let inner = self.inner();
            return inner.len() <= 6 * expected.len() && strings::unescape(inner) == expected;
        }
        // Most comparisons are decided by the length alone.
        let (start, end) = (entry.start() + 1, entry.end());
        start + expected.len() + 1 == end
            && self.is_string()
            && self.document.text().as_bytes()[start..end - 1] == *expected.as_bytes()
    }

    /// Returns the content of the string, if it certainly holds no secret and no character that reports have to
    /// escape. `None` says nothing.
    pub(crate) fn as_plain(self) -> Option<&'d str> {
        self.entry().is_plain().then(|| self.inner())
    }

    /// Returns the content of the string as bytes, which is cheaper than [`as_str`](Self::as_str).
    #[inline]
    pub(crate) fn bytes(self) -> Option<Cow<'d, [u8]>> {
        let entry = self.entry();
        if entry.is_escaped() {
            return self
                .as_str()
                .map(|text| Cow::Owned(text.into_owned().into_bytes()));
        }
        let (start, end) = (entry.start() + 1, entry.end());
        self.is_string()
            .then(|| Cow::Borrowed(&self.document.text().as_bytes()[start..end - 1]))
    }

    /// Returns the text between the quotes of a string, with escapes as written.
    fn inner(self) -> &'d str {
        let span = self.span();
        &self.document.text()[span.start + 1..span.end - 1]
    }

    /// Returns the number, or `None` if this is another type.
    pub fn as_number(self) -> Option<Number> {
        steps::add(self.span().len());
        (self.tag() == Tag::Number)
            .then(|| serde_json::from_str(self.text()).ok())
            .flatten()
    }

    /// Returns the object, or `None` if this is another type.
    pub fn as_object(self) -> Option<Object<'d>> {
        (self.first_byte() == b'{').then_some(Object { node: self })
    }

    /// Returns the array, or `None` if this is another type.
    pub fn as_array(self) -> Option<Array<'d>> {
        (self.first_byte() == b'[').then_some(Array { node: self })
    }

    /// Returns the value of a property, or `None` if this is not an object.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.as_object()?.get(name)
    }

    /// Returns the value at the end of a path of property names.
    pub(crate) fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// Returns an independent copy of the value. If a name is repeated, its last value is used.
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
    /// Returns the value of a property; the last one if the name is repeated.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        let Node { document, index } = self.node;
        let (entries, text) = (document.entries(), document.text().as_bytes());
        let mut at = index as usize + 1;
        let end = self.node.next_index() as usize;
        while at < end {
            steps::add(1);
            let (key, value) = (entries[at], entries[at + 1]);
            // Nearly always, the lengths differ.
            let is_equal = if key.is_name_of_length(name.len() + 2) {
                text[key.start() + 1..key.end() - 1] == *name.as_bytes()
            } else {
                key.is_escaped() && Node::new(document, offset(at)).is_str(name)
            };
            if is_equal && !key.is_shadowed() {
                return Some(Node::new(document, offset(at + 1)));
            }
            at = value.next() as usize;
        }
        None
    }

    /// Returns the values of several properties, as [`get`](Self::get) does for each. The object is read
    /// only once.
    #[inline]
    pub(crate) fn get_each<const N: usize>(self, names: [&str; N]) -> [Option<Node<'d>>; N] {
        let Node { document, index } = self.node;
        let (entries, text) = (document.entries(), document.text().as_bytes());
        let mut values = [None; N];
        let mut at = index as usize + 1;
        let end = self.node.next_index() as usize;
        while at < end {
            steps::add(1);
            let (key, value) = (entries[at], entries[at + 1]);
            let content = &text[key.start() + 1..key.end() - 1];
            let is = |name: &&str| {
                if key.is_escaped() {
                    Node::new(document, offset(at)).is_str(name)
                } else {
                    // Nearly always, the lengths differ.
                    content == name.as_bytes()
                }
            };
            if !key.is_shadowed()
                && let Some(known) = names.iter().position(is)
            {
                values[known] = Some(Node::new(document, offset(at + 1)));
            }
            at = value.next() as usize;
        }
        values
    }

    /// Returns the names and values in text order. Of repeated names, only the last is returned.
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
    /// Returns the items in order.
    pub fn items(self) -> Items<'d> {
        Items {
            cursor: Cursor::inside(self.node),
        }
    }
}

/// Iterates over the direct children of a container.
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

/// An iterator over the members of an object. See [`Object::members`].
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
            if !name.entry().is_shadowed() {
                return Some((name, value));
            }
        }
    }
}

/// An iterator over the items of an array. See [`Array::items`].
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_properties_are_those_that_are_looked_up_alone() {
        let text = r#"{"a": 1, "bc": 2, "a": {"d": 3}, "\u0064": 4, "e": [5], "\u0061b": 6}"#;
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let names = ["d", "a", "e", "c", "bc", "ab", ""];
        let object = document.root().as_object();
        let each = object.map_or([None; 7], |object| object.get_each(names));
        let spans = |nodes: &[Option<Node<'_>>]| -> Vec<_> {
            nodes.iter().map(|node| node.map(Node::span)).collect()
        };
        let alone = names.map(|name| document.root().get(name));
        assert_eq!(spans(&each), spans(&alone));
        assert_eq!(each.iter().flatten().count(), 5);
    }
}
