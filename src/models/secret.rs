//! A token or a key in a model.

use std::fmt;
use std::hint::black_box;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A token or a key: not shown by `Debug`, without `Display`, and compared in constant time.
///
/// It does not implement `Serialize`, so that it does not get into a log or response by accident.
/// The models that contain a secret write its value, as Mews does.
///
/// ```
/// use mewshook::models::Secret;
///
/// let token = Secret::new("C66EF7B239D24632943D115EDE9CB810");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "C66EF7B239D24632943D115EDE9CB810");
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Returns the secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// Compares in a time that depends only on the lengths. The `subtle` crate does the same, but would
/// be another dependency of programs that use only the models.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        if left.len() != right.len() {
            return false;
        }
        let mut difference = 0;
        for (left, right) in left.iter().zip(right) {
            difference = black_box(difference | (left ^ right));
        }
        difference == 0
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// Writes the secret itself, as a property of a model.
pub(super) fn exposed<W: Serializer>(secret: &Secret, writer: W) -> Result<W::Ok, W::Error> {
    writer.serialize_str(secret.expose())
}

/// Writes the secret itself, as an optional property of a model.
#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
pub(super) fn exposed_if_any<W: Serializer>(
    secret: &Option<Secret>,
    writer: W,
) -> Result<W::Ok, W::Error> {
    secret.as_ref().map(Secret::expose).serialize(writer)
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn secrets_are_equal_by_every_byte() {
        assert_eq!(Secret::new("ABC"), Secret::new("ABC"));
        for other in ["", "AB", "ABD", "XBC", "ABCD"] {
            assert_ne!(Secret::new("ABC"), Secret::new(other));
        }
    }
}
