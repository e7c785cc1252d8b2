//! What holds for any body and any secret.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// Returns JSON values with any names and texts, and numbers that all serializers write alike.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::hash_map(any::<String>(), value, 1..4)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

fn any_secret() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signed_bodies_are_valid_and_changed_ones_never(
        secret in any_secret(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let value = sign(&secret, &body);
        prop_assert_eq!(causes(&secret, &body, &value), None);
        // A bit of the body, the secret or the code.
        if !body.is_empty() {
            let mut other = body.clone();
            other[at.index(body.len())] ^= 1 << bit;
            prop_assert!(causes(&secret, &other, &value).is_some());
        }
        let mut other = secret.clone();
        other[at.index(secret.len())] ^= 1 << bit;
        prop_assert!(causes(&other, &body, &value).is_some());
        let mut other = code(&secret, &body);
        other[at.index(32)] ^= 1 << bit;
        prop_assert_eq!(causes(&secret, &body, &BASE64.encode(&other)), Some(vec![]));
    }

    #[test]
    fn a_single_change_is_never_valid_and_is_named(
        secret in "[!-~]{1,40}",
        value in json(),
        layout in 0..2,
        change in 0..12,
    ) {
        let compact = value.to_string();
        let pretty = format!("{value:#}");
        let (body, other) = match layout {
            0 => (compact, pretty),
            _ => (pretty, compact),
        };
        let is_ascii = body.is_ascii();
        let (signed, captured, cause) = match change {
            0 => (body.clone(), body + "\n", Cause::NewlineAdded),
            1 => (format!("{body}\n"), body, Cause::NewlineRemoved),
            2 => (format!("{body}\r\n"), body, Cause::NewlineRemoved),
            3 => (body.clone(), format!("  {body}\n"), Cause::WhiteSpaceAdded),
            4 => (body.clone() + "\n", body.replace('\n', "\r\n") + "\r\n", Cause::CrlfAdded),
            5 => (body.replace('\n', "\r\n") + "\r\n", body + "\n", Cause::CrlfRemoved),
            6 => (body.clone(), format!("\u{feff}{body}"), Cause::ByteOrderMarkAdded),
            7 => (format!("\u{feff}{body}"), body, Cause::ByteOrderMarkRemoved),
            8 => (body, other, Cause::SerializedAnew),
            9 => (body.clone(), body.bytes().map(char::from).collect(), Cause::Reencoded),
            10 => {
                let found = causes(format!("{secret} ").as_bytes(), body.as_bytes(), &sign(secret.as_bytes(), body.as_bytes()));
                prop_assert_eq!(found, Some(vec![Cause::SecretWhiteSpace]));
                return Ok(());
            }
            _ => {
                let hex = HEXLOWER.encode(&code(secret.as_bytes(), body.as_bytes()));
                prop_assert_eq!(causes(secret.as_bytes(), body.as_bytes(), &hex), Some(vec![Cause::Hex]));
                return Ok(());
            }
        };
        prop_assume!(change != 9 || !is_ascii);
        let value = sign(secret.as_bytes(), signed.as_bytes());
        prop_assert_eq!(causes(secret.as_bytes(), captured.as_bytes(), &value), Some(vec![cause]));
        prop_assert_eq!(causes(secret.as_bytes(), signed.as_bytes(), &value), None);
    }
}
