//! What holds for the frames of any text: they contain each byte once, don't depend on how the bytes
//! arrive, and are found in linear time.

use proptest::prelude::*;

#[cfg(feature = "count")]
use crate::steps;

use super::*;

/// More frames than a batch holds.
#[test]
fn batches_of_text_contain_every_byte_once() {
    let stream = format!("x {PAYLOAD} y\nPOST / HTTP/1.1\n\n{{}}\nz\n\u{e9}{{\n").repeat(6_000);
    for frames in [
        Frames::from_bytes(stream.clone().into_bytes()),
        Frames::from_reader(std::io::Cursor::new(stream.clone().into_bytes())),
    ] {
        let mut frames = frames.with_mode(CaptureMode::Text).with_all_bytes();
        let (mut bytes, mut skipped, mut count) = (Vec::<u8>::new(), 0, 0);
        loop {
            match frames.next().expect("text") {
                Next::Batch(batch) => {
                    bytes.extend(batch.bytes());
                    skipped += batch.skipped_lines();
                    count += batch.frames().len();
                }
                Next::Idle => {}
                Next::End => break,
            }
        }
        assert_eq!(bytes.len(), stream.len());
        assert_eq!((count, skipped), (12_000, 12_000));
        assert!(bytes == stream.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The frames of any text that resembles a capture are the same, however its bytes arrive.
    #[test]
    fn frames_do_not_depend_on_how_bytes_arrive(
        text in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..25),
        size in 1_usize..9,
    ) {
        let text = text.concat();
        for mode in [CaptureMode::Auto, CaptureMode::Text] {
            prop_assert_eq!(trickled(mode, text.as_bytes(), size), frames_of(mode, text.as_bytes()), "{:?}", text);
        }
    }

    /// A valid payload is found whatever stands in other lines.
    #[test]
    fn noise_in_other_lines_hides_no_payload(
        before in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..6),
    ) {
        let text = before.concat() + "\n2026 INFO " + PAYLOAD + "\n";
        let (found, _) = frames_of(CaptureMode::Text, text.as_bytes());
        prop_assert!(found.iter().any(|frame| frame.text == PAYLOAD), "{:?} {:?}", text, found);
    }
}

/// Parts of captures.
const PARTS: [&str; 55] = [
    "\"POST / HTTP/1.1\" ",
    "-",
    "\"-\"",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\\"",
    "\"\"",
    ":",
    ",",
    "\n",
    "\r\n",
    "\n\n",
    " ",
    "x",
    "é",
    "'",
    "{\"",
    "{ ",
    "{\"a\":",
    "{\"Action\":1,",
    "\"Data\":{",
    "{\"Action\":1,\"Data\":{}}",
    "{\\\"",
    "{\"\"",
    "{\\x22",
    "\\x22",
    "{&quot;",
    "<",
    "{'Action':1,'Data':{}}",
    "{ Action: ",
    "{\"Action\"=>",
    "Data",
    "POST / HTTP/1.1\n",
    "HTTP/1.1 200 OK\r\n",
    "Content-Length: 9\n",
    "Content-Length: 40\r\n",
    "Transfer-Encoding: chunked\n",
    "A: b\n",
    "\n4\r\n",
    "0\r\n\r\n",
    "###\n",
    "POST /x\n",
    "2026-11-28T10:00:00Z stdout P ",
    "2026-11-28T10:00:00Z stdout F x\n",
    "2026-11-28T10:00:00Z stderr P x\n",
    "{\"log\":\"x\",\"time\":1}",
    "```\n",
    "1",
    "null",
    "\u{feff}",
    "{{\"a\":{\"b\":1}}",
];

/// Lines that hold no payload.
const LINES: [&str; 16] = [
    "{\n",
    "x {\"a\": {\n",
    "\"\n",
    "x \"{\\\"a\n",
    "{\"Action\": \"x\", \"Data\": {\"a\": \"cut\n",
    "{'Action': {'Data':\n",
    "POST / HTTP/1.1\nx\n",
    "{\\x22a\n",
    "<a>{&quot;}\n",
    "it's { \"\n",
    "[{\n",
    "a, \"b, c\n",
    "```json\n",
    "{\"a\":\n",
    "}}}\n",
    "{\"a\": [1,\n",
];

/// Returns the number of steps that it takes to cut a text.
#[cfg(feature = "count")]
fn steps_of(text: &[u8], size: Option<usize>) -> u64 {
    let before = steps::count();
    match size {
        None => drop(frames_of(CaptureMode::Text, text)),
        Some(size) => drop(trickled(CaptureMode::Text, text, size)),
    }
    steps::count() - before
}

/// Whatever a text repeats, cutting it takes linear time.
#[test]
#[cfg(feature = "count")]
fn cutting_takes_linear_time() {
    let repeated = [
        "{",
        "{\"a\":",
        "{\"Action\":1,\"Data\":",
        "\"",
        "\\\"",
        "{\\\"",
        "{\"\"",
        "{\"\"a\"\"\n",
        "1,\"{\"\"a\"\"\n",
        "\"{\\\"",
        "POST / HTTP/1.1\n",
        "POST / HTTP/1.1\nA: b\n",
        "POST / HTTP/1.1\nContent-Length: 9999999\n\n",
        "POST / HTTP/1.1\nContent-Length: 9999999\n\nx\n",
        "POST / HTTP/1.1\nContent-Length: 9999999\n\n{\"a\":1}\n",
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nfffff\n",
        "POST / HTTP/1.1\n\n{\"a\":",
        "A: b\n",
        "{\\x22",
        "{&quot;",
        "{&quot;\n",
        "{'Action':",
        "{'Action':{",
        "{ Action: '",
        "{\n",
        "{ ",
        " ",
        "\n",
        "x",
        "{\"a\":{\"a\":1},",
        "{\"{\":",
        "{\":\":[{\",",
        "{\"x{\",",
        "{\"a\":\"{",
        "{\\n",
        "{\\\\\\",
        "\\",
        "2026-11-28T10:00:00Z stdout P x\n",
        "{\"a\":[",
        "{\"Action\":1,\"Data\":1,\n",
        "{\"Action\":1,\"Data\":[\n{\"a\":",
        "{}",
        "{\"a\":1}",
        "é",
        "###\n",
        "{\"Action\" => ",
        "{\"Events\":[{\"Type\":[",
        "{\\\"Action\\\"",
        "Action Data {'Action'",
        "\"POST / HTTP/1.1\" {\"a\":1}\n",
        "\"POST / HTTP/1.1\" {\"a\":1}\n\"POST / HTTP/1.1\" -\n",
        "\"POST / HTTP/1.1\" {\"a\":1} ",
    ];
    for part in repeated {
        for size in [None, Some(37)] {
            let [small, large] = [20_000, 80_000].map(|length| {
                let text = part.repeat(length / part.len());
                steps_of(text.as_bytes(), size)
            });
            assert!(
                large < 5 * small + 1000,
                "{part:?} {size:?}: {small} {large}"
            );
            assert!(large < 80_000 * 30, "{part:?} {size:?}: {large}");
        }
    }
}
