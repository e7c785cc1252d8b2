//! Tests that no report or message shows secrets in the names of files, folders and properties,
//! however long the path is.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mewshook::frame::Frames;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::json;

use support::cases;
use support::notations::choices::Choices;
use support::notations::encode::decoded;
use support::notations::marked::{PartClass, PlantedText};
use support::notations::promises::files;
use support::printed::{FORMATS, printed};

const INVALID: &str = r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "x"}}}"#;

const TOKEN: &str = "3D7B5A10C2E94F6887AB1C5D9E0F2A4B-10F2E3D4C5B6A79880796A5B4C3D2E1";

/// The formats that name files.
const NAMING: [&str; 8] = [
    "human", "json", "ndjson", "short", "github", "gitlab", "sarif", "junit",
];

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let stdin = folder.join("stdin");
    fs::write(&stdin, input).unwrap();
    Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::from(fs::File::open(stdin).unwrap()))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("GITHUB_WORKSPACE", folder)
        .output()
        .unwrap()
}

/// Fails if an output shows a secret.
fn assert_no_leak(planted: &PlantedText, name: &str, output: &[u8]) -> Result<(), TestCaseError> {
    let output = String::from_utf8_lossy(output);
    let decoded = decoded(&output);
    for leak in planted.leaks() {
        let is_shown = output.contains(&leak) || decoded.contains(&leak);
        prop_assert!(!is_shown, "{name} shows {leak}:\n{output}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    /// Checks reports on stdout and in files, the step summary, and messages.
    #[test]
    fn no_report_shows_a_secret_of_a_path(
        planted in Choices::build(files),
        format in prop::sample::select(NAMING.to_vec()),
        other in prop::sample::select(NAMING.to_vec()),
        (variant, is_repository) in (0..6, any::<bool>()),
    ) {
        let root = tempfile::tempdir().unwrap();
        if is_repository {
            fs::create_dir(root.path().join(".git")).unwrap();
            fs::write(root.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        }
        let path = format!("{}.json", planted.text);
        let file = root.path().join(&path);
        let folder = file.parent().unwrap().to_owned();
        fs::create_dir_all(&folder).unwrap();
        let broken = if variant == 5 { "{\"Action\": \"\\u00" } else { INVALID };
        fs::write(&file, broken).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let report = format!("{other}=report");
        let base = ["validate", "--format", format, "--output", &report];
        let (at, arguments): (&Path, Vec<&str>) = match variant {
            // The file is given by its path, by its folder, or by its name in its own folder.
            0 => (root.path(), [&base[..], &["--", &path]].concat()),
            1 => (root.path(), [&base[..], &["."]].concat()),
            2 => (&folder, [&base[..], &["--", name]].concat()),
            // The input is the current folder, so that its name is not in the arguments.
            3 => (&folder, base.to_vec()),
            // The file does not exist.
            4 => (root.path(), ["validate", "--format", format, "--", &path, "y"].to_vec()),
            _ => (root.path(), [&base[..], &["--verbose", "--", &path]].concat()),
        };
        if variant == 4 {
            fs::remove_file(&file).unwrap();
        }
        let output = run(at, &arguments, INVALID);
        let status = output.status.code();
        prop_assert!(matches!(status, Some(1 | 3)), "{status:?} {output:?}");
        assert_no_leak(&planted, "stdout", &output.stdout)?;
        assert_no_leak(&planted, "stderr", &output.stderr)?;
        for report in ["report", "summary.md"] {
            if let Ok(output) = fs::read(at.join(report)) {
                assert_no_leak(&planted, report, &output)?;
            }
        }
        // Harmless names are shown, so that the file can be found.
        if variant == 0 && format == "short" {
            let output = String::from_utf8_lossy(&output.stdout);
            for kept in planted.texts(PartClass::Kept) {
                prop_assert!(output.contains(kept), "{kept} is gone:\n{output}");
            }
        }
    }

    /// Checks the messages of `redact`.
    #[test]
    fn redact_names_no_secret_of_a_path(planted in Choices::build(files), variant in 0..3) {
        let root = tempfile::tempdir().unwrap();
        let path = format!("{}.json", planted.text);
        let file = root.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("{{\"ApiKey\": \"{TOKEN}\"}}")).unwrap();
        fs::write(root.path().join("key"), "a key of some length").unwrap();
        let base = ["redact", "--key-file", "key"];
        let arguments = match variant {
            0 => [&base[..], &["--check", "--", &path]].concat(),
            1 => [&base[..], &["--in-place", "--", &path]].concat(),
            _ => {
                fs::write(&file, b"\x00\xff\x00").unwrap();
                [&base[..], &["--in-place", "--", &path]].concat()
            }
        };
        let output = run(root.path(), &arguments, "");
        assert_no_leak(&planted, "stdout", &output.stdout)?;
        assert_no_leak(&planted, "stderr", &output.stderr)?;
    }
}

/// Returns a payload with a repeated name at the end of a path that contains a token.
fn nested_payload(levels: usize, after: usize) -> String {
    let mut value = r#"{"a": 1, "a": 2}"#.to_owned();
    // After the token there is one long name, or many short ones.
    value = match levels {
        0 => value,
        1 => format!(r#"{{"{}": {value}}}"#, "y".repeat(after)),
        _ => (0..after / 2).fold(value, |value, _| format!(r#"{{"z": {value}}}"#)),
    };
    let long = if levels == 0 {
        "y".repeat(after)
    } else {
        String::new()
    };
    let token = format!(r#"{{"x {TOKEN} {long}": {value}}}"#);
    format!(
        r#"{{"Action": "IntegrationEnabled", "Data": {{"Integration": {{"Id": "x", "b": {token}}}, "c": {token}}}, "d {TOKEN} {long}": 1}}"#
    )
}

/// Paths are truncated. Wherever that is, no part of a token is left.
#[test]
fn no_part_of_a_token_is_left_of_a_long_path() {
    let (first, second) = TOKEN.split_once('-').unwrap();
    let halves = [first, second];
    let eight = halves
        .iter()
        .flat_map(|half| (0..=half.len() - 8).map(|at| &half[at..at + 8]));
    let leaks: Vec<&str> = eight.collect();
    for after in 60..230 {
        for levels in 0..3 {
            let format = FORMATS[(after + levels) % FORMATS.len()];
            let text = nested_payload(levels, after);
            for text in [
                text.clone(),
                format!("{text}}}"),
                text[..text.len() - 3].to_owned(),
            ] {
                let output = printed(Frames::from_bytes(text.into_bytes()), format, 1);
                for leak in &leaks {
                    assert!(
                        !output.contains(leak),
                        "{format} {after} shows {leak}:\n{output}"
                    );
                }
            }
        }
    }
}

/// Names in a secret container are part of the secret, in paths, too.
#[test]
fn names_in_a_secret_container_are_in_no_path() {
    for after in [0, 10, 150, 190, 250] {
        for name in ["ApiKeys", "accessTokens", "client_secrets"] {
            let text = json!({"Action": "IntegrationEnabled", "Data": {"Integration": {
                "Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1",
                name: {"hunter2hunter2": {"x".repeat(after + 1): {"qwertzuiop": [1]}}},
            }}});
            let broken = text
                .to_string()
                .replace("[1]", "[1,]")
                .replace("}}}}", "}}}}]");
            for text in [text.to_string(), broken] {
                for format in FORMATS.iter().copied() {
                    let output = printed(Frames::from_bytes(text.clone().into_bytes()), format, 1);
                    for leak in ["hunter2", "qwertz", "uiop"] {
                        assert!(!output.contains(leak), "{format} shows {leak}:\n{output}");
                    }
                }
            }
        }
    }
}
