//! Types that read from objects only.
//!
//! The `Deserialize` that serde derives for a struct also accepts an array of its fields in order.
//! Mews sends no such arrays, and the schemas reject them. With `#[serde(remote = "Self")]`, serde
//! derives inherent functions instead, and [`objects`] implements the traits with them: it reads
//! only objects, and writes as derived.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// A type that is read from a map by its derived function.
pub(super) trait FromObject<'de>: Sized {
    /// Calls the derived function.
    fn from_object<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error>;
}

/// Reads an object, and rejects any other type. Call this function instead of `Type::deserialize`,
/// which is the inherent function and also accepts arrays.
pub(super) fn object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromObject<'de>,
    D: Deserializer<'de>,
{
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: FromObject<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::from_object(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Objects whose properties are not documented. The `Deserialize` of `Map` would also accept null.
impl<'de> FromObject<'de> for Map<String, Value> {
    fn from_object<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
        Self::deserialize(object)
    }
}

/// Implements `Deserialize` for types derived with `#[serde(remote = "Self")]`.
macro_rules! read_objects {
    ($($type:ident $(<$text:ident>)?),* $(,)?) => {$(
        impl<'de $(, $text: serde::Deserialize<'de>)?> crate::models::object::FromObject<'de>
            for $type $(<$text>)?
        {
            fn from_object<D: serde::Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
                // The inherent function that `remote = "Self"` derives.
                Self::deserialize(object)
            }
        }

        impl<'de $(, $text: serde::Deserialize<'de>)?> serde::Deserialize<'de>
            for $type $(<$text>)?
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::models::object::object(deserializer)
            }
        }
    )*};
}
pub(super) use read_objects;

/// Implements `Deserialize` and `Serialize` for types derived with `#[serde(remote = "Self")]`.
macro_rules! objects {
    ($($type:ident $(<$text:ident>)?),* $(,)?) => {
        crate::models::object::read_objects! { $($type $(<$text>)?),* }
        $(
            impl $(<$text: serde::Serialize>)? serde::Serialize for $type $(<$text>)? {
                fn serialize<W: serde::Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
                    Self::serialize(self, writer)
                }
            }
        )*
    };
}
pub(super) use objects;

/// Reads a property that must be present, but may be null.
pub(super) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}
