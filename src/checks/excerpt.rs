//! Makes an excerpt of a large text, which usually has the same layout.
//!
//! The many items of a large message have few layouts, most of which also occur at its start or its end. So they are
//! learned from an excerpt, and then the message need not be parsed.

use memchr::memmem;

use crate::steps;

/// Tests try many texts, so these are small.
const IS_TEST: bool = cfg!(any(test, fuzzing));

/// The number of bytes from which a text is large: parsing it takes much longer than checking an excerpt.
const LARGE: usize = if IS_TEST { 2 << 10 } else { 1 << 20 };

/// The maximum length of the part that an excerpt has of the start of a text, and of its end, in bytes.
const MAX_PART: usize = if IS_TEST { 512 } else { 4096 };

/// Returns the start and the end of a text, joined. Both are cut where a comma follows an object. Returns `None` if the
/// text is not large, or if there is no such place.
///
/// If both objects are items of the same array, the excerpt is a document like the text, with fewer items. Otherwise
/// it is not JSON or has another layout, so that nothing is learned for the text.
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

    /// The number of events of a large message: several times as many as an excerpt has.
    const COUNT: usize = 60;

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
        for (kind, text) in [
            (Kind::General, general.to_string()),
            (Kind::General, format!("{general:#}")),
            (Kind::Websocket, websocket.to_string()),
        ] {
            let mut checker = checker();
            let document = checker.parse(&PayloadText::from(&*text)).unwrap();
            assert!(document.layout().is_some());
            assert_eq!(checker.shapes.kind_by_layout(&document), Some(kind));
        }
    }

    /// An event that is not like the others.
    fn odd_event() -> impl Strategy<Value = Value> {
        select(vec![
            event(0),
            json!({"Discriminator": "CustomerUpdated", "Value": {"Id": "1"}}),
            json!({"Discriminator": "MessageAdded", "Value": {"Id": id(COUNT)}}),
            json!({"Discriminator": "x", "Value": {"Id": id(COUNT + 1)}}),
            json!({"Discriminator": "CustomerUpdated", "Value": {"Id": id(COUNT + 2), "X": {}}}),
            json!({"Value": {"Id": id(COUNT + 3)}}),
            json!({"Value": {"Id": id(COUNT + 4)}, "Discriminator": "CustomerUpdated"}),
            json!({"Discriminator": "MessageAdded", "Value": {"Id": id(COUNT + 5), "ThreadId": id(0)}}),
            json!([[]]),
        ])
    }

    /// A message of any number of events, some of which are odd.
    fn text() -> impl Strategy<Value = String> {
        let odd = (any::<Index>(), odd_event(), 1_usize..3);
        let edit = (any::<Index>(), "[]\"\\\\{},: 1aA\u{e9}]{0,2}", 0_usize..3);
        let parts = (
            1..COUNT,
            prop::collection::vec(odd, 0..3),
            prop::option::weighted(0.2, edit),
        );
        parts.prop_map(|(count, odd, edit)| {
            let mut events: Vec<_> = (0..count).map(event).collect();
            for (at, event, count) in odd {
                for _ in 0..count {
                    events.insert(at.index(events.len()), event.clone());
                }
            }
            let mut text = message(&events).to_string();
            if let Some((at, added, removed)) = edit {
                let at = at.index(text.len() - removed);
                text.replace_range(at..at + removed, &added);
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Large and small texts, one after the other, are checked as if each was parsed and alone.
        #[test]
        fn large_texts_are_checked_as_if_parsed(texts in prop::collection::vec(text(), 1..4)) {
            let mut one_checker = checker();
            for text in &texts {
                let source = PayloadText::from(&**text);
                let checked = one_checker.check(&source);
                let expected = match Document::parse(text) {
                    Ok(document) => checker().check_parsed(document, &source, &[]),
                    Err(error) => checker().check_broken(&source, &error, &[]),
                };
                prop_assert_eq!(&checked.verdict, &expected.verdict);
                prop_assert_eq!(checked.document.is_some(), expected.document.is_some());
                if let (Some(document), Some(parsed)) = (&checked.document, &expected.document) {
                    let entries = document.entries().iter().map(|entry| entry.without_plain_flag());
                    prop_assert!(entries.eq(parsed.entries().iter().copied()));
                }
                one_checker.recycle(checked);
            }
        }
    }
}
