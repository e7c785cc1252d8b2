//! Runs of `send`: streams, interruptions, workers, schedules, and reports for programs.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/sending.rs"]
mod sending;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Command;
use std::sync::mpsc::channel;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use mewshook::deliver::server::{Reply, Request, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use sending::{bodies, command, message, messages, receive, send_to, statuses, stderr, stdout};

#[test]
fn payloads_of_a_stream_are_sent_as_they_arrive() {
    let (sender, received) = channel();
    let sender = Mutex::new(sender);
    let handler = |request: &Request| -> Reply {
        sender.lock().unwrap().send(request.body.clone()).unwrap();
        Response::new(200).into()
    };
    let (output, _) = receive(handler, |address| {
        let url = format!("http://{address}/");
        let mut child = command(&[&url]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        for number in 0..3 {
            writeln!(stdin, "{}", message(number)).unwrap();
            assert_eq!(received.recv().unwrap(), message(number).as_bytes());
        }
        drop(stdin);
        child.wait_with_output().unwrap()
    });
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn ctrl_c_ends_with_the_totals() {
    let (output, requests) = receive(statuses(&[200, 500]), |address| {
        let url = format!("http://{address}/");
        let mut child = command(&[&url, "--retry-wait", "1h"]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(messages(100).as_bytes()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for status in ["200", "500"] {
            assert!(lines.next().unwrap().unwrap().starts_with(status));
        }
        // It waits for the next attempt, and for the end of its input.
        let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
        let rest: Vec<_> = lines.map(Result::unwrap).collect();
        drop(stdin);
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(1));
        let mut errors = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        assert_eq!(
            errors,
            "note: interrupted: the payloads that follow were not sent\n"
        );
        rest
    });
    assert_eq!(requests.len(), 2);
    assert_eq!(
        output[1],
        "2 payloads sent: 1 accepted, 1 failed; 2 deliveries, 2 attempts"
    );
}

/// What is sent can't be taken back.
#[test]
fn nothing_is_sent_if_it_cannot_be_reported() {
    let (output, requests) = receive(statuses(&[]), |address| {
        Command::new("bash")
            .args(["-c", r#"echo "$PAYLOAD" | "$0" send "$URL" >&-"#])
            .arg(env!("CARGO_BIN_EXE_mewshook"))
            .env("URL", format!("http://{address}/"))
            .env("PAYLOAD", message(1))
            .output()
            .unwrap()
    });
    assert_eq!((output.status.code(), requests.len()), (Some(3), 0));
    assert_eq!(stderr(&output), "error: standard output is closed\n");
}

/// A reader that has seen enough ends the run, with the status so far.
#[test]
fn a_reader_that_goes_away_ends_everything() {
    let (sender, is_closed) = channel::<()>();
    let is_closed = Mutex::new(is_closed);
    let handler = |request: &Request| -> Reply {
        // The second response comes when nobody reads the report any more.
        if request.body == message(1).as_bytes() {
            is_closed.lock().unwrap().recv().unwrap();
        }
        Response::new(200).into()
    };
    let (code, requests) = receive(handler, |address| {
        let mut child = command(&[&format!("http://{address}/")]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(messages(100).as_bytes()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().unwrap().starts_with("200"));
        drop(lines);
        sender.send(()).unwrap();
        let status = child.wait().unwrap();
        drop(stdin);
        status.code()
    });
    assert_eq!(code, Some(0));
    // The worker may have begun another one before it noticed.
    assert!((2..=4).contains(&requests.len()), "{}", requests.len());
}

#[test]
fn workers_deliver_at_the_same_time() {
    const WORKERS: usize = 4;
    let barrier = Barrier::new(WORKERS);
    let handler = |_: &Request| -> Reply {
        barrier.wait();
        Response::new(200).into()
    };
    let args = ["--concurrency", "4"];
    let (output, requests) = send_to(handler, &args, &messages(3 * WORKERS));
    assert_eq!(output.status.code(), Some(0));
    let mut sent = bodies(&requests);
    sent.sort();
    let mut expected: Vec<_> = (0..3 * WORKERS).map(message).collect();
    expected.sort();
    assert_eq!(sent, expected);
}

#[test]
fn duplicates_and_the_order_follow_from_the_seed() {
    let args = ["--duplicate", "50%", "--reorder=3", "--seed"];
    let sent = |seed| {
        let (output, requests) =
            send_to(statuses(&[]), &[&args[..], &[seed]].concat(), &messages(20));
        let printed = stdout(&output);
        let repeated = printed
            .lines()
            .filter(|line| line.contains("delivery 2 of 2"));
        assert_eq!(repeated.count(), 10, "{printed}");
        assert!(printed.contains("20 payloads sent: 20 accepted, 0 failed; 30 deliveries"));
        bodies(&requests)
    };
    let first = sent("7");
    assert_eq!(first, sent("7"));
    assert_ne!(first, sent("8"));
    let mut counts = BTreeMap::new();
    for body in first {
        *counts.entry(body).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 20);
    assert_eq!(counts.values().filter(|count| **count == 2).count(), 10);
}

#[test]
fn a_replay_takes_as_long_as_the_capture() {
    let line = |second, number| {
        let line = json!({"time": format!("2026-03-01T10:00:{second:02}Z"), "level": "info", "body": message(number)});
        format!("{line}\n")
    };
    let input = line(0, 0) + &line(2, 1) + &line(6, 2);
    let start = Instant::now();
    let args = ["--replay-timing", "--speed", "60x"];
    let (output, requests) = send_to(statuses(&[]), &args, &input);
    assert!(start.elapsed() >= Duration::from_millis(100));
    assert_eq!(bodies(&requests), [message(0), message(1), message(2)]);
    assert_eq!(stderr(&output), "");
    let (output, _) = send_to(statuses(&[]), &["--replay-timing"], &messages(2));
    assert_eq!(
        stderr(&output),
        "note: --replay-timing: no payload has a time at which it was received, so they were sent at once\n"
    );
}

#[test]
fn ndjson_has_an_object_for_each_attempt() {
    let args = [
        "--format",
        "ndjson",
        "--retry-wait",
        "0",
        "--duplicate",
        "100%",
    ];
    let handler = statuses(&[500]);
    let (output, requests) = send_to(handler, &args, &messages(1));
    assert_eq!(requests.len(), 3);
    let printed = stdout(&output);
    let objects: Vec<Value> = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [first, second, third] = &*objects else {
        panic!("{printed}");
    };
    let text = message(0);
    let mut expected = json!({
        "version": 1,
        "source": {"path": "<stdin>", "line": 1, "column": 1, "offset": 0, "record": 1},
        "bytes": text.len(),
        "body_sha256": HEXLOWER.encode(&Sha256::digest(&text)),
        "kind": "general",
        "event": "CustomerUpdated",
        "payload": 1,
        "delivery": 1,
        "copy": 1,
        "copies": 2,
        "attempt": 1,
        "attempts": 3,
        "started": first["started"],
        "duration_ms": first["duration_ms"],
        "status": 500,
        "redirects": [],
        "outcome": "retried",
        "error": null,
        "response": null,
    });
    assert_eq!(*first, expected);
    assert!(first["duration_ms"].as_f64().unwrap() > 0.0);
    expected["attempt"] = 2.into();
    expected["status"] = 200.into();
    expected["outcome"] = "accepted".into();
    for changing in ["started", "duration_ms"] {
        expected[changing] = second[changing].clone();
    }
    assert_eq!(*second, expected);
    assert_eq!((&third["delivery"], &third["copy"]), (&json!(2), &json!(2)));
    let note = "note: 1 payload sent: 1 accepted, 0 failed; 2 deliveries, 3 attempts, 1 retried\n";
    assert!(stderr(&output).starts_with(note), "{}", stderr(&output));
}

#[test]
fn junit_has_a_test_case_for_each_payload() {
    let args = ["--format", "junit", "--retry-wait", "0", "--attempts", "2"];
    let (output, _) = send_to(statuses(&[500, 500, 503, 200]), &args, &messages(3));
    assert_eq!(output.status.code(), Some(1));
    let xml = stdout(&output);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    std::fs::write(&file, &xml).unwrap();
    // This is skipped where xmllint is not installed; the gate has it.
    let xmllint = Command::new("xmllint")
        .args(["--noout", "--schema", "tests/specifications/junit-10.xsd"])
        .arg(&file)
        .output();
    if let Ok(output) = xmllint {
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut elements = Vec::new();
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    (key, attribute.value.into_owned())
                });
                let attributes: BTreeMap<_, _> = attributes.collect();
                elements.push((tag.name().as_ref().to_owned(), attributes));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let names: Vec<_> = elements.iter().map(|(name, _)| &**name).collect();
    let expected = [
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "testcase",
        "system-out",
        "testcase",
    ];
    assert_eq!(names, expected, "{xml}");
    let suite = &elements[1].1;
    assert_eq!((&*suite["tests"], &*suite["failures"]), ("3", "1"));
    assert_eq!(
        elements[2].1["name"],
        "payload 1 at line 1: CustomerUpdated"
    );
    assert_eq!(elements[2].1["classname"], "stdin");
    assert!(elements[3].1["message"].starts_with("500 after "), "{xml}");
}
