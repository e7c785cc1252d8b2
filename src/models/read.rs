//! Reading a model from a JSON value in memory, with errors that name the property.
//!
//! The crate `serde_path_to_error` adds the path to the errors of any deserializer, but leaves
//! values in the messages, and a value may be a token. It also loses the path where a value is
//! buffered, because the property that says how to read it comes later, as `meta` after `data`.
//! Here such properties ([`TAGS`]) are always read first, so nothing is buffered.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::contract::other_thing;

/// Why a payload could not be read.
///
/// The message names the property, what was expected and what was found, as in
/// `Data.IsEnabled: expected a boolean, found a string` or `Events[3].Value.Id: not a UUID`. It never
/// contains a value, since that may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    path: String,
    message: String,
}

impl ReadError {
    /// Returns the path of the property, as in `Events[3].Value.Id`; empty for the whole payload.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong with the property.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the error for a text that is not JSON.
    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        Self::custom(format_args!("not JSON: {error}"))
    }

    /// Returns the error for a value whose kind can't be detected.
    pub(super) fn unknown_kind(root: &Value) -> Self {
        match other_thing(root) {
            _ if !root.is_object() => Self::invalid_type(type_of(root), &"an object"),
            Some(other) => Self::custom(format_args!("not a webhook payload, but {}", other.name)),
            None => Self::custom("not a webhook payload of any kind that Mews documents"),
        }
    }

    /// Adds the name of the property that contains the error to the start of the path.
    pub(super) fn in_property(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path.insert_str(0, &format!("{name}{dot}"));
        self
    }

    /// Adds the index of the item that contains the error to the start of the path.
    fn in_item(self, number: usize) -> Self {
        self.in_property(&format!("[{number}]"))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            path: String::new(),
            message: message.to_string(),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        let expected = match &*expected {
            "a sequence" => "an array",
            other => other,
        };
        let found = match found {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
            Unexpected::Str(_) => "a string",
            Unexpected::Unit | Unexpected::Option => "null",
            Unexpected::Seq => "an array",
            Unexpected::Map => "an object",
            _ => "something else",
        };
        Self::custom(format_args!("expected {expected}, found {found}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("not {expected}"))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::custom("missing").in_property(name)
    }
}

fn type_of(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(flag) => Unexpected::Bool(*flag),
        Value::Number(_) => Unexpected::Float(0.0),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

/// The properties that say how to read the other properties of the same object.
const TAGS: [&str; 4] = ["Action", "Discriminator", "Type", "meta"];

/// A value as a deserializer.
#[derive(Clone, Copy)]
pub(super) struct ValueReader<'v>(pub(super) &'v Value);

impl<'de> Deserializer<'de> for ValueReader<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Value::Object(members) => {
                let mut members: Vec<(&str, &Value)> = members
                    .iter()
                    .map(|(name, value)| (name.as_str(), value))
                    .collect();
                members.sort_by_key(|(name, _)| !TAGS.contains(name));
                visitor.visit_map(Members {
                    rest: members.into_iter(),
                    current: None,
                })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items<'v>(std::iter::Enumerate<std::slice::Iter<'v, Value>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some((number, item)) = self.0.next() else {
            return Ok(None);
        };
        let item = seed.deserialize(ValueReader(item));
        item.map(Some).map_err(|error| error.in_item(number))
    }
}

struct Members<'v> {
    rest: std::vec::IntoIter<(&'v str, &'v Value)>,
    /// The member whose name was read, but whose value was not read yet.
    current: Option<(&'v str, &'v Value)>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        self.current = self.rest.next();
        self.current
            .map(|(name, _)| seed.deserialize(name.into_deserializer()))
            .transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let Some((name, value)) = self.current.take() else {
            return Err(ReadError::custom("a value was read before its name"));
        };
        let value = seed.deserialize(ValueReader(value));
        value.map_err(|error| error.in_property(name))
    }
}
