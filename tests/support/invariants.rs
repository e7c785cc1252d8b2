//! Assertions that hold for any input, for tests with samples and random payloads, and for fuzzing.

use std::str;

use mewshook::checks::{Checker, Policy};
use mewshook::document::{Document, Node, PayloadText};
use mewshook::frame::{Frames, Next};
use mewshook::redact::{Classes, Key, RedactedStream, Redactor, StreamStatus};
use quick_xml::events::Event;
use serde_json::Value;

use super::printed::{REPORTS, printed};

/// Asserts that a text is parsed as by `serde_json`. Of a repeated name, both use the last value.
pub fn assert_parses_as_serde_json(text: &str) {
    let document = Document::parse(text);
    let value = serde_json::from_str::<Value>(text);
    match (&document, &value) {
        (Ok(document), Ok(value)) => assert_eq!(&document.root().to_value(), value, "{text:?}"),
        (Err(error), Err(_)) => {
            assert!(text.is_char_boundary(error.offset), "{text:?}: {error:?}");
            assert!(
                error.offset + error.length <= text.len(),
                "{text:?}: {error:?}"
            );
        }
        _ => panic!("{text:?}: {document:?} but {value:?}"),
    }
}

/// Asserts that a document is the one that the parser returns for its text. It may have been read by its
/// layout instead.
fn assert_read_as_parsed(document: &Document<'_>) {
    let parsed = Document::parse(document.text()).expect("it was read");
    assert_same_values(document.root(), parsed.root());
}

fn assert_same_values(read: Node<'_>, parsed: Node<'_>) {
    assert_eq!(read.span(), parsed.span());
    assert_eq!(read.type_name(), parsed.type_name());
    assert_eq!(read.as_str(), parsed.as_str());
    let members = |node: Node<'_>| {
        node.as_object()
            .map_or(0, |object| object.members().count())
    };
    let items = |node: Node<'_>| node.as_array().map_or(0, |array| array.items().count());
    assert_eq!(members(read), members(parsed));
    assert_eq!(items(read), items(parsed));
    if let (Some(read), Some(parsed)) = (read.as_object(), parsed.as_object()) {
        for ((name, value), (parsed_name, parsed_value)) in read.members().zip(parsed.members()) {
            assert_eq!(name.span(), parsed_name.span());
            assert_same_values(value, parsed_value);
        }
    }
    if let (Some(read), Some(parsed)) = (read.as_array(), parsed.as_array()) {
        for (item, parsed_item) in read.items().zip(parsed.items()) {
            assert_same_values(item, parsed_item);
        }
    }
}

/// Asserts that a line is read as it is parsed, whatever lines came before it. The first line comes so
/// often that its layout is learned.
pub fn assert_read_by_layout(lines: &str) {
    const OFTEN: usize = 30;
    let mut checker = Checker::new(Policy::default(), None);
    let first = lines.lines().next().into_iter().cycle().take(OFTEN);
    for line in first.chain(lines.lines()) {
        let source = PayloadText::from(line);
        let result = checker.check(&source);
        result.document.iter().for_each(assert_read_as_parsed);
        let alone = Checker::new(Policy::default(), None).check(&source);
        assert_eq!(result.verdict, alone.verdict, "{line}");
        checker.recycle(result);
    }
}

/// Returns the diagnostics of each payload of a stream.
fn diagnostics(stream: &[u8]) -> Vec<Vec<(&'static str, String, String)>> {
    let Ok(mut payloads) = check_all(Frames::from_bytes(stream.to_vec())) else {
        return Vec::new();
    };
    payloads
        .drain(..)
        .map(|(_, diagnostics)| diagnostics)
        .collect()
}

type Checked = (Vec<u8>, Vec<(&'static str, String, String)>);

fn check_all(mut frames: Frames) -> Result<Vec<Checked>, mewshook::input::InputError> {
    // A checker with a shape cache and one without must agree.
    let mut checker = Checker::new(Policy::default(), None);
    let mut results = Vec::new();
    loop {
        let batch = match frames.next()? {
            Next::Batch(batch) => batch,
            Next::Idle => continue,
            Next::End => return Ok(results),
        };
        for frame in batch.frames() {
            let text = frame.payload.text;
            let result = checker.check(&frame.payload);
            result.document.iter().for_each(assert_read_as_parsed);
            let verdict = result.verdict;
            let alone = Checker::new(Policy::default(), None).check(&frame.payload);
            assert_eq!(alone.verdict, verdict);
            for diagnostic in &verdict.diagnostics {
                assert_ne!(diagnostic.code, "internal-disagreement", "{diagnostic:?}");
                let span = diagnostic.span.clone();
                let spanned = text.get(span.clone()).expect("spans are in range");
                // In UTF-8, spans contain whole characters.
                if let Ok(text) = str::from_utf8(text) {
                    assert!(text.get(span).is_some(), "{diagnostic:?}");
                    assert!(str::from_utf8(spanned).is_ok());
                }
                assert!(
                    (diagnostic.start.line, diagnostic.start.column)
                        <= (diagnostic.end.line, diagnostic.end.column)
                );
                assert!(frame.payload.start.line <= diagnostic.start.line);
            }
            let diagnostics = verdict.diagnostics.into_iter();
            let diagnostics = diagnostics.map(|found| (found.code, found.pointer, found.rule));
            results.push((text.to_vec(), diagnostics.collect()));
        }
    }
}

/// Asserts that each payload gets a verdict, that schema and model agree, and that all spans are
/// valid.
pub fn assert_checked(stream: &[u8]) {
    let _ = diagnostics(stream);
}

/// Returns the redacted stream, or `None` if it cannot be read.
pub fn redacted(stream: &[u8], classes: Classes) -> Option<Vec<u8>> {
    let key = Key::new(b"a key of some length").expect("it is long enough");
    let redactor = Redactor::new(key, classes);
    let mut redacted_stream = RedactedStream::new(&redactor, Frames::from_bytes(stream.to_vec()));
    let mut out = Vec::new();
    while redacted_stream.next(&mut out).ok()? != StreamStatus::End {}
    Some(out)
}

/// Asserts that no token is left, that a second run changes no valid JSON, and that verdicts stay
/// the same.
pub fn assert_redacted(stream: &[u8]) {
    for is_all in [false, true] {
        let classes = Classes {
            ids: is_all,
            names: is_all,
            ..Classes::default()
        };
        let Some(once) = redacted(stream, classes) else {
            return;
        };
        assert_eq!(tokens(&once), 0, "{}", String::from_utf8_lossy(&once));
        // In invalid JSON, a placeholder may be taken for a secret again.
        if serde_json::from_slice::<Value>(stream).is_ok() {
            let twice = redacted(&once, classes).expect("it is as readable as before");
            assert_eq!(
                String::from_utf8_lossy(&once),
                String::from_utf8_lossy(&twice),
                "twice"
            );
            // Since the key is fixed, an input may contain a token that starts with the placeholder
            // of an id. Pointers are ignored, since names may contain tokens.
            let is_stable = |code| !is_all || code != "token-integration-mismatch";
            let checked = |stream: &[u8]| -> Vec<_> {
                let all = diagnostics(stream).into_iter().flatten();
                all.filter(|(code, ..)| is_stable(*code))
                    .map(|(code, _, rule)| (code, rule))
                    .collect()
            };
            let once_text = String::from_utf8_lossy(&once);
            assert_eq!(checked(stream), checked(&once), "{once_text}");
        }
    }
}

/// Returns the number of tokens that are neither made up nor published.
fn tokens(text: &[u8]) -> usize {
    const PUBLISHED: [&[u8]; 15] = [
        b"EA00F8FD8294692C940F6B5A8F9453D",
        b"00B343A0DDA725CACAC028E38E3EABF",
        b"D24FB11DBE31D4621C4817E028D9E1D",
        b"B6D09C0C84B09538077CB8FFBB907B4",
        b"A046EB5583FFBE94DE1172237763712",
        b"5C6A1A00550634911534AD6A098E8B7",
        b"4A1FC9080A4DD2A404734003674F77E",
        b"50DC28896E9090CCA0995C9BBD90351",
        b"273A4497AFF5E20566D7199DB3DC2BA",
        b"DF50CBC89E1D4FF5859DDF021649ED5",
        b"66633E0B736F523379B9E5966165A55",
        b"BFC60A026081F1350FAA99CAB9F7510",
        b"D5561FADFBA4EFC8EA4C179C6BC461F",
        b"05652C5153CF2AEFC9A405BFF6E8912",
        b"8A5AEDDDC7E0B190879D788CA1A96A6",
    ];
    let is_known = |second: &[u8]| {
        let starts = |known: &[u8]| second[..known.len()].eq_ignore_ascii_case(known);
        starts(b"FACADE") || PUBLISHED.iter().any(|known| starts(known))
    };
    let hyphens = memchr::memchr_iter(b'-', text);
    hyphens
        .filter(|hyphen| {
            let run = text[..*hyphen].iter().rev();
            let run = run.take_while(|byte| byte.is_ascii_hexdigit()).count();
            // The first digits may belong to an escape.
            let before = &text[..*hyphen - run];
            let is_escape = (before.ends_with(b"\\u") || before.ends_with(b"%")) && run < 32 + 4;
            let after = text[hyphen + 1..].iter().take(31);
            run >= 32
                && !is_escape
                && after.filter(|byte| byte.is_ascii_hexdigit()).count() == 31
                && !is_known(&text[hyphen + 1..])
        })
        .count()
}

/// Returns `true` if a stream can be read.
pub fn is_readable(stream: &[u8]) -> bool {
    check_all(Frames::from_bytes(stream.to_vec())).is_ok()
}

/// Asserts that the reports of all formats have valid syntax, and contain nothing that a terminal
/// or a CI server obeys.
pub fn assert_reported(stream: &[u8]) {
    if !is_readable(stream) {
        return;
    }
    for format in REPORTS.iter().copied() {
        assert_reported_in(stream, format);
    }
}

/// Asserts this for one format.
pub fn assert_reported_in(stream: &[u8], format: &str) {
    let text = printed(Frames::from_bytes(stream.to_vec()), format, 1);
    let is_control = |letter: char| letter.is_control() && letter != '\n';
    let is_bidi = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    assert!(
        !text.contains(is_control) && !text.contains(is_bidi),
        "{format}: {text:?}"
    );
    assert!(!text.contains("##["), "{format}: {text}");
    for line in text.lines() {
        let is_command = line.trim_start().starts_with("::");
        let is_expected = ["::error file=", "::warning file="]
            .iter()
            .any(|head| line.starts_with(head));
        assert!(
            !is_command || format == "github" && is_expected,
            "{format}: {line}"
        );
    }
    let json = |text: &str| {
        serde_json::from_str::<Value>(text)
            .unwrap_or_else(|error| panic!("{format}: {error}: {text}"))
    };
    match format {
        "json" | "gitlab" | "sarif" | "stats-json" => drop(json(&text)),
        "ndjson" | "timeline ndjson" | "plan ndjson" => {
            text.lines().for_each(|line| drop(json(line)));
        }
        // A row is a line, and rows of different lengths are errors.
        "csv" => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let rows = reader.records().map(|row| row.unwrap());
            assert_eq!(rows.count() + 1, text.lines().count(), "{text}");
        }
        "junit" => {
            let mut reader = quick_xml::Reader::from_str(&text);
            while !matches!(
                reader
                    .read_event()
                    .unwrap_or_else(|error| panic!("{error}: {text}")),
                Event::Eof
            ) {}
        }
        _ => {}
    }
}
