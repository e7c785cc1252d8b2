//! Where streams are cut, by example. That it doesn't depend on how the bytes arrive is a property
//! in `tests/streams.rs`.

use std::io::Write;
use std::sync::Arc;

use crate::document::Position;
use crate::input::InputError;
use crate::input::reader::Source;

use super::*;

/// Returns the frames of a stream: their texts, their lines, and whether they have a fault.
fn frames_of(stream: &str) -> Vec<(String, u64, bool)> {
    read(Frames::from_bytes(stream.as_bytes().to_vec()))
}

/// Reads frames to their end.
fn read(mut frames: Frames) -> Vec<(String, u64, bool)> {
    let mut found = Vec::new();
    loop {
        match frames.next().expect("text") {
            Next::Batch(batch) => found.extend(batch.frames().map(|frame| {
                let text = String::from_utf8_lossy(frame.payload.text).into_owned();
                let Position { line, .. } = frame.payload.start;
                (text, line, frame.payload.syntax_error.is_some())
            })),
            Next::Idle => {}
            Next::End => return found,
        }
    }
}

fn texts(stream: &str) -> Vec<String> {
    frames_of(stream)
        .into_iter()
        .map(|(text, ..)| text)
        .collect()
}

/// Others may write to a file between the search for inputs and the reading.
#[test]
fn a_file_is_split_the_same_whatever_its_length_was() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let pretty = "{\n  \"a\": [\n    1\n  ]\n}\n";
    let long = format!("{pretty}{}{pretty}", "{\"a\": 1}\n".repeat(8000));
    for text in [
        "",
        "\n",
        "{",
        "[",
        "x",
        "{\"a\":1}",
        pretty,
        pretty.trim_end(),
        &pretty.repeat(2),
        &pretty[..12],
        &format!("{pretty}{}", &pretty[..12]),
        &format!("{pretty} x"),
        &format!("[{pretty},{pretty}]"),
        &long,
    ] {
        std::fs::write(file.path(), text).unwrap();
        let expected = frames_of(text);
        let length = text.len();
        for known in [0, 1, length / 2, length, length + 1, 32 * 1024] {
            let frames = Frames::open_file(file.path(), known).unwrap();
            assert_eq!(read(frames), expected, "{text:.40} {known}");
        }
    }
}

/// After the first megabyte of a payload, the rest of a file is read at once.
#[test]
fn a_large_file_is_split_as_if_it_was_in_memory() {
    let payload = |length| format!("{{\"a\":\"{}\"}}\n", "x".repeat(length));
    let (short, long) = (payload(200), payload(2 << 20));
    let stream = format!("{short}{long}{}{{", short.repeat(20_000));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(stream.as_bytes()).unwrap();
    let open = |length| Frames::open_file(file.path(), length).unwrap();
    let expected = frames_of(&stream);
    for known in [stream.len(), stream.len() - 1000, stream.len() + 1000] {
        assert!(read(open(known)) == expected, "{known}");
    }
    let limits = Limits {
        payload: 3 << 19,
        ..Limits::default()
    };
    let mut frames = open(stream.len()).with_limits(limits);
    assert!(matches!(frames.next(), Ok(Next::Batch(_))));
    let next = frames.next();
    assert!(matches!(next, Err(InputError::TooLarge { line: 2, .. })));
}

/// A long line is not scanned in full while it arrives.
#[test]
fn long_lines_are_split_as_if_they_arrived_at_once() {
    for item in ["\"x\",", "\"}} x\",{},"] {
        for end in [
            "1]}\n{\"b\":1}\n",
            "1]}\n",
            "1]}",
            "1]}{\"b\":1}\n",
            "1]} , {\"b\":1}",
            "1]}, [2]\n",
            "1\n{\"b\":1}\n",
            "1]}} x {\"b\":1}\n",
        ] {
            let stream = format!("{{\"a\":[{}{end}", item.repeat((3 << 20) / item.len()));
            let bytes = std::io::Cursor::new(stream.clone().into_bytes());
            let arriving = Frames::new(Source::Decoded(Box::new(bytes)).into());
            assert!(read(arriving) == frames_of(&stream), "{item} {end}");
        }
    }
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
        let frames = frames_of(&stream);
        let last: Vec<_> = frames.iter().rev().take(2).rev().cloned().collect();
        let expected = [
            ("{\"next\":1}".into(), 3, false),
            ("{\"last\":1}".into(), 4, false),
        ];
        assert_eq!(last, expected, "{stream:?}");
    }
}

#[test]
fn a_line_truncated_in_a_string_spares_the_next_one() {
    let stream = "{\"a\": \"cut\nno json\n{\"next\":1}\n";
    assert_eq!(texts(stream), ["{\"a\": \"cut", "no", "{\"next\":1}"]);
    // A pretty-printed payload ends where the next one starts.
    let stream = "{\"a\": \"cut\n  \"b\": 1\n}\n{\"next\":1}\n";
    assert_eq!(texts(stream).len(), 2);
}

/// Regression: this was an endless loop.
#[test]
fn stray_text_before_the_last_line_break_ends() {
    assert_eq!(texts("[] }\n"), ["}"]);
    assert_eq!(texts("1 }\n"), ["1", "}"]);
    assert_eq!(texts("{} x\n\n"), ["{}", "x"]);
}

#[test]
fn a_broken_item_spares_the_lines_after_it() {
    for broken in ["{\"a\":,", "{\"a\": \"cut", "{\"a\": [1,", "// no, json"] {
        let stream = format!("[\n{{}},\n{broken}\n{{\"b\":1}},\n{{\"c\":1}}\n]\n");
        let frames = frames_of(&stream);
        let valid = |text: &str, line| (text.to_owned(), line, false);
        assert!(
            frames.contains(&valid("{\"c\":1}", 5)),
            "{stream} {frames:?}"
        );
        assert!(
            broken.starts_with('/') || frames.contains(&valid("{\"b\":1}", 4)),
            "{stream} {frames:?}"
        );
    }
}

/// Returns the texts of the frames, in parentheses where a frame has a fault.
fn marked(stream: &str) -> Vec<String> {
    let frames = frames_of(stream).into_iter();
    frames
        .map(|(text, _, has_fault)| if has_fault { format!("({text})") } else { text })
        .collect()
}

#[test]
fn what_stands_between_payloads_is_an_error_of_its_own() {
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

/// Where the brackets of a payload close too early, the rest of it is one error.
#[test]
fn the_rest_of_a_payload_is_one_error() {
    let texts = texts("{\n\"a\": {}\n}\n}\n, \"b\": [\n1]\n}\n{\"next\":1}\n");
    assert_eq!(texts, ["{\n\"a\": {}\n}", "}", "{\"next\":1}"]);
    let line = "{\"a\": {}}, \"closed\": {}}";
    assert_eq!(self::texts(&format!("{line}\n{{}}\n")), [line, "{}"]);
}

/// Returns the texts of the frames when the stream arrives byte by byte, with silence after each,
/// and how many bytes had arrived when each frame was returned.
fn trickled(stream: &[u8]) -> Vec<(String, usize)> {
    let (sender, chunks) = std::sync::mpsc::sync_channel(1);
    let source = Source::Thread {
        chunks,
        error: None,
        stop: Some(Arc::default()),
    };
    let mut frames = Frames::new(source.into());
    let mut texts = Vec::new();
    let mut read = |arrived| {
        loop {
            match frames.next().expect("text") {
                Next::Batch(batch) => texts.extend(batch.frames().map(|frame| {
                    let text = String::from_utf8_lossy(frame.payload.text);
                    (text.into_owned(), arrived)
                })),
                Next::Idle | Next::End => return,
            }
        }
    };
    for (offset, byte) in stream.iter().enumerate() {
        sender.send(Ok(vec![*byte])).expect("a receiver");
        read(offset + 1);
    }
    drop(sender);
    read(stream.len());
    texts
}

#[test]
fn silence_ends_no_frame() {
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
        let trickled = trickled(stream.as_bytes()).into_iter();
        let trickled: Vec<_> = trickled.map(|(text, _)| text).collect();
        assert_eq!(trickled, texts(stream), "{stream:?}");
    }
}

#[test]
fn a_complete_payload_is_returned_with_its_line_break() {
    for payload in ["{\"a\":{\"b\":1}}", "{\n  \"a\": 1\n}", "{\"a\":1}}"] {
        let stream = format!("{payload}\n{payload}\n");
        let frames = trickled(stream.as_bytes());
        let complete: Vec<_> = frames.iter().filter(|(text, _)| text == payload).collect();
        assert_eq!(complete.len(), 2, "{frames:?}");
        for (index, (_, arrived)) in complete.into_iter().enumerate() {
            assert!(*arrived <= (payload.len() + 1) * (index + 1), "{frames:?}");
        }
    }
    // An item of an array doesn't need even that.
    let frames = trickled(b"[{\"a\":1},{\"a\":1}]");
    assert_eq!((frames[0].1, frames[1].1), (8, 16));
}

/// Regression: each mark took a level of recursion, and thousands exhausted the stack.
#[test]
fn byte_order_marks_in_a_row_are_skipped() {
    let stream = format!("{}{{}}", "\u{feff}".repeat(100_000));
    assert_eq!(texts(&stream), ["{}"]);
}

/// More frames than a batch holds, so that batches start in the middle of what was read.
#[test]
fn batches_contain_every_byte_once() {
    let stream = "[1] {\"a\":\n{\"b\": [\n] } x\n".repeat(10_000) + "{\"c\":1";
    let trickle = std::io::Cursor::new(stream.clone().into_bytes());
    for frames in [
        Frames::from_bytes(stream.clone().into_bytes()),
        Frames::from_reader(trickle),
    ] {
        let mut frames = frames.with_all_bytes();
        let (mut bytes, mut count, mut batches) = (Vec::new(), 0, 0);
        loop {
            match frames.next().expect("text") {
                Next::Batch(batch) => {
                    batches += 1;
                    count += batch.frames().len();
                    bytes.extend(batch.bytes());
                }
                Next::Idle => {}
                Next::End => break,
            }
        }
        assert_eq!(String::from_utf8_lossy(&bytes), stream);
        assert!(count > 20_000 && batches > 2, "{count} in {batches}");
    }
}

/// Returns the JSON of a value as another printer may print it.
fn printed(value: &serde_json::Value, indent: &str, line_break: &str) -> String {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
    serde::Serialize::serialize(value, &mut serializer).expect("a value");
    String::from_utf8(text)
        .expect("UTF-8")
        .replace('\n', line_break)
}

/// Returns any JSON object, with brackets in its strings too.
fn object() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
    use proptest::prelude::*;

    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<u8>().prop_map(Into::into),
        "[{}\\[\\],:a\" ]{0,6}".prop_map(Into::into),
    ];
    let value = scalar.prop_recursive(3, 12, 3, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..3);
        let members = prop::collection::btree_map("[{}a]{0,3}", inner, 0..3);
        prop_oneof![
            items.prop_map(Into::into),
            members.prop_map(|members| members.into_iter().collect()),
        ]
    });
    prop::collection::btree_map("[{}a]{0,3}", value, 0..4)
        .prop_map(|members| members.into_iter().collect())
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(1000)
    })]

    /// The same for any text that resembles a stream of payloads.
    #[test]
    fn silence_never_ends_a_frame(stream in "((\\{\"a\":1\\}|\\{|\\}|\\[|\\]|,|:|\"|\\\\|x|3| |\n|\r|\u{feff}|\u{e9}){0,20}\n?){0,3}") {
        let trickled = trickled(stream.as_bytes()).into_iter();
        let trickled: Vec<_> = trickled.map(|(text, _)| text).collect();
        proptest::prop_assert_eq!(trickled, texts(&stream), "{:?}", stream);
    }

    /// Valid payloads are frames, whatever the white space in them.
    #[test]
    fn valid_payloads_are_frames_however_they_are_printed(
        objects in proptest::collection::vec((object(), "( {0,3}|\t)"), 1..5),
        line_break in "\r?\n( *\n)?", separator in "( |\n|\r\n|\n\n)",
    ) {
        let printed = objects.iter().map(|(object, indent)| printed(object, indent, &line_break));
        let printed: Vec<_> = printed.collect();
        let stream = printed.join(&separator);
        let frames = frames_of(&stream);
        let texts: Vec<_> = frames.iter().map(|(text, ..)| text.clone()).collect();
        proptest::prop_assert_eq!(&texts, &printed, "{:?}", stream);
        let mut start = 0;
        for (text, line, _) in &frames {
            start += stream[start..].find(text.as_str()).expect("the text");
            proptest::prop_assert_eq!(*line, 1 + stream[..start].matches('\n').count() as u64);
            start += text.len();
        }
    }
}
