//! Tests of the server over loopback, with bytes as clients write them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Client, ClientError, ClientOptions, Target};
use super::{Handler, Refusal, Reply, Request, Response, Server, ServerLimits};

/// Runs a server while a function uses its address.
fn with_server<T>(
    limits: ServerLimits,
    handler: impl Fn(&Request) -> Reply + Sync,
    test: impl FnOnce(std::net::SocketAddr) -> T,
) -> T {
    with_service(limits, &handler, test)
}

/// Runs a server with a handler while a function uses its address.
fn with_service<T>(
    limits: ServerLimits,
    handler: &impl Handler,
    test: impl FnOnce(std::net::SocketAddr) -> T,
) -> T {
    /// Stops the server also if the test fails, so that it does not hang.
    struct Stop(super::Stopper);
    impl Drop for Stop {
        fn drop(&mut self) {
            self.0.stop();
        }
    }
    let server = Server::bind("127.0.0.1:0", limits).unwrap();
    let stop = Stop(server.stopper().unwrap());
    let address = server.address().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| server.serve(handler));
        let _stop = stop;
        test(address)
    })
}

/// Sends bytes, and returns all that comes back until the server closes the connection.
fn exchange(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn ok(_: &Request) -> Reply {
    Response::new(200).into()
}

/// Says when a request comes, and answers it only when told to; says what is refused.
struct Waiting {
    started: Mutex<Sender<()>>,
    finish: Mutex<Receiver<()>>,
    refused: Mutex<Sender<u16>>,
}

impl Handler for Waiting {
    fn handle(&self, _: &Request) -> Reply {
        self.started.lock().unwrap().send(()).unwrap();
        self.finish.lock().unwrap().recv().unwrap();
        Response::new(200).into()
    }

    fn refused(&self, refusal: &Refusal) {
        self.refused.lock().unwrap().send(refusal.status).unwrap();
    }
}

#[test]
fn a_service_sees_what_the_server_refuses() {
    let ((started, is_started), (finish, is_finished)) = (channel(), channel());
    let (refused, statuses) = channel();
    let handler = Waiting {
        started: Mutex::new(started),
        finish: Mutex::new(is_finished),
        refused: Mutex::new(refused),
    };
    let mut limits = ServerLimits::default();
    (limits.body, limits.bodies) = (10, 15);
    with_service(limits, &handler, |address| {
        let text = b"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n";
        assert!(exchange(address, text).starts_with("HTTP/1.1 413 "));
        assert_eq!(statuses.recv(), Ok(413));

        // One body takes ten of the fifteen bytes until it is answered.
        let text = b"POST / HTTP/1.1\r\nContent-Length: 10\r\nConnection: close\r\n\r\n1234567890";
        let mut first = TcpStream::connect(address).unwrap();
        first.write_all(text).unwrap();
        is_started.recv().unwrap();
        assert!(exchange(address, text).starts_with("HTTP/1.1 503 "));
        assert_eq!(statuses.recv(), Ok(503));
        finish.send(()).unwrap();
        let mut answer = String::new();
        first.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    });
}

#[test]
fn a_stopped_server_does_not_wait_for_a_request_that_is_incomplete() {
    let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
    let stopper = server.stopper().unwrap();
    let address = server.address().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| server.run(ok));
        let mut slow = TcpStream::connect(address).unwrap();
        let head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
        slow.write_all(head).unwrap();
        slow.read_exact(&mut [0; 25]).unwrap();
        stopper.stop();
        assert_eq!(slow.read(&mut [0]).unwrap(), 0);
    });
}

/// Keeps requests, and answers with their bodies.
fn echo(requests: &Mutex<Vec<Request>>) -> impl Fn(&Request) -> Reply + Sync {
    move |request| {
        requests.lock().unwrap().push(request.clone());
        Response::with_body(200, "text/plain", request.body.clone()).into()
    }
}

#[test]
fn a_request_is_kept_as_it_came() {
    let requests = Mutex::default();
    let head = "POST /hooks?Token=a HTTP/1.1\r\nhOsT: a.test\r\nX-Empty:\r\nX-Two:  a  b \r\n";
    let rest = "Content-Length: 4\r\nConnection: close\r\n\r\n";
    let answer = with_server(ServerLimits::default(), echo(&requests), |address| {
        exchange(address, format!("{head}{rest}\r\n\0\n").as_bytes())
    });
    assert_eq!(
        answer,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\r\n\0\n"
    );
    let requests = requests.into_inner().unwrap();
    let request = &requests[0];
    assert_eq!(request.head, format!("{head}{rest}").as_bytes());
    assert_eq!(
        (&*request.method, &*request.target),
        ("POST", "/hooks?Token=a")
    );
    assert_eq!(
        (request.path(), request.query()),
        ("/hooks", Some("Token=a"))
    );
    assert_eq!(request.headers[0].name, "hOsT");
    assert_eq!(request.header("x-two"), Some(&b"a  b"[..]));
    assert_eq!(request.header("X-Empty"), Some(&b""[..]));
    assert_eq!(request.body, b"\r\n\0\n");
}

#[test]
fn chunks_are_joined_and_connections_are_used_again() {
    let requests = Mutex::default();
    let text = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n\
        POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nde\
        GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
    with_server(ServerLimits::default(), echo(&requests), |address| {
        exchange(address, text.as_bytes());
        let mut stream = TcpStream::connect(address).unwrap();
        for byte in text.bytes() {
            stream.write_all(&[byte]).unwrap();
        }
        stream.read_to_end(&mut Vec::new()).unwrap();
    });
    let requests = requests.into_inner().unwrap();
    let bodies: Vec<_> = requests.iter().map(|request| &*request.body).collect();
    let expected: [&[u8]; 3] = [b"abc\n", b"de", b""];
    assert_eq!(bodies, [expected, expected].concat());
    let connections: Vec<_> = requests.iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1, 1, 1]);
}

#[test]
fn what_is_not_a_request_is_refused() {
    let limits = ServerLimits {
        head: 300,
        body: 10,
        ..ServerLimits::default()
    };
    let long = "a".repeat(400);
    with_server(limits, ok, |address| {
        for (text, status) in [
            ("\u{16}\u{3}\u{1} hello".to_owned(), 400),
            ("{}\r\n\r\n".to_owned(), 400),
            ("POST / HTTP/2.0\r\n\r\n".to_owned(), 505),
            (format!("POST / HTTP/1.1\r\nX: {long}\r\n\r\n"), 431),
            (format!("POST /{long}"), 431),
            (
                "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n".to_owned(),
                413,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n"
                    .to_owned(),
                413,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n".to_owned(),
                400,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n".to_owned(),
                400,
            ),
        ] {
            let answer = exchange(address, text.as_bytes());
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{text}: {answer}"
            );
            assert!(answer.contains("Connection: close"), "{answer}");
        }
    });
}

#[test]
fn a_client_that_waits_to_send_its_body_is_answered() {
    let requests = Mutex::default();
    with_server(ServerLimits::default(), echo(&requests), |address| {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"ab").unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("\r\n\r\nab"), "{rest}");
    });
}

#[test]
fn slow_clients_are_refused() {
    let time = Duration::from_millis(50);
    let limits = ServerLimits {
        head_time: time,
        body_time: time,
        idle_time: time,
        ..ServerLimits::default()
    };
    with_server(limits, ok, |address| {
        assert_eq!(exchange(address, b""), "");
        assert!(exchange(address, b"POST / HT").starts_with("HTTP/1.1 408 "));
        let text = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na";
        assert!(exchange(address, text).starts_with("HTTP/1.1 408 "));
    });
}

#[test]
fn an_idle_connection_gives_its_place_to_another() {
    let limits = ServerLimits {
        connections: 2,
        ..ServerLimits::default()
    };
    with_server(limits, ok, |address| {
        let mut idle: Vec<_> = (0..10)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        let answer = exchange(address, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 "));
        // The first one was closed.
        assert_eq!(idle[0].read(&mut [0]).unwrap(), 0);
    });
}

#[test]
fn replies_need_not_be_responses() {
    let (sender, receiver) = channel();
    let sender: Mutex<Sender<()>> = Mutex::new(sender);
    let handler = |request: &Request| match &*request.target {
        "/close" => Reply::Close,
        "/silence" => {
            sender.lock().unwrap().send(()).unwrap();
            Reply::Silence
        }
        _ => Response::new(204).into(),
    };
    let mut silent = with_server(ServerLimits::default(), handler, |address| {
        assert_eq!(exchange(address, b"GET /close HTTP/1.1\r\n\r\n"), "");
        let answer = exchange(address, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert_eq!(
            answer,
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /silence HTTP/1.1\r\n\r\n").unwrap();
        receiver.recv().unwrap();
        stream
    });
    // The server was stopped, which ended the connection.
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_request_that_was_received_is_answered_when_the_server_stops() {
    let (started, is_started) = channel();
    let (finish, is_finished) = channel::<()>();
    let is_finished = Mutex::new(is_finished);
    let handler = |_: &Request| {
        started.send(()).unwrap();
        is_finished.lock().unwrap().recv().unwrap();
        Response::new(200).into()
    };
    let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
    let stopper = server.stopper().unwrap();
    let address = server.address().unwrap();
    thread::scope(|scope| {
        let running = scope.spawn(|| server.run(handler));
        let mut idle = TcpStream::connect(address).unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        is_started.recv().unwrap();
        stopper.stop();
        assert!(!running.is_finished());
        finish.send(()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert_eq!(idle.read(&mut [0]).unwrap(), 0);
        running.join().unwrap();
    });
}

fn client(deadline: Duration) -> Client {
    Client::new(&ClientOptions {
        deadline,
        ..ClientOptions::default()
    })
}

#[test]
fn the_client_sends_a_body_byte_for_byte() {
    let requests = Mutex::default();
    let body = b"{\"a\": 1}\r\n\n\xff\0";
    with_server(ServerLimits::default(), echo(&requests), |address| {
        let target = Target::parse(&format!("http://{address}/a/%2e%2e/b?Token=c#d")).unwrap();
        let client = client(Duration::from_secs(5));
        let answer = client.post(&target, &[], body).unwrap();
        assert_eq!((answer.status, &*answer.body), (200, &body[..]));
        let headers = [
            ("X-Signature", "abc="),
            ("Content-Type", "application/json"),
        ];
        client.post(&target, &headers, b"").unwrap();
    });
    let requests = requests.into_inner().unwrap();
    let names = |request: &Request| -> Vec<String> {
        let names = request.headers.iter();
        let mut names: Vec<_> = names
            .map(|header| header.name.to_ascii_lowercase())
            .collect();
        names.sort();
        names
    };
    assert_eq!(requests[0].target, "/a/%2e%2e/b?Token=c");
    assert_eq!(requests[0].body, body);
    assert_eq!(
        names(&requests[0]),
        ["content-length", "host", "user-agent"]
    );
    assert_eq!(requests[1].header("x-signature"), Some(&b"abc="[..]));
    assert_eq!(
        requests[1].header("content-type"),
        Some(&b"application/json"[..])
    );
    assert_eq!(requests[1].header("content-length"), Some(&b"0"[..]));
    assert_eq!(requests[1].connection, requests[0].connection);
}

#[test]
fn redirects_are_followed_with_method_and_body() {
    let requests = Mutex::<Vec<(String, String, Vec<u8>)>>::default();
    let handler = |request: &Request| -> Reply {
        let (method, target) = (request.method.clone(), request.target.clone());
        requests
            .lock()
            .unwrap()
            .push((method, target.clone(), request.body.clone()));
        match &*target {
            "/loop" => Response::new(307).header("Location", "/loop"),
            "/none" => Response::new(308),
            "/ftp" => Response::new(308).header("Location", "ftp://a.test/"),
            "/see-other" => Response::new(303).header("Location", "/b"),
            "/x/a" => Response::new(307).header("Location", "../b?c"),
            "/b?c" => Response::new(308).header("Location", "/d"),
            _ => Response::new(202),
        }
        .into()
    };
    with_server(ServerLimits::default(), handler, |address| {
        let client = client(Duration::from_secs(5));
        let post = |path: &str| {
            let target = Target::parse(&format!("http://{address}{path}")).unwrap();
            client.post(&target, &[], b"body")
        };
        let answer = post("/x/a").unwrap();
        assert_eq!(answer.status, 202);
        let followed: Vec<_> = answer.redirects.iter().map(|one| one.status).collect();
        assert_eq!(followed, [307, 308]);
        assert_eq!(post("/see-other").unwrap().status, 303);
        assert!(matches!(post("/loop"), Err(ClientError::TooManyRedirects)));
        for (path, message) in [
            (
                "/none",
                "the status is 308, and its Location can't be followed: not a URL",
            ),
            (
                "/ftp",
                "the status is 308, and its Location can't be followed: the URL's scheme",
            ),
        ] {
            let error = post(path).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    });
    let requests = requests.into_inner().unwrap();
    let targets: Vec<_> = requests.iter().map(|(_, target, _)| &**target).collect();
    assert_eq!(targets[..4], ["/x/a", "/b?c", "/d", "/see-other"]);
    assert!(
        requests
            .iter()
            .all(|(method, _, body)| method == "POST" && body == b"body")
    );
}

#[test]
fn a_response_must_come_in_time() {
    with_server(
        ServerLimits::default(),
        |_| Reply::Silence,
        |address| {
            let target = Target::parse(&format!("http://{address}/")).unwrap();
            let start = Instant::now();
            let error = client(Duration::from_millis(30))
                .post(&target, &[], b"{}")
                .unwrap_err();
            assert!(matches!(error, ClientError::Timeout(_)), "{error:?}");
            assert_eq!(error.to_string(), "no response within 30ms");
            assert!(start.elapsed() >= Duration::from_millis(30));
        },
    );
    // The port of a server that has gone.
    let address = Server::bind("127.0.0.1:0", ServerLimits::default())
        .unwrap()
        .address()
        .unwrap();
    let target = Target::parse(&format!("http://{address}/")).unwrap();
    let error = client(Duration::from_secs(5))
        .post(&target, &[], b"{}")
        .unwrap_err();
    assert_eq!(error.to_string(), "connection refused");
    let _ = TcpStream::connect(address).map(|stream| stream.shutdown(Shutdown::Both));
}
