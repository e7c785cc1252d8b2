//! The output depends neither on the number of threads nor on how the bytes arrive.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use mewshook::frame::Frames;
use proptest::prelude::*;

use support::printed::{FORMATS, printed};
use support::{Trickle, cases, changed_payload};

/// Returns the frames of a stream that arrives `size` bytes at a time.
fn trickle(stream: &str, size: usize) -> Frames {
    Frames::from_reader(Trickle::new(stream, vec![size]))
}

/// A stream with everything that can be split between two chunks: payloads over several lines,
/// several on one line, broken ones, stray text, characters of several bytes, both kinds of line
/// breaks, an array.
const STREAM: &str = concat!(
    "\u{feff}{\"Action\": \"IntegrationEnabled\", \"Data\": {\"Integration\": {\"Id\": \"c66ef7b2-39d2-4632-943d-115ede9cb810\", \"Name\": \"Hôtel 🏨\"}}}\n",
    "{\n  \"Action\": \"IntegrationEnabled\",\n  \"Data\": {}\n}\r\n",
    "{\"Events\": []} {\"Events\": [1]}{\"a\":}\n",
    "{\"Action\": \"cut\n",
    "{\"Action\": {\"cut\": 1}\n",
    "{\"a\": {}}, \"closed\": {}}\n",
    "{\"a\": 1}}\n{\"a\": \"} {\"}\n\n",
    "oops, {\n",
    "{\"Events\": [\n{\"Type\": \"Resource\"}\n]}\n",
    "[{\"Events\": []}, {\"b\": 1},\n{\"c\": 1} {\"d\": 1},]\n",
    "{\"last\": \"\\u00e9\"}",
);

#[test]
fn chunks_of_every_size_print_the_same() {
    let expected: Vec<_> = FORMATS
        .iter()
        .map(|format| printed(trickle(STREAM, usize::MAX), format, 1))
        .collect();
    for size in 1..=STREAM.len() {
        let index = size % FORMATS.len();
        let found = printed(trickle(STREAM, size), FORMATS[index], 3);
        assert_eq!(found, expected[index], "{size} bytes, {}", FORMATS[index]);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn chunks_of_any_stream_print_the_same(
        payloads in prop::collection::vec(changed_payload(), 1..12), size in 1_usize..500,
        pretty in prop::collection::vec(any::<bool>(), 12), cut in any::<prop::sample::Index>(),
    ) {
        let texts = payloads.iter().zip(&pretty).map(|(payload, is_pretty)| {
            if *is_pretty { format!("{payload:#}\n") } else { format!("{payload}\n") }
        });
        let mut stream: String = texts.collect();
        let cut = cut.index(stream.len());
        if stream.is_char_boundary(cut) && stream.is_char_boundary(cut + 1) {
            stream.remove(cut);
        }
        for format in FORMATS.iter().copied() {
            let expected = printed(Frames::from_bytes(stream.clone().into_bytes()), format, 1);
            prop_assert_eq!(printed(trickle(&stream, size), format, 4), expected, "{}", stream);
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/fixtures");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn run(arguments: &[&str], files: &[PathBuf], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(arguments)
        .args(files)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// All fixtures of the command-line tests, as files and as one stream of three megabytes.
#[test]
fn one_thread_and_eight_print_the_same() {
    let files = fixtures();
    let readable = files
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let text = readable.collect::<Vec<_>>().join("\n");
    let stream = text.repeat(3_000_000 / text.len() + 1);
    for command in ["validate", "inspect"] {
        for format in [
            "human", "json", "ndjson", "csv", "short", "github", "gitlab", "sarif", "junit", "html",
        ] {
            let with = |jobs, files: &[PathBuf], stdin: &[u8]| {
                let options = ["--format", format, "--jobs", jobs, "--max-per-rule", "0"];
                run(&[&[command], &options[..]].concat(), files, stdin)
            };
            let [one, eight] = ["1", "8"].map(|jobs| with(jobs, &files, b""));
            assert_eq!(one, eight, "{command} {format}: files");
            assert!(
                !one.stdout.is_empty() && !one.stderr.is_empty(),
                "{command} {format}"
            );
            let [one, eight] = ["1", "8"].map(|jobs| with(jobs, &[], stream.as_bytes()));
            assert!(one == eight, "{command} {format}: stream");
            assert!(one.stdout.len() > 100_000);
        }
    }
}
