//! Tests that no format shows a secret of any payload, wherever it is.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use mewshook::frame::Frames;
use proptest::prelude::*;
use proptest::sample::Index;

use serde_json::json;
use support::planted::{HEX, planted};
use support::printed::{REPORTS, printed};
use support::{Change, apply, cases};

/// Returns a secret and, for a token, its halves.
fn parts(secret: &str) -> Vec<String> {
    let halves = secret.split('-').filter(|half| half.len() > 8);
    let all = std::iter::once(secret).chain(halves);
    all.flat_map(|part| [part.to_owned(), part.to_lowercase()])
        .collect()
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn no_format_shows_a_secret(
        (mut payload, mut secrets) in planted(), is_pretty: bool,
        tokens in prop::collection::vec((any::<Index>(), HEX, 0..4), 0..3), cut in prop::option::of(any::<Index>()),
        format in prop::sample::select(REPORTS.to_vec()),
    ) {
        // Tokens in other strings and in names are secret, too.
        for (at, token, variant) in tokens {
            let change = match variant {
                0 => Change::Replace(at, json!(token)),
                1 => Change::Replace(at, json!(format!("a {token} b"))),
                2 => Change::Replace(at, json!(format!("https://x.example/?key={token}"))),
                _ => Change::Insert(at, token.clone(), json!(1)),
            };
            apply(&mut payload, &change);
            secrets.push(token);
        }
        let mut text = if is_pretty { format!("{payload:#}") } else { payload.to_string() };
        if let Some(cut) = cut {
            let at = cut.index(text.len());
            // Break the text anywhere except between a secret and its name.
            let is_inside = |at: usize| {
                let bytes = text.as_bytes();
                at > 0 && b"{}[]".contains(&bytes[at]) && !b": \n[".contains(&bytes[at - 1])
            };
            if let Some(at) = (at..text.len()).find(|at| is_inside(*at)) {
                text.insert(at, '}');
            }
        }
        let report = printed(Frames::from_bytes(text.clone().into_bytes()), format, 1);
        for secret in &secrets {
            for part in parts(secret) {
                prop_assert!(!report.contains(&part), "{format} shows {part} of {text}:\n{report}");
            }
        }
    }
}
