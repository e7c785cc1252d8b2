//! Tests that a run for which the system starts fewer threads than requested completes, with one
//! warning.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use program::*;

const CLOSING: &str = "20000 payloads checked: 20000 valid, 0 invalid, 0 warnings\n";

/// Returns a command that runs the program with at most `max` processes and threads. That limits
/// only users other than root, so root takes on another user, a different one for each limit.
fn limited(folder: &TempDir, max: u32, arguments: &str) -> Command {
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let binary = env!("CARGO_BIN_EXE_mewshook");
    let mut command = Command::new("bash");
    command
        .args([
            "-c",
            &format!("ulimit -u {max} && exec {binary} {arguments}"),
        ])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if is_root() {
        std::os::unix::process::CommandExt::uid(&mut command, 65533 - max);
    }
    command
}

#[test]
fn too_few_threads_are_enough() {
    let folder = folder(&[("many.ndjson", &PAYLOAD.repeat(20_000))]);
    let (code, stdout, stderr) = outcome(
        limited(&folder, 1, "validate --jobs 100 many.ndjson")
            .output()
            .unwrap(),
    );
    assert_eq!((code, &*stdout), (Some(0), CLOSING), "{stderr}");
    let expected = "warning: only 1 of 100 threads can be used: resource temporarily unavailable\n";
    assert_eq!(stderr, expected);
    let (code, stdout, stderr) = outcome(
        limited(&folder, 1, "validate --jobs 100 --quiet many.ndjson")
            .output()
            .unwrap(),
    );
    assert_eq!((code, &*stdout, &*stderr), (Some(0), "", ""));
    // The exact number is known for a user without other processes.
    if is_root() {
        let (code, stdout, stderr) = outcome(
            limited(&folder, 4, "validate --jobs 100 many.ndjson")
                .output()
                .unwrap(),
        );
        assert_eq!((code, &*stdout), (Some(0), CLOSING), "{stderr}");
        assert_eq!(stderr, expected.replace("1 of", "4 of"));
    }
}

#[test]
fn a_stream_needs_no_thread() {
    let folder = folder(&[]);
    let expected = "warning: <stdin>: no thread could be started to read it, so reading and checking take turns\n";
    for (arguments, last) in [
        ("validate", CLOSING),
        ("inspect --follow", "  events: IntegrationEnabled 20000\n"),
    ] {
        let mut child = limited(&folder, 1, arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdin.write_all(PAYLOAD.as_bytes()).unwrap();
        if arguments.contains("follow") {
            // The first payload is shown before the stream ends.
            stdout.read_line(&mut first).unwrap();
            stdout.read_line(&mut first).unwrap();
            assert!(first.contains("IntegrationEnabled"), "{first}");
        }
        let writer = std::thread::spawn(move || stdin.write_all(PAYLOAD.repeat(19_999).as_bytes()));
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        writer.join().unwrap().unwrap();
        let (code, _, stderr) = outcome(child.wait_with_output().unwrap());
        assert_eq!((code, &*stderr), (Some(0), expected));
        assert!(rest.ends_with(last), "{rest}");
    }
    let mut child = limited(&folder, 1, "redact")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(SECRET.as_bytes())
        .unwrap();
    let (code, stdout, stderr) = outcome(child.wait_with_output().unwrap());
    assert_eq!((code, &*stderr), (Some(0), ""));
    assert!(stdout.contains("FACADE"), "{stdout}");
}
