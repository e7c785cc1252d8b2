//! The types of scalars. Each checks its rule when it is read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use uuid::Uuid;

use crate::contract;

/// An id: a UUID, which is read only in its form with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub Uuid);

/// A point in time, with the offset that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Utc(pub DateTime<FixedOffset>);

/// An email address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email<S = String>(pub S);

/// A boolean, which in the 2019 layout may also be the string `"true"` or `"false"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flag(pub bool);

/// A text that borrows from the input if possible.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text<'a>(pub Cow<'a, str>);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Writes the time as in RFC 3339: with the offset that was read (`Z` for UTC), and without zeros
/// at the end of a fraction.
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_rfc3339_opts(SecondsFormat::Nanos, true);
        let (seconds, rest) = text.split_once('.').unwrap_or((&text, ""));
        let offset = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = rest[..rest.len() - offset.len()].trim_end_matches('0');
        let point = if digits.is_empty() { "" } else { "." };
        write!(f, "{seconds}{point}{digits}{offset}")
    }
}

impl Serialize for Id {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        writer.collect_str(self)
    }
}

impl Serialize for Utc {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        writer.collect_str(self)
    }
}

impl<S: Serialize> Serialize for Email<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        self.0.serialize(writer)
    }
}

impl Serialize for Flag {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        writer.serialize_bool(self.0)
    }
}

impl Serialize for Text<'_> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        writer.serialize_str(&self.0)
    }
}

impl<'de> Text<'de> {
    /// Converts the text to the type in which a model stores it.
    pub(super) fn keep<S: Deserialize<'de>, E: Error>(self) -> Result<S, E> {
        match self.0 {
            Cow::Borrowed(text) => S::deserialize(BorrowedStrDeserializer::new(text)),
            Cow::Owned(text) => S::deserialize(text.into_deserializer()),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Reads a string with a function that may reject it.
struct Scalar<F, T> {
    what: &'static str,
    parse: F,
    result: PhantomData<T>,
}

impl<T, F: Fn(&str) -> Option<T>> Visitor<'_> for Scalar<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Other("text"), &self.what))
    }
}

fn scalar<'de, D, T>(
    deserializer: D,
    what: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Scalar {
        what,
        parse,
        result: PhantomData,
    })
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer, "a UUID", |text| {
            contract::parse_uuid(text.as_bytes())
        })
        .map(Self)
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer, "an RFC 3339 date-time", contract::parse_utc).map(Self)
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Email<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        if contract::is_email(&text) {
            text.keep().map(Self)
        } else {
            Err(D::Error::invalid_value(
                Unexpected::Other("text"),
                &"an email address",
            ))
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl Visitor<'_> for FlagVisitor {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, \"true\" or \"false\"")
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<bool, E> {
                Ok(flag)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
                text.parse()
                    .map_err(|_| E::invalid_value(Unexpected::Other("text"), &self))
            }
        }

        deserializer.deserialize_any(FlagVisitor).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}
