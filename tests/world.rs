//! How the program behaves when a pipe closes, a disk is full, a file changes while it is read, or a
//! signal arrives. A file that is written is complete or absent.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use mewshook::checks::{Checker, Policy};
use mewshook::frame::{Frames, Next};
use mewshook::input::Origin;
use tempfile::TempDir;

const PAYLOAD: &str = "{\"Action\": \"IntegrationEnabled\", \"Data\": {\"Integration\": {\"Id\": \"9e5e84e9-974d-4f16-9662-ab2200f27cb1\", \"Name\": \"Example\"}}}\n";
const TOKEN: &str =
    "{\"ApiKey\": \"C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F\"}\n";

fn mewshook(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mewshook"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    parts(mewshook(folder.path(), arguments).output().unwrap())
}

/// Returns the exit status, standard output and standard error.
fn parts(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let folder = folder(&[
        ("many.ndjson", &PAYLOAD.repeat(50_000)),
        ("secret.ndjson", &TOKEN.repeat(50_000)),
    ]);
    for (status, arguments) in [
        (0, &["inspect", "many.ndjson"][..]),
        (0, &["validate", "--format", "ndjson", "many.ndjson"]),
        (0, &["validate", "--format", "json", "many.ndjson"]),
        (0, &["validate", "--format", "junit", "many.ndjson"]),
        // Errors found before count, so that `pipefail` hides nothing.
        (1, &["inspect", "secret.ndjson"]),
        (1, &["validate", "--format", "short", "secret.ndjson"]),
        (1, &["validate", "--format", "sarif", "secret.ndjson"]),
        (1, &["validate", "--format", "github", "secret.ndjson"]),
        (0, &["redact", "secret.ndjson"]),
        (0, &["sample", "--count", "50000"]),
    ] {
        let mut child = mewshook(folder.path(), arguments).spawn().unwrap();
        let mut first = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut first).unwrap();
        drop(reader);
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!((code, &*stderr), (Some(status), ""), "{arguments:?}");
        assert!(!first.is_empty());
    }
}

/// Runs a command whose standard output is closed from the start, and returns its exit status and its
/// standard error.
fn run_without_reader(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = mewshook(folder.path(), arguments);
    let (code, _, stderr) = parts(command.stdout(writer).output().unwrap());
    (code, stderr)
}

/// The exit status doesn't depend on whether anything reads the output: not for reports that are
/// printed at the end, nor for a single closing line, nor for errors that are not a payload's.
#[test]
fn a_status_is_the_same_without_a_reader() {
    let folder = folder(&[
        ("good.json", PAYLOAD),
        ("bad.json", "{\"Action\": 1}\n"),
        ("secret.json", TOKEN),
        ("empty.json", ""),
    ]);
    fs::create_dir(folder.path().join("folder")).unwrap();
    let formats = [
        "human", "json", "ndjson", "short", "github", "gitlab", "sarif", "junit",
    ];
    let checks = formats
        .iter()
        .map(|format| vec!["validate", "--format", format]);
    let checks = checks.chain([
        vec!["inspect"],
        vec!["inspect", "good.json"],
        vec!["validate", "--quiet"],
        vec!["validate", "--output", "sarif=out.sarif"],
    ]);
    let mut commands = Vec::new();
    for check in checks {
        for (status, file) in [
            (0, "good.json"),
            (1, "bad.json"),
            (3, "empty.json"),
            (3, "none.json"),
        ] {
            commands.push((status, [&check[..], &[file]].concat()));
        }
        commands.push((3, [&check[..], &["bad.json", "none.json"]].concat()));
        commands.push((3, [&check[..], &["none.json", "bad.json"]].concat()));
    }
    commands.extend([
        (0, vec!["redact", "secret.json"]),
        (3, vec!["redact", "secret.json", "none.json"]),
        (3, vec!["redact", "none.json", "secret.json"]),
        (1, vec!["redact", "--check", "secret.json"]),
        (0, vec!["redact", "--check", "good.json"]),
        (3, vec!["redact", "--check", "secret.json", "none.json"]),
        (0, vec!["config", "good.json"]),
        (3, vec!["config", "folder", "good.json"]),
        (0, vec!["sample"]),
        (0, vec!["sample", "--count", "100"]),
        (0, vec!["schema", "general"]),
        (0, vec!["explain"]),
        (0, vec!["man"]),
        (0, vec!["completions", "bash"]),
        (0, vec!["--help"]),
        (2, vec!["validate", "--kind", "none", "good.json"]),
    ]);
    for (status, arguments) in commands {
        let (code, _, stderr) = run(&folder, &arguments);
        assert_eq!(code, Some(status), "{arguments:?}: {stderr}");
        assert_eq!(
            run_without_reader(&folder, &arguments),
            (code, stderr),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_full_disk_is_reported() {
    let folder = folder(&[
        ("many.ndjson", &PAYLOAD.repeat(1000)),
        ("secret.json", TOKEN),
    ]);
    for arguments in [
        &["inspect", "many.ndjson"][..],
        &["validate", "--format", "sarif", "many.ndjson"],
        &["validate", "many.ndjson"],
        &["redact", "secret.json"],
        &["sample"],
        &["schema", "general"],
        &["explain"],
        &["man"],
        &["config", "many.ndjson"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = mewshook(folder.path(), arguments)
            .stdout(full)
            .output()
            .unwrap();
        let (code, _, stderr) = parts(output);
        assert_eq!(code, Some(3), "{arguments:?}");
        assert!(
            stderr.to_lowercase().contains("no space left on device"),
            "{arguments:?}: {stderr}"
        );
    }
    let (code, _, stderr) = run(
        &folder,
        &["validate", "--output", "json=/dev/full", "many.ndjson"],
    );
    assert_eq!(code, Some(3), "{stderr}");
}

/// Interrupts a process after it has had time to start its work, and returns its exit status.
fn interrupt(mut child: Child) -> Option<i32> {
    thread::sleep(Duration::from_millis(300));
    let id = child.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().unwrap();
    child.wait().unwrap().code()
}

#[test]
fn an_interrupted_run_leaves_no_incomplete_file() {
    let folder = folder(&[("secret.ndjson", TOKEN)]);
    let old = "old";
    fs::write(folder.path().join("old.sarif"), old).unwrap();
    let arguments = [
        "validate",
        "--output",
        "sarif=old.sarif",
        "--output",
        "json=new.json",
    ];
    let mut child = mewshook(folder.path(), &arguments)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(TOKEN.repeat(5000).as_bytes()).unwrap();
    assert_eq!(interrupt(child), None);
    assert_eq!(names(&folder), ["old.sarif", "secret.ndjson"]);
    assert_eq!(
        fs::read_to_string(folder.path().join("old.sarif")).unwrap(),
        old
    );
}

/// Interrupts a followed stream once its first row is printed. This works even if interrupts are
/// ignored when the program starts, as for a job in the background of a shell.
#[test]
fn an_interrupt_ends_a_followed_stream_with_its_totals() {
    let folder = folder(&[]);
    for (input, code, totals) in [
        (
            format!("{PAYLOAD}{PAYLOAD}"),
            0,
            "2 payloads checked: 2 valid",
        ),
        (
            format!("{PAYLOAD}{TOKEN}"),
            1,
            "2 payloads checked: 1 valid, 1 invalid",
        ),
        // A payload that is incomplete by then is no error, nor is an array.
        (
            format!("{PAYLOAD}{{\"a\":"),
            0,
            "1 payload checked: 1 valid",
        ),
        (format!("[{PAYLOAD},"), 0, "1 payload checked: 1 valid"),
    ] {
        for arguments in [&["-f"][..], &["inspect", "--follow", "-"]] {
            let mut child = mewshook(folder.path(), arguments)
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(input.as_bytes()).unwrap();
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            let mut printed = String::new();
            // The head of the table, and a row.
            stdout.read_line(&mut printed).unwrap();
            stdout.read_line(&mut printed).unwrap();
            assert!(printed.contains("IntegrationEnabled"), "{printed}");
            thread::sleep(Duration::from_millis(100));
            assert_eq!(interrupt(child), Some(code));
            stdout.read_to_string(&mut printed).unwrap();
            assert!(printed.contains(totals), "{printed}");
        }
    }
}

/// Runs a command on a terminal, types `typed` with a pause at each `|`, and returns what the terminal
/// shows and the exit status. Returns `None` without the `script` of util-linux.
fn on_a_terminal(folder: &TempDir, command: &str, typed: &str) -> Option<String> {
    let version = Command::new("script").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
        return None;
    }
    let command = format!("{} {command}", env!("CARGO_BIN_EXE_mewshook"));
    let mut child = Command::new("script")
        .args([
            "--quiet",
            "--return",
            "--echo",
            "never",
            "--command",
            &command,
            "/dev/null",
        ])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Long enough for the note that is printed after a silence.
    for typed in typed.split_inclusive('|') {
        thread::sleep(Duration::from_millis(400));
        stdin
            .write_all(typed.trim_end_matches('|').as_bytes())
            .unwrap();
    }
    thread::sleep(Duration::from_millis(400));
    drop(stdin);
    let (code, stdout, _) = parts(child.wait_with_output().unwrap());
    Some(format!(
        "{}[exit {}]",
        stdout.replace("\r\n", "\n"),
        code.unwrap()
    ))
}

#[test]
fn a_bare_terminal_gets_the_command_s_own_help() {
    let folder = folder(&[]);
    for command in ["inspect", "validate", "redact"] {
        let Some(printed) = on_a_terminal(&folder, command, "") else {
            return;
        };
        assert!(
            printed.contains(&format!("Usage: mewshook {command} ")),
            "{printed}"
        );
        let paste = format!("run `mewshook {command} -`; Ctrl-D ends it");
        assert!(printed.contains(&paste), "{printed}");
        assert!(printed.ends_with("[exit 2]"), "{printed}");
    }
}

#[test]
fn a_terminal_shows_one_note_that_a_payload_is_held_back() {
    const NOTE: &str = "note: one payload is held back";
    let folder = folder(&[]);
    let paste = format!("{PAYLOAD}||\u{4}");
    let Some(printed) = on_a_terminal(&folder, "inspect -", &paste) else {
        return;
    };
    assert_eq!(printed.matches(NOTE).count(), 1, "{printed}");
    assert!(printed.contains("IntegrationEnabled  valid\n"), "{printed}");
    for command in ["inspect -f -", "validate -"] {
        let printed = on_a_terminal(&folder, command, &paste).unwrap();
        assert!(!printed.contains(NOTE), "{printed}");
        assert!(printed.contains("1 payload checked: 1 valid"), "{printed}");
        assert!(printed.ends_with("[exit 0]"), "{printed}");
    }
}

/// Reads a file, calls `act` after the first batch, and returns the number of valid and of invalid
/// payloads.
fn read_while(path: &Path, act: impl FnOnce()) -> (usize, usize) {
    let mut frames = Frames::open(&Origin::File(path.to_path_buf())).unwrap();
    let mut checker = Checker::new(Policy::default(), None);
    let mut act = Some(act);
    let (mut valid, mut invalid) = (0, 0);
    loop {
        match frames.next().unwrap() {
            Next::Batch(batch) => {
                for frame in batch.frames() {
                    let is_valid = checker.check(&frame.payload).verdict.valid;
                    *if is_valid { &mut valid } else { &mut invalid } += 1;
                }
                if let Some(act) = act.take() {
                    act();
                }
            }
            Next::Idle => {}
            Next::End => return (valid, invalid),
        }
    }
}

#[test]
fn a_file_may_change_while_it_is_read() {
    let count = 3_000_000 / PAYLOAD.len();
    let folder = folder(&[("a.ndjson", &PAYLOAD.repeat(count))]);
    let path = folder.path().join("a.ndjson");
    // Another file takes its place: the one that was opened is read.
    let replaced = read_while(&path, || {
        fs::write(folder.path().join("b"), "{}").unwrap();
        fs::rename(folder.path().join("b"), &path).unwrap();
    });
    assert_eq!(replaced, (count, 0));
    // It shrinks, and ends in the middle of a payload: that one is broken.
    fs::write(&path, PAYLOAD.repeat(count)).unwrap();
    let (valid, invalid) = read_while(&path, || {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len((PAYLOAD.len() * (count / 2) + 50) as u64)
            .unwrap();
    });
    assert_eq!((valid, invalid), (count / 2, 1));
    // It grows: the added payload is read.
    let grown = read_while(&path, || {
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(format!("\n{PAYLOAD}").as_bytes()).unwrap();
    });
    assert_eq!(grown, (count / 2 + 1, 1));
}

#[test]
fn a_fifo_is_read_like_a_pipe() {
    let folder = folder(&[]);
    let path = folder.path().join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    for arguments in [&["validate", "fifo"][..], &["redact", "fifo"]] {
        let child = mewshook(folder.path(), arguments).spawn().unwrap();
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .write_all(TOKEN.as_bytes())
            .unwrap();
        let (code, stdout, _) = parts(child.wait_with_output().unwrap());
        assert!(code < Some(2), "{stdout}");
        assert!(
            stdout.contains("1 payload checked") || stdout.contains("-FACADE"),
            "{stdout}"
        );
    }
    let (code, _, stderr) = run(&folder, &["redact", "--in-place", "fifo"]);
    assert_eq!(
        (code, &*stderr),
        (
            Some(3),
            "error: fifo: only a regular file can be replaced\n"
        )
    );
}

#[test]
fn files_without_permission_are_reported() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("closed.json", PAYLOAD), ("open.json", PAYLOAD)]);
    fs::create_dir(folder.path().join("dir")).unwrap();
    let (code, _, stderr) = run(&folder, &["redact", "--in-place", "dir"]);
    assert_eq!(
        (code, &*stderr),
        (
            Some(3),
            "error: dir: no input in this folder: expected files named *.json, *.ndjson or *.jsonl, or those that match --glob\n"
        )
    );
    let closed = folder.path().join("closed.json");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // Root can open it nevertheless.
    if File::open(&closed).is_err() {
        let (code, stdout, stderr) = run(&folder, &["validate", "."]);
        assert_eq!(
            (code, &*stderr),
            (Some(3), "error: closed.json: permission denied\n")
        );
        assert!(stdout.starts_with("1 payload checked: 1 valid"), "{stdout}");
    }
    // This file can be opened, but not read.
    let (code, _, stderr) = run(&folder, &["validate", "/proc/self/mem"]);
    assert_eq!(code, Some(3));
    assert!(stderr.starts_with("error: /proc/self/mem: "), "{stderr}");
}
