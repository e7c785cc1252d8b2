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
    bash_with(folder, script, variables, &[])
}

fn bash_with(
    folder: &Path,
    script: &str,
    variables: &[(&str, &str)],
    arguments: &[String],
) -> Output {
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
            "bash",
        ])
        .args(arguments)
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

/// Names of files that look like options, and one that begins a workflow command. In the folder
/// above is a file that such an option would overwrite.
const NAMES: [&str; 9] = [
    "--output=json=../victim.json",
    "--output=json=victim.json",
    "--config=mewshook.json",
    "--kind=x\n::error file=a::b.json",
    "--help.json",
    "--.json",
    "-f.json",
    "-qf.json",
    "-.json",
];

fn repository_with_names() -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("victim.json"), "untouched").unwrap();
    let repository = folder.path().join("repository");
    for name in NAMES {
        let path = repository.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, GOOD).unwrap();
    }
    fs::create_dir(repository.join(".git")).unwrap();
    (folder, NAMES.map(str::to_owned).into())
}

/// Runs a command in that repository: each of its files is checked, and nothing else happens.
fn takes_names_as_names(script: &str, names: &[String]) {
    let (folder, _) = repository_with_names();
    let repository = folder.path().join("repository");
    let output = bash_with(&repository, script, &[], names);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(0), "{script}: {text}");
    let count = if names.is_empty() {
        NAMES.len() - 1
    } else {
        names.len()
    };
    let closing = format!("{count} payloads checked: {count} valid, 0 invalid, 0 warnings\n");
    assert_eq!(text, closing, "{script}");
    assert_eq!(
        fs::read_to_string(folder.path().join("victim.json")).unwrap(),
        "untouched"
    );
    assert_eq!(fs::read_dir(&repository).unwrap().count(), NAMES.len() + 1);
}

#[test]
fn the_hook_takes_names_as_names() {
    let hooks = fs::read_to_string(".pre-commit-hooks.yaml").unwrap();
    let value = |key: &str| {
        let mut lines = hooks
            .lines()
            .filter_map(|line| line.trim().strip_prefix(key));
        (lines.next(), lines.next())
    };
    let (Some(entry), None) = value("entry: ") else {
        panic!("one hook with one entry");
    };
    // A user's `args` would take the place of the hook's own, and stand between the entry and the names.
    assert_eq!(value("args:"), (None, None));
    let (_, names) = repository_with_names();
    takes_names_as_names(&format!("{entry} \"$@\""), &names);
    // What docs/ci.md says of options.
    let page = fs::read_to_string("docs/ci.md").unwrap();
    let entries = page
        .lines()
        .filter_map(|line| line.trim().strip_prefix("entry: "));
    let entries: Vec<_> = entries.collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    takes_names_as_names(&format!("{} \"$@\"", entries[0]), &names);
    // Options that were given in another way are no options, and that is said.
    let (folder, _) = repository_with_names();
    let script = format!("{entry} --strict -- \"$@\"");
    let output = bash_with(&folder.path().join("repository"), &script, &[], &names);
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("error: --strict: no such file or directory; options go before `--`\n"),
        "{stderr}"
    );
}

#[test]
fn the_action_takes_names_as_names() {
    let script = block(&fs::read_to_string("action.yml").unwrap(), "run: |");
    let script = script.replace("--format github", "");
    // They are separated by white space.
    let (_, names) = repository_with_names();
    let names: Vec<_> = names
        .into_iter()
        .filter(|name| !name.contains(' '))
        .collect();
    for paths in [names.join(" "), names.join("\n")] {
        let variables = [
            ("MEWSHOOK_PATHS", &*paths),
            ("MEWSHOOK_ARGS", ""),
            ("MEWSHOOK_SARIF", ""),
        ];
        let (folder, _) = repository_with_names();
        let repository = folder.path().join("repository");
        let output = bash(&repository, &script, &variables);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let count = names.len();
        let closing = format!("{count} payloads checked: {count} valid, 0 invalid, 0 warnings\n");
        assert_eq!((output.status.code(), text), (Some(0), closing));
        assert_eq!(
            fs::read_to_string(folder.path().join("victim.json")).unwrap(),
            "untouched"
        );
    }
}

#[test]
fn the_gitlab_job_takes_names_as_names() {
    let page = fs::read_to_string("docs/ci.md").unwrap();
    let script = block(&page, "script:");
    let command = script
        .lines()
        .find(|line| line.contains("mewshook validate"))
        .unwrap();
    let (before, name) = command.rsplit_once(' ').unwrap();
    assert_eq!(name, "fixtures");
    // Somebody puts another name there.
    let (folder, names) = repository_with_names();
    let script = format!("{} \"$@\"", before.trim_start_matches("- "));
    let output = bash_with(&folder.path().join("repository"), &script, &[], &names);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(
        fs::read_to_string(folder.path().join("victim.json")).unwrap(),
        "untouched"
    );
}

#[test]
fn the_gitlab_job_checks_a_repository() {
    let page = fs::read_to_string("docs/ci.md").unwrap();
    let script = block(&page, "script:").replace("- cargo install", "- : cargo install");
    let lines = script.lines().map(|line| line.trim_start_matches("- "));
    let script = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace(" fixtures", " .");
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
