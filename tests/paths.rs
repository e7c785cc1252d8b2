//! Secrets in the names of files, folders and properties: no report of the program shows them,
//! however long the path is, and neither does a message.

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
use support::notations::encode::decoded;
use support::notations::marked::{Part, Planted};
use support::notations::promises::files;
use support::notations::tape::Tape;
use support::printed::{FORMATS, printed};

const INVALID: &str = r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "x"}}}"#;

const TOKEN: &str = "3D7B5A10C2E94F6887AB1C5D9E0F2A4B-10F2E3D4C5B6A79880796A5B4C3D2E1";

/// Formats that name files.
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

/// Fails if something that was printed shows a secret.
fn shows_none(planted: &Planted, what: &str, said: &[u8]) -> Result<(), TestCaseError> {
    let said = String::from_utf8_lossy(said);
    let decoded = decoded(&said);
    for leak in planted.leaks() {
        let is_shown = said.contains(&leak) || decoded.contains(&leak);
        prop_assert!(!is_shown, "{what} shows {leak}:\n{said}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    /// In reports on stdout and in files, in the step summary, and in messages.
    #[test]
    fn no_report_shows_a_secret_of_a_path(
        planted in Tape::build(files),
        format in prop::sample::select(NAMING.to_vec()),
        other in prop::sample::select(NAMING.to_vec()),
        (how, is_repository) in (0..6, any::<bool>()),
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
        let broken = if how == 5 { "{\"Action\": \"\\u00" } else { INVALID };
        fs::write(&file, broken).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let report = format!("{other}=report");
        let base = ["validate", "--format", format, "--output", &report];
        let (at, arguments): (&Path, Vec<&str>) = match how {
            // By its path, by its folder, by its name in its own folder.
            0 => (root.path(), [&base[..], &["--", &path]].concat()),
            1 => (root.path(), [&base[..], &["."]].concat()),
            2 => (&folder, [&base[..], &["--", name]].concat()),
            // As the current folder, with nothing of it in the name.
            3 => (&folder, base.to_vec()),
            // A file that isn't there.
            4 => (root.path(), ["validate", "--format", format, "--", &path, "y"].to_vec()),
            _ => (root.path(), [&base[..], &["--verbose", "--", &path]].concat()),
        };
        if how == 4 {
            fs::remove_file(&file).unwrap();
        }
        let output = run(at, &arguments, INVALID);
        let status = output.status.code();
        prop_assert!(matches!(status, Some(1 | 3)), "{status:?} {output:?}");
        shows_none(&planted, "stdout", &output.stdout)?;
        shows_none(&planted, "stderr", &output.stderr)?;
        for report in ["report", "summary.md"] {
            if let Ok(said) = fs::read(at.join(report)) {
                shows_none(&planted, report, &said)?;
            }
        }
        // What is harmless is shown, so that one still finds the file.
        if how == 0 && format == "short" {
            let said = String::from_utf8_lossy(&output.stdout);
            for kept in planted.of(Part::Kept) {
                prop_assert!(said.contains(kept), "{kept} is gone:\n{said}");
            }
        }
    }

    /// `redact` and its messages.
    #[test]
    fn redact_names_no_secret_of_a_path(planted in Tape::build(files), how in 0..3) {
        let root = tempfile::tempdir().unwrap();
        let path = format!("{}.json", planted.text);
        let file = root.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("{{\"ApiKey\": \"{TOKEN}\"}}")).unwrap();
        fs::write(root.path().join("key"), "a key of some length").unwrap();
        let base = ["redact", "--key-file", "key"];
        let arguments = match how {
            0 => [&base[..], &["--check", "--", &path]].concat(),
            1 => [&base[..], &["--in-place", "--", &path]].concat(),
            _ => {
                fs::write(&file, b"\x00\xff\x00").unwrap();
                [&base[..], &["--in-place", "--", &path]].concat()
            }
        };
        let output = run(root.path(), &arguments, "");
        shows_none(&planted, "stdout", &output.stdout)?;
        shows_none(&planted, "stderr", &output.stderr)?;
    }
}

/// Returns a payload with a repeated name at the end of a path that leads through a token.
fn deep(levels: usize, behind: usize) -> String {
    let mut value = r#"{"a": 1, "a": 2}"#.to_owned();
    // Behind the token: one long name, or many short ones.
    value = match levels {
        0 => value,
        1 => format!(r#"{{"{}": {value}}}"#, "y".repeat(behind)),
        _ => (0..behind / 2).fold(value, |value, _| format!(r#"{{"z": {value}}}"#)),
    };
    let long = if levels == 0 {
        "y".repeat(behind)
    } else {
        String::new()
    };
    let token = format!(r#"{{"x {TOKEN} {long}": {value}}}"#);
    format!(
        r#"{{"Action": "IntegrationEnabled", "Data": {{"Integration": {{"Id": "x", "b": {token}}}, "c": {token}}}, "d {TOKEN} {long}": 1}}"#
    )
}

/// Paths are shortened; wherever that is, no part of a token is left.
#[test]
fn no_part_of_a_token_is_left_of_a_long_path() {
    let (first, second) = TOKEN.split_once('-').unwrap();
    let halves = [first, second];
    let eight = halves
        .iter()
        .flat_map(|half| (0..=half.len() - 8).map(|at| &half[at..at + 8]));
    let leaks: Vec<&str> = eight.collect();
    for behind in 60..230 {
        for levels in 0..3 {
            let format = FORMATS[(behind + levels) % FORMATS.len()];
            let text = deep(levels, behind);
            for text in [
                text.clone(),
                format!("{text}}}"),
                text[..text.len() - 3].to_owned(),
            ] {
                let said = printed(Frames::from_bytes(text.into_bytes()), format, 1);
                for leak in &leaks {
                    assert!(
                        !said.contains(leak),
                        "{format} {behind} shows {leak}:\n{said}"
                    );
                }
            }
        }
    }
}

/// Names inside of a secret container are part of it, in paths too.
#[test]
fn names_in_a_secret_container_are_in_no_path() {
    for behind in [0, 10, 150, 190, 250] {
        for name in ["ApiKeys", "accessTokens", "client_secrets"] {
            let text = json!({"Action": "IntegrationEnabled", "Data": {"Integration": {
                "Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1",
                name: {"hunter2hunter2": {"x".repeat(behind + 1): {"qwertzuiop": [1]}}},
            }}});
            let broken = text
                .to_string()
                .replace("[1]", "[1,]")
                .replace("}}}}", "}}}}]");
            for text in [text.to_string(), broken] {
                for format in FORMATS.iter().copied() {
                    let said = printed(Frames::from_bytes(text.clone().into_bytes()), format, 1);
                    for leak in ["hunter2", "qwertz", "uiop"] {
                        assert!(!said.contains(leak), "{format} shows {leak}:\n{said}");
                    }
                }
            }
        }
    }
}
