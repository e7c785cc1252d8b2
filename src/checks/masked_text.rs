//! The text of a value, as summaries show it.

use std::borrow::Cow;

use crate::document::Node;
use crate::secrets::Masking;

/// Returns the text of a string, with everything masked in it that looks like a secret.
pub(super) fn masked_text(node: Option<Node<'_>>, masking: Masking) -> Option<Cow<'_, str>> {
    Some(match node?.as_str()? {
        Cow::Borrowed(text) => masking.mask(text),
        Cow::Owned(text) => Cow::Owned(masking.mask(&text).into_owned()),
    })
}
