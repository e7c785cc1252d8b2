//! The secrets of a payload: where they stand, and what they look like.

use crate::contract::Kind;
use crate::document::Node;

use super::Subject;

/// Examples that Mews has published: the page of 2019, and the current one.
const PUBLISHED: [&str; 2] = [
    "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF",
];

/// The strings that are an access token or API key of the payload.
pub(super) fn tokens<'d>(subject: &Subject<'d>) -> impl Iterator<Item = Node<'d>> {
    let has_tokens = matches!(subject.kind, Kind::Integration | Kind::Integration2019);
    let data = subject.document.root().get("Data").filter(|_| has_tokens);
    ["AccessToken", "ApiKey"]
        .into_iter()
        .filter_map(move |name| data?.get(name))
        .filter(|token| token.as_str().is_some())
}

/// Whether this is 32 upper-case hex digits, a hyphen and 31 more, as all 22 tokens that Mews ever
/// published.
pub(super) fn has_shape(token: &str) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    matches!(
        token.split_once('-'),
        Some((id, rest)) if (id.len(), rest.len()) == (32, 31)
            && id.bytes().chain(rest.bytes()).all(|byte| is_digit(&byte))
    )
}

/// Whether this is one of the published examples, and so no secret.
pub(super) fn is_published(token: &str) -> bool {
    PUBLISHED.contains(&token)
}

/// Whether this is a made-up token, whose second half starts so that one sees it.
pub(super) fn is_placeholder(token: &str) -> bool {
    has_shape(token)
        && token
            .split_once('-')
            .is_some_and(|(_, rest)| rest.starts_with("FACADE"))
}
