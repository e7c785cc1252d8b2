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
    // All bytes are tested, without a branch, so that several are tested at once.
    let are_digits = |bytes: &[u8]| {
        let is_digit = |byte: &u8| byte.is_ascii_digit() | (b'A'..=b'F').contains(byte);
        bytes.iter().fold(true, |are, byte| are & is_digit(byte))
    };
    let token = token.as_bytes();
    token.len() == 64 && token[32] == b'-' && are_digits(&token[..32]) && are_digits(&token[33..])
}
