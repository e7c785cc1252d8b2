//! Recognises most texts without a secret at a glance: words, names, times and email addresses.
//!
//! A summary shows about ten texts of each payload, and all searches together take much longer than
//! writing one. These texts lack the signs that the searches look for; a test runs all searches on texts
//! that are recognised.

use crate::bytes::{self, is_within};
use crate::steps;

use super::{base64, tokens};

/// Returns `true` if a text cannot contain a secret or an id.
pub(super) fn is_harmless(text: &[u8]) -> bool {
    (is_word(text) && !base64::may_be_in(text)) || is_prose(text)
}

/// Returns `true` if a text consists of letters and digits, or is a time.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, several bytes are tested at once"
)]
fn is_word(text: &[u8]) -> bool {
    let is_plain = |byte: u8| {
        is_within(byte | 0x20, b'a', b'z')
            | is_within(byte, b'0', b'9')
            | (byte == b'_')
            | (byte == b'.')
            | (byte >= 0x80)
    };
    let is_of_time = |byte: u8| {
        is_within(byte, b'0', b':')
            | (byte == b'T')
            | (byte == b'Z')
            | (byte == b'+')
            | (byte == b'-')
            | (byte == b'.')
    };
    // A longer text of these signs may be an id or a token.
    bytes::all(text, is_plain) || (text.len() < tokens::ID_LENGTH && bytes::all(text, is_of_time))
}

/// Returns `true` if a text consists of short words, and of signs that don't separate a name from a value.
/// Neither an option of a command nor the name of an authentication scheme may be among the words, since
/// a space is enough between those and a value.
fn is_prose(text: &[u8]) -> bool {
    steps::add(text.len());
    let mut length = 0;
    for (at, byte) in text.iter().enumerate() {
        match class(*byte) {
            Class::OfWord => length += 1,
            Class::Sign => length = 0,
            Class::Other => return false,
        }
        let may_be_special = matches!(byte, b'-' | b'b' | b'B') && length == 1;
        if length == tokens::MIN_LENGTH || may_be_special && starts_special(&text[at..]) {
            return false;
        }
    }
    true
}

/// Returns `true` if a word starts with a text after which a value may follow without a sign.
fn starts_special(word: &[u8]) -> bool {
    ["--", "bearer", "basic"].into_iter().any(|special| {
        let start = word.get(..special.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(special.as_bytes()))
    })
}

/// What a byte is in prose.
#[derive(Debug, Clone, Copy)]
enum Class {
    /// A byte of words that may be names, tokens or base64.
    OfWord,
    /// A byte between words.
    Sign,
    /// A byte that may separate a name from its value, or start an escape or a structure.
    Other,
}

fn class(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' => Class::OfWord,
        // Quotes that are not ASCII start with this byte.
        0xE2 => Class::Other,
        b' ' | b'.' | b',' | b'!' | b'(' | b')' | b'@' | 0x80.. => Class::Sign,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::{Finder, UnescapedText};
    use super::is_harmless;

    /// What secrets, their names and the signs around them consist of, and what harmless texts do.
    const PARTS: [&str; 46] = [
        "token",
        "ApiKey",
        "Bearer",
        "BASIC",
        "bearer",
        "--token",
        "--",
        "-",
        "_",
        ".",
        ",",
        "!",
        "(",
        ")",
        "@",
        "+",
        "/",
        ":",
        "=",
        ";",
        "&",
        "%3D",
        "&lt;",
        "\"",
        "'",
        "”",
        "’",
        "<",
        ">",
        "\\",
        "\n",
        "\t",
        " ",
        "Sample Inn",
        "é東",
        "a",
        "value",
        "0123456789abcdef",
        "FEDCBA9876543210",
        "-0123456789ABCDEF",
        "FEDCBA98765432-",
        "eyJBcGlLZXkiOiAieCJ9",
        "eyJBcGlLZXkiOiAieHl6In0=",
        "“",
        " HTTP/1.1",
        "jamie@example.com",
    ];

    /// What texts without a sign of ASCII may consist of, including base64.
    const PLAIN: [&str; 16] = [
        "“",
        "”",
        "é",
        "東",
        "：",
        "\u{a0}",
        "_",
        ".",
        "a",
        "xyz",
        "token",
        "ApiKey",
        "Bearer",
        "IntegrationApiKeyCreated",
        "0123456789abcdef",
        "eyJBcGlLZXkiOiAieCJ9",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn harmless_texts_have_no_secret(
            parts in prop::collection::vec(select(PARTS.to_vec()), 0..6),
            words in prop::collection::vec(select(vec!["Bearer", "token", "--a", "0123456789abcdef", "-", " ", ".", ",", "x"]), 0..8),
            plain in prop::collection::vec(select(PLAIN.to_vec()), 0..6),
            time in "[0-9TZ:+.-]{0,40}",
            digits in "[:+.-]{0,2}([0-9]{8}(-[0-9]{4}){3}-[0-9]{12}|[0-9]{32}-[0-9]{31})[:+.-]{0,2}",
            includes_personal: bool,
            name in select(vec![None, Some("token"), Some("query"), Some("path")]),
        ) {
            for text in [parts.concat(), words.concat(), plain.concat(), time, digits] {
                if is_harmless(text.as_bytes()) {
                    let mut finder = Finder::new(includes_personal);
                    finder.search_any(UnescapedText::new(text.as_bytes()), 0, name);
                    prop_assert!(finder.matches.is_empty() && finder.containers.is_empty(), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn most_texts_of_payloads_are_harmless() {
        let texts = [
            "",
            "IntegrationCreated",
            "Sample Inn Oakridge, Zürich (No. 2)!",
            "jamie.doe-smith@example.com",
            "2024-12-23T07:38:00Z",
            "Basi Bear",
        ];
        for text in texts {
            assert!(is_harmless(text.as_bytes()), "{text}");
        }
        let others = [
            "Bearer x",
            "a bAsic x",
            "--token x",
            "a=b",
            "“token” “x”",
            "0123456789abcdef-",
        ];
        for text in others {
            assert!(!is_harmless(text.as_bytes()), "{text}");
        }
    }
}
