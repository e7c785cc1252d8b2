//! Where secrets stand in a text, so that no output shows them.
//!
//! Looked for in the text as it is, JSON or not: what follows a name that ends in `token` or
//! `apikey`, and anything of the shape of a Mews token, wherever it stands.

use std::borrow::Cow;
use std::ops::Range;

/// The spans of secrets in a text, in order and apart; the quotes around them are no part of them.
pub(crate) fn spans(text: &[u8]) -> Vec<Range<usize>> {
    if text.len() < TOKEN && memchr::memchr(b':', text).is_none() {
        return Vec::new();
    }
    let mut spans: Vec<_> = named(text).chain(shaped(text)).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, span| {
        let touches = next.start <= span.end;
        if touches {
            span.end = span.end.max(next.end);
        }
        touches
    });
    spans
}

/// The text with its secrets masked, letter by letter, so that nothing moves.
pub(crate) fn mask(text: &str) -> Cow<'_, str> {
    let spans = spans(text.as_bytes());
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_secret = |at: usize| spans.iter().any(|span| span.contains(&at));
    text.char_indices()
        .map(|(at, character)| if is_secret(at) { '*' } else { character })
        .collect()
}

/// What stands behind a secret's name, quoted or not: a string; else, up to the end of its line or
/// of the object, whatever is there.
fn named(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr_iter(b':', text).filter_map(|colon| {
        let name = text[..colon].trim_ascii_end();
        let name = name
            .strip_suffix(b"\"")
            .or_else(|| name.strip_suffix(b"'"))
            .unwrap_or(name);
        let is_secret = [&b"token"[..], b"apikey"].iter().any(|end| {
            let start = name.len().checked_sub(end.len());
            start.is_some_and(|start| name[start..].eq_ignore_ascii_case(end))
        });
        if !is_secret {
            return None;
        }
        let space = text[colon + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        let value = colon + 1 + space.count();
        Some(match text.get(value)? {
            b'"' => value + 1..value + 1 + string_length(&text[value + 1..]),
            b'n' if text[value..].starts_with(b"null") => return None,
            _ => {
                let rest = text[value..].iter();
                let length = rest
                    .take_while(|byte| !matches!(byte, b'}' | b'\n'))
                    .count();
                value..value + length
            }
        })
    })
}

/// How far a string goes from behind its quote: to the next one, or to the end of the line.
fn string_length(inside: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = inside.get(at) {
        match byte {
            b'"' | b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    inside.len()
}

/// How long a token is.
const TOKEN: usize = 32 + 1 + 31;

/// What has the shape of a token: 32 hex digits, a hyphen and 31 more.
fn shaped(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr_iter(b'-', text).filter_map(|hyphen| {
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let before = text[..hyphen]
            .iter()
            .rev()
            .take(32)
            .take_while(is_digit)
            .count();
        let after = text[hyphen + 1..]
            .iter()
            .take(31)
            .take_while(is_digit)
            .count();
        (before == 32 && after == 31).then(|| hyphen - 32..hyphen + 32)
    })
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn secrets_are_masked_in_place() {
        let token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D";
        let stars = "*".repeat(token.len());
        for text in [
            "see {} there",
            "{\"AccessToken\": \"{}\"}",
            "{\"X\": \"{}\"}",
        ] {
            assert_eq!(
                mask(&text.replacen("{}", token, 1)),
                text.replacen("{}", &stars, 1)
            );
        }
        assert_eq!(
            mask(r#"{"ApiKey" : "short\"er", "Name": "x"}"#),
            r#"{"ApiKey" : "*********", "Name": "x"}"#
        );
        assert_eq!(mask(r#"{"ClientToken":"cut"#), r#"{"ClientToken":"***"#);
        assert_eq!(mask(r#"{"apiKey":["cut"]}"#), r#"{"apiKey":*******}"#);
        assert_eq!(mask("{AccessToken:'cut'}"), "{AccessToken:*****}");
        assert_eq!(mask(r#"{"AccessToken":null}"#), r#"{"AccessToken":null}"#);
        assert_eq!(
            mask("c66ef7b2-39d2-4632-943d-115ede9cb810"),
            "c66ef7b2-39d2-4632-943d-115ede9cb810"
        );
    }
}
