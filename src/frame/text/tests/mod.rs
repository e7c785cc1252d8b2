//! Which frames a text has, by example. What holds for any text is in `streams`.

mod streams;

use std::sync::Arc;

use crate::document::Position;
use crate::input::reader::Source;

use crate::frame::FrameKind::{
    CriLines, CsvField, DockerLines, HexEscapes, Http, JsonString, LogRecord, MissingBody, Object,
    XmlText,
};
use crate::frame::*;

/// A frame as the tests compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: FrameKind,
    text: String,
    offset: u64,
    position: Position,
    before: Vec<u8>,
}

/// Reads all frames that are known, and adds the number of skipped lines. Returns `true` at the end.
fn read(frames: &mut Frames, found: &mut Vec<Found>, skipped: &mut u64) -> bool {
    loop {
        match frames.next().expect("text") {
            Next::Batch(batch) => {
                *skipped += batch.skipped_lines();
                found.extend(batch.frames().map(|frame| Found {
                    kind: frame.kind,
                    text: String::from_utf8_lossy(frame.payload.text).into_owned(),
                    offset: frame.offset,
                    position: frame.payload.start,
                    before: match frame.kind {
                        // In a JSON stream it is a part of what has arrived at once.
                        FrameKind::Value | DockerLines => Vec::new(),
                        _ => frame.before.to_vec(),
                    },
                }));
            }
            Next::Idle => return false,
            Next::End => return true,
        }
    }
}

fn frames_of(mode: CaptureMode, text: &[u8]) -> (Vec<Found>, u64) {
    let (mut found, mut skipped) = (Vec::new(), 0);
    let mut frames = Frames::from_bytes(text.to_vec()).with_mode(mode);
    while !read(&mut frames, &mut found, &mut skipped) {}
    (found, skipped)
}

/// Returns the frames and the skipped lines of a text that arrives in parts of `size` bytes, with a
/// silence after each.
fn trickled(mode: CaptureMode, text: &[u8], size: usize) -> (Vec<Found>, u64) {
    let (sender, chunks) = std::sync::mpsc::sync_channel(1);
    let source = Source::Thread {
        chunks,
        error: None,
        stop: Some(Arc::default()),
    };
    let mut frames = Frames::new(source.into()).with_mode(mode);
    let (mut found, mut skipped) = (Vec::new(), 0);
    for chunk in text.chunks(size) {
        sender.send(Ok(chunk.to_vec())).expect("a receiver");
        read(&mut frames, &mut found, &mut skipped);
    }
    drop(sender);
    while !read(&mut frames, &mut found, &mut skipped) {}
    (found, skipped)
}

/// Asserts that the frames of a text are these parts of it, in order, at their places.
fn assert_frames(text: &str, expected: &[(FrameKind, &str)], expected_skipped: u64) {
    for mode in [CaptureMode::Auto, CaptureMode::Text] {
        let (found, skipped) = frames_of(mode, text.as_bytes());
        let parts: Vec<_> = found
            .iter()
            .map(|frame| (frame.kind, &*frame.text))
            .collect();
        assert_eq!(parts, expected, "{text}");
        assert_eq!(skipped, expected_skipped, "{text}");
        for frame in &found {
            let offset = usize::try_from(frame.offset).unwrap();
            assert!(text[offset..].starts_with(&frame.text), "{frame:?}");
            let before = text[..offset].trim_start_matches('\u{feff}');
            let line = 1 + before.matches('\n').count() as u64;
            let column = 1 + before.rsplit('\n').next().unwrap().chars().count() as u64;
            assert_eq!(frame.position, Position { line, column }, "{frame:?}");
        }
        for size in [1, 2, 7] {
            let parts = trickled(mode, text.as_bytes(), size);
            assert_eq!(parts, (found.clone(), skipped), "{text} by {size}");
        }
    }
}

const PAYLOAD: &str = r#"{"Action": "x", "Data": {"a": "}{ \" "}}"#;

#[test]
fn objects_are_found_wherever_they_stand() {
    for (before, after, skipped) in [
        ("2026-11-28 INFO got ", " in 3 ms\nnext line\n\nlast", 2),
        ("# Title\n\n```json\n", "\n```\n", 3),
        ("curl -d '", "' http://x\n", 0),
        ("<a>\n  <b>", "</b>\n</a>", 2),
        ("\u{feff}caf\u{e9} {x} {{y}} { {} {} ", " {", 0),
        ("x [", ", 1]", 0),
        ("func() { return ", "; }", 0),
        ("{ stray\n", "\n", 1),
        ("it's \" a quote ", "", 0),
    ] {
        if before.starts_with('{') {
            continue;
        }
        let text = format!("{before}{PAYLOAD}{after}");
        assert_frames(&text, &[(Object, PAYLOAD)], skipped);
    }
    let pretty = "{\n  \"Action\": 1,\n\n  \"b\": [\n    {}\n  ]\n}";
    let text = format!("x: {pretty}{PAYLOAD} {PAYLOAD}\ny");
    let expected = [(Object, pretty), (Object, PAYLOAD), (Object, PAYLOAD)];
    assert_frames(&text, &expected, 1);
    assert_frames("no frames\n\n at all", &[], 2);
    assert_frames("x", &[], 1);
}

#[test]
fn a_stray_brace_hides_nothing() {
    for stray in [
        "{",
        "{\"",
        "{\"a\": ",
        "{\"a\": [",
        "{\"a\": {\"b\": 1}",
        "{ \"a\"",
        "{\"a\": 1,",
        "{x: ",
        "{\"Action\": 1, ",
        "{'a': ",
    ] {
        let text = format!("x {stray}\n2026 INFO {PAYLOAD}\n");
        let (found, _) = frames_of(CaptureMode::Text, text.as_bytes());
        let last = found.last().expect("a frame");
        assert_eq!((last.kind, &*last.text), (Object, PAYLOAD), "{text}");
        let text = format!("x {stray} {PAYLOAD} y\n");
        let (found, _) = frames_of(CaptureMode::Text, text.as_bytes());
        assert!(
            found.iter().any(|frame| frame.text == PAYLOAD),
            "{text} {found:?}"
        );
    }
}

#[test]
fn objects_in_a_broken_one_are_frames() {
    let text = format!("x {{\"a\": {PAYLOAD}, \"b\": [{{\"c\": 1}}, {{\"d\": {PAYLOAD} !\nnext");
    let expected = [(Object, PAYLOAD), (Object, "{\"c\": 1}"), (Object, PAYLOAD)];
    assert_frames(&text, &expected, 1);
    // A string in a broken object may hold one.
    let text = r#"x {"a": "{\"Action\": 1}", "b" 1"#;
    assert_frames(text, &[(JsonString, r#""{\"Action\": 1}""#)], 0);
}

#[test]
fn a_broken_payload_is_one_frame() {
    for broken in [
        r#"{"Action": "x", "Data": {"a": 1,}}"#,
        r#"{"Action": "x", "Data": {"a": {"b": 1},"#,
        r#"{"Action": "x", "Data": {"a": "cut"#,
        r#"{"Action": "x" "Data": {}, "Data": {}}"#,
        r#"{"Events": [{"Discriminator": "x"}, {"a"#,
        r#"{"Events": [], "EnterpriseId": x}"#,
        "{\n  \"Action\": \"x\",\n  \"Data\": {\n    \"a\": 1,\n  }\n}",
        "{\n  \"Action\": \"x\",\n  \"Data\": {\n    \"a\": 1",
        r#"{"data": {"attributes": {}, "meta": {"eventType": 1}"#,
    ] {
        for after in ["\nINFO next\n", "\n\nnext", "\n```\n", "\n### \nnext"] {
            let text = format!("x: {broken}{after}");
            let skipped = after.lines().filter(|line| !line.is_empty()).count() as u64;
            assert_frames(&text, &[(Object, broken)], skipped);
        }
        let text = format!("x: {broken}\n{PAYLOAD}\n");
        assert_frames(&text, &[(Object, broken), (Object, PAYLOAD)], 0);
    }
}

#[test]
fn a_broken_payload_in_another_object_is_found() {
    let broken = r#"{"Action": "x", "Data": {"a": 1,}}"#;
    let text = format!("x: {{\"body\": {broken}}}\nnext");
    assert_frames(&text, &[(Object, broken)], 1);
}

#[test]
fn output_of_programming_languages_is_a_frame_if_it_has_marks() {
    for text in [
        "{'Action': 'x', 'Data': {'a': None, 'b': '}'}}",
        "{ Action: 'x', Data: { a: 1 } }",
        "{\n  Action: 'x',\n  Data: {\n    a: [Object]\n  }\n}",
        r#"{"Action" => "x", "Data" => {"a" => nil}}"#,
        r#"{:Action=>"x", :Data=>{:a=>nil}}"#,
        "{'EnterpriseId': 'x', 'Events': [{'Type': 1}]}",
    ] {
        assert_frames(&format!("x: {text} y\nnext\n"), &[(Object, text)], 1);
    }
    assert_frames(
        "{'Action': 'x'} {'a': 1} Data\n"
            .replacen('{', "x {", 1)
            .as_str(),
        &[],
        1,
    );
}

#[test]
fn strings_that_hold_json_are_frames() {
    for text in [
        r#""{\"Action\": \"x\", \"Data\": {}}""#,
        r#""{\n  \"Action\": \"x\"\n}""#,
        r#""got {\"Action\": 1} here""#,
        r#""{\\\"Action\\\": 1}""#,
        r#""{\u0022Action\u0022: 1}""#,
    ] {
        assert_frames(text, &[(JsonString, text)], 0);
        let line = format!("a=\"b\" msg={text} c=\"d\"\nnext\n");
        assert_frames(&line, &[(JsonString, text)], 1);
    }
    // Cut off, or without quotes.
    let truncated = r#"{\"Action\": \"x\", \"Data\": {"#;
    assert_frames(&format!("x=\"{truncated}\nnext"), &[(Object, truncated)], 1);
    assert_frames(&format!("x={truncated}\nnext"), &[(Object, truncated)], 1);
    assert_frames("x={\\\"a\\\"}\nnext", &[], 2);
}

#[test]
fn fields_of_csv_are_frames() {
    for text in [
        r#""{""Action"": ""x"", ""Data"": {}}""#,
        "\"{\n  \"\"Action\"\": \"\"x\"\"\n}\"",
    ] {
        let line = format!("id,body\n1,{text},\"b\"\n2,\"\",{text}\n");
        assert_frames(&line, &[(CsvField, text), (CsvField, text)], 1);
    }
    // A field that is not closed ends with a blank line.
    let text = format!("1,\"{{\"\"a\"\": 1\n\nx {PAYLOAD}");
    assert_frames(&text, &[(Object, PAYLOAD)], 1);
    let truncated = "{\"\"Action\"\": 1, \"\"Data\"\": 1";
    assert_frames(&format!("1,\"{truncated}\n\nx"), &[(Object, truncated)], 1);
}

#[test]
fn escaped_text_is_a_frame() {
    let nginx = r"{\x22Action\x22:\x22\xC3\xA9\x22}";
    assert_frames(
        &format!("[a] \"POST /\" \"{nginx}\" 200\n"),
        &[(HexEscapes, nginx)],
        0,
    );
    assert_frames(&format!("a {nginx}\nb"), &[(HexEscapes, nginx)], 1);
    let xml = "{&quot;Action&quot;: {}}";
    assert_frames(&format!("<a>{xml}</a>\n"), &[(XmlText, xml)], 0);
    assert_frames(&format!("<a b=\"{xml}\"/>\n"), &[(XmlText, xml)], 0);
    assert_frames(
        &format!("{xml}\nnext")
            .replacen('{', " {", 1)
            .as_str()
            .replacen(' ', "x", 1),
        &[(XmlText, xml)],
        1,
    );
    let xml = "{\n  &#34;Action&#34;: 1\n}";
    assert_frames(&format!("<a>{xml}</a>\n"), &[(XmlText, xml)], 0);
}

/// Only in the field in which an earlier line had its body.
#[test]
fn a_line_without_the_body_that_others_have_is_a_frame() {
    let line = |body| format!("::1 - - [1/Dec/2026] \"POST /hooks HTTP/1.1\" 202 \"-\" {body}\n");
    let (hex, without) = (r#""{\x22a\x22:1}""#, line("\"-\""));
    let text = format!("{without}{}{without}{without}", line(hex));
    let escaped = (HexEscapes, r"{\x22a\x22:1}");
    let missing = (MissingBody, "\"-\"");
    assert_frames(&text, &[escaped, missing, missing], 1);
    assert_frames(text.trim_end(), &[escaped, missing, missing], 1);
    // Another field, another method, and no body at all.
    let get = without.replace("POST", "GET");
    let shorter = without.replace("202 ", "");
    assert_frames(&format!("{}{get}{shorter}", line(hex)), &[escaped], 2);
    assert_frames(&format!("{without}{without}"), &[], 2);
    let bare = format!("{}{}", line("{\"a\":1}"), line("-"));
    assert_frames(&bare, &[(Object, "{\"a\":1}"), (MissingBody, "-")], 0);
    // Lines that are too long to be examined.
    let long = format!(
        "{}{}",
        line(hex),
        line(&format!("{}\"-\"", "x ".repeat(4096)))
    );
    assert_frames(&long, &[escaped], 1);
}

#[test]
fn http_messages_are_frames() {
    let sized = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
    for body in [
        PAYLOAD,
        "[{}]",
        "[{}]\r\n",
        " {\"a\": 1}\n\n",
        "a=b",
        "",
        "a\n\nb\nPOST x",
    ] {
        let message = format!("POST /a HTTP/1.1\r\nHost: x\r\n{}", sized(body));
        let response = format!("HTTP/1.1 200 OK\r\n{}", sized("ok"));
        let text = format!("{message}{response}\r\n{message}\r\n\r\nnext");
        let expected = [&*message, &response, &message];
        let expected = expected.map(|message| (Http, message));
        assert_frames(&text, &expected, 1);
    }
    let chunked = "POST http://x/a HTTP/1.1\nTransfer-Encoding: chunked\n\n4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n";
    assert_frames(
        &format!("{chunked}{chunked}x"),
        &[(Http, chunked), (Http, chunked)],
        1,
    );
}

#[test]
fn messages_without_a_right_length_end_with_their_json() {
    let pretty = "{\n  \"Action\": 1\n}";
    for length in [
        "",
        "Content-Length: 3\n",
        "Content-Length: 300\n",
        "Transfer-Encoding: chunked\n",
    ] {
        let message = format!("POST /a HTTP/1.1\n{length}\n{pretty}");
        let text = format!("{message}\n\n###\n{message}\n{message} x\n");
        let expected = [(Http, &*message), (Http, &*message), (Http, &*message)];
        assert_frames(&text, &expected, 1);
    }
    // A broken body, and none.
    let message = "POST /a HTTP/1.1\nA: b\n\n{\"a\": 1,}";
    assert_frames(&format!("{message}\nx\n"), &[(Http, message)], 1);
    let message = "GET /a HTTP/1.1\nA: b\n\n";
    let response = "HTTP/2 204";
    assert_frames(
        &format!("{message}{response} No\nA: b\n\nx=y\n\nz"),
        &[(Http, message), (Http, "HTTP/2 204 No\nA: b\n\nx=y\n")],
        1,
    );
}

#[test]
fn requests_of_http_files_need_no_version() {
    let request = "POST http://localhost/hooks\nContent-Type: application/json\n\n{\"Action\": 1}";
    let text = format!("@host = x\n# a\n\n{request}\n\n### next\n{request}\n\n\nPOST /x\nA: b\n\n");
    assert_frames(&text, &[(Http, request), (Http, request)], 5);
}

#[test]
fn lines_like_messages_in_a_log_are_text() {
    for text in [
        "x\nPOST /a HTTP/1.1\n2026 INFO next\n",
        "GET /\nPOST /x HTTP/1.1",
        "x\n> POST /a HTTP/1.1\n> A: b\n>\n",
    ] {
        let lines = text.lines().count() as u64;
        assert_frames(text, &[], lines);
    }
}

#[test]
fn partial_lines_of_kubernetes_are_joined() {
    let line = |stream: &str, flag: &str, text: &str| {
        format!("2026-11-28T10:00:00.123456789Z {stream} {flag} {text}\n")
    };
    let joined = line("stdout", "P", "{\"Action\"")
        + &line("stderr", "F", "{}")
        + &line("stdout", "F", ": 1}");
    let text = line("stdout", "F", "x")
        + &joined
        + &line("stdout", "F", PAYLOAD)
        + &line("stdout", "P", "x")
        + "y\n";
    let last = line("stdout", "P", "x");
    let expected = [
        (CriLines, joined.trim_end()),
        (Object, PAYLOAD),
        (CriLines, last.trim_end()),
    ];
    assert_frames(&text, &expected, 2);
}

#[test]
fn objects_that_start_a_line_of_a_log_are_records() {
    let record = r#"{"level": "info", "msg": "x"}"#;
    let text =
        format!("{record}\nTrace:\n  at x {{y}}\n  {record}\n{PAYLOAD} {PAYLOAD}\nx {PAYLOAD}\n");
    let (found, skipped) = frames_of(CaptureMode::Auto, text.as_bytes());
    let parts: Vec<_> = found
        .iter()
        .map(|frame| (frame.kind, &*frame.text))
        .collect();
    let expected = [
        (LogRecord, record),
        (LogRecord, record),
        (LogRecord, PAYLOAD),
        (Object, PAYLOAD),
        (Object, PAYLOAD),
    ];
    assert_eq!((&parts[..], skipped), (&expected[..], 2));
    for size in [1, 5] {
        assert_eq!(
            trickled(CaptureMode::Auto, text.as_bytes(), size),
            (found.clone(), 2)
        );
    }
}

#[test]
fn split_lines_of_docker_are_joined() {
    for space in ["", " "] {
        split_lines_are_joined(|text| {
            format!("{{\"log\":{space}\"{text}\",\"stream\":\"stdout\",\"time\":\"2026\"}}\n")
        });
    }
}

fn split_lines_are_joined(line: impl Fn(&str) -> String) {
    let long = "x".repeat(16 << 10);
    let joined = line(&long) + &line(&long) + &line("end\\n");
    let text = line("a\\n") + &joined + &line(&(long.clone() + "\\n")) + &line(&long) + "x\n";
    let (first, last) = (line("a\\n"), line(&(long.clone() + "\\n")));
    let truncated = line(&long);
    for (mode, kind, size) in [
        (CaptureMode::Auto, LogRecord, 4099),
        (CaptureMode::Json, FrameKind::Value, 4099),
    ] {
        let (found, skipped) = frames_of(mode, text.as_bytes());
        let parts: Vec<_> = found
            .iter()
            .map(|frame| (frame.kind, &*frame.text))
            .collect();
        let expected = [
            (kind, first.trim_end()),
            (DockerLines, joined.trim_end()),
            (kind, last.trim_end()),
            (DockerLines, truncated.trim_end()),
        ];
        assert_eq!(parts[..4], expected);
        assert_eq!(skipped, u64::from(mode == CaptureMode::Auto));
        assert_eq!(trickled(mode, text.as_bytes(), size), (found, skipped));
    }
}
