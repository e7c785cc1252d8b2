//! Passes deliveries on to a handler.

use std::time::{Duration, Instant};

use super::{Line, Note, ReceivedDelivery};
use crate::deliver::server::{Request, Response};
use crate::deliver::{Answer, Client, ClientError, ClientOptions, Target};

/// The headers that are passed on, if the request has them: those that say how to read the body.
const HEADERS: [&str; 3] = [
    "Content-Type",
    "Content-Encoding",
    crate::deliver::signature::HEADER,
];

/// Passes deliveries on to a handler: the same bytes, to one URL.
#[derive(Debug)]
pub struct Forwarder {
    client: Client,
    target: Target,
}

/// What became of a delivery that was passed on.
#[derive(Debug)]
#[non_exhaustive]
pub struct ForwardResult {
    /// The status of the handler's answer, or why there is none.
    pub status: Result<u16, ClientError>,
    /// The time until the answer, or until it was given up.
    pub elapsed: Duration,
}

impl Forwarder {
    /// Creates a forwarder to a URL. Unless the options say otherwise, the handler has as much time to
    /// answer as Mews gives it.
    pub fn new(target: Target, options: &ClientOptions) -> Self {
        let client = Client::new(options);
        Self { client, target }
    }

    /// Passes a recorded delivery on. Returns `None` if the line is not a record.
    pub fn forward(&self, line: &Line) -> Option<Note> {
        let received = ReceivedDelivery::read(&line.bytes)?;
        let header = |name: &str| received.header(name).map(ToOwned::to_owned);
        let (_, result) = self.post(header, &received.body);
        Some(Note::Forwarded {
            line: line.number,
            result,
        })
    }

    /// Passes a request on, and returns the answer for its sender: the status, the body and its type, or
    /// 504 if the handler is late, and 502 if it gives no answer at all.
    pub(super) fn relay(&self, request: &Request) -> (Response, ForwardResult) {
        let header = |name: &str| {
            let value = request.header(name)?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let (answer, result) = self.post(header, &request.body);
        let response = match (answer, &result.status) {
            (Some(answer), _) => relayed(answer),
            (None, Err(ClientError::Timeout(_))) => Response::new(504),
            (None, _) => Response::new(502),
        };
        (response, result)
    }

    fn post(
        &self,
        header: impl Fn(&str) -> Option<String>,
        body: &[u8],
    ) -> (Option<Answer>, ForwardResult) {
        let headers = HEADERS.map(|name| header(name).map(|value| (name, value)));
        let headers: Vec<_> = headers.iter().flatten().collect();
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let start = Instant::now();
        match self.client.post(&self.target, &headers, body) {
            Ok(answer) => {
                let (status, elapsed) = (Ok(answer.status), answer.elapsed);
                (Some(answer), ForwardResult { status, elapsed })
            }
            Err(error) => {
                let (status, elapsed) = (Err(error), start.elapsed());
                (None, ForwardResult { status, elapsed })
            }
        }
    }
}

/// Returns the handler's answer for the sender.
fn relayed(answer: Answer) -> Response {
    let content_type = answer.headers.get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let mut response = Response::new(answer.status);
    response.body = answer.body;
    match content_type {
        Some(content_type) => response.header("Content-Type", content_type),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::deliver::server::{Reply, Request};
    use crate::deliver::{Server, ServerLimits};

    /// Relays a request with this body to a server with this handler.
    fn relay(handler: impl Fn(&Request) -> Reply + Sync, body: &[u8]) -> (Response, ForwardResult) {
        let server = Server::bind("127.0.0.1:0", ServerLimits::default()).unwrap();
        let stopper = server.stopper().unwrap();
        let url = format!("http://{}/hooks?Token=abc", server.address().unwrap());
        let options = ClientOptions {
            deadline: Duration::from_millis(50),
            ..ClientOptions::default()
        };
        let forwarder = Forwarder::new(Target::parse(&url).unwrap(), &options);
        let header = |name: &str, value: &[u8]| crate::deliver::server::RequestHeader {
            name: name.to_owned(),
            value: value.to_vec(),
        };
        let request = Request {
            method: "POST".to_owned(),
            target: "/other".to_owned(),
            head: Vec::new(),
            headers: vec![
                header("content-TYPE", b"text/x-a"),
                header("x-signature", b"abc="),
                header("Cookie", b"a=b"),
            ],
            body: body.to_vec(),
            received: std::time::SystemTime::UNIX_EPOCH,
            peer: ([127, 0, 0, 1], 1).into(),
            connection: 0,
        };
        thread::scope(|scope| {
            scope.spawn(|| server.run(&handler));
            let relayed = forwarder.relay(&request);
            stopper.stop();
            relayed
        })
    }

    #[test]
    fn the_answer_of_the_handler_is_relayed() {
        let echo = |request: &Request| -> Reply {
            assert_eq!(request.target, "/hooks?Token=abc");
            assert_eq!(request.header("Content-Type"), Some(&b"text/x-a"[..]));
            assert_eq!(request.header("X-Signature"), Some(&b"abc="[..]));
            assert_eq!(request.header("Cookie"), None);
            Response::with_body(418, "text/x-b", request.body.clone()).into()
        };
        let (response, result) = relay(echo, b"\0\xff\r\n");
        assert_eq!(
            response,
            Response::with_body(418, "text/x-b", *b"\0\xff\r\n")
        );
        assert_eq!(result.status.unwrap(), 418);
        let (response, _) = relay(|_| Response::new(204).into(), b"");
        assert_eq!(response, Response::new(204));
    }

    #[test]
    fn a_handler_without_an_answer_is_a_bad_gateway() {
        let (response, result) = relay(|_| Reply::Silence, b"{}");
        assert_eq!(response, Response::new(504));
        assert!(result.elapsed >= Duration::from_millis(50));
        assert!(matches!(result.status, Err(ClientError::Timeout(_))));
        let (response, result) = relay(|_| Reply::Close, b"{}");
        assert_eq!(response, Response::new(502));
        assert!(result.status.is_err());
    }
}
