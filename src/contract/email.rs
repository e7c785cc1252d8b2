//! The rule for email addresses. The models need it without the schema engine, so it consists of
//! the rule of the `email_address` crate and of what the engine's `email` format requires in
//! addition.

use std::net::{Ipv4Addr, Ipv6Addr};

use email_address::EmailAddress;

/// The maximum length of a host name, in bytes.
const LONGEST_DOMAIN: usize = 253;

/// Returns `true` if this is a mailbox by RFC 5321, or by RFC 6531, with an internationalized local
/// part or domain.
///
/// For ASCII text this is the schema engine's `email` format, except that labels of a domain that
/// start with `xn--` are not decoded.
/// Source: contract, scalars.
pub(crate) fn is_email(text: &str) -> bool {
    if is_simple(text) {
        return true;
    }
    // RFC 5321 allows an empty quoted local part, but the crate does not.
    if let Some(domain) = text.strip_prefix("\"\"@") {
        return is_email(&format!("\"a\"@{domain}"));
    }
    // The crate also accepts a name before an address in angle brackets, which is not a mailbox.
    !text.ends_with('>')
        && EmailAddress::is_valid(text)
        && (!text.is_ascii() || text.rsplit_once('@').is_some_and(|(_, it)| is_domain(it)))
}

/// Returns `true` if a text is certainly an address: on both sides of the `@`, letters and digits in words that
/// are separated by dots, as in most addresses. The crate takes three times as long for those. `false` says
/// nothing.
fn is_simple(text: &str) -> bool {
    const LONGEST_LOCAL: usize = 64;
    const LONGEST_WORD: usize = 63;
    let are_words = |text: &str| {
        text.split('.').all(|word| {
            (1..=LONGEST_WORD).contains(&word.len())
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    text.split_once('@').is_some_and(|(local, domain)| {
        local.len() <= LONGEST_LOCAL
            && domain.len() <= LONGEST_DOMAIN
            && are_words(local)
            && are_words(domain)
    })
}

/// Returns `true` if a domain, which the crate has accepted, is a host name or an IP address in
/// brackets. The crate also accepts signs such as `_` in a name, and any text in brackets.
fn is_domain(domain: &str) -> bool {
    const IPV6: &str = "IPv6:";
    let Some(address) = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        return domain.len() <= LONGEST_DOMAIN && domain.bytes().all(is_part);
    };
    match address.split_at_checked(IPV6.len()) {
        Some((tag, address)) if tag.eq_ignore_ascii_case(IPV6) => {
            address.parse::<Ipv6Addr>().is_ok()
        }
        _ => address.parse::<Ipv4Addr>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses_may_be_international() {
        for text in [
            "name@example.com",
            "jörg@müller-hotel.example",
            "用户@例え.example",
            "\"quoted\"@example.com",
            "\"\"@example.com",
            "name@[127.0.0.1]",
            "name@[ipv6:::1]",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "Jo <jo@example.com>",
            "Jörg <jo@example.com>",
            "jörg",
            "jörg@",
            "@müller.example",
            "a b@müller.example",
            "a@b@c.example",
            "a@b_c.example",
            "name@[anywhere]",
            "name@[IPv6:127.0.0.1]",
            "",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    /// Both libraries give the same verdict over ASCII.
    #[cfg(feature = "check")]
    #[test]
    fn addresses_are_those_of_the_schema_engine() {
        use proptest::prelude::*;

        let engine = jsonschema::options()
            .should_validate_formats(true)
            .build(&serde_json::json!({"format": "email"}));
        let engine = engine.unwrap_or_else(|error| panic!("{error}"));
        let part = prop::sample::select(vec![
            "a",
            "B",
            "7",
            "-",
            ".",
            "@",
            "_",
            "\"",
            "\\",
            " ",
            "<",
            ">",
            "[",
            "]",
            ":",
            "::1",
            "127.0.0.1",
            "IPv6:",
            "ipv6:",
            "(",
            ")",
            ",",
            "+",
            "'",
            "%",
            "\t",
            "\u{7f}",
            "\0",
            "example.com",
            "@example.com",
            "\"@a",
            "[127.0.0.1]",
            "@[IPv6:::1]",
        ]);
        let long = ("[a.]{0,2}", 50_usize..70, 1_usize..5).prop_map(|(dot, length, count)| {
            format!("a@{}", format!("{}{dot}", "b".repeat(length)).repeat(count))
        });
        let long_local = ("[a.]{0,2}", 55_usize..70)
            .prop_map(|(dot, length)| format!("{}{dot}@b.c", "a".repeat(length)));
        let text = prop_oneof![
            8 => prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat()),
            1 => "[ -~]{0,12}@[ -~]{0,12}",
            1 => long,
            1 => long_local,
        ];
        proptest!(ProptestConfig::with_cases(20_000), |(text in text)| {
            let is_mailbox = !text.ends_with('>') && engine.is_valid(&text.as_str().into());
            prop_assert_eq!(is_email(&text), is_mailbox, "{}", text);
        });
    }
}
