//! Compressed inputs and UTF-16 are read as the text that they contain, to the last byte that can be
//! decoded, and `redact` writes them as what they were.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

#[path = "support/program.rs"]
mod program;

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Output, Stdio};
use std::sync::mpsc::{Receiver, channel};

use mewshook::checks::{Checker, Policy};
use mewshook::decode::{Container, DecodeError, Decoder, Encoding, encoder};
use mewshook::frame::{Frames, Next};
use mewshook::input::InputError;
use proptest::prelude::*;
use proptest::sample::Index;

use program::{PAYLOAD, SECRET, TempDir, mewshook, outcome, run};
use support::{cases, changed_payload};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// An integration whose id has a digit too few, in one line.
fn broken() -> String {
    PAYLOAD.replace("9e5e84e9-", "9e5e84e-")
}

fn encode(layers: &[Encoding], text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let container: Container = layers.iter().copied().collect();
    let mut writer = encoder(&container, &mut bytes).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap();
    bytes
}

fn gzip(text: &str) -> Vec<u8> {
    encode(&[Encoding::Gzip], text.as_bytes())
}

fn zstd(text: &str) -> Vec<u8> {
    encode(&[Encoding::Zstd], text.as_bytes())
}

/// Encodes UTF-16 without the encoder.
fn utf16(text: &str, is_big_endian: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    let bytes = units.map(|unit| {
        if is_big_endian {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        }
    });
    bytes.flatten().collect()
}

/// Decodes the layers one after the other.
fn decode(layers: &[Encoding], bytes: &[u8]) -> Vec<u8> {
    layers.iter().fold(bytes.to_vec(), |bytes, layer| {
        let mut text = Vec::new();
        let mut decoder = Decoder::new(*layer, &bytes[..]).unwrap();
        decoder.read_to_end(&mut text).unwrap();
        text
    })
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Runs the program with bytes on its standard input.
fn pipe(folder: &TempDir, arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = mewshook(folder, arguments)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that has seen enough closes its input.
    let _ = stdin.write_all(bytes);
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Each encoding, and nestings of them.
const LAYERS: [&[Encoding]; 9] = [
    &[Encoding::Gzip],
    &[Encoding::Zstd],
    &[Encoding::Utf16Le],
    &[Encoding::Utf16Be],
    &[Encoding::Gzip, Encoding::Gzip],
    &[Encoding::Gzip, Encoding::Zstd],
    &[Encoding::Zstd, Encoding::Gzip, Encoding::Utf16Le],
    &[Encoding::Gzip, Encoding::Utf16Be],
    &[
        Encoding::Zstd,
        Encoding::Zstd,
        Encoding::Gzip,
        Encoding::Gzip,
    ],
];

#[test]
fn reports_are_those_of_the_text() {
    let text = format!("{PAYLOAD}{}{{\"Events\": [\n{PAYLOAD}", broken());
    for mark in ["", BYTE_ORDER_MARK] {
        let text = format!("{mark}{text}");
        for format in ["human", "ndjson", "sarif"] {
            for command in ["validate", "inspect"] {
                let arguments = [command, "--format", format, "a"];
                let plain = run(&folder(&[("a", text.as_bytes())]), &arguments);
                assert_eq!(plain.0, Some(1), "{plain:?}");
                for layers in LAYERS {
                    let bytes = encode(layers, text.as_bytes());
                    let folder = folder(&[("a", &bytes)]);
                    assert_eq!(run(&folder, &arguments), plain, "{layers:?} {mark:?}");
                    let arguments = [command, "--format", format];
                    let piped = outcome(pipe(&folder, &arguments, &bytes));
                    let expected = outcome(pipe(&folder, &arguments, text.as_bytes()));
                    assert_eq!(piped, expected, "{layers:?} {mark:?}");
                }
            }
        }
    }
}

#[test]
fn places_are_those_in_the_decoded_text() {
    let text = format!(
        "{PAYLOAD}{}",
        broken().replace("\"Id\"", "\"Ö😀\": 1, \"Id\"")
    );
    let (line, column) = (
        2,
        1 + text
            .lines()
            .nth(1)
            .unwrap()
            .split("\"9e5e")
            .next()
            .unwrap()
            .chars()
            .count(),
    );
    let expected = format!("a:{line}:{column}: error[invalid-uuid]");
    for layers in LAYERS {
        let folder = folder(&[("a", &encode(layers, text.as_bytes()))]);
        let (_, stdout, _) = run(&folder, &["validate", "--format", "short", "a"]);
        assert!(stdout.contains(&expected), "{expected} {stdout}");
    }
}

#[test]
fn a_capture_without_payloads_has_none() {
    for layers in LAYERS {
        for text in ["", "\n \n"] {
            let bytes = encode(layers, text.as_bytes());
            let folder = folder(&[("a", &bytes)]);
            let (status, _, stderr) = run(&folder, &["validate", "a"]);
            assert_eq!(status, Some(3));
            assert!(stderr.contains("a: there is no payload"), "{stderr}");
            let (status, _, stderr) = outcome(pipe(&folder, &["inspect", "--allow-empty"], &bytes));
            assert_eq!((status, &*stderr), (Some(0), ""));
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    let folder = folder(&[
        ("four", &encode(&[Encoding::Gzip; 4], PAYLOAD.as_bytes())),
        ("five", &encode(&[Encoding::Gzip; 5], PAYLOAD.as_bytes())),
    ]);
    assert_eq!(run(&folder, &["validate", "four"]).0, Some(0));
    let (status, _, stderr) = run(&folder, &["validate", "five"]);
    assert_eq!(status, Some(3));
    assert!(
        stderr.contains("five: this is compressed more than 4 times"),
        "{stderr}"
    );
}

#[test]
fn padding_is_skipped_and_other_data_is_an_error() {
    let packed = gzip(PAYLOAD);
    let padded = [&packed[..], &[0; 1000]].concat();
    let folder = folder(&[("padded", &padded)]);
    let (status, stdout, stderr) = run(&folder, &["validate", "padded"]);
    assert_eq!((status, &*stderr), (Some(0), ""), "{stdout}");
    for (packed, name) in [
        (packed.clone(), "gzip"),
        (zstd(PAYLOAD), "zstd"),
        (padded, "gzip"),
    ] {
        let bytes = [&packed[..], b"{\"Events\": []}"].concat();
        let (status, stdout, stderr) = outcome(pipe(&folder, &["validate"], &bytes));
        assert_eq!(status, Some(3));
        assert!(stdout.starts_with("1 payload checked: 1 valid"), "{stdout}");
        let place = packed.len();
        let expected =
            format!("other data follows the {name}-compressed data, from byte {place} on");
        assert!(stderr.contains(&expected), "{expected}\n{stderr}");
    }
}

/// The payloads of a capture that is cut off anywhere are reported, and then that it is cut off.
#[test]
fn a_cut_capture_reports_what_it_held() {
    let text = format!("{PAYLOAD}{}", broken()).repeat(3);
    for layers in LAYERS {
        let bytes = encode(layers, text.as_bytes());
        // UTF-16 without a byte-order mark shows in its first four bytes.
        for length in 4..bytes.len() {
            let (payloads, error) = checked(Frames::from_bytes(bytes[..length].to_vec()));
            assert!(payloads.len() <= 6, "{layers:?} {length}");
            let is_utf16_only = !layers[0].is_compression();
            let is_cut = matches!(
                error,
                Some(InputError::Decode(DecodeError::Truncated { .. }))
            );
            assert!(
                is_cut || is_utf16_only && length % 2 == 0,
                "{layers:?} {length} {error:?}"
            );
        }
    }
    // A cut after the end of the text, in the checksum: all of it was held.
    let bytes = gzip(&text);
    let (payloads, _) = checked(Frames::from_bytes(bytes[..bytes.len() - 4].to_vec()));
    let (expected, _) = checked(Frames::from_bytes(text.into_bytes()));
    assert_eq!(payloads, expected);
}

#[test]
fn the_exit_status_of_a_cut_capture_is_3() {
    let folder = folder(&[]);
    for bytes in [gzip(PAYLOAD), zstd(PAYLOAD)] {
        for length in (0..bytes.len()).filter(|length| bytes[..*length] != *b"(") {
            for command in ["validate", "inspect", "redact"] {
                let output = pipe(&folder, &[command], &bytes[..length]);
                let expected = if command == "redact" && length == 0 {
                    0
                } else {
                    3
                };
                let (status, _, stderr) = (output.status.code(), output.stdout, output.stderr);
                let stderr = String::from_utf8(stderr).unwrap();
                assert_eq!(status, Some(expected), "{command} {length} {stderr}");
                assert!(
                    length == 0 || stderr.contains("ends early, at byte "),
                    "{stderr}"
                );
            }
        }
    }
}

/// Damage in the middle neither hides what precedes it nor goes unnoticed.
#[test]
fn a_corrupt_capture_reports_what_precedes() {
    let text: String = (0..4000)
        .map(|number| {
            PAYLOAD
                .replace("9974d4f16", &format!("{number:09}"))
                .replace("Example", &format!("{:x}", number * 7919))
        })
        .collect();
    for (bytes, name) in [(gzip(&text), "gzip"), (zstd(&text), "zstd")] {
        let mut damaged = bytes.clone();
        let middle = bytes.len() * 3 / 4;
        for byte in &mut damaged[middle..middle + 64] {
            *byte = !*byte;
        }
        let folder = folder(&[("a", &damaged)]);
        let (status, stdout, stderr) = run(&folder, &["validate", "a"]);
        assert_eq!(status, Some(3), "{stdout}");
        let expected = format!("a: the {name}-compressed data is corrupt at byte ");
        assert!(stderr.contains(&expected), "{stderr}");
        let payloads: usize = stdout
            .lines()
            .last()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap_or(0);
        assert!(
            payloads > 0 || stdout.contains(" checked: "),
            "{name} {stdout}"
        );
        // The checksum alone.
        let mut damaged = bytes.clone();
        let place = damaged.len() - if name == "gzip" { 8 } else { 1 };
        damaged[place] ^= 1;
        let (status, stdout, stderr) = outcome(pipe(&folder, &["validate"], &damaged));
        assert_eq!(status, Some(3));
        assert!(
            stdout.starts_with("4000 payloads checked: 4000 valid"),
            "{stdout}"
        );
        assert!(stderr.contains("is corrupt at byte "), "{stderr}");
    }
}

/// An unpaired surrogate is an error where it stands, and `redact` keeps it.
#[test]
fn unpaired_surrogates_are_errors_at_their_place() {
    let [before, after] = [
        "{\"Action\": \"Integration",
        "Enabled\", \"ApiKey\": \"ö\"}\n",
    ];
    for is_big_endian in [false, true] {
        for surrogate in [0xD800_u16, 0xDBFF, 0xDC00, 0xDFFF] {
            let unit = if is_big_endian {
                surrogate.to_be_bytes()
            } else {
                surrogate.to_le_bytes()
            };
            let bytes = [
                &utf16(before, is_big_endian)[..],
                &unit,
                &utf16(after, is_big_endian),
            ]
            .concat();
            let folder = folder(&[("a", &bytes)]);
            let (status, stdout, stderr) = run(&folder, &["validate", "--format", "short", "a"]);
            assert_eq!((status, &*stderr), (Some(1), ""));
            let column = before.len() + 1;
            let expected =
                format!("a:1:{column}: error[json-syntax] bytes that are not UTF-8 (0xED");
            assert!(stdout.starts_with(&expected), "{expected}\n{stdout}");
            let redacted = pipe(&folder, &["redact", "a"], b"").stdout;
            assert_eq!(redacted[..2 * before.len()], bytes[..2 * before.len()]);
            assert_eq!(redacted[2 * before.len()..][..2], unit);
            assert!(
                !redacted
                    .windows(2)
                    .any(|two| two == [0xf6, 0] || two == [0, 0xf6])
            );
        }
        // At the end of the text, and cut in half.
        let mut bytes = utf16("{\"a\": \"", is_big_endian);
        bytes.extend(if is_big_endian { [0xD8, 0] } else { [0, 0xD8] });
        let (payloads, error) = checked(Frames::from_bytes(bytes.clone()));
        assert_eq!((payloads.len(), error.is_none()), (1, true));
        bytes.pop();
        let (_, error) = checked(Frames::from_bytes(bytes));
        assert!(matches!(
            error,
            Some(InputError::Decode(DecodeError::Truncated { .. }))
        ));
    }
}

#[test]
fn other_formats_are_refused_with_what_to_do() {
    let folder = folder(&[]);
    let mut tar = vec![0; 1024];
    tar[..4].copy_from_slice(b"a.js");
    tar[257..262].copy_from_slice(b"ustar");
    let utf32: Vec<u8> = PAYLOAD
        .chars()
        .flat_map(|letter| u32::from(letter).to_le_bytes())
        .collect();
    for (bytes, expected) in [
        (
            b"BZh91AY&SY".to_vec(),
            "bzip2-compressed data, not UTF-8 text: unpack it first, for instance with `bzip2 -dc FILE | mewshook`",
        ),
        (b"\xfd7zXZ\x00\x00".to_vec(), "xz-compressed data"),
        (b"PK\x03\x04\x14\x00\x00".to_vec(), "a zip archive"),
        (tar, "a tar archive"),
        (utf32, "UTF-32"),
        (b"\xff\xfe\x00\x00{\x00\x00\x00".to_vec(), "UTF-32"),
    ] {
        for bytes in [bytes.clone(), encode(&[Encoding::Gzip], &bytes)] {
            let (status, _, stderr) = outcome(pipe(&folder, &["validate"], &bytes));
            assert_eq!(status, Some(3));
            let expected = format!("error: <stdin>: this is {expected}");
            assert!(stderr.starts_with(&expected), "{expected}\n{stderr}");
        }
    }
}

#[test]
fn compressed_files_of_a_folder_are_selected_by_a_glob() {
    let [packed, text] = [gzip(PAYLOAD), PAYLOAD.into()];
    let folder = folder(&[
        ("a.ndjson.gz", &packed),
        ("b.zst", &zstd(PAYLOAD)),
        ("c.har", &text),
        ("d.http", &text),
        ("e.log", &text),
        ("f.json", &text),
    ]);
    let checked = |globs: &[&str]| {
        let globs = globs.iter().flat_map(|glob| ["--glob", glob]);
        let arguments: Vec<_> = ["validate", "."].into_iter().chain(globs).collect();
        let (status, stdout, stderr) = run(&folder, &arguments);
        assert_eq!((status, &*stderr), (Some(0), ""), "{stdout}");
        stdout.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(checked(&[]), 1);
    for glob in ["*.gz", "*.zst", "*.har", "*.http", "*.log"] {
        assert_eq!(checked(&[glob]), 1, "{glob}");
    }
    assert_eq!(
        checked(&["*.gz", "*.zst", "*.har", "*.http", "*.log", "*.json"]),
        6
    );
    assert_eq!(checked(&["*", "!*.gz"]), 5);
}

/// The text of a small file may be long. It is reported in the order of the files nevertheless.
#[test]
fn a_small_file_may_hold_a_long_text() {
    let count = 50_000;
    let packed = zstd(&format!("{}{}", PAYLOAD.repeat(count), broken()));
    assert!(PAYLOAD.len() * count > 5 << 20 && packed.len() < 32 << 10);
    let folder = folder(&[
        ("a.json", PAYLOAD.as_bytes()),
        ("b.zst", &packed),
        ("c.json", broken().as_bytes()),
        ("d.zst", &packed[..packed.len() - 1]),
        ("e.json", broken().as_bytes()),
    ]);
    let names = ["a.json", "b.zst", "c.json", "d.zst", "e.json"];
    let arguments = [&["validate", "--format", "short"][..], &names].concat();
    let (status, stdout, stderr) = run(&folder, &arguments);
    assert_eq!(status, Some(3));
    assert!(
        stderr.starts_with("error: d.zst: ") && stderr.contains("ends early"),
        "{stderr}"
    );
    let column = 1 + broken().find("\"9e5e").unwrap();
    let last = count + 1;
    let expected = [
        format!("b.zst:{last}:{column}"),
        format!("c.json:1:{column}"),
        format!("d.zst:{last}:{column}"),
        format!("e.json:1:{column}"),
    ];
    let places = stdout.lines().map(|line| line.split(": ").next().unwrap());
    let places: Vec<_> = places.map(str::to_owned).collect();
    assert_eq!(places, expected);
}

/// A reader of the chunks that a test sends.
struct Chunks(Receiver<Vec<u8>>);

impl Read for Chunks {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let chunk = self.0.recv().unwrap_or_default();
        output[..chunk.len()].copy_from_slice(&chunk);
        Ok(chunk.len())
    }
}

/// A payload is found as soon as the bytes arrive that it can be decoded from, while the stream stays
/// open.
#[test]
fn a_stream_is_decoded_as_it_arrives() {
    for layers in LAYERS {
        let (sender, receiver) = channel();
        let mut frames = Frames::from_reader(Chunks(receiver));
        let container: Container = layers.iter().copied().collect();
        let sent = Sender(sender);
        let mut writer = encoder(&container, &sent).unwrap();
        for _ in 0..3 {
            writer.write_all(PAYLOAD.as_bytes()).unwrap();
            writer.flush().unwrap();
            let batch = loop {
                match frames.next().unwrap() {
                    Next::Batch(batch) => break batch,
                    Next::Idle => {}
                    Next::End => panic!("the stream is open"),
                }
            };
            assert_eq!(batch.frames().len(), 1);
        }
        assert_eq!(frames.container(), &container);
        writer.finish().unwrap();
        drop(sent);
        let rest = checked(frames);
        assert!(rest.0.is_empty() && rest.1.is_none());
    }
}

/// A writer that sends what is written.
struct Sender(std::sync::mpsc::Sender<Vec<u8>>);

impl Write for &Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(1000);
        self.0
            .send(bytes[..length].to_vec())
            .map_err(io::Error::other)?;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn redacted_captures_keep_their_container() {
    let text = format!("{SECRET}{PAYLOAD}token: abc\n\"ö😀\"\n{SECRET}");
    let key = b"sixteen bytes or more";
    for mark in ["", BYTE_ORDER_MARK] {
        let text = format!("{mark}{text}");
        let folder_of = |bytes: &[u8]| folder(&[("a", bytes), ("key", key)]);
        let arguments = ["redact", "--key-file", "key"];
        let expected = pipe(&folder_of(b""), &arguments, text.as_bytes()).stdout;
        assert!(!expected.is_empty() && expected != text.as_bytes());
        for layers in LAYERS {
            let bytes = encode(layers, text.as_bytes());
            let folder = folder_of(&bytes);
            let printed = pipe(&folder, &arguments, &bytes).stdout;
            assert_eq!(decode(layers, &printed), expected, "{layers:?}");
            assert_eq!(
                run(&folder, &["redact", "--check", "a"]),
                (Some(1), "a\n".into(), String::new())
            );
            let in_place = run(&folder, &["redact", "--key-file", "key", "--in-place", "a"]);
            assert_eq!(in_place, (Some(0), String::new(), String::new()));
            let replaced = fs::read(folder.path().join("a")).unwrap();
            assert_eq!(decode(layers, &replaced), expected, "{layers:?}");
            assert_eq!(run(&folder, &["redact", "--check", "a"]).0, Some(0));
            // There is nothing to redact any more, so the file stays as it is.
            assert_eq!(run(&folder, &["redact", "--in-place", "a"]).0, Some(0));
            assert_eq!(fs::read(folder.path().join("a")).unwrap(), replaced);
        }
    }
}

#[test]
fn only_like_containers_are_printed_together() {
    let folder = folder(&[
        ("a.gz", &gzip(SECRET)),
        ("b.json", PAYLOAD.as_bytes()),
        ("c.gz", &gzip(PAYLOAD)),
    ]);
    let output = pipe(&folder, &["redact", "a.gz", "b.json", "c.gz"], b"");
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let expected =
        "error: b.json: this is UTF-8 text, and can't follow gzip-compressed data in one output";
    assert!(stderr.starts_with(expected), "{stderr}");
    let text = String::from_utf8(decode(&[Encoding::Gzip], &output.stdout)).unwrap();
    assert!(
        text.starts_with("{\"ApiKey\": \"") && text.ends_with(PAYLOAD),
        "{text}"
    );
    assert!(!text.contains("0A1B2C3D4E5F60718293A4B5C6D7E8F"), "{text}");
}

/// What a cut-off capture held is printed in a complete container. A file is not replaced by it.
#[test]
fn cut_captures_are_redacted_up_to_the_cut() {
    for layers in LAYERS
        .into_iter()
        .filter(|layers| layers[0].is_compression())
    {
        let bytes = encode(layers, SECRET.repeat(50).as_bytes());
        let cut = &bytes[..bytes.len() - 1];
        let folder = folder(&[("a", cut)]);
        let output = pipe(&folder, &["redact", "a"], b"");
        assert_eq!(output.status.code(), Some(3));
        if !output.stdout.is_empty() {
            let text = String::from_utf8(decode(layers, &output.stdout)).unwrap();
            assert!(!text.contains("0A1B2C3D4E5F60718293A4B5C6D7E8F"), "{text}");
            assert!(text.starts_with("{\"ApiKey\": \""), "{text}");
        }
        let (status, _, stderr) = run(&folder, &["redact", "--in-place", "a"]);
        assert_eq!(status, Some(3));
        assert!(stderr.contains("ends early"), "{stderr}");
        assert_eq!(fs::read(folder.path().join("a")).unwrap(), cut);
    }
}

/// The place of a payload, and the codes and places of its diagnostics.
type Checked = (u64, u64, u64, Vec<(&'static str, u64, u64)>);

/// Returns what is found in a stream, and the error at its end.
fn checked(mut frames: Frames) -> (Vec<Checked>, Option<InputError>) {
    let mut checker = Checker::new(Policy::default(), None);
    let mut found = Vec::new();
    loop {
        let batch = match frames.next() {
            Ok(Next::Batch(batch)) => batch,
            Ok(Next::Idle) => continue,
            Ok(Next::End) => return (found, None),
            Err(error) => return (found, Some(error)),
        };
        for frame in batch.frames() {
            let verdict = checker.check(&frame.payload).verdict;
            let start = frame.payload.start;
            let diagnostics = verdict.diagnostics.iter();
            let places =
                diagnostics.map(|found| (found.code, found.start.line, found.start.column));
            found.push((start.line, start.column, frame.offset, places.collect()));
        }
    }
}

/// A stream of text: payloads, and what breaks them.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => changed_payload().prop_map(|payload| format!("{payload}\n")),
        1 => changed_payload().prop_map(|payload| format!("{payload:#}\n")),
        1 => prop::sample::select(vec!["[", "]", ",", "{", "x\n", "\u{feff}", "\"", "é😀", "\n", "\u{0}"]).prop_map(str::to_owned),
    ];
    // The first bytes decide what the text is taken for.
    prop::collection::vec(part, 0..6).prop_map(|parts| format!("{{}}\n{}", parts.concat()))
}

proptest! {
    #![proptest_config(cases(500))]

    /// However a text is split into members and frames, and however these arrive, the report is that
    /// of the text.
    #[test]
    fn reports_do_not_depend_on_how_a_text_is_packed(
        text in text(),
        cuts in prop::collection::vec(any::<Index>(), 0..4),
        is_gzip: bool,
        outer in prop::sample::select(vec![&[][..], &[Encoding::Gzip], &[Encoding::Zstd]]),
        inner in prop::sample::select(vec![None, Some(Encoding::Utf16Le), Some(Encoding::Utf16Be)]),
        sizes in prop::collection::vec(1_usize..100, 1..5),
    ) {
        let expected = checked(Frames::from_bytes(text.clone().into_bytes())).0;
        let inner: Vec<_> = inner.into_iter().collect();
        let bytes = encode(&inner, text.as_bytes());
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.push(bytes.len());
        cuts.sort_unstable();
        let mut start = 0;
        let mut packed = Vec::new();
        let layer = if is_gzip { Encoding::Gzip } else { Encoding::Zstd };
        for end in cuts {
            packed.extend(encode(&[layer], &bytes[start..end]));
            start = end;
        }
        let packed = encode(outer, &packed);
        let trickle = Trickle { bytes: io::Cursor::new(packed.clone()), sizes, turn: 0 };
        let (found, error) = checked(Frames::from_reader(trickle));
        prop_assert!(error.is_none(), "{error:?}");
        prop_assert_eq!(&found, &expected);
        let (found, error) = checked(Frames::from_bytes(packed));
        prop_assert!(error.is_none(), "{error:?}");
        prop_assert_eq!(&found, &expected);
    }

    /// A decoder yields the same bytes and the same error, however its input arrives, also if the
    /// input is damaged.
    #[test]
    fn decoding_does_not_depend_on_how_bytes_arrive(
        text in text(),
        layer in prop::sample::select(vec![Encoding::Gzip, Encoding::Zstd, Encoding::Utf16Le, Encoding::Utf16Be]),
        damage in prop::option::of((any::<Index>(), any::<u8>())),
        length in any::<Index>(),
        is_cut: bool,
        sizes in prop::collection::vec(1_usize..100, 1..5),
    ) {
        let mut bytes = encode(&[layer], text.as_bytes());
        if let Some((at, byte)) = damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let decoded = |reader: &mut dyn Read| {
            let mut text = Vec::new();
            let error = Decoder::new(layer, reader).unwrap().read_to_end(&mut text).err();
            (text, error.map(|error| error.to_string().split(" at byte").next().unwrap().to_owned()))
        };
        let at_once = decoded(&mut &bytes[..]);
        let trickle = Trickle { bytes: io::Cursor::new(bytes.clone()), sizes, turn: 0 };
        let trickled = decoded(&mut { trickle });
        if layer == Encoding::Gzip && damage.is_some() {
            // Of a damaged block, more may be decoded if it arrives in parts.
            let shorter = at_once.0.len().min(trickled.0.len());
            prop_assert_eq!(&at_once.0[..shorter], &trickled.0[..shorter]);
            prop_assert_eq!(at_once.1, trickled.1);
        } else {
            prop_assert_eq!(at_once, trickled);
        }
    }

    /// UTF-16 is encoded and decoded as by the standard library, and any code units survive.
    #[test]
    fn utf16_is_that_of_the_standard_library(
        text in any::<String>(),
        units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD800_u16..0xE000], 0..50),
        is_big_endian: bool,
        sizes in prop::collection::vec(1_usize..9, 1..5),
    ) {
        let layer = if is_big_endian { Encoding::Utf16Be } else { Encoding::Utf16Le };
        let bytes = utf16(&text, is_big_endian);
        prop_assert_eq!(&encode(&[layer], text.as_bytes()), &bytes);
        prop_assert_eq!(decode(&[layer], &bytes), text.into_bytes());
        let bytes: Vec<u8> = units
            .iter()
            .flat_map(|unit| if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        let trickle = Trickle { bytes: io::Cursor::new(bytes.clone()), sizes: sizes.clone(), turn: 0 };
        let mut decoded = Vec::new();
        Decoder::new(layer, trickle).unwrap().read_to_end(&mut decoded).unwrap();
        let mut encoded = Vec::new();
        let container: Container = [layer].into_iter().collect();
        let mut writer = encoder(&container, &mut encoded).unwrap();
        for part in decoded.chunks(sizes[0]) {
            writer.write_all(part).unwrap();
        }
        writer.finish().unwrap();
        prop_assert_eq!(encoded, bytes);
    }
}

/// A reader that returns its bytes in chunks of the given sizes, in turn.
struct Trickle {
    bytes: io::Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        let size = self.sizes[self.turn % self.sizes.len()].min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}
