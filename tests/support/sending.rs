//! Runs `send` against a receiver on loopback.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::collections::VecDeque;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::thread;

use mewshook::deliver::server::{Reply, Request, Response, Server, ServerLimits, Stopper};
use serde_json::json;

/// Runs a receiver while a function uses its address, and returns what it has received.
pub fn receive<T>(
    handler: impl Fn(&Request) -> Reply + Sync,
    test: impl FnOnce(SocketAddr) -> T,
) -> (T, Vec<Request>) {
    /// Stops the server also if the test fails, so that it does not hang.
    struct Stop(Stopper);
    impl Drop for Stop {
        fn drop(&mut self) {
            self.0.stop();
        }
    }
    let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
    let stop = Stop(server.stopper().unwrap());
    let address = server.address().unwrap();
    let requests = Mutex::new(Vec::new());
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            server.run(|request: &Request| {
                requests.lock().unwrap().push(request.clone());
                handler(request)
            });
        });
        let _stop = stop;
        test(address)
    });
    (result, requests.into_inner().unwrap())
}

/// Answers with these statuses in turn, and with 200 after them.
pub fn statuses(statuses: &[u16]) -> impl Fn(&Request) -> Reply + Sync {
    let statuses = Mutex::new(VecDeque::from(statuses.to_vec()));
    move |_| Response::new(statuses.lock().unwrap().pop_front().unwrap_or(200)).into()
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mewshook"));
    command
        .arg("send")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn finish(mut child: Child, input: &[u8]) -> Output {
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    })
}

pub fn send(args: &[&str], input: &[u8]) -> Output {
    finish(command(args).spawn().unwrap(), input)
}

/// Sends payloads to a receiver, at `/hooks`.
pub fn send_to(
    handler: impl Fn(&Request) -> Reply + Sync,
    args: &[&str],
    input: &str,
) -> (Output, Vec<Request>) {
    receive(handler, |address| {
        let url = format!("http://{address}/hooks");
        send(&[&[&*url], args].concat(), input.as_bytes())
    })
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn bodies(requests: &[Request]) -> Vec<String> {
    let bodies = requests.iter().map(|request| request.body.clone());
    bodies
        .map(|body| String::from_utf8(body).unwrap())
        .collect()
}

pub fn message(number: usize) -> String {
    json!({
        "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
        "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
        "Events": [{
            "Discriminator": "CustomerUpdated",
            "Value": {"Id": format!("851df8c8-90f2-4c4a-8e01-{number:012}")},
        }],
    })
    .to_string()
}

pub fn messages(count: usize) -> String {
    (0..count).map(|number| message(number) + "\n").collect()
}

pub const POS: &str = r#"{"data": {"id": "1", "type": "bookings", "attributes": {"status": "seated", "updatedAt": "2026-03-01T10:00:00Z"}}, "meta": {"eventType": "booking.status.updated"}}"#;
