//! A document that is read by its layout is the one that the parser returns.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::document::{Array, Document, MAX_DEPTH, Object, Tag, Tape};

use super::{Classify, Layouts};

/// Classes of short strings: digits, letters, and others.
#[derive(Debug, Clone)]
struct Simple;

impl Classify for Simple {
    fn class(text: &[u8]) -> u32 {
        match text {
            [] => 0,
            _ if text.iter().all(u8::is_ascii_digit) => 1,
            _ if text.iter().all(u8::is_ascii_lowercase) => 2,
            _ => 3,
        }
    }

    fn expected_length(class: u32, rest: &[u8]) -> Option<usize> {
        match rest {
            [b'0'..=b'9', b'0'..=b'9', b'"', ..] if class == 1 => Some(2),
            _ => None,
        }
    }

    fn is_plain(class: u32, _: &[u8]) -> bool {
        class == 1
    }
}

fn is_number_in_quotes(text: &str) -> bool {
    let content = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    content.is_some_and(|content| Simple::class(content.as_bytes()) == 1)
}

/// Reads a text by its layout. The result must be the same as that of the parser.
fn read(layouts: &mut Layouts<Simple>, text: &str) -> Option<(Vec<u64>, String)> {
    let document = layouts.read(Tape::default(), text, MAX_DEPTH).ok()?;
    let parsed = Document::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    for (entry, parsed) in document.entries().iter().zip(parsed.entries()) {
        assert_eq!(entry.without_plain_flag(), *parsed, "{text:?}");
        let span = entry.start()..entry.end();
        assert!(
            !entry.is_plain() || is_number_in_quotes(&text[span]),
            "{text:?}"
        );
    }
    assert_eq!(document.entries().len(), parsed.entries().len(), "{text:?}");
    assert_eq!(document.repeated(), parsed.repeated(), "{text:?}");
    let layout = document.layout().unwrap_or_default().to_vec();
    Some((layout, shape(&document, 0)))
}

fn learn(layouts: &mut Layouts<Simple>, text: &str) {
    if let Ok(document) = Document::parse(text) {
        layouts.learn(&document);
    }
}

/// Returns what documents of the same layout have in common.
fn shape(document: &Document<'_>, index: u32) -> String {
    let node = document.node(index);
    match node.tag() {
        Tag::Object => {
            let members = node.as_object().into_iter().flat_map(Object::members);
            let members = members.map(|(name, value)| {
                format!("{}:{},", name.text(), shape(document, value.index()))
            });
            format!("{{{}}}", members.collect::<String>())
        }
        Tag::Array => {
            let items = node.as_array().into_iter().flat_map(Array::items);
            let mut shapes: Vec<_> = items.map(|item| shape(document, item.index())).collect();
            let first = shapes.first().cloned();
            shapes.sort_unstable();
            shapes.dedup();
            format!("[{first:?} {shapes:?}]")
        }
        Tag::String => Simple::class(&node.bytes().unwrap_or_default()).to_string(),
        _ => node.text().to_owned(),
    }
}

/// JSON text of few names and strings, with and without white space.
fn json() -> impl Strategy<Value = String> {
    let space = || select(vec!["", "", "", " ", "\n "]);
    let text = select(vec![
        r#""""#,
        r#""12""#,
        r#""345""#,
        r#""abc""#,
        r#""x""#,
        r#""A b@c""#,
        r#""é""#,
        r#""\n""#,
        r#""a\u0041""#,
    ]);
    let word = select(vec!["null", "true", "false", "{}", "[]", "[ ]", "{ }"]);
    let number = select(vec!["1", "-2.5e3"]);
    let leaf = prop_oneof![8 => text, 4 => word, 1 => number].prop_map(str::to_owned);
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        let name = select(vec![r#""a""#, r#""b""#, r#""Id""#, r#""c\t""#, r#""""#]);
        let member = (name, space(), inner.clone())
            .prop_map(|(name, space, value)| format!("{name}:{space}{value}"));
        let joined = |open: char, close: char, parts: Vec<String>, space: &str| {
            let parts = parts.join(&format!(",{space}"));
            format!("{open}{space}{parts}{space}{close}")
        };
        let object = (prop::collection::vec(member, 0..5), space())
            .prop_map(move |(members, space)| joined('{', '}', members, space));
        let array = (prop::collection::vec(inner, 0..5), space())
            .prop_map(move |(items, space)| joined('[', ']', items, space));
        prop_oneof![3 => object, 1 => array]
    });
    (space(), value, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

/// Replaces, inserts or removes something at a place of a text.
fn changed(text: &str, at: Index, change: &str, removed: usize) -> String {
    let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
    let first = at.index(places.len());
    let end = places.get(first + removed).copied().unwrap_or(text.len());
    format!("{}{change}{}", &text[..places[first]], &text[end..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was learned, and whatever a text is.
    #[test]
    fn documents_are_those_of_the_parser(
        learned in prop::collection::vec(json(), 1..6),
        others in prop::collection::vec(json(), 0..4),
        changes in prop::collection::vec(
            (any::<Index>(), any::<Index>(), "[]\"\\\\{},: 1aé\n\0]{0,2}", 0_usize..3), 0..20),
    ) {
        let mut layouts = Layouts::default();
        let mut shapes = std::collections::HashMap::new();
        let mut known = |result: Option<(Vec<u64>, String)>| {
            if let Some((layout, shape)) = result {
                assert_eq!(shapes.entry(layout).or_insert_with(|| shape.clone()), &shape);
            }
        };
        for text in &learned {
            learn(&mut layouts, text);
        }
        for text in learned.iter().chain(&others) {
            known(read(&mut layouts, text));
            for (end, _) in text.char_indices() {
                known(read(&mut layouts, &text[..end]));
            }
        }
        for (index, at, change, removed) in changes {
            let text: &String = index.get(&learned);
            let text = changed(text, at, &change, removed);
            known(read(&mut layouts, &text));
            learn(&mut layouts, &text);
            known(read(&mut layouts, &text));
        }
    }

    /// Every string of a learned document may be another one of its class.
    #[test]
    fn documents_of_the_same_layout_are_read(
        names in prop::collection::vec("[a-z]{1,9}", 3), ids in prop::collection::vec("[0-9]{1,9}", 3), items in 2_usize..9,
    ) {
        let mut layouts = Layouts::default();
        let text = |id: &str, name: &str, items: usize| {
            let items = vec![format!(r#"{{"Type": "{name}", "Id":"{id}"}}"#); items].join(",\n ");
            format!("{{\"Id\":\"{id}\",\"Name\" : \"{name}\", \"Is\":true,\n\"Items\": [{items} ]}}")
        };
        learn(&mut layouts, &text("1", "a", 2));
        let layout = read(&mut layouts, &text("1", "a", 2)).map(|(layout, _)| layout);
        prop_assert!(layout.is_some());
        for (id, name) in ids.iter().zip(&names) {
            let other = read(&mut layouts, &text(id, name, items)).map(|(layout, _)| layout);
            prop_assert_eq!(other.as_ref(), layout.as_ref());
            prop_assert!(read(&mut layouts, &text(id, name, 1)).is_some());
            prop_assert_eq!(read(&mut layouts, &text(name, name, items)), None);
            prop_assert_eq!(read(&mut layouts, &text("\\n", name, items)), None);
        }
    }
}

fn object(name: usize) -> String {
    format!(r#"{{"{name}": "x"}}"#)
}

#[test]
fn layouts_that_are_used_are_not_forgotten() {
    let mut layouts = Layouts::default();
    learn(&mut layouts, &object(0));
    let mut known = 0;
    for name in 1..10_000 {
        learn(&mut layouts, &object(name));
        known += usize::from(read(&mut layouts, &object(name)).is_some());
        assert!(read(&mut layouts, &object(0)).is_some(), "{name}");
        assert!(layouts.size <= super::MAX_SIZE);
    }
    // Sometimes there is no room for a new one.
    assert!(known > 9_000, "{known}");
    assert_eq!(read(&mut layouts, &object(1)), None);
}

#[test]
fn few_layouts_are_learned_if_none_is_used() {
    let mut layouts = Layouts::<Simple>::default();
    let mut learned = 0;
    for name in 0..10_000 {
        assert_eq!(read(&mut layouts, &object(name)), None);
        let before = layouts.next_number;
        learn(&mut layouts, &object(name));
        learned += layouts.next_number - before;
    }
    // At first, and then each sixteenth.
    assert!((600..700).contains(&learned), "{learned}");
}

#[test]
fn texts_that_may_be_too_deep_are_parsed() {
    let mut layouts = Layouts::default();
    learn(&mut layouts, &object(0));
    let text = object(0);
    assert!(layouts.read(Tape::default(), &text, 15).is_err());
    assert!(layouts.read(Tape::default(), &text, 16).is_ok());
    let nested = format!("{}\"x\"{}", "{\"a\":".repeat(17), "}".repeat(17));
    learn(&mut layouts, &nested);
    assert_eq!(read(&mut layouts, &nested), None);
}
