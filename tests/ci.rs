//! A repository with good and bad fixtures, checked as its CI would: by the commands that
//! `action.yml` and `docs/ci.md` have.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const GOOD: &str = r#"{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}}}"#;

/// A repository whose bad fixture is as bad as it says, or not.
fn repository(bad: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitignore", "drafts/\n"),
        ("api/fixtures/good.json", GOOD),
        ("api/fixtures/bad id/one.json", bad),
        ("api/fixtures/drafts/cut.json", "{"),
        (
            "api/mewshook.toml",
            "[[fixtures]]\nfiles = [\"fixtures/bad*\"]\nexpect = [\"invalid-uuid\"]\n",
        ),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn bash(folder: &Path, script: &str, variables: &[(&str, &str)]) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_mewshook"));
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap());
    // As GitHub runs a step of a composite action.
    Command::new("bash")
        .args([
            "--noprofile",
            "--norc",
            "-e",
            "-o",
            "pipefail",
            "-c",
            script,
        ])
        .current_dir(folder)
        .envs(variables.iter().copied())
        .env("PATH", path)
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap()
}

/// The lines below the last one that ends with `head`, as long as they are indented further.
fn block(text: &str, head: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().rposition(|line| line.ends_with(head)).unwrap();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let inside = lines[at + 1..].iter();
    let inside = inside.take_while(|line| indent(line) > indent(lines[at]));
    let lines: Vec<&str> = inside.map(|line| line.trim_start()).collect();
    lines.join("\n")
}

#[test]
fn the_action_checks_a_repository() {
    let script = block(&fs::read_to_string("action.yml").unwrap(), "run: |");
    let run = |repository: &TempDir, paths: &str, args: &str, sarif: &str| {
        let variables = [
            ("MEWSHOOK_PATHS", paths),
            ("MEWSHOOK_ARGS", args),
            ("MEWSHOOK_SARIF", sarif),
        ];
        let output = bash(repository.path(), &script, &variables);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), text)
    };
    let closing = "2 payloads checked: 1 valid, 1 invalid as expected, 0 invalid, 0 warnings\n\
                   note: skipped 1 folder ignored by .gitignore; --verbose names them\n";
    let good = repository(&GOOD.replace("9e5e", "9e5"));
    assert_eq!(run(&good, ".", "", ""), (Some(0), closing.into()));
    assert_eq!(
        run(
            &good,
            "api/fixtures\n",
            " --strict\n--jobs 1 ",
            "a log.sarif"
        ),
        (Some(0), closing.into())
    );
    assert!(good.path().join("a log.sarif").exists());
    let (status, text) = run(&repository(GOOD), "api", "", "");
    assert_eq!(status, Some(1));
    assert!(
        text.starts_with("::error file=api/fixtures/bad id/one.json,line=1,"),
        "{text}"
    );
    // Nothing of the inputs is run, and nothing of them is an option that was not meant to be.
    let (status, _) = run(&good, "$(touch x) ;touch -x", "", "");
    assert_eq!(status, Some(3));
    assert!(!good.path().join("x").exists());
}

#[test]
fn the_gitlab_job_checks_a_repository() {
    let page = fs::read_to_string("docs/ci.md").unwrap();
    let script = block(&page, "script:").replace("- cargo install", "- : cargo install");
    let script = script.replace("- ", "").replace(" fixtures", " .");
    assert_eq!(script.lines().count(), 2, "{script}");
    let repository = repository(GOOD);
    // In a folder of the repository: paths start at its root all the same.
    let folder = repository.path().join("api");
    assert_eq!(bash(&folder, &script, &[]).status.code(), Some(1));
    let issues = fs::read_to_string(folder.join("gl-code-quality-report.json")).unwrap();
    assert!(
        issues.contains(r#""path":"api/fixtures/bad id/one.json","lines":{"begin":1"#),
        "{issues}"
    );
    let suites = fs::read_to_string(folder.join("payloads.xml")).unwrap();
    assert!(
        suites.contains(r#"name="api/fixtures/good.json" tests="1" failures="0""#),
        "{suites}"
    );
}
