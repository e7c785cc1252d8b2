//! Where streams are cut, case by case; that arrival changes nothing is a property in `tests/`.

use super::*;

/// The texts, with their lines, and whether a fault precedes them.
fn cut(stream: &str) -> Vec<(String, u64, bool)> {
    let mut payloads = Payloads::of(stream.as_bytes().to_vec());
    let mut cuts = Vec::new();
    loop {
        match payloads.next().expect("text") {
            Next::Batch(batch) => cuts.extend(batch.payloads().map(|payload| {
                let text = String::from_utf8_lossy(payload.source.text).into_owned();
                let Position { line, .. } = payload.source.start;
                (text, line, payload.source.fault.is_some())
            })),
            Next::Idle => {}
            Next::End => return cuts,
        }
    }
}

fn texts(stream: &str) -> Vec<String> {
    cut(stream).into_iter().map(|(text, ..)| text).collect()
}

#[test]
fn values_in_a_row_are_payloads() {
    assert_eq!(
        texts("{\"a\":1}\n{\"b\":2} {\"c\":3}{\"d\":4}"),
        ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"]
    );
    assert_eq!(
        texts("\u{feff}{}\n\u{feff}{}\n 1 \"x\" null"),
        ["{}", "{}", "1", "\"x\"", "null"]
    );
    assert_eq!(texts(" \n\t"), [""; 0]);
}

#[test]
fn the_items_of_a_root_array_are_payloads() {
    assert_eq!(
        texts("[{\"a\":[1]},\n{\"b\":2}, 3]{\"c\":3}[]"),
        ["{\"a\":[1]}", "{\"b\":2}", "3", "{\"c\":3}"]
    );
    assert_eq!(texts("[[1], []]"), ["[1]", "[]"]);
}

#[test]
fn a_broken_line_costs_that_line_alone() {
    for broken in [
        "{\"a\":",
        "{\"a\": \"b",
        "oops",
        "{\"a\": 1}}",
        "oops {\"a\":1}",
        "}",
        "{\"a\" 1}",
        "\"x",
    ] {
        let stream = format!("{{\"first\":1}}\n{broken}\n{{\"next\":1}}\n{{\"last\":1}}\n");
        let cuts = cut(&stream);
        let last: Vec<_> = cuts.iter().rev().take(2).rev().cloned().collect();
        let expected = [
            ("{\"next\":1}".into(), 3, false),
            ("{\"last\":1}".into(), 4, false),
        ];
        assert_eq!(last, expected, "{stream:?}");
    }
}

#[test]
fn a_line_cut_in_a_string_spares_the_next_one_whatever_it_is() {
    let stream = "{\"a\": \"cut\nno json\n{\"next\":1}\n";
    assert_eq!(texts(stream), ["{\"a\": \"cut", "no", "{\"next\":1}"]);
    // Pretty-printed payloads are cut where the next one starts.
    let stream = "{\"a\": \"cut\n  \"b\": 1\n}\n{\"next\":1}\n";
    assert_eq!(texts(stream).len(), 2);
}

/// Once an endless loop.
#[test]
fn stray_text_before_the_last_line_break_ends() {
    assert_eq!(texts("[] }\n"), ["}"]);
    assert_eq!(texts("1 }\n"), ["1", "}"]);
    assert_eq!(texts("{} x\n\n"), ["{}", "x"]);
}

#[test]
fn a_broken_item_spares_the_lines_behind_it() {
    for broken in ["{\"a\":,", "{\"a\": \"cut", "{\"a\": [1,", "// no, json"] {
        let stream = format!("[\n{{}},\n{broken}\n{{\"b\":1}},\n{{\"c\":1}}\n]\n");
        let cuts = cut(&stream);
        let good = |text: &str, line| (text.to_owned(), line, false);
        assert!(cuts.contains(&good("{\"c\":1}", 5)), "{stream} {cuts:?}");
        assert!(
            broken.starts_with('/') || cuts.contains(&good("{\"b\":1}", 4)),
            "{stream} {cuts:?}"
        );
    }
}

#[test]
fn faults_between_payloads_count_for_the_second() {
    let faults = |stream| {
        cut(stream)
            .into_iter()
            .map(|(text, _, fault)| (text, fault))
            .collect::<Vec<_>>()
    };
    let pair = |fault| vec![("{}".to_owned(), false), ("{\"a\":1}".to_owned(), fault)];
    assert_eq!(faults("[{}, {\"a\":1}]"), pair(false));
    assert_eq!(faults("[{} {\"a\":1}]"), pair(true));
    assert_eq!(faults("{},\n{\"a\":1}"), pair(true));
    assert_eq!(faults("[{},]"), [("{}".into(), false), ("]".into(), true)]);
    assert_eq!(faults("[{}"), [("{}".into(), false), (String::new(), true)]);
    assert_eq!(
        faults("[{},"),
        [("{}".into(), false), (String::new(), true)]
    );
    assert_eq!(faults("{},"), [("{}".into(), false), (String::new(), true)]);
}
