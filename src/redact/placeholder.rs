//! Makes placeholders, which validate as the secrets that they replace, and which a second run
//! recognises as placeholders.

use crate::contract::is_email;
use crate::sample::{is_made_up_email, is_made_up_name};
use crate::secrets::{MIN_MADE_UP_DIGITS, is_made_up, is_made_up_word, is_published};

use super::key::{Domain, Key};

/// The start of made-up ids and tokens.
const MARKER: &str = "facade";

const NAME_PREFIX: &str = "Redacted-";
const EMAIL_PREFIX: &str = "redacted-";
const EMAIL_SUFFIX: &str = "@example.com";

/// The number of hexadecimal digits in the placeholder of a name.
const DIGITS: usize = 8;

/// Returns the placeholder of an id's 32 lower-case hexadecimal digits.
pub(super) fn id_digits(key: &Key, digits: &str) -> String {
    if digits.starts_with(MARKER) {
        return digits.to_owned();
    }
    let rest = key.digits(Domain::Id, digits, 32 - MARKER.len());
    format!("{MARKER}{rest}")
}

/// Returns the placeholder of a UUID, with hyphens and in the same case.
pub(super) fn id(key: &Key, id: &str) -> String {
    let digits: String = id.chars().filter(|sign| *sign != '-').collect();
    let digits = id_digits(key, &digits.to_ascii_lowercase());
    let mut hyphened = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            hyphened.push('-');
        }
        hyphened.push(digit);
    }
    with_case_of(id, hyphened)
}

/// Returns the placeholder of a complete token, or `None` if it stays. Its first half stays if it
/// is an id that stays.
pub(super) fn token(key: &Key, token: &str, has_id: bool, replaces_ids: bool) -> Option<String> {
    let is_made_up = is_made_up_word(token);
    if !replaces_ids && (is_made_up || is_published(token)) {
        return None;
    }
    let (first, second) = token.split_once('-')?;
    let new_first = if has_id && !replaces_ids {
        first.to_owned()
    } else {
        with_case_of(token, id_digits(key, &first.to_ascii_lowercase()))
    };
    let new_second = if is_made_up {
        second.to_owned()
    } else {
        let upper = token.to_ascii_uppercase();
        let rest = key.digits(Domain::Token, &upper, 31 - MARKER.len());
        with_case_of(token, format!("{MARKER}{rest}"))
    };
    Some(format!("{new_first}-{new_second}"))
}

/// Returns the placeholder of a word of any other secret, or `None` if it stays. It has the length
/// of the word unless that is too short to be unique.
pub(super) fn word(key: &Key, word: &str) -> Option<String> {
    if is_made_up_word(word) || is_published(word) {
        return None;
    }
    let length = word
        .chars()
        .count()
        .saturating_sub(MARKER.len())
        .max(MIN_MADE_UP_DIGITS);
    let rest = key.digits(Domain::Word, word, length);
    Some(format!("{MARKER}{rest}").to_ascii_uppercase())
}

/// Returns the placeholder of a name, or `None` if it stays.
pub(super) fn name(key: &Key, name: &str) -> Option<String> {
    if name.is_empty()
        || is_placeholder(name, NAME_PREFIX, "")
        || is_made_up_name(name)
        || is_made_up(name)
    {
        return None;
    }
    Some(format!(
        "{NAME_PREFIX}{}",
        key.digits(Domain::Name, name, DIGITS)
    ))
}

/// Returns the placeholder of an email address, or `None` if it stays. An invalid address keeps its
/// punctuation, which makes it invalid.
pub(super) fn email(key: &Key, email: &str) -> Option<String> {
    let is_known = is_placeholder(email, EMAIL_PREFIX, EMAIL_SUFFIX)
        || is_placeholder(email, EMAIL_PREFIX, "");
    if email.is_empty() || is_known || is_made_up_email(email) || is_made_up(email) {
        return None;
    }
    let rest = key.digits(Domain::Email, email, DIGITS);
    if is_email(email) {
        return Some(format!("{EMAIL_PREFIX}{rest}{EMAIL_SUFFIX}"));
    }
    let masked: String = email.chars().map(mask_character).collect();
    // Characters that JSON escapes are not kept.
    let is_plain = |c: char| !matches!(c, '"' | '\\') && !c.is_control();
    Some(if is_email(&masked) || !masked.chars().all(is_plain) {
        format!("{EMAIL_PREFIX}{rest}")
    } else {
        masked
    })
}

fn mask_character(character: char) -> char {
    match character {
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        c if c.is_numeric() => '0',
        c => c,
    }
}

/// Returns `true` if a text is a placeholder: hexadecimal digits between a prefix and a suffix.
fn is_placeholder(text: &str, prefix: &str, suffix: &str) -> bool {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(suffix));
    digits.is_some_and(|digits| {
        digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Returns hexadecimal digits in the case of those in `other`.
fn with_case_of(other: &str, digits: String) -> String {
    let has = |is_case: fn(&u8) -> bool| other.as_bytes().iter().any(is_case);
    let is_upper = has(u8::is_ascii_uppercase) || other.len() == 64;
    if is_upper && !has(u8::is_ascii_lowercase) {
        digits.to_ascii_uppercase()
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_not_replaced() {
        let key = Key::new(b"0123456789abcdef").unwrap_or_else(|error| panic!("{error}"));
        for of in [word, name, email] {
            for text in [
                "x",
                "a.person@example.org",
                "a person",
                "[300.0.0.1]",
                "é@é",
                "a@[1.1.1.300]",
            ] {
                let Some(once) = of(&key, text) else { continue };
                assert!(
                    of(&key, &once).is_none_or(|twice| twice == once),
                    "{text} {once}"
                );
                assert_eq!(
                    is_email(text) && once.contains('@'),
                    is_email(&once),
                    "{text} {once}"
                );
            }
        }
    }

    #[test]
    fn ids_keep_their_format_and_case() {
        let key = Key::new(b"0123456789abcdef").unwrap_or_else(|error| panic!("{error}"));
        let lower = id(&key, "c66ef7b2-39d2-4632-943d-115ede9cb810");
        let upper = id(&key, "C66EF7B2-39D2-4632-943D-115EDE9CB810");
        assert!(crate::contract::is_uuid(&lower) && lower.starts_with("facade"));
        assert_eq!(lower.to_uppercase(), upper);
        assert_eq!(id(&key, &lower), lower);
    }
}
