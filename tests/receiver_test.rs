//! The command `receiver-test`: exit status, formats, secrets, and the command that repeats a check.
//! `receivers.rs` tests what the checks find.

#![cfg(feature = "deliver")]
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "support/program.rs"]
mod program;

use std::process::Command;
use std::sync::Mutex;
use std::thread;

use mewshook::deliver::server::{Reply, Request, Response, Stopper};
use mewshook::deliver::{Server, ServerLimits};
use serde_json::Value;

use program::{TempDir, folder, mewshook, outcome, read};

const TOKEN: &str = "t0k3n";
const OTHER_SECRET: &str = "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F";

/// Runs a handler while a function uses its URL.
fn with_handler<T>(
    handler: impl Fn(&Request) -> Response + Sync,
    test: impl FnOnce(&str) -> T,
) -> T {
    struct Stop(Stopper);
    impl Drop for Stop {
        fn drop(&mut self) {
            self.0.stop();
        }
    }
    let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
    let url = format!("http://{}/mews?Token={TOKEN}", server.address().unwrap());
    let stop = Stop(server.stopper().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| server.run(|request| Reply::Respond(handler(request))));
        let _stop = stop;
        test(&url)
    })
}

/// Runs the checks that need no API, with the URL in a variable.
fn run(folder: &TempDir, url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = mewshook(
        folder,
        &["receiver-test", "--url-env", "HOOK", "--seed", "5"],
    );
    let output = command.args(arguments).env("HOOK", url).output();
    outcome(output.unwrap())
}

fn outcomes(report: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(report).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = report["checks"].as_array().unwrap();
    let outcomes = checks.iter();
    outcomes
        .map(|check| (text(&check["number"]), text(&check["outcome"])))
        .collect()
}

#[test]
fn without_an_api_only_responses_are_observable() {
    let folder = folder(&[]);
    let (code, out, _) = with_handler(
        |_| Response::new(202),
        |url| run(&folder, url, &["--format", "json"]),
    );
    assert_eq!(code, Some(1), "{out}");
    for (number, outcome) in outcomes(&out) {
        let expected = match &*number {
            "1.7" | "3.2" | "3.3" | "3.4" | "3.5" | "3.6" | "3.7" => "not-observable",
            "3.1" | "4.1" | "4.2" => "fail",
            _ if number.starts_with("2.") => "not-observable",
            _ => "pass",
        };
        assert_eq!(outcome, expected, "{number}");
    }
}

#[test]
fn the_status_is_that_of_what_a_handler_must_do() {
    let folder = folder(&[]);
    with_handler(
        |_| Response::new(200),
        |url| {
            let run = |arguments: &[&str]| run(&folder, url, arguments).0;
            assert_eq!(run(&["--check", "1.1"]), Some(0));
            assert_eq!(run(&["--check", "3.1"]), Some(1));
            assert_eq!(run(&["--check", "4.1"]), Some(0));
            assert_eq!(run(&["--check", "4.1", "--strict"]), Some(1));
            assert_eq!(run(&["--check", "2.1", "--strict"]), Some(0));
            assert_eq!(run(&["--check", "0.1"]), Some(2));
        },
    );
    // A port that nothing listens at any more.
    let closed = with_handler(|_| Response::new(200), str::to_owned);
    let (code, out, err) = run(&folder, &closed, &[]);
    assert_eq!((code, &*out), (Some(3), ""));
    assert!(
        err.starts_with("error: the handler can't be reached, connection refused"),
        "{err}"
    );
    assert!(!err.contains(TOKEN), "{err}");
}

#[test]
fn reports_have_no_secrets_and_no_control_characters() {
    let folder = folder(&[("secret", "p0s-s3cret")]);
    let refusal = format!("\u{1b}[31m##[error]{{\"AccessToken\": \"{OTHER_SECRET}\"}}\u{202e}");
    let arguments = [
        "--secret-file",
        "secret",
        "--fake-api",
        "0",
        "--settle",
        "20ms",
        "--check",
        "1",
        "--check",
        "3",
        "--output",
        "junit=junit.xml",
        "--output",
        "json=report.json",
    ];
    let handler = |request: &Request| {
        let target = &request.target;
        let body = format!("{target} {refusal}");
        Response::with_body(500, "text/plain", body)
    };
    let (code, human, err) = with_handler(handler, |url| run(&folder, url, &arguments));
    assert_eq!(code, Some(1), "{err}");
    let (junit, json) = (read(&folder, "junit.xml"), read(&folder, "report.json"));
    for report in [&human, &junit, &json, &err] {
        for secret in [TOKEN, OTHER_SECRET, "p0s-s3cret"] {
            assert!(!report.contains(secret), "{report}");
        }
        let controls = |character: char| character.is_control() && character != '\n';
        assert!(
            !report.contains(controls) && !report.contains('\u{202e}'),
            "{report}"
        );
        assert!(!report.contains("##["), "{report}");
    }
    // The tokens that are made up are not shown either.
    assert!(!human.contains("FACADE") && !json.contains("FACADE") && !junit.contains("FACADE"));
    assert!(
        human.contains("500 after") && human.contains(": /***?***=*** "),
        "{human}"
    );
}

/// No crate validates XML by a schema. This is skipped where xmllint is not installed; the gate has it.
#[test]
fn junit_reports_match_the_schema_of_jenkins() {
    let folder = folder(&[]);
    let arguments = ["--format", "json", "--output", "junit=junit.xml"];
    let (_, json, _) = with_handler(|_| Response::new(200), |url| run(&folder, url, &arguments));
    let junit = read(&folder, "junit.xml");
    let count = |name: &str| {
        outcomes(&json)
            .iter()
            .filter(|(_, outcome)| outcome == name)
            .count()
    };
    assert_eq!(junit.matches("<testcase ").count(), outcomes(&json).len());
    assert_eq!(junit.matches("<failure ").count(), count("fail"));
    assert_eq!(junit.matches("<skipped ").count(), count("not-observable"));
    let xmllint = Command::new("xmllint")
        .args(["--noout", "--schema", "tests/specifications/junit-10.xsd"])
        .arg(folder.path().join("junit.xml"))
        .output();
    if let Ok(output) = xmllint {
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{message}");
    }
}

#[test]
fn a_check_is_repeated_alone_with_the_same_bodies() {
    let folder = folder(&[]);
    let bodies: Mutex<Vec<Vec<u8>>> = Mutex::default();
    let handler = |request: &Request| {
        bodies.lock().unwrap().push(request.body.clone());
        Response::new(if request.body.len() > 100_000 {
            413
        } else {
            200
        })
    };
    with_handler(handler, |url| {
        let all = ["--format", "json", "--check", "1", "--check", "4.3"];
        let (code, out, _) = run(&folder, url, &all);
        assert_eq!(code, Some(0), "{out}");
        let report: Value = serde_json::from_str(&out).unwrap();
        let checks = report["checks"].as_array().unwrap();
        let failed: Vec<_> = checks
            .iter()
            .filter(|check| check["outcome"] == "fail")
            .collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0]["number"], "1.3");
        let large = |bodies: &[Vec<u8>]| {
            let large = bodies.iter().filter(|body| body.len() > 100_000);
            large.cloned().collect::<Vec<_>>()
        };
        let first = large(&std::mem::take(&mut *bodies.lock().unwrap()));
        assert_eq!(first.len(), 1);
        let repeat = failed[0]["repeat"].as_str().unwrap();
        let expected = "mewshook receiver-test --url-env HOOK --seed 5 --check 1.3";
        assert_eq!(repeat, expected);
        let arguments: Vec<_> = repeat.split(' ').skip(1).collect();
        let repeated = mewshook(&folder, &arguments)
            .env("HOOK", url)
            .output()
            .unwrap();
        let (code, out, _) = outcome(repeated);
        assert_eq!(code, Some(0));
        assert!(
            out.ends_with("1 check: 0 passed, 1 failed (0 MUST, 1 SHOULD), 0 not observable\n"),
            "{out}"
        );
        assert_eq!(large(&bodies.lock().unwrap()), first);
    });
}
