//! Lets the schema engine `jsonschema` validate the document in place.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{self, Json, JsonNumber, NodeIdentity};
use serde_json::{Number, Value};

use super::{Array, Document, Items, Members, Node, Object, Tag};

/// The JSON implementation of documents.
pub(crate) struct SpannedJson;

impl Json for SpannedJson {
    type Node<'a> = Node<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    /// A lookup passes over all members, so one pass for several names is never slower.
    const KEYS_PER_LOOKUP: usize = 4;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    /// Only called for `propertyNames`, which no bundled schema uses.
    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        let text = Value::from(string).to_string();
        let document = Document::parse(&text).or_else(|_| Document::parse("null"));
        #[expect(clippy::expect_used, reason = "serde_json writes JSON")]
        f(document.expect("a string as JSON is JSON").root())
    }
}

impl<'a> json::Node<'a, SpannedJson> for Node<'a> {
    type Object = Object<'a>;
    type Array = Array<'a>;
    type Number = SpannedNumber<'a>;

    fn as_object(&self) -> Option<Object<'a>> {
        (*self).as_object()
    }

    fn as_array(&self) -> Option<Array<'a>> {
        (*self).as_array()
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        (*self).as_str()
    }

    fn as_number(&self) -> Option<SpannedNumber<'a>> {
        let number = (*self).as_number()?;
        Some(SpannedNumber {
            text: self.text(),
            number,
        })
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        (*self).is_null()
    }

    fn is_number(&self) -> bool {
        self.tag() == Tag::Number
    }

    fn is_string(&self) -> bool {
        self.tag() == Tag::String
    }

    fn json_type(&self) -> JsonType {
        match self.tag() {
            Tag::Null => JsonType::Null,
            Tag::False | Tag::True => JsonType::Boolean,
            Tag::Number => JsonType::Number,
            Tag::String => JsonType::String,
            Tag::Array => JsonType::Array,
            Tag::Object => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let content = (*self).as_str()?;
        let bytes = content.len() as u64;
        // A character takes one to four bytes, so most checks need no count of characters.
        if bytes < min || bytes > max.saturating_mul(4) {
            return Some(false);
        }
        let length = content.chars().count() as u64;
        Some((min..=max).contains(&length))
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::String(expected) => self.is_str(expected),
            Value::Null => (*self).is_null(),
            Value::Bool(expected) => self.as_bool() == Some(*expected),
            _ => (*self).to_value() == *expected,
        }
    }

    /// Returns the index of the entry, which the engine stores as the instance of an error. The
    /// index leads to the position of the error, and a large value is not copied. The engine needs
    /// the value itself only for comparisons, which `equals_value` makes, and for `uniqueItems`,
    /// which no bundled schema uses.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Value::from(self.index()))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let address = std::ptr::from_ref(self.document()) as usize;
        Some(NodeIdentity::tagged(address, self.index()))
    }
}

impl<'a> json::Object<'a, SpannedJson> for Object<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = NamedMembers<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn is_empty(&self) -> bool {
        self.members().next().is_none()
    }

    fn get(&self, key: &Box<str>) -> Option<Node<'a>> {
        (*self).get(key)
    }

    fn members(&self) -> NamedMembers<'a> {
        NamedMembers((*self).members())
    }
}

/// An iterator over an object's members, with their names as strings.
pub(crate) struct NamedMembers<'a>(Members<'a>);

impl<'a> Iterator for NamedMembers<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.next()?;
        Some((name.as_str().unwrap_or_default(), value))
    }
}

impl<'a> json::Array<'a, SpannedJson> for Array<'a> {
    type Node = Node<'a>;
    type ElementsIter = Items<'a>;

    fn len(&self) -> usize {
        self.items().count()
    }

    fn elements(&self) -> Items<'a> {
        self.items()
    }
}

/// A number with its text.
pub(crate) struct SpannedNumber<'a> {
    text: &'a str,
    number: Number,
}

impl JsonNumber for SpannedNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.number.as_u64()
    }

    fn as_i64(&self) -> Option<i64> {
        self.number.as_i64()
    }

    fn as_f64(&self) -> Option<f64> {
        self.number.as_f64()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Borrowed(&self.number)
    }
}
