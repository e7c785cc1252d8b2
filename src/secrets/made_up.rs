//! What looks like a secret and is none: published examples, and what was made up by this program.

use super::words;

/// Examples that Mews has published: the page of 2019, and the current one.
const PUBLISHED: [&str; 2] = [
    "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF",
];

/// How what is made up starts, so that one sees it.
const SIGN: &str = "facade";

/// The fewest hex digits behind that sign.
pub(crate) const FEWEST: usize = 8;

/// Whether this is one of the published examples.
pub(crate) fn is_published(token: &str) -> bool {
    PUBLISHED.contains(&token)
}

/// Whether all words of a secret are made up.
pub(crate) fn is_made_up(secret: &str) -> bool {
    let words = words(secret.as_bytes(), 0..secret.len());
    !words.is_empty() && words.iter().all(|word| is_made_up_word(&word.text))
}

/// Whether a word is made up: a token whose second half has the sign, or the sign and digits.
pub(crate) fn is_made_up_word(word: &str) -> bool {
    let (first, second) = word.split_once('-').unwrap_or(("", word));
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_length = match first.len() {
        0 => !word.starts_with('-') && second.len() >= SIGN.len() + FEWEST,
        length => length == 32 && second.len() == 31,
    };
    let start = second.get(..SIGN.len()).unwrap_or_default();
    has_length && is_hex(first) && is_hex(second) && start.eq_ignore_ascii_case(SIGN)
}
