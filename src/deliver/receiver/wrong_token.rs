//! URLs like the handler's, with another token: who does not know the token must not be able to guess or
//! avoid it.

use std::ops::Range;

use crate::deliver::{Target, TargetError};

/// Returns URLs with another token, each with what is wrong. Empty if no token is found: `parameter` names
/// the parameter that is one; else the secrets count that reports mask.
pub(super) fn wrong_targets(
    target: &Target,
    parameter: Option<&str>,
) -> Result<Vec<(&'static str, Target)>, TargetError> {
    let url = target.expose();
    let Some(secret) = secret(url, parameter) else {
        return Ok(Vec::new());
    };
    let token = &url[secret.clone()];
    let other: String = token.chars().map(next).collect();
    let length = token.len();
    let last = token.chars().next_back().map_or(0, char::len_utf8);
    let end = &other[other.len().saturating_sub(last)..];
    let variants = [
        ("another token of the same length", other.clone()),
        (
            "a token of which the last character differs",
            format!("{}{end}", &token[..length - last]),
        ),
        ("a token with one more character", format!("{token}0")),
        (
            "the token without its last character",
            token[..length - last].to_owned(),
        ),
        ("no token", String::new()),
    ];
    variants
        .into_iter()
        .filter(|(_, variant)| variant != token)
        .map(|(what, variant)| {
            let url = format!("{}{variant}{}", &url[..secret.start], &url[secret.end..]);
            Ok((what, Target::parse(&url)?))
        })
        .collect()
}

/// Finds the token in a URL.
fn secret(url: &str, parameter: Option<&str>) -> Option<Range<usize>> {
    match parameter {
        Some(name) => value(url, name),
        None => masked(url),
    }
}

/// Returns the range of the value of a parameter, unless it is empty.
fn value(url: &str, name: &str) -> Option<Range<usize>> {
    let mut start = url.find('?')? + 1;
    let end = url[start..].find('#').map_or(url.len(), |at| start + at);
    for part in url[start..end].split('&') {
        let value = part
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('='));
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let value_start = start + part.len() - value.len();
            return Some(value_start..start + part.len());
        }
        start += part.len() + 1;
    }
    None
}

/// Returns the range of the first secret that reports mask.
fn masked(url: &str) -> Option<Range<usize>> {
    // A URL is ASCII, so what is masked is as long.
    let masked = crate::mask(url);
    let is_masked = |at: &usize| masked.as_bytes().get(*at) != url.as_bytes().get(*at);
    let start = (0..url.len()).find(is_masked)?;
    let length = (start..url.len()).take_while(is_masked).count();
    Some(start..start + length)
}

/// Returns another character of the same class.
fn next(character: char) -> char {
    match character {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from(character as u8 + 1),
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(url: &str, parameter: Option<&str>) -> Vec<String> {
        let target = Target::parse(url).unwrap();
        let targets = wrong_targets(&target, parameter).unwrap();
        targets
            .into_iter()
            .map(|(_, target)| target.expose().to_owned())
            .collect()
    }

    #[test]
    fn a_token_in_the_query_is_replaced() {
        let expected = ["zB0", "yA0", "yA90", "yA", ""];
        let found = urls("http://a.test/mews?x=1&Token=yA9&y=2", None);
        let urls_of = |tokens: &[&str], name: &str| {
            let urls = tokens
                .iter()
                .map(|token| format!("http://a.test/mews?x=1&{name}={token}&y=2"));
            urls.collect::<Vec<_>>()
        };
        assert_eq!(found, urls_of(&expected, "Token"));
        assert_eq!(
            urls("http://a.test/mews?x=1&door=yA9&y=2", Some("door")),
            urls_of(&expected, "door")
        );
        assert!(urls("http://a.test/mews?x=1", None).is_empty());
        assert!(urls("http://a.test/mews?Token=a", Some("door")).is_empty());
    }

    #[test]
    fn a_token_in_the_path_is_replaced() {
        let found = urls("http://a.test/hooks/f3K9dj2LmQ8zXw41/mews", None);
        assert_eq!(found[0], "http://a.test/hooks/g4L0ek3MnR9aYx52/mews");
        assert_eq!(found.len(), 5);
    }
}
