//! Placeholders: what stands in the place of a secret, of a form that validates as the secret did,
//! and that is known for a placeholder when it is seen again.

use crate::contract::is_email;
use crate::sample::{is_made_up_email, is_made_up_name};
use crate::secrets::{FEWEST, is_made_up, is_made_up_word, is_published};

use super::key::{Domain, Key};

/// How made-up ids and tokens start.
const SIGN: &str = "facade";

const NAME: &str = "Redacted-";
const EMAIL: &str = "redacted-";
const HOST: &str = "@example.com";

/// How many hex digits tell names apart.
const SHORT: usize = 8;

/// What becomes of 32 lower-case hex digits of an id.
pub(super) fn id_digits(key: &Key, digits: &str) -> String {
    if digits.starts_with(SIGN) {
        return digits.to_owned();
    }
    let rest = key.digits(Domain::Id, digits, 32 - SIGN.len());
    format!("{SIGN}{rest}")
}

/// What becomes of a UUID, in its form and case.
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
    in_case_of(id, hyphened)
}

/// What becomes of something of a token's shape; its first half stays if `is_tied`, that is, if
/// that is an id which stays.
pub(super) fn token(key: &Key, token: &str, is_tied: bool, with_ids: bool) -> Option<String> {
    let is_made_up = is_made_up_word(token);
    if !with_ids && (is_made_up || is_published(token)) {
        return None;
    }
    let (first, second) = token.split_once('-')?;
    let new_first = if is_tied && !with_ids {
        first.to_owned()
    } else {
        in_case_of(token, id_digits(key, &first.to_ascii_lowercase()))
    };
    let new_second = if is_made_up {
        second.to_owned()
    } else {
        let whole = token.to_ascii_uppercase();
        let rest = key.digits(Domain::Token, &whole, 31 - SIGN.len());
        in_case_of(token, format!("{SIGN}{rest}"))
    };
    Some(format!("{new_first}-{new_second}"))
}

/// What becomes of a secret of another shape: of its length, if that is enough to tell it apart.
pub(super) fn word(key: &Key, word: &str) -> Option<String> {
    if is_made_up_word(word) || is_published(word) {
        return None;
    }
    let length = word.chars().count().saturating_sub(SIGN.len()).max(FEWEST);
    let rest = key.digits(Domain::Word, word, length);
    Some(format!("{SIGN}{rest}").to_ascii_uppercase())
}

/// What becomes of a name.
pub(super) fn name(key: &Key, name: &str) -> Option<String> {
    if name.is_empty() || has_digits(name, NAME, "") || is_made_up_name(name) || is_made_up(name) {
        return None;
    }
    Some(format!("{NAME}{}", key.digits(Domain::Name, name, SHORT)))
}

/// What becomes of an email address. One that isn't valid keeps what is wrong with it: its signs.
pub(super) fn email(key: &Key, email: &str) -> Option<String> {
    let is_ours = has_digits(email, EMAIL, HOST) || has_digits(email, EMAIL, "");
    if email.is_empty() || is_ours || is_made_up_email(email) || is_made_up(email) {
        return None;
    }
    let rest = key.digits(Domain::Email, email, SHORT);
    if is_email(email) {
        return Some(format!("{EMAIL}{rest}{HOST}"));
    }
    let blank: String = email.chars().map(blank).collect();
    // What JSON would escape is not kept.
    let is_plain = |c: char| !matches!(c, '"' | '\\') && !c.is_control();
    Some(if is_email(&blank) || !blank.chars().all(is_plain) {
        format!("{EMAIL}{rest}")
    } else {
        blank
    })
}

fn blank(character: char) -> char {
    match character {
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        c if c.is_numeric() => '0',
        c => c,
    }
}

/// Whether a text is one of our own: hex digits between these.
fn has_digits(text: &str, before: &str, after: &str) -> bool {
    let digits = text
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    digits.is_some_and(|digits| {
        digits.len() == SHORT && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Hex digits in upper case if those of `other` are.
fn in_case_of(other: &str, digits: String) -> String {
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
    fn placeholders_stay_as_they_are() {
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
    fn ids_keep_form_and_case() {
        let key = Key::new(b"0123456789abcdef").unwrap_or_else(|error| panic!("{error}"));
        let lower = id(&key, "c66ef7b2-39d2-4632-943d-115ede9cb810");
        let upper = id(&key, "C66EF7B2-39D2-4632-943D-115EDE9CB810");
        assert!(crate::contract::is_uuid(&lower) && lower.starts_with("facade"));
        assert_eq!(lower.to_uppercase(), upper);
        assert_eq!(id(&key, &lower), lower);
    }
}
