//! Objects in which one property says how to read another: `Action` and `Data`, `Discriminator`
//! and `Value`.
//!
//! Mews writes the telling one first, and then the other is read straight away. JSON gives no
//! order, so what comes too early is kept as a [`Value`] until the telling one is there.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::Text;

/// A type that reads from such an object.
pub(super) trait Tagged<'de>: Sized {
    /// The name of the property that tells.
    const TAG: &'static str;
    /// The name of the property that is told about.
    const CONTENT: &'static str;

    /// Reads the content, once the tag is known.
    fn read<D: Deserializer<'de>>(tag: Text<'de>, content: D) -> Result<Self, D::Error>;
}

/// Reads such an object.
pub(super) fn tagged<'de, T: Tagged<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(TaggedVisitor(PhantomData))
}

struct TaggedVisitor<T>(PhantomData<T>);

impl<'de, T: Tagged<'de>> Visitor<'de> for TaggedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}` and `{}`", T::TAG, T::CONTENT)
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
            (None, Some(tag), Some(early)) => T::read(tag, early).map_err(A::Error::custom),
            (None, None, _) => Err(A::Error::missing_field(T::TAG)),
            (None, Some(_), None) => Err(A::Error::missing_field(T::CONTENT)),
        }
    }
}

struct Content<'de, T>(Text<'de>, PhantomData<T>);

impl<'de, T: Tagged<'de>> DeserializeSeed<'de> for Content<'de, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, content: D) -> Result<T, D::Error> {
        T::read(self.0, content)
    }
}
