//! The texts of summaries: strings of a payload with everything masked in them that looks like a secret.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Serialize, Serializer};

use crate::document::Node;
use crate::secrets::{Masking, is_plain};

/// A text of a summary. It is borrowed from the payload unless something in it is escaped or masked.
#[derive(Clone)]
pub struct SummaryText<'d> {
    text: Cow<'d, str>,
    /// Whether it certainly holds no secret and no character that reports have to escape.
    is_plain: bool,
}

impl<'d> SummaryText<'d> {
    /// Returns the text of a string, masked if masking is on. `None` if the value is missing or another type.
    pub(super) fn masked(node: Option<Node<'d>>, masking: Masking) -> Option<Self> {
        let node = node?;
        if let Some(text) = node.as_plain() {
            return Some(Self::plain(text));
        }
        let text = match node.as_str()? {
            Cow::Borrowed(text) if is_plain(text.as_bytes()) => return Some(Self::plain(text)),
            Cow::Borrowed(text) => masking.mask(text),
            Cow::Owned(text) => Cow::Owned(masking.mask(&text).into_owned()),
        };
        Some(text.into())
    }

    fn plain(text: &'d str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            is_plain: true,
        }
    }

    /// Returns `true` if the text certainly consists of printable ASCII without `"`, `\` and `#`, and holds no
    /// secret. `false` says nothing.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Returns the text as a string.
    pub fn into_owned(self) -> String {
        self.text.into_owned()
    }
}

impl<'d> From<Cow<'d, str>> for SummaryText<'d> {
    fn from(text: Cow<'d, str>) -> Self {
        Self {
            text,
            is_plain: false,
        }
    }
}

impl Deref for SummaryText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

// Not derived: texts are equal whether or not it is known that they are plain.
impl PartialEq for SummaryText<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SummaryText<'_> {}

impl Hash for SummaryText<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for SummaryText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for SummaryText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for SummaryText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
