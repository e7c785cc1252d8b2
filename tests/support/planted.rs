//! Payloads with secrets planted anywhere in them.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{Change, apply, changed_payload};

/// A regular expression for Mews tokens.
pub const HEX: &str = "[0-9A-F]{32}-[0-9A-F]{31}";

/// Returns a strategy for a payload and the secrets in it.
pub fn planted() -> impl Strategy<Value = (Value, Vec<String>)> {
    let secret = (
        HEX,
        "[g-z]{9}[0-9]{9}",
        any::<Index>(),
        any::<Index>(),
        0..9,
    );
    (changed_payload(), prop::collection::vec(secret, 0..4)).prop_map(|(mut payload, secrets)| {
        let mut planted = Vec::new();
        for (token, word, place, at, variant) in secrets {
            let (secret, name, value) = match variant {
                0 => (token.clone(), "X", json!(token)),
                1 => (word.clone(), "access_token", json!(word)),
                2 => (word.clone(), "ApiKeys", json!(["x", {"y": word}])),
                3 => (
                    word.clone(),
                    "url",
                    json!(format!("https://x.example/a?b=1&sig={word}#c")),
                ),
                4 => (
                    word.clone(),
                    "url",
                    json!(format!("https://{word}:x@y.example/")),
                ),
                5 => (word.clone(), "Cookie", json!(format!("a={word}; b"))),
                6 => {
                    let raw =
                        format!("POST / HTTP/1.1\r\nAuthorization: Bearer {word}\r\n\r\n{{}}");
                    (word, "raw", json!(raw))
                }
                7 => {
                    let body = json!({"ClientToken": word, "Id": 1}).to_string();
                    (word, "body", json!(json!({"body": body}).to_string()))
                }
                _ => (
                    token.clone(),
                    "text",
                    json!(format!("it is {token}, I think")),
                ),
            };
            let change = if place.index(2) == 0 {
                Change::Insert(at, name.to_owned(), value)
            } else {
                // Also replace the payload's own token, if it has one.
                if let Some(old) = payload.pointer_mut("/Data/AccessToken") {
                    *old = json!(secret);
                    planted.push(secret.clone());
                }
                Change::Insert(at, name.to_owned(), value)
            };
            apply(&mut payload, &change);
            planted.push(secret);
        }
        (payload, planted)
    })
}
