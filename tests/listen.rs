//! `listen`, with real connections: what is answered is recorded, whatever happens.

#![cfg(feature = "deliver")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/listening.rs"]
mod listening;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Barrier, Mutex};
use std::thread;

use data_encoding::BASE64;
use listening::{Connection, Listening, post};
use mewshook::deliver::server::{Reply, Request, Response};
use mewshook::deliver::{Server, ServerLimits};
use program::{PAYLOAD, folder, read, run};
use serde_json::Value;

/// Returns the records of a capture. The last one may be incomplete.
fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = complete.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns the body of a record.
fn body(record: &Value) -> Vec<u8> {
    match record["body"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => BASE64
            .decode(record["body_base64"].as_str().unwrap().as_bytes())
            .unwrap(),
    }
}

/// Returns how often each body was recorded.
fn bodies(path: &Path) -> BTreeMap<Vec<u8>, usize> {
    let mut bodies = BTreeMap::new();
    for record in records(path) {
        *bodies.entry(body(&record)).or_default() += 1;
    }
    bodies
}

#[test]
fn a_delivery_is_recorded_as_it_came_before_it_is_answered() {
    let folder = folder(&[]);
    let capture = folder.path().join("a.ndjson");
    let listening = Listening::start(&folder, &["--record", "a.ndjson", "--no-config"]);
    let head = "POST /Hooks?Token=a%20b HTTP/1.1\r\nhOsT: x\r\nX-Odd:  \u{e9}  \r\nX-Odd:\r\n";
    let all_bytes: Vec<u8> = (0..=255).collect();
    let texts: [&[u8]; 5] = [
        PAYLOAD.as_bytes(),
        b"",
        "\r\n\u{0}\u{202e}\u{1f600}\"\\".as_bytes(),
        &all_bytes,
        b"[[[[",
    ];
    let mut connection = Connection::open(listening.address);
    for (count, text) in texts.iter().enumerate() {
        let head = format!("{head}Content-Length: {}\r\n\r\n", text.len());
        connection.send(head.as_bytes());
        connection.send(text);
        assert_eq!(connection.answer().status, 200);
        let records = records(&capture);
        assert_eq!(records.len(), count + 1);
        assert_eq!(body(&records[count]), *text);
        let delivery = &records[count]["delivery"];
        assert_eq!(delivery["method"], "POST");
        assert_eq!(delivery["url"], "/Hooks?Token=a%20b");
        assert_eq!(delivery["status"], 200);
        let header = |index: usize| {
            let header = &delivery["headers"][index];
            [&header["name"], &header["value"]].map(|text| text.as_str().unwrap())
        };
        assert_eq!([header(0), header(1)], [["hOsT", "x"], ["X-Odd", "\u{e9}"]]);
        assert_eq!(header(2), ["X-Odd", ""]);
    }
    let (status, stdout, _) = listening.stop("INT");
    assert_eq!(status, Some(1), "not all are payloads");
    let shown = run(&folder, &["inspect", "a.ndjson", "--no-config"]).1;
    // The totals differ in what the payloads are in.
    let rows = |text: &str| text.split("\n\n").next().unwrap().to_owned();
    assert_eq!(rows(&stdout), rows(&shown));
    let extracted = run(&folder, &["extract", "a.ndjson", "--out-dir", "out"]);
    assert_eq!(extracted.1.lines().count(), texts.len(), "{}", extracted.2);
}

#[test]
fn some_hundred_senders_are_answered_at_the_same_time() {
    const SENDERS: usize = 300;
    const EACH: usize = 4;
    let folder = folder(&[]);
    let capture = folder.path().join("a.ndjson");
    let listening = Listening::start(&folder, &["--record", "a.ndjson", "--format", "ndjson"]);
    let all_connected = Barrier::new(SENDERS);
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (address, all_connected) = (listening.address, &all_connected);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                all_connected.wait();
                for number in 0..EACH {
                    let text = format!("{{\"sender\":{sender},\"number\":{number}}}");
                    connection.post("/", &[], text.as_bytes());
                    assert_eq!(connection.answer().status, 200);
                }
            });
        }
    });
    let bodies = bodies(&capture);
    assert_eq!(bodies.len(), SENDERS * EACH);
    assert!(bodies.values().all(|count| *count == 1));
    let (_, stdout, _) = listening.stop("TERM");
    let mut objects: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ended = objects.pop().unwrap();
    assert_eq!(ended["counts"]["answered"]["200"], SENDERS * EACH);
    assert_eq!(objects.len(), SENDERS * EACH);
    for (index, object) in objects.iter().enumerate() {
        assert_eq!(object["source"]["path"], "a.ndjson");
        assert_eq!(object["source"]["line"], index + 1);
    }
}

/// Sends deliveries from several threads until the listener is gone. Returns the bodies that were
/// answered, and calls a function after each.
fn send_until_gone(address: std::net::SocketAddr, after: impl Fn() + Sync) -> Vec<Vec<u8>> {
    let answered = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for sender in 0..8 {
            let (answered, after) = (&answered, &after);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                for number in 0.. {
                    // Long enough that a record can be torn.
                    let rest = "é\0".repeat((sender * 7919 + number * 104_729) % 30_000);
                    let body = format!("{{\"{sender}\":{number},\"rest\":\"{rest}");
                    connection.post("/", &[], body.as_bytes());
                    match connection.try_answer() {
                        Some(answer) => assert_eq!(answer.status, 200),
                        None => return,
                    }
                    answered.lock().unwrap().push(body.into_bytes());
                    after();
                }
            });
        }
    });
    answered.into_inner().unwrap()
}

#[test]
fn a_kill_loses_nothing_that_was_answered() {
    let folder = folder(&[]);
    let capture = folder.path().join("a.ndjson");
    let mut all = Vec::new();
    for (kills, kill_after) in [1, 5, 23, 40, 77, 100].into_iter().enumerate() {
        let listening = Listening::start(&folder, &["--record", "a.ndjson"]);
        let count = AtomicUsize::new(0);
        all.extend(send_until_gone(listening.address, || {
            if count.fetch_add(1, Ordering::SeqCst) + 1 == kill_after {
                listening.kill();
            }
        }));
        listening.wait();
        let text = fs::read(&capture).unwrap();
        let mut recorded = BTreeMap::<Vec<u8>, usize>::new();
        let mut torn = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(record) if line.ends_with(b"\n") => {
                    *recorded.entry(body(&record)).or_default() += 1;
                }
                _ => torn += 1,
            }
        }
        assert!(torn <= kills + 1);
        assert!(all.iter().all(|body| recorded.contains_key(body)));
    }
    // The same bodies were sent after each kill, and each answer has a record of its own.
    let mut answers = BTreeMap::<&Vec<u8>, usize>::new();
    for body in &all {
        *answers.entry(body).or_default() += 1;
    }
    let listening = Listening::start(&folder, &["--record", "a.ndjson", "--count", "1"]);
    assert_eq!(post(listening.address, "/", b"{\"last\": 1}").status, 200);
    listening.wait();
    let (_, records, _) = run(&folder, &["extract", "--with-delivery", "a.ndjson"]);
    let mut read = BTreeMap::<Vec<u8>, usize>::new();
    for record in records.lines() {
        let record: Value = serde_json::from_str(record).unwrap();
        *read.entry(body(&record)).or_default() += 1;
    }
    for (body, count) in answers {
        assert!(read[body] >= count);
    }
    assert_eq!(read[&b"{\"last\": 1}"[..]], 1);
}

#[test]
fn a_torn_record_harms_no_other() {
    let folder = folder(&[]);
    let capture = folder.path().join("a.ndjson");
    let listening = Listening::start(&folder, &["--record", "a.ndjson", "--count", "2"]);
    for _ in 0..2 {
        assert_eq!(post(listening.address, "/", PAYLOAD.as_bytes()).status, 200);
    }
    listening.wait();
    let text = fs::read(&capture).unwrap();
    let first = memchr(&text) + 1;
    for end in (first + 1..text.len()).step_by(37).chain([text.len() - 1]) {
        fs::write(&capture, &text[..end]).unwrap();
        let listening = Listening::start(&folder, &["--record", "a.ndjson", "--count", "1"]);
        assert_eq!(post(listening.address, "/", PAYLOAD.as_bytes()).status, 200);
        let (status, stdout, stderr) = listening.wait();
        assert_eq!(status, Some(0), "{stdout}{stderr}");
        assert!(stderr.contains("warning: a.ndjson:2: the record is incomplete"));
        assert!(stdout.contains("\n    3 IntegrationEnabled "), "{stdout}");
        let (_, stdout, _) = run(&folder, &["validate", "a.ndjson", "--format", "short"]);
        let is_complete = end == text.len() - 1;
        let errors: Vec<_> = stdout.lines().collect();
        assert_eq!(errors.len(), usize::from(!is_complete), "{end}: {stdout}");
        assert!(errors.iter().all(|error| {
            error.starts_with("a.ndjson:2:") && error.contains("error[json-syntax] the text ends")
        }));
    }
}

fn memchr(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').unwrap()
}

#[test]
fn what_cannot_be_recorded_is_not_accepted() {
    let folder = folder(&[]);
    // A file can grow to 4 KiB; writing beyond it is an error, as on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 4; exec \"$@\"";
    let listening = Listening::start_with(
        &folder,
        Command::new("bash").args(["-c", limited, "bash"]),
        &["--record", "a.ndjson"],
    );
    let post = |size: usize| post(listening.address, "/", "x".repeat(size).as_bytes()).status;
    assert_eq!(post(1000), 200);
    assert_eq!(post(5000), 503);
    assert_eq!(post(1000), 200);
    assert_eq!(post(3000), 503);
    let (status, stdout, _) = listening.stop("INT");
    assert_eq!(status, Some(3));
    let expected = "      not recorded, and answered 503: file too large\n";
    assert_eq!(stdout.matches(expected).count(), 2, "{stdout}");
    assert!(
        stdout.ends_with("answered: 200 ×2; not recorded: 2\n"),
        "{stdout}"
    );
    let bodies = bodies(&folder.path().join("a.ndjson"));
    assert_eq!(bodies.into_values().collect::<Vec<_>>(), [2]);
    assert!(read(&folder, "a.ndjson").ends_with("\"}\n"));
}

/// Runs a handler while a function uses its URL.
fn with_handler<T>(handler: impl Fn(&Request) -> Reply + Sync, test: impl FnOnce(&str) -> T) -> T {
    let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
    let stopper = server.stopper().unwrap();
    let url = format!("http://{}/handler?Token=abc123", server.address().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| server.run(&handler));
        let result = test(&url);
        stopper.stop();
        result
    })
}

#[test]
fn the_sender_does_not_wait_for_the_handler() {
    let folder = folder(&[]);
    let (go_on, may_go_on) = channel();
    let (sender, requests) = channel();
    let (may_go_on, sender) = (Mutex::new(may_go_on), Mutex::new(sender));
    let handler = |request: &Request| {
        may_go_on.lock().unwrap().recv().unwrap();
        sender.lock().unwrap().send(request.clone()).unwrap();
        Response::new(202).into()
    };
    let body = b"{\"a\": \"\xff\0\r\n";
    let stdout = with_handler(handler, |url| {
        let listening = Listening::start(&folder, &["--count", "3", "--forward", url]);
        let mut connection = Connection::open(listening.address);
        for headers in [&[][..], &["X-Signature: abc="], &["content-type: text/x"]] {
            connection.post("/received?Token=def", headers, body);
            assert_eq!(connection.answer().status, 200);
        }
        for _ in 0..3 {
            go_on.send(()).unwrap();
        }
        let (_, stdout, stderr) = listening.wait();
        assert!(!(stdout.clone() + &stderr).contains("abc123"));
        stdout
    });
    let mut requests: Vec<_> = requests.try_iter().collect();
    assert_eq!(requests.len(), 3);
    requests.sort_by_key(|request| request.headers.len());
    assert_eq!(requests[0].header("Content-Type"), None);
    let has = |name| {
        requests
            .iter()
            .filter(move |one| one.header(name).is_some())
    };
    assert_eq!(has("Content-Type").count(), 1);
    assert_eq!(has("X-Signature").count(), 1);
    for request in &requests {
        assert_eq!(request.target, "/handler?Token=abc123");
        assert_eq!(request.body, body);
    }
    for line in 1..=3 {
        let shown = format!("      {line}: handler answered 202 in ");
        assert_eq!(stdout.matches(&shown).count(), 1, "{stdout}");
    }
    assert!(
        stdout.ends_with("answered: 200 ×3; handler: 202 ×3\n"),
        "{stdout}"
    );
}

#[test]
fn the_answer_of_the_handler_goes_back() {
    let folder = folder(&[]);
    let handler = |request: &Request| match &*request.body {
        b"close" => Reply::Close,
        _ => Response::with_body(409, "text/x-b", request.body.clone()).into(),
    };
    with_handler(handler, |url| {
        let options = ["--relay", "--record", "a.ndjson", "--format", "ndjson"];
        let listening = Listening::start(&folder, &[&options[..], &["--forward", url]].concat());
        let answer = post(listening.address, "/", b"hello");
        assert_eq!((answer.status, &*answer.body), (409, &b"hello"[..]));
        assert!(answer.head.contains("\r\nContent-Type: text/x-b\r\n"));
        assert_eq!(post(listening.address, "/", b"close").status, 502);
        let (_, stdout, _) = listening.stop("INT");
        let objects = stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let mut notes = objects.filter(|object: &Value| object["note"] == "forwarded");
        let first = notes.next().unwrap();
        assert_eq!((&first["line"], &first["status"]), (&1.into(), &409.into()));
        assert!(first["duration_ms"].as_f64().unwrap() > 0.0);
        let second = notes.next().unwrap();
        assert!(second["message"].is_string() && second["status"].is_null());
    });
    let records = records(&folder.path().join("a.ndjson"));
    assert_eq!(records.len(), 2);
    assert!(
        records
            .iter()
            .all(|record| record["delivery"]["status"].is_null())
    );
}

#[test]
fn answers_are_those_that_were_asked_for() {
    let folder = folder(&[]);
    let answers = "500,307=http://a.test/b?Token=abc123,close,timeout,204";
    let listening = Listening::start(&folder, &["--respond", answers, "--record", "a.ndjson"]);
    assert_eq!(post(listening.address, "/", b"{}").status, 500);
    let answer = post(listening.address, "/", b"{}");
    assert_eq!(answer.status, 307);
    assert!(
        answer
            .head
            .contains("\r\nLocation: http://a.test/b?Token=abc123\r\n")
    );
    let mut closed = Connection::open(listening.address);
    closed.post("/", &[], b"{}");
    assert!(closed.try_answer().is_none());
    let mut silent = Connection::open(listening.address);
    silent.post("/", &[], b"{}");
    // Its answer would come before this one.
    listening.wait_for("      4: not answered, and kept open\n");
    assert_eq!(post(listening.address, "/", b"{}").status, 204);
    assert_eq!(post(listening.address, "/", b"{}").status, 500);
    let (_, stdout, _) = listening.stop("INT");
    assert!(
        silent.try_answer().is_none(),
        "the end of the listener ends it"
    );
    for note in [
        "1: answered 500",
        "2: answered 307 to http://a.test/b?Token=******",
        "3: closed without an answer",
        "5: answered 204",
        "6: answered 500",
    ] {
        assert!(
            stdout.contains(&format!("      {note}\n")),
            "{note}: {stdout}"
        );
    }
    assert!(stdout.ends_with("answered: 204 ×1, 307 ×1, 500 ×2; not answered: 2\n"));
    let records = records(&folder.path().join("a.ndjson"));
    let statuses = records.iter().map(|record| &record["delivery"]["status"]);
    let statuses: Vec<_> = statuses
        .map(|status| status.as_u64().unwrap_or(0))
        .collect();
    assert_eq!(statuses, [500, 307, 0, 0, 204, 500]);
}

#[test]
fn only_what_is_accepted_is_recorded() {
    let folder = folder(&[("token", "s3cret/1\n"), ("key", "key\n"), ("other", "k2")]);
    let options = [
        "--record",
        "a.ndjson",
        "--format",
        "ndjson",
        "--token-file",
        "token",
    ];
    let secrets = [
        "--secret-file",
        "other",
        "--secret-file",
        "key",
        "--refuse-unsigned",
    ];
    let listening = Listening::start(&folder, &[&options[..], &secrets].concat());
    // echo -n '{}' | openssl dgst -sha256 -hmac key -binary | base64
    let valid = "X-Signature: p3dyTZQ+tI3Gm8qKSm1XoE2z+ex+HeTlgehgJlvfMDI=";
    let send = |text: &str, headers: &[&str], body: &[u8]| {
        let mut connection = Connection::open(listening.address);
        let headers: String = headers.iter().flat_map(|line| [line, "\r\n"]).collect();
        let length = body.len();
        let head = format!("{text} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n");
        connection.send(head.as_bytes());
        connection.send(body);
        connection.answer()
    };
    assert_eq!(send("POST /a/s3cret%2f1", &[valid], b"{}").status, 200);
    assert_eq!(send("POST /?x=s3cret/1", &[valid], b"{}").status, 200);
    let refused = send("GET /a/s3cret%2f1", &[], b"");
    assert_eq!(refused.status, 405);
    assert!(refused.head.contains("\r\nAllow: POST\r\n"));
    assert_eq!(send("POST /a/s3cret", &[valid], b"{}").status, 403);
    assert_eq!(send("POST /a/s3cret%2f1", &[], b"{}").status, 403);
    assert_eq!(send("POST /a/s3cret%2f1", &[valid], b"{} ").status, 403);
    assert_eq!(send("POST /a b", &[], b"").status, 505);
    let (status, stdout, stderr) = listening.stop("INT");
    assert_eq!(status, Some(1));
    assert!(
        !stdout.contains("s3cret") && !stderr.contains("s3cret"),
        "{stdout}"
    );
    let objects = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let objects: Vec<Value> = objects.collect();
    let urls = objects
        .iter()
        .filter_map(|one| one["summary"]["delivery"]["url"].as_str());
    assert_eq!(urls.collect::<Vec<_>>(), ["/a/**********", "/?x=********"]);
    let refused = objects.iter().filter(|one| one["note"] == "refused");
    let refused: Vec<_> = refused
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    let expected = [
        "GET is not accepted, only POST",
        "the URL lacks the secret",
        "the signature is missing",
        "the signature is invalid",
        "not a request of HTTP/1.1",
    ];
    assert_eq!(refused, expected);
    let counts = &objects.last().unwrap()["counts"];
    assert_eq!(counts["signatures"], serde_json::json!({"valid": 2}));
    assert_eq!(records(&folder.path().join("a.ndjson")).len(), 2);
}

#[test]
fn only_payloads_that_mews_signs_lack_a_signature() {
    let folder = folder(&[("secret", "key")]);
    let args = ["--format", "ndjson", "--secret-file", "secret"];
    let listening = Listening::start(&folder, &args);
    let pos = include_bytes!("../samples/pos/order.state.updated.json");
    let general = include_bytes!("../samples/general/CustomerAdded.json");
    for (headers, body) in [
        (&[][..], &general[..]),
        (&[], &pos[..]),
        (&["X-Signature: abc="], general),
        (&[], b"{"),
    ] {
        let mut connection = Connection::open(listening.address);
        connection.post("/", headers, body);
        assert_eq!(connection.answer().status, 200);
    }
    let (_, stdout, _) = listening.stop("INT");
    let objects = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let notes = objects.filter(|one: &Value| one["note"] == "signature");
    let notes: Vec<_> = notes
        .map(|one| (one["line"].as_u64().unwrap(), one["message"].clone()))
        .collect();
    let expected = [(2, "missing"), (3, "invalid"), (4, "missing")];
    assert_eq!(
        notes,
        expected.map(|(line, status)| (line, Value::from(status)))
    );
}

#[test]
fn answers_do_not_wait_for_a_slow_terminal() {
    const COUNT: usize = 1500;
    let folder = folder(&[]);
    let listening = Listening::start(&folder, &["--format", "ndjson", "--no-config"]);
    // More than a pipe and the program's own buffer hold. Nobody reads them meanwhile.
    let mut connection = Connection::open(listening.address);
    for _ in 0..COUNT {
        connection.post("/", &[], PAYLOAD.as_bytes());
        assert_eq!(connection.answer().status, 200);
    }
    let (status, stdout, _) = listening.stop("INT");
    assert_eq!(status, Some(0));
    assert!(stdout.len() > 500_000);
    assert_eq!(stdout.lines().count(), COUNT + 1);
}

#[test]
fn large_and_incomplete_requests_are_refused_and_shown() {
    let folder = folder(&[]);
    let listening = Listening::start(&folder, &["--max-body", "1"]);
    let mut large = Connection::open(listening.address);
    large.send(b"POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n");
    assert_eq!(large.answer().status, 413);
    let mut most = Connection::open(listening.address);
    most.post("/", &[], &vec![b'{'; 1 << 20]);
    assert_eq!(most.answer().status, 200);
    // Ctrl-C does not wait for this one.
    let mut incomplete = Connection::open(listening.address);
    incomplete.send(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n123");
    let (status, stdout, _) = listening.stop("INT");
    assert_eq!(status, Some(1));
    assert!(
        stdout.contains("      refused with 413: the body is larger than --max-body, from 127.")
    );
    assert!(
        stdout.ends_with("answered: 200 ×1; refused: 413 ×1\n"),
        "{stdout}"
    );
    assert!(incomplete.try_answer().is_none());
}

#[test]
fn a_second_interrupt_ends_the_program_at_once() {
    let folder = folder(&[]);
    let (reached, is_reached) = channel();
    let (finish, is_finished) = channel::<()>();
    let (reached, is_finished) = (Mutex::new(reached), Mutex::new(is_finished));
    let handler = |_: &Request| {
        reached.lock().unwrap().send(()).unwrap();
        let _ = is_finished.lock().unwrap().recv();
        Response::new(200).into()
    };
    with_handler(handler, |url| {
        let listening = Listening::start(&folder, &["--forward", url]);
        for _ in 0..10 {
            assert_eq!(post(listening.address, "/", b"{}").status, 200);
        }
        is_reached.recv().unwrap();
        listening.signal("INT");
        listening.wait_for_message(
            "note: deliveries are still passed on to the handler; Ctrl-C ends at once\n",
        );
        assert!(TcpStream::connect(listening.address).is_err());
        let (status, _, _) = listening.stop("INT");
        assert_eq!(status, Some(130));
        drop(finish);
    });
}

#[test]
fn the_program_ends_when_nobody_reads_what_it_shows() {
    let folder = folder(&[]);
    let listening = Listening::start(&folder, &["--format", "ndjson"]);
    listening.close_stdout();
    // The first is written to a pipe without a reader.
    let mut connection = Connection::open(listening.address);
    connection.post("/", &[], PAYLOAD.as_bytes());
    assert_eq!(connection.answer().status, 200);
    let (status, _, stderr) = listening.wait();
    assert_eq!(status, Some(0), "{stderr}");
}

#[test]
fn a_file_has_one_writer() {
    let folder = folder(&[("a.rs", "fn main() {}\n")]);
    let listening = Listening::start(&folder, &["--record", "a.ndjson"]);
    let second = run(&folder, &["listen", "--port", "0", "--record", "a.ndjson"]);
    assert_eq!(second.0, Some(3));
    let message = "error: a.ndjson can't be recorded to: another process records to this file";
    assert!(second.2.starts_with(message), "{}", second.2);
    let port = listening.address.port().to_string();
    let (status, _, stderr) = run(&folder, &["listen", "--port", &port]);
    assert_eq!(status, Some(3));
    let message = format!("error: 127.0.0.1:{port} can't be listened on: address ");
    assert!(stderr.starts_with(&message), "{stderr}");
    let (status, _, stderr) = run(&folder, &["listen", "--record", "a.rs"]);
    assert_eq!(status, Some(3));
    assert!(
        stderr.contains("the file does not start with a record"),
        "{stderr}"
    );
    assert_eq!(read(&folder, "a.rs"), "fn main() {}\n");
    let url = format!("http://localhost:{port}/");
    drop(listening.stop("INT"));
    let (status, _, stderr) = run(&folder, &["listen", "--port", &port, "--forward", &url]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.starts_with("error: --forward leads to this command itself"),
        "{stderr}"
    );
}
