//! Every place is true: payloads are written into random notations, and what is reported of them is
//! looked up in the capture.

#![allow(
    clippy::unwrap_used,
    clippy::match_bool,
    missing_docs,
    reason = "a test that fails may panic"
)]
#![allow(dead_code, reason = "each test uses some of it")]

#[path = "support/embed/mod.rs"]
mod embed;
#[path = "support/printed.rs"]
mod printed;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use embed::around::{self, AROUND, Around};
use embed::container::{self, Container};
use embed::dice::Dice;
use embed::layer::{self, LAYERS, Layer};
use embed::{Embedded, payload, snippet};
use mewshook::frame::{CaptureMode, Frames};
use proptest::prelude::*;
use serde_json::Value;

/// The number of random captures of a test, unless `PROPTEST_CASES` says another one.
const CASES: u32 = if cfg!(debug_assertions) { 500 } else { 5_000 };

/// Returns the configuration. With other seeds, about one in ten thousand random nestings, such as
/// broken XML around a line, is not found.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: cases.and_then(|cases| cases.parse().ok()).unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A payload, what it is written into, and the seed of all choices.
#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    layers: Vec<Layer>,
    around: Around,
}

fn case() -> impl Strategy<Value = Case> {
    let layers = prop::collection::vec(prop::sample::select(&LAYERS[..]), 0..5);
    let around = prop::sample::select(&AROUND[..]);
    (any::<u64>(), layers, around).prop_map(|(seed, layers, around)| Case {
        seed,
        layers,
        around,
    })
}

impl Case {
    fn payload(&self) -> String {
        let is_plain = |layer: &Layer| *layer != Layer::Value;
        let mut dice = Dice::new(self.seed);
        loop {
            let payload = payload::any(&mut dice);
            // Broken JSON as a value would break the JSON around it.
            let is_alone = self.layers.first().is_some_and(is_plain);
            if is_alone || serde_json::from_str::<Value>(&payload).is_ok() {
                return payload;
            }
        }
    }

    fn embed(&self, payload: &str) -> Embedded {
        let mut dice = Dice::new(!self.seed);
        let mut embedded = Embedded::new(payload);
        for layer in &self.layers {
            layer::write(&mut embedded, *layer, &mut dice);
        }
        around::write(&mut embedded, self.around, &mut dice);
        embedded
    }
}

/// Returns the objects of the payloads of a capture.
fn report(text: &[u8], mode: CaptureMode) -> Vec<Value> {
    let frames = Frames::from_bytes(text.to_vec()).with_mode(mode);
    let report = printed::printed(frames, "ndjson", 1);
    let objects = report
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    objects.collect()
}

/// Returns a number of an object of a report.
fn number(object: &Value, name: &str) -> usize {
    usize::try_from(object[name].as_u64().unwrap()).unwrap()
}

/// A byte-order mark, which has no column.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Returns the line and the column of an offset, both from 1.
fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let mark = if before.starts_with(MARK) {
        MARK.len()
    } else {
        0
    };
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(mark, |at| at + 1);
    (
        line,
        String::from_utf8_lossy(&before[start..]).chars().count() + 1,
    )
}

/// Compares the report on a capture with the one on the payload alone.
fn compare(payload: &str, embedded: &Embedded, found: &[Value]) -> Result<(), String> {
    let text = &embedded.text;
    let alone = report(payload.as_bytes(), CaptureMode::Json);
    let [alone] = &alone[..] else {
        return Err(format!("alone: {alone:?}"));
    };
    let [found] = found else {
        return Err(format!("{} payloads", found.len()));
    };
    let same = |name: &str| (found[name] == alone[name]).then_some(());
    let differ = |name: &str| format!("{name}: {} instead of {}", found[name], alone[name]);
    for name in ["kind", "event", "valid", "omitted"] {
        same(name).ok_or_else(|| differ(name))?;
    }

    let source = &found["source"];
    let place = embedded.place(0..payload.len());
    let start = position(text, place.start);
    let stated = number(source, "offset")..number(source, "offset") + number(source, "length");
    if stated != place {
        return Err(format!("source at {stated:?} instead of {place:?}"));
    }
    if (number(source, "line"), number(source, "column")) != start {
        return Err(format!("{source} instead of {start:?}"));
    }

    let list = |report: &Value| report["diagnostics"].as_array().unwrap().clone();
    let (found, alone) = (list(found), list(alone));
    let codes = |list: &[Value]| -> Vec<(Value, Value, Value)> {
        let keys = list.iter().map(|one| {
            (
                one["code"].clone(),
                one["pointer"].clone(),
                one["message"].clone(),
            )
        });
        keys.collect()
    };
    if codes(&found) != codes(&alone) {
        return Err(format!(
            "{:?} instead of {:?}",
            codes(&found),
            codes(&alone)
        ));
    }
    for (found, alone) in found.iter().zip(&alone) {
        let span =
            |one: &Value| number(one, "offset")..number(one, "offset") + number(one, "length");
        let (stated, inner) = (span(found), span(alone));
        let place = embedded.place(inner.clone());
        // The end of a text may be that of its last character, or the start of what follows.
        let is_same = match inner.is_empty() {
            true => stated.is_empty() && stated.start >= place.start,
            false => stated == place,
        };
        if !is_same {
            let outer = String::from_utf8_lossy(&text[stated.clone()]);
            return Err(format!(
                "{found} at {stated:?} ({outer}) instead of {place:?}"
            ));
        }
        let start = (number(found, "line"), number(found, "column"));
        let end = (number(found, "end_line"), number(found, "end_column"));
        let expected = (position(text, stated.start), position(text, stated.end));
        if (start, end) != expected {
            return Err(format!("{found} instead of {expected:?}"));
        }
    }
    Ok(())
}

/// Compares the stated pointer with the way to the value that holds the payload.
fn compare_pointer(case: &Case, embedded: &Embedded, found: &Value) -> Result<(), String> {
    // The value in the lines of a logger is itself in a notation.
    let stated = found["source"]
        .get("pointer")
        .map(|pointer| pointer.as_str().unwrap());
    if case.is_in_notation() {
        return Ok(());
    }
    let mut expected = embedded.pointer.clone();
    if case.around == Around::Nothing && embedded.value.starts_with(b"[") {
        // Its items are records.
        expected.remove(0);
    }
    let expected = (!expected.is_empty()).then(|| embedded.pointer());
    let expected = expected
        .as_deref()
        .map(|pointer| match &embedded.value[..] {
            [b'[', ..] if case.around == Around::Nothing => {
                &pointer[1 + pointer[1..].find('/').unwrap()..]
            }
            _ => pointer,
        });
    if stated != expected {
        return Err(format!("pointer {stated:?} instead of {expected:?}"));
    }
    let value: Result<Value, _> = serde_json::from_slice(&embedded.value);
    if value.is_ok_and(|value| value.pointer(&embedded.pointer()).is_none()) {
        return Err("there is nothing at the pointer".into());
    }
    Ok(())
}

impl Case {
    /// Whether the outermost JSON value is itself written in another notation.
    fn is_in_notation(&self) -> bool {
        !matches!(
            self.around,
            Around::Nothing | Around::Stream | Around::Log | Around::Markdown | Around::Script
        )
    }

    fn check(&self) -> Result<(), String> {
        let payload = self.payload();
        let embedded = self.embed(&payload);
        let found = report(&embedded.text, CaptureMode::Auto);
        compare(&payload, &embedded, &found)
            .and_then(|()| compare_pointer(self, &embedded, &found[0]))
            .map_err(|error| {
                let text = String::from_utf8_lossy(&embedded.text);
                let steps: Vec<_> = (embedded.steps.iter())
                    .map(|step| String::from_utf8_lossy(&step.text[..step.text.len().min(3000)]))
                    .collect();
                let short: String = text.chars().take(4000).collect();
                format!("{error}\npayload: {payload}\nsteps: {steps:#?}\ncapture: {short}")
            })
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn places_are_those_of_the_characters_in_the_capture(case in case()) {
        if let Err(error) = case.check() {
            prop_assert!(false, "{error}");
        }
    }
}

/// Returns a random case.
fn any_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let layers = (0..dice.below(4)).map(|_| dice.pick(&LAYERS)).collect();
    let around = dice.pick(&AROUND);
    Case {
        seed,
        layers,
        around,
    }
}

/// The program reports the same on files as on bytes in memory, whatever they are compressed with.
#[test]
fn files_have_the_places_of_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut texts = BTreeMap::new();
    for seed in 0..300 {
        let case = any_case(seed);
        let payload = case.payload();
        let mut embedded = case.embed(&payload);
        let mut container = Dice::new(seed).pick(&container::ALL);
        if container == Container::Utf16 {
            match std::str::from_utf8(&embedded.text) {
                Ok(_) => embedded.write_after(MARK),
                Err(_) => container = Container::None,
            }
        }
        let name = format!("{seed:04}.txt");
        fs::write(folder.path().join(&name), container.write(&embedded.text)).unwrap();
        texts.insert(name, (case, payload, embedded));
    }
    let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(["validate", "--format", "ndjson"])
        .args(texts.keys())
        .current_dir(folder.path())
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap();
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        let path = object["source"]["path"].as_str().unwrap().to_owned();
        found.entry(path).or_default().push(object);
    }
    for (name, (case, payload, embedded)) in &texts {
        let found = found.remove(name).unwrap_or_default();
        if let Err(error) = compare(payload, embedded, &found) {
            panic!("{name}, {case:?}: {error}");
        }
    }
}

/// The characters that are underlined in a snippet are those at the place.
#[test]
fn snippets_underline_the_characters_at_the_place() {
    let mut compared = 0;
    for seed in 0..800 {
        let case = any_case(seed);
        let payload = case.payload();
        let embedded = case.embed(&payload);
        if !embedded.is_readable {
            continue;
        }
        let objects = report(&embedded.text, CaptureMode::Auto);
        let frames = Frames::from_bytes(embedded.text.clone()).with_mode(CaptureMode::Auto);
        let human = printed::printed(frames, "human", 1);
        let snippets = snippet::all(&human);
        let diagnostics = objects[0]["diagnostics"].as_array().unwrap();
        assert_eq!(snippets.len(), diagnostics.len(), "{case:?}\n{human}");
        for (snippet, diagnostic) in snippets.iter().zip(diagnostics) {
            let start = number(diagnostic, "offset");
            let end = start + number(diagnostic, "length");
            let text = String::from_utf8_lossy(&embedded.text[start..end]);
            assert!(snippet.underlines(&text), "{case:?}, {snippet:?}: {text}");
            let place = (number(diagnostic, "line"), number(diagnostic, "column"));
            assert_eq!(snippet.place, place, "{case:?}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} snippets");
}

/// Texts like those of `JSONTestSuite` that no parser may accept, or that are at the edge.
const BROKEN: &[&str] = &[
    "",
    " ",
    "\u{feff}",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "{}",
    "[]",
    "{]",
    "[}",
    "[,",
    "[1,]",
    "{,}",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1}}",
    "[1]]",
    "[1 2]",
    "[--1]",
    "[1e]",
    "[.5]",
    "[0x1]",
    "[NaN]",
    "[nul]",
    "[\"\\",
    "[\"\\u",
    "[\"\\uD8",
    "[\"\\x00\"]",
    "[\"\\uDFAA\"]",
    "[\"\ta\"]",
    "{\"a\":1,\"a\":2}",
    "[1]x",
    "[\u{c}]",
    "/*c*/{}",
    "{\"a\":/*c*/1}",
    "[1,\n1\n,1",
    "[\"a\",\n4\n,1,",
    "[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
    "\u{2028}",
    "\"\\ud83d\"",
    "{\"Action\":\"x\",\"Data\":{",
    "{\"Action\":\"x\",\"Data\":{}",
    "{{}}",
    "{{x}}",
    "{\\\"Action\\\":",
    "{&quot;Action&quot;:",
    "{\\x22Action\\x22:",
    "{\"\"Action\"\":",
    "%7B%22Action",
    "POST / HTTP/1.1\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n{",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{",
    "H4sI",
    "eyJ",
    "====",
];

#[test]
fn broken_texts_in_any_notation_do_no_harm() {
    let mut dice = Dice::new(7);
    for broken in BROKEN {
        for text in [
            (*broken).to_owned(),
            format!("{{\"Action\":\"x\",\"Data\":{broken}"),
        ] {
            for first in LAYERS {
                let mut embedded = Embedded::new(&text);
                let around = dice.pick(&AROUND);
                if first != Layer::Value && !text.is_empty() {
                    layer::write(&mut embedded, first, &mut dice);
                    layer::write(&mut embedded, dice.pick(&LAYERS), &mut dice);
                    around::write(&mut embedded, around, &mut dice);
                }
                for mode in [CaptureMode::Auto, dice.pick(&CaptureMode::ALL)] {
                    for object in report(&embedded.text, mode) {
                        let source = &object["source"];
                        let end = number(source, "offset") + number(source, "length");
                        let is_inside = end <= embedded.text.len();
                        assert!(is_inside, "{text:?}, {first:?}, {around:?}: {object}");
                    }
                }
            }
        }
    }
}
