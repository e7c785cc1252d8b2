//! Finds the tokens and keys of a payload, and recognises their format.

use crate::contract::Kind;
use crate::document::Node;

use super::Subject;

/// Returns the strings that are an access token or API key of the payload.
pub(super) fn tokens<'d>(subject: &Subject<'d>) -> impl Iterator<Item = Node<'d>> {
    let has_tokens = matches!(subject.kind, Kind::Integration | Kind::Integration2019);
    let data = subject.document.root().get("Data").filter(|_| has_tokens);
    ["AccessToken", "ApiKey"]
        .into_iter()
        .filter_map(move |name| data?.get(name))
        .filter(|token| token.as_str().is_some())
}

/// Returns `true` for 32 upper-case hex digits, a hyphen and 31 more digits: the format of all 22
/// tokens that Mews has published.
pub(super) fn has_token_format(token: &str) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    matches!(
        token.split_once('-'),
        Some((id, rest)) if (id.len(), rest.len()) == (32, 31)
            && id.bytes().chain(rest.bytes()).all(|byte| is_digit(&byte))
    )
}
