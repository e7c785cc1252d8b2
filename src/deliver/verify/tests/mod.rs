//! What is done to a body, a secret or a signature, and the causes that are then named. Each test makes
//! the change itself, so that what undoes it is not compared with itself.

mod properties;
mod serialized;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use hmac::Mac;

use super::SignatureCause as Cause;
use super::*;

const BODY: &str = r#"{"data": {"id": "1", "type": "orders"}, "meta": {"eventType": "a"}}"#;

fn code(secret: &[u8], body: &[u8]) -> Vec<u8> {
    signature::mac(secret, body)
        .finalize()
        .into_bytes()
        .to_vec()
}

fn sign(secret: &[u8], body: &[u8]) -> String {
    BASE64.encode(&code(secret, body))
}

fn verify(secrets: &[&[u8]], body: CapturedBody<'_>, values: &[&str]) -> SignatureVerdict {
    let secrets = secrets.iter().enumerate();
    let secrets = secrets.map(|(number, secret)| SecretText::for_test(secret, &number.to_string()));
    Verifier::new(secrets.collect()).verify(body, values)
}

/// Returns the causes of a mismatch, or `None` if the signature is valid.
fn causes(secret: &[u8], body: &[u8], value: &str) -> Option<Vec<Cause>> {
    match verify(
        &[secret],
        CapturedBody::new(body, BodyFidelity::Bytes),
        &[value],
    ) {
        SignatureVerdict::Valid { .. } => None,
        SignatureVerdict::Mismatch { causes, .. } => Some(causes),
        SignatureVerdict::Unverifiable { .. } => panic!("all bytes are known"),
    }
}

#[track_caller]
fn assert_body(signed: &[u8], captured: &[u8], expected: &[Cause]) {
    assert_ne!(signed, captured);
    let found = causes(b"key", captured, &sign(b"key", signed));
    assert_eq!(
        found.as_deref(),
        Some(expected),
        "signed {:?}, captured {:?}",
        String::from_utf8_lossy(signed),
        String::from_utf8_lossy(captured)
    );
}

#[test]
fn changes_of_bodies_are_named() {
    let lines = "{\n  \"a\": 1\n}";
    let crlf = "{\r\n  \"a\": 1\r\n}";
    let cases: &[(&str, &str, &[Cause])] = &[
        (BODY, &format!("{BODY}\n"), &[Cause::NewlineAdded]),
        (BODY, &format!("{BODY}\r\n"), &[Cause::NewlineAdded]),
        (&format!("{BODY}\n"), BODY, &[Cause::NewlineRemoved]),
        (&format!("{BODY}\r\n"), BODY, &[Cause::NewlineRemoved]),
        (BODY, &format!("\n{BODY} \n\n"), &[Cause::WhiteSpaceAdded]),
        (lines, crlf, &[Cause::CrlfAdded]),
        (crlf, lines, &[Cause::CrlfRemoved]),
        ("{}\n", "{}\r\n", &[Cause::CrlfAdded]),
        ("{}\r\n", "{}\n", &[Cause::CrlfRemoved]),
        (
            BODY,
            &format!("\u{feff}{BODY}"),
            &[Cause::ByteOrderMarkAdded],
        ),
        (
            &format!("\u{feff}{BODY}"),
            BODY,
            &[Cause::ByteOrderMarkRemoved],
        ),
        // Several changes at once.
        (
            lines,
            &format!("{crlf}\r\n"),
            &[Cause::CrlfAdded, Cause::NewlineAdded],
        ),
        (
            lines,
            &format!("\u{feff}{crlf}\r\n"),
            &[
                Cause::ByteOrderMarkAdded,
                Cause::CrlfAdded,
                Cause::NewlineAdded,
            ],
        ),
        (
            &format!("\u{feff}{BODY}\n"),
            BODY,
            &[Cause::ByteOrderMarkRemoved, Cause::NewlineRemoved],
        ),
        // Other bodies have no cause.
        (BODY, &BODY.replace("\"1\"", "\"2\""), &[]),
        (BODY, "", &[]),
        (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, &[]),
        (r#"{"a":1.0}"#, r#"{"a":1}"#, &[]),
        (r#"{"a":1}"#, r#"{"a":1,}"#, &[]),
    ];
    for (signed, captured, expected) in cases {
        assert_body(signed.as_bytes(), captured.as_bytes(), expected);
    }
}

#[test]
fn converted_characters_are_named() {
    let signed = r#"{"name": "Jörg – Zoë €"}"#;
    let latin_1: String = signed.bytes().map(char::from).collect();
    assert_body(signed.as_bytes(), latin_1.as_bytes(), &[Cause::Reencoded]);
    // As `iconv -f WINDOWS-1252 -t UTF-8` prints it.
    let windows_1252 = r#"{"name": "JÃ¶rg â€“ ZoÃ« â‚¬"}"#;
    assert_body(
        signed.as_bytes(),
        windows_1252.as_bytes(),
        &[Cause::Reencoded],
    );
    assert_body("Jörg".as_bytes(), b"J\xf6rg", &[Cause::Reencoded]);
}

#[test]
fn spellings_of_secrets_are_named() {
    let white_space: &[Cause] = &[Cause::SecretWhiteSpace];
    let cases: &[(&[u8], &[u8], &[Cause])] = &[
        (b"key", b"key ", white_space),
        (b"key", b" key\n", white_space),
        (b"key", b"\xef\xbb\xbfkey", white_space),
        (b"key\n", b"key", white_space),
        (b"key\r\n", b"key", white_space),
        (b"key ", b"key", white_space),
        (b" key", b"key", white_space),
        (b"key", b"\"key\"", &[Cause::SecretQuotes]),
        (b"key", b"'key'", &[Cause::SecretQuotes]),
        (&[0xfb, 0xff], b"fbff", &[Cause::SecretEncoded]),
        (&[0xfb, 0xff], b"FBFF", &[Cause::SecretEncoded]),
        (&[0xfb, 0xff], b"+/8=", &[Cause::SecretEncoded]),
        (&[0xfb, 0xff], b"-_8", &[Cause::SecretEncoded]),
        (b"key", b"Key", &[]),
        (b"key", b"   ", &[]),
    ];
    for (signed, known, expected) in cases {
        let found = causes(known, BODY.as_bytes(), &sign(signed, BODY.as_bytes()));
        assert_eq!(found.as_deref(), Some(*expected), "{known:?}");
    }
}

#[test]
fn spellings_of_signatures_are_named() {
    // A code with `+`, `/` and so `-` and `_`.
    let body = (0..).map(|number| format!("{BODY}{number}"));
    let mut body = body.filter(|body| {
        let signature = sign(b"key", body.as_bytes());
        signature.contains('+') && signature.contains('/')
    });
    let body = body.next().unwrap();
    let code = code(b"key", body.as_bytes());
    let base64 = BASE64.encode(&code);
    let hex = HEXLOWER.encode(&code);
    let cases: &[(String, &[Cause])] = &[
        (hex.clone(), &[Cause::Hex]),
        (HEXUPPER.encode(&code), &[Cause::Hex]),
        (
            format!("sha256={hex}"),
            &[Cause::SignaturePrefix, Cause::Hex],
        ),
        (format!("sha256={base64}"), &[Cause::SignaturePrefix]),
        (format!("SHA256= {base64}"), &[Cause::SignaturePrefix]),
        (BASE64.encode(hex.as_bytes()), &[Cause::Base64OfHex]),
        (BASE64URL.encode(&code), &[Cause::UrlSafeBase64]),
        (
            BASE64URL_NOPAD.encode(&code),
            &[Cause::UrlSafeBase64, Cause::NoPadding],
        ),
        (base64.replace('=', ""), &[Cause::NoPadding]),
        (format!("\"{base64}\""), &[Cause::SignatureQuotes]),
        (format!("'{base64}'"), &[Cause::SignatureQuotes]),
        (base64[..42].to_owned(), &[Cause::SignatureTruncated]),
        (base64[..40].to_owned(), &[Cause::SignatureTruncated]),
        (base64[..12].to_owned(), &[Cause::SignatureTruncated]),
        (BASE64.encode(&code[..16]), &[Cause::SignatureTruncated]),
        // Too short to say so, or of other lengths and alphabets.
        (base64[..11].to_owned(), &[Cause::Malformed]),
        (format!("{base64}="), &[Cause::Malformed]),
        (format!("{base64}AAAA"), &[Cause::Malformed]),
        (format!("{base64}{base64}"), &[Cause::Malformed]),
        ("?".repeat(44), &[Cause::Malformed]),
        ("sha256=".to_owned(), &[Cause::Malformed]),
        (sign(b"other", body.as_bytes()), &[]),
    ];
    for (value, expected) in cases {
        let found = causes(b"key", body.as_bytes(), value);
        assert_eq!(found.as_deref(), Some(*expected), "{value}");
    }
    for value in [format!(" {base64}"), format!("{base64}\t")] {
        assert_eq!(causes(b"key", body.as_bytes(), &value), None, "{value}");
    }
}

#[test]
fn the_last_character_of_a_signature_counts_with_all_its_bits() {
    let signature = sign(b"key", BODY.as_bytes());
    let (start, last) = signature.split_at(42);
    for other in 'A'..='Z' {
        let value = format!("{start}{other}=");
        if !last.starts_with(other) {
            let found = causes(b"key", BODY.as_bytes(), &value);
            assert!(found.is_some(), "{value}");
        }
    }
}

#[test]
fn a_body_and_a_signature_may_both_be_changed() {
    let value = HEXLOWER.encode(&code(b"key", BODY.as_bytes()));
    let found = causes(b"key", format!("{BODY}\n").as_bytes(), &value);
    assert_eq!(found.unwrap(), [Cause::NewlineAdded, Cause::Hex]);
    let found = causes(b"key ", BODY.as_bytes(), &value);
    assert_eq!(found.unwrap(), [Cause::SecretWhiteSpace, Cause::Hex]);
}

#[test]
fn any_of_several_secrets_may_fit_and_is_named() {
    let secrets: [&[u8]; 3] = [b"old", b"key", b"new"];
    for (number, secret) in secrets.iter().enumerate() {
        let body = CapturedBody::new(BODY.as_bytes(), BodyFidelity::Bytes);
        let verdict = verify(&secrets, body, &[&sign(secret, BODY.as_bytes())]);
        let expected = SignatureVerdict::Valid {
            secret: number.to_string(),
            is_serialized: false,
        };
        assert_eq!(verdict, expected);
    }
}

#[test]
fn several_signatures_are_no_valid_one() {
    let right = sign(b"key", BODY.as_bytes());
    let body = CapturedBody::new(BODY.as_bytes(), BodyFidelity::Bytes);
    for values in [[&*right, "abc"], ["abc", &right]] {
        let verdict = verify(&[b"key"], body, &values);
        let expected = SignatureVerdict::Mismatch {
            secret: Some("0".to_owned()),
            causes: vec![Cause::SeveralSignatures],
        };
        assert_eq!(verdict, expected);
    }
}

#[test]
fn a_value_fits_if_it_is_serialized_in_a_usual_way() {
    let text = "{ \"a\": \"J\\u00f6rg\",\n \"b\": [1, 2] }".as_bytes();
    let body = CapturedBody::new(text, BodyFidelity::Value);
    let valid = SignatureVerdict::Valid {
        secret: "0".to_owned(),
        is_serialized: true,
    };
    for signed in [
        r#"{"a":"Jörg","b":[1,2]}"#,
        r#"{"a": "J\u00f6rg", "b": [1, 2]}"#,
        "{\n  \"a\": \"Jörg\",\n  \"b\": [\n    1,\n    2\n  ]\n}",
    ] {
        let value = sign(b"key", signed.as_bytes());
        assert_eq!(verify(&[b"key"], body, &[&value]), valid, "{signed}");
        let hex = HEXLOWER.encode(&code(b"key", signed.as_bytes()));
        let mismatch = SignatureVerdict::Mismatch {
            secret: Some("0".to_owned()),
            causes: vec![Cause::Hex],
        };
        assert_eq!(verify(&[b"key"], body, &[&hex]), mismatch, "{signed}");
    }
    let unknown = SignatureVerdict::Unverifiable {
        cause: Cause::NoBytes,
    };
    for signed in [r#"{"b":[1,2],"a":"Jörg"}"#, ""] {
        let value = sign(b"key", signed.as_bytes());
        assert_eq!(verify(&[b"key"], body, &[&value]), unknown, "{signed}");
    }
}
