//! Where streams are cut, case by case; that arrival changes nothing is a property in `tests/`.

use super::*;

/// The texts, with their lines, and whether a fault precedes them.
fn cut(stream: &str) -> Vec<(String, u64, bool)> {
    let mut payloads = Frames::of(stream.as_bytes().to_vec());
    let mut ranges = Vec::new();
    loop {
        match payloads.next().expect("text") {
            Next::Batch(batch) => ranges.extend(batch.frames().map(|frame| {
                let text = String::from_utf8_lossy(frame.payload.text).into_owned();
                let Position { line, .. } = frame.payload.start;
                (text, line, frame.payload.fault.is_some())
            })),
            Next::Idle => {}
            Next::End => return ranges,
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
        let ranges = cut(&stream);
        let last: Vec<_> = ranges.iter().rev().take(2).rev().cloned().collect();
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
        let ranges = cut(&stream);
        let good = |text: &str, line| (text.to_owned(), line, false);
        assert!(
            ranges.contains(&good("{\"c\":1}", 5)),
            "{stream} {ranges:?}"
        );
        assert!(
            broken.starts_with('/') || ranges.contains(&good("{\"b\":1}", 4)),
            "{stream} {ranges:?}"
        );
    }
}

/// The texts that are errors of their own, whatever they say, are in parentheses.
fn marked(stream: &str) -> Vec<String> {
    let ranges = cut(stream).into_iter();
    ranges
        .map(|(text, _, fault)| if fault { format!("({text})") } else { text })
        .collect()
}

#[test]
fn what_is_wrong_between_payloads_is_an_error_of_its_own() {
    for (stream, expected) in [
        // Commas.
        ("{},\n{\"a\":1}", &["{}", "(,)", "{\"a\":1}"][..]),
        ("{}\n,\n{\"a\":1}\n", &["{}", "(,)", "{\"a\":1}"]),
        ("{\"a\":1},{\"b\":2}\n", &["{\"a\":1}", "(,)", "{\"b\":2}"]),
        ("{} , , {}", &["{}", "(,)", "{}"]),
        ("{}, 3, {}", &["{}", "(,)", "3", "(,)", "{}"]),
        ("{},", &["{}", "(,)"]),
        ("[{},,{}]", &["{}", "(,)", "{}"]),
        ("[,{}]", &["(,)", "{}"]),
        ("[{},]", &["{}", "(])"]),
        // Other values and stray text in the line.
        ("{\"a\":1} 3 {\"b\":2}\n", &["{\"a\":1}", "3", "{\"b\":2}"]),
        (
            "{\"a\":1} x {\"b\":2}\n",
            &["{\"a\":1}", "(x)", "{\"b\":2}"],
        ),
        ("x y {\"b\":2}\n", &["x", "{\"b\":2}"]),
        ("x {y} z: {\"b\":2}\n", &["x", "{\"b\":2}"]),
        ("Header: {\"b\":2}\n{}", &["Header", "{}"]),
        ("{\"a\":1}} {\"b\":2}\n", &["{\"a\":1}", "(})", "{\"b\":2}"]),
        (
            "[{\"a\":1} x, {\"b\":2}]\n",
            &["{\"a\":1}", "x", "{\"b\":2}"],
        ),
        // Arrays without a comma, or without an end.
        ("[{} {\"a\":1}, {}]", &["{}", "()", "{\"a\":1}", "{}"]),
        ("[{}", &["{}", "()"]),
        ("[{},", &["{}", "()"]),
        ("[\n{}\n{\"a\":1}\n{}\n", &["{}", "()", "{\"a\":1}", "{}"]),
        (
            "[{},{\"a\":\n{}\n{}\n",
            &["{}", "{\"a\":", "{}", "()", "{}"],
        ),
        ("[{}\n[{},{}]\n{}\n", &["{}", "()", "{}", "{}", "{}"]),
    ] {
        assert_eq!(marked(stream), expected, "{stream:?}");
    }
}

/// The rest of a payload whose brackets close too early has names in it, and is one error.
#[test]
fn the_rest_of_a_payload_is_one_error() {
    let texts = texts("{\n\"a\": {}\n}\n}\n, \"b\": [\n1]\n}\n{\"next\":1}\n");
    assert_eq!(texts, ["{\n\"a\": {}\n}", "}", "{\"next\":1}"]);
    let line = "{\"a\": {}}, \"closed\": {}}";
    assert_eq!(self::texts(&format!("{line}\n{{}}\n")), [line, "{}"]);
}

/// What a stream is cut into as it comes byte by byte, with silence behind each; how many bytes had
/// come when each payload was decided.
fn trickled(stream: &[u8]) -> Vec<(String, usize)> {
    let (sender, chunks) = std::sync::mpsc::sync_channel(1);
    let reader = Reader::Slow {
        chunks,
        error: None,
        stop: Some(Arc::default()),
    };
    let mut payloads = Frames::new(reader);
    let mut ranges = Vec::new();
    let mut take = |come| {
        loop {
            match payloads.next().expect("text") {
                Next::Batch(batch) => ranges.extend(batch.frames().map(|frame| {
                    let text = String::from_utf8_lossy(frame.payload.text);
                    (text.into_owned(), come)
                })),
                Next::Idle | Next::End => return,
            }
        }
    };
    for (at, byte) in stream.iter().enumerate() {
        sender.send(Ok(vec![*byte])).expect("it listens");
        take(at + 1);
    }
    drop(sender);
    take(stream.len());
    ranges
}

#[test]
fn silence_cuts_nothing() {
    for stream in [
        "{\"a\":1}}\n{}",
        "{\"a\":1}\n}\n{}\n",
        "{\"a\":1} 3 {\"b\":2}\n",
        "{\"a\":1},{\"b\":2}\n",
        "{\"a\": \"cut\n{\"b\":2}\n",
        "\u{feff}{}\n\u{feff}{}\n",
        "[{},\n{}\n{}\n]\n{}",
        "12\n34",
        "no json\n{}\n",
    ] {
        let found = trickled(stream.as_bytes()).into_iter();
        let found: Vec<_> = found.map(|(text, _)| text).collect();
        assert_eq!(found, texts(stream), "{stream:?}");
    }
}

#[test]
fn what_is_complete_is_decided_with_its_line_break() {
    for payload in ["{\"a\":{\"b\":1}}", "{\n  \"a\": 1\n}", "{\"a\":1}}"] {
        let stream = format!("{payload}\n{payload}\n");
        let found = trickled(stream.as_bytes());
        let whole: Vec<_> = found.iter().filter(|(text, _)| text == payload).collect();
        assert_eq!(whole.len(), 2, "{found:?}");
        for (number, (_, come)) in whole.into_iter().enumerate() {
            assert!(*come <= (payload.len() + 1) * (number + 1), "{found:?}");
        }
    }
    // Items of an array need not even that.
    let found = trickled(b"[{\"a\":1},{\"a\":1}]");
    assert_eq!((found[0].1, found[1].1), (8, 16));
}

/// Once each of them took a level of recursion, and thousands exhausted the stack.
#[test]
fn byte_order_marks_in_a_row_are_skipped() {
    let stream = format!("{}{{}}", "\u{feff}".repeat(100_000));
    assert_eq!(texts(&stream), ["{}"]);
}

/// Fill payloads than a batch has, so that batches begin in the middle of what was read.
#[test]
fn batches_have_every_byte_once() {
    let stream = "[1] {\"a\":\n{\"b\": [\n] } x\n".repeat(10_000) + "{\"c\":1";
    let trickle = std::io::Cursor::new(stream.clone().into_bytes());
    for payloads in [
        Frames::of(stream.clone().into_bytes()),
        Frames::read(trickle),
    ] {
        let mut payloads = payloads.with_all_bytes();
        let (mut bytes, mut count, mut batches) = (Vec::new(), 0, 0);
        loop {
            match payloads.next().expect("text") {
                Next::Batch(batch) => {
                    batches += 1;
                    count += batch.count();
                    batch
                        .segments()
                        .for_each(|piece| bytes.extend(piece.bytes()));
                }
                Next::Idle => {}
                Next::End => break,
            }
        }
        assert_eq!(String::from_utf8_lossy(&bytes), stream);
        assert!(count > 20_000 && batches > 2, "{count} in {batches}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(1000)
    })]

    /// The same of any text that is nearly a stream of payloads, with silence behind every byte.
    #[test]
    fn silence_never_cuts(stream in "((\\{\"a\":1\\}|\\{|\\}|\\[|\\]|,|:|\"|\\\\|x|3| |\n|\r|\u{feff}|\u{e9}){0,20}\n?){0,3}") {
        let found = trickled(stream.as_bytes()).into_iter();
        let found: Vec<_> = found.map(|(text, _)| text).collect();
        proptest::prop_assert_eq!(found, texts(&stream), "{:?}", stream);
    }
}
