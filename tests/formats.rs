//! Reports in each format, compared with the format's specification. The inputs are valid, have a
//! warning, have an error, are not JSON, have a hostile name, and do not exist.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use mewshook::report;
use percent_encoding::percent_decode_str;
use quick_xml::events::Event;
use serde_json::Value;
use tempfile::TempDir;

/// The names of all formats.
static FORMATS: LazyLock<Vec<&str>> =
    LazyLock::new(|| report::FORMATS.iter().map(|format| format.name).collect());

/// A file name with the special characters of each format.
const HOSTILE: &str = "a,b%::error file=x::\n##[error]y\u{1b}[31m\"<&'\u{202e}\u{9b}.json";

const CLEAN: &str = r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}}}"#;
const WARNING: &str = "{\n  \"Action\": \"IntegrationEnabled\", \"é\": 1,\n  \"Data\": {\"Integration\": {\"Id\": \"9e5e84e9-974d-4f16-9662-ab2200f27cb1\", \"Name\": \"Example\"}}\n}\n";
const ERROR: &str = "{\"Action\": \"IntegrationEnabled\",\n \"Data\": {\"Integration\": {\"Name\": \"Hôtel\", \"Id\": \"::error::x\"}}}\n";
const TRUNCATED: &str = "{\"Action\": \"IntegrationEnabled\",\n \"Data\": }\n";

/// The diagnostics of these files: the file, the code, and the text at the place.
const DIAGNOSTICS: [(&str, &str, &str); 4] = [
    ("truncated.json", "json-syntax", "}"),
    ("error.json", "invalid-uuid", "\"::error::x\""),
    (HOSTILE, "invalid-uuid", "\"::error::x\""),
    ("warning.json", "unknown-property", "\"é\""),
];

/// Creates a repository with all of these files in `fixtures`.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = folder.path().join("fixtures");
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir(&fixtures).unwrap();
    for (name, text) in [
        ("clean.json", CLEAN),
        ("warning.json", WARNING),
        ("error.json", ERROR),
        ("truncated.json", TRUNCATED),
        (HOSTILE, ERROR),
    ] {
        fs::write(fixtures.join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Returns the report on the repository and on a file that does not exist.
fn report(repository: &TempDir, format: &str) -> String {
    let arguments = ["validate", "--format", format, "fixtures", "gone.json"];
    let output = run(repository.path(), &arguments);
    assert_eq!(output.status.code(), Some(3), "{format}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "error: gone.json: no such file or directory\n");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the text between two places of a file. Lines and columns start at 1, and `end` is excluded.
fn text_at(text: &str, start: (u64, u64), end: (u64, u64)) -> String {
    let (mut line, mut column) = (1, 1);
    let mut between = String::new();
    for character in text.chars() {
        if (line, column) >= start && (line, column) < end {
            between.push(character);
        }
        if character == '\n' {
            (line, column) = (line + 1, 1);
        } else {
            column += 1;
        }
    }
    between
}

/// Returns the expected diagnostics, sorted.
fn expected() -> Vec<(String, String, String)> {
    let mut expected =
        DIAGNOSTICS.map(|(file, code, text)| (file.into(), code.into(), text.into()));
    expected.sort();
    expected.to_vec()
}

/// Reads the file at a path as a report prints it. Returns its name and text.
fn read(repository: &TempDir, path: &str) -> (String, String) {
    // Formats that have no escapes of their own print control characters as Rust does.
    let path = &[
        ("\\u{1b}", "\u{1b}"),
        ("\\u{202e}", "\u{202e}"),
        ("\\u{9b}", "\u{9b}"),
        ("##\\u{5b}", "##["),
    ]
    .iter()
    .fold(path.to_owned(), |path, (escape, character)| {
        path.replace(escape, character)
    });
    let text = fs::read_to_string(repository.path().join(path)).unwrap();
    (path.strip_prefix("fixtures/").unwrap().to_owned(), text)
}

#[test]
fn the_exit_status_is_the_same_in_every_format() {
    let repository = repository();
    let cases: [(&[&str], i32); 13] = [
        (&["fixtures/clean.json"], 0),
        (&["fixtures/warning.json"], 0),
        (&["--strict", "fixtures/warning.json"], 1),
        (&["fixtures/error.json"], 1),
        (&["--expect", "invalid-uuid", "fixtures/error.json"], 0),
        (&["--expect", "invalid-utc", "fixtures/error.json"], 1),
        (&["fixtures/truncated.json"], 1),
        (&["fixtures/error.json", "gone.json"], 3),
        (&["fixtures", "--glob", "*.jsonl"], 3),
        (&["--exit-zero", "fixtures"], 0),
        (&["--exit-zero", "fixtures/error.json", "gone.json"], 3),
        (&["--exit-zero", "empty.json"], 3),
        (&["fixtures", "--output", "sarif=/nowhere/x"], 3),
    ];
    for (arguments, status) in cases {
        for command in ["validate", "inspect"] {
            for format in FORMATS.iter().copied() {
                let arguments = [&[command, "--format", format], arguments].concat();
                let output = run(repository.path(), &arguments);
                assert_eq!(output.status.code(), Some(status), "{arguments:?}");
            }
        }
        let output = run(
            repository.path(),
            &[&["validate", "--quiet"], arguments].concat(),
        );
        assert_eq!(output.status.code(), Some(status), "{arguments:?} --quiet");
        assert!(output.stdout.is_empty());
    }
}

/// An empty part of a larger input is a report of its own, without payloads.
#[test]
fn empty_inputs_are_accepted_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["validate", "inspect"] {
        for format in FORMATS.iter().copied() {
            let arguments = [command, "--allow-empty", "--format", format, "-"];
            let output = run(folder.path(), &arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}");
            assert!(output.stderr.is_empty(), "{output:?}");
            let report = String::from_utf8(output.stdout).unwrap();
            let expected = match format {
                "human" | "github" => "0 payloads checked: 0 valid, 0 invalid, 0 warnings\n",
                "ndjson" | "short" => "",
                "gitlab" => "[]\n",
                _ => {
                    assert!(!report.is_empty(), "{format}");
                    continue;
                }
            };
            assert_eq!(report, expected, "{arguments:?}");
        }
    }
}

/// A workflow command.
#[derive(Debug, Default)]
struct Annotation {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

/// Parses a workflow command as the runner does (`ActionCommand.cs` in actions/runner). The older
/// notation, `##[…]`, must not occur.
fn command(line: &str) -> Option<Annotation> {
    let unescape = |text: &str, more: &[(&str, &str)]| {
        let mut text = text.replace("%0D", "\r").replace("%0A", "\n");
        for (escape, sign) in more {
            text = text.replace(escape, sign);
        }
        text.replace("%25", "%")
    };
    assert!(line.starts_with("::") || !line.contains("##["), "{line}");
    let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let pairs = properties
        .trim()
        .split(',')
        .filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(name, value)| {
        let value = unescape(value, &[("%3A", ":"), ("%2C", ",")]);
        (name.to_owned(), value)
    });
    Some(Annotation {
        name: name.into(),
        properties: pairs.collect(),
        data: unescape(data, &[]),
    })
}

#[test]
fn github_annotations_decode_to_the_diagnostics() {
    let repository = repository();
    let report = report(&repository, "github");
    let mut diagnostics = Vec::new();
    let mut levels = Vec::new();
    for line in report.lines() {
        let Some(annotation) = command(line) else {
            assert_eq!(
                line,
                "5 payloads checked: 2 valid, 3 invalid, 1 warning; 1 input not read"
            );
            continue;
        };
        let property = |name: &str| annotation.properties[name].clone();
        levels.push(annotation.name.clone());
        if property("file") == "gone.json" {
            assert_eq!(annotation.data, "no such file or directory");
            continue;
        }
        let (file, text) = read(&repository, &property("file"));
        let number = |name: &str| property(name).parse::<u64>().unwrap();
        let (start, end) = (
            (number("line"), number("col")),
            (number("endLine"), number("endColumn") + 1),
        );
        diagnostics.push((file, property("title"), text_at(&text, start, end)));
        let has_help = annotation.data.contains("\nhelp: ");
        assert!(
            has_help || property("title") == "json-syntax",
            "{annotation:?}"
        );
    }
    diagnostics.sort();
    assert_eq!(diagnostics, expected());
    assert_eq!(levels, ["error", "error", "error", "warning", "error"]);
}

#[test]
fn the_github_summary_lists_the_diagnostics() {
    let repository = repository();
    let summary = repository.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(["validate", "--format", "github", "fixtures"])
        .current_dir(repository.path())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
    let text = fs::read_to_string(summary).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(text.starts_with(
        "before\n### mewshook\n\n5 payloads checked: 2 valid, 3 invalid, 1 warning\n"
    ));
    assert_eq!(rows.len(), 2 + DIAGNOSTICS.len(), "{text}");
    // Each row has four cells, and no cell contains a link, HTML or a control character.
    for row in &rows {
        assert_eq!(row.matches('|').count(), 5, "{row}");
        assert!(
            !row.contains(['<', '`', '[', '\u{1b}', '\u{202e}', '@']),
            "{row}"
        );
    }
}

#[test]
fn gitlab_issues_have_the_documented_properties() {
    let repository = repository();
    let report: Vec<Value> = serde_json::from_str(&report(&repository, "gitlab")).unwrap();
    let mut fingerprints = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for issue in &report {
        let text = |pointer: &str| issue.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        assert!(!text("/description").is_empty());
        assert!(fingerprints.insert(text("/fingerprint")), "{issue}");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&&*text("/severity")));
        let line = issue
            .pointer("/location/lines/begin")
            .unwrap()
            .as_u64()
            .unwrap();
        if text("/location/path") == "gone.json" {
            assert_eq!((text("/severity"), line), ("blocker".into(), 1));
            continue;
        }
        let (file, content) = read(&repository, &text("/location/path"));
        let line = content
            .lines()
            .nth(usize::try_from(line).unwrap() - 1)
            .unwrap();
        let (.., at) = DIAGNOSTICS.iter().find(|(name, ..)| *name == file).unwrap();
        assert!(line.contains(at), "{issue}");
        diagnostics.push((file, text("/check_name"), (*at).to_owned()));
    }
    diagnostics.sort();
    assert_eq!(diagnostics, expected());
    assert_eq!(report.len(), 5);
    let output = run(
        repository.path(),
        &["validate", "--format", "gitlab", "fixtures/clean.json"],
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "[]\n");
}

fn sarif_schema() -> jsonschema::Validator {
    let text = fs::read_to_string("tests/specifications/sarif-2.1.0.schema.json").unwrap();
    // One pattern has a stray bracket, which the engine rejects.
    let text = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Validates a SARIF log by its schema, and returns the run.
fn sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let schema = sarif_schema();
    let errors: Vec<_> = schema
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    log.pointer("/runs/0").unwrap().clone()
}

#[test]
fn sarif_logs_match_the_published_schema() {
    // The schema does reject something.
    assert!(!sarif_schema().is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})));
    let repository = repository();
    let run = sarif(&report(&repository, "sarif"));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "no such file or directory");
    let mut diagnostics = Vec::new();
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"]
            [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let (file, text) = read(&repository, &percent_decode_str(uri).decode_utf8().unwrap());
        let number = |name: &str| place["region"][name].as_u64().unwrap();
        let start = (number("startLine"), number("startColumn"));
        let end = (number("endLine"), number("endColumn"));
        let code = result["ruleId"].as_str().unwrap().to_owned();
        diagnostics.push((file, code, text_at(&text, start, end)));
    }
    diagnostics.sort();
    assert_eq!(diagnostics, expected());
}

#[test]
fn sarif_suppresses_expected_errors() {
    let repository = repository();
    let arguments = [
        "validate",
        "--format",
        "sarif",
        "--expect",
        "invalid-uuid",
        "fixtures/error.json",
    ];
    let output = run(repository.path(), &arguments);
    let run = sarif(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(run["results"][0]["suppressions"][0]["kind"], "external");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

/// Diagnostics keep their fingerprints when lines move, and no two have the same.
#[test]
fn fingerprints_are_stable_and_unique() {
    let folder = tempfile::tempdir().unwrap();
    let fingerprints = |text: &str| {
        fs::write(folder.path().join("a.ndjson"), text).unwrap();
        let output = run(
            folder.path(),
            &["validate", "--format", "gitlab", "a.ndjson"],
        );
        let issues: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let issues = issues.iter();
        issues
            .map(|issue| issue["fingerprint"].to_string())
            .collect::<Vec<_>>()
    };
    let line = ERROR.replace('\n', "") + "\n";
    let single = fingerprints(&line);
    assert_eq!(
        fingerprints(&format!("\n\n{CLEAN}\n{TRUNCATED}\n{line}")).last(),
        single.last()
    );
    let three = fingerprints(&line.repeat(3));
    assert_eq!(three[0], single[0]);
    assert_eq!(BTreeSet::from_iter(&three).len(), 3);
}

#[test]
fn junit_reports_match_the_schema_of_jenkins() {
    let repository = repository();
    let text = report(&repository, "junit");
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut names = Vec::new();
    let mut counts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                let attributes: BTreeMap<_, _> = tag
                    .attributes()
                    .map(|attribute| {
                        let attribute = attribute.unwrap();
                        let key = attribute.key.as_ref().to_owned();
                        (key, attribute.value.into_owned())
                    })
                    .collect();
                if name == "testsuite" {
                    let count = ["tests", "failures", "errors"].map(|name| &*attributes[name]);
                    counts.push(count.join(" "));
                }
                names.push(name);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    let tags = [
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "system-out",
    ];
    assert_eq!(tags.map(count), [1, 6, 6, 3, 1, 1]);
    // Sorted by path: the hostile name, clean, error, truncated, warning, and the missing file.
    assert_eq!(
        counts,
        ["1 1 0", "1 0 0", "1 1 0", "1 1 0", "1 0 0", "1 0 1"]
    );
    let place = "fixtures/error.json:2:50: error[invalid-uuid]";
    assert!(text.contains(place), "{text}");
    // No crate validates XML by a schema. This is skipped where xmllint is not installed; the gate has it.
    let file = repository.path().join("junit.xml");
    fs::write(&file, &text).unwrap();
    let xmllint = Command::new("xmllint")
        .args(["--noout", "--schema", "tests/specifications/junit-10.xsd"])
        .arg(&file)
        .output();
    if let Ok(output) = xmllint {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// No part of a file name or payload acts on a terminal or is a command in a log.
#[test]
fn hostile_text_is_escaped() {
    let repository = repository();
    for format in FORMATS.iter().copied() {
        for line in report(&repository, format).lines() {
            let is_annotation =
                command(line).is_some_and(|command| command.properties.contains_key("title"));
            assert!(
                command(line).is_none() || format == "github" && is_annotation,
                "{format}: {line}"
            );
            assert!(
                !line.contains(['\u{1b}', '\u{202e}', '\u{9b}']),
                "{format}: {line}"
            );
        }
    }
}

/// A report in a file is the same as on standard output.
#[test]
fn reports_in_files_are_the_same() {
    let repository = repository();
    let outputs: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| ["--output".into(), format!("{format}={format}.out")])
        .collect();
    let mut arguments = vec!["validate", "--format", "short", "fixtures", "gone.json"];
    arguments.extend(outputs.iter().map(String::as_str));
    let output = run(repository.path(), &arguments);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        report(&repository, "short")
    );
    for format in FORMATS.iter().copied() {
        let file = repository.path().join(format!("{format}.out"));
        assert_eq!(
            fs::read_to_string(file).unwrap(),
            report(&repository, format),
            "{format}"
        );
    }
    let names = fs::read_dir(repository.path()).unwrap();
    assert_eq!(names.count(), 2 + FORMATS.len(), "no other files are left");
}
