//! Joins lines that a container runtime split, since its records are limited to 16 KiB.

use std::ops::Range;

use super::Decoded;
use super::json_string::add_json_string;
use crate::document::{Document, Tape};
use crate::steps;

/// Joins the strings `log` of lines of Docker's json-file format: JSON objects, one a line. The text
/// ends before the first line that is not such an object.
pub(crate) fn docker_lines(outer: &[u8]) -> Option<Decoded> {
    join(outer, |line, decoded| {
        let text = std::str::from_utf8(&outer[line.clone()]).ok()?;
        // A record has only strings, and `attrs`.
        let document = Document::parse_with(Tape::default(), text, 3).ok()?;
        let log = document.root().get("log")?;
        log.as_str()?;
        let span = log.span();
        let content = line.start + span.start + 1..line.start + span.end - 1;
        add_json_string(outer, content, decoded)
    })
}

/// Joins the texts of lines of Kubernetes' CRI format: `TIME stream P text`, where the tag `F` marks
/// the last part of a line. Lines of another stream than that of the first line, which may stand
/// between the parts of one, are left out. The text ends before the first line that has another
/// format.
pub(crate) fn cri_lines(outer: &[u8]) -> Option<Decoded> {
    let mut line_break = None;
    let mut first_stream = None;
    join(outer, |line, decoded| {
        let (stream, tag, text) = cri_text(outer, line)?;
        if *first_stream.get_or_insert(stream) != stream {
            return Some(());
        }
        if let Some(line_break) = line_break.take() {
            decoded.copy(outer, line_break);
        }
        if tag == b'F' && text.end < outer.len() {
            line_break = Some(text.end..text.end + 1);
        }
        decoded.copy(outer, text);
        Some(())
    })
}

/// Decodes line by line until `decode` returns `None`. If that is the first line, the text is in
/// another notation.
fn join(
    outer: &[u8],
    mut decode: impl FnMut(Range<usize>, &mut Decoded) -> Option<()>,
) -> Option<Decoded> {
    steps::add(outer.len());
    let mut decoded = Decoded::with_capacity(outer.len());
    let mut has_lines = false;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', outer).chain([outer.len()]) {
        let line = start..end;
        start = end + 1;
        if outer[line.clone()].trim_ascii().is_empty() {
            continue;
        }
        if decode(line, &mut decoded).is_none() {
            break;
        }
        has_lines = true;
    }
    has_lines.then_some(decoded)
}

/// Returns the stream, the tag, and the range of the text without its line break.
fn cri_text(outer: &[u8], line: Range<usize>) -> Option<(&[u8], u8, Range<usize>)> {
    let text = &outer[line.clone()];
    let mut spaces = memchr::memchr_iter(b' ', text);
    let (time, stream) = (spaces.next()?, spaces.next()?);
    // An empty text may have lost its space.
    let tags = spaces.next().unwrap_or(text.len());
    let name = &text[time + 1..stream];
    if !text[..time].contains(&b'T') || !matches!(name, b"stdout" | b"stderr") {
        return None;
    }
    // More tags may follow the first one, after colons.
    let tag = match &text[stream + 1..tags] {
        [tag @ (b'P' | b'F')] | [tag @ (b'P' | b'F'), b':', ..] => *tag,
        _ => return None,
    };
    Some((name, tag, (line.start + tags + 1).min(line.end)..line.end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{any_text, assert_characters, assert_monotone, damaged};
    use super::*;

    const DOCKER: &str = concat!(
        r#"{"log":"{\"Action\": \"Integ","stream":"stdout","attrs":{"tag":"a"},"time":"2024-01-01T00:00:00.1Z"}"#,
        "\n",
        r#"{"log":"rationEnabled\"}\n","stream":"stdout","time":"2024-01-01T00:00:00.1Z"}"#,
        "\n"
    );
    const CRI: &str = "2024-01-01T00:00:00.1Z stdout P {\"Action\": \"Integ\n\
        2024-01-01T00:00:00.1Z stdout P \n\
        2024-01-01T00:00:00.1Z stdout F:x rationEnabled\"}\n";

    #[test]
    fn log_strings_are_joined_with_their_places() {
        let decoded = docker_lines(DOCKER.as_bytes()).unwrap();
        let text = String::from_utf8(decoded.text).unwrap();
        assert_eq!(text, "{\"Action\": \"IntegrationEnabled\"}\n");
        let outer = |part: &str| {
            let start = text.find(part).unwrap();
            &DOCKER[decoded.map.range(start..start + part.len())]
        };
        assert_eq!(outer("\"Action\""), r#"\"Action\""#);
        assert_eq!(outer("rationEnabled\""), r#"rationEnabled\""#);
        assert!(outer("Integration").starts_with("Integ\",\"stream\""));
    }

    #[test]
    fn texts_of_records_are_joined_with_their_places() {
        let decoded = cri_lines(CRI.as_bytes()).unwrap();
        let text = String::from_utf8(decoded.text).unwrap();
        assert_eq!(text, "{\"Action\": \"IntegrationEnabled\"}");
        let start = text.find("rationEnabled").unwrap();
        let outer = decoded.map.range(start..start + 13);
        assert_eq!(&CRI[outer.clone()], "rationEnabled");
        assert_eq!(outer.start, CRI.find("rationEnabled").unwrap());
        // The last part has ended a line.
        let decoded = cri_lines(CRI.repeat(2).as_bytes()).unwrap();
        assert_eq!(
            decoded.text,
            [text.as_bytes(), b"\n", text.as_bytes()].concat()
        );
    }

    #[test]
    fn lines_of_the_other_stream_are_left_out() {
        let outer = b"T stdout P {\"a\"\nT stderr F x\nT stdout F : 1}\nT stderr F y";
        assert_eq!(cri_lines(outer).unwrap().text, b"{\"a\": 1}");
    }

    #[test]
    fn a_text_ends_before_a_broken_line() {
        let decoded = docker_lines(&DOCKER.as_bytes()[..DOCKER.len() - 5]).unwrap();
        assert_eq!(decoded.text, b"{\"Action\": \"Integ");
        for outer in ["", "\n", "{}", "{\"log\": 1}", "[\"log\"]", "\u{1}"] {
            assert_eq!(docker_lines(outer.as_bytes()), None, "{outer}");
        }
        for outer in ["", "a b P c", "T stdout X c", "T stdout", "T stdin P c"] {
            assert_eq!(cri_lines(outer.as_bytes()), None, "{outer}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn split_texts_are_joined(parts in proptest::collection::vec(any_text(), 1..5)) {
            let lines: Vec<_> = parts.iter().map(|part| serde_json::json!({"log": part, "stream": "stdout"}).to_string()).collect();
            let outer = lines.join("\n");
            let decoded = docker_lines(outer.as_bytes()).unwrap();
            prop_assert_eq!(&decoded.text, &parts.concat().into_bytes());
            assert_characters(outer.as_bytes(), &decoded, |part| {
                super::super::json_string(part).unwrap().text
            });

            let parts: Vec<_> = parts.iter().map(|part| part.replace('\n', "")).collect();
            let lines: Vec<_> = parts.iter().map(|part| format!("2024-01-01T00:00:00Z stderr P {part}\n")).collect();
            let outer = lines.concat();
            let decoded = cri_lines(outer.as_bytes()).unwrap();
            prop_assert_eq!(&decoded.text, &parts.concat().into_bytes());
            assert_characters(outer.as_bytes(), &decoded, <[u8]>::to_vec);
        }

        #[test]
        fn damaged_lines_do_not_panic(docker in damaged(DOCKER), cri in damaged(CRI)) {
            for (outer, decoded) in [(&docker, docker_lines(&docker)), (&cri, cri_lines(&cri))] {
                if let Some(decoded) = decoded {
                    assert_monotone(outer, &decoded);
                }
            }
        }
    }
}
