//! Shortens a large text to an excerpt with the same layout.
//!
//! The many items of a large message have few layouts, and most of these occur at its start or its end. So they are
//! learned from an excerpt, and then the message need not be parsed.

use memchr::memmem;

use crate::steps;

/// The number of bytes from which a text is large: parsing it takes several times as long as checking an excerpt.
const LARGE: usize = 1 << 20;

/// The maximum length of the part that an excerpt has of the start of a text, and of its end, in bytes.
const MAX_PART: usize = 4096;

/// Returns the start and the end of a text, if it is large. Both are cut where an object is followed by a comma.
///
/// If these are two items of the same array, the excerpt is a document like the text, with fewer items. Otherwise it is
/// not JSON or has another layout, so that nothing is learned for the text.
pub(super) fn excerpt(text: &str) -> Option<String> {
    if text.len() < LARGE {
        return None;
    }
    steps::add(2 * MAX_PART);
    let bytes = text.as_bytes();
    let last_part = bytes.len() - MAX_PART;
    let end = memmem::rfind(&bytes[..MAX_PART], b"},")?;
    let start = last_part + memmem::find(&bytes[last_part..], b"},")?;
    Some([&text[..end], &text[start..]].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use serde_json::{Value, json};

    use crate::checks::{Checker, Policy};
    use crate::contract::Kind;
    use crate::document::{Document, PayloadText};

    const COUNT: usize = 13_000;

    fn id(number: usize) -> String {
        format!("facade00-0000-4000-8000-{number:012x}")
    }

    fn event(number: usize) -> Value {
        const NAMES: [&str; 3] = ["CustomerUpdated", "ServiceOrderUpdated", "ResourceUpdated"];
        json!({"Discriminator": NAMES[number % NAMES.len()], "Value": {"Id": id(number)}})
    }

    fn message(events: &[Value]) -> Value {
        json!({"EnterpriseId": id(1), "IntegrationId": id(2), "Events": events})
    }

    fn checker() -> Checker {
        Checker::new(Policy::default(), None)
    }

    #[test]
    fn large_messages_are_read_by_layout() {
        let general = message(&(0..COUNT).map(event).collect::<Vec<_>>());
        let sample = Kind::Websocket
            .events()
            .next()
            .map_or("", |event| event.sample);
        let sample: Value = serde_json::from_str(sample).unwrap();
        let websocket = (0..COUNT).map(|number| {
            let mut event = sample["Events"][0].clone();
            event["Id"] = id(number).into();
            event
        });
        let websocket = json!({"Events": websocket.collect::<Vec<_>>()});
        for text in [
            general.to_string(),
            format!("{general:#}"),
            websocket.to_string(),
        ] {
            let checked = checker().check(&PayloadText::from(&*text));
            assert!(checked.document.unwrap().layout().is_some());
            assert!(checked.verdict.diagnostics.is_empty());
        }
    }

    proptest! {
        // Few, since each case takes as long as hundreds of others.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]

        /// Some events or characters are different, anywhere in a large message.
        #[test]
        fn large_texts_are_checked_as_if_parsed(
            events in prop::collection::vec((any::<Index>(), select(vec![
                event(0),
                json!({"Discriminator": "CustomerUpdated", "Value": {"Id": "1"}}),
                json!({"Discriminator": "MessageAdded", "Value": {"Id": id(COUNT)}}),
                json!({"Discriminator": "x", "Value": {"Id": id(COUNT + 1)}}),
                json!({"Discriminator": "CustomerUpdated", "Value": {"Id": id(COUNT + 2), "X": {}}}),
                json!({"Value": {"Id": id(COUNT + 3)}}),
                json!([[]]),
            ])), 0..3),
            edit in prop::option::weighted(0.3, (any::<Index>(), "[]\"\\\\{},: 1aA\u{e9}]{0,2}", 0_usize..3)),
        ) {
            let mut all: Vec<_> = (0..COUNT).map(event).collect();
            for (at, event) in events {
                *at.get_mut(&mut all) = event;
            }
            let mut text = message(&all).to_string();
            if let Some((at, added, removed)) = edit {
                let at = at.index(text.len() - removed);
                text.replace_range(at..at + removed, &added);
            }
            let source = PayloadText::from(&*text);
            let checked = checker().check(&source);
            let expected = match Document::parse(&text) {
                Ok(document) => checker().check_parsed(document, &source, &[]),
                Err(error) => checker().check_broken(&source, &error, &[]),
            };
            prop_assert_eq!(checked.verdict, expected.verdict);
            prop_assert_eq!(checked.document.is_some(), expected.document.is_some());
            if let (Some(document), Some(parsed)) = (&checked.document, &expected.document) {
                let entries = document.entries().iter().map(|entry| entry.not_plain());
                prop_assert!(entries.eq(parsed.entries().iter().copied()));
            }
        }
    }
}
