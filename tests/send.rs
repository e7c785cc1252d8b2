//! What `send` posts over loopback, what it says about it, and the exit status.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/sending.rs"]
mod sending;
mod support;

use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use mewshook::deliver::server::{Reply, Request, Response, Server, ServerLimits};
use mewshook::deliver::{SecretText, signature};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use sending::{
    POS, bodies, command, finish, message, messages, receive, send, send_to, statuses, stderr,
    stdout,
};

#[test]
fn a_delivery_is_a_post_without_a_content_type() {
    let payload = message(1);
    let (output, requests) = send_to(statuses(&[]), &[], &payload);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let [request] = &*requests else {
        panic!("{requests:?}");
    };
    assert_eq!((&*request.method, &*request.target), ("POST", "/hooks"));
    assert_eq!(request.body, payload.as_bytes());
    let names = request.headers.iter();
    let mut names: Vec<_> = names.map(|header| header.name.to_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["content-length", "host", "user-agent"]);
    let args = ["--content-type", "application/json; charset=utf-8"];
    let (_, requests) = send_to(statuses(&[]), &args, &payload);
    let content_type = requests[0].header("content-type").unwrap();
    assert_eq!(content_type, b"application/json; charset=utf-8");
}

#[test]
fn a_payload_is_sent_again_until_it_is_accepted() {
    let input = messages(2);
    let args = ["--retry-wait", "0"];
    let (output, requests) = send_to(statuses(&[500, 404, 204, 202]), &args, &input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let expected = [message(0), message(0), message(0), message(1)];
    assert_eq!(bodies(&requests), expected);
    // One after the other, all on one connection.
    assert!(requests.iter().all(|request| request.connection == 0));
    let printed = stdout(&output);
    let lines: Vec<_> = printed.lines().collect();
    for (line, (start, end)) in lines.iter().zip([
        ("500 ", "<stdin>:1:1  CustomerUpdated  attempt 1 of 3"),
        ("404 ", "<stdin>:1:1  CustomerUpdated  attempt 2 of 3"),
        ("204 ", "<stdin>:1:1  CustomerUpdated  attempt 3 of 3"),
        ("202 ", "<stdin>:2:1  CustomerUpdated"),
        ("", ""),
        (
            "2 payloads sent: 2 accepted, 0 failed; 2 deliveries, 4 attempts, 1 retried",
            "",
        ),
        ("response times: ", " attempts per second"),
    ]) {
        assert!(line.starts_with(start) && line.ends_with(end), "{line}");
    }
    assert_eq!(lines.len(), 7);
}

#[test]
fn a_payload_that_is_never_accepted_is_a_finding() {
    let handler = |_: &Request| -> Reply {
        let body = "no\n  \u{1b}[31mEnterpriseId, but AccessToken: ABC-DEF-123";
        Response::with_body(422, "text/plain", body).into()
    };
    let args = ["--attempts", "2", "--retry-wait", "0"];
    let (output, requests) = send_to(handler, &args, &messages(1));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(requests.len(), 2);
    let printed = stdout(&output);
    assert!(
        printed
            .contains("attempt 2 of 2: `no \\u{1b}[31mEnterpriseId, but AccessToken: ***********`"),
        "{printed}"
    );
    assert!(
        printed.contains("1 payload sent: 0 accepted, 1 failed; 1 delivery, 2 attempts, 1 retried"),
        "{printed}"
    );
}

#[test]
fn only_307_and_308_are_followed() {
    let handler = |request: &Request| -> Reply {
        match request.path() {
            "/hooks" => Response::new(307).header("Location", "/second?Token=abc123"),
            "/second" => Response::new(308).header("Location", "/third"),
            _ => Response::new(200),
        }
        .into()
    };
    let (output, requests) = send_to(handler, &[], &messages(1));
    assert_eq!(output.status.code(), Some(0));
    let paths: Vec<_> = requests.iter().map(Request::path).collect();
    assert_eq!(paths, ["/hooks", "/second", "/third"]);
    assert!(
        requests
            .iter()
            .all(|request| request.body == message(0).as_bytes())
    );
    let printed = stdout(&output);
    assert!(printed.contains("307 to http://127.0.0.1:"), "{printed}");
    assert!(!printed.contains("abc123"), "{printed}");

    let see_other = |_: &Request| Response::new(303).header("Location", "/b").into();
    let (output, requests) = send_to(see_other, &["--attempts", "1"], &messages(1));
    assert_eq!((output.status.code(), requests.len()), (Some(1), 1));
    let printed = stdout(&output);
    assert!(
        printed.contains("attempt 1 of 1: only 307 and 308 are followed"),
        "{printed}"
    );
}

#[test]
fn a_response_that_does_not_come_is_an_attempt() {
    let args = ["--timeout", "30ms", "--attempts", "2", "--retry-wait", "0"];
    let (output, requests) = send_to(|_| Reply::Silence, &args, &messages(1));
    assert_eq!(output.status.code(), Some(1));
    // On a busy machine, the time may have passed before the request was sent.
    assert!(requests.len() <= 2);
    let printed = stdout(&output);
    assert!(printed.starts_with("--- "), "{printed}");
    assert!(printed.contains("attempt 2 of 2: no response within 30ms"));
    assert!(!printed.contains("response times"), "{printed}");

    // The port of a server that has gone.
    let ((), _) = receive(statuses(&[]), |address| {
        let gone = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
        let url = format!("http://{}/", gone.address().unwrap());
        drop(gone);
        assert_ne!(url, format!("http://{address}/"));
        let output = send(&[&url, "--attempts", "1"], messages(1).as_bytes());
        assert_eq!(output.status.code(), Some(1));
        assert!(stdout(&output).contains("connection refused"));
    });
}

/// Returns a record as `extract --with-delivery` writes it, with any bytes.
fn record(body: &[u8]) -> Value {
    json!({
        "version": 1,
        "source": {"path": "a", "line": 1, "column": 1, "offset": 0, "length": 1, "record": 1},
        "body_sha256": HEXLOWER.encode(&Sha256::digest(body)),
        "body_base64": BASE64.encode(body),
    })
}

proptest! {
    #![proptest_config(support::cases(12))]

    #[test]
    fn bodies_are_sent_byte_for_byte(
        contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..30),
    ) {
        let bodies: Vec<_> = contents
            .iter()
            .map(|content| [b"{".as_slice(), content, b"}"].concat())
            .collect();
        let records: Vec<_> = bodies.iter().map(|body| record(body).to_string()).collect();
        let input = records.join("\n");
        let (output, requests) = send_to(statuses(&[]), &[], &input);
        prop_assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let received: Vec<_> = requests.into_iter().map(|request| request.body).collect();
        prop_assert_eq!(received, bodies);
    }
}

#[test]
fn what_is_sent_of_captures_is_what_is_extracted() {
    let args = ["tests/captures", "--glob", "*", "--glob", "!generate"];
    let folder = tempfile::tempdir().unwrap();
    let extracted = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .arg("extract")
        .args(args)
        .arg("--out-dir")
        .arg(folder.path().join("out"))
        .output()
        .unwrap();
    let names = String::from_utf8(extracted.stdout).unwrap();
    let expected: Vec<_> = names
        .lines()
        .map(|name| std::fs::read(name).unwrap())
        .collect();
    // What `extract` writes has no white space around the payload, as some bodies have.
    assert!(expected.len() > 100);
    let (_, requests) = send_to(statuses(&[]), &args, "");
    let received = requests.into_iter();
    let received: Vec<_> = received
        .map(|request| request.body.trim_ascii().to_vec())
        .collect();
    assert!(received == expected);
}

#[test]
fn pos_payloads_are_signed_and_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pos.key");
    std::fs::write(&path, "k3y\n").unwrap();
    let input = format!("{POS}\n{}\n", message(1));
    let args = ["--secret-file", path.to_str().unwrap()];
    let (output, requests) = send_to(statuses(&[]), &args, &input);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let secret = SecretText::from_file(&path).unwrap();
    let value = requests[0].header("X-Signature").unwrap();
    assert!(signature::is_valid(&secret, POS.as_bytes(), value));
    assert_eq!(requests[1].header("X-Signature"), None);
    assert_eq!(stderr(&output), "");

    let (output, requests) = send_to(statuses(&[]), &[], &input);
    assert_eq!(requests[0].header("X-Signature"), None);
    assert_eq!(
        stderr(&output),
        "note: 1 payload of the Point of Sale API was sent without a signature; --secret-file signs them\n"
    );

    let (output, requests) = receive(statuses(&[]), |address| {
        let url = format!("http://{address}/");
        let mut command = command(&[&url, "--secret-env", "POS_SECRET"]);
        finish(
            command.env("POS_SECRET", "k3y").spawn().unwrap(),
            POS.as_bytes(),
        )
    });
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let value = requests[0].header("X-Signature").unwrap();
    assert!(signature::is_valid(&secret, POS.as_bytes(), value));
}

#[test]
fn a_url_from_a_variable_is_not_shown_even_if_the_receiver_quotes_it() {
    let handler = |request: &Request| -> Reply {
        let body = format!("Cannot POST {}", request.target);
        Response::with_body(404, "text/plain", body).into()
    };
    for format in ["human", "ndjson", "junit"] {
        let (output, requests) = receive(handler, |address| {
            let folder = tempfile::tempdir().unwrap();
            let capture = folder.path().join("capture.ndjson");
            std::fs::write(&capture, messages(1)).unwrap();
            let args = ["--url-env", "HOOK", "--attempts", "1", "--format", format];
            let mut command = command(&[&args[..], &[capture.to_str().unwrap()]].concat());
            command.env(
                "HOOK",
                format!("http://{address}/s3cret-path?key=s3cret-key"),
            );
            finish(command.spawn().unwrap(), b"")
        });
        assert_eq!(requests[0].target, "/s3cret-path?key=s3cret-key");
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let printed = stdout(&output) + &stderr(&output);
        assert!(!printed.contains("s3cret"), "{printed}");
        assert!(printed.contains("Cannot POST /***?key=***"), "{printed}");
    }
}

#[test]
fn broken_payloads_are_sent_and_inputs_without_payloads_are_an_error() {
    let broken = "{\"Action\": \"IntegrationEnabled\", \"Data\": {}";
    let (output, requests) = send_to(statuses(&[400]), &["--attempts", "1"], broken);
    assert_eq!(bodies(&requests), [broken]);
    assert_eq!(output.status.code(), Some(1));
    let printed = stdout(&output);
    assert!(
        printed.contains("<stdin>:1:1  unknown kind  attempt 1 of 1"),
        "{printed}"
    );

    let (output, requests) = send_to(statuses(&[]), &[], "");
    assert_eq!((output.status.code(), requests.len()), (Some(3), 0));
    let args = ["--allow-empty"];
    let (output, _) = send_to(statuses(&[]), &args, "");
    assert_eq!(output.status.code(), Some(0));
    let (output, requests) = send_to(statuses(&[]), &["no-such-file", "-"], &messages(1));
    assert_eq!((output.status.code(), requests.len()), (Some(3), 1));
}

#[test]
fn a_condition_selects_what_is_sent() {
    let input = format!("{}\n{POS}\n", message(1));
    let args = ["--where", "kind=general"];
    let (output, requests) = send_to(statuses(&[]), &args, &input);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(bodies(&requests), [message(1)]);
}

#[test]
fn an_unencrypted_connection_to_another_machine_is_warned_of() {
    for (url, is_warned) in [
        ("http://hooks.example:8080/a", true),
        ("https://hooks.example/a", false),
        ("http://localhost:9/a", false),
        ("http://[::1]:9/a", false),
    ] {
        let output = send(&[url, "--allow-empty"], b"");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let warning = "warning: http://hooks.example:8080: payloads can hold access tokens, and \
                       this connection is not encrypted\n";
        assert_eq!(stderr(&output), if is_warned { warning } else { "" });
    }
}
