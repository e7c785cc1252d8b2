//! Objects in which one property says how to read another: `Action` and `Data`, `Discriminator`
//! and `Value`, `meta` and `data`.
//!
//! The first property of each pair is the tag, the second is the content. Mews writes the tag
//! first, except for `meta`. Since JSON objects have no order, content before its tag is stored as
//! a [`Value`] until the tag was read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::Text;
use super::read::ValueReader;

/// A type that is read from an object with a tag and content.
pub(super) trait Tagged<'de>: Sized {
    /// The name of the property that says how to read the other.
    const TAG: &'static str;
    /// The name of the property with the content.
    const CONTENT: &'static str;
    /// The type of the tag's value.
    type Tag: Deserialize<'de>;

    /// Reads the content, once the tag is known.
    fn read<D: Deserializer<'de>>(tag: Self::Tag, content: D) -> Result<Self, D::Error>;
}

/// Reads an object with a tag and content.
pub(super) fn tagged<'de, T: Tagged<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(TaggedVisitor(PhantomData))
}

/// Writes an object with a tag and content, whose properties have the given names.
pub(super) fn write<W: Serializer>(
    writer: W,
    [tag_name, content_name]: [&'static str; 2],
    tag: &(impl Serialize + ?Sized),
    content: &impl Serialize,
) -> Result<W::Ok, W::Error> {
    let mut object = writer.serialize_map(Some(2))?;
    object.serialize_entry(tag_name, tag)?;
    object.serialize_entry(content_name, content)?;
    object.end()
}

/// The name of an event that is written: `Ok` if the documentation lists it, otherwise `Err`.
pub(super) struct Name<'a, S>(pub(super) Result<&'static str, &'a S>);

impl<S: Serialize> Serialize for Name<'_, S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        match self.0 {
            Ok(name) => name.serialize(writer),
            Err(name) => name.serialize(writer),
        }
    }
}

struct TaggedVisitor<T>(PhantomData<T>);

impl<'de, T: Tagged<'de>> Visitor<'de> for TaggedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut tag = None;
        let mut early = None;
        let mut result = None;
        while let Some(name) = map.next_key::<Text<'de>>()? {
            if *name == *T::TAG {
                tag = Some(map.next_value()?);
            } else if *name == *T::CONTENT {
                match tag.take() {
                    Some(tag) => result = Some(map.next_value_seed(Content(tag, PhantomData))?),
                    None => early = Some(map.next_value::<Value>()?),
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        match (result, tag, early) {
            (Some(result), ..) => Ok(result),
            (None, Some(tag), Some(early)) => T::read(tag, ValueReader(&early))
                .map_err(|error| A::Error::custom(error.in_property(T::CONTENT))),
            (None, None, _) => Err(A::Error::missing_field(T::TAG)),
            (None, Some(_), None) => Err(A::Error::missing_field(T::CONTENT)),
        }
    }
}

struct Content<'de, T: Tagged<'de>>(T::Tag, PhantomData<T>);

impl<'de, T: Tagged<'de>> DeserializeSeed<'de> for Content<'de, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, content: D) -> Result<T, D::Error> {
        T::read(self.0, content)
    }
}
